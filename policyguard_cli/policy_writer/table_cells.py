"""The cells of a table's row, where a cell can hold what a rule says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from td_extension.policy.amounts import CALLS, FrameRateFloor, Unit
from td_extension.policy.limit_cell import Rated, parse_cell
from td_extension.policy.model import Limit
from td_extension.policy.nodes import NodeScope, parse_nodes
from td_extension.policy.operator_path import OperatorPathError
from td_extension.policy.rate import WINDOWS, Rate, RateError
from td_extension.policy.script_rule import PROFILES, RuleError, ScriptGrants, parse_rule
from td_extension.values import Capability

from .rule_json import stated_except

_UNITS = {1.0: "s", 60.0: "m", 3600.0: "h", 86400.0: "d"}


class NoCellError(ValueError):
    """What a cell cannot hold.

    Attributes:
        message: why.
        pointer: JSON pointer of it; empty for the whole of what was to be written.
    """

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


def plain_cell(text: str) -> str:
    """A text as it stands in a cell.

    Raises:
        NoCellError: where it would not be read as it is.
    """
    if text != text.strip() or any(sign in text for sign in "\t\r\n"):
        raise NoCellError("a cell holds no tabs, no line breaks and no white space at its ends")
    return text


def limit_cell(limits: Sequence[Limit], floors: Sequence[FrameRateFloor]) -> str:
    """Limits in one cell; their counters are not in it.

    Raises:
        NoCellError: for the first that a cell cannot hold.
    """
    parts = []
    seen: set[tuple[float, str]] = set()
    for limit in limits:
        kind = (limit.window_s, limit.cost.text)
        if limit.on_deny:
            raise NoCellError("a table's limits have no on_deny", f"{limit.pointer}/on_deny")
        if limit.scope is not limits[0].scope:
            raise NoCellError("the limits of a row have one scope", limit.pointer)
        if kind in seen:
            raise NoCellError("a row has one limit of a kind for a time", limit.pointer)
        seen.add(kind)
        parts.append(_limit(limit))
    return "; ".join([*parts, *map(_floor, floors)])


def rated(limit: Limit) -> Rated:
    """What a cell says of a limit."""
    return Rated(Rate(limit.max, limit.window_s), limit.cost)


def _limit(limit: Limit) -> str:
    wanted = (rated(limit),)
    for window in _windows(limit.window_s):
        text = f"{limit.max}{_unit(limit)}{window}"
        if _read(text)[0] == wanted:
            return text
    raise NoCellError("its window or what it counts cannot be written in a cell", limit.pointer)


def _unit(limit: Limit) -> str:
    if limit.cost == CALLS:
        return ""
    return " ms" if limit.cost.unit is Unit.MAIN_THREAD_MS else f" {limit.cost.text}"


def _windows(window_s: float) -> Iterator[str]:
    for name, seconds in WINDOWS.items():
        if seconds == window_s:
            yield f"/{name}"
    for seconds, unit in reversed(_UNITS.items()):
        number = window_s / seconds
        if number.is_integer():
            yield f"/{int(number)} {unit}"
    for seconds, unit in _UNITS.items():
        yield f"/{window_s / seconds!r} {unit}"


def _floor(floor: FrameRateFloor) -> str:
    for text in (f"{floor.minimum:g} fps", f"{floor.minimum!r} fps"):
        if _read(text)[1] == (floor.minimum,):
            return text
    raise NoCellError("the frame rate has too many digits for a cell", floor.pointer)


def _read(text: str) -> tuple[tuple[Rated, ...], tuple[float, ...]]:
    try:
        return parse_cell(text)
    except RateError:
        return (), ()


def script_cell(grants: ScriptGrants) -> str:
    """What scripts may do, in one cell.

    Raises:
        NoCellError: where a pattern holds what would end it.
    """
    own = PROFILES[grants.profile]
    changes = [f"+{one.value}" for one in Capability if one in grants.granted - own]
    changes += [
        f"+{one.value}({pattern.text})" for one, patterns in grants.scopes.patterns.items() for pattern in patterns
    ]
    changes += [f"-{one.value}" for one in Capability if one in own - grants.granted - grants.ask]
    changes += [f"?{one.value}" for one in Capability if one in grants.ask]
    text = plain_cell(" ".join([grants.profile, *changes]))
    try:
        if parse_rule(text).content() == grants.content():
            return text
    except RuleError as error:
        raise NoCellError(error.message) from None
    raise NoCellError("a pattern holds what would end it in a cell")


def nodes_cell(scope: NodeScope) -> str:
    """A node scope in one cell.

    Raises:
        NoCellError: where it has too many patterns.
    """
    words = [*(one.text for one in scope.within), *(f"-{one.text}" for one in stated_except(scope))]
    text = " ".join([*words, "strict"] if scope.strict else words)
    try:
        if parse_nodes(text).content() == scope.content():
            return text
    except OperatorPathError as error:
        raise NoCellError(error.message) from None
    raise NoCellError("the scope cannot be written in a cell")
