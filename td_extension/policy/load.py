"""A policy from a document: PolicyLayer's hosted form, version "1", and the short form of its tool pages.

    {"version": "1", "default": "deny", "description": "…", "hide": ["delete_td_node"],
     "all_tools": {"limits": [{"counter": "all", "window": "minute", "max": 120, "scope": "grant"}]},
     "tools": {"get_td_nodes": {},
               "execute_python_script": {"action": "allow", "reason": "…", "rate_limit": "10/minute",
                                         "script": {"profile": "edit", "allow": ["td.delete"]}}}}

Keys and their meaning: policy_engines.md sections 1.1 and 1.5. Whatever this version does not support is refused.
The document above is JSON; `document.py` reads the same keys and values from YAML.
"""

from __future__ import annotations

import re

from . import lint
from .json_text import JsonTextError, Node, parse
from .model import (
    MAX_LIMITS,
    MAX_NAME,
    MAX_REASON,
    MAX_TOOLS,
    Action,
    Limit,
    Loaded,
    Scope,
    ToolRule,
    make_policy,
    pointer_to,
)
from .rate import WINDOWS, Rate, RateError, checked_rate, parse_rate, rate_counter
from .reading import Reading, shown
from .script_document import read_script
from .wording import quoted, suggestion

_DOCUMENT_KEYS = ("version", "default", "description", "hide", "all_tools", "tools")
_TOOL_KEYS = ("action", "reason", "limits", "rate_limit", "script")

TOOL_NAME = re.compile(rf"[A-Za-z0-9_./-]{{1,{MAX_NAME}}}")
_MAX_COUNTER = 200


def load_json(text: str, origin: str) -> Loaded:
    """Read a policy from the text of a JSON document.

    Args:
        text: the document; at most 1,048,576 characters.
        origin: where it came from, for people, e.g. ``policy.json``.

    Raises:
        PolicyError: with every problem that was found. No other exception, whatever the text.
    """
    reading = Reading(text)
    try:
        document = parse(text)
    except JsonTextError as error:
        reading.error(error.at, error.message, error.remedy)
        raise reading.findings.failure() from None
    for member in document.repeated:
        reading.error(member.at, f"the key {quoted(member.key)} occurs twice in its object", "keep one of them")
    return read_policy(reading, document.root, origin)


def read_policy(reading: Reading, document: Node, origin: str) -> Loaded:
    """Read a policy from a document's value, whatever language the document is in.

    Args:
        reading: the document, with what was found in it so far.
        document: its value.
        origin: where it came from, for people.

    Raises:
        PolicyError: with every problem that was found.
    """
    root = reading.members(document, _DOCUMENT_KEYS, "the document", '{"version": "1", "tools": {}}')
    _version(reading, root.get("version"))
    default = _default(reading, root.get("default"))
    reading.text(root.get("description"), "description", 10_000)
    hide = _hide(reading, root.get("hide"))
    all_tools = _all_tools(reading, root.get("all_tools"))
    tools = _tools(reading, root.get("tools"))
    lint.check(tools, all_tools, hide, reading.place_of, reading.findings)
    if reading.findings.failed:
        raise reading.findings.failure()
    policy = make_policy(
        default=default, default_reason="", tools=tools, all_tools=all_tools, hide=frozenset(hide), origin=origin
    )
    return Loaded(policy, reading.findings.warnings())


def _version(reading: Reading, node: Node | None) -> None:
    if node is None:
        reading.findings.warning('"version" is missing and is read as "1"', "line 1, column 1", 'write "version": "1"')
    elif node.value != "1":
        reading.error(node.at, f"version {shown(node)} is not supported", 'write "version": "1"')


def _default(reading: Reading, node: Node | None) -> Action:
    chosen = reading.choice(node, "default", (Action.ALLOW.value, Action.DENY.value))
    return Action.DENY if chosen is None else Action(chosen)


def _hide(reading: Reading, node: Node | None) -> dict[str, str]:
    """The hidden names, each with its pointer."""
    hidden: dict[str, str] = {}
    if node is None:
        return hidden
    if node.value == "*":
        return {"*": reading.remember("/hide", node.at)}
    if not isinstance(node.value, tuple):
        reading.expected(node, 'a list of tool names or "*" for hide', '["delete_td_node"]')
        return hidden
    if not reading.few(node, "hidden tools", MAX_TOOLS):
        return hidden
    for index, item in enumerate(node.value):
        if not isinstance(item.value, str):
            reading.expected(item, "the name of a tool", '"delete_td_node"')
        elif item.value in hidden:
            reading.error(item.at, f"{quoted(item.value)} is hidden twice", "remove one of them")
        elif item.value == "*" or _is_tool_name(reading, item.value, item.at):
            hidden[item.value] = reading.remember(pointer_to("hide", index), item.at)
    return hidden


