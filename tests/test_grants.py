"""Grants: how a key is shown, when it counts, and the file in which its digest is kept."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.grant_file import FILE, GrantError, GrantFile, add_grant, list_grants, new_secret, remove_grant
from td_extension.grants import Grants, identify, load_grants
from td_extension.values import ANONYMOUS, Code, Refusal

NOW_S = 1_800_000_000.0


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def made(folder: Path, name: str = "anna", expires_s: float | None = None, overlay: str = "") -> str:
    return add_grant(folder, name, expires_s=expires_s, overlay=overlay, wall_s=NOW_S).secret


# -- showing a key -----------------------------------------------------------------------------------------------------


def test_a_key_is_shown_as_basic_or_as_bearer() -> None:
    grants = Grants({"anna": digest("s3cret")})
    assert identify(basic("anna", "s3cret"), grants) == "anna"
    assert identify("Bearer s3cret", grants) == "anna"
    assert identify("bearer  s3cret ", grants) == "anna"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic !!",
        basic("ben", "s3cret"),
        basic("anna", ""),
        "Digest s3cret",
        "s3cret",
    ],
)
def test_a_wrong_key_is_refused_and_never_anonymous(header: str) -> None:
    refusal = identify(header, Grants({"anna": digest("s3cret")}))
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.UNKNOWN_GRANT


def test_without_a_key_a_caller_is_anonymous_unless_a_grant_is_required() -> None:
    assert identify(None, Grants({})) == ANONYMOUS
    refusal = identify(None, Grants({}, required=True))
    assert isinstance(refusal, Refusal)
    assert "wants a key" in refusal.message


def test_an_expired_key_is_refused_and_says_so() -> None:
    clock = [99.9]
    grants = Grants({"anna": digest("s")}, expires_s={"anna": 100.0}, wall_s=lambda: clock[0])
    assert identify("Bearer s", grants) == "anna"
    for now_s in (100.0, 1e9, float("nan")):
        clock[0] = now_s
        refusal = identify("Bearer s", grants)
        assert isinstance(refusal, Refusal)
        assert "expired" in refusal.message


@given(st.text(max_size=60))
def test_no_header_but_the_right_one_names_a_grant(header: str) -> None:
    secret = "a-secret-that-no-test-guesses"
    assert isinstance(identify(header, Grants({"anna": digest(secret)})), Refusal)


# -- the file ----------------------------------------------------------------------------------------------------------


def test_a_secret_has_160_bits_and_nothing_that_means_something_in_an_address() -> None:
    secret = new_secret()
    assert len(base64.b32decode(secret)) == 20
    assert secret.isalnum()
    assert new_secret() != secret


def test_a_new_grant_counts_and_its_secret_is_not_in_the_file(tmp_path: Path) -> None:
    secret = made(tmp_path / "state", overlay="stage")
    text = (tmp_path / "state" / FILE).read_text(encoding="utf-8")
    grants = load_grants(text)
    assert identify(basic("anna", secret), grants) == "anna"
    assert grants.overlays == {"anna": "stage"}
    assert secret not in text
    assert os.listdir(tmp_path / "state") == [FILE]


@pytest.mark.parametrize("name", ["", "anonymous", "a:b", "a b", "a@b", "é", "-a", "a" * 65, "a/b", "a=b"])
def test_a_name_that_could_not_stand_in_an_address_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(GrantError, match="cannot be the name"):
        made(tmp_path, name)


def test_a_name_is_given_once(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(GrantError, match="already"):
        made(tmp_path)


def test_a_grant_that_would_have_expired_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(GrantError, match="later"):
        made(tmp_path, expires_s=NOW_S)


def test_a_revoked_grant_is_refused_and_the_others_stay(tmp_path: Path) -> None:
    anna, ben = made(tmp_path, "anna"), made(tmp_path, "ben", expires_s=NOW_S + 60)
    remove_grant(tmp_path, "anna")
    grants = load_grants((tmp_path / FILE).read_text(encoding="utf-8"), lambda: NOW_S)
    assert isinstance(identify(f"Bearer {anna}", grants), Refusal)
    assert identify(f"Bearer {ben}", grants) == "ben"
    assert [(one.name, one.expired) for one in list_grants(tmp_path, NOW_S + 60)] == [("ben", True)]
    with pytest.raises(GrantError, match="known are: ben"):
        remove_grant(tmp_path, "anna")


def test_a_running_guard_takes_up_what_has_changed(tmp_path: Path) -> None:
    file = GrantFile(tmp_path)
    assert identify(None, file.grants) == ANONYMOUS
    secret = made(tmp_path)
    assert file.check()
    assert identify(f"Bearer {secret}", file.grants) == "anna"
    assert not file.check()
    remove_grant(tmp_path, "anna")
    file.check()
    assert isinstance(identify(f"Bearer {secret}", file.grants), Refusal)


def test_a_broken_file_lets_nobody_in(tmp_path: Path) -> None:
    secret = made(tmp_path)
    file = GrantFile(tmp_path)
    (tmp_path / FILE).write_bytes(b'{"version": 1, "grants": {"anna": \xff')
    file.check()
    assert "no grant counts" in file.problem
    assert isinstance(identify(f"Bearer {secret}", file.grants), Refusal)
    assert isinstance(identify(None, file.grants), Refusal)


D = "0" * 64


@pytest.mark.parametrize(
    "grants",
    [
        {"anna": {"sha256": "x"}},
        {"anna": {"sha256": D, "expires": "2026-03-01T18:00:00"}},
        {"anna": {"sha256": D, "expires": "soon"}},
        {"anna": {"sha256": D, "expires": 5}},
        {"anna": {"sha256": D, "overlay": "a b"}},
        {"anna": {"sha256": D, "more": 1}},
        {"anonymous": {"sha256": D}},
        [],
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused(grants: Any) -> None:
    with pytest.raises(ValueError, match=r"grants\.json"):
        load_grants(json.dumps({"version": 1, "grants": grants}))


def test_a_name_that_occurs_twice_in_the_file_is_refused() -> None:
    entry = f'"anna": {{"sha256": "{D}"}}'
    with pytest.raises(ValueError, match="twice"):
        load_grants(f'{{"version": 1, "grants": {{{entry}, {entry}}}}}')


@given(st.text(max_size=60))
def test_any_text_is_grants_or_a_problem(text: str) -> None:
    with pytest.raises(ValueError, match=r"grants\.json"):
        load_grants(text)
