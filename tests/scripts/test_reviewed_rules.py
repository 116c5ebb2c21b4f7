"""Each statement of a rule has a script that only it decides rightly, or stands in the reviewed list with a reason."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mutant_pool
import mutant_runner
import mutants
import mutate_rules
import pytest
import reviewed_rules
from mutants import Mutant
from reviewed_rules import Reviewed, Statement

from tests.script.corpora import GUARD, given, own

ROOT = Path(__file__).parents[2]
SOURCES = {
    "td_extension/script/m.py": "class A:\n    def f(self):\n        g(1)\n        return 2\n",
}
STATEMENT = Statement("script/m.py", "A.f", "g(1)")


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return mutant_runner.snapshot(ROOT)


def left_out() -> Mutant:
    source = SOURCES["td_extension/script/m.py"]
    return next(one for one in mutants.mutants_of("script/m.py", source) if one.kind == mutants.STATEMENT)


def report(*, killed_by: tuple[str, ...] = (), review: tuple[Reviewed, ...] = ()) -> tuple[str, bool]:
    return mutate_rules.statement_report([mutate_rules.Fate(left_out(), killed_by, ())], SOURCES, review)


REVIEWED = Reviewed(STATEMENT, "speed", "It is only faster.", "")


def test_a_statement_is_known_by_what_it_says() -> None:
    assert reviewed_rules.statement_of(SOURCES["td_extension/script/m.py"], left_out()) == STATEMENT


def test_a_statement_with_a_script_is_covered() -> None:
    said, is_complete = report(killed_by=("deny/one",))
    assert said.startswith("1 rule statements: 1 have a script")
    assert is_complete


def test_a_reviewed_statement_is_told_with_its_reason() -> None:
    said, is_complete = report(review=(REVIEWED,))
    assert "1 are reviewed, 0 are neither" in said
    assert "It is only faster." in said
    assert is_complete


def test_a_statement_that_is_neither_is_a_failure() -> None:
    said, is_complete = report()
    assert "NEITHER script/m.py:3" in said
    assert not is_complete


def test_a_reviewed_statement_that_has_a_script_is_a_failure() -> None:
    said, is_complete = report(killed_by=("deny/one",), review=(REVIEWED,))
    assert "IDLE" in said
    assert not is_complete


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ("{file: a, in: b, statement: c, kind: unknown, reason: d, test: e}", "write one of"),
        ("{file: a, in: b, statement: c, kind: told, test: e}", "write the reason"),
        ("{file: a, in: b, statement: c, kind: told, reason: d}", "name the test"),
    ],
)
def test_an_entry_without_its_grounds_is_refused(entry: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        reviewed_rules.load(f"- {entry}")


def test_every_reviewed_statement_stands_in_the_judge(sources: dict[str, str]) -> None:
    files = {one.statement.file for one in reviewed_rules.load()}
    found = {
        reviewed_rules.statement_of(sources[f"{mutant_runner.PACKAGE}/{file}"], one)
        for file in files
        for one in mutants.mutants_of(file, sources[f"{mutant_runner.PACKAGE}/{file}"])
        if one.kind == mutants.STATEMENT
    }
    assert {one.statement for one in reviewed_rules.load()} <= found


def test_every_test_that_is_named_exists() -> None:
    for one in reviewed_rules.load():
        file, _, name = one.test.partition("::")
        assert not one.test or f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8"), one.statement


def test_the_verdict_of_a_narrower_or_wider_policy_counts(sources: dict[str, str]) -> None:
    texts = {"reads": "op('a')", "sets": "op('a').par.tx = 1", "deletes": "op('a').destroy()",
             "guard": "op('/project1/PolicyGuard').destroy()"}  # fmt: skip
    said = mutant_runner.sentences(sources, texts, GUARD)
    assert [said[name].decides for name in texts] == [
        ("allow", frozenset({"td.read"})), ("allow", frozenset({"td.read", "td.write"})),
        ("deny", "allow"), ("deny", "deny"),
    ]  # fmt: skip


def test_every_statement_about_parameters_is_covered(sources: dict[str, str]) -> None:
    """The part that is quick to measure; the whole is measured under ``-m slow``."""
    texts = {script.id: script.text for script in [*given(), *own()]}
    before = mutant_runner.sentences(sources, texts, GUARD)
    todo = mutate_rules.statements(sources, ["parameters.py"])
    fates = [mutate_rules.fate(one, sources=sources, texts=texts, guard=GUARD, before=before) for one in todo]
    assert fates
    assert not [one.mutant for one in fates if one.survives]


@pytest.mark.slow
def test_every_statement_of_a_rule_is_covered_or_reviewed(
    sources: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutant_pool, "MAX_S", 60.0)
    texts = {script.id: script.text for script in [*given(), *own()]}
    todo = mutate_rules.statements(sources, ())
    fates = mutate_rules.tried(todo, sources, texts, GUARD, os.cpu_count() or 1)
    said, is_complete = mutate_rules.statement_report(fates, sources, reviewed_rules.load())
    assert is_complete, said


@pytest.mark.slow
@pytest.mark.parametrize("one", [one for one in reviewed_rules.load() if one.test], ids=lambda one: str(one.statement))
def test_the_test_that_is_named_fails_without_the_statement(
    one: Reviewed, sources: dict[str, str], tmp_path: Path
) -> None:
    for name in ("td_extension", "td_headless", "policyguard_cli", "tests", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = sources[f"{mutant_runner.PACKAGE}/{one.statement.file}"]
    mutant = next(
        found
        for found in mutants.mutants_of(one.statement.file, source)
        if found.kind == mutants.STATEMENT and reviewed_rules.statement_of(source, found) == one.statement
    )
    changed = ast.unparse(mutants.mutated(source, mutant))
    (tmp_path / mutant_runner.PACKAGE / one.statement.file).write_text(changed, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", one.test]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stdout
