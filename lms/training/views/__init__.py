"""Pages of the room `training`: classes, running them, the roll; paths, their learners, credit for earlier training."""

from __future__ import annotations

from lms.training.views import (
    classes,
    closing,
    credits,
    following,
    lines,
    path_learners,
    path_steps,
    paths,
    roll,
    running,
    sessions,
    walk_ins,
)
from lms.training.views.blueprint import bp

__all__ = [
    "bp",
    "classes",
    "closing",
    "credits",
    "following",
    "lines",
    "path_learners",
    "path_steps",
    "paths",
    "roll",
    "running",
    "sessions",
    "walk_ins",
]
