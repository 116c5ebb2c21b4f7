"""Stage 3, and the part of stages 4 and 6 that is about what a call does: the uses of a script, or its effect.

A script is judged, then the policy decides about its uses, then it is compiled, and decided about once more: by the
report of the very tree that was compiled. A call without a script is looked at as the use that a script would make of
its target. What the policy wants a person to approve holds the call; the approved call has what it was held for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .approvals import Approvals
from .asking import approved_uses, ask, held
from .case import Case
from .policy.decide import Decision
from .policy.nodes import NodeScope
from .protocols.touchdesigner_mcp import TouchDesignerMcp
from .ruling import ruling_on
from .script.cache import Basis, JudgedScripts
from .script.catalog import Catalog
from .script.effect import CHANGING, Effect
from .script.lookups import Lookup, lookups_of
from .script.outcomes import Finished, Raised, Stopped
from .script.report import ScriptReport, refusal_of, refused_uses
from .script.surroundings import Surroundings
from .values import EVERYTHING, Capability, Category, Code, Mode, Outcome, Refusal, ToolCall

if TYPE_CHECKING:
    from .script.run import Executor

_PLACE = operator.attrgetter("line", "column")
_IMAGE_NEEDS = frozenset({Capability.TD_READ, Capability.TD_WRITE, Capability.TD_CREATE, Capability.TD_DELETE})
"""What the recognised `get_top_image` script does: it sizes the image by a temporary operator of its own."""


class ScriptStage:
    """Decides about what calls do, and runs their scripts. It keeps the scripts that were judged last.

    Args:
        dialect: recognises the scripts that are calls of another tool.
        catalog: what needs which capability.
        bridge: what is known of TouchDesigner.
        approvals: the calls that wait for a person.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        dialect: TouchDesignerMcp,
        catalog: Catalog,
        bridge: Surroundings,
        approvals: Approvals,
        clock: Callable[[], float],
    ) -> None:
        self._dialect = dialect
        self._catalog = catalog
        self._bridge = bridge
        self._approvals = approvals
        self._clock = clock
        self._scripts = JudgedScripts(self._analysed, self._compiled)

    @cached_property
    def _executor(self) -> Executor:
        from .script.run import Executor  # only here: what runs a script takes a third of the start's time

        return Executor(self._catalog, self._bridge, self._clock)

    # -- a script --------------------------------------------------------------------------------------------------

    def report(self, call: ToolCall) -> ScriptReport:
        """The judgement of a call's script; it is kept, so asking costs little more than the first time."""
        return self._scripts.report(self._basis(call, ()))

    def _basis(self, call: ToolCall, nodes: tuple[NodeScope, ...]) -> Basis:
        is_strict = any(scope.strict for scope in nodes)
        return Basis(call.code or "", call.tool, self._catalog.digest, self._bridge.protected_paths(), is_strict)

    def judged(self, case: Case, call: ToolCall, decision: Decision) -> tuple[Case, Refusal | None]:
        """The case with its script judged, and compiled where it may run; and why it may not, or None."""
        grants, pointer = decision.script.grants, decision.script.pointer
        basis = self._basis(call, decision.nodes)
        ruling = ruling_on(self._scripts.report(basis), grants)
        if ruling.report.code is None and not ruling.standing(case.mode):
            ruling = ruling_on(self._scripts.runnable(basis, ruling.report), grants)
        report, standing = ruling.report, ruling.standing(case.mode)
        case = replace(case, report=report)
        if standing:
            return case, replace(refusal_of(standing, grants.text), rule=pointer)
        if case.mode is Mode.MONITOR:
            return replace(case, unrestricted=bool(ruling.refused or ruling.asked)), None
        strayed = outside_strict(report.lookups, decision.nodes)
        if strayed is not None:
            return case, strayed
        approved = self._approved(case, decision)
        if not refused_uses(report, grants.granted | approved, grants.scopes):
            return replace(case, approved=approved), None
        asking = ask(self._approvals, case, self._clock(), ruling.approvable)
        return case, replace(held(refusal_of(ruling.asked, grants.text, asking)), rule=pointer)

    def run(self, case: Case, report: ScriptReport, decision: Decision, me: Any) -> Finished | Raised | Stopped:
        """Run the script of a case that `judged` let pass."""
        assert case.call is not None
        source, grants = case.call.code or "", decision.script.grants
        if case.unrestricted:
            return self._executor.run_unrestricted(report, source=source, allowed=grants.text, me=me)
        approved = grants.ask if case.mode is Mode.MONITOR else case.approved
        granted = _IMAGE_NEEDS if case.call.tool == "get_top_image" else grants.granted | approved
        outcome = self._executor.run(
            report,
            source=source,
            granted=granted,
            allowed=grants.text,
            me=me,
            scopes=grants.scopes,
            # The image's script sizes it beside its target, which has been looked at.
            nodes=() if case.mode is Mode.MONITOR or case.call.tool == "get_top_image" else decision.nodes,
        )
        if not isinstance(outcome, Stopped) or outcome.lacking is None or outcome.lacking not in grants.ask - granted:
            return outcome
        # Only now is it known that the script needs what a person has to approve: it may be repeated with it.
        uses = case.approved | ruling_on(report, grants).approvable | {outcome.lacking}
        asking = ask(self._approvals, case, self._clock(), uses)
        message = f"{outcome.refusal.message}. The script was stopped there; {asking}"
        return replace(outcome, refusal=held(replace(outcome.refusal, message=message)))

    def _analysed(self, basis: Basis) -> ScriptReport:
        from .script.analyse import analyse  # only here: it takes a third of the time that the whole start may take

        report = analyse(basis.text, self._catalog, basis.protected)
        if basis.tool == "get_top_image" and report.tree is not None and self._dialect.is_top_image(report.tree):
            return replace(report, uses=())
        if basis.with_lookups and report.tree is not None:
            return replace(report, lookups=lookups_of(report.tree))
        return report

    def _compiled(self, report: ScriptReport) -> ScriptReport:
        return self._executor.compiled(report)

    # -- a call without a script -----------------------------------------------------------------------------------

    def affected(self, case: Case, call: ToolCall, target: Any, decision: Decision) -> tuple[Case, Effect]:
        """The case with what a person granted for its call's effect on `target`; and that effect.

        Args:
            case: the call as it came in, to which an approval is bound.
            call: the same with its target resolved so far.
            target: the operator that it names.
            decision: about its tool.
        """
        grants, lacking = decision.script.grants, frozenset[Capability]()
        if call.tool not in CHANGING:
            return case, Effect(None)
        granted = EVERYTHING if case.mode is Mode.MONITOR else grants.granted
        nodes = () if case.mode is Mode.MONITOR else decision.nodes
        effect, needed = self._executor.effect(call, target, granted, grants.text, nodes)
        first = effect.refusal
        while effect.refusal is not None and needed is not None and needed in grants.ask - lacking:
            lacking |= {needed}
            effect, needed = self._executor.effect(call, target, granted | lacking, grants.text, nodes)
        if first is None:
            return case, effect
        if effect.refusal is not None:
            return case, Effect(replace(effect.refusal, rule=decision.script.pointer))
        approved = self._approved(case, decision)
        if lacking <= approved:
            return replace(case, approved=approved), effect
        message = f"{first.message}; {ask(self._approvals, case, self._clock(), lacking)}"
        return case, Effect(replace(held(first), message=message, rule=decision.script.pointer))

    def _approved(self, case: Case, decision: Decision) -> frozenset[Capability]:
        """What a person has granted this very call; all that is asked for, where every call of its tool is approved."""
        asked = decision.script.grants.ask
        if not asked or decision.outcome is Outcome.PENDING:
            return asked
        return asked & (approved_uses(self._approvals, case, self._clock()) or frozenset())


def outside_strict(lookups: Sequence[Lookup], nodes: Sequence[NodeScope]) -> Refusal | None:
    """Why a script is refused whose policy wants to know from its text which operators it names; None where it is not.

    Args:
        lookups: the operators that it names.
        nodes: the policy's node scopes.
    """
    for scope in nodes:
        for lookup in sorted(lookups, key=_PLACE) if scope.strict else ():
            if lookup.path is not None and scope.allows(lookup.path):
                continue
            if lookup.path is None:
                message = f"{lookup.what} could lead to any operator, and the policy wants to see which; write op('/…')"
            else:
                message = f"{lookup.what} lies outside the operators that may be used here: {scope.text}"
            return Refusal(Category.PERMISSION, Code.OUTSIDE_NODES, message, scope.pointer, line=lookup.line)
    return None
