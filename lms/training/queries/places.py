"""Where the people of a class come from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased

from lms.core import clock
from lms.people.models import Person, Post
from lms.people.queries import posts_on
from lms.units.queries import titles


@dataclass(frozen=True)
class Place:
    """A person's village, unit and post on a day; empty where nothing is known."""

    village: str = ""
    unit_title: str = ""
    post: str = ""


def recorded() -> Any:
    """The person as recorded, beside the canonical one."""
    return aliased(Person)


def posts_around(person_ids: Collection[UUID], on: date) -> dict[UUID, Post]:
    """Each person's post on a day; who had none that day (she came to us later): her post of today."""
    found = posts_on(person_ids, on)
    missing = [person_id for person_id in person_ids if person_id not in found]
    return {**posts_on(missing, clock.today()), **found} if missing else found


def places_of(person_ids: Collection[UUID], on: date) -> dict[UUID, Place]:
    """Each person's place on a day, by person id."""
    posts = posts_around(list(person_ids), on)
    units = titles({post.unit_id for post in posts.values()})
    known = {
        person_id: Place(post.village, units.get(post.unit_id, ""), post.title or str(post.kind.label))
        for person_id, post in posts.items()
    }
    return {person_id: known.get(person_id, Place()) for person_id in person_ids}
