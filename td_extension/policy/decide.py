"""What a policy says about a call. Pure: no clock, no state; of the call it knows its tool, or what `Facts` tell.

A tool that is hidden is refused; one that is not listed has the default. Otherwise every rule that applies must let
the call pass, the tool's own and those of all tools. Where none of its own applies the default decides, but a tool
that is allowed under a condition is refused where that does not hold, whatever the default is.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..values import Code, Outcome
from .amounts import FrameRateFloor
from .comparison import Undecided
from .condition import Condition, Verdict, evaluate
from .facts import Facts
from .model import Action, Clause, Limit, Policy, ScriptRule, ToolRule
from .nodes import EVERYWHERE, NodeScope
from .pointer import pointer_to
from .script_rule import DEFAULT_PROFILE, UNCHANGED, both
from .wording import plain_text

_HIDDEN = "there is no such tool here"
_DENIED = "the policy denies this tool; ask the operator if you need it"
_ASK = "the policy wants a person to approve every call of this tool"
_UNLISTED = "the policy has no rule for this tool, and denies what it does not list; ask the operator to add one"
_NONE_APPLIES = "no rule that the policy has for this tool applies to this call, and the default is to deny"
_MAX_TOLD = 200
_UNDECIDED = {
    Undecided.TOO_LONG: (Code.VALUE_TOO_LONG, "the value is too long to be looked at"),
    Undecided.MISTYPED: (Code.VALUE_MISTYPED, "the value is of a kind that cannot be compared"),
    Undecided.UNKNOWN: (Code.FACT_UNKNOWN, "TouchDesigner could not tell"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a call, before its limits are reserved and its script is judged.

    Attributes:
        outcome: allow, deny, or pending where a person must approve.
        rule: JSON pointer of what decided: ``/tools/NAME``, a condition of it, ``/hide`` or ``/default``.
        code: the stable code of the refusal; None where the call is allowed.
        reason: why, one sentence without a trailing full stop; may be empty where the call is allowed.
        limits: the limits that the call must be counted against; none where it is denied.
        script: what a script of the call may do.
        floors: how many frames TouchDesigner must draw.
        nodes: the operators on which the call may act must lie in each of these.
        is_final: whether nothing about the call could change it.
    """

    outcome: Outcome
    rule: str
    code: Code | None
    reason: str
    limits: tuple[Limit, ...]
    script: ScriptRule
    floors: tuple[FrameRateFloor, ...] = ()
    nodes: tuple[NodeScope, ...] = (EVERYWHERE,)
    is_final: bool = True


def decide(policy: Policy, tool: str) -> Decision:
    """What holds for every call of a tool, whatever it says: what is denied here need not be looked at further.

    Args:
        policy: the policy in force.
        tool: the tool's exact MCP name.
    """
    refused = _unlisted_or_hidden(policy, tool)
    if refused is not None:
        return refused
    own, is_final = policy.tools.get(tool, ()), True
    for rule in policy.every_tool + own:
        if rule.when is None and rule.action is Action.DENY:
            return _denied_by(rule, tool)
        is_final = is_final and not rule.asks
    if is_final:
        return _passed(policy, tool, own, policy.every_tool, is_final=True)
    certain = [rule for rule in own if rule.when is None]
    beside = [rule for rule in policy.every_tool if rule.when is None]
    decision = _passed(policy, tool, certain, beside, is_final=False)
    if own and not certain and decision.rule == "/default":
        # Which of its rules apply is not known yet, nor whether the default is asked at all.
        return replace(decision, outcome=Outcome.ALLOW, rule=own[0].pointer, code=None, reason="")
    return decision


def decide_call(policy: Policy, facts: Facts) -> Decision:
    """What holds for one call.

    Args:
        policy: the policy in force.
        facts: what is known of the call; its script is looked at only where a condition asks for it.
    """
    tool = facts.tool
    refused = _unlisted_or_hidden(policy, tool)
    if refused is not None:
        return refused
    beside = _applying(policy.every_tool, facts)
    if isinstance(beside, Decision):
        return beside
    own = policy.tools.get(tool, ())
    applied = _applying(own, facts)
    if isinstance(applied, Decision):
        return applied
    if own and not applied:
        allowing = [rule.when for rule in own if rule.action is Action.ALLOW and rule.when is not None]
        if allowing:
            where = " or ".join(plain_text(when.told(), _MAX_TOLD) for when in allowing)
            reason = plain_text(f"the policy allows this tool only where {where}", 2 * _MAX_TOLD)
            return _denied(own[0].pointer, Code.CONDITION_NOT_MET, reason, tool)
        if policy.default is Action.DENY:
            return _denied("/default", Code.DEFAULT_DENY, policy.default_reason or _NONE_APPLIES, tool)
    return _passed(policy, tool, applied, beside, is_final=True)


