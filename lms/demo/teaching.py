"""What trainers have to do with it: forms before and after a class, work handed in and marked, questions, a path."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from random import Random

from lms.core import clock
from lms.core.actor import Actor
from lms.courses.models import Edition
from lms.courses.queries import edition_of, forms_of, lesson_of, questions_of
from lms.demo.cast import THANH_HOA, member, place
from lms.learning import actions as learning
from lms.learning.models import Purpose
from lms.learning.queries import headings_of, product_of
from lms.learning.rules.paper import right_answer
from lms.people.models import Person
from lms.people.queries import actor_of
from lms.training import actions as training
from lms.training.models import StepKind

PRODUCT = "q-viec-da-lam"


def back(days: int, hour: int = 9, minute: int = 0) -> AbstractContextManager[None]:
    """Time as it was (or will be) some days from today."""
    return clock.stopped(clock.instant(clock.today() - timedelta(days=days), time(hour, minute)))


def before_and_after(course: str, persons: list[Person], days: tuple[int, int], trainer: Actor) -> None:
    """A class takes form A before its first session and form B after its last; most know more afterwards."""
    edition = edition_of(course)
    if forms_of(edition) is None:
        return
    for (purpose, form, share), day in zip(((Purpose.PRE, "a", 0.5), (Purpose.POST, "b", 0.8)), days, strict=True):
        with back(day, 7 if form == "a" else 16, 20):
            for number, person in enumerate(persons):
                _take(edition, person, purpose, form, share, Random(f"{form}:{number}"), trainer)


def _take(
    edition: Edition, person: Person, purpose: Purpose, form: str, share: float, chance: Random, trainer: Actor
) -> None:
    attempt = learning.start_attempt(edition, person.id, purpose, form=form, by=trainer)
    questions = questions_of(edition.id)
    answers = {}
    for key in attempt.question_keys:
        question = questions[key]
        others = [option.key for option in question.options if not option.right]
        is_known = chance.random() < share
        wrong = [chance.choice(others)] if others else "1"
        answers[key] = right_answer(question, attempt.seed) if is_known else wrong
    learning.submit(learning.keep_answers(attempt, answers, by=trainer), by=trainer)


def hand_ins(course: str, trainer: Actor) -> None:
    """One work accepted, one to do again, two that wait."""
    edition = edition_of(course)
    product = product_of(edition, PRODUCT)
    first = (
        20,
        "head",
        "Họp bàn mương, tôi mời cả vợ và chồng. Chị em nói chỗ lấy nước xa. Thôn đổi chỗ đặt cống.",
    )
    second = (12, "newcomer", "Tôi đã hỏi hai câu ở cuộc họp chi hội.")
    waiting = (
        (3, "cadre", "Bàn quỹ chi hội, tôi hỏi những chị chưa đến được. Các chị xin họp buổi trưa, nay họp buổi trưa."),
        (1, "official", "Bàn chia giống ngô, tôi hỏi cả hai vợ chồng mỗi nhà. Thêm bốn chị đứng tên nhận giống."),
    )
    handed = {}
    for days, key, words in (first, second, *waiting):
        with back(days, 19, 30):
            actor = actor_of(member(key))
            handed[key] = learning.hand_in(learning.keep_draft(edition, product, words, by=actor), by=actor)
    for days, key, steps, chips in ((18, "head", (3, 2), ()), (10, "newcomer", (1, 0), product.question.chips[:1])):
        with back(days, 20):
            learning.mark(handed[key], learning.Judgement(steps, chips=chips), by=trainer)


def enquiries(course: str, trainer: Actor) -> None:
    """One question answered and pinned into its lesson, one that waits."""
    edition = edition_of(course)
    lesson = lesson_of(edition.id, "tu-du")
    with back(8, 20, 10):
        asked = learning.ask(
            edition, lesson, headings_of(lesson)[-1].anchor,
            "Nhà trai xin làm lễ nhỏ trước, chưa cưới to. Thế có phải tảo hôn không?",
            by=actor_of(member("cadre")),
        )  # fmt: skip
    with back(7, 8):
        learning.answer_enquiry(
            asked, "Làm lễ nhỏ hay to đều như nhau: một bên chưa đủ tuổi mà về ở như vợ chồng là tảo hôn.", by=trainer
        )
        learning.pin(asked, "Làm lễ nhỏ trước, chưa cưới to, có phải tảo hôn không?", by=trainer)
    with back(2, 20):
        lesson = lesson_of(edition.id, "cay-hai-ben")
        learning.ask(
            edition, lesson, "", "Nhà chỉ có mẹ và con thì vẽ cây hai bên thế nào?", by=actor_of(member("official"))
        )


def evaluations(course: str) -> None:
    """What the one who finished says of the course."""
    with back(27, 19):
        learning.evaluate(
            edition_of(course), 4, 4, 3, "Bài ngắn, đọc ở nương được. Mong có thêm chuyện của người Mông.",
            by=actor_of(member("head")),
        )  # fmt: skip


def paths(coordinator: Actor, trainer: Actor, course: str) -> None:
    """A path for source trainers; two are on it, one has an earlier visit waiting for a decision."""
    taught = edition_of(course).course
    with back(40):
        path = training.make_path(
            "Lộ trình giảng viên nguồn lồng ghép giới", "source_trainer",
            "Đi hết lộ trình thì đứng lớp ở thôn, bản được.", place(THANH_HOA), by=trainer,
        )  # fmt: skip
        training.add_step(path, StepKind.COURSE, taught, by=trainer)
        training.add_step(path, StepKind.CLASS, taught, title="Dự một lớp ở xã", by=trainer)
        training.add_step(
            path, StepKind.TASK, taught, question_key=PRODUCT, title="Hỏi hai câu trước một việc thôn", by=trainer
        )
        visit = training.add_step(
            path,
            StepKind.VISIT,
            title="Đi xem một thôn làm tốt",
            note="Một ngày, ghi lại ba điều học được.",
            by=trainer,
        )
    with back(30):
        training.put_on(path, [member("cadre").person, member("head").person], by=coordinator)
    with back(5):
        training.ask_credit(
            visit, member("head").person, date(2024, 5, 14), "Đi Mộc Châu cùng Hội LHPN tỉnh, có giấy mời số 27", by=coordinator
        )  # fmt: skip
