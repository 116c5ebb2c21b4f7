"""Rules that do nothing beside the others: denied anyway, said twice, or limited by a smaller limit already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from .condition import Comparison, Condition, Joint
from .condition_lint import at_once, contradicts, impossible
from .model import Action, Limit, Rules, ToolRule
from .scope_lint import idle_nodes, idle_paths
from .wording import plain_text, quoted

Warn: TypeAlias = Callable[[str, str, str], None]
"""Takes what was found, the JSON pointer of its place, and the remedy."""

_MAX_TOLD = 120
_MAX_ALIKE = 20
"""Rules that are compared with each other as a whole."""
_ONE = "remove one of the two"
_MEND = "mend or remove it"


def check(rules: Rules, warn: Warn) -> None:
    """Find the rules without an effect, and conditions and patterns without one.

    Args:
        rules: what the policy states.
        warn: where it goes.
    """
    uses = Counter(limit.counter for limit in _every_limit(rules))
    everywhere = _denials(_asking(rules.every_tool))
    idle: dict[str, tuple[str, ...]] = {}
    for group in (rules.every_tool, *rules.tools.values()):
        if len(group) > 1 or everywhere:
            _beside(_asking(group), everywhere, warn)
        for rule in group:
            _conditions(rule, warn)
            if len(rule.limits) > 1:
                _looser(rule.limits, uses, warn)
            if rule.nodes is not None:
                text = rule.nodes.text
                if text not in idle:
                    idle[text] = tuple(idle_nodes(rule.nodes))
                for told in idle[text]:
                    warn(told, f"{rule.pointer}/nodes", "remove what has no effect")
    _all_denied(rules, warn)


def _every_limit(rules: Rules) -> Iterator[Limit]:
    yield from rules.all_tools
    for rule in rules.every_rule():
        yield from rule.limits


def _all_denied(rules: Rules, warn: Warn) -> None:
    """A rule for every tool that denies without a condition."""
    denied = next((rule for rule in rules.every_tool if rule.action is Action.DENY and rule.when is None), None)
    if denied is not None and (rules.tools or len(rules.every_tool) > 1):
        remedy = 'write "default": "deny" to deny what is not listed'
        warn("this rule denies every tool, so no other rule has an effect", denied.pointer, remedy)


# -- one rule beside another -------------------------------------------------------------------------------------------

_Asked: TypeAlias = frozenset[tuple[object, ...]]
"""What must hold at once, each in one spelling."""
_Asking: TypeAlias = tuple[_Asked, ToolRule]
"""A rule, and what it asks where it applies."""


def _asking(rules: Sequence[ToolRule]) -> list[_Asking]:
    return [(_conjuncts(rule.when) if rule.when is not None else frozenset(), rule) for rule in rules]


def _conjuncts(condition: Condition) -> _Asked:
    if isinstance(condition, Comparison):
        one = condition
        return frozenset(((one.path.text, one.operator, one.meaning, repr(one.wanted)),))
    if condition.joint is Joint.ALL:
        return frozenset().union(*map(_conjuncts, condition.parts))
    return frozenset(((repr(condition.content()),),))


def _denials(rules: Sequence[_Asking]) -> dict[tuple[object, ...], list[_Asking]]:
    """The rules that deny under a condition, by one of the things that the condition asks."""
    found: dict[tuple[object, ...], list[_Asking]] = {}
    for asked, rule in rules:
        if rule.action is Action.DENY and asked:
            found.setdefault(next(iter(asked)), []).append((asked, rule))
    return found


def _beside(rules: Sequence[_Asking], everywhere: Mapping[tuple[object, ...], list[_Asking]], warn: Warn) -> None:
    """The rules of one tool beside each other, and beside those that deny for every tool."""
    own = _denials(rules)
    seen: dict[object, list[ToolRule]] = {}
    for asked, rule in rules:
        alike = seen.setdefault((asked, rule.action, len(rule.limits), len(rule.require), len(rule.deny_if)), [])
        other = next((one for one in alike if _spelled(one) == _spelled(rule)), None)
        if other is not None:
            warn(f"this rule says the same as {quoted(other.pointer)}", rule.pointer, _ONE)
            continue
        if len(alike) < _MAX_ALIKE:
            alike.append(rule)
        denied = _denied_anyway(asked, rule, own) or _denied_anyway(asked, rule, everywhere)
        if denied is not None:
            warn(f"where this rule applies, {quoted(denied.pointer)} denies the call already", rule.pointer, _ONE)


def _denied_anyway(
    asked: _Asked, rule: ToolRule, denials: Mapping[tuple[object, ...], list[_Asking]]
) -> ToolRule | None:
    """The rule that denies wherever this one applies."""
    for one in asked:
        for denied, other in denials.get(one, ()):
            alike = rule.action is Action.DENY and denied == asked  # said twice
            if denied <= asked and not alike and other is not rule:
                return other
    return None


def _spelled(rule: ToolRule) -> str:
    """All that a rule does, in one spelling."""
    return repr(
        (
            rule.action.value,
            rule.when.content() if rule.when is not None else None,
            sorted(repr(clause.condition.content()) for clause in rule.require),
            sorted(repr(clause.condition.content()) for clause in rule.deny_if),
            sorted((one.max, one.window_s, one.scope.value, one.cost.text) for one in rule.limits),
            sorted(floor.minimum for floor in rule.floors),
            rule.script.grants.content() if rule.script is not None else None,
            rule.nodes.content() if rule.nodes is not None else None,
            rule.args.text if rule.args is not None else None,
            rule.required_args,
        )
    )


def _looser(limits: Sequence[Limit], uses: Mapping[str, int], warn: Warn) -> None:
    """Two limits of one rule that count the same: only the smaller is ever reached."""
    for one, other in combinations(limits, 2):
        if (one.window_s, one.scope, one.cost) != (other.window_s, other.scope, other.cost):
            continue
        smaller, larger = (one, other) if one.max <= other.max else (other, one)
        # A counter that another rule counts in as well may be used up before.
        if uses[larger.counter] == 1 and uses[smaller.counter] == 1:
            told = f"counter {quoted(larger.counter)} counts the same as {quoted(smaller.counter)}"
            warn(f"{told}, which is used up first", larger.pointer, _ONE)


# -- one rule by itself ------------------------------------------------------------------------------------------------


def _conditions(rule: ToolRule, warn: Warn) -> None:
    """Conditions that nothing can fulfil: a rule that never applies, or one that lets nothing pass."""
    asked = [(rule.when, "the rule never applies")] if rule.when is not None else []
    asked += [(clause.condition, "no call can pass") for clause in rule.require]
    asked += [(clause.condition, "it denies nothing") for clause in rule.deny_if]
    found = False
    for condition, so in asked:
        contradiction = impossible(condition)
        if contradiction is not None:
            found = True
            warn(f"{_told(contradiction)} can never hold, so {so}", contradiction.pointer, _MEND)
        for comparison, told in idle_paths(condition):
            warn(told, comparison.pointer, "remove what has no effect")
    if rule.require and not found:
        _together(rule, warn)


def _together(rule: ToolRule, warn: Warn) -> None:
    """What is asked in several places of a rule, and cannot hold at once."""
    conditions = [clause.condition for clause in rule.require]
    comparisons = [one for condition in conditions for one in at_once(condition)]
    if rule.when is not None:
        comparisons += at_once(rule.when)
    if contradicts(comparisons):
        warn("what the rule asks cannot hold at once, so no call can pass", rule.require[-1].pointer, _MEND)
        return
    asked = frozenset().union(*map(_conjuncts, conditions))
    for clause in rule.deny_if:
        if _conjuncts(clause.condition) <= asked:
            told = f"{_told(clause.condition)} is asked for and denied, so no call can pass"
            warn(told, clause.pointer, _ONE)


def _told(condition: Condition) -> str:
    return plain_text(condition.told(), _MAX_TOLD)
