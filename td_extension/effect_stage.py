"""Stage 3 for a call without a script: which operator it names, and what it would do to it.

What is judged is the operator, and its own path is what is forwarded: a relative path, a pattern or a path with ``..``
is resolved once, here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from .case import Case
from .policy.decide import Decision
from .policy.nodes import NodeScope
from .policy_stage import outside
from .protocols.touchdesigner_mcp import TouchDesignerMcp
from .script.effect import nothing_to_settle, unresolved
from .script.surroundings import Surroundings
from .script_stage import ScriptStage
from .values import Json, Mode, Refusal, ToolCall

_PLAIN_PATH = re.compile(r"/|(?:/[A-Za-z0-9_]+)+")
"""An absolute path that means the same to everybody, whether something is there or not."""


class Reading(Protocol):
    """What the tools that only look may look at (`td_reading.TdReading`)."""

    def refused(self, call: ToolCall, target: Any) -> Refusal | None:
        """Why `call` would look at too much of `target`; None where it may."""

    def refused_help(self, call: ToolCall) -> Refusal | None:
        """Why help on a name is refused; None where it may be given."""

    def class_details(self, name: str) -> dict[str, Json] | None:
        """What the guard itself tells of one of TouchDesigner's objects; None where the server may be asked."""


@dataclass(frozen=True, slots=True)
class Aimed:
    """A call whose target is known.

    Attributes:
        call: the call as it is forwarded.
        case: with that call, and what a person has granted it.
        refusal: why it may not be; None where it may.
        settled: to be asked right after it has happened: undoes what must not stand, and says why.
    """

    call: ToolCall
    case: Case
    refusal: Refusal | None = None
    settled: Callable[[], Refusal | None] = nothing_to_settle


class EffectStage:
    """Decides about what calls without a script do.

    Args:
        dialect: names targets.
        bridge: what is known of TouchDesigner.
        reading: what the tools that only look may look at.
        scripts: knows what a policy and a person grant an effect.
    """

    def __init__(
        self, dialect: TouchDesignerMcp, bridge: Surroundings, reading: Reading, scripts: ScriptStage
    ) -> None:
        self._dialect = dialect
        self._bridge = bridge
        self._reading = reading
        self._scripts = scripts

    def aimed(self, case: Case, call: ToolCall, decision: Decision, me: Any) -> Aimed:
        """The call with its target resolved, and what is decided about its effect.

        Args:
            case: the call as it came in.
            call: the same.
            decision: about its tool.
            me: the guarded server's callbacks DAT, from which relative paths are seen.
        """
        if call.tool == "get_td_module_help":
            return Aimed(call, case, self._reading.refused_help(call))
        settled: Callable[[], Refusal | None] = nothing_to_settle
        for path in call.targets:
            target = self._bridge.operator_at(me, path)
            if target is None and not _PLAIN_PATH.fullmatch(path):
                return Aimed(call, case, unresolved(path))
            stray = outside(call, path if target is None else target.path, _scopes(case, decision))
            if stray is not None or target is None:
                return Aimed(call, case, stray)
            case, effect = self._scripts.affected(case, call, target, decision)
            refusal = effect.refusal or self._reading.refused(call, target)
            if refusal is not None:
                return Aimed(call, case, refusal)
            settled = effect.settled
            if target.path != path:
                call = self._dialect.aimed(call, target.path)
        return Aimed(call, case if call is case.call else replace(case, call=call), None, settled)

    def outside(self, case: Case, call: ToolCall, decision: Decision, me: Any) -> Refusal | None:
        """Why a call with a script may not look at what it names; None where it may. Arguments as of `aimed`."""
        for path in call.targets:
            target = self._bridge.operator_at(me, path)
            stray = outside(call, path if target is None else target.path, _scopes(case, decision))
            if stray is not None:
                return stray
        return None

    def own_answer(self, call: ToolCall) -> tuple[int, str, str] | None:
        """Status, reason and body of a call that the guard itself answers; None for all that are forwarded."""
        details = self._reading.class_details(call.args["className"]) if call.tool == "get_td_class_details" else None
        if details is None:
            return None
        reply = self._dialect.result(details)
        return reply.status, reply.reason, reply.body


def _scopes(case: Case, decision: Decision) -> tuple[NodeScope, ...]:
    return () if case.mode is Mode.MONITOR else decision.nodes
