"""What is to be denied is denied and what is honest passes, under the profile `edit`, on every script we know."""

from __future__ import annotations

import ast
import contextlib

import pytest

from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.report import ScriptReport, first_refused
from td_extension.values import Capability

from .corpora import GUARD, OWN, Script, given, own
from .verdicts import DECIDED_AT_RUN_TIME, GREY, HONEST_BUT_REFUSED

GIVEN_SCRIPTS = given()
OWN_SCRIPTS = own()
BY_ID = {script.id: script for script in GIVEN_SCRIPTS}
CLEAR = [script for script in GIVEN_SCRIPTS if not script.grey]


def report_on(script: Script, catalog: Catalog) -> ScriptReport:
    assert script.text is not None
    return analyse(script.text, catalog, GUARD)


def verdict(script: Script, catalog: Catalog) -> str:
    if script.text is None:
        return "deny"
    return "allow" if first_refused(report_on(script, catalog), PROFILES["edit"]) is None else "deny"


def test_what_is_to_be_denied_is_denied_or_listed_with_the_check_at_run_time(catalog: Catalog) -> None:
    to_deny = [script for script in CLEAR if script.expect == "deny" and script.decidable]
    passed = {script.id for script in to_deny if verdict(script, catalog) == "allow"}
    assert sorted(passed - DECIDED_AT_RUN_TIME.keys()) == []
    assert sorted(DECIDED_AT_RUN_TIME.keys() - passed) == [], "these are denied, or not to be: leave them out"
    assert len(DECIDED_AT_RUN_TIME) <= 20


@pytest.mark.parametrize("name", DECIDED_AT_RUN_TIME)
def test_what_is_decided_at_run_time_is_marked_with_the_capability_that_decides(catalog: Catalog, name: str) -> None:
    capability = Capability(DECIDED_AT_RUN_TIME[name].partition(":")[0])
    assert capability in {use.may for use in report_on(BY_ID[name], catalog).uses}


def test_what_is_honest_passes_but_for_two_at_most(catalog: Catalog) -> None:
    refused = {script.id for script in CLEAR if script.expect == "allow" and verdict(script, catalog) == "deny"}
    assert sorted(refused - HONEST_BUT_REFUSED.keys()) == []
    assert sorted(HONEST_BUT_REFUSED.keys() - refused) == [], "these pass: leave them out"
    assert len(HONEST_BUT_REFUSED) <= 2


def test_every_grey_script_has_the_verdict_that_is_written_beside_it(catalog: Catalog) -> None:
    grey = {script.id: verdict(script, catalog) for script in GIVEN_SCRIPTS if script.grey}
    assert grey == {name: decision for name, (decision, _) in GREY.items()}


def test_every_exception_has_its_reason() -> None:
    reasons = [*DECIDED_AT_RUN_TIME.values(), *HONEST_BUT_REFUSED.values(), *(reason for _, reason in GREY.values())]
    assert all(len(reason) > 20 for reason in reasons)


def test_a_name_of_touchdesigner_is_never_refused_because_it_is_not_known(catalog: Catalog) -> None:
    """A guard that denies `op` as an unknown name stops every attack, and every script."""
    for script in GIVEN_SCRIPTS:
        if script.text is not None:
            unknown = {use.what for use in report_on(script, catalog).uses if use.code.value == "unknown-name"}
            assert not unknown & {"op", "ops", "me", "parent", "ui", "project", "root", "tdu", "td", "absTime", "run"}


def test_we_have_sixty_scripts_of_our_own() -> None:
    assert len(OWN_SCRIPTS) >= 60
    assert {script.family for script in OWN_SCRIPTS} <= {"deny", "allow", "deny-cost", "allow-cost"}


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=lambda script: script.id)
def test_a_script_of_our_own_has_the_verdict_of_its_folder(catalog: Catalog, script: Script) -> None:
    assert verdict(script, catalog) == script.expect


def test_a_script_of_our_own_begins_with_its_technique_and_is_no_double() -> None:
    seen: dict[str, str] = {}
    for script in OWN_SCRIPTS:
        assert script.text is not None, script.id
        first, _, body = script.text.partition("\n")
        assert first.startswith("# "), script.id
        assert len(first) > 12, script.id
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            body = ast.unparse(ast.parse(body))
        assert body not in seen, f"{script.id} says the same as {seen[body]}"
        seen[body] = script.id


def test_nothing_but_scripts_stands_among_them() -> None:
    """A script in a folder of another name would never be judged."""
    strays = [path for path in OWN.rglob("*") if path.is_file() and (path.suffix != ".py" or path.parent.parent != OWN)]
    assert [path.name for path in strays if path.name != "README.md"] == []
