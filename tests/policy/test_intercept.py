"""Intercept's YAML (policy_engines.md section 1.1), read as it stands and decided as documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from td_extension.policy.amounts import Unit
from td_extension.policy.decide import Decision, decide, decide_call
from td_extension.policy.document import load_yaml
from td_extension.policy.facts import Facts
from td_extension.policy.model import Limit, Loaded, Scope
from td_extension.policy.problems import PolicyError, Problem, Severity
from td_extension.values import Code, Outcome
from tests.policy.test_condition_operators import ABSENT, DOCUMENTED

EVERY_KEY = """\
version: "1"
description: What the agent may do.
default: deny
hide: [drop_table]
tools:
  read_rows:
    rules: []
  transfer:
    rules:
    - name: small amounts
      conditions:
      - {path: args.amount, op: lte, value: 1000}
      - {path: args.to.country, op: in, value: [FR, JP]}
      on_deny: At most 1000, to France or Japan.
    - name: purpose is stated
      action: evaluate
      conditions:
      - {path: args.purpose, op: regex, value: "^[a-z]+$"}
      - {path: args.tags, op: contains, value: checked}
    - name: daily volume
      conditions:
      - {path: state.transfer.volume, op: lte, value: 5000}
      state: {counter: volume, window: day, increment_from: args.amount}
      on_deny: The volume of the day is used up.
    - name: not too often
      rate_limit: 10/minute
      on_deny: Ten a minute.
  purge:
    rules:
    - {name: never, action: deny, on_deny: Nobody purges.}
  send:
    rules:
    - name: large ones are approved
      action: require_approval
      conditions:
      - {path: args.count, op: gt, value: 10}
  "*":
    rules:
    - {name: altogether, rate_limit: 60/hour}
    - name: not in tests
      conditions:
      - {path: args.env, op: neq, value: test}
