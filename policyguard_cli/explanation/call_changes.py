"""The changes of a call that are tried: of everything that its policy looks at, to the values that might matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from td_extension.policy.amounts import Unit
from td_extension.policy.argument_schema import Schema
from td_extension.policy.arguments import built_in
from td_extension.policy.condition import Comparison, Condition
from td_extension.policy.facts import Entries, Step
from td_extension.policy.model import Limit, ToolRule
from td_extension.policy.nodes import EVERYWHERE, NodeScope
from td_extension.script.report import ScriptReport
from td_extension.values import Json

from .call_change import ABSENT, SHOW, CallChange, Nothing, value_at
from .call_file import DescribedCall
from .candidate_values import bounds, example_path, values_fitting, values_for
from .judgement import Judgement, Scripts

_TARGET_FACTS = ("op_type", "op_family", "parameter_kind")
_MAX_DEPTH = 6
_MAX_CHANGES = 2_000


def changes_of(call: DescribedCall, judgement: Judgement, scripts: Scripts) -> list[CallChange]:
    """The changes that may turn the decision, the smallest first; each only once."""
    seen: dict[str, CallChange] = {}
    for change in _all(call, judgement, scripts):
        if change.before != change.after or type(change.before) is not type(change.after):
            seen.setdefault(f"{change.path}={change.after!r}", change)
        if len(seen) >= _MAX_CHANGES:
            break
    return sorted(seen.values(), key=lambda change: change.rank)


def _all(call: DescribedCall, judgement: Judgement, scripts: Scripts) -> Iterator[CallChange]:
    policy = judgement.policy
    rules = (*policy.every_tool, *policy.tools.get(call.tool, ()))
    for comparison in comparisons_of(rules):
        yield from _of_comparison(call, comparison)
    for rule in rules:
        if rule.args is not None:
            yield from _of_schema(call, rule.args.schema, ())
        if rule.nodes is not None:
            yield from _of_scope(call, rule.nodes)
        for floor in rule.floors:
            drawn = ABSENT if call.frame_rate is None else call.frame_rate
            yield from (CallChange("frame_rate", (), drawn, one) for one in bounds(floor.minimum))
        if rule.required_args:
            schema = built_in(call.tool)
            yield from _of_schema(call, schema, ()) if schema is not None else ()
    yield from _of_scope(call, EVERYWHERE)
    yield from _of_limits(call, (*policy.all_tools, *(limit for rule in rules for limit in rule.limits)))
    # A call without its script would be another call.
    rest = {name: value for name, value in call.args.items() if name != "script"}
    yield from (CallChange("args", (name,), value, ABSENT) for name, value in rest.items())
    yield from _of_script(call, judgement, scripts)
    if policy.grants_required:
        yield CallChange("grant", (), call.grant, "agent")


def comparisons_of(rules: Iterable[ToolRule]) -> Iterator[Comparison]:
    """Every comparison of some rules."""
    for rule in rules:
        if rule.when is not None:
            yield from comparisons_in(rule.when)
        for clause in (*rule.require, *rule.deny_if):
            yield from comparisons_in(clause.condition)


def comparisons_in(condition: Condition) -> Iterator[Comparison]:
    """Every comparison of a condition."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons_in(part)


