"""An allowed script does under the guard what it does without: the same operators, parameters, result and output."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import td_extension.script
from td_extension.script.catalog import Catalog
from td_extension.script.catalog_text import load_catalog
from tests.script.verdicts import GREY, HONEST_BUT_REFUSED

from .plain_run import Ran, differences, run_guarded, run_plainly
from .scripts import CORPUS, allow_scripts

DIFFERS: dict[str, str] = {}
"""Scripts that do something else under the guard, and why; one that no longer differs must leave."""
TELLS_THE_TIME = {"b-report-datetime"}
"""Scripts that write the wall clock's time: two runs are compared until both fall into the same second."""
MAX_RATIO = 10.0
"""Guarded by plain, summed over the corpus: a bound that a busy machine keeps, not the budget of DESIGN section 8."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    file = Path(td_extension.script.__file__).parent / "catalog.json"
    return load_catalog(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def runs(catalog: Catalog) -> dict[str, tuple[Ran, Ran | None]]:
    """Each allowed script, run plainly and under the guard."""
    found: dict[str, tuple[Ran, Ran | None]] = {}
    gc.freeze()  # what other tests have left is not looked through while a script is timed
    for name, file in allow_scripts():
        text = (CORPUS / file).read_text(encoding="utf-8")
        for _ in range(5 if name in TELLS_THE_TIME else 1):
            plain, guarded = found[name] = run_plainly(text), run_guarded(text, catalog)
            if guarded is None or not differences(plain, guarded):
                break
    gc.unfreeze()
    return found


def test_an_allowed_script_does_under_the_guard_what_it_does_without(runs: dict[str, tuple[Ran, Ran | None]]) -> None:
    found = {name: told for name, (one, two) in runs.items() if two is not None and (told := differences(one, two))}
    assert {name: told for name, told in found.items() if name not in DIFFERS} == {}
    assert sorted(DIFFERS.keys() - found.keys()) == [], "these do not differ: leave them out"


def test_the_runs_are_of_what_the_guard_allows(runs: dict[str, tuple[Ran, Ran | None]]) -> None:
    refused = {name for name, (_, guarded) in runs.items() if guarded is None}
    assert (
        refused
        == HONEST_BUT_REFUSED.keys()
        | {name for name, (decision, _) in GREY.items() if decision == "deny"} & runs.keys()
    )
    assert len(runs) - len(refused) >= 110


def test_a_script_that_changes_something_differs_from_one_that_does_not(catalog: Catalog) -> None:
    """The comparison can fail: it sees a flag, a value, an expression, a text, a wire and an operator."""
    base = run_plainly("1")
    for change in (
        "op('noise1').viewer = True",
        "op('noise1').par.period = 7",
        "op('noise1').par.period.expr = 'me.digits'",
        "op('notes').text = 'x'",
        "op('out1').inputConnectors[0].disconnect()",
        "op('/project1').create(noiseTOP, 'made')",
        "op('noise1').nodeX = -3",
        "op('noise1').store('a', 1)",
        "print('x')",
        "2",
    ):
        guarded = run_guarded(change, catalog)
        assert guarded is not None, change
        assert differences(base, guarded) != [], change


def test_the_guard_costs_no_more_than_its_bound_over_the_whole_corpus(
    runs: dict[str, tuple[Ran, Ran | None]], record_property: pytest.FixtureRequest
) -> None:
    both = [(plain.seconds, guarded.seconds) for plain, guarded in runs.values() if guarded is not None]
    ratio = sum(guarded for _, guarded in both) / sum(plain for plain, _ in both)
    record_property("guarded_by_plain", round(ratio, 2))  # type: ignore[operator]
    assert ratio < MAX_RATIO
