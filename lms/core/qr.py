"""A QR code as one SVG path: black on white with its quiet zone, sharp at any size."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4


def matrix(content: str) -> list[list[bool]]:
    """Modules of the code, without quiet zone; error level M, fixed mask (five times faster, equally read)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(content)
    code.make(fit=True)
    return code.get_matrix()


def svg(content: str, label: str) -> str:
    """The whole `<svg>`; `label` is its text for a screen reader."""
    rows = matrix(content)
    side = len(rows) + 2 * QUIET
    runs = "".join(_runs(row, place) for place, row in enumerate(rows))
    safe = label.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET} -{QUIET} {side} {side}" shape-rendering="crispEdges"'
        f' role="img" aria-label="{safe}"><path fill="#fff" d="M-{QUIET}-{QUIET}h{side}v{side}h-{side}z"/>'
        f'<path stroke="#000" d="{runs}"/></svg>'
    )


def _runs(row: list[bool], place: int) -> str:
    """Dark runs of one row as horizontal strokes."""
    path, column = "", 0
    while column < len(row):
        length = 0
        while column + length < len(row) and row[column + length]:
            length += 1
        if length:
            path += f"M{column} {place}.5h{length}"
        column += max(length, 1)
    return path
