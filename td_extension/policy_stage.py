"""Stage 4: what the policy says about a call, in the order in which it costs least.

    the caller waits after refusals → the tool, whatever the call says → limits that are used up already
    → its arguments and conditions → a person's approval → amounts and the frame rate → its limits are reserved
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .approvals import Approvals
from .asking import approved_uses, ask
from .backoff import Backoff
from .case import Case
from .grants import Grants
from .limits import Exceeded, Limits, Reservation
from .policy.amounts import AmountError, FrameRateFloor, Unit, amount_of
from .policy.decide import Decision, decide, decide_call
from .policy.facts import Facts
from .policy.model import Limit, Policy
from .policy.nodes import NodeScope
from .policy.tools import TOOLS, Risk
from .policy.wording import quoted
from .refusal_cost import RefusalCost, unread
from .show import Show
from .transport import Request
from .values import Category, Code, Mode, Outcome, Refusal, ToolCall

_WITHOUT_WAIT = frozenset({Category.APPROVAL_REQUIRED})
"""Refusals after which a caller does not have to wait: it is told to come again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as the policy sees it.

    Attributes:
        case: who speaks, in which mode, under which policy.
        call: what is asked.
        show: the show at this moment.
        facts: everything else, looked up where a condition asks.
    """

    case: Case
    call: ToolCall
    show: Show
    facts: Callable[[], Facts]

    @property
    def grant(self) -> str:
        """The caller's grant."""
        assert self.case.caller is not None
        return self.case.caller.grant


