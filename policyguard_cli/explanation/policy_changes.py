"""The changes of a policy that are tried: of what decided first of all, each small enough to be typed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from td_extension.policy.amounts import AmountError, FrameRateFloor, amount_of
from td_extension.policy.argument_schema import ArgumentRule, SchemaError, schema_of
from td_extension.policy.model import Action, Clause, Policy, ScriptRule, ToolRule
from td_extension.policy.nodes import EVERYWHERE, NodeScope, node_scope
from td_extension.policy.operator_path import OperatorPathError, operator_pattern
from td_extension.policy.pointer import pointer_to
from td_extension.policy.rate import RateError, checked_amount
from td_extension.policy.script_rule import PROFILES, ScriptGrants
from td_extension.values import Capability, Json

from ..policy_writer.rule_json import script_json, stated_except, whole
from .call_changes import comparisons_in
from .call_file import DescribedCall
from .condition_changes import changed_comparisons
from .judgement import Judgement
from .policy_change import PolicyChange, with_clause, with_comparison, with_limit, with_rule

_MAX_KEYWORDS = 64
_MAX_CHANGES = 1_000


def changes_to_allow(call: DescribedCall, judgement: Judgement) -> list[PolicyChange]:
    """The changes that may let a refused call pass, the smallest first."""
    return _smallest_first(_to_allow(call, judgement))


def changes_to_refuse(call: DescribedCall, judgement: Judgement) -> list[PolicyChange]:
    """The changes that may have an allowed call refused, the smallest first."""
    return _smallest_first(_to_refuse(call, judgement))


def _smallest_first(changes: Iterator[PolicyChange]) -> list[PolicyChange]:
    return sorted(islice(changes, _MAX_CHANGES), key=lambda change: (change.size, len(change.text)))


def _deciding_first(policy: Policy, judgement: Judgement) -> list[ToolRule]:
    """The rules that hold for the call's tool, first the one that decided."""
    rules = (*policy.every_tool, *policy.tools.get(judgement.facts.tool, ()))
    return sorted(rules, key=lambda rule: not f"{judgement.rule}/".startswith(f"{rule.pointer}/"))


def _to_allow(call: DescribedCall, judgement: Judgement) -> Iterator[PolicyChange]:
    policy, tool = judgement.policy, call.tool
    own = policy.tools.get(tool, ())
    if policy.grants_required and judgement.rule == "/grants/required":
        yield PolicyChange(judgement.rule, "required true → false", 0, replace(policy, grants_required=False))
    for hidden in sorted(policy.hide & {tool, "*"}):
        yield PolicyChange("/hide", f'take "{hidden}" out', 1, replace(policy, hide=policy.hide - {hidden}))
    allowing = ToolRule(Action.ALLOW, "", (), None, pointer_to("tools", tool))
    if not own:
        listed = replace(policy, tools={**policy.tools, tool: (allowing,)})
        yield PolicyChange("/tools", f'add "{tool}": {{}}', 2, listed)
    elif all(rule.when is not None for rule in own):
        listed = replace(policy, tools={**policy.tools, tool: (*own, allowing)})
        yield PolicyChange(pointer_to("tools", tool), "add a rule {} that allows the other calls", 2, listed)
    for rule in _deciding_first(policy, judgement):
        yield from _of_rule(policy, rule, judgement)
        yield from _of_script(policy, rule, judgement)
        if rule.nodes is not None:
            yield from _of_scope(policy, rule, rule.nodes, call, judgement)
        yield from _of_floors(policy, rule, call)
    yield from _script_where_none_is(policy, own, judgement)
    yield from _of_amounts(call, judgement)
    if own and not any(rule.nodes for rule in (*policy.every_tool, *own)):
        yield from _of_scope(policy, own[-1], EVERYWHERE, call, judgement)


def _of_rule(policy: Policy, rule: ToolRule, judgement: Judgement) -> Iterator[PolicyChange]:
    if rule.action is not Action.ALLOW:
        allowing = with_rule(policy, rule, replace(rule, action=Action.ALLOW))
        yield PolicyChange(rule.pointer, f"action {rule.action.value} → allow", 2, allowing)
    yield from _of_conditions(policy, rule, judgement)
    if rule.when is not None:
        yield PolicyChange(f"{rule.pointer}/when", "remove when", 3, with_rule(policy, rule, replace(rule, when=None)))
        yield PolicyChange(rule.pointer, "remove the rule", 3, with_rule(policy, rule, None))
    elif rule in policy.every_tool:
        yield PolicyChange(rule.pointer, "remove the rule", 3, with_rule(policy, rule, None))
    for key, clauses in (("require", rule.require), ("deny_if", rule.deny_if)):
        for clause in clauses:
            without = with_rule(policy, rule, with_clause(rule, clause, None))
            yield PolicyChange(clause.pointer, f"remove the clause of {key}", 2, without)
    if rule.required_args:
        without = with_rule(policy, rule, replace(rule, required_args=False))
        yield PolicyChange(f"{rule.pointer}/validate", "required_args true → false", 0, without)
    if rule.args is not None:
        yield from _of_schema(policy, rule, rule.args)


