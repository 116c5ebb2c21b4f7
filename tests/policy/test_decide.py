"""What a policy says about a tool."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.decide import decide
from td_extension.policy.load import load_json
from td_extension.policy.model import Action, Policy
from td_extension.policy.table import load_table
from td_extension.policy.tools import TOOLS
from td_extension.values import Code, Outcome


def policy(rest: str) -> Policy:
    return load_json('{"version": "1", ' + rest + "}", "a").policy


def test_a_listed_tool_is_allowed_by_its_rule() -> None:
    decision = decide(policy('"tools": {"get_td_nodes": {}}'), "get_td_nodes")
    assert (decision.outcome, decision.rule, decision.code) == (Outcome.ALLOW, "/tools/get_td_nodes", None)


def test_an_unlisted_tool_is_denied_by_default() -> None:
    decision = decide(policy('"tools": {}'), "get_td_nodes")
    assert (decision.outcome, decision.rule, decision.code) == (Outcome.DENY, "/default", Code.DEFAULT_DENY)
    assert "ask the operator" in decision.reason


def test_an_unlisted_tool_is_allowed_under_default_allow() -> None:
    decision = decide(policy('"default": "allow"'), "get_td_nodes")
    assert (decision.outcome, decision.rule) == (Outcome.ALLOW, "/default")


def test_a_denied_tool_is_refused_with_the_reason_that_a_person_wrote() -> None:
    decision = decide(policy('"tools": {"x": {"action": "deny", "reason": "Not tonight."}}'), "x")
    assert (decision.outcome, decision.code, decision.reason) == (Outcome.DENY, Code.TOOL_DENIED, "Not tonight")


def test_a_hidden_tool_is_refused_as_if_it_did_not_exist_whatever_its_rule_says() -> None:
    decision = decide(policy('"hide": ["x"], "tools": {"x": {"reason": "secret"}}'), "x")
    assert (decision.outcome, decision.rule, decision.code) == (Outcome.DENY, "/hide", Code.TOOL_HIDDEN)
    assert decision.reason == "there is no such tool here"


def test_a_star_hides_listed_and_unlisted_tools() -> None:
    hidden = policy('"default": "allow", "hide": "*", "tools": {"x": {}}')
    assert {decide(hidden, tool).code for tool in ("x", "y")} == {Code.TOOL_HIDDEN}


def test_a_tool_that_needs_approval_is_pending() -> None:
    decision = decide(policy('"default": "allow", "tools": {"x": {"action": "require_approval"}}'), "x")
    assert (decision.outcome, decision.rule, decision.code) == (Outcome.PENDING, "/tools/x", Code.APPROVAL_NEEDED)


def test_a_table_can_ask_for_every_tool_without_a_row() -> None:
    asking = load_table([["tool", "action", "limit"], ["*", "ask", "1/day"]], "a").policy
    decision = decide(asking, "x")
    assert (decision.outcome, decision.rule) == (Outcome.PENDING, "/default")
    assert len(decision.limits) == 1


def test_limits_of_the_tool_come_before_those_of_all_tools() -> None:
    limits = '"all_tools": {"limits": [{"counter": "all", "window": 1, "max": 1}]}'
    decision = decide(policy(limits + ', "tools": {"x": {"rate_limit": "1/day"}}'), "x")
    assert [limit.counter for limit in decision.limits] == ["x/86400s", "all"]


@pytest.mark.parametrize("rest", ['"hide": ["x"]', '"default": "deny"', '"tools": {"x": {"action": "deny"}}'])
def test_a_refused_call_is_counted_against_no_limit(rest: str) -> None:
    limits = ', "all_tools": {"limits": [{"counter": "all", "window": 1, "max": 1}]}'
    assert decide(policy(rest + limits), "x").limits == ()


def test_scripts_have_the_profile_of_their_rule() -> None:
    script = decide(policy('"tools": {"execute_python_script": {"script": "build"}}'), "execute_python_script").script
    assert script.profile == "build"


@pytest.mark.parametrize("rest", ['"default": "allow"', '"tools": {"execute_python_script": {}}'])
def test_without_a_profile_the_default_holds_and_points_to_where_it_would_be_stated(rest: str) -> None:
    script = decide(policy(rest), "execute_python_script").script
    assert (script.profile, script.pointer) == ("edit", "/tools/execute_python_script/script")


def test_names_are_compared_exactly() -> None:
    assert decide(policy('"tools": {"get_td_nodes": {}}'), "Get_td_nodes").outcome is Outcome.DENY


@given(st.text(), st.sampled_from(["allow", "deny"]))
def test_every_tool_name_is_decided(tool: str, default: str) -> None:
    decision = decide(policy(f'"default": "{default}", "tools": {{"x": {{"action": "require_approval"}}}}'), tool)
    assert (decision.code is None) == (decision.outcome is Outcome.ALLOW)
    assert decision.reason or decision.outcome is Outcome.ALLOW


@given(st.dictionaries(st.sampled_from(sorted(TOOLS)), st.sampled_from(["allow", "deny", "require_approval"])))
def test_under_default_deny_only_listed_tools_pass(actions: dict[str, str]) -> None:
    tools = ", ".join(f'"{name}": {{"action": "{action}"}}' for name, action in actions.items())
    loaded = policy('"tools": {' + tools + "}")
    allowed = {tool for tool in TOOLS if decide(loaded, tool).outcome is Outcome.ALLOW}
    assert allowed == {name for name, action in actions.items() if action == Action.ALLOW.value}
