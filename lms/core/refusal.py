"""A rule said no: the sentence to show. And: there is no such thing, or not for her."""

from __future__ import annotations

from lms.core.words import Text


class Refusal(Exception):
    """A rule said no. Subclasses are named as the sentence; `field` is the form's field it belongs to, if any."""

    sentence: Text

    def __init__(self, sentence: Text | None = None, field: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        self.field = field
        super().__init__(str(self.sentence))


class NotFound(Exception):
    """No such thing, or not for this actor: the two are never told apart."""


class Forbidden(Exception):
    """She may see it, but not do this."""
