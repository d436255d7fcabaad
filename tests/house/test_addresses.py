"""Addresses: each has a policy, a place in the map, typed parameters; printed ones are for ever."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from lms.app import ADDRESSES
from lms.web.gate import GatedFlask, allow, policy_of

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("addresses.txt")


def _listed(app: Flask) -> list[str]:
    return sorted(f"{m} {r.rule}" for r in app.url_map.iter_rules() for m in (r.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_address_says_who_may_knock(app: Flask) -> None:
    assert all(policy_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())


def test_the_app_refuses_to_start_with_a_naked_address() -> None:
    naked = GatedFlask("naked", static_folder=None)
    naked.add_url_rule("/x", "x", lambda: "x")
    with pytest.raises(RuntimeError, match="no policy: x"):
        naked.check_policies()


def test_allow_refuses_a_word_it_does_not_know() -> None:
    with pytest.raises(TypeError):
        allow("everybody")(lambda: "")


def test_addresses_are_plain_vietnamese_words(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        plain = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", plain), rule.rule
        assert all(":" in part for part in re.findall(r"<([^>]+)>", rule.rule)) or rule.endpoint == "assets.asset", (
            rule.rule
        )


def test_the_first_word_leads_to_the_room(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.split(".")[0]
        assert rule.rule.split("/")[1] in ADDRESSES[room], rule.rule


def test_no_first_word_belongs_to_two_rooms() -> None:
    words = [word for room in ADDRESSES.values() for word in room]
    assert len(words) == len(set(words))


def test_unsafe_methods_change_and_safe_ones_do_not_share_a_view(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, f"{rule.rule}: a view answers {methods}"


def test_addresses_once_public_stay(app: Flask) -> None:
    """Removing a line of addresses.txt asks for a redirect; adding one is done by `lms addresses`, below."""
    known = LIST.read_text(encoding="utf-8").split("\n")
    missing = [line for line in known if line and line not in _listed(app)]
    new = [line for line in _listed(app) if line not in known]
    assert not missing, f"gone: {missing}"
    assert not new, f"write into addresses.txt: {new}"
    assert "GET /c" in known and any(line.startswith("GET /c/<") for line in known), "printed for ever"
