"""Which questions a person gets, and in which order the options stand: chance from a seed, so it can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from lms.courses.rules.course import FinalTest, Question

_SHUFFLED = frozenset({"single", "multiple", "match", "order"})


def draw(pool: Sequence[Question], test: FinalTest, seed: int) -> list[str]:
    """Ids of `test.draw` questions (all, if the pool has fewer): at least `by_goal` of each goal, then any."""
    chance = Random(seed)
    left = sorted({question.id: question for question in pool if question.is_drawable}.values(), key=lambda q: q.id)
    drawn: list[Question] = []
    for goal, wanted in sorted(test.by_goal.items()):
        of_goal = [question for question in left if question.goal == goal]
        drawn += chance.sample(of_goal, min(wanted, len(of_goal), test.draw - len(drawn)))
    left = [question for question in left if question not in drawn]
    drawn += chance.sample(left, min(test.draw - len(drawn), len(left)))
    chance.shuffle(drawn)
    return [question.id for question in drawn]


def draw_practice(pool: Sequence[Question], count: int, seed: int, goal: str = "") -> list[str]:
    """Ids of at most `count` questions to practise, of one goal if named; never one that only tests or forms ask."""
    fitting = {q.id: q for q in pool if q.is_practised and goal in ("", q.goal)}
    ids = sorted(fitting)
    return Random(seed).sample(ids, max(0, min(count, len(ids))))


def form_order(form_ids: Sequence[str], seed: int) -> list[str]:
    """The questions of a form in the order one person gets them."""
    return Random(f"{seed}:form").sample(sorted(form_ids), len(form_ids))


def shuffled_options(question: Question, seed: int) -> list[str]:
    """Keys in the order to show: options of single, multiple, order; right sides of match. Others stay as written.

    Things to put in order never come in the right order.
    """
    keys = [option.key for option in question.options]
    if question.kind not in _SHUFFLED or len(keys) < 2:
        return keys
    chance = Random(f"{seed}:{question.id}")
    shuffled = chance.sample(keys, len(keys))
    while question.kind == "order" and shuffled == keys:
        shuffled = chance.sample(keys, len(keys))
    return shuffled
