"""Everything that was looked at to decide a call, rule by rule and condition by condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from td_extension.policy.amounts import AmountError, Unit, amount_of
from td_extension.policy.arguments import check, missing
from td_extension.policy.comparison import Answer, Undecided
from td_extension.policy.condition import Condition, Explanation, explain
from td_extension.policy.decide import Decision
from td_extension.policy.facts import Facts
from td_extension.policy.model import Action, Clause, Limit, Scope, ToolRule
from td_extension.policy.wording import plain_text
from td_extension.policy_stage import outside
from td_extension.script_stage import outside_strict
from td_extension.values import ToolCall

from .call_file import DescribedCall
from .judgement import Judgement

_MAX_TOLD = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at.

    Attributes:
        kind: what it is, one word: ``hide``, ``rule``, ``when``, ``require``, ``condition``, ``limit``…
        text: what was asked.
        answer: what came of it, one or two words.
        found: the value that was found; empty where there is none.
        pointer: JSON pointer of the place in the policy; empty where it states nothing.
        parts: what it was made of.
    """

    kind: str
    text: str
    answer: str
    found: str = ""
    pointer: str = ""
    parts: tuple[Step, ...] = ()


def trace_of(call: DescribedCall, judgement: Judgement) -> tuple[Step, ...]:
    """The whole way of a call through the policy, also what came after the rule that decided."""
    return tuple(_steps(call, judgement))


def _steps(call: DescribedCall, judgement: Judgement) -> Iterator[Step]:
    policy, facts, decision = judgement.policy, judgement.facts, judgement.decision
    if decision is None:
        return
    is_hidden = call.tool in policy.hide or "*" in policy.hide
    yield Step("hide", f"{call.tool} is hidden", _word(is_hidden), pointer="/hide" if is_hidden else "")
    own = policy.tools.get(call.tool, ())
    yield Step("listed", f"{call.tool} is listed", _word(bool(own)), f"default {policy.default.value}", "/default")
    for rule in (*policy.every_tool, *own):
        yield _rule(rule, facts)
    yield from _floors(call, decision)
    yield from _nodes(call, judgement, decision)
    yield from _script(judgement)
    for limit in decision.limits:
        yield _limit(limit, call)


def _rule(rule: ToolRule, facts: Facts) -> Step:
    title = f"{rule.action.value}{f' ({rule.name})' if rule.name else ''}"
    parts: list[Step] = []
    applies: Answer = True
    if rule.when is not None:
        asked = _condition("when", rule.when, facts)
        applies = _answer(rule.when, facts)
        parts.append(asked)
    if applies is not True:
        answer = "does not apply" if applies is False else "refuses"
        return Step("rule", title, answer, "", rule.pointer, tuple(parts))
    parts += _asked(rule, facts)
    refuses = rule.action is Action.DENY or any(part.answer == "refuses" for part in parts)
    passes = "asks a person" if rule.action is Action.REQUIRE_APPROVAL else "lets pass"
    return Step("rule", title, "refuses" if refuses else passes, "", rule.pointer, tuple(parts))


def _asked(rule: ToolRule, facts: Facts) -> Iterator[Step]:
    """What a rule asks of a call to which it applies."""
    if rule.required_args:
        lacking = missing(facts.tool, facts.args)
        text = "every required argument is there"
        yield Step("validate", text, _passes(not lacking), ", ".join(lacking), f"{rule.pointer}/validate")
    if rule.args is not None:
        flaw = check(rule.args.schema, facts.args)
        found = flaw.message if flaw is not None else ""
        yield Step("args", "the arguments fit the schema", _passes(flaw is None), found, rule.args.pointer)
    for clause in rule.require:
        yield _clause("require", clause, facts, passes_where=True)
    for clause in rule.deny_if:
        yield _clause("deny_if", clause, facts, passes_where=False)


def _clause(kind: str, clause: Clause, facts: Facts, *, passes_where: bool) -> Step:
    inside = _condition("condition", clause.condition, facts)
    passes = _answer(clause.condition, facts) is passes_where
    return Step(kind, inside.text, _passes(passes), "", clause.pointer, (inside,))


def _answer(condition: Condition, facts: Facts) -> Answer:
    return explain(condition, facts).verdict.answer


def _condition(kind: str, condition: Condition, facts: Facts) -> Step:
    return _explained(kind, explain(condition, facts), plain_text(condition.told(), _MAX_TOLD), condition)


def _explained(kind: str, found: Explanation, told: str, condition: Condition) -> Step:
    parts = tuple(
        _explained("condition", part, plain_text(inner.told(), _MAX_TOLD), inner)
        for part, inner in zip(found.parts, getattr(condition, "parts", ()), strict=True)
    )
    answer = found.verdict.answer
    word = f"undecided ({answer.value})" if isinstance(answer, Undecided) else _word(answer)
    return Step(kind, told, word, found.found, condition.pointer, parts)


def _floors(call: DescribedCall, decision: Decision) -> Iterator[Step]:
    for floor in decision.floors:
        passes = floor.retry_after_s(call.frame_rate) is None
        drawn = "unknown" if call.frame_rate is None else f"{call.frame_rate:g}"
        yield Step("frame_rate", f"at least {floor.minimum:g} frames a second", _passes(passes), drawn, floor.pointer)


def _nodes(call: DescribedCall, judgement: Judgement, decision: Decision) -> Iterator[Step]:
    for scope in decision.nodes:
        if call.script is not None:
            strayed = judgement.ruling is not None and outside_strict(judgement.ruling.report.lookups, (scope,))
            told = "refuses" if strayed else "decided while it runs"
            yield Step("nodes", f"{scope.text}{' strict' if scope.strict else ''}", told, "", scope.pointer)
            continue
        for target in call.targets:
            is_known = target.path.startswith("/")
            inside = outside(ToolCall(call.tool, call.args), target.path, (scope,)) is None
            answer = _passes(inside) if is_known else "decided in TouchDesigner"
            yield Step("nodes", scope.text, answer, target.path, scope.pointer)


def _script(judgement: Judgement) -> Iterator[Step]:
    ruling, script = judgement.ruling, judgement.script
    if ruling is None or script is None:
        return
    parts = [Step("use", use.in_short(), "refuses") for use in ruling.refused]
    parts += [Step("use", use.in_short(), "asks a person") for use in ruling.asked]
    needs = ", ".join(sorted(one.value for one in ruling.report.capabilities())) or "nothing"
    answer = "refuses" if ruling.refused else "asks a person" if ruling.asked else "lets pass"
    text = f"needs {needs}, may {script.grants.text}"
    yield Step("script", text, answer, "", script.pointer, tuple(parts))


def _limit(limit: Limit, call: DescribedCall) -> Step:
    whose = {
        Scope.GRANT: f"of the grant {call.grant}",
        Scope.TOOL: f"of {call.tool}",
        Scope.GLOBAL: "of all callers",
    }[limit.scope]
    unit = {Unit.CALLS: "calls", Unit.MAIN_THREAD_MS: "ms"}.get(limit.cost.unit, limit.cost.text)
    text = f"counter {limit.counter}: {limit.max} {unit} in {limit.window_s:g} s {whose}"
    try:
        amount = amount_of(limit.cost, call.args)
    except AmountError as error:
        return Step("limit", text, "refuses", str(error), limit.pointer)
    counts = "counts what it takes" if amount is None else f"counts {amount:g}"
    return Step("limit", text, "refuses" if amount is not None and amount > limit.max else counts, "", limit.pointer)


def _word(is_so: object) -> str:
    return "yes" if is_so else "no"


def _passes(is_so: bool) -> str:
    return "lets pass" if is_so else "refuses"
