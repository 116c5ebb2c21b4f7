"""A policy as a document: the keys and values that JSON and YAML spell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from td_extension.policy.model import MAX_LIMITS, Limit, Policy, ToolRule
from td_extension.values import Json

from .rule_json import in_written_order, limits_json, rule_json

_MAX_RULES = 100
"""The most entries of a list ``rules`` (`rule_document.py`); one more rule stands beside it."""


def document_of(policy: Policy) -> dict[str, Json]:
    """The policy in PolicyGuard's own spelling, as `json.dumps` takes it."""
    written: dict[str, Json] = {"version": "1"}
    if policy.description:
        written["description"] = policy.description
    written["default"] = policy.default.value
    if policy.default_reason:
        written["default_reason"] = policy.default_reason
    written |= _stated(policy.hide, policy.all_tools, policy.every_tool, policy.tools)
    grants: dict[str, Json] = {"required": True} if policy.grants_required else {}
    if policy.overlays:
        grants["overlays"] = {name: _overlay(policy, overlay) for name, overlay in policy.overlays.items()}
    return written | ({"grants": grants} if grants else {})


def _overlay(base: Policy, overlay: Policy) -> dict[str, Json]:
    """What an overlay states: what holds with it, without what holds anyway. Places tell apart what reads alike."""
    return _stated(
        overlay.hide - base.hide,
        [limit for limit in overlay.all_tools if limit not in base.all_tools],
        [rule for rule in overlay.every_tool if rule not in base.every_tool],
        {name: rules for name, rules in overlay.tools.items() if rules != base.tools.get(name)},
    )


def _stated(
    hide: frozenset[str],
    all_tools: Sequence[Limit],
    every_tool: Sequence[ToolRule],
    tools: Mapping[str, Sequence[ToolRule]],
) -> dict[str, Json]:
    written: dict[str, Json] = {}
    if hide:
        written["hide"] = "*" if hide == {"*"} else sorted(hide)
    together = _all_tools(all_tools, in_written_order(every_tool))
    if together:
        written["all_tools"] = together
    if tools:
        written["tools"] = {name: _rules(in_written_order(rules)) for name, rules in tools.items()}
    return written


def _all_tools(limits: Sequence[Limit], rules: Sequence[ToolRule]) -> dict[str, Json]:
    """The value of ``all_tools``. Frame rates that hold for every tool stand among its limits, as they are read."""
    drawing = next((rule for rule in rules if _only_floors(rule)), None)
    floors = drawing.floors if drawing is not None else ()
    if len(limits) + len(floors) > MAX_LIMITS:
        drawing, floors = None, ()
    rest = [rule_json(rule) for rule in rules if rule is not drawing]
    written: dict[str, Json] = {"limits": limits_json(limits, floors)} if limits or floors else {}
    if len(rest) == 1 and rest[0] and "limits" not in rest[0]:
        return written | rest[0]
    return written | ({"rules": rest} if rest else {})


def _only_floors(rule: ToolRule) -> bool:
    return bool(rule.floors) and rule_json(rule).keys() == {"limits"} and not rule.limits


def _rules(rules: Sequence[ToolRule]) -> dict[str, Json]:
    written = [rule_json(rule) for rule in rules]
    if len(written) == 1:
        return written[0]
    beside = next((one for one in written if one), None) if len(written) > _MAX_RULES else None
    return {**(beside or {}), "rules": [one for one in written if one is not beside]}
