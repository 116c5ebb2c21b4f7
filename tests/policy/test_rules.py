"""Several rules a tool, rules for every tool, overlays, and what a rule asks of a call, in the spellings that have it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from td_extension.policy.amounts import Unit
from td_extension.policy.decide import Decision, decide, decide_call
from td_extension.policy.facts import Facts, ScriptFacts, TargetFacts
from td_extension.policy.load import load_json
from td_extension.policy.model import Loaded, Policy
from td_extension.policy.problems import PolicyError
from td_extension.policy.table import COLUMNS, load_table
from td_extension.values import Capability, Code, Outcome

SCRIPT = "execute_python_script"
BY_DAY = {"hour": {"lt": 18}}
BY_NIGHT = {"hour": {"gte": 18}}


def document(**keys: Any) -> Policy:
    return load_json(json.dumps({"version": "1", **keys}), "policy.json").policy


def table(*rows: dict[str, str]) -> Policy:
    cells = [[row.get(column, "") for column in COLUMNS] for row in rows]
    return load_table([list(COLUMNS), *cells], "policy").policy


def asked(policy: Policy, tool: str = "t", args: Mapping[str, Any] | None = None, **facts: Any) -> Decision:
    return decide_call(policy, Facts(tool=tool, find_args=lambda: args or {}, **facts))


def refused(load: Any) -> str:
    with pytest.raises(PolicyError) as caught:
        load()
    return str(caught.value)


# -- several rules of one tool -----------------------------------------------------------------------------------------


def test_every_rule_that_applies_must_let_the_call_pass() -> None:
    policy = document(tools={"t": {"rules": [{"action": "allow"}, {"action": "deny", "when": BY_NIGHT, "reason": "too late"}]}})
    assert asked(policy, hour=12.0).outcome is Outcome.ALLOW
    decision = asked(policy, hour=20.0)
    assert (decision.code, decision.rule, decision.reason) == (Code.TOOL_DENIED, "/tools/t/rules/1", "too late")


def test_what_stands_at_the_tool_is_a_rule_beside_those_of_its_list() -> None:
    policy = document(tools={"t": {"action": "deny", "when": BY_NIGHT, "rules": [{"action": "allow"}]}})
    assert asked(policy, hour=20.0).rule == "/tools/t"
    assert asked(policy, hour=12.0).outcome is Outcome.ALLOW


def test_a_tool_that_is_allowed_under_a_condition_is_refused_where_that_does_not_hold() -> None:
    for default in ("deny", "allow"):
        policy = document(default=default, tools={"t": {"when": BY_DAY}})
        assert asked(policy, hour=12.0).outcome is Outcome.ALLOW
        decision = asked(policy, hour=20.0)
        assert (decision.outcome, decision.code) == (Outcome.DENY, Code.CONDITION_NOT_MET)
        assert decision.reason == "the policy allows this tool only where hour lt 18"


@pytest.mark.parametrize(("default", "outcome"), [("allow", Outcome.ALLOW), ("deny", Outcome.DENY)])
def test_where_none_of_a_tools_rules_applies_the_default_decides(default: str, outcome: Outcome) -> None:
    policy = document(default=default, tools={"t": {"action": "deny", "when": BY_NIGHT}})
    assert asked(policy, hour=20.0).code is Code.TOOL_DENIED
    decision = asked(policy, hour=12.0)
    assert (decision.outcome, decision.rule) == (outcome, "/default")


def test_a_default_that_asks_a_person_is_not_asked_where_a_rule_may_allow() -> None:
    policy = document(default="require_approval", tools={"t": {"when": BY_DAY}, "u": {"action": "deny", "when": BY_NIGHT}})
    early = decide(policy, "t")
    assert (early.outcome, early.is_final) == (Outcome.ALLOW, False)
    assert asked(policy, hour=12.0).outcome is Outcome.ALLOW
    assert asked(policy, "u", hour=12.0).outcome is Outcome.PENDING
    assert decide(policy, "x").outcome is Outcome.PENDING


def test_one_rule_that_asks_a_person_is_enough() -> None:
    rules = [{"action": "allow"}, {"action": "require_approval", "when": BY_NIGHT, "reason": "by night"}]
    policy = document(tools={"t": {"rules": rules}})
    assert asked(policy, hour=12.0).outcome is Outcome.ALLOW
    decision = asked(policy, hour=20.0)
    assert (decision.outcome, decision.reason, decision.rule) == (Outcome.PENDING, "by night", "/tools/t/rules/1")


def test_the_limits_of_all_rules_that_apply_count_and_of_no_other() -> None:
    rules = [
        {"rate_limit": "10/minute"},
        {"when": BY_NIGHT, "limits": [{"counter": "night", "window": "hour", "max": 3}]},
        {"when": BY_DAY, "limits": [{"counter": "day", "window": "hour", "max": 30}]},
    ]
    policy = document(tools={"t": {"rules": rules}})
    assert {limit.counter for limit in asked(policy, hour=20.0).limits} == {"t/60s", "night"}
    assert {limit.counter for limit in asked(policy, hour=12.0).limits} == {"t/60s", "day"}


def test_a_script_may_do_what_all_rules_that_apply_grant() -> None:
    rules = [{"script": "build"}, {"when": BY_NIGHT, "script": "inspect"}]
    policy = document(tools={SCRIPT: {"rules": rules}})
    assert Capability.TD_DELETE in asked(policy, SCRIPT, hour=12.0).script.grants.granted
    assert asked(policy, SCRIPT, hour=20.0).script.grants.granted == {Capability.TD_READ}


def test_a_fact_that_is_not_known_refuses_the_call_with_its_own_code() -> None:
    for rule in ({"when": BY_DAY}, {"action": "deny", "when": BY_NIGHT}):
        decision = asked(document(default="allow", tools={"t": rule}))
        assert (decision.outcome, decision.code) == (Outcome.DENY, Code.FACT_UNKNOWN)
        assert "TouchDesigner could not tell" in decision.reason


def test_what_is_denied_whatever_the_call_says_is_denied_before_it_is_looked_at() -> None:
    policy = document(tools={"t": {"rules": [{"action": "deny"}, {"when": BY_DAY}]}})
    assert decide(policy, "t").code is Code.TOOL_DENIED


def test_a_decision_is_final_where_no_rule_asks_anything_of_the_call() -> None:
    policy = document(tools={"t": {"rate_limit": "1/day"}, "u": {"args": {}}, "v": {"validate": {"required_args": True}}})
    assert decide(policy, "t").is_final
    assert decide(policy, "t") == asked(policy)
    assert not decide(policy, "u").is_final
    assert not decide(policy, "v").is_final


def test_a_script_is_looked_at_only_where_a_condition_asks_and_after_all_else() -> None:
    looked = []

    def find() -> ScriptFacts:
        looked.append(1)
        return ScriptFacts(frozenset({"net"}), (), 3)

    rules = [{"action": "deny", "when": {"script.capabilities": "net"}}, {"action": "deny", "when": BY_NIGHT}]
    policy = document(tools={"t": {"action": "allow", "rules": rules}})
    assert asked(policy, hour=20.0, find_script=find).rule == "/tools/t/rules/1"
    assert not looked
    assert asked(policy, hour=12.0, find_script=find).rule == "/tools/t/rules/0"
    assert looked


# -- rules for every tool ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [
        {"all_tools": {"action": "deny", "when": {"perform_mode": True}}},
        {"all_tools": {"deny_if": [{"conditions": [{"perform_mode": True}]}]}},
        {"all_tools": {"require": [{"conditions": [{"perform_mode": False}]}]}},
        {"all_tools": {"rules": [{"action": "deny", "when": {"perform_mode": True}}]}},
    ],
    ids=["when", "deny_if", "require", "rules"],
)
def test_a_rule_for_all_tools_holds_beside_those_of_each(keys: dict[str, Any]) -> None:
    policy = document(tools={"t": {}}, **keys)
    assert asked(policy, perform_mode=False).outcome is Outcome.ALLOW
    assert asked(policy, perform_mode=True).outcome is Outcome.DENY
    assert asked(policy, perform_mode=True).rule.startswith("/all_tools")


def test_a_star_under_tools_says_what_all_tools_says() -> None:
    rule = {"action": "deny", "when": {"perform_mode": True}}
    assert document(tools={"t": {}, "*": rule}).digest == document(tools={"t": {}}, all_tools=rule).digest


def test_rows_of_all_tools_with_a_condition_are_rules_and_one_without_is_the_default() -> None:
    policy = table(
        {"tool": "*", "action": "deny", "reason": "not listed"},
        {"tool": "*", "action": "deny", "when": "perform_mode", "reason": "the show runs"},
        {"tool": "*", "action": "ask", "when": "hour >= 18"},
        {"tool": "get_td_nodes", "action": "allow"},
    )
    assert asked(policy, "x", perform_mode=False, hour=1.0).reason == "not listed"
    assert asked(policy, "get_td_nodes", perform_mode=False, hour=1.0).outcome is Outcome.ALLOW
    assert asked(policy, "get_td_nodes", perform_mode=True, hour=1.0).reason == "the show runs"
    assert asked(policy, "get_td_nodes", perform_mode=False, hour=20.0).outcome is Outcome.PENDING


def test_a_table_and_a_document_of_several_rules_have_the_same_digest() -> None:
    rows = table(
        {"tool": "create_td_node", "action": "allow", "when": "hour < 18", "nodes": "/project1 -/project1/a"},
        {"tool": "create_td_node", "action": "deny", "when": "op_type in textDAT, tableDAT; not grant = stage"},
        {"tool": "*", "action": "deny", "when": "frame_rate < 30"},
    )
    rules = [
        {"action": "deny", "when": [{"op_type": ["textDAT", "tableDAT"]}, {"not": {"grant": "stage"}}]},
        {"when": BY_DAY, "nodes": {"within": ["/project1"], "except": ["/project1/a"]}},
    ]
    same = document(tools={"create_td_node": {"rules": rules}}, all_tools={"action": "deny", "when": {"frame_rate": {"lt": 30}}})
    assert rows.digest == same.digest


def test_the_counters_of_several_rows_are_their_own() -> None:
    policy = table(
        {"tool": "t", "action": "allow", "limit": "10/minute"},
        {"tool": "t", "action": "allow", "limit": "2/minute", "when": "perform_mode"},
    )
    assert sorted(limit.max for limit in asked(policy, perform_mode=True).limits) == [2, 10]
    assert len({limit.counter for limit in asked(policy, perform_mode=True).limits}) == 2


# -- what a rule asks and gives ----------------------------------------------------------------------------------------


def test_the_node_scopes_of_all_rules_that_apply_hold_at_once() -> None:
    policy = document(
        tools={"t": {"rules": [{"nodes": "/project1/show"}, {"when": BY_NIGHT, "nodes": {"within": ["/"], "except": ["/project1/show/a"]}}]}}
    )
    by_day, by_night = asked(policy, hour=12.0).nodes, asked(policy, hour=20.0).nodes
    assert [scope.allows("/project1/show/a") for scope in by_day] == [True]
    assert sorted(scope.allows("/project1/show/a") for scope in by_night) == [False, True]


def test_without_a_scope_everything_but_touchdesigners_own_operators_is_in() -> None:
    (scope,) = asked(document(tools={"t": {}})).nodes
    assert scope.allows("/project1")
    assert not scope.allows("/sys/x")


def test_a_scope_of_the_table_holds_for_all_tools_from_its_star_row() -> None:
    policy = table({"tool": "*", "action": "deny", "nodes": "/project1"}, {"tool": "t", "action": "allow", "nodes": "/project1/a strict"})
    scopes = asked(policy).nodes
    assert sorted((scope.text.split()[0], scope.strict) for scope in scopes) == [("/project1", False), ("/project1/a", True)]


def test_a_frame_rate_in_the_limits_is_a_floor_and_no_counter() -> None:
    limits = [{"frame_rate": 50}, {"counter": "c", "window": "minute", "max": 9}]
    decisions = [
        asked(document(tools={"t": {"limits": limits}})),
        asked(table({"tool": "t", "action": "allow", "limit": "9/minute; 50 fps"})),
        asked(document(all_tools={"limits": limits}, tools={"t": {}})),
    ]
    for decision in decisions:
        assert [floor.minimum for floor in decision.floors] == [50.0]
        assert [limit.max for limit in decision.limits] == [9]


@pytest.mark.parametrize(("frame_rate", "waits"), [(60.0, False), (50.0, False), (49.9, True), (None, True), (float("nan"), True)])
def test_a_floor_refuses_below_it_and_where_the_rate_is_not_known(frame_rate: float | None, waits: bool) -> None:
    (floor,) = asked(document(tools={"t": {"limits": [{"frame_rate": 50}]}})).floors
    assert (floor.retry_after_s(frame_rate) is not None) is waits


def test_a_limit_counts_calls_or_an_amount_or_the_main_threads_time() -> None:
    limits = [
        {"counter": "a", "window": "minute", "max": 9},
        {"counter": "b", "window": "day", "max": 500, "cost": "args.price"},
        {"counter": "c", "window": "minute", "max": 2000, "cost": "main_thread_ms"},
    ]
    written = asked(document(tools={"t": {"limits": limits}})).limits
    cells = asked(table({"tool": "t", "action": "allow", "limit": "9/minute; 500 args.price/day; 2000 ms/minute"})).limits
    for found in (written, cells):
        assert [(limit.max, limit.cost.unit) for limit in found] == [
            (9, Unit.CALLS), (500, Unit.ARGUMENT), (2000, Unit.MAIN_THREAD_MS),
        ]  # fmt: skip


def test_only_what_is_counted_by_calls_is_held_to_ten_thousand() -> None:
    limit = {"counter": "b", "window": "day", "max": 100_000, "cost": "args.price"}
    assert asked(document(tools={"t": {"limits": [limit]}})).limits[0].max == 100_000
    del limit["cost"]
    assert "above 10,000" in refused(lambda: document(tools={"t": {"limits": [limit]}}))


ARGS = {"properties": {"nodePath": {"type": "string", "pattern": "^/project1/"}, "n": {"type": "integer"}}, "required": ["nodePath"]}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"nodePath": "/project1/a"}, None),
        ({"nodePath": "/project1/a", "n": 5, "other": 1}, None),
        ({}, Code.MISSING_ARGUMENT),
        ({"nodePath": 5}, Code.MISTYPED_ARGUMENT),
        ({"nodePath": "/sys/a"}, Code.MISTYPED_ARGUMENT),
        ({"nodePath": "/project1/a", "n": True}, Code.MISTYPED_ARGUMENT),
    ],
)
def test_arguments_must_be_what_the_schema_says(args: dict[str, Any], code: Code | None) -> None:
    decision = asked(document(tools={"t": {"args": ARGS}}), args=args)
    assert decision.code is code
    assert decision.outcome is (Outcome.ALLOW if code is None else Outcome.DENY)
    assert code is None or decision.rule == "/tools/t/args"


def test_a_closed_schema_refuses_what_it_does_not_name() -> None:
    policy = document(tools={"t": {"args": {**ARGS, "additionalProperties": False}}})
    assert asked(policy, args={"nodePath": "/project1/a", "x": 1}).code is Code.UNKNOWN_ARGUMENT


def test_required_args_are_those_of_the_tools_own_schema() -> None:
    policy = document(tools={"create_td_node": {"validate": {"required_args": True}}})
    decision = asked(policy, "create_td_node", args={"parentPath": "/project1"})
    assert (decision.code, decision.rule) == (Code.MISSING_ARGUMENT, "/tools/create_td_node/validate")


def test_conditions_look_at_the_operators_that_a_call_acts_on() -> None:
    rules = [{"action": "allow"}, {"action": "deny", "when": {"op_type": ["textDAT"], "parameter_kind": "code"}}]
    policy = document(tools={"t": {"rules": rules}})

    def about(op_type: str, kind: str) -> Decision:
        target = TargetFacts("/project1/a", op_type, op_type[-3:], frozenset({kind}))
        return asked(policy, find_targets=lambda: (target,))

    assert about("textDAT", "value").outcome is Outcome.ALLOW
    assert about("noiseTOP", "code").outcome is Outcome.ALLOW
    assert about("textDAT", "code").outcome is Outcome.DENY


# -- grants and overlays -----------------------------------------------------------------------------------------------

GRANTS = {
    "required": True,
    "overlays": {
        "stage": {"tools": {"delete_td_node": {"rate_limit": "1/minute"}, "create_td_node": {"action": "deny"}}},
        "night": {"hide": ["get_td_nodes"], "all_tools": {"action": "deny", "when": BY_DAY}},
    },
}
DOCUMENT = {
    "tools": {"delete_td_node": {"action": "deny"}, "create_td_node": {}, "get_td_nodes": {}},
    "all_tools": {"limits": [{"counter": "all", "window": "minute", "max": 60}]},
    "grants": GRANTS,
}


def test_a_policy_says_whether_a_key_is_required() -> None:
    assert document(**DOCUMENT).grants_required
    assert not document(grants={}).grants_required
    assert not document().grants_required


def test_an_overlay_has_its_tools_in_place_of_the_documents_and_the_rest_on_top() -> None:
    policy = document(**DOCUMENT)
    stage, night = policy.overlays["stage"], policy.overlays["night"]
    assert decide(policy, "delete_td_node").outcome is Outcome.DENY
    assert [limit.max for limit in decide(stage, "delete_td_node").limits] == [1, 60]
    assert decide(stage, "create_td_node").outcome is Outcome.DENY
    assert decide(stage, "get_td_nodes").outcome is Outcome.ALLOW
    assert decide(night, "get_td_nodes").code is Code.TOOL_HIDDEN
    assert asked(night, "create_td_node", hour=20.0).outcome is Outcome.ALLOW
    assert asked(night, "create_td_node", hour=12.0).outcome is Outcome.DENY
    assert asked(night, "delete_td_node", hour=20.0).outcome is Outcome.DENY


def test_a_rule_of_an_overlay_is_named_where_it_stands() -> None:
    stage = document(**DOCUMENT).overlays["stage"]
    assert decide(stage, "create_td_node").rule == "/grants/overlays/stage/tools/create_td_node"


def test_the_digest_changes_with_an_overlay_and_whether_a_key_is_required() -> None:
    other = {**GRANTS, "overlays": {**GRANTS["overlays"], "stage": {}}}  # type: ignore[dict-item]
    digests = {document(**{**DOCUMENT, "grants": grants}).digest for grants in (GRANTS, other, {**GRANTS, "required": False})}
    assert len(digests) == 3


def test_an_overlay_cannot_change_the_default_nor_hold_overlays() -> None:
    for key, value in (("default", "allow"), ("grants", {}), ("version", "1")):
        grants = {"overlays": {"stage": {key: value}}}
        assert "unknown key" in refused(lambda grants=grants: document(grants=grants))


def test_a_counter_that_overlay_and_document_bound_differently_is_refused() -> None:
    limit = {"counter": "c", "window": "minute", "max": 5}
    overlay = {"tools": {"u": {"limits": [{**limit, "max": 9}]}}}
    text = refused(lambda: document(tools={"t": {"limits": [limit]}}, grants={"overlays": {"stage": overlay}}))
    assert "counts for '/tools/t/limits/0' already" in text


def test_problems_of_an_overlay_have_their_place() -> None:
    text = '{"version": "1",\n "grants": {"overlays": {"stage": {"tools": {"delete_td_nod": {}}}}}}'
    loaded: Loaded = load_json(text, "a")
    (warning,) = loaded.warnings
    assert (warning.place, warning.remedy) == ("line 2, column 46", "did you mean 'delete_td_node'?")
