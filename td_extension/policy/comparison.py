"""The operators of conditions: what each says about a value that was found.

There are two meanings. `IMPORTED` is Intercept's (policy_engines.md section 1.1): numbers are compared as floats where
both are numbers, everything else by the text that Go prints for it. `TYPED` is PolicyGuard's own: a text is never a
number, and values of different kinds are not compared at all.

Every test is total: it answers true or false, or says why it cannot.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from ..values import Json
from .go_text import go_text
from .operator_path import OperatorPattern, names_of

MAX_VALUE = 4_096
"""Characters of a text, or entries of a list, that a condition looks at."""


class Operator(enum.Enum):
    """How a condition compares. The first eleven are Intercept's."""

    EQ = "eq"
    NEQ = "neq"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    REGEX = "regex"
    CONTAINS = "contains"
    EXISTS = "exists"
    PATH_IN = "path_in"

    # An enum hashes its name in Python; there are as many of these in a table as it has conditions.
    __hash__ = object.__hash__


class Meaning(enum.Enum):
    """Whose comparison it is."""

    IMPORTED = "imported"
    TYPED = "typed"


class Undecided(enum.Enum):
    """Why a condition says neither yes nor no. The call is refused then; the value is the refusal's stable code."""

    TOO_LONG = "value-too-long"
    MISTYPED = "value-mistyped"
    UNKNOWN = "fact-unknown"


Answer: TypeAlias = bool | Undecided
Test: TypeAlias = Callable[[Json], Answer]


def comparison(operator: Operator, meaning: Meaning, wanted: Json) -> Test:
    """What an operator asks of a value that is there. `EXISTS` is asked of what is not there too, and is not here.

    Args:
        operator: any but `Operator.EXISTS`.
        meaning: whose comparison it is.
        wanted: the value of the condition: an `Expression` for `REGEX`, `OperatorPattern`s for `PATH_IN`, a list for
            `IN` and `NOT_IN`, a finite number for the four that order.
    """
    if operator is Operator.REGEX:
        return _bounded(lambda found: wanted.found_in(found) if isinstance(found, str) else Undecided.MISTYPED)
    if operator is Operator.PATH_IN:
        return _bounded(lambda found: _is_covered(found, wanted))
    order = _ORDERS.get(operator)
    if order is not None:
        return lambda found: order(found, wanted) if _is_number(found) else Undecided.MISTYPED
    if operator is Operator.EQ and meaning is Meaning.TYPED and isinstance(wanted, str):
        return _is_text(wanted)
    equal = _printed_alike if meaning is Meaning.IMPORTED else _equal
    if operator is Operator.EQ:
        return _bounded(lambda found: equal(found, wanted))
    if operator is Operator.NEQ:
        return _bounded(lambda found: _not(equal(found, wanted)))
    if operator is Operator.IN:
        return _bounded(lambda found: _some(equal(found, one) for one in wanted))
    if operator is Operator.NOT_IN:
        return _bounded(lambda found: _not(_some(equal(found, one) for one in wanted)))
    return _bounded(lambda found: _contains(found, wanted, equal))


def _is_text(wanted: str) -> Test:
    """Whether a value is that very text: the comparison that policies ask most."""

    def answer(found: Json) -> Answer:
        if isinstance(found, str):
            return found == wanted if len(found) <= MAX_VALUE else Undecided.TOO_LONG
        return False if found is None else Undecided.MISTYPED

    return answer


def _bounded(test: Test) -> Test:
    def answer(found: Json) -> Answer:
        if isinstance(found, str | list | tuple) and len(found) > MAX_VALUE:
            return Undecided.TOO_LONG
        return test(found)

    return answer


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(_float(value))


def _float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


_ORDERS: Mapping[Operator, Callable[[Json, Json], bool]] = MappingProxyType(
    {
        Operator.LT: lambda found, wanted: found < wanted,
        Operator.LTE: lambda found, wanted: found <= wanted,
        Operator.GT: lambda found, wanted: found > wanted,
        Operator.GTE: lambda found, wanted: found >= wanted,
    }
)


def _not(answer: Answer) -> Answer:
    return answer if isinstance(answer, Undecided) else not answer


def _some(answers: Iterable[Answer]) -> Answer:
    """Whether one of several is true. Not decided only where none could be."""
    undecided: Undecided | None = None
    decided = False
    for answer in answers:
        if answer is True:
            return True
        if answer is False:
            decided = True
        else:
            undecided = answer
    return False if decided or undecided is None else undecided


def _printed_alike(found: Json, wanted: Json) -> Answer:
    if _is_number(found) and _is_number(wanted):
        return _float(found) == _float(wanted)
    one, other = go_text(found, MAX_VALUE), _printed(wanted)
    return Undecided.TOO_LONG if one is None or other is None else one == other


def _printed(wanted: Json) -> str | None:
    """The text of a policy's value: Go's YAML reader keeps whole numbers whole, its JSON reader makes them floats."""
    whole = isinstance(wanted, int) and not isinstance(wanted, bool)
    return str(wanted) if whole else go_text(wanted, MAX_VALUE)


_KINDS: Mapping[type, str] = MappingProxyType(
    {str: "text", bool: "truth", int: "number", float: "number", list: "list", tuple: "list", type(None): "nothing"}
)


def _equal(found: Json, wanted: Json) -> Answer:
    kind, other = _KINDS.get(type(found)), _KINDS.get(type(wanted))
    if kind == "nothing" or other == "nothing":
        return kind == other
    if kind is None or kind == "list" or kind != other:
        return Undecided.MISTYPED
    if kind == "number" and not _is_number(found):
        return Undecided.MISTYPED
    return bool(found == wanted)


def _contains(found: Json, wanted: Json, equal: Callable[[Json, Json], Answer]) -> Answer:
    if isinstance(found, str):
        if equal is _equal:
            return wanted in found if isinstance(wanted, str) else Undecided.MISTYPED
        part = _printed(wanted)
        return Undecided.TOO_LONG if part is None else part in found
    if isinstance(found, list | tuple):
        return bool(found) and _some(equal(one, wanted) for one in found)
    return Undecided.MISTYPED


def _is_covered(found: Json, patterns: tuple[OperatorPattern, ...]) -> Answer:
    if not isinstance(found, str):
        return Undecided.MISTYPED
    names = names_of(found)
    # What cannot be resolved from its text alone is neither inside nor outside.
    return Undecided.MISTYPED if names is None else any(pattern.covers(names) for pattern in patterns)
