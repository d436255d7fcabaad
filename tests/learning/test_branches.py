"""A course with branches: the common part and one branch make it whole, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

import pytest

from lms.core import clock
from lms.core.actor import System
from lms.core.db import transaction
from lms.courses import actions as courses
from lms.courses import queries as editions
from lms.courses import rules
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.queries.followed import followed_in, lines_of, outlined
from lms.learning.rules.branches import Way, alternatives, finished_lessons, way_of
from lms.learning.rules.progress import LessonProgress
from lms.people.queries import post_on
from tests.learning import course, works
from tests.page import Page

AT = datetime(2026, 11, 1, tzinfo=UTC)
MODULE = "---\ntitle: {title}\ngoals: [hai]\nbranch: {branch}\n---\n"
SLUG = course.SLUG


@dataclass(frozen=True)
class One:
    """A lesson of nobody's course."""

    key: str
    branch: str


LESSONS = [One("chung", ""), One("a-1", "a"), One("a-2", "a"), One("b-1", "b"), One("b-2", "b")]


def _way(done: set[str], begun: set[str] = frozenset()) -> Way[One]:  # type: ignore[assignment]
    return way_of(LESSONS, {key: LessonProgress(AT, AT if key in done else None) for key in done | begun})


def test_before_a_choice_the_first_branch_stands_for_it() -> None:
    way = _way({"chung"})
    assert (way.done, way.total, way.chooses) == (1, 3, True)
    assert way.left_to_read == ()
    assert [one.key for one in way.left] == ["a-1", "a-2"]


@pytest.mark.parametrize(
    ("done", "begun", "counted"),
    [
        (set(), {"b-1"}, (0, 3)),
        ({"b-1"}, {"a-1"}, (1, 3)),
        ({"a-1", "b-1"}, {"b-2"}, (1, 3)),
        ({"chung", "a-1", "a-2", "b-1"}, set(), (3, 3)),
        ({"chung", "a-1", "b-1", "b-2"}, set(), (3, 3)),
    ],
)
def test_the_branch_one_is_furthest_in_counts(done: set[str], begun: set[str], counted: tuple[int, int]) -> None:
    way = _way(done, begun)
    assert (way.done, way.total) == counted
    assert not way.chooses


def test_a_course_without_branches_counts_all() -> None:
    plain = [One(key, "") for key in "abc"]
    way = way_of(plain, {"b": LessonProgress(AT, AT)})
    assert ([one.key for one in way.left], way.total, way.chooses) == (["a", "c"], 3, False)
    assert alternatives(plain) == [tuple(plain)]


def test_done_is_whole_exactly_when_one_alternative_is_whole() -> None:
    for size in range(len(LESSONS) + 1):
        for chosen in combinations(LESSONS, size):
            done = {one.key for one in chosen}
            whole = any(all(one.key in done for one in way) for way in alternatives(LESSONS))
            assert (not _way(done).left) is whole, done


def test_counts_of_branches_are_not_added() -> None:
    rows = [(1, "k", "", 4), (1, "k", "a", 2), (1, "k", "b", 3), (2, "k", "a", 1)]
    assert finished_lessons(rows) == {(1, "k"): 7, (2, "k"): 1}


@pytest.fixture
def edition(app: object) -> Edition:
    """Lesson one for all; branch a: lesson two with a product; branch b: lesson three with another."""
    files = course.files(test=False)
    cover = files["course.toml"].decode()
    files["course.toml"] = cover.replace("[certificate]", 'products = "any"\n[certificate]').encode()
    for folder, branch in (("02-nhanh", "a"), ("03-sau", "b")):
        files[f"{folder}/chuyen-de.md"] = MODULE.format(title=f"Nhánh {branch}", branch=branch).encode()
        files[f"{folder}/hinh.svg"] = course.PICTURE
    files["02-nhanh/02-bai-hai.md"] = files.pop("01-dau/02-bai-hai.md") + b"\n/// san-pham\nq-ke-hoach\n///\n"
    files["03-sau/03-bai-ba.md"] = files.pop("02-sau/03-bai-ba.md") + b"\n/// san-pham\nq-loi-ke\n///\n"
    for name in ("02-sau/chuyen-de.md", "02-sau/hinh.svg"):
        files.pop(name)
    first, second = works.PRODUCTS.strip().split("\n\n")
    files["02-nhanh/02-bai-hai.cau-hoi.md"], files["03-sau/03-bai-ba.cau-hoi.md"] = first.encode(), second.encode()
    return courses.publish(rules.read_files(files, SLUG), owner=None, by=System("test"))


def _finish(edition: Edition, *keys: str) -> None:
    for key in keys:
        with transaction():
            actions.open_lesson(edition, key, by=course.actor("cadre"))
            actions.finish_lesson(edition, key, by=course.actor("cadre"))


def _accept(edition: Edition, product: str) -> None:
    made = works.hand_in(edition, question=product, typed="" if product == works.VOICE else "Đã làm.")
    works.mark(made, *([3] if product == works.VOICE else [3, 3, 3]))


def _state(edition: Edition) -> queries.Standing:
    return queries.standing_of(course.person_id("cadre"), edition.course_id)


def test_an_edition_counts_what_one_learner_takes(edition: Edition) -> None:
    lessons = editions.outline(edition.id)
    assert (edition.lesson_count, len(lessons)) == (2, 3)
    assert [one.branch for one in lessons] == ["", "a", "b"]


def test_after_the_common_part_she_is_asked_to_choose(page: Page, edition: Edition) -> None:
    _finish(edition, "k-bai-mot")
    step = queries.next_step(course.person_id("cadre"))
    assert step is not None and step.chooses and step.lesson is None
    seen = page.as_("cadre").get(f"/hoc/{SLUG}")
    assert "Chọn một nhánh" in seen.words and "1 / 2 bài" in seen.words
    assert page.get("/").all("a", href=f"/hoc/{SLUG}#nhanh")


def test_the_last_common_lesson_leads_to_the_choice(page: Page, edition: Edition) -> None:
    client = page.as_("cadre")
    client.get(f"/hoc/{SLUG}/bai-mot")
    client.post(f"/hoc/{SLUG}/bai-mot/xong")
    assert client.last is not None
    assert client.last.headers["Location"].endswith(f"/hoc/{SLUG}#nhanh")


@pytest.mark.parametrize(
    ("lesson", "other", "product"), [("k-bai-hai", "k-bai-ba", works.PLAN), ("k-bai-ba", "k-bai-hai", works.VOICE)]
)
def test_one_branch_with_its_product_completes(edition: Edition, lesson: str, other: str, product: str) -> None:
    _finish(edition, "k-bai-mot", lesson)
    assert _state(edition).completed is None, "the product is missing"
    _accept(edition, product)
    assert _state(edition).completed is not None


def test_the_product_of_another_branch_does_not_complete(edition: Edition) -> None:
    _finish(edition, "k-bai-mot", "k-bai-hai")
    _accept(edition, works.VOICE)
    assert _state(edition).completed is None
    _finish(edition, "k-bai-ba")
    assert _state(edition).completed is not None


def test_lists_count_her_branch(edition: Edition) -> None:
    _finish(edition, "k-bai-mot", "k-bai-ba")
    post = post_on(course.person_id("cadre"), clock.today())
    assert post is not None
    outline = outlined(edition)
    (line,) = lines_of(outline, followed_in(outline, [post.unit_id]))
    assert (line.done, outline.total, line.states) == (2, 2, ("done", "none", "done"))
