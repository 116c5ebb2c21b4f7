"""Every spelling of a policy loads as it stands, and decides as its author was told (policy_engines.md section 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from td_extension.policy.amounts import Unit
from td_extension.policy.decide import decide, decide_call
from td_extension.policy.document import load_document, load_yaml
from td_extension.policy.facts import Facts, ScriptFacts
from td_extension.policy.load import load_json
from td_extension.policy.model import Action, Limit, Policy, Scope
from td_extension.policy.problems import PolicyError, Problem, Severity
from td_extension.policy.table import load_table
from td_extension.values import Code, Outcome

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "reference" / "policies"


def of_yaml(text: str) -> Policy:
    return load_yaml(text, "policy.yaml").policy


def of_json(**document: Any) -> Policy:
    return load_json(json.dumps({"version": "1", **document}), "policy.json").policy


def of_rows(*rows: dict[str, str]) -> Policy:
    columns = ("tool", "action", "limit", "scope", "script", "nodes", "when", "reason")
    return load_table([columns, *([row.get(column, "") for column in columns] for row in rows)], "table").policy


def outcome(policy: Policy, tool: str, args: Mapping[str, Any] | None = None, **facts: Any) -> tuple[Outcome, str]:
    """What is decided about a call, and by what."""
    decision = decide_call(policy, Facts(tool=tool, find_args=lambda: args or {}, **facts))
    return decision.outcome, decision.rule


def code(policy: Policy, tool: str, args: Mapping[str, Any] | None = None, **facts: Any) -> Code | None:
    return decide_call(policy, Facts(tool=tool, find_args=lambda: args or {}, **facts)).code


def errors(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        load_yaml(text, "policy.yaml")
    return tuple(one for one in caught.value.problems if one.severity is Severity.ERROR)


def only_error(text: str) -> Problem:
    (error,) = errors(text)
    return error


# -- what is published ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the folder shared/reference/policies is not here")
def test_the_document_on_the_page_of_execute_python_script_loads_as_it_stands() -> None:
    text = (PUBLISHED / "policylayer_execute_python_script.json").read_text(encoding="utf-8")
    policy = load_json(text, "policy.json").policy
    (limit,) = decide(policy, "execute_python_script").limits
    assert (limit.counter, limit.max, limit.window_s, limit.scope) == ("execute_python_script_rate", 10, 60.0, Scope.GRANT)
    assert decide(policy, "create_td_node").code is Code.DEFAULT_DENY


def test_the_short_form_of_the_tool_pages_loads_under_rules_without_names_and_without_a_version() -> None:
    policy = of_yaml(
        "tools:\n  execute_python_script:\n    rules:\n      - action: allow\n        rate_limit: {max: 10, window: 60}\n"
        "        validate: {required_args: true}\n  delete_td_node:\n    rules:\n      - action: deny\n"
        "        reason: destructive\n  create_td_node:\n    rules:\n      - action: allow\n        rate_limit: 30/hour\n"
    )
    assert [(one.max, one.window_s) for one in decide(policy, "execute_python_script").limits] == [(10, 60.0)]
    assert code(policy, "execute_python_script") is Code.MISSING_ARGUMENT
    assert code(policy, "execute_python_script", args={"script": "1"}) is None
    refused = decide(policy, "delete_td_node")
    assert (refused.code, refused.reason) == (Code.TOOL_DENIED, "destructive")
    assert [(one.max, one.window_s) for one in decide(policy, "create_td_node").limits] == [(30, 3600.0)]


def test_the_short_form_loads_directly_under_the_tool_too() -> None:
    policy = of_yaml(
        "version: '1'\ntools:\n  exec_node_method: {action: allow, rate_limit: {max: 10, window: 60}, validate:"
        " {required_args: true}}\n  delete_td_node: {action: deny, reason: destructive}\n"
        "  create_td_node: {action: require_approval}\n"
    )
    assert code(policy, "exec_node_method", args={"nodePath": "/a"}) is Code.MISSING_ARGUMENT
    assert decide(policy, "delete_td_node").reason == "destructive"
    assert decide(policy, "create_td_node").outcome is Outcome.PENDING


CATALOGUE = """
version: "1"
default: deny
hide: [delete_td_node]
all_tools:
  limits: [{counter: all, window: minute, max: 120, scope: grant}]
