"""What a policy says about a tool. Pure: no clock, no state, and no look at the call's arguments."""

from __future__ import annotations

from dataclasses import dataclass

from ..values import Code, Outcome
from .model import Action, Limit, Policy, ScriptRule, pointer_to
from .script_rule import DEFAULT_PROFILE, UNCHANGED

_HIDDEN = "there is no such tool here"
_DENIED = "the policy denies this tool; ask the operator if you need it"
_ASK = "the policy wants a person to approve every call of this tool"
_UNLISTED = "the policy has no rule for this tool, and denies what it does not list; ask the operator to add one"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a call of a tool, before its limits are reserved and its script is judged.

    Attributes:
        outcome: allow, deny, or pending where a person must approve.
        rule: JSON pointer of the rule that decided: ``/tools/NAME``, ``/hide`` or ``/default``.
        code: the stable code of the refusal; None where the call is allowed.
        reason: why, one sentence without a trailing full stop; may be empty where the call is allowed.
        limits: the limits that the call must be counted against; none where it is denied.
        script: what a script of the call may do.
        trace: what was looked at, in order, for the audit and for people.
    """

    outcome: Outcome
    rule: str
    code: Code | None
    reason: str
    limits: tuple[Limit, ...]
    script: ScriptRule
    trace: tuple[str, ...]


def decide(policy: Policy, tool: str) -> Decision:
    """Decide about a call of a tool: hidden, then its own rule, then the default.

    Args:
        policy: the policy in force.
        tool: the tool's exact MCP name.
    """
    rule = policy.tools.get(tool)
    script = rule.script if rule is not None and rule.script is not None else _default_script(tool)
    if tool in policy.hide or "*" in policy.hide:
        return Decision(Outcome.DENY, "/hide", Code.TOOL_HIDDEN, _HIDDEN, (), script, ("/hide: hidden",))
    own: tuple[Limit, ...] = ()
    looked_at: tuple[str, ...]
    if rule is None:
        action, reason, pointer = policy.default, policy.default_reason, "/default"
        looked_at = ("/hide: not hidden", "/tools: not listed", f"/default: {action.value}")
    else:
        action, reason, pointer, own = rule.action, rule.reason, rule.pointer, rule.limits
        looked_at = ("/hide: not hidden", f"{pointer}: {action.value}")
    if action is Action.DENY:
        code = Code.DEFAULT_DENY if rule is None else Code.TOOL_DENIED
        why = reason.rstrip(". ") or (_UNLISTED if rule is None else _DENIED)
        return Decision(Outcome.DENY, pointer, code, why, (), script, looked_at)
    limits = own + policy.all_tools
    if action is Action.REQUIRE_APPROVAL:
        why = reason.rstrip(". ") or _ASK
        return Decision(Outcome.PENDING, pointer, Code.APPROVAL_NEEDED, why, limits, script, looked_at)
    return Decision(Outcome.ALLOW, pointer, None, reason.rstrip(". "), limits, script, looked_at)


def _default_script(tool: str) -> ScriptRule:
    """What holds where the policy states no profile; the pointer names the place where one would be stated."""
    return ScriptRule(UNCHANGED[DEFAULT_PROFILE], pointer_to("tools", tool, "script"))
