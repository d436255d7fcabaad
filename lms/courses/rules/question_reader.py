"""Questions as authors write them: one heading each, options under it, feedback after `>`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from lms.core.words import Text, text
from lms.courses.rules.answers import ANSWERS, option_pattern
from lms.courses.rules.blocks import outside_fences
from lms.courses.rules.course import ACCEPTS, KINDS, USES, Question
from lms.courses.rules.draft import Draft, DraftOption
from lms.courses.rules.faults import Faults
from lms.courses.rules.markdown import Renderer
from lms.courses.rules.values import places_in, settled

_TITLE = re.compile(r"##\s+(?P<stem>.*?)\s*\{\s*(?P<attributes>#[^{}]*?)\s*\}\s*")
_ID = re.compile(r"#(q-[a-z0-9]+(?:-[a-z0-9]+)*)")
_TAG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DRAW = re.compile(r"\?\s*\S*\s*=.*|\?\s*\S+\s.*(?:\.\.|\|).*")
_DRAWN = re.compile(r"\?\s+[a-z]\w*\s*=.*")
_LONGEST_DRAW = 300
_CHIP = re.compile(r"\+\s+(\S.*)")
_ATTRIBUTES = ("type", "goal", "use", "tags")
_OF_LONG = ("accept", "pass")
_SAMPLE = text("Viết theo mẫu: ## Câu hỏi?   {#q-ma-cau type=single goal=muc-tieu}")


@dataclass
class QuestionReader:
    """Reads the questions of one course; ids are unique in it. `goals` None = not known, then not checked."""

    renderer: Renderer
    faults: Faults
    goals: Collection[str] | None
    seen: dict[str, str] = field(default_factory=dict)
    lost: int = 0

    def read(self, markdown: str, file: str, first_line: int, use: str) -> tuple[Question, ...]:
        """The questions of a text in order; a faulty one is left out and its faults are noted."""
        drafts: list[Draft | None] = []
        for place, line, is_text in outside_fences(markdown.split("\n")):
            number = first_line + place
            if is_text and re.match(r"##?(?!#)", line):
                drafts.append(self._begin(line, file, number, use))
            elif drafts:
                self._take(drafts[-1], line, number)
            elif line.strip():
                self._fault(file, number, text("Dòng này nằm trước câu hỏi đầu tiên."), _SAMPLE)
        questions = [self._finish(draft) for draft in drafts if draft]
        whole = tuple(question for question in questions if question)
        self.lost += len(drafts) - len(whole)
        return whole

    def _fault(self, file: str, line: int, sentence: Text, remedy: Text) -> None:
        self.faults.add(file, line, sentence, remedy)

    def _begin(self, line: str, file: str, number: int, use: str) -> Draft | None:
        """The question a heading opens; None where its kind cannot be told."""
        title = _TITLE.fullmatch(line)
        if not title or not title["stem"]:
            self._fault(file, number, text("Dòng đầu câu hỏi viết chưa đúng."), _SAMPLE)
            return None
        first, *rest = title["attributes"].split()
        attributes = dict(pair.partition("=")[::2] for pair in rest)
        self._check_attributes(attributes, file, number)
        key = self._key(first, file, number)
        if not key or attributes.get("type") not in KINDS:
            return None
        used = attributes.get("use", use)
        return Draft(
            key,
            attributes["type"],
            attributes.get("goal", ""),
            used,
            file,
            number,
            title["stem"],
            tags=self._tags(attributes.get("tags", ""), file, number),
            accepts=attributes.get("accept", ""),
            needed=attributes.get("pass", ""),
        )

    def _tags(self, written: str, file: str, number: int) -> tuple[str, ...]:
        tags = tuple(dict.fromkeys(tag for tag in written.split(",") if tag))
        for tag in tags:
            if not _TAG.fullmatch(tag):
                sentence = text("Nhãn “{tag}” chưa đúng.", tag=tag)
                remedy = text("Nhãn gồm chữ thường không dấu, chữ số, dấu gạch ngang; viết liền: tags=mot,hai")
                self._fault(file, number, sentence, remedy)
        return tags

    def _check_attributes(self, attributes: dict[str, str], file: str, number: int) -> None:
        kind, goal, use = attributes.get("type", ""), attributes.get("goal", ""), attributes.get("use", "both")
        for name in attributes.keys() - {*_ATTRIBUTES, *_OF_LONG}:
            sentence = text("Câu hỏi không có mục “{name}”.", name=name)
            remedy = text("Chỉ dùng #ma-cau, type=, goal=, use=, tags=; câu type=long thêm accept= và pass=.")
            self._fault(file, number, sentence, remedy)
        self._check_of_long(attributes, file, number)
        if kind not in KINDS:
            sentence = text("Không có loại câu hỏi “{kind}”.", kind=kind)
            remedy = text("Dùng type= với một trong: {kinds}.", kinds=", ".join(KINDS))
            self._fault(file, number, sentence, remedy)
        if use not in USES:
            sentence = text("Không có cách dùng “{use}”.", use=use)
            self._fault(file, number, sentence, text("Dùng use= với một trong: {uses}.", uses=", ".join(USES)))
        if not goal or (self.goals is not None and goal not in self.goals):
            sentence = text("Câu hỏi có mục tiêu “{goal}” không có trong course.toml.", goal=goal)
            self._fault(file, number, sentence, text("Dùng goal= với một mã trong bảng [goals] của course.toml."))

    def _check_of_long(self, attributes: dict[str, str], file: str, number: int) -> None:
        for name in _OF_LONG:
            if name in attributes and attributes.get("type") != "long":
                sentence = text("Chỉ câu type=long mới có mục “{name}”.", name=name)
                self._fault(file, number, sentence, text("Bỏ mục này, hoặc đổi sang type=long."))
            elif name in attributes and not attributes[name]:
                sentence = text("Mục “{name}” còn trống.", name=name)
                remedy = text("Viết thí dụ accept={kinds} pass=2, hoặc bỏ mục này.", kinds=",".join(ACCEPTS))
                self._fault(file, number, sentence, remedy)

    def _key(self, written: str, file: str, number: int) -> str:
        match = _ID.fullmatch(written)
        if not match:
            self._fault(file, number, text("Mã câu hỏi “{key}” chưa đúng.", key=written), _SAMPLE)
            return ""
        if match[1] in self.seen:
            self._fault(
                file,
                number,
                text("Mã câu hỏi “{key}” đã có ở {place}.", key=match[1], place=self.seen[match[1]]),
                text("Đặt cho câu này một mã khác, chưa dùng trong khóa học."),
            )
        self.seen.setdefault(match[1], f"{file}:{number}")
        return match[1]

    def _take(self, draft: Draft | None, line: str, number: int) -> None:
        """Put one line under the heading where it belongs."""
        if draft is None:
            return
        if self._take_other(draft, line, number):
            return
        option = option_pattern(draft.kind).fullmatch(line)
        if option and not draft.feedback:
            draft.options.append(DraftOption(number, option))
        elif line.startswith(">"):
            draft.feedback.append((number, line[1:].strip()))
        elif not draft.options and not draft.feedback:
            draft.more.append((number, line))
        elif line.strip():
            self._take_under(draft, line, number)

    def _take_other(self, draft: Draft, line: str, number: int) -> bool:
        """Take a line that draws a number, or a ready comment; False for any other line."""
        chip, short = _CHIP.fullmatch(line), line[:_LONGEST_DRAW]
        if chip and draft.kind == "long" and draft.options and not draft.feedback:
            draft.chips.append((number, chip[1].strip()))
        elif draft.kind == "number" and _DRAW.fullmatch(short) and not draft.options:
            draft.draws.append((number, line))
        elif _DRAWN.fullmatch(short) and not draft.feedback:
            sentence = text("Dòng rút số không đúng chỗ.")
            remedy = text("Chỉ câu type=number rút số; viết các dòng ? … trước dòng đáp án =.")
            self._fault(draft.file, number, sentence, remedy)
        else:
            return False
        return True

    def _take_under(self, draft: Draft, line: str, number: int) -> None:
        if draft.options and not draft.feedback and line[:1] in {" ", "\t"}:
            draft.options[-1].take(line.strip(), number)
            return
        self._fault(
            draft.file,
            number,
            text("Không hiểu dòng này trong câu hỏi “{key}”.", key=draft.key),
            text(
                "Phương án viết trước, lời giải thích của câu (>) viết sau cùng; dòng viết tiếp lùi vào hai dấu cách."
            ),
        )

    def _finish(self, draft: Draft) -> Question | None:
        before = len(self.faults.found)
        answer = ANSWERS[draft.kind](draft, self.renderer, self.faults)
        made = Question(
            id=draft.key,
            kind=draft.kind,
            goal=draft.goal,
            use=draft.use,
            stem_html=self.renderer.line(draft.stem, draft.file, draft.line),
            more_html=self._blocks(draft, draft.more, "them"),
            feedback_html=self._blocks(draft, draft.feedback, "giai-thich"),
            tags=draft.tags,
            file=draft.file,
            line=draft.line,
            **answer,
        )
        if made.draws:
            made = self._settled(made)
        return made if len(self.faults.found) == before else None

    def _settled(self, made: Question) -> Question:
        """Its numbers' places; one that was lost on the way (in an address, say) is a fault."""
        stem, more, feedback = (settled(html) for html in (made.stem_html, made.more_html, made.feedback_html))
        found = places_in(stem) | places_in(more) | places_in(feedback)
        for place, written in enumerate(made.values_shown, start=1):
            if place not in found:
                sentence = text("Số “{written}” nằm ở chỗ không hiện ra được.", written=written)
                self._fault(made.file, made.line, sentence, text("Đặt ngoặc nhọn trong câu chữ, không trong địa chỉ."))
        return replace(made, stem_html=stem, more_html=more, feedback_html=feedback)

    def _blocks(self, draft: Draft, lines: list[tuple[int, str]], part: str) -> str:
        if not lines:
            return ""
        words = "\n".join(line for _, line in lines)
        return self.renderer.blocks(words, draft.file, lines[0][0], f"{draft.key}-{part}") if words.strip() else ""
