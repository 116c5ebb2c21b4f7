"""The statements of rules that no script can prove, each with the reason (`reviewed_rules.yaml`)."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import yaml
from mutants import Mutant

FILE = Path(__file__).resolve().parent / "reviewed_rules.yaml"
KINDS = {"run time", "told", "speed", "unwritable"}
"""It marks what the watch looks at while a script runs; it is for the reader of a report; it makes judging faster; the
text that shows it cannot stand in a file."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, known by what it says: line numbers move.

    Attributes:
        file: the path inside the package.
        function: the functions and classes around it, e.g. ``MemberJudge._held``.
        text: what it says, as `ast.unparse` writes it.
    """

    file: str
    function: str
    text: str

    def __str__(self) -> str:
        return f"{self.file} {self.function}: `{self.text[:90]}`"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A statement that no script proves.

    Attributes:
        statement: the statement.
        kind: one of `KINDS`.
        reason: why no verdict changes without it.
        test: the test that fails without it, as pytest names it; empty only where it is there for speed.
    """

    statement: Statement
    kind: str
    reason: str
    test: str


def load(text: str | None = None) -> tuple[Reviewed, ...]:
    """The statements that were reviewed.

    Args:
        text: the YAML; without it, that of `FILE`.

    Raises:
        ValueError: an entry lacks a reason or a test, or its kind is not known.
    """
    found = []
    for entry in yaml.safe_load(FILE.read_text(encoding="utf-8") if text is None else text):
        statement = Statement(entry["file"], entry["in"], entry["statement"])
        one = Reviewed(statement, entry["kind"], entry.get("reason", ""), entry.get("test", ""))
        if one.kind not in KINDS:
            raise ValueError(f"{statement}: kind is {one.kind!r}; write one of {sorted(KINDS)}")
        if not one.reason:
            raise ValueError(f"{statement}: write the reason why no script can tell")
        if not one.test and one.kind != "speed":
            raise ValueError(f"{statement}: name the test that fails without it")
        found.append(one)
    return tuple(found)


def statement_of(source: str, mutant: Mutant) -> Statement:
    """The statement that a mutant of the module `source` leaves out."""
    tree = ast.parse(source)
    node = list(ast.walk(tree))[mutant.node]
    around = [
        outer
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.ClassDef) and any(inner is node for inner in ast.walk(outer))
    ]
    return Statement(mutant.file, ".".join(outer.name for outer in around), ast.unparse(node))
