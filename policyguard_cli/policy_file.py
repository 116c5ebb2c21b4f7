"""A policy file as the command reads it: what it says, and its problems in the way compilers print theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from td_extension.policy.document import load_document
from td_extension.policy.json_text import MAX_CHARACTERS
from td_extension.policy.model import Loaded, Policy
from td_extension.policy.problems import PolicyError, Problem
from td_extension.policy.source import text_of
from td_extension.policy.table import load_table

from .terminal import shown

_TEXT_PLACE = re.compile(r"line ([0-9]+), column ([0-9]+)")
_TABLE_PLACE = re.compile(r"row ([0-9]+)(?:, column (.+))?")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file that was read.

    Attributes:
        policy: the policy, or None where it does not load.
        problems: one line each, errors before warnings: ``FILE:LINE:COLUMN: error: message; remedy``.
        text: the text of a document; None for a table, and where it does not load.
        rows: the cells of a table; None for a document.
    """

    policy: Policy | None
    problems: tuple[str, ...]
    text: str | None = None
    rows: tuple[tuple[str, ...], ...] | None = None


def read(file: Path) -> PolicyFile:
    """Read a policy from a JSON or YAML document, or from a table that TouchDesigner saved (``.tsv``).

    Raises:
        OSError: where the file cannot be read.
    """
    try:
        text = text_of(file)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        return PolicyFile(None, (f"{shown(file)}:{place}: error: this is not UTF-8; save the file as UTF-8",))
    rows = _rows(text) if file.suffix.lower() == ".tsv" else None
    try:
        loaded = _loaded(file, text, rows)
    except PolicyError as error:
        return PolicyFile(None, tuple(_line(file, rows, problem) for problem in error.problems))
    warnings = tuple(_line(file, rows, problem) for problem in loaded.warnings)
    if rows is None:
        return PolicyFile(loaded.policy, warnings, text=text)
    return PolicyFile(loaded.policy, warnings, rows=tuple(map(tuple, rows)))


def _loaded(file: Path, text: str, rows: list[list[str]] | None) -> Loaded:
    if rows is None:
        return load_document(text, str(file))
    if len(text) > MAX_CHARACTERS:
        problem = Problem(f"{len(text):,} characters are too many", "row 0", f"keep it below {MAX_CHARACTERS:,}")
        raise PolicyError((problem,))
    return load_table(rows, str(file))


def _rows(text: str) -> list[list[str]]:
    """The cells of a table as a Table DAT saves it: a line is a row, tabs part its cells."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n").split("\n")
    return [line.split("\t") for line in lines]


def _line(file: Path, rows: list[list[str]] | None, problem: Problem) -> str:
    in_text, in_table = _TEXT_PLACE.fullmatch(problem.place), _TABLE_PLACE.fullmatch(problem.place)
    if in_text is not None:
        where = f"{shown(file)}:{in_text[1]}:{in_text[2]}: {problem.severity.value}:"
    elif in_table is not None and rows is not None:
        row = int(in_table[1])
        place = f"{row + 1}:{_offset(rows, row, in_table[2] or '0')}"
        where = f"{shown(file)}:{place}: {problem.severity.value}: {problem.place}:"
    else:
        where = f"{shown(file)}: {problem.severity.value}: {problem.place}:"
    return f"{where} {problem.message}; {problem.remedy}"


def _offset(rows: list[list[str]], row: int, column: str) -> int:
    """Where a cell begins in the line of its row, counted from 1; `column` is a name of the header or a number."""
    names = [name.strip().lower() for name in rows[0]]
    index = names.index(column) if column in names else int(column) if column.isdecimal() else 0
    return 1 + sum(len(cell) + 1 for cell in rows[row][:index])