"""


def load(text: str) -> Loaded:
    return load_yaml(text, "intercept.yaml")


def call(text: str, tool: str, **args: Any) -> Decision:
    return decide_call(load(text).policy, Facts(tool=tool, find_args=lambda: {"env": "live", **args}))


def good_transfer(**changed: Any) -> dict[str, Any]:
    return {"amount": 5, "to": {"country": "JP"}, "purpose": "rent", "tags": ["checked"], **changed}


def problems(text: str) -> list[Problem]:
    with pytest.raises(PolicyError) as caught:
        load(text)
    return [problem for problem in caught.value.problems if problem.severity is Severity.ERROR]


def transfer(rule: str) -> str:
    return f'version: "1"\ntools:\n  transfer:\n    rules:\n    - {rule}\n'


# -- what is accepted --------------------------------------------------------------------------------------------------


def test_a_document_of_every_key_loads_and_only_its_tools_are_unknown() -> None:
    warnings = load(EVERY_KEY).warnings
    assert all("is no tool of touchdesigner-mcp" in warning.message for warning in warnings)


def test_a_call_that_fulfils_every_rule_passes() -> None:
    assert call(EVERY_KEY, "transfer", **good_transfer()).outcome is Outcome.ALLOW


@pytest.mark.parametrize(
    ("changed", "rule", "told"),
    [
        ({"amount": 1001}, "/tools/transfer/rules/0/conditions/0", "At most 1000, to France or Japan"),
        ({"to": {"country": "XX"}}, "/tools/transfer/rules/0/conditions/1", "At most 1000, to France or Japan"),
        ({"purpose": "RENT"}, "/tools/transfer/rules/1/conditions/0", "the policy wants"),
        ({"tags": []}, "/tools/transfer/rules/1/conditions/1", "the policy wants"),
        ({"env": "test"}, "/tools/*/rules/1/conditions", "the policy wants"),
    ],
)
def test_a_condition_that_does_not_hold_refuses_and_is_named(changed: dict[str, Any], rule: str, told: str) -> None:
    decision = call(EVERY_KEY, "transfer", **good_transfer(**changed))
    assert (decision.outcome, decision.code) == (Outcome.DENY, Code.CONDITION_NOT_MET)
    assert decision.rule.startswith(rule)
    assert decision.reason.startswith(told)


def test_an_empty_list_of_rules_allows() -> None:
    assert call(EVERY_KEY, "read_rows").outcome is Outcome.ALLOW


def test_a_rule_that_denies_denies_at_once() -> None:
    decision = decide(load(EVERY_KEY).policy, "purge")
    assert (decision.outcome, decision.rule, decision.reason) == (Outcome.DENY, "/tools/purge/rules/0", "Nobody purges")


def test_a_hidden_tool_is_denied() -> None:
    assert call(EVERY_KEY, "drop_table").code is Code.TOOL_HIDDEN


def test_the_star_does_not_rescue_a_tool_that_is_not_listed() -> None:
    assert call(EVERY_KEY, "other").code is Code.DEFAULT_DENY


def test_under_default_allow_the_star_holds_for_what_is_not_listed() -> None:
    text = EVERY_KEY.replace("default: deny", "default: allow")
    assert call(text, "other").outcome is Outcome.ALLOW
    assert call(text, "other", env="test").code is Code.CONDITION_NOT_MET


def test_conditions_of_an_approval_say_which_calls_are_approved_and_the_others_pass() -> None:
    assert call(EVERY_KEY, "send", count=11).outcome is Outcome.PENDING
    assert call(EVERY_KEY, "send", count=10).outcome is Outcome.ALLOW
    assert call(EVERY_KEY, "send").outcome is Outcome.ALLOW


def test_all_limits_of_the_rules_and_of_the_star_are_counted() -> None:
    limits = call(EVERY_KEY, "transfer", **good_transfer()).limits
    assert {(limit.counter, limit.max, limit.window_s, limit.scope) for limit in limits} == {
        ("transfer/60s", 10, 60.0, Scope.GRANT),
        ("volume", 5000, 86400.0, Scope.TOOL),
        ("*/3600s", 60, 3600.0, Scope.GRANT),
    }
    assert {limit.counter: limit.on_deny for limit in limits} == {
        "volume": "The volume of the day is used up.", "transfer/60s": "Ten a minute.", "*/3600s": "",
    }  # fmt: skip


# -- state -------------------------------------------------------------------------------------------------------------


def counted(op: str, value: float, state: str) -> Limit:
    rule = (
        f"{{name: w, conditions: [{{path: state.transfer.c, op: {op}, value: {value}}}], state: {{counter: c, {state}}}}}"
    )
    (limit,) = call(transfer(rule) + "default: deny\n", "transfer").limits
    return limit


@pytest.mark.parametrize(
    ("op", "value", "state", "most", "window_s"),
    [
        ("lte", 100, "window: minute", 100, 60),
        ("lt", 100, "window: hour", 99, 3600),
        ("lte", 100, "window: day, increment: 1", 100, 86400),
        ("lte", 100, "window: day, increment: 0", 100, 86400),
        ("lte", 100, "window: day, increment: 7", 14, 86400),
        ("lt", 100, "window: day, increment: 10", 9, 86400),
    ],
)
def test_a_state_and_its_condition_are_a_limit_on_calls(
    op: str, value: int, state: str, most: int, window_s: float
) -> None:
    limit = counted(op, value, state)
    assert (limit.max, limit.window_s, limit.cost.unit) == (most, window_s, Unit.CALLS)
    assert (limit.scope, limit.pointer) == (Scope.TOOL, "/tools/transfer/rules/0/state")


def test_increment_from_counts_what_an_argument_states() -> None:
    limit = counted("lte", 100_000, "window: day, increment_from: args.a.b")
    assert (limit.max, limit.cost.text) == (100_000, "args.a.b")


def test_of_two_bounds_on_a_counter_the_smaller_is_the_limit() -> None:
    conditions = "[{path: state.transfer.c, op: lte, value: 9}, {path: state.transfer.c, op: lt, value: 5}]"
    (limit,) = call(transfer(f"{{name: w, conditions: {conditions}, state: {{counter: c, window: day}}}}"), "transfer").limits
    assert limit.max == 4


def test_a_counter_of_the_star_counts_all_tools() -> None:
    text = (
        'version: "1"\ntools:\n  transfer: {}\n  "*":\n    rules:\n    - name: w\n      state: {counter: c, window: day}\n'
        "      conditions: [{path: state._global.c, op: lte, value: 5}]\n"
    )
    (limit,) = call(text, "transfer").limits
    assert (limit.scope, limit.max) == (Scope.GLOBAL, 5)


def test_a_state_that_nothing_compares_limits_nothing_and_says_so() -> None:
    rule = "{name: w, conditions: [{path: args.x, op: exists, value: true}], state: {counter: c, window: day}}"
    loaded = load(transfer(rule))
    assert decide_call(loaded.policy, Facts(tool="transfer", find_args=lambda: {"x": 1})).limits == ()
    assert any("nothing is limited by it" in warning.message for warning in loaded.warnings)


def test_an_increment_beside_increment_from_has_no_effect_and_says_so() -> None:
    rule = (
        "{name: w, conditions: [{path: state.transfer.c, op: lte, value: 10}],"
        " state: {counter: c, window: day, increment: 5, increment_from: args.x}}"
    )
    loaded = load(transfer(rule))
    assert decide_call(loaded.policy, Facts(tool="transfer", find_args=lambda: {"x": 1})).limits[0].max == 10
    assert any("increment has no effect" in warning.message for warning in loaded.warnings)


# -- the eleven operators, from the document to the decision -----------------------------------------------------------


@pytest.mark.parametrize(("op", "found", "wanted", "holds"), DOCUMENTED)
def test_a_rule_lets_pass_what_intercept_documents(op: str, found: Any, wanted: Any, holds: bool) -> None:
    condition = json.dumps({"path": "args.x", "op": op, "value": wanted})
    text = f'{{"version": "1", "tools": {{"t": {{"rules": [{{"name": "n", "conditions": [{condition}]}}]}}}}}}'
    args = {} if found is ABSENT else {"x": found}
    decision = decide_call(load(text).policy, Facts(tool="t", find_args=lambda: args))
    assert (decision.outcome is Outcome.ALLOW) is holds


def test_the_table_of_outcomes_has_every_operator_both_ways_and_with_nothing_there() -> None:
    operators = {row[0] for row in DOCUMENTED}
    assert len(operators) == 11
    assert {row[0] for row in DOCUMENTED if row[3]} == operators
    assert {row[0] for row in DOCUMENTED if not row[3]} == operators
    assert {row[0] for row in DOCUMENTED if row[1] is ABSENT} == operators


# -- what Intercept's validation finds: the whole list -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ('version: "1"\nhide: [a, ""]', "line 2, column 11", "'' is no tool name"),
        ('version: "1"\nhide: [a, a]', "line 2, column 11", "hidden twice"),
        ('version: "2"', "line 1, column 10", "version '2' is not supported"),
        ('version: "1"\ndefault: maybe', "line 2, column 10", "unknown default 'maybe'"),
        (transfer("{name: w, action: alow}"), "line 5, column 25", "unknown action 'alow'"),
        (
            transfer("{name: w, action: deny, conditions: [{path: args.x, op: eq, value: 1}]}"),
            "line 5, column 43", "a rule that denies takes no conditions",
        ),
        (transfer("{name: w, action: evaluate}"), "line 5, column 25", "no conditions to evaluate"),
        (transfer("{name: w}"), "line 5, column 7", "neither what is done nor what is asked"),
        (transfer("{name: w, conditions: [{path: arg.x, op: eq, value: 1}]}"), "line 5, column 37", "names no fact"),
        (transfer("{name: w, conditions: [{path: args.x, op: equals, value: 1}]}"), "line 5, column 49", "unknown operator"),
        (transfer("{name: w, conditions: [{path: args.x, op: in, value: a}]}"), "line 5, column 60", "in takes a list"),
        (transfer("{name: w, conditions: [{path: args.x, op: not_in, value: a}]}"), "line 5, column 64", "not_in takes a list"),
        *(
            (transfer(f"{{name: w, conditions: [{{path: args.x, op: {op}, value: '5'}}]}}"), f"line 5, column {58 + len(op)}",
             "compares with a number")
            for op in ("lt", "lte", "gt", "gte")
        ),
        (transfer("{name: w, conditions: [{path: args.x, op: exists, value: 1}]}"), "line 5, column 64", "true or false"),
        (transfer("{name: w, conditions: [{path: args.x, op: regex, value: 1}]}"), "line 5, column 63", "takes a pattern"),
        (transfer("{name: w, conditions: [{path: args.x, op: regex, value: '('}]}"), "line 5, column 63", "'('"),
        (
            transfer("{name: w, state: {counter: '', window: day}, conditions: [{path: state.transfer.c, op: lte, value: 1}]}"),
            "line 5, column 24", "the state has no counter",
        ),
        (
            transfer("{name: w, state: {counter: c, window: week}, conditions: [{path: state.transfer.c, op: lte, value: 1}]}"),
            "line 5, column 45", "unknown window 'week'",
        ),
        (
            transfer("{name: w, state: {counter: c, window: day, increment_from: x}, conditions: [{path: state.transfer.c, op: lte, value: 1}]}"),
            "line 5, column 66", "names no argument",
        ),
        (
            transfer("{name: w, conditions: [{path: state.transfer.c, op: lte, value: 1}]}"),
            "line 5, column 37", "only in a rule with a state of its own",
        ),
        (transfer("{name: w, rate_limit: often}"), "line 5, column 29", "'often' is no limit"),
        (transfer("{name: w, rate_limit: 0/day}"), "line 5, column 29", "allows no call"),
        (transfer("{name: w, rate_limit: 5/week}"), "line 5, column 29", "no unit of time"),
        (
            transfer("{name: w, rate_limit: 5/day, conditions: [{path: args.x, op: eq, value: 1}]}"),
            "line 5, column 29", "rate_limit beside conditions",
        ),
        (
            transfer("{name: w, rate_limit: 5/day, state: {counter: c, window: day}}"),
            "line 5, column 29", "rate_limit beside state",
        ),
        (transfer("{name: w, action: deny, rate_limit: 5/day}"), "line 5, column 43", "takes no rate_limit"),
        (transfer("{name: w, rate_limit: 5/day}\n    - {name: m, rate_limit: 6/day}"), "line 6, column 29", "counts for"),
        (
            transfer(
                "{name: w, conditions: [{path: state.transfer.c, op: lte, value: 1}], state: {counter: c, window: day}}\n"
                "    - {name: m, conditions: [{path: state.transfer.c, op: lte, value: 1}], state: {counter: c, window: hour}}"
            ),
            "line 6, column 83", "counts for '/tools/transfer/rules/0/state' already",
        ),
    ],
)  # fmt: skip
def test_what_intercept_refuses_is_refused_with_its_line_and_column(text: str, place: str, word: str) -> None:
    found = problems(text)
    assert any(word in problem.message for problem in found), found
    (problem,) = [problem for problem in found if word in problem.message]
    assert problem.place == place
    assert problem.remedy


def test_a_rule_without_a_name_loads_for_the_published_ones_have_none() -> None:
    assert load(transfer("{action: allow}")).policy.tools["transfer"][0].name == ""


def test_all_problems_are_reported_at_once() -> None:
    text = transfer("{name: w, action: alow}\n    - {name: m, rate_limit: 5/week}") + "default: maybe\n"
    assert len(problems(text)) == 3


# -- what Intercept does not find --------------------------------------------------------------------------------------


def test_a_misspelled_key_keeps_the_policy_from_loading() -> None:
    (problem,) = problems('version: "1"\ndefualt: deny\n')
    assert (problem.place, problem.remedy) == ("line 2, column 1", "did you mean 'default'?")


def test_a_tool_that_does_not_exist_is_reported_with_a_suggestion() -> None:
    (warning,) = load('version: "1"\ntools:\n  delete_td_nod: {}\n').warnings
    assert (warning.place, warning.remedy) == ("line 3, column 3", "did you mean 'delete_td_node'?")


@pytest.mark.parametrize(
    ("conditions", "column"),
    [
        ("[{path: args.x, op: lt, value: 1}, {path: args.x, op: gt, value: 1}]", 29),
        ("[{path: args.x, op: eq, value: a}, {path: args.x, op: in, value: [b, c]}]", 29),
        ("[{path: args.x, op: exists, value: false}, {path: args.x, op: eq, value: a}]", 29),
        ("[{path: args.x, op: in, value: []}]", 30),
    ],
)
def test_conditions_that_contradict_each_other_are_reported(conditions: str, column: int) -> None:
    warnings = load(transfer(f"{{name: w, conditions: {conditions}}}")).warnings
    (warning,) = [warning for warning in warnings if "never hold" in warning.message]
    assert "no call can pass" in warning.message
    assert warning.place == f"line 5, column {column}"


def test_a_rule_that_is_never_reached_is_reported() -> None:
    warnings = load(transfer("{name: w, action: deny}\n    - {name: m, rate_limit: 5/day}")).warnings
    (warning,) = [warning for warning in warnings if "denied whatever" in warning.message]
    assert warning.place == "line 6, column 7"


def test_a_negative_increment_is_refused() -> None:
    rule = "{name: w, conditions: [{path: state.transfer.c, op: lte, value: 9}], state: {counter: c, window: day, increment: -1}}"
    (problem,) = problems(transfer(rule))
    assert "would give back what others used" in problem.message
