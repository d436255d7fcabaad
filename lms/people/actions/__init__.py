"""Verbs on persons, accounts and grants."""

from __future__ import annotations

from lms.people.actions.accounts import (
    GivesHerself,
    HasAccountAlready,
    HasRoleAlready,
    end_grant,
    grant,
    new_pin,
    open_account,
    reset_pin,
)
from lms.people.actions.door import (
    HASHER,
    Knock,
    SecretIsRefused,
    begin_sign_in,
    change_secret,
    choose,
    end_other_sign_ins,
    end_sign_in,
    is_secret_of,
    knock,
    knock_again,
)
from lms.people.actions.persons import (
    PostBeginsTooEarly,
    add_person,
    change_post,
    correct_person,
    forget,
    write_name,
    write_phone,
)
from lms.people.rules import plain_phone

__all__ = [
    "GivesHerself",
    "HASHER",
    "HasAccountAlready",
    "HasRoleAlready",
    "Knock",
    "PostBeginsTooEarly",
    "SecretIsRefused",
    "add_person",
    "begin_sign_in",
    "change_post",
    "change_secret",
    "choose",
    "correct_person",
    "end_grant",
    "end_other_sign_ins",
    "end_sign_in",
    "forget",
    "grant",
    "is_secret_of",
    "knock",
    "knock_again",
    "new_pin",
    "open_account",
    "plain_phone",
    "reset_pin",
    "write_name",
    "write_phone",
]
