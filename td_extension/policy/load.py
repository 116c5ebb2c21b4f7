"""A policy from a document, in every spelling: PolicyLayer's hosted form and short form, Intercept's, and our own keys.

    {"version": "1", "default": "deny", "description": "…", "hide": ["delete_td_node"],
     "all_tools": {"limits": [{"counter": "all", "window": "minute", "max": 120, "scope": "grant"}],
                   "deny_if": [{"conditions": [{"perform_mode": true, "not": {"risk": "read"}}]}]},
     "tools": {"get_td_nodes": {},
               "execute_python_script": {"action": "allow", "reason": "…", "rate_limit": "10/minute",
                                         "script": {"profile": "edit", "allow": ["td.delete"]}},
               "*": {"rules": [{"rate_limit": "60/minute"}]}},
     "grants": {"required": true, "overlays": {"stage": {"tools": {"delete_td_node": {}}}}}}

Keys and their meaning: policy_engines.md sections 1.1 and 1.5; one rule of a tool: `rule_document.py`. ``*`` under
``tools`` is Intercept's spelling of what ``all_tools`` says. The document above is JSON; `document.py` reads the same
keys and values from YAML. Unknown keys are errors.
"""

from __future__ import annotations

from . import lint
from .amounts import FrameRateFloor
from .json_text import JsonTextError, Node, parse
from .limits_document import read_limits
from .model import MAX_REASON, MAX_TOOLS, Action, Limit, Loaded, Rules, ToolRule, make_policy, with_overlay
from .pointer import pointer_to
from .reading import Reading, shown
from .rule_document import read_every_tool, read_rules
from .tools import TOOL_NAME
from .wording import quoted

_DOCUMENT_KEYS = ("version", "default", "default_reason", "description", "hide", "all_tools", "tools", "grants")
_OVERLAY_KEYS = ("hide", "all_tools", "tools")
_MAX_OVERLAYS = 100


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
    default_reason = reading.text(root.get("default_reason"), "default_reason", MAX_REASON)
    description = reading.text(root.get("description"), "description", 10_000)
    rules, hidden = _rules(reading, root, "", default, default_reason)
    lint.check(rules, hidden, reading.place_of, reading.findings)
    required, overlays = _grants(reading, root.get("grants"), rules)
    if reading.findings.failed:
        raise reading.findings.failure()
    policy = make_policy(rules, origin, overlays=overlays, grants_required=required, description=description)
    return Loaded(policy, reading.findings.warnings())


def _rules(
    reading: Reading, members: dict[str, Node], base: str, default: Action, default_reason: str
) -> tuple[Rules, dict[str, str]]:
    """What the document or an overlay states, and the hidden names, each with its pointer."""
    hidden = _hide(reading, members.get("hide"), base + "/hide")
    listed = _tools(reading, members.get("tools"), base + "/tools")
    together = base + "/all_tools"
    if "all_tools" in members:
        reading.remember(together, members["all_tools"].at)
    limits, floors = _all_tools(reading, members.get("all_tools"), together)
    drawn = (ToolRule(Action.ALLOW, "", (), None, together, floors=tuple(floors)),) if floors else ()
    every_tool = (*read_every_tool(reading, members.get("all_tools"), together), *listed.pop("*", ()), *drawn)
    return Rules(default, default_reason, listed, tuple(limits), every_tool, frozenset(hidden)), hidden


def _version(reading: Reading, node: Node | None) -> None:
    if node is None:
        reading.findings.warning('"version" is missing and is read as "1"', "line 1, column 1", 'write "version": "1"')
    elif node.value != "1":
        reading.error(node.at, f"version {shown(node)} is not supported", 'write "version": "1"')


def _default(reading: Reading, node: Node | None) -> Action:
    chosen = reading.choice(node, "default", [action.value for action in Action])
    return Action.DENY if chosen is None else Action(chosen)


def _hide(reading: Reading, node: Node | None, pointer: str) -> dict[str, str]:
    """The hidden names, each with its pointer."""
    hidden: dict[str, str] = {}
    if node is None:
        return hidden
    if node.value == "*":
        return {"*": reading.remember(pointer, node.at)}
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
            hidden[item.value] = reading.remember(pointer + pointer_to(index), item.at)
    return hidden


def _all_tools(reading: Reading, node: Node | None, pointer: str) -> tuple[list[Limit], list[FrameRateFloor]]:
    """The limits that count the calls of all tools together. The rest of it: `read_every_tool`."""
    if node is None:
        return [], []
    if not isinstance(node.value, dict):
        reading.expected(node, "an object for all_tools", '{"limits": []}')
        return [], []
    member = node.value.get("limits")
    return read_limits(reading, member.node if member is not None else None, pointer + "/limits")


def _tools(reading: Reading, node: Node | None, pointer: str) -> dict[str, tuple[ToolRule, ...]]:
    rules: dict[str, tuple[ToolRule, ...]] = {}
    if node is None:
        return rules
    if not isinstance(node.value, dict):
        reading.expected(node, "an object for tools", '{"get_td_nodes": {}}')
        return rules
    if not reading.few(node, "tools", MAX_TOOLS):
        return rules
    for name, member in node.value.items():
        if name == "*" or _is_tool_name(reading, name, member.at):
            place = reading.remember(pointer + pointer_to(name), member.at)
            rules[name] = read_rules(reading, name, member.node, place)
    return rules


def _grants(reading: Reading, node: Node | None, rules: Rules) -> tuple[bool, dict[str, Rules]]:
    """Whether a caller must show a key, and what holds with each overlay."""
    overlays: dict[str, Rules] = {}
    if node is None:
        return False, overlays
    members = reading.members(node, ("required", "overlays"), "grants", '{"required": true}')
    required = members.get("required")
    if required is not None and not isinstance(required.value, bool):
        reading.expected(required, "true or false for required", "true")
    listed = members.get("overlays")
    if listed is not None and not isinstance(listed.value, dict):
        reading.expected(listed, "an object for overlays", '{"stage": {"tools": {}}}')
    elif listed is not None and isinstance(listed.value, dict) and reading.few(listed, "overlays", _MAX_OVERLAYS):
        for name, member in listed.value.items():
            if _is_tool_name(reading, name, member.at):
                overlays[name] = with_overlay(rules, _overlay(reading, name, member.node, rules))
                if not reading.findings.failed:
                    lint.check_counters(overlays[name], reading.place_of, reading.findings)
    return required is not None and required.value is True, overlays


def _overlay(reading: Reading, name: str, node: Node, rules: Rules) -> Rules:
    members = reading.members(node, _OVERLAY_KEYS, f"the overlay {name}", '{"tools": {"delete_td_node": {}}}')
    base = pointer_to("grants", "overlays", name)
    own, hidden = _rules(reading, members, base, rules.default, rules.default_reason)
    lint.check(own, hidden, reading.place_of, reading.findings)
    return own


def _is_tool_name(reading: Reading, name: str, at: int) -> bool:
    if TOOL_NAME.fullmatch(name):
        return True
    reading.error(at, f"{quoted(name)} is no tool name", "write one tool's exact name, or * for all tools")
    return False
