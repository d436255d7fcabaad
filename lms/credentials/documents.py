"""The certificate on paper: its words, and the PDF made of them by typst (PDF/A-2a and PDF/UA-1, the same bytes always)."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import typst

from lms.core import clock, qr
from lms.core.settings import settings
from lms.credentials import rules
from lms.credentials.models import Certificate
from lms.units.models import OrganisationKind

ROOT = Path(__file__).parent
TEMPLATE = ROOT / "giay.typ"
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
MEDIA_TYPE = "application/pdf"
_SIGNERS = {OrganisationKind.WOMENS_UNION: "TM. BAN THƯỜNG VỤ"}
_thread = threading.local()


@dataclass(frozen=True)
class Paper:
    """Every word on the certificate; the preview and the PDF print these and nothing else."""

    superior: str
    body: str
    number: str
    issuer: str
    name: str
    born: str
    course: str
    length: str
    signed_at: str
    signer: str
    code: str
    address: str
    check_at: str
    long: bool


def paper(certificate: Certificate) -> Paper:
    """The words of a certificate, from what was frozen when it was issued."""
    c = certificate
    return Paper(
        superior=c.issuer_superior.upper(),
        body=c.issuer_name.upper(),
        number=f"Số: {c.number_text}",
        issuer=c.issuer_name.replace("Hội LHPN", "Hội Liên hiệp Phụ nữ"),
        name=c.name,
        born=f"sinh năm {c.birth_year}," if c.birth_year else "",
        course=c.course_title,
        length=f"{rules.length(c.days, c.hours)}, {rules.span(c.begins_on, c.ends_on)}",
        signed_at=", ".join(part for part in (c.place, rules.official_day(c.issued_on)) if part),
        signer=_SIGNERS.get(c.issuer.kind, "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"),
        code=rules.grouped(c.code),
        address=address(c),
        check_at=f"{settings().url.partition('://')[2]}/c",
        long=rules.is_long(c.name, c.course_title),
    )


def address(certificate: Certificate) -> str:
    """The public address in the QR: for ever, because printed."""
    return f"{settings().url}/c/{certificate.code}"


def file_name(certificate: Certificate) -> str:
    """ "Giấy chứng nhận 0127-2026-GCN Lường Thị Ngọc Ánh.pdf"."""
    return f"Giấy chứng nhận {certificate.number_text.replace('/', '-')} {certificate.name}.pdf"


def render(certificate: Certificate) -> bytes:
    """The PDF, one A4 page across; the day of issue is its time stamp, so the bytes do not change."""
    words = paper(certificate)
    given = json.dumps({**asdict(words), "qr": qr.matrix(words.address)}, ensure_ascii=False)
    stamp = int(clock.instant(certificate.issued_on).timestamp())
    try:
        return _compile(given, stamp, STANDARDS)
    except typst.TypstError:  # a letter that no font can draw: the standards forbid its empty box, paper does not
        return _compile(given, stamp, [])


def _compile(given: str, stamp: int, standards: list[Any]) -> bytes:
    pdf = _compiler().compile(
        input=str(TEMPLATE), sys_inputs={"paper": given}, pdf_standards=standards, timestamp=stamp
    )
    assert isinstance(pdf, bytes)
    return pdf


def _compiler() -> typst.Compiler:
    """One for each thread; its fonts (Libertinus Serif, DejaVu Sans Mono) come inside typst's own wheel."""
    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(root=str(ROOT), ignore_system_fonts=True)
    compiler: typst.Compiler = _thread.compiler
    return compiler
