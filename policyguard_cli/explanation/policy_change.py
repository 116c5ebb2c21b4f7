"""One change of a policy, and how the parts of a policy are exchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from td_extension.policy.condition import Comparison, Condition
from td_extension.policy.model import Clause, Limit, Policy, ToolRule


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One change.

    Attributes:
        pointer: JSON pointer of the place.
        text: what to do there, e.g. ``lte 100 → lte 250``.
        size: how much it changes: 0 a value, 1 one more entry of a list, 2 a clause, 3 a rule.
        policy: the policy with the change. Its digest is that of the policy before.
    """

    pointer: str
    text: str
    size: int
    policy: Policy


def with_rule(policy: Policy, rule: ToolRule, other: ToolRule | None) -> Policy:
    """The policy with another rule in place of one, or without it; a tool without a rule is not listed."""

    def exchanged(rules: tuple[ToolRule, ...]) -> tuple[ToolRule, ...]:
        kept = (other if one is rule else one for one in rules)
        return tuple(one for one in kept if one is not None)

    changed = {name: exchanged(rules) for name, rules in policy.tools.items() if any(one is rule for one in rules)}
    if all(changed.values()):
        tools = {**policy.tools, **changed}
    else:
        tools = {name: rules for name, rules in policy.tools.items() if changed.get(name, rules)}
    return replace(policy, every_tool=exchanged(policy.every_tool), tools=tools)


def with_clause(rule: ToolRule, clause: Clause, other: Clause | None) -> ToolRule:
    """The rule with another clause in place of one, or without it."""

    def exchanged(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        kept = (other if one is clause else one for one in clauses)
        return tuple(one for one in kept if one is not None)

    return replace(rule, require=exchanged(rule.require), deny_if=exchanged(rule.deny_if))


def with_comparison(condition: Condition, comparison: Comparison, other: Comparison) -> Condition:
    """The condition with another comparison in place of one."""
    if isinstance(condition, Comparison):
        return other if condition is comparison else condition
    return replace(condition, parts=tuple(with_comparison(part, comparison, other) for part in condition.parts))


def with_limit(policy: Policy, limit: Limit, other: Limit | None) -> Policy:
    """The policy with another limit in place of one, or without it."""

    def exchanged(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        kept = (other if one is limit else one for one in limits)
        return tuple(one for one in kept if one is not None)

    return _with_rules(
        replace(policy, all_tools=exchanged(policy.all_tools)),
        lambda rule: replace(rule, limits=exchanged(rule.limits)) if limit in rule.limits else rule,
    )


def _with_rules(policy: Policy, changed: Callable[[ToolRule], ToolRule]) -> Policy:
    return replace(
        policy,
        every_tool=tuple(map(changed, policy.every_tool)),
        tools={name: tuple(map(changed, rules)) for name, rules in policy.tools.items()},
    )