tools:
  create_td_node: {limits: [{counter: create_td_node_rate, window: minute, max: 30, scope: grant}]}
  update_td_node_parameters: {limits: [{counter: update_rate, window: minute, max: 30, scope: grant}]}
  exec_node_method: {limits: [{counter: exec_rate, window: minute, max: 10, scope: grant}]}
  execute_python_script: {limits: [{counter: script_rate, window: minute, max: 10, scope: grant}]}
  get_td_nodes: {}
  get_td_node_parameters: {}
  get_td_node_errors: {}
  get_td_classes: {}
  get_td_class_details: {}
  get_td_module_help: {}
  get_td_info: {}
  describe_td_tools: {rules: [{rate_limit: 60/minute}]}
"""


def test_the_catalogue_of_touchdesigners_tools_decides_as_its_pages_say() -> None:
    policy = of_yaml(CATALOGUE)
    assert decide(policy, "delete_td_node").code is Code.TOOL_HIDDEN
    assert decide(policy, "get_top_image").code is Code.DEFAULT_DENY
    assert [one.counter for one in decide(policy, "get_td_nodes").limits] == ["all"]
    assert [(one.counter, one.max) for one in decide(policy, "exec_node_method").limits] == [("exec_rate", 10), ("all", 120)]


# -- hosted policy.json --------------------------------------------------------------------------------------------


def clause(op: str, value: Any, path: str = "args.amount", **more: Any) -> dict[str, Any]:
    return {"conditions": [{"path": path, "op": op, "value": value}], **more}


def test_require_refuses_unless_the_conditions_hold() -> None:
    policy = of_json(tools={"x": {"require": [clause("lte", 100, on_deny="Too much.")]}})
    assert outcome(policy, "x", args={"amount": 100}) == (Outcome.ALLOW, "/tools/x")
    refused = decide_call(policy, Facts(tool="x", find_args=lambda: {"amount": 101}))
    assert (refused.code, refused.reason) == (Code.CONDITION_NOT_MET, "Too much")
    assert refused.rule == "/tools/x/require/0/conditions/0"


def test_require_refuses_where_the_argument_is_missing() -> None:
    policy = of_json(tools={"x": {"require": [clause("neq", 100)]}})
    assert code(policy, "x", args={}) is Code.CONDITION_NOT_MET


def test_deny_if_refuses_where_the_conditions_hold() -> None:
    policy = of_json(tools={"x": {"deny_if": [clause("gt", 100)]}})
    assert outcome(policy, "x", args={"amount": 100})[0] is Outcome.ALLOW
    assert outcome(policy, "x", args={"amount": 101}) == (Outcome.DENY, "/tools/x/deny_if/0/conditions/0")


def test_deny_if_refuses_what_it_cannot_compare() -> None:
    policy = of_json(tools={"x": {"deny_if": [clause("gt", 100)]}})
    assert code(policy, "x", args={"amount": [101]}) is Code.VALUE_MISTYPED


def test_without_an_on_deny_the_agent_is_told_the_condition() -> None:
    refused = decide_call(of_json(tools={"x": {"require": [clause("lte", 100)]}}), Facts(tool="x", find_args=lambda: {"amount": 7e9}))
    assert refused.reason == "the policy wants args.amount lte 100"


def test_all_clauses_must_let_a_call_pass() -> None:
    policy = of_json(tools={"x": {"require": [clause("gte", 1), clause("lte", 9)], "deny_if": [clause("eq", 5)]}})
    assert [code(policy, "x", args={"amount": one}) is None for one in (0, 1, 5, 9, 10)] == [False, True, False, True, False]


# -- Intercept -----------------------------------------------------------------------------------------------------


def intercept(rule: str, tool: str = "x", default: str = "deny") -> Policy:
    return of_yaml(f'version: "1"\ndefault: {default}\ntools:\n  {tool}:\n    rules:\n{rule}')


def test_an_evaluate_rule_lets_pass_what_fulfils_its_conditions() -> None:
    rule = "      - name: small\n        conditions:\n          - {path: args.amount, op: lte, value: 5}\n        on_deny: Too much\n"
    policy = intercept(rule)
    assert code(policy, "x", args={"amount": 5}) is None
    refused = decide_call(policy, Facts(tool="x", find_args=lambda: {"amount": 6}))
    assert (refused.rule, refused.reason) == ("/tools/x/rules/0/conditions/0", "Too much")


def test_every_rule_of_a_tool_must_pass() -> None:
    rules = "".join(
        f"      - name: r{index}\n        action: evaluate\n        conditions: [{{path: args.{name}, op: exists, value: true}}]\n"
        for index, name in enumerate(("a", "b"))
    )
    policy = intercept(rules)
    assert code(policy, "x", args={"a": 1}) is Code.CONDITION_NOT_MET
    assert code(policy, "x", args={"a": 1, "b": 2}) is None


def test_a_deny_rule_denies_at_once_with_its_on_deny() -> None:
    refused = decide(intercept("      - {name: never, action: deny, on_deny: Never}\n"), "x")
    assert (refused.code, refused.reason) == (Code.TOOL_DENIED, "Never")


def test_no_rules_allow_the_tool() -> None:
    assert decide(intercept("      []\n"), "x").outcome is Outcome.ALLOW


def test_rules_of_all_tools_hold_beside_a_tools_own() -> None:
    policy = of_yaml(
        'version: "1"\ntools:\n  x: {rules: []}\n  "*":\n    rules:\n'
        "      - {name: all, conditions: [{path: args.dry, op: eq, value: true}]}\n      - {name: often, rate_limit: 60/minute}\n"
    )
    assert code(policy, "x", args={"dry": False}) is Code.CONDITION_NOT_MET
    (limit,) = decide_call(policy, Facts(tool="x", find_args=lambda: {"dry": True})).limits
    assert (limit.counter, limit.max) == ("*/60s", 60)


def test_rules_of_all_tools_do_not_rescue_a_tool_that_is_not_listed() -> None:
    policy = of_yaml('version: "1"\ndefault: deny\ntools:\n  "*": {rules: [{name: a, rate_limit: 60/minute}]}\n')
    assert decide(policy, "x").code is Code.DEFAULT_DENY


def test_an_approval_under_conditions_asks_where_they_hold_and_allows_the_rest() -> None:
    rule = "      - {name: big, action: require_approval, conditions: [{path: args.amount, op: gt, value: 100}]}\n"
    policy = intercept(rule)
    assert outcome(policy, "x", args={"amount": 101})[0] is Outcome.PENDING
    assert outcome(policy, "x", args={"amount": 100})[0] is Outcome.ALLOW


STATE = (
    "      - name: spend\n        conditions:\n          - {{path: state.x.spend, op: {op}, value: {value}}}\n"
    "        state: {{counter: spend, window: day{more}}}\n        on_deny: Budget is used up\n"
)


@pytest.mark.parametrize(
    ("op", "value", "more", "maximum", "unit"),
    [
        ("lte", 100, "", 100, Unit.CALLS),
        ("lt", 100, "", 99, Unit.CALLS),
        ("lte", 100, ", increment: 30", 3, Unit.CALLS),
        ("lte", 100, ", increment: 0", 100, Unit.CALLS),
        ("lte", 100000, ", increment_from: args.amount", 100000, Unit.ARGUMENT),
    ],
)
def test_a_state_and_its_condition_are_one_limit(op: str, value: int, more: str, maximum: int, unit: Unit) -> None:
    (limit,) = decide(intercept(STATE.format(op=op, value=value, more=more)), "x").limits
    assert (limit.counter, limit.max, limit.window_s, limit.cost.unit) == ("spend", maximum, 86400.0, unit)
    assert (limit.scope, limit.on_deny) == (Scope.TOOL, "Budget is used up")


def test_a_counter_of_all_tools_counts_everything_together() -> None:
    rule = STATE.format(op="lte", value=9, more="").replace("state.x.spend", "state._global.spend")
    policy = intercept(rule, tool='"*"', default="allow")
    (limit,) = decide(policy, "anything").limits
    assert (limit.counter, limit.max, limit.scope) == ("spend", 9, Scope.GLOBAL)


def test_a_state_beside_other_conditions_counts_and_requires() -> None:
    rule = (
        "      - name: both\n        conditions:\n          - {path: args.amount, op: exists, value: true}\n"
        "          - {path: state.x.runs, op: lte, value: 5}\n        state: {counter: runs, window: hour}\n"
    )
    policy = intercept(rule)
    assert code(policy, "x", args={}) is Code.CONDITION_NOT_MET
    assert [one.max for one in decide_call(policy, Facts(tool="x", find_args=lambda: {"amount": 1})).limits] == [5]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{name: a, action: permit}", "unknown action 'permit'"),
        ("{name: a, action: deny, conditions: [{path: args.a, op: eq, value: 1}]}", "a rule that denies takes no conditions"),
        ("{name: a, conditions: []}", "the list of conditions is empty"),
        ("{name: a, conditions: [{path: arg.a, op: eq, value: 1}]}", "names no"),
        ("{name: a, conditions: [{path: args.a, op: equals, value: 1}]}", "unknown operator 'equals'"),
        ("{name: a, conditions: [{path: args.a, op: in, value: x}]}", "in takes a list"),
        ("{name: a, conditions: [{path: args.a, op: lt, value: x}]}", "lt compares with a number"),
        ("{name: a, conditions: [{path: args.a, op: exists, value: 1}]}", "exists takes true or false"),
        ("{name: a, conditions: [{path: args.a, op: regex, value: 1}]}", "regex takes a pattern"),
        ("{name: a, conditions: [{path: args.a, op: regex, value: '('}]}", "'('"),
        ("{name: a, conditions: [{path: args.a, op: regex, value: '(a+)+$'}]}", "vetted"),
        ("{name: a, state: {counter: '', window: day}, conditions: [{path: state.x.runs, op: lte, value: 1}]}", "no counter"),
        ("{name: a, state: {counter: runs, window: week}, conditions: [{path: state.x.runs, op: lte, value: 1}]}", "unknown window"),
        ("{name: a, state: {counter: runs, window: day, increment_from: amount}, conditions: [{path: state.x.runs, op: lte, value: 1}]}", "names no argument"),
        ("{name: a, state: {counter: runs, window: day, increment: -1}, conditions: [{path: state.x.runs, op: lte, value: 1}]}", "give back"),
        ("{name: a, conditions: [{path: state.x.runs, op: lte, value: 1}]}", "a state of its own"),
        ("{name: a, state: {counter: runs, window: day}, conditions: [{path: state.y.runs, op: lte, value: 1}]}", "only the rule's own counter"),
        ("{name: a, state: {counter: runs, window: day}, conditions: [{path: state.x.runs, op: gt, value: 1}]}", "cannot be compared with"),
        ("{name: a, rate_limit: 10 per hour}", "no limit"),
        ("{name: a, rate_limit: 0/hour}", "allows no call"),
        ("{name: a, rate_limit: 10/week}", "no unit of time"),
        ("{name: a, rate_limt: 10/hour}", "unknown key 'rate_limt'"),
        ("{name: a, reason: a, on_deny: b}", "a reason beside on_deny"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_column(rule: str, told: str) -> None:
    error = only_error(f'version: "1"\ntools:\n  x:\n    rules:\n      - {rule}\n')
    assert told in error.message
    assert error.place.startswith("line 5, column ")
    assert error.remedy


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('version: "2"\n', "version"),
        ("version: '1'\ndefault: maybe\n", "unknown default"),
        ("version: '1'\nhide: ['']\n", "no tool name"),
        ("version: '1'\nhide: [a, a]\n", "hidden twice"),
        ("version: '1'\ndefualt: deny\n", "unknown key 'defualt'"),
        ("version: '1'\ntools:\n  x: {}\n  x: {}\n", "twice"),
        ("version: '1'\ntools:\n  x: {rules: [{rate_limit: 1/hour}, {rate_limit: 2/hour}]}\n", "counts for"),
    ],
)
def test_what_is_wrong_with_a_document_is_told(text: str, told: str) -> None:
    assert told in only_error(text).message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tools:\n  get_td_nods: {}\n", "no tool of touchdesigner-mcp"),
        ("tools:\n  get_td_nodes: {when: {frame_rate: {lt: 10, gt: 20}}}\n", "can never hold, so the rule never applies"),
        ("tools:\n  get_td_nodes: {require: [{conditions: [{path: args.a, op: eq, value: 1}, {path: args.a, op: eq, value: 2}]}]}\n", "no call can pass"),
        ("tools:\n  get_td_nodes: {rules: [{action: deny}, {rate_limit: 1/hour}]}\n", "is denied whatever this rule says"),
        ("tools:\n  get_td_nodes: {action: deny, when: {perform_mode: true}}\n", "the default decides there"),
        ("tools:\n  get_td_nodes: {state: {counter: runs, window: day}}\n", "nothing is limited by it"),
    ],
)  # fmt: skip
def test_what_does_nothing_is_warned_of(text: str, told: str) -> None:
    warnings = load_document('version: "1"\n' + text, "policy.yaml").warnings
    assert [one for one in warnings if told in one.message and one.place.startswith("line ") and one.remedy], warnings


# -- PolicyGuard's own keys ----------------------------------------------------------------------------------------


def test_a_rule_applies_only_where_its_when_holds() -> None:
    policy = of_json(default="allow", tools={"x": {"action": "deny", "when": {"perform_mode": True}}})
    assert outcome(policy, "x", perform_mode=True) == (Outcome.DENY, "/tools/x")
    assert outcome(policy, "x", perform_mode=False) == (Outcome.ALLOW, "/default")


def test_a_tool_that_is_allowed_under_a_condition_is_refused_elsewhere_whatever_the_default() -> None:
    policy = of_json(default="allow", tools={"x": {"when": {"hour": {"lt": 18}}}})
    assert outcome(policy, "x", hour=12.0)[0] is Outcome.ALLOW
    refused = decide_call(policy, Facts(tool="x", hour=20.0))
    assert (refused.code, refused.reason) == (Code.CONDITION_NOT_MET, "the policy allows this tool only where hour lt 18")


def test_where_no_rule_of_a_tool_applies_the_default_decides() -> None:
    rule = {"action": "require_approval", "when": {"script.lines": {"gt": 50}}}
    long = {"find_script": lambda: ScriptFacts(frozenset(), (), 60)}
    short = {"find_script": lambda: ScriptFacts(frozenset(), (), 5)}
    assert outcome(of_json(default="allow", tools={"x": rule}), "x", **short)[0] is Outcome.ALLOW
    assert code(of_json(tools={"x": rule}), "x", **short) is Code.DEFAULT_DENY
    assert outcome(of_json(tools={"x": rule}), "x", **long)[0] is Outcome.PENDING


def test_the_limits_and_profiles_of_all_rules_that_apply_hold_together() -> None:
    rules = [{"rate_limit": "10/hour", "script": "build"}, {"when": {"hour": {"gte": 18}}, "rate_limit": "2/minute", "script": "inspect"}]
    policy = of_json(tools={"execute_python_script": {"rules": rules}})
    day, night = (decide_call(policy, Facts(tool="execute_python_script", hour=hour)) for hour in (9.0, 20.0))
    assert ([one.max for one in day.limits], day.script.profile) == ([10], "build")
    assert sorted(one.max for one in night.limits) == [2, 10]
    assert {one.value for one in night.script.grants.granted} == {"td.read"}


def test_arguments_are_held_to_a_schema() -> None:
    schema = {"properties": {"nodePath": {"type": "string", "pattern": "^/project1/"}}, "required": ["nodePath"]}
    policy = of_json(tools={"x": {"args": schema}})
    assert code(policy, "x", args={"nodePath": "/project1/a"}) is None
    assert code(policy, "x", args={"nodePath": "/sys"}) is Code.MISTYPED_ARGUMENT
    assert code(policy, "x", args={}) is Code.MISSING_ARGUMENT


def test_all_tools_may_have_rules_clauses_and_scopes() -> None:
    policy = of_json(
        default="allow",
        all_tools={
            "deny_if": [{"conditions": [{"perform_mode": True, "not": {"risk": "read"}}]}],
            "nodes": ["/project1/show"],
            "limits": [{"frame_rate": 50}],
        },
    )
    facts = {"perform_mode": True}
    assert code(policy, "create_td_node", risk="write", **facts) is Code.CONDITION_NOT_MET
    decision = decide_call(policy, Facts(tool="get_td_nodes", risk="read", perform_mode=True))
    assert ([one.text for one in decision.nodes], [one.minimum for one in decision.floors]) == (["/project1/show -/sys -/ui -/local"], [50.0])


def test_an_overlay_stands_in_place_of_the_tools_that_it_lists_and_adds_the_rest() -> None:
    policy = of_json(
        tools={"a": {}, "b": {"action": "deny"}},
        grants={"required": True, "overlays": {"stage": {"hide": ["a"], "tools": {"b": {}, "c": {}}, "all_tools": {"limits": [{"counter": "runs", "window": "hour", "max": 3}]}}}},
    )  # fmt: skip
    stage = policy.overlays["stage"]
    assert policy.grants_required
    assert stage.grants_required
    assert [decide(policy, tool).outcome for tool in "abc"] == [Outcome.ALLOW, Outcome.DENY, Outcome.DENY]
    assert [decide(stage, tool).code for tool in "abc"] == [Code.TOOL_HIDDEN, None, None]
    assert [one.counter for one in decide(stage, "b").limits] == ["runs"]
    assert policy.digest != stage.digest


# -- the table -----------------------------------------------------------------------------------------------------


def test_a_tool_may_have_several_rows() -> None:
    policy = of_rows(
        {"tool": "execute_python_script", "action": "allow", "limit": "10/minute", "script": "edit"},
        {"tool": "execute_python_script", "action": "ask", "when": "script.lines > 50"},
        {"tool": "execute_python_script", "action": "deny", "when": "hour >= 22", "reason": "the crew sleeps"},
    )
    few = {"find_script": lambda: ScriptFacts(frozenset(), (), 5)}
    many = {"find_script": lambda: ScriptFacts(frozenset(), (), 51)}
    assert outcome(policy, "execute_python_script", hour=12.0, **few)[0] is Outcome.ALLOW
    assert outcome(policy, "execute_python_script", hour=12.0, **many)[0] is Outcome.PENDING
    assert decide_call(policy, Facts(tool="execute_python_script", hour=23.0)).reason == "the crew sleeps"


def test_rows_for_all_tools_hold_where_their_when_does() -> None:
    policy = of_rows(
        {"tool": "*", "action": "allow"},
        {"tool": "*", "action": "deny", "when": "perform_mode; risk != read", "reason": "the show runs"},
        {"tool": "*", "action": "allow", "when": "perform_mode", "limit": "6/minute"},
    )
    assert code(policy, "create_td_node", risk="write", perform_mode=True) is Code.TOOL_DENIED
    assert [one.max for one in decide_call(policy, Facts(tool="get_td_nodes", risk="read", perform_mode=True)).limits] == [6]
    assert decide_call(policy, Facts(tool="create_td_node", risk="write", perform_mode=False)).limits == ()


def test_a_cell_holds_calls_amounts_milliseconds_and_frame_rates() -> None:
    policy = of_rows({"tool": "x", "action": "allow", "limit": "10/minute; 500 args.price/day; 2000 ms/minute; 50 fps"})
    decision = decide(policy, "x")
    assert [(one.counter, one.max, one.cost.text) for one in decision.limits] == [
        ("x/60s", 10, ""), ("x:args.price/86400s", 500, "args.price"), ("x:main_thread_ms/60s", 2000, "main_thread_ms"),
    ]  # fmt: skip
    assert [one.minimum for one in decision.floors] == [50.0]


def test_a_row_names_the_operators_on_which_its_tool_may_act() -> None:
    policy = of_rows({"tool": "delete_td_node", "action": "allow", "nodes": "/project1/tmp/** -/project1/tmp/keep strict"})
    (scope,) = decide(policy, "delete_td_node").nodes
    assert (scope.strict, scope.pointer) == (True, "/tools/delete_td_node/nodes")
    assert (scope.allows("/project1/tmp/a"), scope.allows("/project1/tmp/keep/b")) == (True, False)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"limit": "10 args./day"}, "row 1, column limit"),
        ({"limit": "0 fps"}, "row 1, column limit"),
        ({"limit": "10/minute; 20/minute"}, "row 1, column limit"),
        ({"when": "perfom_mode"}, "row 1, column when"),
        ({"when": "hour < noon"}, "row 1, column when"),
        ({"nodes": "project1"}, "row 1, column nodes"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_column(row: dict[str, str], place: str) -> None:
    with pytest.raises(PolicyError) as caught:
        of_rows({"tool": "x", "action": "allow", **row})
    assert [one.place for one in caught.value.problems if one.severity is Severity.ERROR] == [place]


def test_two_rows_of_one_tool_without_a_condition_contradict_each_other() -> None:
    with pytest.raises(PolicyError, match="has a rule in row 1 and in row 2"):
        of_rows({"tool": "x", "action": "allow"}, {"tool": "x", "action": "deny"})


# -- what holds for all of them ------------------------------------------------------------------------------------


def test_the_same_rules_have_the_same_digest_in_every_spelling() -> None:
    hosted = of_json(tools={"x": {"limits": [{"counter": "x/60s", "window": "minute", "max": 10}]}})
    short = of_yaml('version: "1"\ntools:\n  x: {action: allow, rate_limit: {max: 10, window: 60}}\n')
    named = of_yaml('version: "1"\ntools:\n  x: {rules: [{name: often, action: evaluate, rate_limit: 10/minute}]}\n')
    table = of_rows({"tool": "x", "action": "allow", "limit": "10/minute"})
    assert len({one.digest for one in (hosted, short, named, table)}) == 1


def test_the_order_of_rules_and_clauses_means_nothing() -> None:
    rules = [{"when": {"hour": {"lt": 6}}, "action": "deny"}, {"rate_limit": "1/day"}, {"require": [clause("lt", 1), clause("gt", 0)]}]
    turned = [{"require": [clause("gt", 0), clause("lt", 1)]}, *rules[1::-1]]
    assert of_json(tools={"x": {"rules": rules}}).digest == of_json(tools={"x": {"rules": turned}}).digest


def test_a_listed_tool_has_at_least_one_rule() -> None:
    policy = of_json(tools={"x": {"rules": []}, "y": {}})
    assert {name: [rule.action for rule in rules] for name, rules in policy.tools.items()} == {"x": [Action.ALLOW], "y": [Action.ALLOW]}


def test_limits_of_the_same_name_at_two_tools_are_one_counter() -> None:
    limit = {"counter": "code", "window": "minute", "max": 3}
    policy = of_json(tools={"x": {"limits": [limit]}, "y": {"limits": [limit]}})
    both = {decide(policy, tool).limits[0] for tool in "xy"}
    assert {(one.counter, one.scope) for one in both} == {("code", Scope.GRANT)}
    assert all(isinstance(one, Limit) for one in both)
