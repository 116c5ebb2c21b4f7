"""What PolicyLayer publishes for TouchDesigner, loaded as it stands (policy_engines.md section 1.5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from td_extension.policy.decide import Decision, decide, decide_call
from td_extension.policy.document import load_document, load_yaml
from td_extension.policy.facts import Facts
from td_extension.policy.load import load_json
from td_extension.policy.model import Policy, Scope
from td_extension.policy.tools import TOOLS, Risk
from td_extension.values import Code, Outcome

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "policies"
READS = [name for name, risk in TOOLS.items() if risk is Risk.READ and name != "get_top_image"]
SHORT_FORM = """\
tools:
  execute_python_script:
    rules:
      - action: allow
        rate_limit: {max: 10, window: 60}
        validate: {required_args: true}
  delete_td_node:
    rules:
      - action: deny
        reason: destructive
  create_td_node:
    rules:
      - action: allow
        rate_limit: 30/hour
"""
DIRECTLY = """\
tools:
  execute_python_script:
    action: allow
    rate_limit: {max: 10, window: 60}
    validate: {required_args: true}
  delete_td_node: {action: deny, reason: destructive}
  create_td_node: {action: allow, rate_limit: 30/hour}
"""


def hosted(rules: Any, default: str = "deny") -> Policy:
    return load_json(json.dumps({"version": "1", "default": default, "tools": rules}), "policy.json").policy


def yaml_rule(tool: str, rule: str) -> Policy:
    return load_yaml(f"tools:\n  {tool}:\n    rules:\n    - {rule}\n", "policy.yaml").policy


def counts(decision: Decision) -> list[tuple[int, float]]:
    return [(limit.max, limit.window_s) for limit in decision.limits]


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference folder is not here")
def test_every_reference_document_loads_as_it_stands_without_a_warning() -> None:
    documents = [file for file in REFERENCE.iterdir() if file.suffix in (".json", ".yaml", ".yml")]
    assert documents
    for file in documents:
        assert load_document(file.read_text(encoding="utf-8"), file.name).warnings == ()


@pytest.mark.parametrize("text", [SHORT_FORM, DIRECTLY], ids=["under rules", "directly"])
def test_the_short_form_of_the_pages_decides_as_it_says(text: str) -> None:
    loaded = load_yaml(text, "policy.yaml")
    assert [warning.message for warning in loaded.warnings] == ['"version" is missing and is read as "1"']
    assert decide(loaded.policy, "delete_td_node").reason == "destructive"
    assert counts(decide(loaded.policy, "create_td_node")) == [(30, 3600.0)]
    script = Facts(tool="execute_python_script", find_args=lambda: {"script": "1"})
    assert counts(decide_call(loaded.policy, script)) == [(10, 60.0)]
    lacking = decide_call(loaded.policy, Facts(tool="execute_python_script"))
    assert (lacking.code, lacking.reason) == (Code.MISSING_ARGUMENT, "args.script is missing")


@pytest.mark.parametrize("text", [SHORT_FORM, DIRECTLY], ids=["under rules", "directly"])
def test_a_tool_that_the_short_form_does_not_list_is_denied(text: str) -> None:
    assert decide(load_yaml(text, "policy.yaml").policy, "get_td_nodes").code is Code.DEFAULT_DENY


@pytest.mark.parametrize(
    ("tool", "most"),
    [("create_td_node", 30), ("update_td_node_parameters", 30), ("exec_node_method", 10), ("execute_python_script", 10)],
)
def test_the_json_rules_of_the_catalogue_limit_each_grant_by_the_minute(tool: str, most: int) -> None:
    limit = {"counter": f"{tool}_rate", "window": "minute", "max": most, "scope": "grant"}
    (found,) = decide(hosted({tool: {"limits": [limit]}}), tool).limits
    assert (found.max, found.window_s, found.scope, found.counter) == (most, 60.0, Scope.GRANT, f"{tool}_rate")


@pytest.mark.parametrize("tool", ["create_td_node", "update_td_node_parameters"])
def test_the_yaml_rule_of_the_tools_that_write_limits_by_the_hour(tool: str) -> None:
    assert counts(decide(yaml_rule(tool, "{action: allow, rate_limit: 30/hour}"), tool)) == [(30, 3600.0)]


def test_the_yaml_rule_of_exec_node_method_asks_for_its_arguments() -> None:
    rule = "{action: allow, rate_limit: {max: 10, window: 60}, validate: {required_args: true}}"
    policy = yaml_rule("exec_node_method", rule)
    given: dict[str, Any] = {"nodePath": "/project1/a", "method": "cook"}
    assert counts(decide_call(policy, Facts(tool="exec_node_method", find_args=lambda: given))) == [(10, 60.0)]
    for name in given:
        args = {key: value for key, value in given.items() if key != name}
        assert decide_call(policy, Facts(tool="exec_node_method", find_args=lambda args=args: args)).code is Code.MISSING_ARGUMENT


@pytest.mark.parametrize("tool", ["get_td_nodes", "describe_td_tools"])
def test_the_yaml_rule_of_the_lists_limits_by_the_minute(tool: str) -> None:
    assert counts(decide(yaml_rule(tool, "{action: allow, rate_limit: 60/minute}"), tool)) == [(60, 60.0)]


@pytest.mark.parametrize("tool", READS)
def test_an_empty_rule_allows_each_tool_that_reads(tool: str) -> None:
    decision = decide(hosted({tool: {}}), tool)
    assert (decision.outcome, decision.limits) == (Outcome.ALLOW, ())


def test_deleting_is_denied_by_the_yaml_rule_and_hidden_by_the_json_advice() -> None:
    denied = decide(yaml_rule("delete_td_node", "{action: deny}"), "delete_td_node")
    assert (denied.outcome, denied.code) == (Outcome.DENY, Code.TOOL_DENIED)
    hidden = load_json('{"version": "1", "default": "allow", "hide": ["delete_td_node"]}', "policy.json").policy
    assert decide(hidden, "delete_td_node").code is Code.TOOL_HIDDEN


def test_the_tool_that_the_catalogue_does_not_know_has_the_default() -> None:
    everything = {name: {} for name in TOOLS if name != "get_top_image"}
    assert decide(hosted(everything), "get_top_image").code is Code.DEFAULT_DENY
    allowed = decide(hosted(everything, "allow"), "get_top_image")
    assert (allowed.outcome, allowed.limits) == (Outcome.ALLOW, ())


# -- the hosted form's clauses -----------------------------------------------------------------------------------------

CLAUSES = {
    "create_td_node": {
        "require": [
            {"conditions": [{"path": "args.nodeType", "op": "in", "value": ["noiseTOP", "nullTOP"]}], "on_deny": "Only TOPs."},
            {"conditions": [{"path": "args.parentPath", "op": "regex", "value": "^/project1/"}]},
        ],
        "deny_if": [{"conditions": [{"path": "args.nodeName", "op": "contains", "value": "guard"},
                                    {"path": "args.parentPath", "op": "eq", "value": "/project1/a"}], "on_deny": "Not that name."}],
    }
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "rule", "told"),
    [
        ({}, None, ""),
        ({"nodeType": "textDAT"}, "/tools/create_td_node/require/0/conditions/0", "Only TOPs"),
        ({"parentPath": "/"}, "/tools/create_td_node/require/1/conditions/0", "the policy wants args.parentPath regex '^/project1/'"),
        ({"nodeName": "guard2"}, "/tools/create_td_node/deny_if/0/conditions", "Not that name"),
        ({"nodeName": "guard2", "parentPath": "/project1/b"}, None, ""),
        ({"nodeName": None}, None, ""),
    ],
)
def test_require_must_hold_and_deny_if_must_not(changed: dict[str, Any], rule: str | None, told: str) -> None:
    args = {"nodeType": "noiseTOP", "parentPath": "/project1/a", "nodeName": "n", **changed}
    decision = decide_call(hosted(CLAUSES), Facts(tool="create_td_node", find_args=lambda: args))
    assert decision.outcome is (Outcome.ALLOW if rule is None else Outcome.DENY)
    if rule is not None:
        assert (decision.rule, decision.reason, decision.code) == (rule, told, Code.CONDITION_NOT_MET)


def test_a_value_of_another_kind_slips_past_no_clause_that_denies() -> None:
    args = {"nodeType": "noiseTOP", "parentPath": "/project1/a", "nodeName": 5}
    assert decide_call(hosted(CLAUSES), Facts(tool="create_td_node", find_args=lambda: args)).code is Code.VALUE_MISTYPED


def test_limits_of_all_tools_count_beside_those_of_the_tool() -> None:
    document = {
        "version": "1", "default": "deny", "tools": {"get_td_nodes": {"limits": [{"counter": "a", "window": "minute", "max": 5}]}},
        "all_tools": {"limits": [{"counter": "b", "window": "hour", "max": 9, "scope": "global"}]},
    }  # fmt: skip
    policy = load_json(json.dumps(document), "policy.json").policy
    assert counts(decide(policy, "get_td_nodes")) == [(5, 60.0), (9, 3600.0)]
