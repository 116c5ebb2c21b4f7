"""Conditions in one line, e.g. a cell of the table's column ``when``.

    when   := clause (";" clause)*                     all must hold
    clause := "not"? fact (operator value)?            perform_mode; not perform_mode; frame_rate >= 50
    operator := "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | any operator's word
    value  := JSON, or bare words separated by commas  hour < 18; op_type in textDAT, tableDAT; grant = stage

A fact alone stands for ``fact = true``. The facts and what is asked of them: `facts.py`; comparisons are typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

from ..values import Json
from .comparison import Meaning, Operator
from .condition import Condition, Group, Joint
from .condition_parts import ConditionError, compared, short_path
from .facts import FACTS
from .wording import quoted

MAX_TEXT = 2_000
_MAX_CLAUSES = 16
_IS = Operator.EQ.value
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "=": _IS,
        "!=": Operator.NEQ.value,
        "<": Operator.LT.value,
        "<=": Operator.LTE.value,
        ">": Operator.GT.value,
        ">=": Operator.GTE.value,
    }
)
_FACT = r"[A-Za-z_][\w.]*(?:\[[^\]]*\][\w.]*){0,8}"
_CLAUSE = re.compile(rf"(not\s+)?({_FACT})(?:(?:\s*(!=|<=|>=|=|<|>)|\s+([a-z_]+)(?=\s))\s*(.+))?", re.S)
_LISTED = frozenset(operator.value for operator in (Operator.IN, Operator.NOT_IN, Operator.PATH_IN))
_BARE = re.compile(r"(?!(?:true|false|null)\Z)[A-Za-z_/][\w./*-]*\Z")
"""A word that is no JSON, and no list either."""
_WHOLE = re.compile(r"(?:0|[1-9][0-9]{0,14})\Z")


def parse_when(text: str, pointer: str) -> Condition | None:
    """Read conditions from one line; None where it is blank.

    Args:
        text: the line.
        pointer: JSON pointer of the whole.

    Raises:
        ConditionError: with what was found and what to write instead.
    """
    if len(text) > MAX_TEXT:
        raise ConditionError(f"the cell has {len(text):,} characters", f"keep it to {MAX_TEXT:,}", "value")
    clauses = [clause.strip() for clause in text.split(";") if clause.strip()]
    if len(clauses) > _MAX_CLAUSES:
        raise ConditionError(f"{len(clauses)} conditions are too many", f"keep it to {_MAX_CLAUSES}", "value")
    parts = tuple(_clause(clause, f"{pointer}/{index}") for index, clause in enumerate(clauses))
    if len(parts) < 2:
        return parts[0] if parts else None
    return Group(Joint.ALL, parts, pointer)


def _clause(text: str, pointer: str) -> Condition:
    found = _CLAUSE.fullmatch(text)
    if found is None:
        remedy = "write a fact, an operator and a value, such as frame_rate >= 50; part conditions with semicolons"
        raise ConditionError(f"{quoted(text)} is no condition", remedy, "path")
    negated, path, sign, word, rest = found.groups()
    operator = word or _SIGNS.get(sign, _IS)
    value = True if rest is None else _value(rest.strip(), listed=operator in _LISTED)
    path = short_path(path, operator) if path in FACTS else path
    part: Condition = compared(path, operator, value, Meaning.TYPED, pointer)
    return Group(Joint.NOT, (part,), pointer) if negated else part


def _value(text: str, *, listed: bool) -> Json:
    if _BARE.match(text):
        return [text] if listed else text
    if _WHOLE.match(text):
        return [int(text)] if listed else int(text)
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None if text == "null" else _words(text) if listed or "," in text else text
    return [value] if listed and not isinstance(value, list) else value


def _words(text: str) -> list[Json]:
    return [_value(word.strip(), listed=False) for word in text.split(",") if word.strip()]


def _refuse(word: str) -> Json:
    raise ValueError(f"{word} is no JSON")
