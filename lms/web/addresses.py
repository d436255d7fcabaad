"""Keys in addresses: 26 lower-case base32 letters."""

from __future__ import annotations

from uuid import UUID

from werkzeug.routing import BaseConverter, ValidationError

from lms.core import ids


class KeyConverter(BaseConverter):
    """`<key:class_id>`: a UUIDv7."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> UUID:
        """The key; anything that is none does not match."""
        try:
            return ids.from_address(value)
        except ValueError as fault:
            raise ValidationError from fault

    def to_url(self, value: UUID) -> str:
        """26 letters."""
        return ids.to_address(value)


class SlugConverter(BaseConverter):
    """`<slug:course>`: lower-case letters, digits and hyphens."""

    regex = "[a-z0-9][a-z0-9-]{0,79}"
