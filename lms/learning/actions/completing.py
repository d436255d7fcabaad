"""The first completion of a course: found once, kept for ever."""

from __future__ import annotations

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, announce, db
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import events, queries
from lms.learning.models import Study
from lms.learning.rules.branches import alternatives
from lms.learning.rules.progress import completion
from lms.people.models import Person
from lms.people.queries import post_on


@action
def complete_if_earned(study: Study, *, by: Actor) -> None:
    """Complete a study whose lessons, test and products are done, unless this human already completed the course."""
    standing = queries.standing_of(study.person_id, study.course_id)
    if standing.completed is not None:
        return
    edition: Edition = db.get_one(Edition, study.edition_id)
    needs_test = bool(edition.completion.get("test")) and edition.test is not None
    passed_at = queries.passed_at(study.person_id, study.course_id) if needs_test else None
    products = str(edition.completion.get("products", "none"))
    accepted = queries.accepted_products(edition, study.person_id) if products != "none" else []
    ends = [
        completion(
            [lesson.key for lesson in lessons], standing.lessons, needs_test, passed_at, products,
            [at for product, at in accepted if product.lesson_key in {lesson.key for lesson in lessons}],
        )
        for lessons in alternatives(courses.outline(edition.id))
    ]  # fmt: skip
    at = min((end for end in ends if end is not None), default=None)
    if at is None:
        return
    study.completed_at, study.completed_edition_id = at, edition.id
    _freeze(study)
    db.flush()
    history.write("learning.complete", study, by=by, unit_id=study.frozen_unit_id, edition=edition.number)
    announce(events.course_completed, study)


def _freeze(study: Study) -> None:
    """Who she was on the day of completion: what figures count is never read anew."""
    person: Person = db.get_one(Person, study.person_id)
    assert study.completed_at is not None
    day = clock.local(study.completed_at).date()
    post = post_on(person.id, day) or post_on(person.canonical_id, day)
    study.frozen_sex, study.frozen_ethnic_group = person.sex, person.ethnic_group
    if post is not None:
        study.frozen_unit_id, study.frozen_post_kind = post.unit_id, post.kind
