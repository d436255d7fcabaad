"""`lms dev` that says in a header which template a page was made from, so that tests know what they have seen."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request_finished, template_rendered

from lms.cli import main

HEADER = "X-Template"


def _note(_sender: object, template: Any, **_more: object) -> None:
    g.template = template.name


def _tell(_sender: object, response: Response, **_more: object) -> None:
    if "template" in g:
        response.headers[HEADER] = g.template


if __name__ == "__main__":
    template_rendered.connect(_note)
    request_finished.connect(_tell)
    main(["dev"])
