"""Limits of a document: the list ``limits``, the short ``rate_limit``, and Intercept's ``state`` with its condition.

    {"counter": "calls", "window": "minute", "max": 10, "scope": "grant"}       calls
    {"counter": "spend", "window": "day", "max": 500, "cost": "args.price"}     an amount that an argument states
    {"counter": "frame", "window": 60, "max": 2000, "cost": "main_thread_ms"}   milliseconds of the main thread
    {"frame_rate": 50}                                                          none while TD draws fewer frames

Intercept counts what a rule's `state` says, and limits it by a condition of the same rule on that counter; here both
together are one limit, which counts at the moment the call is let in (the differences in docs/policy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .amounts import CALLS, Cost, FrameRateFloor, Unit, parse_cost
from .facts import FactPathError
from .json_text import Node
from .model import MAX_LIMITS, Limit, Scope
from .rate import WINDOWS, Rate, RateError, checked_amount, checked_rate, parse_rate, rate_counter
from .reading import Reading, shown
from .wording import quoted, suggestion

_LIMIT_KEYS = ("counter", "window", "max", "scope", "cost", "on_deny")
_STATE_KEYS = ("counter", "window", "increment", "increment_from")
_MAX_COUNTER = 200
_MAX_FRAME_RATE = 1_000.0
_EXAMPLE = '{"counter": "calls", "window": "minute", "max": 10, "scope": "grant"}'
_STATE_EXAMPLE = '{"counter": "calls", "window": "day"}'
_ORDERS: Mapping[str, int] = {"lte": 0, "lt": 1}
"""How far below its value each operator's limit lies (policy_engines.md section 1.1: lt means one less)."""


def read_limits(reading: Reading, node: Node | None, pointer: str) -> tuple[list[Limit], list[FrameRateFloor]]:
    """Read a list of limits; those that are wrong are noted and left out.

    Args:
        reading: the document.
        node: the value of ``limits``.
        pointer: its JSON pointer.
    """
    limits: list[Limit] = []
    floors: list[FrameRateFloor] = []
    if node is None:
        return limits, floors
    if not isinstance(node.value, tuple):
        reading.expected(node, "a list for limits", f"[{_EXAMPLE}]")
        return limits, floors
    if not reading.few(node, "limits", MAX_LIMITS):
        return limits, floors
    for index, item in enumerate(node.value):
        place = reading.remember(f"{pointer}/{index}", item.at)
        if isinstance(item.value, dict) and "frame_rate" in item.value:
            floor = _floor(reading, item, place)
            floors += [floor] if floor is not None else []
        else:
            limit = _limit(reading, item, place)
            limits += [limit] if limit is not None else []
    return limits, floors


def read_rate_limit(reading: Reading, node: Node | None, tool: str, pointer: str, on_deny: str) -> Limit | None:
    """Read ``rate_limit``: ``10/minute``, or an object of ``max`` and ``window``; None where it is wrong, and noted.

    Args:
        reading: the document.
        node: its value.
        tool: the tool that it limits; ``*`` for all together.
        pointer: its JSON pointer.
        on_deny: what an agent is told.
    """
    if node is None:
        return None
    reading.remember(pointer, node.at)
    rate: Rate | None = None
    if isinstance(node.value, dict):
        rate = _rate(reading, node, reading.members(node, ("max", "window"), "rate_limit", '"10/minute"'), CALLS)
    elif isinstance(node.value, str):
        try:
            rate = parse_rate(node.value)
        except RateError as error:
            reading.error(node.at, error.message, error.remedy)
    else:
        reading.expected(node, "a text or an object for rate_limit", '"10/minute" or {"max": 10, "window": 60}')
    if rate is None:
        return None
    return Limit(rate_counter(tool, rate.window_s), rate.max, rate.window_s, Scope.GRANT, pointer, CALLS, on_deny)