def _of_conditions(policy: Policy, rule: ToolRule, judgement: Judgement) -> Iterator[PolicyChange]:
    facts = judgement.facts
    for comparison in comparisons_in(rule.when) if rule.when is not None else ():
        for changed in changed_comparisons(comparison, facts):
            assert rule.when is not None
            when = with_comparison(rule.when, comparison, changed.comparison)
            yield PolicyChange(
                comparison.pointer, changed.text, changed.size, with_rule(policy, rule, replace(rule, when=when))
            )
    for clause in (*rule.require, *rule.deny_if):
        for comparison in comparisons_in(clause.condition):
            for changed in changed_comparisons(comparison, facts):
                asked = with_comparison(clause.condition, comparison, changed.comparison)
                other = Clause(asked, clause.on_deny, clause.pointer)
                edited = with_rule(policy, rule, with_clause(rule, clause, other))
                yield PolicyChange(comparison.pointer, changed.text, changed.size, edited)


def _of_schema(policy: Policy, rule: ToolRule, args: ArgumentRule) -> Iterator[PolicyChange]:
    """The schema without one of its keywords, or without one name of `required`."""
    document = json.loads(args.text)
    for keys in list(_keywords(document, ()))[:_MAX_KEYWORDS]:
        text = json.dumps(_without(document, keys), sort_keys=True)
        try:
            schema = schema_of({"type": "object", **json.loads(text)})
        except SchemaError:
            continue  # no such schema could be written
        other = with_rule(policy, rule, replace(rule, args=ArgumentRule(schema, text, args.pointer)))
        # What stands deeper changes less.
        yield PolicyChange(args.pointer + pointer_to(*keys), "remove it from the schema", 2, other)


