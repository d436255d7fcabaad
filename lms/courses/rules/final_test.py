"""thi-cuoi-khoa.md: how many questions are drawn, how many must be right, and from which pool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from lms.core.words import Text, text
from lms.courses.rules.course import FinalTest, Question
from lms.courses.rules.faults import Faults
from lms.courses.rules.fields import SENTENCE, TABLE, WHOLE, Front, Keys, check_keys, read_front
from lms.courses.rules.question_reader import QuestionReader
from lms.courses.rules.tidy import TEST

_KEYS = Keys(
    {"title": SENTENCE, "draw": WHOLE, "pass": WHOLE, "attempts": WHOLE, "by_goal": TABLE, "minutes": WHOLE},
    frozenset({"by_goal", "minutes"}),
)
_MOST_MINUTES = 600


def read_test(written: str, of_lessons: Sequence[Question], reader: QuestionReader, faults: Faults) -> FinalTest | None:
    """The final test; None where its front matter is faulty. `of_lessons`: the questions of all lessons."""
    front = read_front(written, TEST, faults)
    questions = reader.read(front.body, TEST, front.body_line, "test")
    if not front.sound or not check_keys(front.values, _KEYS, TEST, front.lines, faults):
        return None
    by_goal = front.values.get("by_goal", {})
    if not _check_goals(by_goal, front, reader.goals, faults):
        return None
    values = front.values
    test = FinalTest(
        values["title"],
        values["draw"],
        values["pass"],
        values["attempts"],
        by_goal,
        questions,
        values.get("minutes", 0),
    )
    pool = [question for question in (*of_lessons, *questions) if question.is_drawable]
    _check_rule(test, front, faults)
    if not reader.lost:
        _check_pool(test, pool, front, faults)
    return test


def _check_goals(by_goal: dict[str, int], front: Front, goals: Collection[str] | None, faults: Faults) -> bool:
    line = front.lines.get("by_goal", 0)
    for goal, count in by_goal.items():
        if goals is not None and goal not in goals:
            _fault(
                faults,
                line,
                text("by_goal có mục tiêu “{goal}” không có trong course.toml.", goal=goal),
                text("Dùng mã trong bảng [goals] của course.toml."),
            )
        if not WHOLE.fits(count) or count < 1:
            _fault(
                faults,
                line,
                text("Số câu của mục tiêu “{goal}” chưa đúng.", goal=goal),
                text("Viết một số nguyên từ 1, thí dụ: by_goal: {phan-biet: 2}"),
            )
            return False
    return True


def _fault(faults: Faults, line: int, sentence: Text, remedy: Text) -> None:
    faults.add(TEST, line, sentence, remedy)


def _check_rule(test: FinalTest, front: Front, faults: Faults) -> None:
    if test.draw < 1:
        _fault(faults, front.lines["draw"], text("Số câu rút phải từ 1."), text("Sửa lại draw."))
    if test.pass_mark < 1 or test.pass_mark > test.draw:
        _fault(
            faults,
            front.lines["pass"],
            text("Cần đúng {wanted} câu mà chỉ rút {draw} câu.", wanted=test.pass_mark, draw=test.draw),
            text("Để pass từ 1 đến bằng draw."),
        )
    if test.attempts < 0:
        _fault(
            faults, front.lines["attempts"], text("Số lần làm bài không được âm."), text("Viết 0 nếu không giới hạn.")
        )
    if not 0 <= test.minutes <= _MOST_MINUTES:
        _fault(
            faults,
            front.lines["minutes"],
            text("Thời gian làm bài phải từ 0 đến {most} phút.", most=_MOST_MINUTES),
            text("Sửa lại minutes; viết 0 nếu không giới hạn."),
        )
    _check_sum(test, front, faults)


def _check_sum(test: FinalTest, front: Front, faults: Faults) -> None:
    if sum(test.by_goal.values()) > test.draw:
        _fault(
            faults,
            front.lines["by_goal"],
            text("Cộng các mục tiêu là {total} câu, nhiều hơn số câu rút.", total=sum(test.by_goal.values())),
            text("Giảm số câu trong by_goal hoặc tăng draw."),
        )


def _check_pool(test: FinalTest, pool: Sequence[Question], front: Front, faults: Faults) -> None:
    if test.draw > len(pool):
        _fault(
            faults,
            front.lines["draw"],
            text("Bài kiểm tra rút {draw} câu mà kho chỉ có {count} câu.", draw=test.draw, count=len(pool)),
            text("Giảm draw, hoặc viết thêm câu hỏi (câu dài, câu use=check và use=form không tính)."),
        )
    counts = Counter(question.goal for question in pool)
    for goal, wanted in test.by_goal.items():
        if wanted > counts[goal]:
            _fault(
                faults,
                front.lines["by_goal"],
                text("Mục tiêu “{goal}” cần {wanted} câu mà có {count}.", goal=goal, wanted=wanted, count=counts[goal]),
                text("Giảm số câu của mục tiêu này, hoặc viết thêm câu hỏi."),
            )
