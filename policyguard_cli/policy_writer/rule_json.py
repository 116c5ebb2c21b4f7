"""One rule as a document spells it, with PolicyGuard's own keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from td_extension.policy.amounts import FrameRateFloor
from td_extension.policy.model import Action, Clause, Limit, Scope, ToolRule
from td_extension.policy.nodes import DEFAULT_EXCEPT, NodeScope
from td_extension.policy.operator_path import OperatorPattern
from td_extension.policy.rate import WINDOWS
from td_extension.policy.script_rule import PROFILES, ScriptGrants
from td_extension.values import Capability, Json

from .condition_json import conditions_json, is_typed, when_json

_WINDOW_NAMES = {seconds: name for name, seconds in WINDOWS.items()}
_PLACE = re.compile(r"/rules/([0-9]+)\Z")


def rule_json(rule: ToolRule) -> dict[str, Json]:
    """A rule; empty where it says nothing but that its tool is allowed."""
    written: dict[str, Json] = {}
    if rule.name:
        written["name"] = rule.name
    if rule.action is not Action.ALLOW:
        written["action"] = rule.action.value
    if rule.reason:
        written["reason"] = rule.reason
    if rule.when is not None:
        key, spelled = ("when", when_json) if is_typed(rule.when) else ("conditions", conditions_json)
        written[key] = spelled(rule.when)
    for key, clauses in (("require", rule.require), ("deny_if", rule.deny_if)):
        if clauses:
            written[key] = [_clause_json(clause) for clause in clauses]
    if rule.limits or rule.floors:
        written["limits"] = limits_json(rule.limits, rule.floors)
    if rule.script is not None:
        written["script"] = script_json(rule.script.grants)
    if rule.nodes is not None:
        written["nodes"] = _nodes_json(rule.nodes)
    if rule.args is not None:
        written["args"] = json.loads(rule.args.text)
    if rule.required_args:
        written["validate"] = {"required_args": True}
    if set(written) == {"name"}:
        written["action"] = rule.action.value  # a name alone is a rule that has lost its conditions
    return written


def in_written_order(rules: Iterable[ToolRule]) -> list[ToolRule]:
    """The rules of one tool as they were written, by their pointers. Their order means nothing, but a reader's eye."""
    return sorted(rules, key=_place)


def _place(rule: ToolRule) -> int:
    found = _PLACE.search(rule.pointer)
    return 0 if found is None else int(found[1]) + 1


def limits_json(limits: Sequence[Limit], floors: Sequence[FrameRateFloor]) -> list[Json]:
    """The value of the key ``limits``."""
    return [*map(_limit_json, limits), *({"frame_rate": whole(floor.minimum)} for floor in floors)]


def _limit_json(limit: Limit) -> Json:
    written: dict[str, Json] = {
        "counter": limit.counter,
        "window": _WINDOW_NAMES.get(limit.window_s, whole(limit.window_s)),
        "max": limit.max,
    }
    if limit.scope is not Scope.GRANT:
        written["scope"] = limit.scope.value
    if limit.cost.text:
        written["cost"] = limit.cost.text
    if limit.on_deny:
        written["on_deny"] = limit.on_deny
    return written


def whole(number: float) -> int | float:
    """A number as a person writes it: without ``.0``."""
    return int(number) if number.is_integer() else number


def _clause_json(clause: Clause) -> Json:
    written: dict[str, Json] = {"conditions": conditions_json(clause.condition)}
    if clause.on_deny:
        written["on_deny"] = clause.on_deny
    return written


def script_json(grants: ScriptGrants) -> Json:
    """The value of the key ``script``: the name of a profile, or an object where it is changed."""
    own = PROFILES[grants.profile]
    patterns = grants.scopes.patterns
    allow = [one.value for one in Capability if one in grants.granted - own]
    allow += [
        f"{capability.value}({pattern.text})"
        for capability, known in patterns.items()
        for pattern in known
        if capability is not Capability.IMPORT
    ]
    changes = {
        "allow": allow,
        "deny": [one.value for one in Capability if one in own - grants.granted - grants.ask],
        "ask": [one.value for one in Capability if one in grants.ask],
        "modules": [pattern.text for pattern in patterns.get(Capability.IMPORT, ())],
    }
    stated = {key: words for key, words in changes.items() if words}
    return {"profile": grants.profile, **stated} if stated else grants.profile


def _nodes_json(scope: NodeScope) -> Json:
    written: dict[str, Json] = {"within": [one.text for one in scope.within]}
    except_ = [one.text for one in stated_except(scope)]
    if except_:
        written["except"] = except_
    if scope.strict:
        written["strict"] = True
    return written


def stated_except(scope: NodeScope) -> list[OperatorPattern]:
    """What a policy has to write to leave out; TouchDesigner's own operators are left out anyway."""
    named = {one.parts[0].lower() for one in scope.within if one.parts}
    anyway = [one for one in DEFAULT_EXCEPT if one.parts[0] not in named]
    return [one for one in scope.except_ if one not in anyway]