def _keywords(document: Json, keys: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _keywords(value, (*keys, key))
            yield (*keys, key)
    elif isinstance(document, list) and keys and keys[-1] == "required":
        yield from ((*keys, index) for index in range(len(document)))


def _without(document: Json, keys: tuple[str | int, ...]) -> Json:
    first, rest = keys[0], keys[1:]
    if isinstance(document, dict):
        if rest:
            return {key: _without(value, rest) if key == first else value for key, value in document.items()}
        return {key: value for key, value in document.items() if key != first}
    return [value for index, value in enumerate(document) if index != first]


def _of_script(policy: Policy, rule: ToolRule, judgement: Judgement) -> Iterator[PolicyChange]:
    if rule.script is None or judgement.ruling is None:
        return
    lacking = _lacking(judgement) - rule.script.grants.granted
    if lacking:
        grants = _granting(rule.script.grants, lacking)
        other = with_rule(policy, rule, replace(rule, script=ScriptRule(grants, rule.script.pointer)))
        yield PolicyChange(rule.script.pointer, _told(rule.script.grants, lacking), 1, other)


def _script_where_none_is(policy: Policy, own: tuple[ToolRule, ...], judgement: Judgement) -> Iterator[PolicyChange]:
    script, lacking = judgement.script, _lacking(judgement)
    if script is None or not lacking or not own or any(rule.script for rule in (*policy.every_tool, *own)):
        return
    grants = _granting(script.grants, lacking)
    other = with_rule(policy, own[-1], replace(own[-1], script=ScriptRule(grants, script.pointer)))
    yield PolicyChange(script.pointer, f"add script: {json.dumps(script_json(grants))}", 2, other)


def _lacking(judgement: Judgement) -> frozenset[Capability]:
    """The capabilities for want of which the script is refused or held; no policy grants `guard`."""
    ruling, script = judgement.ruling, judgement.script
    if ruling is None or script is None:
        return frozenset()
    uses = (*ruling.refused, *ruling.asked)
    certain = {capability for use in uses for capability in use.certain()}
    return frozenset(certain - script.grants.granted - {Capability.GUARD})


def _granting(grants: ScriptGrants, more: frozenset[Capability]) -> ScriptGrants:
    text = f"{grants.text} {' '.join(f'+{one.value}' for one in Capability if one in more)}"
    return replace(grants, granted=grants.granted | more, ask=grants.ask - more, text=text)


def _told(grants: ScriptGrants, more: frozenset[Capability]) -> str:
    """What to type for it: what is asked for or denied stays so, whoever else allows it."""
    own = PROFILES[grants.profile]
    asked, denied = more & grants.ask, (more & own) - grants.ask
    told = []
    for words, where in ((asked, "ask"), (denied, "deny")):
        told += [f"take {_words(words)} out of {where}"] if words else []
    allowed = more - own
    return " and ".join([*told, f"add {_words(allowed)} to allow"] if allowed else told)


def _words(capabilities: frozenset[Capability]) -> str:
    return ", ".join(f'"{one.value}"' for one in Capability if one in capabilities)


def _of_scope(
    policy: Policy, rule: ToolRule, scope: NodeScope, call: DescribedCall, judgement: Judgement
) -> Iterator[PolicyChange]:
    """A scope of a rule with what the call acts on let in; and without `strict`."""
    pointer = scope.pointer or f"{rule.pointer}/nodes"
    if scope.strict:
        other = with_rule(policy, rule, replace(rule, nodes=replace(scope, strict=False)))
        yield PolicyChange(pointer, "strict true → false", 0, other)
    for text in _named(call, judgement):
        try:
            path = operator_pattern(text)
        except OperatorPathError:
            continue  # no policy can let it in
        stated = stated_except(scope)
        shut = [one for one in stated if one.may_reach_into(path.folded)]
        kept = [one for one in stated if one not in shut]
        without = [f'take "{one.text}" out of except' for one in shut]
        for more in ((), (path,)):
            told = [*without, *(f'add "{one.text}" to within' for one in more)]
            if told and path.is_plain:
                opened = node_scope((*scope.within, *more), kept, strict=scope.strict, pointer=scope.pointer)
                other = with_rule(policy, rule, replace(rule, nodes=opened))
                yield PolicyChange(pointer, " and ".join(told), len(told), other)


def _named(call: DescribedCall, judgement: Judgement) -> list[str]:
    """The paths of the operators that a call names: its targets, or those in its script."""
    if judgement.ruling is None:
        return [target.path for target in call.targets]
    lookups = judgement.ruling.report.lookups
    return sorted({lookup.path for lookup in lookups if lookup.path is not None})


def _of_floors(policy: Policy, rule: ToolRule, call: DescribedCall) -> Iterator[PolicyChange]:
    for floor in rule.floors:
        rest = tuple(one for one in rule.floors if one is not floor)
        if call.frame_rate is not None and 0 < call.frame_rate < floor.minimum:
            lower = FrameRateFloor(call.frame_rate, floor.pointer)
            text = f"frame_rate {whole(floor.minimum)} → {whole(float(call.frame_rate))}"
            other = replace(rule, floors=(*rest, lower))
            yield PolicyChange(floor.pointer, text, 0, with_rule(policy, rule, other))
        without = with_rule(policy, rule, replace(rule, floors=rest))
        yield PolicyChange(floor.pointer, "remove the limit", 2, without)


def _of_amounts(call: DescribedCall, judgement: Judgement) -> Iterator[PolicyChange]:
    if judgement.decision is None:
        return
    for limit in judgement.decision.limits:
        try:
            amount = amount_of(limit.cost, call.args)
        except AmountError:
            amount = None
        if amount is not None and amount > limit.max:
            try:
                rate = checked_amount(math.ceil(amount), limit.window_s)
            except RateError:
                continue  # no limit can be so large
            other = with_limit(judgement.policy, limit, replace(limit, max=rate.max))
            yield PolicyChange(limit.pointer, f"max {limit.max} → {rate.max}", 0, other)
        without = with_limit(judgement.policy, limit, None)
        yield PolicyChange(limit.pointer, "remove the limit", 2, without)


def _to_refuse(call: DescribedCall, judgement: Judgement) -> Iterator[PolicyChange]:
    policy = judgement.policy
    own = policy.tools.get(call.tool, ())
    for rule in _deciding_first(policy, judgement):
        yield from _of_conditions(policy, rule, judgement)
        if rule in own and rule.action is Action.ALLOW:
            denying = with_rule(policy, rule, replace(rule, action=Action.DENY))
            yield PolicyChange(rule.pointer, "action → deny", 2, denying)
        if rule.script is not None and judgement.ruling is not None:
            needed = judgement.ruling.report.capabilities() & rule.script.grants.granted
            for one in sorted(needed, key=lambda capability: capability.value):
                grants = replace(rule.script.grants, granted=rule.script.grants.granted - {one})
                other = with_rule(policy, rule, replace(rule, script=ScriptRule(grants, rule.script.pointer)))
                is_own = one in PROFILES[grants.profile]
                text = f'add "{one.value}" to deny' if is_own else f'take "{one.value}" out of allow'
                yield PolicyChange(rule.script.pointer, text, 1, other)
    refusing = ToolRule(Action.DENY, "", (), None, pointer_to("tools", call.tool))
    others = {name: rules for name, rules in policy.tools.items() if name != call.tool}
    if own:
        yield PolicyChange(pointer_to("tools", call.tool), "remove the tool", 3, replace(policy, tools=others))
    else:
        listed = replace(policy, tools={**others, call.tool: (refusing,)})
        yield PolicyChange("/tools", f'add "{call.tool}": {{"action": "deny"}}', 3, listed)
