"""Whatever comes in: loading and deciding answer, and nothing else; and more rules never allow more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from td_extension.policy.decide import decide, decide_call
from td_extension.policy.document import load_document
from td_extension.policy.facts import Facts, ScriptFacts, TargetFacts
from td_extension.policy.load import load_json
from td_extension.policy.model import Loaded, Policy
from td_extension.policy.problems import PolicyError, Problem
from td_extension.policy.table import load_table
from td_extension.values import Outcome

scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 10**13), st.floats(), st.text(max_size=6),
    st.sampled_from(["deny", "allow", "10/minute", "/project1/*", "args.a", "edit", "main_thread_ms", "^a", "(a+)+$", "*", "state.x.c"]),
)  # fmt: skip
KEYS = (
    "name", "action", "reason", "on_deny", "when", "conditions", "require", "deny_if", "limits", "rate_limit", "state",
    "script", "nodes", "args", "validate", "rules", "path", "op", "value", "any", "all", "not", "perform_mode", "hour",
    "frame_rate", "risk", "target", "script.lines", "counter", "window", "max", "scope", "cost", "within", "except",
    "strict", "required_args", "increment", "increment_from", "properties", "type", "pattern", "version", "default",
    "hide", "tools", "all_tools", "grants", "overlays", "required", "x", "*",
)  # fmt: skip
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=16,
)
rule_bodies = st.dictionaries(st.sampled_from(KEYS[:16]), documents, max_size=4)

comparisons = st.one_of(
    st.fixed_dictionaries({"path": st.sampled_from(["args.a", "args.b"]), "op": st.sampled_from(["eq", "neq", "contains"]), "value": st.sampled_from([1, "1", True])}),
    st.fixed_dictionaries({"path": st.just("args.a"), "op": st.sampled_from(["lt", "lte", "gt", "gte"]), "value": st.integers(-2, 2)}),
    st.fixed_dictionaries({"path": st.just("args.a"), "op": st.just("exists"), "value": st.booleans()}),
    st.fixed_dictionaries({"perform_mode": st.booleans()}),
    st.fixed_dictionaries({"hour": st.fixed_dictionaries({"gte": st.integers(0, 24)})}),
)  # fmt: skip
clauses = st.lists(st.fixed_dictionaries({"conditions": st.lists(comparisons, min_size=1, max_size=2)}), max_size=2)
good_rules = st.fixed_dictionaries(
    {},
    optional={
        "action": st.sampled_from(["allow", "deny", "require_approval"]), "when": comparisons, "require": clauses,
        "deny_if": clauses, "nodes": st.sampled_from(["/project1", "/project1/**"]),
        "script": st.sampled_from(["inspect", "edit", "build"]),
    },
)  # fmt: skip
policies = st.fixed_dictionaries(
    {"version": st.just("1"), "default": st.sampled_from(["allow", "deny"])},
    optional={"tools": st.fixed_dictionaries({"x": st.fixed_dictionaries({"rules": st.lists(good_rules, max_size=3)})})},
)
calls = st.builds(
    lambda args, mode, hour: Facts(
        tool="x", args=args, perform_mode=mode, hour=hour, risk="write",
        find_script=lambda: ScriptFacts(frozenset({"td.write"}), (), 3), find_targets=lambda: (TargetFacts("/project1/a"),),
    ),
    st.dictionaries(st.sampled_from(["a", "b"]), scalars | st.lists(scalars, max_size=2), max_size=2),
    st.none() | st.booleans(),
    st.none() | st.floats(0, 24),
)  # fmt: skip


def loaded(document: Any) -> Policy:
    return load_json(json.dumps(document), "policy.json").policy


def tried(load: Callable[[], Loaded]) -> tuple[Policy | None, tuple[Problem, ...]]:
    """The policy, or what is wrong with it."""
    try:
        return load().policy, ()
    except PolicyError as error:
        return None, error.problems


@settings(max_examples=300)
@given(documents | st.fixed_dictionaries({"version": st.just("1"), "tools": st.dictionaries(st.sampled_from(["x", "*"]), rule_bodies)}))
def test_any_document_loads_or_says_why_not(document: Any) -> None:
    for text, name in ((json.dumps(document), "policy.json"), (json.dumps(document), "policy.yaml")):
        policy, problems = tried(lambda text=text, name=name: load_document(text, name))
        assert (policy is None) == bool(problems)
        if policy is not None:
            decide(policy, "x")
            decide_call(policy, Facts(tool="x", args={"a": 1}))


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["*", "x", "get_td_nodes", "", "#"]), st.sampled_from(["allow", "deny", "ask", "hide", "?"]),
            st.sampled_from(["", "10/minute", "5 ms/s", "3 args.a/day", "9 fps", "1"]), st.sampled_from(["", "grant", "tool"]),
            st.sampled_from(["", "edit", "edit +td.delete"]), st.sampled_from(["", "/project1", "-/a strict"]),
            st.sampled_from(["", "perform_mode", "not hour < 9", "args.a = 1", ";", "risk in read, write"]), st.text(max_size=3),
        ),
        max_size=4,
    )
)  # fmt: skip
def test_any_table_loads_or_says_why_not(rows: list[tuple[str, ...]]) -> None:
    header = ("tool", "action", "limit", "scope", "script", "nodes", "when", "reason")
    policy, problems = tried(lambda: load_table([header, *rows], "table"))
    assert all(problem.place.startswith("row ") for problem in problems)
    if policy is not None:
        decide_call(policy, Facts(tool="x", args={"a": 1}))


@settings(max_examples=200)
@given(policies, calls)
def test_every_call_is_decided(document: Any, call: Facts) -> None:
    decision = decide_call(loaded(document), call)
    assert (decision.code is None) == (decision.outcome is Outcome.ALLOW)
    assert decision.rule.startswith("/")


@settings(max_examples=200)
@given(policies, calls)
def test_what_is_denied_whatever_a_call_says_is_denied_for_every_call(document: Any, call: Facts) -> None:
    policy = loaded(document)
    if decide(policy, "x").outcome is Outcome.DENY:
        assert decide_call(policy, call).outcome is Outcome.DENY


@settings(max_examples=200)
@given(policies, calls)
def test_what_needs_no_condition_is_decided_once(document: Any, call: Facts) -> None:
    policy = loaded(document)
    first = decide(policy, "x")
    if first.is_final:
        last = decide_call(policy, call)
        # Several rules may refuse at once; which of them is told does not matter.
        assert last == first or last.outcome is first.outcome is Outcome.DENY


@settings(max_examples=200)
@given(policies, calls, good_rules)
def test_a_rule_for_all_tools_never_turns_a_refusal_into_a_pass(document: Any, call: Facts, rule: Any) -> None:
    rank = {Outcome.DENY: 0, Outcome.PENDING: 1, Outcome.ALLOW: 2}
    before = decide_call(loaded(document), call)
    after = decide_call(loaded({**document, "all_tools": {"rules": [rule]}}), call)
    assert rank[after.outcome] <= rank[before.outcome]
    if after.outcome is not Outcome.DENY:
        assert after.script.grants.granted <= before.script.grants.granted or "script" in rule


@settings(max_examples=100)
@given(policies, st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_any_order(document: Any, random: Any) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, turned(one)) for key, one in value.items()]
            random.shuffle(items)
            return dict(items)
        return [turned(one) for one in value] if isinstance(value, list) else value

    assert loaded(turned(document)).digest == loaded(document).digest
