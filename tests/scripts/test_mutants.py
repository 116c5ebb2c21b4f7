"""A mutant is the module with one rule changed, and the scripts that see the change kill it."""

from __future__ import annotations

import ast
import os
import time
from pathlib import Path

import catalog_mutants
import mutant_pool
import mutant_runner
import mutants
import mutate_rules
import pytest
from mutants import Mutant

ROOT = Path(__file__).parents[2]
GUARD = ("/project1/PolicyGuard",)
TEXTS: dict[str, str | None] = {"bad": "import os\nos.getpid()", "worse": "op('a').destroy()", "good": "op('a').par.tx = 1"}

SOURCE = '''\
_WORDS = {"one", "two"}
_NAMES = "a b".split()
_MAX = 20

def f(x, y) -> bool:
    """A docstring."""
    if x and y < 2:
        g(x)
    match x:
        case 1 if y:
            return True
    return any(part for part in x if part)
'''


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return mutant_runner.snapshot(ROOT)


def test_every_rule_of_a_module_is_changed_once() -> None:
    found = [(mutant.kind, mutant.line, mutant.part) for mutant in mutants.mutants_of("m.py", SOURCE)]
    assert len(found) == len(set(found))
    assert {(kind, line) for kind, line, _ in found} == {
        ("entry left out", 1), ("word left out", 2), ("limit lifted", 3), ("always false", 5), ("always true", 5),
        ("condition is false", 7), ("condition is true", 7), ("operand left out", 7), ("comparison negated", 7),
        ("statement left out", 8), ("case left out", 10), ("guard left out", 10), ("filter left out", 12),
    }  # fmt: skip


def test_each_mutant_differs_and_compiles() -> None:
    seen = {ast.unparse(ast.parse(SOURCE))}
    for mutant in mutants.mutants_of("m.py", SOURCE):
        tree = mutants.mutated(SOURCE, mutant)
        compile(tree, "m.py", "exec")
        text = ast.unparse(tree)
        assert text not in seen, mutant
        seen.add(text)


def test_each_mutant_of_the_catalog_differs(sources: dict[str, str]) -> None:
    text = sources[mutant_runner.CATALOG]
    found = list(catalog_mutants.mutants_of(text, by_name=False))
    assert len(found) > 100
    for mutant in found[::20]:
        assert len(catalog_mutants.mutated(text, mutant)) != len(text), mutant


def test_a_rule_that_is_missing_is_seen_by_the_script_that_needs_it(sources: dict[str, str]) -> None:
    """The group of the catalog in which `destroy` stands decides the one script that destroys."""
    before = mutant_runner.sentences(sources, TEXTS, GUARD)
    assert {name: said.verdict for name, said in before.items()} == {"bad": "deny", "worse": "deny", "good": "allow"}
    mutant = next(
        mutant
        for mutant in catalog_mutants.mutants_of(sources[mutant_runner.CATALOG], by_name=False)
        if mutant.kind == "members destroy … free"
    )
    fate = mutate_rules.fate(mutant, sources=sources, texts=TEXTS, guard=GUARD, before=before)
    assert (fate.killed_by, fate.survives) == (("worse",), False)
    assert "worse: 1: script/catalog.json members destroy … free" in mutate_rules.report([fate], ["worse", "bad"])


def test_a_mutant_that_judges_nothing_is_killed(sources: dict[str, str]) -> None:
    broken = {**sources, "td_extension/script/analyse.py": "raise ValueError('no')"}
    fate = mutate_rules.fate(
        Mutant(catalog_mutants.FILE, 0, "", 0, 0, ""), sources=broken, texts=TEXTS, guard=GUARD, before={}
    )
    assert not fate.survives
    assert "ValueError" in fate.broken


def test_the_package_that_the_tests_use_is_left_alone(sources: dict[str, str]) -> None:
    """Judging by a copy takes this process's own modules away; they come back as they were."""
    import td_extension.script.analyse as used

    mutant_runner.sentences(sources, TEXTS, GUARD)
    import td_extension.script.analyse as again

    assert again is used


def _work(task: str) -> str:
    if task == "for ever":
        while True:
            time.sleep(0.01)
    if task == "dies":
        os._exit(3)
    return task.upper()


def _given_up(task: str) -> str:
    return f"{task}: given up"


def test_what_does_not_end_or_dies_is_given_up_and_the_rest_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutant_pool, "MAX_S", 3.0)
    found = sorted(mutant_pool.results(_work, _given_up, ["a", "for ever", "dies", "b", "c"], 2))
    assert found == ["A", "B", "C", "dies: given up", "for ever: given up"]
