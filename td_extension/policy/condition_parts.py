"""One comparison from its path, operator and value, whichever way they were spelled; every mistake is told here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..values import Json
from .comparison import MAX_VALUE, Meaning, Operator, comparison
from .condition import Comparison
from .facts import FACTS, Entries, FactPath, FactPathError, Kind, dotted_path, fact_path
from .operator_path import OperatorPathError, OperatorPattern, operator_pattern
from .wording import quoted, suggestion

if TYPE_CHECKING:
    from .expression import Expression

MAX_LIST = 1_000
"""Entries of a list that a value is compared with."""

_BY_WORD: Mapping[str, Operator] = MappingProxyType({operator.value: operator for operator in Operator})
_ORDERS = frozenset({Operator.LT, Operator.LTE, Operator.GT, Operator.GTE})
_MEMBERS = frozenset({Operator.IN, Operator.NOT_IN})
_ABOUT_TEXT = frozenset({Operator.REGEX, Operator.PATH_IN})
_OF_ONE_KIND = _ORDERS | _ABOUT_TEXT | {Operator.EXISTS}
_FITTING: Mapping[Kind, frozenset[Operator]] = MappingProxyType(
    {
        Kind.TEXT: frozenset(Operator) - _ORDERS - {Operator.PATH_IN},
        Kind.NUMBER: frozenset(Operator) - _ABOUT_TEXT - {Operator.CONTAINS},
        Kind.TRUTH: frozenset({Operator.EQ, Operator.NEQ, Operator.EXISTS}),
        Kind.LIST: frozenset({Operator.CONTAINS, Operator.EXISTS}),
        Kind.ANY: frozenset(Operator),
    }
)
"""What can be asked of a fact; of the entries of a list, what can be asked of a text."""


class ConditionError(ValueError):
    """A condition that cannot be used.

    Attributes:
        message: what was found.
        remedy: what to write instead.
        key: which part is wrong: ``path``, ``op`` or ``value``.
    """

    def __init__(self, message: str, remedy: str, key: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy
        self.key = key


def compared(path: str, op: str, value: Json, meaning: Meaning, pointer: str) -> Comparison:
    """One comparison.

    Args:
        path: where the value is found. With `Meaning.IMPORTED`, an argument's path in Intercept's spelling.
        op: the operator's word.
        value: what is compared with: JSON as `json.loads` gives it.
        meaning: whose comparison it is, where Intercept has the operator and the path.
        pointer: JSON pointer of the comparison.

    Raises:
        ConditionError: with what was found and what to write instead.
    """
    operator = _BY_WORD.get(op)
    if operator is None:
        raise ConditionError(f"unknown operator {quoted(op)}", suggestion(op, _BY_WORD), "op")
    if operator is Operator.PATH_IN or not path.startswith("args."):
        meaning = Meaning.TYPED
    try:
        found = dotted_path(path) if meaning is Meaning.IMPORTED else fact_path(path)
    except FactPathError as error:
        raise ConditionError(error.message, error.remedy, "path") from None
    _check_fit(found, operator)
    wanted, prepared = _prepared(operator, value)
    _check_kind(found, operator, wanted)
    test = comparison(operator, meaning, prepared) if operator is not Operator.EXISTS else bool
    return Comparison(found, operator, meaning, wanted, pointer, test)


def _kind_of(path: FactPath) -> Kind:
    kind = FACTS[path.fact].kind
    return Kind.TEXT if kind is Kind.LIST and path.steps else kind


def _check_fit(path: FactPath, operator: Operator) -> None:
    kind = _kind_of(path)
    is_operator = path.fact == "target" and path.steps
    if operator in _FITTING[kind] or (is_operator and operator is Operator.PATH_IN):
        return
    remedy = "use one of " + ", ".join(sorted(one.value for one in _FITTING[kind]))
    if kind is Kind.LIST:
        remedy = f"write {path.fact}[*] for some of them, {path.fact}[all] for every one, or contains"
    raise ConditionError(f"{path.text} is {kind.value}, so {operator.value} says nothing about it", remedy, "op")


def _check_kind(path: FactPath, operator: Operator, wanted: Json) -> None:
    """A fact whose kind is known is compared with values of its kind only."""
    kind = _kind_of(path)
    if kind is Kind.ANY or operator in _OF_ONE_KIND:
        return
    for one in wanted if operator in _MEMBERS else (wanted,):
        fits = _is_number(one) if kind is Kind.NUMBER else isinstance(one, bool if kind is Kind.TRUTH else str)
        if not fits:
            wished = "a text" if kind is Kind.LIST else kind.value
            raise ConditionError(f"{path.text} is never {quoted(one)}", f"write {wished}", "value")


def _is_number(value: Json) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _prepared(operator: Operator, value: Json) -> tuple[Json, Json | Expression | tuple[OperatorPattern, ...]]:
    """The value as it is kept, and as it is compared with."""
    word = operator.value
    if operator in _ORDERS:
        if not _is_number(value):
            raise ConditionError(f"{word} compares with a number, found {_named(value)}", "write a number", "value")
        return value, value
    if operator is Operator.EXISTS:
        if not isinstance(value, bool):
            raise ConditionError(f"exists takes true or false, found {_named(value)}", "write true or false", "value")
        return value, value
    if operator in _MEMBERS:
        if not isinstance(value, list | tuple):
            raise ConditionError(f"{word} takes a list, found {_named(value)}", 'write a list: ["a", "b"]', "value")
        return (_kept(value),) * 2
    if operator is Operator.REGEX:
        return _expression(value)
    if operator is Operator.PATH_IN:
        return _patterns(value)
    return (_kept(value),) * 2


def _expression(value: Json) -> tuple[Json, Expression]:
    from .expression import (  # few conditions are patterns, and they cost time at start
        ExpressionError,
        parse_expression,
    )

    if not isinstance(value, str):
        raise ConditionError(f"regex takes a pattern, found {_named(value)}", 'write a text: "^feature/"', "value")
    try:
        return value, parse_expression(value)
    except ExpressionError as error:
        raise ConditionError(error.message, error.remedy, "value") from None


def _patterns(value: Json) -> tuple[Json, tuple[OperatorPattern, ...]]:
    texts = value if isinstance(value, list | tuple) else (value,)
    if not texts or len(texts) > MAX_LIST or not all(isinstance(one, str) for one in texts):
        example = 'write paths such as ["/project1/show", "/project1/lights/**"]'
        raise ConditionError(f"path_in takes paths of operators, found {_named(value)}", example, "value")
    try:
        patterns = tuple(operator_pattern(one) for one in texts)
    except OperatorPathError as error:
        raise ConditionError(error.message, error.remedy, "value") from None
    return tuple(pattern.text for pattern in patterns), patterns


def _kept(value: Json, depth: int = 4) -> Json:
    """The value, with tuples for lists; bounded."""
    if isinstance(value, str) and len(value) > MAX_VALUE:
        message = f"a value has {len(value):,} characters, and no longer text is ever compared"
        raise ConditionError(message, f"keep it to {MAX_VALUE:,}", "value")
    if isinstance(value, list | tuple | dict):
        if len(value) > MAX_LIST or depth == 0:
            raise ConditionError("a value is too large", f"keep it to {MAX_LIST:,} entries, nested 4 deep", "value")
        if isinstance(value, dict):
            return {key: _kept(one, depth - 1) for key, one in value.items()}
        return tuple(_kept(one, depth - 1) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool) and not _is_number(value):
        raise ConditionError("a number is too large", "write a smaller number", "value")
    return value


def _named(value: Json) -> str:
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, dict) else "null" if value is None else quoted(value)


def short_path(fact: str, op: str) -> str:
    """The path that a fact's bare name stands for: of a list, every target for where, else some entry for what."""
    if FACTS[fact].kind is not Kind.LIST or op in (Operator.CONTAINS.value, Operator.EXISTS.value):
        return fact
    return f"{fact}[{(Entries.EVERY if fact == 'target' else Entries.SOME).value}]"
