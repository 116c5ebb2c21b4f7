"""One call, from the request to the reply. The eight stages of DESIGN section 1, in their order.

    1 Transport   who speaks                      -> Request      or Refusal
    2 Protocol    what is asked, read once        -> ToolCall     or Refusal
    3 Script      what a script can do            -> ScriptReport or Refusal
    4 Policy      whether it may, and its limits  -> Decision     or Refusal
    5 Audit       recorded before anything runs
    6 Act         our own executor, or a request rebuilt from the ToolCall; contained
    7 Settle      limits kept or given back, outcome recorded
    8 Reply       in the envelope that this server's client shows to the agent

A tool that is denied, or whose limit is used up, is refused before its script is parsed: stage 4 is asked first about
the tool, then about the script.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from . import about, transport
from .approvals import Approvals
from .audit import AuditError, AuditLog
from .call_facts import facts_of
from .case import Case, decision_record, outcome_record
from .containment import Broken, Done, Seal, contained
from .effect_stage import EffectStage, Reading
from .grants import Grants
from .limits import Limits, Reservation
from .policy.model import Policy
from .policy_stage import Asked, PolicyStage, known_to, overlaid
from .protocols.messages import Reply
from .protocols.touchdesigner_mcp import TouchDesignerMcp
from .script.catalog import Catalog
from .script.effect import CHANGING, nothing_to_settle
from .script.outcomes import Finished, Raised, Stopped
from .script.surroundings import Surroundings
from .script_stage import ScriptStage
from .show import Show
from .telling import Telling
from .values import Caller, Category, Code, Json, Mode, Outcome, Refusal, ToolCall

Forward = Callable[[dict[str, Any]], tuple[int, str, str]]
"""Hands a canonical request to the guarded server and gives its status, reason and body."""


class Gate:
    """The way of a call. It holds the parts that live; all else is handed from stage to stage.

    Args:
        dialect: reads requests and writes replies.
        grants: gives the keys that are known.
        catalog: what needs which capability.
        bridge: what is known of TouchDesigner.
        limits: the counters; None where what they counted before is not known.
        show: gives what is known of the show.
        reading: what the tools that only look may look at.
        approvals: the calls that wait for a person.
        audit: the log.
        clock: monotonic seconds.

    Attributes:
        rules: what stage 1 admits.
        approvals: as they were given.
    """

    def __init__(
        self,
        *,
        dialect: TouchDesignerMcp,
        grants: Callable[[], Grants],
        catalog: Catalog,
        bridge: Surroundings,
        limits: Limits | None,
        show: Callable[[], Show],
        reading: Reading,
        approvals: Approvals,
        audit: AuditLog,
        clock: Callable[[], float],
    ) -> None:
        self._dialect = dialect
        self.rules = transport.Rules()
        self._grants = grants
        self._bridge = bridge
        self._catalog = catalog
        self._show = show
        self._policies = PolicyStage(limits, approvals, clock)
        self.approvals = approvals
        self._audit = audit
        self._clock = clock
        self._telling = Telling(dialect, limits, show, clock)
        self._scripts = ScriptStage(dialect, catalog, bridge, approvals, clock)
        self._effects = EffectStage(dialect, bridge, reading, self._scripts)

    def close(self) -> None:
        """Let go of the audit's file."""
        self._audit.close()

    def note(self, event: Mapping[str, Json]) -> None:
        """Record what happened beside the calls, e.g. to the wiring. Where that fails, the next call is refused."""
        with contextlib.suppress(AuditError):
            self._audit.append(event)

    def handle(
        self, raw: Mapping[str, Any], *, policy: Policy | None, mode: Mode, me: Any, forward: Forward, seal: Seal
    ) -> Reply:
        """Decide one request and carry it out, or refuse it. Nothing is ever raised.

        Args:
            raw: the request dict of the Web Server DAT.
            policy: the policy in force, or None where none ever loaded.
            mode: how far the guard goes.
            me: the guarded server's own callbacks DAT, from which a script sees paths.
            forward: hands a canonical request to the guarded server.
            seal: finds out what the call has changed that none may change.
        """
        case = Case(secrets.token_hex(4), self._clock(), mode, policy)
        try:
            return self._way(case, raw, me, forward, seal)
        except BaseException as error:
            refusal = Refusal(
                Category.GUARD_DOWN, Code.INTERNAL, f"the guard met an error of its own ({type(error).__name__})"
            )
            with contextlib.suppress(BaseException):
                self._record(case, Outcome.DENY, "", refusal)
            return self._dialect.refused(refusal, "this request", case.id)

    def _way(self, case: Case, raw: Mapping[str, Any], me: Any, forward: Forward, seal: Seal) -> Reply:
        # 1 Transport
        grants = known_to(case.policy, self._grants())
        request = transport.admit(raw, self.rules, grants)
        if isinstance(request, Refusal):
            return self._refused(case, request)
        case = case.spoken_by(Caller(request.peer, request.grant, self._dialect.name))
        if not self._dialect.is_handshake(request) and (waiting := self._policies.waiting(case, request)) is not None:
            return self._refused(case, waiting)
        # 2 Protocol
        call = self._dialect.parse(request)
        if isinstance(call, Refusal):
            return self._refused(case, call)
        case = case.asking(call)
        if call.tool == self._dialect.handshake:
            return self._handshake(case, self._dialect.forwarded(call, request), forward)
        # 4 Policy, as far as it is not about a script
        case, refusal = overlaid(case, grants)
        if refusal is not None:
            return self._refused(case, refusal)
        if about.is_asked(call) and case.mode is not Mode.LOCKDOWN:
            return self._about(case)
        asked = self._asked(case, call, me)
        decision = self._policies.decided(asked)
        if isinstance(decision, Refusal):
            return self._refused(case, decision)
        # 3 Script, and 4 Policy about it; a call without a script is judged by what it does to its target
        if call.code is None:
            aimed = self._effects.aimed(case, call, decision, me)
            call, case, refusal, settled = aimed.call, aimed.case, aimed.refusal, aimed.settled
        else:
            settled, refusal = nothing_to_settle, self._effects.outside(case, call, decision, me)
            if refusal is None:
                case, refusal = self._scripts.judged(case, call, decision)
        if refusal is not None:
            return self._refused(case, refusal)
        reserved = self._policies.reserved(asked, decision)
        if isinstance(reserved, Refusal):
            return self._refused(case, reserved)
        # 5 Audit
        try:
            would_refuse = case.unrestricted or decision.outcome is Outcome.DENY
            self._record(case, Outcome.ALLOW, decision.rule, None, would_refuse=would_refuse)
        except AuditError as error:
            self._policies.give_back(reserved)
            return self._audit_failed(case, error)
        self._policies.passed(case)

        # 6 Act
        def act() -> Finished | Raised | Stopped | tuple[int, str, str]:
            if case.report is None:
                answer = self._effects.own_answer(call) or forward(self._dialect.forwarded(call, request))
                undone = settled()
                return answer if undone is None else Stopped(undone, 0)
            return self._scripts.run(case, case.report, decision, me)

        changes = case.report is not None or call.tool in CHANGING
        acted = contained(act, undo=self._bridge, decision_id=case.id, seal=seal if changes else None)
        # 7 Settle and 8 Reply
        return self._settled(case, acted, reserved)

    # -- 2 ---------------------------------------------------------------------------------------------------------

    def _handshake(self, case: Case, canonical: dict[str, Any], forward: Forward) -> Reply:
        """Answered to everybody whom stage 1 admits: without it, the client gives up on every tool."""
        # Where the audit cannot be written, the next call that does anything is refused for it, and says so.
        with contextlib.suppress(AuditError):
            self._record(case, Outcome.ALLOW, "", None)
        acted = contained(lambda: forward(canonical), undo=self._bridge, decision_id=case.id)
        if isinstance(acted, Done):
            return Reply(*acted.value)
        return self._dialect.script_error(f"the server met an error: {acted.error}")

    def _about(self, case: Case) -> Reply:
        try:
            self._record(case, Outcome.ALLOW, "", None)
        except AuditError as error:
            return self._audit_failed(case, error)
        return self._telling.allowed(case)

    # -- 4 ---------------------------------------------------------------------------------------------------------

    def _asked(self, case: Case, call: ToolCall, me: Any) -> Asked:
        show = self._show()
        return Asked(
            case,
            call,
            show,
            lambda: facts_of(
                case, call, show, catalog=self._catalog, bridge=self._bridge, me=me, judge=self._scripts.report
            ),
        )

    # -- 7 and 8 ---------------------------------------------------------------------------------------------------

    def _settled(
        self,
        case: Case,
        acted: Done[Finished | Raised | Stopped | tuple[int, str, str]] | Broken,
        reserved: Reservation | None,
    ) -> Reply:
        """Keep the limits, for something ran; record how it ended; tell the agent."""
        self._policies.keep(reserved, case.started_s)
        stopped: Refusal | None = None
        match acted:
            case Broken(error=error):
                ending, reply = "error", self._dialect.script_error(f"the call ended with an error: {error}")
            case Done(value=Finished() as finished):
                ending = "done"
                reply = self._dialect.script_result(finished.result, finished.stdout, finished.stderr)
            case Done(value=Raised() as raised):
                ending, reply = "error", self._dialect.script_error(_undone(raised.destroyed) + raised.error)
            case Done(value=Stopped() as halted):
                ending, stopped = "stopped", halted.refusal
                reply = self._telling.refused(case, stopped)
            case Done(value=(status, reason, body)):
                ending, reply = "done", Reply(status, reason, body)
        try:
            self._audit.append(outcome_record(case, ending, reply.status, stopped, self._clock() - case.started_s))
        except AuditError as error:
            return self._audit_failed(case, error)
        return reply

    # -- recording and refusing ------------------------------------------------------------------------------------

    def _refused(self, case: Case, refusal: Refusal) -> Reply:
        outcome = {Category.RATE_LIMITED: Outcome.LIMITED, Category.APPROVAL_REQUIRED: Outcome.PENDING}.get(
            refusal.category, Outcome.DENY
        )
        try:
            self._record(case, outcome, refusal.rule, refusal)
        except AuditError as error:
            return self._audit_failed(case, error)
        if case.caller is not None:
            self._policies.refused(case, refusal)
        return self._telling.refused(case, refusal)

    def _audit_failed(self, case: Case, error: AuditError) -> Reply:
        refusal = Refusal(
            Category.PERMISSION,
            Code.AUDIT_FAILED,
            f"nothing runs unrecorded and the audit cannot be written ({error}); ask the operator to see to its folder",
        )
        return self._dialect.refused(refusal, case.call.tool if case.call else "this request", case.id)

    def _record(
        self, case: Case, outcome: Outcome, rule: str, refusal: Refusal | None, *, would_refuse: bool = False
    ) -> None:
        self._audit.append(decision_record(case, outcome, rule, refusal, would_refuse))


def _undone(destroyed: int) -> str:
    return f"({destroyed} operators that the script had created were destroyed again) " if destroyed else ""
