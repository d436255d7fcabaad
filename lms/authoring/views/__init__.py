"""Pages of the room `authoring`: drafts, banks of questions, what to improve."""

from __future__ import annotations

from lms.authoring.views.banks import add_bank, bank, bank_question
from lms.authoring.views.drafts import draft, draft_file, drafts, preview, publish, starter, upload
from lms.authoring.views.improving import improve
from lms.authoring.views.room import bp

__all__ = [
    "add_bank",
    "bank",
    "bank_question",
    "bp",
    "draft",
    "draft_file",
    "drafts",
    "improve",
    "preview",
    "publish",
    "starter",
    "upload",
]
