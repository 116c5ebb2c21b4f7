"""What becomes of a described call under a policy: the guard's own stages 3 and 4, without counting anything.

    the grant and its overlay → `decide_call` → the frame rate → node scopes → the script → amounts → approval

What only the running project knows is left open: what a path that is not absolute leads to, what a script and an effect
do to operators, and how much of a limit is used up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from td_extension.call_facts import script_facts
from td_extension.policy.amounts import AmountError, Unit, amount_of
from td_extension.policy.arguments import Flaw, built_in, check
from td_extension.policy.decide import Decision, decide, decide_call
from td_extension.policy.facts import Facts, ScriptFacts
from td_extension.policy.model import Policy, ScriptRule
from td_extension.policy.tools import TOOLS
from td_extension.policy.wording import quoted
from td_extension.policy_stage import outside
from td_extension.ruling import Ruling, ruling_on
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.execute import with_code
from td_extension.script.instrument import watched_members
from td_extension.script.lookups import lookups_of
from td_extension.script.report import ScriptReport, refusal_of
from td_extension.script_stage import outside_strict
from td_extension.sliding_log import units_of
from td_extension.values import ANONYMOUS, Category, Code, Outcome, Refusal, ToolCall

from .call_file import DescribedCall

_MAX_SCRIPTS = 256


class Scripts:
    """Judges scripts as the guard does, each text once.

    Args:
        catalog: what needs which capability.
        guard: the path of the PolicyGuard component, which no script may touch.
    """

    def __init__(self, catalog: Catalog, guard: str) -> None:
        self._catalog = catalog
        self._guard = guard
        self._watched = watched_members(catalog)
        self._reports: dict[str, ScriptReport] = {}

    def report(self, text: str) -> ScriptReport:
        """The judgement of a script, with what Python's compiler says about it."""
        known = self._reports.get(text)
        if known is None:
            known = analyse(text, self._catalog, (self._guard,))
            if known.tree is not None:
                known = replace(known, lookups=lookups_of(known.tree))
                known = with_code(known, self._watched)
            if len(self._reports) >= _MAX_SCRIPTS:
                self._reports.clear()
            self._reports[text] = known
        return known


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a call.

    Attributes:
        outcome: allow; deny; limited where waiting helps or the amount is too large; pending where a person is asked.
        code: the stable code of the refusal; None where the call is allowed.
        rule: JSON pointer of what decided; empty for what holds where the policy says nothing.
        reason: why; may be empty where the call is allowed.
        policy: the policy that holds for the caller.
        facts: what is known of the call.
        decision: what `decide_call` said; None where it was not asked.
        script: what its script may do; where the call is denied anyway, what it might do otherwise.
        ruling: what is decided about its script by that; None where it has none.
        flaw: why touchdesigner-mcp itself would not take the call, whatever the policy says; None where it would.
    """

    outcome: Outcome
    code: Code | None
    rule: str
    reason: str
    policy: Policy
    facts: Facts
    decision: Decision | None = None
    script: ScriptRule | None = None
    ruling: Ruling | None = None
    flaw: Flaw | None = field(default=None, compare=False)

    @property
    def is_allowed(self) -> bool:
        """Whether nobody and nothing stands in the way."""
        return self.outcome is Outcome.ALLOW


def facts_of(call: DescribedCall, scripts: Scripts) -> Facts:
    """What is known of a described call."""
    risk, script = TOOLS.get(call.tool), call.script

    def find_script() -> ScriptFacts | None:
        return None if script is None else script_facts(scripts.report(script))

    return Facts(
        tool=call.tool,
        find_args=lambda: call.args,
        risk=risk.value if risk is not None else "",
        caller=call.caller,
        grant=call.grant,
        perform_mode=call.perform_mode,
        frame_rate=call.frame_rate,
        hour=call.hour,
        find_script=find_script,
        find_targets=lambda: call.targets,
    )


def judge(policy: Policy, call: DescribedCall, scripts: Scripts) -> Judgement:
    """What becomes of a call.

    Args:
        policy: the policy in force; of its overlays the one holds that the call's grant names.
        call: the call.
        scripts: judges its script.
    """
    facts, schema = facts_of(call, scripts), built_in(call.tool)
    flaw = check(schema, call.args) if schema is not None else None
    refused = _unknown_caller(policy, call)
    if refused is not None:
        return Judgement(Outcome.DENY, refused.code, refused.rule, refused.message, policy, facts, flaw=flaw)
    policy = policy.overlays.get(call.overlay, policy)
    decision = decide_call(policy, facts)
    judgement = Judgement(
        decision.outcome, decision.code, decision.rule, decision.reason, policy, facts, decision, flaw=flaw
    )
    is_denied = decision.outcome is Outcome.DENY
    script = decide(policy, call.tool).script if is_denied else decision.script
    ruling = ruling_on(scripts.report(call.script), script.grants) if call.script is not None else None
    judgement = replace(judgement, script=script, ruling=ruling)
    return judgement if is_denied else _after(judgement, call, decision)


def _unknown_caller(policy: Policy, call: DescribedCall) -> Refusal | None:
    if policy.grants_required and call.grant == ANONYMOUS:
        message = "the policy wants a key of every caller, and this one shows none"
        return _refusal(Code.UNKNOWN_GRANT, message, "/grants/required")
    if call.overlay and call.overlay not in policy.overlays:
        message = f"the policy has no overlay {quoted(call.overlay)}, which this grant names"
        return _refusal(Code.NO_OVERLAY, message, "/grants/overlays")
    return None


def _after(judgement: Judgement, call: DescribedCall, decision: Decision) -> Judgement:
    """The judgement with what is asked once `decide_call` has let the call pass."""
    for floor in decision.floors:
        if floor.retry_after_s(call.frame_rate) is not None:
            drawn = "an unknown number of" if call.frame_rate is None else f"{call.frame_rate:g}"
            message = f"TouchDesigner draws {drawn} frames a second, and the policy wants {floor.minimum:g}"
            return _with(judgement, Outcome.LIMITED, _refusal(Code.FRAME_RATE_LOW, message, floor.pointer))
    refused = _strayed(call, decision) or _refused_script(judgement, decision)
    if refused is not None:
        return _with(judgement, Outcome.DENY, refused)
    for limit in decision.limits:
        try:
            amount = amount_of(limit.cost, call.args)
        except AmountError as error:
            return _with(judgement, Outcome.DENY, _refusal(Code.UNCOUNTABLE_AMOUNT, str(error), limit.pointer))
        if limit.cost.unit is Unit.ARGUMENT and amount is not None and units_of(amount) > units_of(limit.max):
            message = f"this call alone counts {amount:g}, more than the {limit.max:g} of {quoted(limit.counter)}"
            return _with(judgement, Outcome.LIMITED, _refusal(Code.RATE_LIMIT, message, limit.pointer))
    if decision.outcome is Outcome.ALLOW and judgement.ruling is not None and judgement.ruling.asked:
        held = refusal_of(judgement.ruling.asked, decision.script.grants.text)
        asked = _refusal(Code.APPROVAL_NEEDED, f"a person must approve it: {held.message}", decision.script.pointer)
        return _with(judgement, Outcome.PENDING, asked)
    return judgement


def _strayed(call: DescribedCall, decision: Decision) -> Refusal | None:
    if call.script is not None:
        return None
    for target in call.targets:
        if target.path.startswith("/"):
            refused = outside(ToolCall(call.tool, call.args), target.path, decision.nodes)
            if refused is not None:
                return refused
    return None


def _refused_script(judgement: Judgement, decision: Decision) -> Refusal | None:
    ruling = judgement.ruling
    if ruling is None:
        return None
    if ruling.refused:
        refused = refusal_of(ruling.refused, decision.script.grants.text)
        return replace(refused, rule=decision.script.pointer, message=f"line {refused.line}: {refused.message}")
    return outside_strict(ruling.report.lookups, decision.nodes)


def _refusal(code: Code, message: str, rule: str) -> Refusal:
    return Refusal(Category.PERMISSION, code, message, rule)


def _with(judgement: Judgement, outcome: Outcome, refusal: Refusal) -> Judgement:
    return replace(judgement, outcome=outcome, code=refusal.code, rule=refusal.rule, reason=refusal.message)
