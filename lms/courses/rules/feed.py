"""What machines read of the catalogue: the feed of new courses (Atom, RFC 4287) and the map of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST = 30
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """A course in the feed: its lasting key, its page, what it is, when it was made and last published."""

    key: UUID
    address: str
    title: str
    summary: str
    made_at: datetime
    updated_at: datetime


def feed(entries: Sequence[Entry], *, title: str, site: str, address: str, now: datetime) -> bytes:
    """The newest courses first; an empty feed was updated now. All addresses are absolute."""
    newest = sorted(entries, key=lambda one: (one.updated_at, one.key), reverse=True)[:NEWEST]
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    _add(root, "id", address)
    _add(root, "title", title)
    _add(root, "updated", _moment(newest[0].updated_at if newest else now))
    _add(_add(root, "author"), "name", title)
    _add(root, "link", rel="self", type="application/atom+xml", href=address)
    _add(root, "link", rel="alternate", type="text/html", href=f"{site}/khoa-hoc")
    for entry in newest:
        _entry(root, entry)
    return _written(root)


def _entry(root: ElementTree.Element, entry: Entry) -> None:
    node = _add(root, "entry")
    _add(node, "id", entry.key.urn)
    _add(node, "title", entry.title)
    _add(node, "published", _moment(entry.made_at))
    _add(node, "updated", _moment(entry.updated_at))
    _add(node, "link", rel="alternate", type="text/html", href=entry.address)
    _add(node, "summary", entry.summary)


def site_map(pages: Iterable[tuple[str, datetime]]) -> bytes:
    """Addresses and when each was last changed."""
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP})
    for address, changed_at in pages:
        node = _add(root, "url")
        _add(node, "loc", address)
        _add(node, "lastmod", _moment(changed_at))
    return _written(root)


def _add(parent: ElementTree.Element, name: str, words: str = "", **attributes: str) -> ElementTree.Element:
    node = ElementTree.SubElement(parent, name, attributes)
    node.text = _UNWRITABLE.sub("", words) or None
    return node


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(root: ElementTree.Element) -> bytes:
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
