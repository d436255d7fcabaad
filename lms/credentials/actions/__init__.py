"""Verbs on certificates: issue, print, revoke, replace, issue again. Nothing is ever deleted."""

from __future__ import annotations

from lms.credentials.actions.ending import (
    CertificateHasEnded,
    CertificateIsLive,
    NothingIsCorrected,
    ReasonIsMissing,
    forget,
    issue_again,
    replace,
    revoke,
)
from lms.credentials.actions.issuing import (
    PRINT,
    NobodyIssues,
    NotCompleted,
    issue_for_class,
    issue_for_participation,
    issue_for_study,
    print_pdf,
)

__all__ = [
    "PRINT",
    "CertificateHasEnded",
    "CertificateIsLive",
    "NobodyIssues",
    "NotCompleted",
    "NothingIsCorrected",
    "ReasonIsMissing",
    "forget",
    "issue_again",
    "issue_for_class",
    "issue_for_participation",
    "issue_for_study",
    "print_pdf",
    "replace",
    "revoke",
]
