"""truoc-sau.md: two parallel forms, one asked before the course and the other after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lms.core.words import Text, text
from lms.courses.rules.course import Forms, Question
from lms.courses.rules.faults import Faults
from lms.courses.rules.fields import SENTENCE, SENTENCES, Front, Keys, check_keys, read_front
from lms.courses.rules.question_reader import QuestionReader
from lms.courses.rules.tidy import FORMS

_KEYS = Keys({"title": SENTENCE, "a": SENTENCES, "b": SENTENCES})
_MOST = 30
_OTHER = text("Bỏ mã này, hoặc thay bằng một câu khác.")


def read_forms(
    written: str, of_course: Sequence[Question], reader: QuestionReader, faults: Faults
) -> tuple[Forms | None, tuple[Question, ...]]:
    """The forms (None where faulty) and the questions written in their file.

    `of_course`: the questions of all lessons and of the final test.
    """
    front = read_front(written, FORMS, faults)
    questions = reader.read(front.body, FORMS, front.body_line, "form")
    if not front.sound or not check_keys(front.values, _KEYS, FORMS, front.lines, faults):
        return None, questions
    before = len(faults.found)
    forms = Forms(front.values["title"].strip(), _ids(front, "a"), _ids(front, "b"))
    _check_counts(forms, front, faults)
    _check_twice(forms, front, faults)
    if not reader.lost:
        known = {question.id: question for question in (*of_course, *questions)}
        _check_questions(forms, known, front, faults)
        _check_goals(forms, known, front, faults)
    return (forms if len(faults.found) == before else None), questions


def _ids(front: Front, form: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in front.values[form])


def _fault(faults: Faults, line: int, sentence: Text, remedy: Text) -> None:
    faults.add(FORMS, line, sentence, remedy)


def _check_counts(forms: Forms, front: Front, faults: Faults) -> None:
    for form, ids in (("a", forms.a), ("b", forms.b)):
        if not 1 <= len(ids) <= _MOST:
            _fault(
                faults,
                front.lines[form],
                text("Đề {form} có {count} câu; cần từ 1 đến {most}.", form=form, count=len(ids), most=_MOST),
                text("Thêm hoặc bớt mã câu hỏi trong danh sách này."),
            )
    if len(forms.a) != len(forms.b):
        _fault(
            faults,
            front.lines["b"],
            text("Đề a có {count} câu mà đề b có {other} câu.", count=len(forms.a), other=len(forms.b)),
            text("Để hai đề có số câu bằng nhau."),
        )


def _check_twice(forms: Forms, front: Front, faults: Faults) -> None:
    seen: set[str] = set()
    for form, ids in (("a", forms.a), ("b", forms.b)):
        for key in ids:
            if key in seen:
                _fault(faults, front.lines[form], text("Câu hỏi “{key}” có hai lần trong hai đề.", key=key), _OTHER)
            seen.add(key)


def _check_questions(forms: Forms, known: Mapping[str, Question], front: Front, faults: Faults) -> None:
    for form, ids in (("a", forms.a), ("b", forms.b)):
        for key in ids:
            sentence = _unfit(key, known.get(key))
            if sentence:
                _fault(faults, front.lines[form], sentence, _OTHER)


def _unfit(key: str, question: Question | None) -> Text | None:
    """Why the question cannot stand in a form."""
    if question is None:
        return text("Khóa học không có câu hỏi “{key}”.", key=key)
    if question.kind == "long":
        return text("Câu hỏi “{key}” là câu trả lời dài nên không đặt trong đề được.", key=key)
    if question.use == "check":
        return text("Câu hỏi “{key}” chỉ để tự kiểm tra (use=check) nên không đặt trong đề được.", key=key)
    return None


def _check_goals(forms: Forms, known: Mapping[str, Question], front: Front, faults: Faults) -> None:
    """Only where all questions are known: else their own faults are enough."""
    if len(forms.a) != len(forms.b) or not all(key in known for key in (*forms.a, *forms.b)):
        return
    counts = [Counter(known[key].goal for key in ids) for ids in (forms.a, forms.b)]
    for goal in sorted(counts[0].keys() | counts[1].keys()):
        count, other = counts[0][goal], counts[1][goal]
        if count != other:
            _fault(
                faults,
                front.lines["b"],
                text(
                    "Mục tiêu “{goal}” có {count} câu ở đề a mà {other} câu ở đề b.",
                    goal=goal,
                    count=count,
                    other=other,
                ),
                text("Để hai đề có số câu bằng nhau theo từng mục tiêu."),
            )
