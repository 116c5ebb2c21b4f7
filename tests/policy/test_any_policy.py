"""Whatever a policy and a call say, in every spelling: a policy or a `PolicyError`, and a decision (see also
test_totality.py)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.decide import Decision, decide, decide_call
from td_extension.policy.document import load_document
from td_extension.policy.facts import FACTS, Facts, ScriptFacts, TargetFacts
from td_extension.policy.load import load_json
from td_extension.policy.model import Loaded, Policy
from td_extension.policy.problems import PolicyError, Severity
from td_extension.policy.table import COLUMNS, load_table
from td_extension.values import Code, Outcome

KEYS = [
    *("version", "default", "default_reason", "description", "hide", "all_tools", "tools", "grants", "required", "overlays"),
    *("rules", "name", "action", "reason", "on_deny", "when", "conditions", "require", "deny_if", "limits", "rate_limit"),
    *("state", "script", "nodes", "args", "validate", "required_args", "path", "op", "value", "any", "all", "not"),
    *("counter", "window", "max", "scope", "cost", "frame_rate", "increment", "increment_from", "within", "except", "strict"),
    *("type", "properties", "required", "pattern", "profile", "allow", "deny", "x", *FACTS),
]
WORDS = [
    *("1", "*", "allow", "deny", "require_approval", "evaluate", "a", "args.x", "args.x[all].y", "state.a.c", "eq", "in"),
    *("lt", "lte", "regex", "exists", "path_in", "minute", "day", "10/minute", "grant", "edit", "/a", "/a/**", "main_thread_ms"),
    *("string", "^a+$", "(a+)+$", "", "\u202e", "x" * 600),
]
scalars: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-2, 12) | st.floats() | st.sampled_from(WORDS) | st.text(max_size=4)
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)

# -- rules of which most load ------------------------------------------------------------------------------------------

leaves = st.one_of(
    st.tuples(st.sampled_from(["eq", "neq", "contains"]), st.sampled_from([1, "a", True, "/a"])),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(st.sampled_from([1, "a"]), max_size=2)),
    st.tuples(st.sampled_from(["lt", "gte"]), st.integers(-2, 9)),
    st.tuples(st.just("regex"), st.sampled_from(["^a", "b+"])),
    st.tuples(st.just("exists"), st.booleans()),
).flatmap(
    lambda asked: st.sampled_from(["args.x", "args.y.z"]).map(lambda path: {"path": path, "op": asked[0], "value": asked[1]})
)
facts_asked = st.sampled_from(
    [
        {"perform_mode": True}, {"hour": {"lt": 12}}, {"frame_rate": {"gte": 50}}, {"risk": {"neq": "read"}}, {"grant": ["a"]},
        {"op_type": ["textDAT"]}, {"target": ["/project1"]}, {"script.capabilities": "net"}, {"script.lines": {"lt": 9}},
    ]
)  # fmt: skip
whens = st.recursive(
    leaves | facts_asked,
    lambda inner: st.lists(inner, min_size=1, max_size=2).flatmap(
        lambda parts: st.sampled_from(["any", "all", "not"]).map(lambda joint: {joint: parts})
    ),
    max_leaves=3,
)
clauses = st.lists(st.fixed_dictionaries({"conditions": st.lists(leaves, min_size=1, max_size=2)}), max_size=2)
rules = st.fixed_dictionaries(
    {"action": st.sampled_from(["allow", "deny", "require_approval"])},
    optional={
        "when": whens,
        "require": clauses,
        "deny_if": clauses,
        "nodes": st.sampled_from(["/project1", ["/a", "/b/**"], {"within": ["/a"], "except": ["/a/b"]}]),
        "args": st.sampled_from([{}, {"required": ["x"]}, {"properties": {"x": {"type": "string"}}}]),
        "validate": st.just({"required_args": True}),
        "script": st.sampled_from(["inspect", "build"]),
        "reason": st.sampled_from(["why", "because"]),
    },
)
several = st.lists(rules, max_size=3)
tools = st.dictionaries(st.sampled_from(["a", "b", "create_td_node"]), st.fixed_dictionaries({"rules": several}), max_size=3)
policies = st.fixed_dictionaries(
    {"version": st.just("1"), "default": st.sampled_from(["allow", "deny", "require_approval"]), "tools": tools},
    optional={"all_tools": st.fixed_dictionaries({"rules": several}), "hide": st.sampled_from([["a"], ["c"], "*"])},
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["a", "ab", "/project1/a", "x" * 5000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "z"]), inner, max_size=3),
    max_leaves=6,
)
script_facts = st.none() | st.builds(
    ScriptFacts, st.frozensets(st.sampled_from(["net", "td.write"])), st.just(("os",)), st.integers(0, 20)
)
target_facts = st.lists(
    st.builds(TargetFacts, st.sampled_from(["/project1/a", "/sys", "x"]), st.sampled_from(["textDAT", ""])), max_size=2
)
calls = st.builds(
    lambda args, script, targets, **known: Facts(
        **known, find_args=lambda: args, find_script=lambda: script, find_targets=lambda: tuple(targets)
    ),
    st.dictionaries(st.sampled_from(["x", "y", "parentPath"]), values, max_size=3),
    script_facts,
    target_facts,
    tool=st.sampled_from(["a", "b", "create_td_node", "unlisted", ""]),
    risk=st.sampled_from(["read", "write", ""]),
    caller=st.just("127.0.0.1"),
    grant=st.sampled_from(["a", "anonymous"]),
    perform_mode=st.none() | st.booleans(),
    frame_rate=st.none() | st.floats(),
    hour=st.none() | st.floats(0, 24),
)


def loaded(document: Any) -> Policy:
    return load_json(json.dumps(document), "policy.json").policy


def outcome(load: Any, *args: Any) -> Loaded | PolicyError:
    try:
        found: Loaded = load(*args)
    except PolicyError as error:
        return error
    return found


def check_told(found: Loaded | PolicyError) -> None:
    problems = found.problems if isinstance(found, PolicyError) else found.warnings
    assert all(problem.message and problem.place and problem.remedy for problem in problems)
    if isinstance(found, PolicyError):
        assert found.problems[0].severity is Severity.ERROR
    else:
        assert all(problem.severity is Severity.WARNING for problem in problems)
        check_decision(decide(found.policy, "a"))
        check_decision(decide_call(found.policy, Facts(tool="a")))


def check_decision(decision: Decision) -> None:
    assert (decision.code is None) == (decision.outcome is Outcome.ALLOW)
    assert decision.reason or decision.outcome is Outcome.ALLOW
    assert decision.rule.startswith("/")
    if decision.outcome is Outcome.DENY:
        assert decision.limits == ()


# -- loading is total --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p.json", "p.yaml"])
@given(st.data())
def test_any_document_of_the_languages_keys_loads_or_is_a_policy_error(name: str, data: st.DataObject) -> None:
    document = data.draw(st.dictionaries(st.sampled_from(KEYS), documents, max_size=6))
    check_told(outcome(load_document, json.dumps(document), name))


@given(documents, st.sampled_from(["rule", "rules", "all_tools", "overlay", "star"]))
def test_any_rule_of_the_languages_keys_loads_or_is_a_policy_error(rule: Any, where: str) -> None:
    document = {
        "rule": {"tools": {"a": rule}},
        "rules": {"tools": {"a": {"rules": [rule]}}},
        "all_tools": {"all_tools": rule},
        "overlay": {"grants": {"overlays": {"a": rule}}},
        "star": {"tools": {"*": {"rules": rule}}},
    }[where]
    check_told(outcome(load_document, json.dumps(document), "p.json"))


@given(st.text(max_size=200), st.sampled_from(["p.json", "p.yaml", "p.txt"]))
def test_any_text_is_a_policy_or_a_policy_error(text: str, name: str) -> None:
    check_told(outcome(load_document, text, name))


cells = st.sampled_from(
    [
        *COLUMNS, "*", "#", "allow", "deny", "ask", "hide", "create_td_node", "get_td_nodes", "10/minute; 50 fps", "2000 ms/minute",
        "500 args.price/day", "1/s;2/m", "edit +td.delete", "/project1 -/project1/a strict", "perform_mode", "not perform_mode; hour < 5",
        "op_type in textDAT, tableDAT", "args.x[*] contains a", "grant =", "hour < ", ";", "tool regex (a+)+",
    ]
)  # fmt: skip


@given(st.lists(st.lists(cells | st.text(max_size=6), max_size=9), max_size=6), st.booleans())
def test_any_cells_are_a_policy_or_a_policy_error(rows: list[list[str]], headed: bool) -> None:
    check_told(outcome(load_table, [list(COLUMNS), *rows] if headed else rows, "table"))


good_rows = st.lists(
    st.fixed_dictionaries(
        {"tool": st.sampled_from(["*", "create_td_node", "get_td_nodes"]), "action": st.sampled_from(["allow", "deny", "ask"])},
        optional={
            "limit": st.sampled_from(["10/minute", "50 fps", "2000 ms/minute; 5/s"]),
            "nodes": st.sampled_from(["/project1", "/a /b -/a/c"]),
            "when": st.sampled_from(["perform_mode", "not perform_mode; hour < 5", "risk != read", "hour > 5"]),
        },
    ),
    max_size=5,
)


@given(good_rows)
def test_rows_of_good_cells_load_unless_two_say_what_always_holds(rows: list[dict[str, str]]) -> None:
    table = [list(COLUMNS), *([row.get(column, "") for column in COLUMNS] for row in rows)]
    always = [row["tool"] for row in rows if "when" not in row]
    found = outcome(load_table, table, "table")
    check_told(found)
    assert isinstance(found, PolicyError) == (len(set(always)) < len(always))


# -- deciding is total -------------------------------------------------------------------------------------------------


@given(policies, calls)
def test_every_call_is_decided_and_as_was_said_before_it_was_looked_at(document: Any, call: Facts) -> None:
    policy = loaded(document)
    early, decision = decide(policy, call.tool), decide_call(policy, call)
    check_decision(early)
    check_decision(decision)
    if early.outcome is Outcome.DENY:
        assert decision.outcome is Outcome.DENY
    if early.is_final and early.outcome is not Outcome.DENY:
        assert (early.outcome, early.rule, early.limits) == (decision.outcome, decision.rule, decision.limits)
    if early.outcome is Outcome.PENDING:
        assert decision.outcome is not Outcome.ALLOW


@given(policies, calls)
def test_a_hidden_tool_is_never_anything_but_hidden(document: Any, call: Facts) -> None:
    decision = decide_call(loaded({**document, "hide": [call.tool] if call.tool else "*"}), call)
    assert decision.code is Code.TOOL_HIDDEN


# -- more rules never allow more ---------------------------------------------------------------------------------------

STRICTNESS = {Outcome.ALLOW: 0, Outcome.PENDING: 1, Outcome.DENY: 2}


@given(policies, rules, calls)
def test_a_rule_more_for_a_tool_that_has_one_which_always_applies_lets_nothing_more_pass(
    document: Any, rule: Any, call: Facts
) -> None:
    own = [{"action": "allow"}]
    fewer = {**document, "tools": {**document["tools"], "a": {"rules": own}}}
    more = {**document, "tools": {**document["tools"], "a": {"rules": [*own, rule]}}}
    before, after = decide_call(loaded(fewer), call), decide_call(loaded(more), call)
    assert STRICTNESS[after.outcome] >= STRICTNESS[before.outcome]


# -- order means nothing -----------------------------------------------------------------------------------------------


def turned(value: Any) -> Any:
    """The same document with the keys of every object, and the rules of every list of rules, the other way round."""
    if isinstance(value, dict):
        found = {key: turned(one) for key, one in reversed(value.items())}
        for key in ("rules", "require", "deny_if", "any", "all"):
            if isinstance(found.get(key), list):
                found[key].reverse()
        return found
    return [turned(one) for one in value] if isinstance(value, list) else value


@given(policies, calls)
def test_the_outcome_is_the_same_whatever_the_order_of_rules(document: Any, call: Facts) -> None:
    assert decide_call(loaded(turned(document)), call).outcome is decide_call(loaded(document), call).outcome
