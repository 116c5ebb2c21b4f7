"""No script to deny reaches an effect: judged and watched as in production, in a process of its own with recording sinks.

What reaches no sink even without the guard proves nothing and is listed in `known`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import td_extension.script
from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog_text import load_catalog
from td_extension.script.report import first_refused

from .intervals import wilson
from .known import GREY_REACHED, NOT_MEASURED, NOT_STOPPED, ONLY_JUDGED
from .measure import Measured, measure
from .scripts import deny_scripts, opened, original

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the measurement forks, and bounds memory as Linux does"
)

CLEAR = [script for script in deny_scripts() if not script.grey]
FAMILY = {script.id: script.family for script in deny_scripts()}
TD = [script.id for script in CLEAR if script.scope == "td"]
GREY = [script.id for script in deny_scripts() if script.grey]
PYTHON = [script.id for script in CLEAR if script.scope == "python"]


def run(names: list[str], way: str) -> dict[str, Measured]:
    return {one.id: one for one in measure((name, FAMILY[name], way) for name in names)}


def reaching(measured: dict[str, Measured]) -> dict[str, tuple[str, ...]]:
    return {name: one.sinks for name, one in measured.items() if one.sinks}


def test_no_script_to_deny_reaches_an_effect_under_the_guard() -> None:
    measured = run(TD + PYTHON, "guarded")
    assert {one.id: one.end for one in measured.values() if one.end.startswith("the measurement")} == {}
    reached = reaching(measured)
    assert {name: sinks for name, sinks in reached.items() if name not in NOT_STOPPED} == {}
    assert sorted(NOT_STOPPED.keys() - reached.keys()) == [], "these reach none: leave them out"


def test_a_script_on_which_policies_differ_reaches_no_effect_but_those_listed() -> None:
    assert reaching(run(GREY, "guarded")).keys() == GREY_REACHED.keys()


def test_every_vector_of_touchdesigner_reaches_its_sink_without_the_guard_or_is_listed() -> None:
    reached = reaching(run(TD, "unguarded"))
    assert set(TD) - reached.keys() == NOT_MEASURED.keys() & set(TD)


@pytest.mark.slow
def test_every_vector_of_python_reaches_its_sink_without_the_guard_or_is_listed() -> None:
    reached = reaching(run(PYTHON, "unguarded"))
    assert set(PYTHON) - reached.keys() == NOT_MEASURED.keys() & set(PYTHON)


@pytest.mark.slow
def test_the_watch_alone_stops_the_vectors_of_touchdesigner_but_those_listed() -> None:
    reached = reaching(run(TD, "watched"))
    assert {name: sinks for name, sinks in reached.items() if name not in ONLY_JUDGED} == {}
    assert sorted(ONLY_JUDGED.keys() - reached.keys()) == [], "these reach none: leave them out"


def test_opening_a_branch_changes_no_verdict() -> None:
    """What is measured is not quite the text of the corpus: it must be judged as that is."""
    file = Path(td_extension.script.__file__).parent / "catalog.json"
    catalog = load_catalog(file.read_text(encoding="utf-8"))
    changed = [script.id for script in deny_scripts() if original(script.id) != opened(script.id)]
    assert len(changed) >= 5
    for name in changed:
        verdicts = {
            first_refused(analyse(text or "", catalog, ()), PROFILES["edit"]) is None
            for text in (original(name), opened(name))
        }
        assert verdicts == {False}, name


def test_every_exception_has_its_reason() -> None:
    known = {script.id for script in deny_scripts()}
    for table in (NOT_MEASURED, NOT_STOPPED, ONLY_JUDGED, GREY_REACHED):
        assert table.keys() <= known
        assert all(len(reason) > 20 for reason in table.values())


def test_an_interval_holds_its_share_and_is_that_of_the_book() -> None:
    assert wilson(34, 34) == pytest.approx((0.8985, 1.0), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert all(low <= hits / 20 <= high for hits in range(21) for low, high in [wilson(hits, 20)])
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)
