"""A condition as one cell of a table spells it (`td_extension/policy/condition_text.py`), where a cell can hold it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from td_extension.policy.comparison import Operator
from td_extension.policy.condition import Comparison, Condition, Group, Joint
from td_extension.policy.condition_parts import ConditionError, short_path
from td_extension.policy.condition_text import parse_when
from td_extension.values import Json

from .condition_json import is_typed, value_json
from .json_text import with_escapes

_SIGNS = {
    Operator.EQ: "=",
    Operator.NEQ: "!=",
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
}


class NoLineError(ValueError):
    """A condition that one line cannot hold.

    Attributes:
        message: why.
        pointer: JSON pointer of the part that it cannot hold.
    """

    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


def condition_line(condition: Condition) -> str:
    """The condition on one line.

    Raises:
        NoLineError: where a line cannot hold it.
    """
    if not is_typed(condition):
        raise NoLineError("it compares as Intercept does, and a table compares by type", condition.pointer)
    is_all = isinstance(condition, Group) and condition.joint is Joint.ALL
    parts = condition.parts if isinstance(condition, Group) and is_all else (condition,)
    line = "; ".join(map(_clause, parts))
    if not _means(line, condition):
        raise NoLineError("a cell holds 16 conditions and 2,000 characters", condition.pointer)
    return line


def _clause(part: Condition) -> str:
    negated = isinstance(part, Group) and part.joint is Joint.NOT
    asked = part.parts[0] if isinstance(part, Group) and negated else part
    if not isinstance(asked, Comparison):
        raise NoLineError("a cell holds no conditions within conditions", part.pointer)
    for line in _spellings(asked):
        clause = f"not {line}" if negated else line
        if ";" not in clause and clause.isprintable() and _means(clause, part):
            return clause
    raise NoLineError("its path cannot be written in a cell", part.pointer)


def _spellings(asked: Comparison) -> Iterator[str]:
    """Ways to write a comparison, the shortest first; not each of them means it."""
    operator, path, value = asked.operator, asked.path.text, value_json(asked.wanted)
    sign = _SIGNS.get(operator, operator.value)
    short = asked.path.fact
    names = (short, path) if short != "args" and path == short_path(short, operator.value) else (path,)
    for name in names:
        if operator is Operator.EQ and value is True:
            yield name
        if isinstance(value, str):
            yield f"{name} {sign} {value}"
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            yield f"{name} {sign} {', '.join(value)}"
        yield f"{name} {sign} {_json(value)}"


def _json(value: Json) -> str:
    return with_escapes(json.dumps(value, ensure_ascii=False)).replace(";", "\\u003b")


def _means(line: str, condition: Condition) -> bool:
    try:
        read = parse_when(line, "")
    except ConditionError:
        return False
    return read is not None and _same(read, condition)


def _same(one: Condition, other: Condition) -> bool:
    return json.dumps(one.content(), sort_keys=True) == json.dumps(other.content(), sort_keys=True)