def counter_conditions(node: Node | None) -> dict[int, Node]:
    """The entries of a list of conditions that look at a counter, by their place in it."""
    entries = node.value if node is not None and isinstance(node.value, tuple) else ()
    found = {}
    for index, entry in enumerate(entries):
        path = entry.value.get("path") if isinstance(entry.value, dict) else None
        if path is not None and isinstance(path.node.value, str) and path.node.value.startswith("state."):
            found[index] = entry
    return found


def read_state(
    reading: Reading, node: Node, conditions: Mapping[int, Node], tool: str, pointer: str, on_deny: str
) -> Limit | None:
    """Read what a rule counts, and its conditions on that counter, as one limit; None where it is wrong, and noted.

    Args:
        reading: the document.
        node: the value of ``state``.
        conditions: those of the rule's conditions that look at a counter (`counter_conditions`).
        tool: the tool of the rule; ``*`` for all together.
        pointer: the JSON pointer of ``state``.
        on_deny: what an agent is told.
    """
    reading.remember(pointer, node.at)
    members = reading.members(node, _STATE_KEYS, "state", _STATE_EXAMPLE)
    counter = reading.text(members.get("counter"), "counter", _MAX_COUNTER)
    window_s = _window(reading, members["window"]) if "window" in members else None
    for key in ("counter", "window"):
        if isinstance(node.value, dict) and (key not in members or members[key].value == ""):
            reading.error(node.at, f"the state has no {key}", f"write {_STATE_EXAMPLE}")
    step, cost = _step(reading, members)
    if not counter or window_s is None or step is None or cost is None:
        return None
    try:
        checked_amount(1, window_s)
    except RateError as error:
        reading.error(members["window"].at, error.message, error.remedy)
        return None
    subject = "_global" if tool == "*" else tool
    bounds = [_bound(reading, one, f"state.{subject}.{counter}") for one in conditions.values()]
    if not bounds:
        message = f"no condition of the rule compares {quoted(counter)}, so nothing is limited by it"
        example = f'{{"path": "state.{subject}.{counter}", "op": "lte", "value": 100}}'
        reading.findings.warning(message, reading.place_of(pointer), f"add the condition {example}")
        return None
    known = [bound for bound in bounds if bound is not None]
    if len(known) < len(bounds):
        return None
    try:
        rate = _checked(cost)(min(known) // step, window_s)
    except RateError as error:
        reading.error(node.at, error.message, error.remedy)
        return None
    scope = Scope.GLOBAL if tool == "*" else Scope.TOOL
    return Limit(counter, rate.max, window_s, scope, pointer, cost, on_deny)


def _step(reading: Reading, members: dict[str, Node]) -> tuple[int | None, Cost | None]:
    """How much each call counts: a whole number of 1 or more, and what is counted; None for what is wrong."""
    cost: Cost | None = CALLS
    if "increment_from" in members:
        cost = _amount(reading, members["increment_from"])
    node = members.get("increment")
    if node is None:
        return 1, cost
    step = _whole(reading, node, "increment")
    if step is not None and step < 0:
        reading.error(node.at, f"increment is {step}: a call would give back what others used", "write 1 or more")
        return None, cost
    if cost is not CALLS and step is not None:
        reading.warning(node.at, "increment has no effect beside increment_from", "remove it")
        return 1, cost
    # Intercept reads 0 as 1 (policy_engines.md section 1.1).
    return (step or 1 if step is not None else None), cost


def _amount(reading: Reading, node: Node) -> Cost | None:
    if isinstance(node.value, str) and not node.value.startswith("args."):
        reading.error(node.at, f"increment_from {quoted(node.value)} names no argument", 'write "args.price"')
        return None
    return _cost(reading, node)


def _bound(reading: Reading, node: Node, own: str) -> int | None:
    """The largest count that a condition on the rule's own counter lets pass; None where it is wrong, and noted."""
    members = reading.members(node, ("path", "op", "value"), "a condition", f'{{"path": "{own}", "op": "lte"}}')
    if len(members) < 3 or members["path"].value != own:
        reading.error(node.at, f"only the rule's own counter can be compared in it, and that is {own}", f"write {own}")
        return None
    op = members["op"].value
    if op not in _ORDERS:
        reading.error(members["op"].at, f"a counter cannot be compared with {shown(members['op'])}", "write lte or lt")
        return None
    value = _whole(reading, members["value"], "a counter's value")
    return None if value is None else value - _ORDERS[str(op)]


def _floor(reading: Reading, node: Node, pointer: str) -> FrameRateFloor | None:
    members = reading.members(node, ("frame_rate",), "a limit on the frame rate", '{"frame_rate": 50}')
    value = members["frame_rate"].value
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _MAX_FRAME_RATE:
        reading.expected(members["frame_rate"], f"frames a second, up to {_MAX_FRAME_RATE:g}", "a number such as 50")
        return None
    return FrameRateFloor(float(value), pointer)


def _limit(reading: Reading, node: Node, pointer: str) -> Limit | None:
    members = reading.members(node, _LIMIT_KEYS, "a limit", _EXAMPLE)
    if isinstance(node.value, dict) and "counter" not in members:
        reading.error(node.at, "the limit has no counter", f"write {_EXAMPLE}")
    counter = reading.text(members.get("counter"), "counter", _MAX_COUNTER)
    if "counter" in members and members["counter"].value == "":
        reading.error(members["counter"].at, "the counter has no name", 'write a name, such as "calls"')
    scope = reading.choice(members.get("scope"), "scope", [scope.value for scope in Scope])
    cost = _cost(reading, members["cost"]) if "cost" in members else CALLS
    on_deny = reading.text(members.get("on_deny"), "on_deny", 500)
    rate = _rate(reading, node, members, cost) if isinstance(node.value, dict) and cost is not None else None
    if rate is None or cost is None:
        return None
    own = Scope.GRANT if scope is None else Scope(scope)
    return Limit(counter, rate.max, rate.window_s, own, pointer, cost, on_deny)


def _cost(reading: Reading, node: Node) -> Cost | None:
    if not isinstance(node.value, str):
        reading.expected(node, "what is counted", '"args.price" or "main_thread_ms"')
        return None
    try:
        return parse_cost(node.value)
    except FactPathError as error:
        reading.error(node.at, error.message, error.remedy)
        return None


def _rate(reading: Reading, node: Node, members: dict[str, Node], cost: Cost) -> Rate | None:
    """The rate that `max` and `window` state; None where either is wrong, which is noted."""
    for key, example in (("max", '"max": 10'), ("window", '"window": "minute"')):
        if key not in members:
            reading.error(node.at, f"{key} is missing", f"write {example}")
    if "max" not in members or "window" not in members:
        return None
    maximum = _whole(reading, members["max"], "max")
    window_s = _window(reading, members["window"])
    if maximum is None or window_s is None:
        return None
    try:
        return _checked(cost)(maximum, window_s)
    except RateError as error:
        reading.error(members["max"].at, error.message, error.remedy)
        return None


def _checked(cost: Cost) -> Callable[[int, float], Rate]:
    return checked_rate if cost.unit is Unit.CALLS else checked_amount


def _whole(reading: Reading, node: Node, what: str) -> int | None:
    value = node.value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    reading.expected(node, f"a whole number for {what}", "a number such as 10")
    return None


def _window(reading: Reading, node: Node) -> float | None:
    value = node.value
    if isinstance(value, str):
        if value in WINDOWS:
            return WINDOWS[value]
        remedy = suggestion(value, WINDOWS) + "; a number of seconds is good too"
        reading.error(node.at, f"unknown window {quoted(value)}", remedy)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    else:
        reading.expected(node, "a window", '"minute", or a number of seconds')
    return None
