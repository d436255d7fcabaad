"""An XML file from strangers as a small tree whose elements know their lines. No entities, no outside files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from lms.core.words import text
from lms.courses.rules.exchange.bank import BankHasFaults
from lms.courses.rules.faults import Fault

MOST_ELEMENTS = 400_000
_BROKEN = text("Tệp XML hỏng ở dòng này.")
_MEND = text("Xuất lại tệp từ hệ thống kia, chọn Moodle XML, rồi gửi lại.")


@dataclass
class Element:
    """A tag, its attributes, its own text and what stands in it."""

    tag: str
    attributes: dict[str, str]
    line: int
    pieces: list[str] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text."""
        return "".join(self.pieces)

    def all(self, tag: str) -> list[Element]:
        """The elements of this tag right in it."""
        return [one for one in self.inside if one.tag == tag]

    def first(self, tag: str) -> Element | None:
        """The first of them."""
        return next(iter(self.all(tag)), None)

    def say(self, path: str) -> str:
        """The text at a path of tags, stripped; empty where there is none."""
        here: Element | None = self
        for tag in path.split("/"):
            here = here.first(tag) if here else None
        return here.text.strip() if here else ""

    def walk(self) -> Iterator[Element]:
        """Itself and everything in it."""
        yield self
        for one in self.inside:
            yield from one.walk()


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {}, 0)
        self.open = [self.root]
        self.count = 0
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - named by SAX
        self.locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - named by SAX
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) > 40:
            raise SAXParseException("too much", None, self.locator or Locator())
        line = (self.locator.getLineNumber() if self.locator else 0) or 0
        element = Element(name, dict(attrs.items()), line)
        self.open[-1].inside.append(element)
        self.open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802 - named by SAX
        self.open.pop()

    def characters(self, content: str) -> None:
        self.open[-1].pieces.append(content)


def tree_of(content: bytes) -> Element:
    """An element that holds the root of the file; BankHasFaults where it is no XML or holds entities."""
    builder = _Builder()
    try:
        parseString(content, builder, forbid_dtd=True)
    except SAXParseException as broken:
        raise BankHasFaults([Fault("", broken.getLineNumber() or 1, _BROKEN, _MEND)]) from broken
    except (DefusedXmlException, ValueError, LookupError) as refused:
        sentence = text("Tệp XML có phần không được phép (DTD, entity), hoặc không đọc được.")
        raise BankHasFaults([Fault("", 1, sentence, _MEND)]) from refused
    return builder.root