def _of_comparison(call: DescribedCall, asked: Comparison) -> Iterator[CallChange]:
    fact, steps = asked.path.fact, asked.path.steps
    if fact == "args":
        found = value_at(dict(call.args), steps)
        yield from _put(steps, found, values_for(asked, found))
        if steps and isinstance(steps[-1], Entries):
            yield from _put(steps[:-1], value_at(dict(call.args), steps[:-1]), ([],))
        return
    before = getattr(call, fact) if fact in SHOW else ABSENT
    values = [one for one in values_for(asked, before) if one is not ABSENT]
    if fact in SHOW:
        fitting = {"perform_mode": bool, "grant": str, "caller": str}.get(fact)
        for value in values:
            is_fit = isinstance(value, fitting) if fitting else _is_number(value)
            if is_fit and value != "":
                yield CallChange(fact, (), before if before is not None else ABSENT, value)
    elif fact in _TARGET_FACTS:
        yield from (CallChange(fact, (), ABSENT, value) for value in values if isinstance(value, str))
    elif fact == "target":
        for value in values:
            if isinstance(value, str):
                yield from _of_target(call, value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _put(steps: tuple[Step, ...], found: Json | Nothing, values: Iterable[Json | Nothing]) -> Iterator[CallChange]:
    for value in values:
        yield CallChange("args", steps, found, value)


def _of_target(call: DescribedCall, path: str) -> Iterator[CallChange]:
    """Another operator: where its path is an argument, that argument."""
    if call.stated_targets is not None:
        yield CallChange("target", (), call.targets[0].path if call.targets else ABSENT, path)
        return
    for name in ("nodePath", "parentPath"):
        if isinstance(call.args.get(name), str):
            yield CallChange("args", (name,), call.args[name], path)


def _of_scope(call: DescribedCall, scope: NodeScope) -> Iterator[CallChange]:
    for pattern in (*scope.within, *scope.except_):
        yield from _of_target(call, example_path(pattern.text))
    for path in ("/project1", "/x", "/"):
        yield from _of_target(call, path)


def _of_schema(call: DescribedCall, schema: Schema, steps: tuple[Step, ...]) -> Iterator[CallChange]:
    found = value_at(dict(call.args), steps)
    if steps:
        yield from _put(steps, found, values_fitting(schema, found))
    if len(steps) >= _MAX_DEPTH:
        return
    for name, inner in schema.properties:
        yield from _of_schema(call, inner, (*steps, name))
    known = {name for name, _ in schema.properties}
    for name in schema.required:
        if name not in known:
            yield from _put((*steps, name), value_at(dict(call.args), (*steps, name)), ("x", 1, ABSENT))
    if isinstance(found, dict):
        for name in found.keys() - known:
            yield from _put((*steps, name), found[name], (ABSENT,))
            if schema.others is not None:
                yield from _of_schema(call, schema.others, (*steps, name))
    if isinstance(found, list) and schema.items is not None:
        yield from _of_schema(call, schema.items, (*steps, Entries.EVERY))


def _of_limits(call: DescribedCall, limits: Iterable[Limit]) -> Iterator[CallChange]:
    for limit in limits:
        if limit.cost.unit is Unit.ARGUMENT and limit.cost.argument is not None:
            steps = limit.cost.argument.steps
            found = value_at(dict(call.args), steps)
            yield from _put(steps, found, (*bounds(limit.max), 0, 1, -1, ABSENT))


def _of_script(call: DescribedCall, judgement: Judgement, scripts: Scripts) -> Iterator[CallChange]:
    """The script without the lines that are refused, or that need a certain capability."""
    script = call.script
    if script is None:
        return
    report = scripts.report(script)
    groups = [{use.line for use in report.uses if use.needs is needs} for needs in {use.needs for use in report.uses}]
    if judgement.ruling is not None:
        groups += [{use.line for use in (*judgement.ruling.refused, *judgement.ruling.asked)}]
    groups += [{use.line for use in report.uses}, {lookup.line for lookup in report.lookups}]
    groups += [{lookup.line for lookup in report.lookups if lookup.path == path} for path in _paths_of(report)]
    lines = script.replace("\r\n", "\n").split("\n")
    for numbers in groups:
        kept = [line for number, line in enumerate(lines, start=1) if number not in numbers]
        if numbers and any(line.strip() for line in kept):
            yield CallChange("args", ("script",), script, "\n".join(kept), tuple(sorted(numbers)))


def _paths_of(report: ScriptReport) -> list[str | None]:
    return list(dict.fromkeys(lookup.path for lookup in report.lookups))