def _applying(rules: tuple[ToolRule, ...], facts: Facts) -> list[ToolRule] | Decision:
    """The rules that apply, where all of them let the call pass; else the decision of the one that does not."""
    applying = []
    for rule in rules:
        if rule.when is not None:
            answer = rule.when.asks(facts)
            if answer is False:
                continue
            if isinstance(answer, Undecided):
                return _undecided(rule.when, evaluate(rule.when, facts), answer, facts.tool)
        refused = _denied_by(rule, facts.tool) if rule.action is Action.DENY else _unfit(rule, facts)
        if refused is not None:
            return refused
        applying.append(rule)
    return applying


def _unlisted_or_hidden(policy: Policy, tool: str) -> Decision | None:
    if tool in policy.hide or "*" in policy.hide:
        return _denied("/hide", Code.TOOL_HIDDEN, _HIDDEN, tool)
    if tool not in policy.tools and policy.default is Action.DENY:
        return _denied("/default", Code.DEFAULT_DENY, policy.default_reason or _UNLISTED, tool)
    return None


@functools.lru_cache(maxsize=256)
def _unstated(tool: str) -> ScriptRule:
    """What holds for scripts where no rule says it; its pointer names the place where one would."""
    return ScriptRule(UNCHANGED[DEFAULT_PROFILE], pointer_to("tools", tool, "script"))


def _passed(
    policy: Policy, tool: str, own: Sequence[ToolRule], beside: Sequence[ToolRule], *, is_final: bool
) -> Decision:
    """The decision of rules that apply and let the call pass: the tool's own, or the default, and those beside it."""
    limits = policy.all_tools
    floors: tuple[FrameRateFloor, ...] = ()
    nodes: tuple[NodeScope, ...] = ()
    script: ScriptRule | None = None
    asking: ToolRule | None = None
    for rule in (*beside, *own):
        limits = rule.limits + limits
        floors += rule.floors
        if rule.nodes is not None:
            nodes += (rule.nodes,)
        if rule.script is not None:
            script = rule.script if script is None else _both(script, rule.script)
        if rule.action is Action.REQUIRE_APPROVAL:
            asking = rule
    if script is None:
        script = _unstated(tool)
    pointer, reason, action = "/default", policy.default_reason, policy.default
    if own:
        pointer, reason, action = own[0].pointer, own[0].reason, Action.ALLOW
    if asking is not None:
        pointer, reason, action = asking.pointer, asking.reason, Action.REQUIRE_APPROVAL
    if action is Action.REQUIRE_APPROVAL:
        outcome, code, reason = Outcome.PENDING, Code.APPROVAL_NEEDED, reason or _ASK
    else:
        outcome, code = Outcome.ALLOW, None
    scopes = nodes or (EVERYWHERE,)
    return Decision(outcome, pointer, code, reason.rstrip(". "), limits, script, floors, scopes, is_final)


def _both(one: ScriptRule, other: ScriptRule) -> ScriptRule:
    return ScriptRule(both(one.grants, other.grants), other.pointer)


def _unfit(rule: ToolRule, facts: Facts) -> Decision | None:
    """Why a rule that applies refuses the call; None where it does not."""
    if rule.args is not None or rule.required_args:
        refused = _wrong_arguments(rule, facts)
        if refused is not None:
            return refused
    for clause in rule.require:
        if clause.condition.asks(facts) is not True:
            return _by_clause(clause, "wants", facts)
    for clause in rule.deny_if:
        if clause.condition.asks(facts) is not False:
            return _by_clause(clause, "denies calls where", facts)
    return None


def _wrong_arguments(rule: ToolRule, facts: Facts) -> Decision | None:
    from .arguments import check, missing  # few policies ask, and each module costs time at start

    lacking = missing(facts.tool, facts.args) if rule.required_args else ()
    if lacking:
        return _denied(f"{rule.pointer}/validate", Code.MISSING_ARGUMENT, f"args.{lacking[0]} is missing", facts.tool)
    flaw = check(rule.args.schema, facts.args) if rule.args is not None else None
    if flaw is None or rule.args is None:
        return None
    return _denied(rule.args.pointer, flaw.code, flaw.message, facts.tool)


def _by_clause(clause: Clause, does: str, facts: Facts) -> Decision:
    verdict, tool = evaluate(clause.condition, facts), facts.tool
    if verdict.undecided is not None:
        return _undecided(clause.condition, verdict, verdict.undecided, tool)
    told = f"the policy {does} {plain_text(clause.condition.told(), _MAX_TOLD)}"
    return _denied(verdict.pointer, Code.CONDITION_NOT_MET, clause.on_deny or told, tool)


def _undecided(condition: Condition, verdict: Verdict, why: Undecided, tool: str) -> Decision:
    code, told = _UNDECIDED[why]
    shown = plain_text(condition.told(), _MAX_TOLD)
    return _denied(verdict.pointer, code, f"it cannot be told whether {shown}, for {told}", tool)


def _denied_by(rule: ToolRule, tool: str) -> Decision:
    return _denied(rule.pointer, Code.TOOL_DENIED, rule.reason or _DENIED, tool)


def _denied(pointer: str, code: Code, reason: str, tool: str) -> Decision:
    return Decision(Outcome.DENY, pointer, code, reason.rstrip(". "), (), _unstated(tool))
