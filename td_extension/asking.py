"""Asking a person about one call: what the person reads, what the agent is told, and whether the answer is there.

An approval is bound to the very call: its tool, its arguments with the whole text of its script, its grant and the
policy in force. It carries the capabilities that the call was held for and no others.
"""

from __future__ import annotations

import json
from dataclasses import replace

from .approvals import Approvals, QueueFull, call_digest
from .case import Case
from .values import Capability, Category, Code, Refusal


def approved_uses(approvals: Approvals, case: Case, now_s: float) -> frozenset[Capability] | None:
    """What a person has granted this very call; None where nobody has approved it. The approval is used up by this.

    Args:
        approvals: the calls that wait.
        case: the call, past stage 2, with a policy.
        now_s: monotonic seconds.
    """
    approval = approvals.take(_digest(case), now_s)
    return None if approval is None else approval.uses


def ask(approvals: Approvals, case: Case, now_s: float, uses: frozenset[Capability] = frozenset()) -> str:
    """Ask a person about a call; return what its caller is told to do.

    Args:
        approvals: the calls that wait.
        case: the call, past stage 2, with a policy.
        now_s: monotonic seconds.
        uses: what the approval would grant the call; none where it is the tool itself that needs approval.
    """
    try:
        asked = approvals.request(_digest(case), _summary(case, uses), now_s, uses)
    except QueueFull:
        return "too many calls wait for the operator already; ask the operator to answer them"
    return f"ask the operator to approve {asked.id} in TouchDesigner, then repeat the same call"


def held(refusal: Refusal) -> Refusal:
    """The same refusal, of something that a person may approve."""
    return replace(refusal, category=Category.APPROVAL_REQUIRED, code=Code.APPROVAL_NEEDED)


def _summary(case: Case, uses: frozenset[Capability]) -> str:
    """What the person reads; `Approvals` cleans and cuts it."""
    assert case.call is not None
    purpose = ", to use " + ", ".join(sorted(capability.value for capability in uses)) if uses else ""
    script = f", script {case.report.sha256[:8]}" if case.report is not None else ""
    args = json.dumps(dict(case.call.args), ensure_ascii=False, sort_keys=True)
    return f"{case.call.tool} by {_grant(case)}{purpose}{script}: {args}"


def _digest(case: Case) -> str:
    assert case.call is not None
    assert case.policy is not None
    return call_digest(case.call, grant=_grant(case), policy_digest=case.policy.digest)


def _grant(case: Case) -> str:
    assert case.caller is not None
    return case.caller.grant