class PolicyStage:
    """Decides about calls, and counts them.

    Args:
        limits: the counters; None where what they counted before is not known: then nothing that is limited may pass.
        approvals: the calls that wait for a person.
        clock: monotonic seconds.
    """

    def __init__(self, limits: Limits | None, approvals: Approvals, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._approvals = approvals
        self._backoff = Backoff()
        self._cost = RefusalCost()
        self._known: Policy | None = None
        self._clock = clock

    # -- before a call is looked at --------------------------------------------------------------------------------

    def waiting(self, case: Case, request: Request) -> Refusal | None:
        """Why the caller's call is not looked at yet; None where it is. Under another policy everybody begins anew."""
        if case.policy is not self._known:
            self._known, self._backoff = case.policy, Backoff()
        if case.mode is Mode.MONITOR:
            return None
        now_s = self._clock()
        unread_s = self._cost.wait_s(case.speaker, now_s) if request.body else 0.0
        if unread_s:
            return unread(unread_s)
        wait_s = self._backoff.wait_s(case.speaker, now_s)
        if not wait_s:
            return None
        message = "too many calls in a row were refused; read the last refusal, change the call, and wait"
        return Refusal(Category.RATE_LIMITED, Code.BACK_OFF, message, "", wait_s)

    def refused(self, case: Case, refusal: Refusal) -> None:
        """Remember that a call of the caller was refused, and what that took."""
        now_s = self._clock()
        self._cost.refused(case.speaker, now_s, now_s - case.started_s)
        if refusal.code is not Code.BACK_OFF and refusal.category not in _WITHOUT_WAIT:
            self._backoff.refused(case.speaker, now_s)

    def passed(self, case: Case) -> None:
        """Remember that a call of the caller was let through."""
        self._backoff.passed(case.speaker)

    # -- about a call ----------------------------------------------------------------------------------------------

    def decided(self, asked: Asked) -> Decision | Refusal:
        """Whether the call may be made, before its script is judged and before it is counted."""
        case, call = asked.case, asked.call
        if case.mode is Mode.LOCKDOWN:
            message = "the operator has locked TouchDesigner for agents; only get_td_info is answered"
            return Refusal(Category.PERMISSION, Code.LOCKDOWN, message)
        if case.policy is None:
            message = "no policy has loaded; ask the operator to look at the PolicyGuard component"
            return Refusal(Category.PERMISSION, Code.NO_POLICY, message)
        decision = decide(case.policy, call.tool)
        if case.mode is not Mode.MONITOR:
            refusal = _refusal_of(decision) or self._exhausted(asked, decision.limits, None)
            if refusal is not None:
                return refusal
        if decision.is_final or decision.outcome is Outcome.DENY:
            final = decision
        else:
            final = decide_call(case.policy, asked.facts())
        if case.mode is Mode.MONITOR:
            return final
        # What a person has approved is used up by asking for it, so that comes last.
        refusal = _refusal_of(final) or _slow(final.floors, asked.show)
        if refusal is None and final is not decision:
            refusal = self._exhausted(asked, final.limits, None)
        return refusal or self._unapproved(asked, final) or final

    def reserved(self, asked: Asked, decision: Decision) -> Reservation | Refusal | None:
        """Count the call against its limits; None where that is not possible and the mode is monitor."""
        refusal: Refusal
        try:
            amounts = _amounts(decision.limits, asked.call)
        except AmountError as error:
            refusal = Refusal(Category.PERMISSION, Code.UNCOUNTABLE_AMOUNT, str(error), _costed(decision.limits))
            return None if asked.case.mode is Mode.MONITOR else refusal
        if self._limits is None:
            unknown = self._exhausted(asked, decision.limits, amounts)
            return None if asked.case.mode is Mode.MONITOR else unknown
        reserved = self._limits.reserve(
            decision.limits, grant=asked.grant, tool=asked.call.tool, now_s=self._clock(), amounts=amounts
        )
        if not isinstance(reserved, Exceeded):
            return reserved
        return None if asked.case.mode is Mode.MONITOR else _limited(reserved, asked.grant)

    def keep(self, reserved: Reservation | None, started_s: float) -> None:
        """Something ran: the call counts for good, with the time it took of the main thread."""
        if reserved is not None and self._limits is not None:
            spent_ms = (self._clock() - started_s) * 1000 if reserved.unsettled else 0.0
            self._limits.commit(reserved, max(spent_ms, 0.0))

    def give_back(self, reserved: Reservation | None) -> None:
        """Nothing ran, so nothing is counted."""
        if reserved is not None and self._limits is not None:
            self._limits.give_back(reserved)

    def _exhausted(
        self, asked: Asked, limits: Sequence[Limit], amounts: Sequence[float | None] | None
    ) -> Refusal | None:
        """Why a limit does not let the call pass, as far as it is known now."""
        if not limits:
            return None
        if self._limits is None:
            message = "what was counted before is not known, so nothing that is limited may run; ask the operator"
            return Refusal(Category.PERMISSION, Code.LIMITS_UNKNOWN, message, limits[0].pointer)
        if amounts is None and any(limit.cost.unit is not Unit.CALLS for limit in limits):
            limits = [limit for limit in limits if limit.cost.unit is not Unit.ARGUMENT]
            amounts = [1.0 if limit.cost.unit is Unit.CALLS else None for limit in limits]
        exceeded = self._limits.exhausted(
            limits, grant=asked.grant, tool=asked.call.tool, now_s=self._clock(), amounts=amounts
        )
        return None if exceeded is None else _limited(exceeded, asked.grant)

    def _unapproved(self, asked: Asked, decision: Decision) -> Refusal | None:
        """That a person must approve the call first; None where that is not so, or has happened."""
        if decision.outcome is not Outcome.PENDING:
            return None
        if approved_uses(self._approvals, asked.case, self._clock()) is not None:
            return None
        message = ask(self._approvals, asked.case, self._clock())
        return Refusal(Category.APPROVAL_REQUIRED, Code.APPROVAL_NEEDED, message, decision.rule)


def known_to(policy: Policy | None, grants: Grants) -> Grants:
    """The keys, with the policy's word on whether one must be shown."""
    if policy is None or not policy.grants_required or grants.required:
        return grants
    return replace(grants, required=True)


def overlaid(case: Case, grants: Grants) -> tuple[Case, Refusal | None]:
    """The case with the policy that holds for its grant; and why there is none, or None."""
    assert case.caller is not None
    name = grants.overlays.get(case.caller.grant)
    if name is None or case.policy is None:
        return case, None
    policy = case.policy.overlays.get(name)
    if policy is not None:
        return replace(case, policy=policy), None
    message = f"the policy has no overlay {quoted(name)}, which this grant names; ask the operator"
    return case, Refusal(Category.PERMISSION, Code.NO_OVERLAY, message, "/grants/overlays")


def outside(call: ToolCall, path: str, nodes: Sequence[NodeScope]) -> Refusal | None:
    """Why a call may not act on the operator of an absolute path; None where it may."""
    whole = TOOLS.get(call.tool) is Risk.DESTRUCTIVE
    for scope in nodes:
        if not (scope.allows_whole(path) if whole else scope.allows(path)):
            lies = "holds operators that lie" if scope.allows(path) else "lies"
            message = f"{quoted(path)} {lies} outside those that {call.tool} may use here: {scope.text}"
            return Refusal(Category.PERMISSION, Code.OUTSIDE_NODES, message, scope.pointer)
    return None


def _refusal_of(decision: Decision) -> Refusal | None:
    if decision.outcome is not Outcome.DENY:
        return None
    return Refusal(Category.PERMISSION, decision.code or Code.TOOL_DENIED, decision.reason, decision.rule)


def _slow(floors: Sequence[FrameRateFloor], show: Show) -> Refusal | None:
    for floor in floors:
        wait_s = floor.retry_after_s(show.frame_rate)
        if wait_s is not None:
            drawn = "an unknown number of" if show.frame_rate is None else f"{show.frame_rate:.0f}"
            message = f"TouchDesigner draws {drawn} frames a second, and the policy wants {floor.minimum:g}"
            return Refusal(Category.RATE_LIMITED, Code.FRAME_RATE_LOW, message, floor.pointer, wait_s)
    return None


def _amounts(limits: Sequence[Limit], call: ToolCall) -> list[float | None] | None:
    """What the call counts in each limit; None where it counts as one everywhere."""
    if all(limit.cost.unit is Unit.CALLS for limit in limits):
        return None
    return [amount_of(limit.cost, call.args) for limit in limits]


def _costed(limits: Sequence[Limit]) -> str:
    """The first limit whose amount an argument states."""
    return next((limit.pointer for limit in limits if limit.cost.unit is Unit.ARGUMENT), "")


def _limited(exceeded: Exceeded, grant: str) -> Refusal:
    limit = exceeded.limit
    what = {Unit.CALLS: "calls", Unit.MAIN_THREAD_MS: "ms of the main thread"}.get(limit.cost.unit, limit.cost.text)
    if exceeded.retry_after_s is None:
        message = f"this call alone is more than the {limit.max:g} {what} that may be used in {limit.window_s:g} s"
    else:
        message = f"{limit.max:g} {what} in {limit.window_s:g} s are used up for {grant}"
    if limit.on_deny:
        message += f". {limit.on_deny.rstrip('. ')}"
    return Refusal(Category.RATE_LIMITED, Code.RATE_LIMIT, message, limit.pointer, exceeded.retry_after_s)
