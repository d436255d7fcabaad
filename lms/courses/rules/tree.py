"""What Markdown made of a text, tidied for the look: links, media, tables, pairs, notices, the list of sources."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AMP_SUBSTITUTE

from lms.core.words import text
from lms.courses.rules.addresses import icon
from lms.courses.rules.course import PICTURES, SOUNDS, VIDEOS, suffix_of
from lms.courses.rules.fragment import Fragment
from lms.courses.rules.media import media_html, path_of
from lms.courses.rules.tidy import HANDOUTS, LESSON_NAME

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_HOLDERS = frozenset({"p", "li", "dd", "td"})
_BLOCKS = frozenset({"p", "ul", "ol", "dl", "pre", "blockquote", "table", "div"})
TICK = "\ue006"
"""Stands at the head of a list item that a reader may tick."""
_LOUD = frozenset({"warning", "danger", "caution", "attention", "error"})


def tidy(root: Element, fragment: Fragment) -> None:
    """Change the tree in place; faults go to the fragment."""
    for parent in list(root.iter()):
        images = [child for child in parent if child.tag == "img"]
        is_alone = bool(images) and _holds_only(parent, images)
        for image in images:
            _place_media(image, is_alone, fragment)
    ticks = [li for li in root.iter("li") if _words_in(li).startswith(TICK)]
    for number, item in enumerate(ticks, 1):
        _make_tick(_holder(item), f"viec-{number}", fragment)
    for tag, change in _CHANGES.items():
        for element in list(root.iter(tag)):
            change(element, fragment)


def _holds_only(parent: Element, images: list[Element]) -> bool:
    words = [parent.text, *(child.tail for child in parent)]
    return parent.tag in _HOLDERS and len(images) == len(parent) and not any(word and word.strip() for word in words)


def _place_media(image: Element, is_alone: bool, fragment: Fragment) -> None:
    address, alt = image.get("src", ""), html.unescape(image.get("alt", ""))
    line = fragment.line_of_address(address)
    image.tag = "span"
    image.attrib.clear()
    image.text = fragment.insert(media_html(address, alt, is_alone, line, fragment))


def _holder(item: Element) -> Element:
    """What holds the words of a list item: the item, or its first paragraph."""
    is_loose = not (item.text or "").strip() and len(item) and item[0].tag == "p"
    return item[0] if is_loose else item


def _words_in(item: Element) -> str:
    return (_holder(item).text or "").lstrip()


def _make_tick(holder: Element, key: str, fragment: Fragment) -> None:
    """A checkbox with the words as its label; lists and paragraphs under them stay outside the label."""
    before = next((place for place, child in enumerate(holder) if child.tag in _BLOCKS), len(holder))
    words = (holder.text or "").lstrip()[len(TICK) :]
    opening = f'<label class="field__tick"><input type="checkbox" data-keep="{key}"><span>'
    holder.text, closing = fragment.insert(opening) + words, fragment.insert("</span></label>")
    if before:
        holder[before - 1].tail = (holder[before - 1].tail or "").rstrip() + closing
    else:
        holder.text = holder.text.rstrip() + closing


def _tidy_link(link: Element, fragment: Fragment) -> None:
    written = link.get("href", "").replace(AMP_SUBSTITUTE, "&")
    address = html.unescape(written)
    bare = re.sub(r"[\x00-\x20]", "", address)
    scheme = _SCHEME.match(bare)
    is_note = link.get("class") in {"footnote-ref", "footnote-backref"}
    line = 0 if is_note else fragment.line_of_address(written)
    if scheme and scheme[1].lower() in _SCHEMES:
        link.set("href", bare)
        if scheme[1].lower().startswith("http"):
            link.set("rel", "noopener")
    elif scheme or bare.startswith(("//", "\\")) or not bare:
        fragment.fault(
            line,
            text("Liên kết “{address}” không được dùng.", address=address),
            text("Chỉ dùng liên kết https://, mailto:, tel: hoặc tệp trong khóa học."),
        )
    elif not bare.startswith("#"):
        _point_inside(link, bare, line, fragment)


def _point_inside(link: Element, address: str, line: int, fragment: Fragment) -> None:
    path = path_of(address.partition("#")[0], line, fragment)
    if path is None:
        return
    place = _place(path)
    if place:
        link.set("href", fragment.insert(place))
        return
    fragment.fault(
        line,
        text("Không dẫn tới tệp “{address}” được.", address=address),
        text("Chỉ dẫn tới bài học, tài liệu trong tai-lieu/, tranh, phim, âm thanh hoặc tệp .pdf."),
    )


def _place(path: str) -> str:
    folder, _, name = path.rpartition("/")
    lesson = LESSON_NAME.fullmatch(name)
    if folder == HANDOUTS and name.endswith(".md"):
        return f"%handout:{name.removesuffix('.md')}%"
    if lesson and not lesson["extra"]:
        return f"%lesson:{lesson['slug']}%"
    opens = suffix_of(path) in PICTURES | VIDEOS.keys() | SOUNDS.keys() | {".pdf"}
    return f"%file:{path}%" if opens else ""


def _tidy_table(table: Element, _fragment: Fragment) -> None:
    table.set("class", f"table {table.get('class', '')}".strip())
    labels = ["".join(head.itertext()).strip() for head in table.iter("th")]
    for head in table.iter("th"):
        head.set("scope", "col")
    for row in table.iter("tr"):
        for label, cell in zip(labels, row.findall("td"), strict=False):
            cell.set("data-label", label)
    for cell in [*table.iter("th"), *table.iter("td")]:
        if cell.attrib.pop("align", "") == "right":
            cell.set("class", f"num {cell.get('class', '')}".strip())


def _tidy_pair(dl: Element, _fragment: Fragment) -> None:
    """`{.pair}` on a term or at the end of a definition makes the list a pair of two cards."""
    marked = [child for child in dl if "pair" in child.get("class", "").split()]
    terms = dl.findall("dt")
    for child in marked:
        child.attrib.pop("class")
    if not marked or len(terms) != 2:
        return
    children, cards = list(dl), []
    for child in children:
        if child.tag == "dt":
            cards.append(Element("div"))
        cards[-1].append(child)
        dl.remove(child)
    dl.set("class", "pair")
    dl.extend(cards)


def _tidy_div(div: Element, fragment: Fragment) -> None:
    names = div.get("class", "").split()
    if "footnote" in names:
        _list_sources(div)
    elif "admonition" in names:
        _notice(div, names, fragment)


def _list_sources(div: Element) -> None:
    div.tag = "section"
    div.set("class", "footnotes small")
    for rule in div.findall("hr"):
        div.remove(rule)
    heading = Element("h2", {"class": "small"})
    heading.text = "Nguồn"
    div.insert(0, heading)


def _notice(div: Element, names: list[str], fragment: Fragment) -> None:
    is_loud = bool(_LOUD & set(names))
    children = list(div)
    for child in children:
        div.remove(child)
        if child.get("class") == "admonition-title":
            _embolden(child, names, is_loud)
    div.set("class", "notice notice--bad" if is_loud else "notice")
    sign = SubElement(div, "span")
    sign.text = fragment.insert(icon("warn" if is_loud else "info"))
    SubElement(div, "div").extend(children)


def _embolden(title: Element, names: list[str], is_loud: bool) -> None:
    """The title in bold; where the author gave none, Markdown's English word gives way to ours."""
    title.attrib.clear()
    if (title.text or "").lower() in names:
        title.text = "Cẩn thận" if is_loud else "Lưu ý"
    inner = Element("b")
    inner.text, title.text = title.text, None
    for child in list(title):
        title.remove(child)
        inner.append(child)
    title.append(inner)


def _refuse_heading(heading: Element, fragment: Fragment) -> None:
    words = next((piece.strip() for piece in heading.itertext() if piece.strip()), "")
    fragment.fault(
        fragment.line_of(words),
        text("Tiêu đề trong bài bắt đầu từ ##; # là tên bài."),
        text("Thêm một dấu # nữa vào đầu dòng."),
    )


_CHANGES = {
    "a": _tidy_link,
    "table": _tidy_table,
    "dl": _tidy_pair,
    "div": _tidy_div,
    "h1": _refuse_heading,
}
