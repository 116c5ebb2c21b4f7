"""What callers are told by the guard itself: refusals, and what is allowed where they ask for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from . import about
from .call_facts import OF_NO_CALL, facts_of_tool
from .case import Case
from .hints import Hints
from .limits import Limits
from .policy.decide import Decision, decide, decide_call
from .policy.model import Limit, Policy
from .protocols.messages import Reply
from .protocols.touchdesigner_mcp import TouchDesignerMcp
from .show import Show
from .values import Refusal


class Telling:
    """Tells callers, in the words of their dialect.

    Args:
        dialect: writes replies.
        limits: the counters; None where what they counted before is not known.
        show: gives what is known of the show.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        dialect: TouchDesignerMcp,
        limits: Limits | None,
        show: Callable[[], Show],
        clock: Callable[[], float],
    ) -> None:
        self._dialect = dialect
        self._limits = limits
        self._show = show
        self._clock = clock
        self._hints = Hints()

    def refused(self, case: Case, refusal: Refusal) -> Reply:
        """The refusal as its caller reads it, who learns with the first of a session how to ask before."""
        hint = self._hints.after_refusal(case.speaker, self._clock()) if case.caller is not None else ""
        return self._dialect.refused(refusal, case.call.tool if case.call else "this request", case.id, hint)

    def _decided(self, case: Case, policy: Policy, tool: str) -> Decision:
        """What is decided about a tool, as far as that can be told before a call says more."""
        decision = decide(policy, tool)
        rules = (*policy.every_tool, *policy.tools.get(tool, ()))
        if decision.is_final or any(rule.facts() - OF_NO_CALL for rule in rules):
            return decision
        return decide_call(policy, facts_of_tool(case, tool, self._show()))

    def allowed(self, case: Case) -> Reply:
        """What the caller of a case may do here. It is told whatever the policy says of the tool that asks."""
        assert case.caller is not None
        grant = case.caller.grant

        def left_of(tool: str, limits: Sequence[Limit]) -> tuple[int, ...]:
            if self._limits is None:
                return (0,) * len(limits)
            return self._limits.remaining(limits, grant=grant, tool=tool, now_s=self._clock())

        told = about.answer(
            mode=case.mode,
            grant=grant,
            tools=self._dialect.tools,
            decision_of=None if case.policy is None else partial(self._decided, case, case.policy),
            left_of=left_of,
        )
        return self._dialect.result({"moduleName": about.NAME, "helpText": told})