def _all_tools(reading: Reading, node: Node | None) -> tuple[Limit, ...]:
    if node is None:
        return ()
    members = reading.members(node, ("limits",), "all_tools", '{"limits": []}')
    return tuple(_limits(reading, members.get("limits"), "/all_tools/limits"))


def _tools(reading: Reading, node: Node | None) -> dict[str, ToolRule]:
    rules: dict[str, ToolRule] = {}
    if node is None:
        return rules
    if not isinstance(node.value, dict):
        reading.expected(node, "an object for tools", '{"get_td_nodes": {}}')
        return rules
    if not reading.few(node, "tools", MAX_TOOLS):
        return rules
    for name, member in node.value.items():
        if _is_tool_name(reading, name, member.at):
            rules[name] = _rule(reading, name, member.node, reading.remember(pointer_to("tools", name), member.at))
    return rules


def _rule(reading: Reading, name: str, node: Node, pointer: str) -> ToolRule:
    members = reading.members(node, _TOOL_KEYS, f"the rule of {name}", '{"action": "allow"}')
    action = reading.choice(members.get("action"), "action", [action.value for action in Action])
    limits = _limits(reading, members.get("limits"), f"{pointer}/limits")
    rate = _rate_limit(reading, members.get("rate_limit"))
    if rate is not None:
        at = reading.remember(f"{pointer}/rate_limit", members["rate_limit"].at)
        limits.append(Limit(rate_counter(name, rate.window_s), rate.max, rate.window_s, Scope.GRANT, at))
    return ToolRule(
        action=Action.ALLOW if action is None else Action(action),
        reason=reading.text(members.get("reason"), "reason", MAX_REASON),
        limits=tuple(limits),
        script=read_script(reading, members.get("script"), f"{pointer}/script"),
        pointer=pointer,
    )


def _limits(reading: Reading, node: Node | None, pointer: str) -> list[Limit]:
    if node is None:
        return []
    if not isinstance(node.value, tuple):
        example = '[{"counter": "calls", "window": "minute", "max": 10, "scope": "grant"}]'
        reading.expected(node, "a list for limits", example)
        return []
    if not reading.few(node, "limits", MAX_LIMITS):
        return []
    found = (_limit(reading, item, f"{pointer}/{index}") for index, item in enumerate(node.value))
    return [limit for limit in found if limit is not None]


def _limit(reading: Reading, node: Node, pointer: str) -> Limit | None:
    example = '{"counter": "calls", "window": "minute", "max": 10, "scope": "grant"}'
    members = reading.members(node, ("counter", "window", "max", "scope"), "a limit", example)
    if isinstance(node.value, dict) and "counter" not in members:
        reading.error(node.at, "the limit has no counter", f"write {example}")
    counter = reading.text(members.get("counter"), "counter", _MAX_COUNTER)
    if "counter" in members and members["counter"].value == "":
        reading.error(members["counter"].at, "the counter has no name", 'write a name, such as "calls"')
    scope = reading.choice(members.get("scope"), "scope", [scope.value for scope in Scope])
    rate = _rate(reading, node, members) if isinstance(node.value, dict) else None
    if rate is None:
        return None
    reading.remember(pointer, node.at)
    return Limit(counter, rate.max, rate.window_s, Scope.GRANT if scope is None else Scope(scope), pointer)


def _rate_limit(reading: Reading, node: Node | None) -> Rate | None:
    if node is None:
        return None
    if isinstance(node.value, dict):
        return _rate(reading, node, reading.members(node, ("max", "window"), "rate_limit", '"10/minute"'))
    if not isinstance(node.value, str):
        reading.expected(node, "a text or an object for rate_limit", '"10/minute" or {"max": 10, "window": 60}')
        return None
    try:
        return parse_rate(node.value)
    except RateError as error:
        reading.error(node.at, error.message, error.remedy)
        return None


def _rate(reading: Reading, node: Node, members: dict[str, Node]) -> Rate | None:
    """The rate that `max` and `window` state; None where either is wrong, which is noted."""
    for key, example in (("max", '"max": 10'), ("window", '"window": "minute"')):
        if key not in members:
            reading.error(node.at, f"{key} is missing", f"write {example}")
    if "max" not in members or "window" not in members:
        return None
    maximum = _whole(reading, members["max"])
    window_s = _window(reading, members["window"])
    if maximum is None or window_s is None:
        return None
    try:
        return checked_rate(maximum, window_s)
    except RateError as error:
        reading.error(members["max"].at, error.message, error.remedy)
        return None


def _whole(reading: Reading, node: Node) -> int | None:
    value = node.value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    reading.expected(node, "a whole number for max", "a number such as 10")
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


def _is_tool_name(reading: Reading, name: str, at: int) -> bool:
    if TOOL_NAME.fullmatch(name):
        return True
    remedy = "write one tool's exact name"
    if name == "*":
        remedy = "put its limits under all_tools, and its action under default"
    reading.error(at, f"{quoted(name)} is no tool name", remedy)
    return False
