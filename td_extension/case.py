"""One call on its way, and what the audit is told of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from .policy.model import Policy
from .script.report import ScriptReport
from .values import Caller, Capability, Json, Mode, Outcome, Refusal, ToolCall

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a call so far.

    Attributes:
        id: the decision's id, 8 hexadecimal digits.
        started_s: on the gate's clock.
        mode: the guard's mode when the call came in.
        policy: the policy in force then.
        caller: who speaks, once stage 1 has passed.
        call: what is asked, once stage 2 has passed.
        report: what its script can do, once stage 3 has passed.
        approved: what a person has granted this very call, beyond what the policy grants.
        unrestricted: its script runs because the mode is monitor, although the policy would refuse it.
    """

    id: str
    started_s: float
    mode: Mode
    policy: Policy | None
    caller: Caller | None = None
    call: ToolCall | None = None
    report: ScriptReport | None = None
    approved: frozenset[Capability] = frozenset()
    unrestricted: bool = False

    def spoken_by(self, caller: Caller) -> Case:
        """The case once stage 1 has passed. Spelled out: `dataclasses.replace` takes four times as long."""
        return Case(self.id, self.started_s, self.mode, self.policy, caller)

    def asking(self, call: ToolCall) -> Case:
        """The case once stage 2 has passed; spelled out as in `spoken_by`."""
        return Case(self.id, self.started_s, self.mode, self.policy, self.caller, call)

    @property
    def speaker(self) -> str:
        """The caller as one text that tells callers apart; empty before stage 1."""
        return f"{self.caller.grant}@{self.caller.peer}" if self.caller is not None else ""


def decision_record(
    case: Case, outcome: Outcome, rule: str, refusal: Refusal | None, would_refuse: bool
) -> dict[str, Json]:
    """The record that stands in the audit before anything runs.

    Args:
        case: the call.
        outcome: what was decided.
        rule: JSON pointer of the rule that decided.
        refusal: why it is refused; None where it is not.
        would_refuse: monitor mode lets it pass although the policy would refuse it.
    """
    caller, call, report = case.caller, case.call, case.report
    return {
        "event": "decision",
        "decision": case.id,
        "mode": case.mode.value,
        "peer": caller.peer if caller else None,
        "grant": caller.grant if caller else None,
        "protocol": caller.protocol if caller else None,
        "tool": call.tool if call else None,
        "targets": list(call.targets)[:8] if call else [],
        "args_sha256": _args_digest(call) if call else None,
        "script_sha256": report.sha256 if report else None,
        "outcome": outcome.value,
        "would_refuse": would_refuse,
        "rule": rule,
        "code": refusal.code.value if refusal else None,
        "message": refusal.message if refusal else None,
        "line": refusal.line if refusal else None,
        "policy": case.policy.digest if case.policy else None,
        "approved": sorted([capability.value for capability in case.approved]),
    }


def outcome_record(case: Case, ending: str, status: int, stopped: Refusal | None, duration_s: float) -> dict[str, Json]:
    """The record that stands in the audit once the call has ended.

    Args:
        case: the call.
        ending: ``done``, ``error`` or ``stopped``.
        status: the HTTP status of the reply.
        stopped: why the watch stopped its script; None where it did not.
        duration_s: seconds since the request came in.
    """
    return {
        "event": "outcome",
        "decision": case.id,
        "ending": ending,
        "status": status,
        "code": stopped.code.value if stopped else None,
        "message": stopped.message if stopped else None,
        "duration_ms": round(duration_s * 1000, 3),
    }


def _args_digest(call: ToolCall) -> str:
    text = _CANONICAL.encode(dict(call.args))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
