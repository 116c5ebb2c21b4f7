"""`policyguard policy explain`: why a policy decides a call as it does, and what turns the decision."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import td_extension.script
from policyguard_cli import policy_file
from policyguard_cli.application import app
from policyguard_cli.explanation.call_file import CallError, DescribedCall, read_call
from policyguard_cli.explanation.flips import call_flips, policy_flips
from policyguard_cli.explanation.judgement import Judgement, Scripts, judge
from policyguard_cli.explanation.places import places_in
from policyguard_cli.explanation.report import Report
from policyguard_cli.explanation.trace import Step, trace_of
from td_extension.policy.decide import decide_call
from td_extension.policy.document import load_document
from td_extension.policy.model import Policy
from td_extension.policy.table import COLUMNS, load_table
from td_extension.script.catalog_text import load_catalog
from td_extension.values import Code, Outcome

from . import policies

_CATALOG = load_catalog((Path(td_extension.script.__file__).parent / "catalog.json").read_text(encoding="utf-8"))
SCRIPTS = Scripts(_CATALOG, "/project1/PolicyGuard")


def policy_of(document: Any) -> Policy:
    return load_document(json.dumps({"version": "1", **document}), "p.json").policy


def of_tool(rule: Any, tool: str = "create_td_node", **document: Any) -> Policy:
    return policy_of({"tools": {tool: rule}, **document})


def call_of(args: Any = None, tool: str = "create_td_node", **facts: Any) -> DescribedCall:
    return DescribedCall(tool, args or {}, **{"perform_mode": False, "frame_rate": 60.0, "hour": 12.0, **facts})


def require(path: str, op: str, value: Any) -> Any:
    return {"require": [{"conditions": [{"path": path, "op": op, "value": value}]}]}


def told(policy: Policy, call: DescribedCall) -> tuple[Judgement, list[Any], list[Any]]:
    """The judgement; the changes of the call as (path, before, after); and those of the policy as (pointer, text)."""
    judgement = judge(policy, call, SCRIPTS)
    calls = call_flips(policy, call, judgement, SCRIPTS)
    edits = policy_flips(call, judgement, SCRIPTS)
    return (
        judgement,
        [[(one.path, one.before, one.after) for one in flip.changes] for flip in calls],
        [[(one.pointer, one.text) for one in flip.changes] for flip in edits],
    )


# -- what turns a refusal: of the call ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "value", "found", "passing"),
    [
        ("lte", 100, 250, 100), ("lt", 100, 250, 99), ("gte", 3, 1, 3), ("gt", 3, 1, 4), ("lt", 0.5, 2.5, 0.49999999999999994),
        ("eq", "a", "b", "a"), ("in", ["a", "bb"], "c", "a"), ("neq", "a", "a", "ax"), ("not_in", [1, 2], 2, 3),
        ("contains", "x", "abc", "x"), ("regex", "^feature/", "main", "feature/"), ("path_in", ["/project1/show/**"], "/a",
        "/project1/show/x"),
    ],
)  # fmt: skip
def test_the_nearest_value_that_passes_is_told(op: str, value: Any, found: Any, passing: Any) -> None:
    judgement, calls, _ = told(of_tool(require("args.a", op, value)), call_of({"a": found}))
    assert judgement.outcome is Outcome.DENY
    assert calls == [[("args.a", found, passing)]]


def test_a_missing_argument_is_added_and_a_surplus_one_removed() -> None:
    policy = of_tool({"args": {"properties": {"a": {"type": "integer", "minimum": 5}}, "required": ["a"],
                               "additionalProperties": False}})  # fmt: skip
    assert told(policy, call_of())[1][0][0][::2] == ("args.a", 5)
    assert told(policy, call_of({"a": 7, "b": 1}))[1][0][0][::2] == (
        "args.b",
        told(policy, call_of({"a": 7, "b": 1}))[1][0][0][2],
    )


def test_a_value_of_another_kind_becomes_one_of_the_right_kind() -> None:
    policy = of_tool({"args": {"properties": {"a": {"type": "string", "minLength": 2}}}})
    assert told(policy, call_of({"a": 1}))[1] == [[("args.a", 1, "xx")]]


def test_entries_of_a_list_are_changed_together() -> None:
    policy = of_tool({"deny_if": [{"conditions": [{"not": {"path": "args.l[all].n", "op": "lt", "value": 3}}]}]})
    (_, calls, _) = told(policy, call_of({"l": [{"n": 5}, {"n": 9}]}))
    assert calls[0][0][0] == "args.l[all].n"
    assert calls[0][0][2] == 2


def test_a_path_outside_becomes_one_inside() -> None:
    policy = of_tool({"nodes": {"within": ["/project1/show"], "except": ["/project1/show/audio"]}})
    judgement, calls, edits = told(policy, call_of({"parentPath": "/project1/lights"}))
    assert (judgement.rule, judgement.code and judgement.code.value) == ("/tools/create_td_node/nodes", "outside-nodes")
    assert calls == [[("args.parentPath", "/project1/lights", "/project1/show")]]
    assert edits == [[("/tools/create_td_node/nodes", 'add "/project1/lights" to within')]]
    _, _, edits = told(policy, call_of({"parentPath": "/project1/show/audio/a"}))
    assert edits[0] == [("/tools/create_td_node/nodes", 'take "/project1/show/audio" out of except')]


def test_two_arguments_are_changed_where_one_is_not_enough() -> None:
    policy = of_tool({"require": [{"conditions": [
        {"path": "args.a", "op": "lte", "value": 10}, {"path": "args.b", "op": "eq", "value": "x"}]}]})  # fmt: skip
    _, calls, _ = told(policy, call_of({"a": 11, "b": "y"}))
    assert calls == [[("args.a", 11, 10), ("args.b", "y", "x")]]


def test_where_no_argument_helps_the_show_is_changed() -> None:
    policy = of_tool({"when": {"perform_mode": True}, "action": "deny"}, default="allow")
    assert told(policy, call_of(perform_mode=True))[1] == [[("perform_mode", True, False)]]
    assert told(of_tool({"limits": [{"frame_rate": 50}]}), call_of(frame_rate=30.0))[1] == [
        [("frame_rate", 30.0, 50.0)]
    ]


def test_an_amount_that_is_too_large_is_lowered_to_the_limit() -> None:
    policy = of_tool({"limits": [{"counter": "c", "window": "day", "max": 50, "cost": "args.price"}]})
    judgement, calls, edits = told(policy, call_of({"price": 60}))
    assert judgement.outcome is Outcome.LIMITED
    assert calls == [[("args.price", 60, 50)]]
    assert edits[0] == [("/tools/create_td_node/limits/0", "max 50 → 60")]


def test_a_script_loses_the_lines_that_are_refused() -> None:
    policy = of_tool({"script": "edit"}, "execute_python_script")
    script = "a = 1\nop('/project1/a').destroy()\nprint(a)\n"
    judgement, calls, edits = told(policy, call_of({"script": script}, "execute_python_script"))
    assert judgement.reason.startswith("line 2: ")
    assert calls == [[("args.script", script, "a = 1\nprint(a)\n")]]
    assert edits == [[("/tools/execute_python_script/script", 'add "td.delete" to allow')]]


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ({"profile": "edit", "ask": ["td.delete"]}, 'take "td.delete" out of ask and add "td.delete" to allow'),
        ({"profile": "build", "ask": ["td.delete"]}, 'take "td.delete" out of ask'),
        ({"profile": "build", "deny": ["td.delete"]}, 'take "td.delete" out of deny'),
        ("edit", 'add "td.delete" to allow'),
    ],
)
def test_what_is_told_about_a_profile_can_be_typed(script: Any, text: str) -> None:
    call = call_of({"script": "x = 1\nop('/project1/a').destroy()"}, "execute_python_script")
    _, _, edits = told(of_tool({"script": script}, "execute_python_script"), call)
    assert edits == [[("/tools/execute_python_script/script", text)]]


def test_a_script_that_names_what_lies_outside_of_a_strict_scope_is_told_where() -> None:
    policy = of_tool({"nodes": {"within": ["/project1/show"], "strict": True}}, "execute_python_script")
    call = call_of({"script": "x = 1\nop('/project1/b')\n"}, "execute_python_script")
    judgement, calls, edits = told(policy, call)
    assert judgement.code is Code.OUTSIDE_NODES
    assert calls[0][0][2] == "x = 1\n"
    assert {text for [(_, text)] in edits} <= {"strict true → false", 'add "/project1/b" to within'}
    assert edits


def test_what_nothing_turns_is_said_to_be_so() -> None:
    policy = of_tool({"script": "trusted"}, "execute_python_script")
    judgement, _, edits = told(
        policy, call_of({"script": "op('/project1/PolicyGuard').destroy()"}, "execute_python_script")
    )
    assert judgement.outcome is Outcome.DENY
    assert edits == []


# -- what turns a refusal: of the policy -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "pointer", "text"),
    [
        (policy_of({"tools": {}}), "/tools", 'add "create_td_node": {}'),
        (policy_of({"hide": ["create_td_node"], "default": "allow"}), "/hide", 'take "create_td_node" out'),
        (of_tool({"action": "deny"}), "/tools/create_td_node", "action deny → allow"),
        (of_tool({"action": "require_approval"}), "/tools/create_td_node", "action require_approval → allow"),
        (
            of_tool({"validate": {"required_args": True}}),
            "/tools/create_td_node/validate",
            "required_args true → false",
        ),
        (
            of_tool({"when": {"grant": "stage"}}),
            "/tools/create_td_node/when/grant",
            'grant eq "stage" → eq "anonymous"',
        ),
        (of_tool({}, grants={"required": True}), "/grants/required", "required true → false"),
    ],
)
def test_the_smallest_edit_of_the_deciding_rule_is_told(policy: Policy, pointer: str, text: str) -> None:
    assert [(pointer, text)] in told(policy, call_of())[2]


@pytest.mark.parametrize(
    ("op", "value", "found", "text"),
    [
        ("lte", 100, 250, "args.a lte 100 → lte 250"),
        ("lt", 100, 250, "args.a lt 100 → lt 251"),
        ("in", ["a"], "c", 'args.a in ["a"] → in ["a", "c"]'),
        ("eq", "a", "c", 'args.a eq "a" → eq "c"'),
        ("path_in", ["/a"], "/b", 'args.a path_in ["/a"] → path_in ["/a", "/b"]'),
    ],
)
def test_a_bound_is_moved_to_the_value(op: str, value: Any, found: Any, text: str) -> None:
    judgement, _, edits = told(of_tool(require("args.a", op, value)), call_of({"a": found}))
    assert edits[0] == [(judgement.rule, text)]


def test_a_clause_that_no_value_mends_is_removed() -> None:
    _, _, edits = told(of_tool(require("args.a", "regex", "^x")), call_of({"a": "y"}))
    assert edits == [[("/tools/create_td_node/require/0", "remove the clause of require")]]


def test_the_keyword_of_a_schema_that_refuses_is_removed() -> None:
    _, _, edits = told(of_tool({"args": {"properties": {"a": {"maximum": 3, "type": "integer"}}}}), call_of({"a": 5}))
    assert [("/tools/create_td_node/args/properties/a/maximum", "remove it from the schema")] in edits


# -- what turns an allowance -------------------------------------------------------------------------------------------


def test_an_allowed_call_is_told_what_would_have_it_refused() -> None:
    policy = of_tool(require("args.a", "lte", 100))
    judgement, calls, edits = told(policy, call_of({"a": 50}))
    assert judgement.is_allowed
    assert calls[0] == [("args.a", 50, 101)]
    assert edits[0] == [("/tools/create_td_node/require/0/conditions/0", "args.a lte 100 → lte 49")]


# -- the property ------------------------------------------------------------------------------------------------------

_args = st.dictionaries(st.sampled_from((*policies.KEYS, "list", "kwargs", "price", "parentPath", "script")), policies.values,
                        max_size=3)  # fmt: skip
_paths = st.fixed_dictionaries({}, optional={"nodePath": st.sampled_from(policies.NODES)})
_scripts = st.fixed_dictionaries(
    {}, optional={"script": st.sampled_from(("import os", "op('/a').destroy()\nx = 1", "def", "print(1)"))}
)
calls = st.builds(
    DescribedCall,
    st.sampled_from(policies.TOOLS),
    st.tuples(_args, _paths, _scripts).map(lambda parts: {**parts[0], **parts[1], **parts[2]}),
    grant=st.sampled_from(("anonymous", "stage")),
    overlay=st.sampled_from(("", "", "stage")),
    perform_mode=st.sampled_from((None, True, False)),
    frame_rate=st.sampled_from((None, 30, 60.0)),
    hour=st.sampled_from((None, 12.5)),
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
SPENT_S = 5.0
"""Generous, for the machines that run this; what is meant is that no search goes on and on."""


@given(st.one_of(policies.documents.map(policies.loaded), policies.tables.map(policies.loaded_table)), calls)
@SLOW
def test_whatever_the_policy_and_the_call_every_change_that_is_told_turns_the_decision(
    policy: Policy | None, call: DescribedCall
) -> None:
    assume(policy is not None)
    assert policy is not None
    assert_turned(policy, call)


@given(policies.one_tool.map(policies.loaded), calls)
@SLOW
def test_where_little_is_asked_of_one_tool_every_change_that_is_told_turns_the_decision(
    policy: Policy | None, call: DescribedCall
) -> None:
    assume(policy is not None)
    assert policy is not None
    assert_turned(policy, replace(call, tool="create_td_node", overlay=""))


def assert_turned(policy: Policy, call: DescribedCall) -> None:
    """What is said of a call agrees with `decide_call`, and each change that is told is tried."""
    started_s = time.monotonic()
    judgement = judge(policy, call, SCRIPTS)
    steps = trace_of(call, judgement)
    call_changes = call_flips(policy, call, judgement, SCRIPTS)
    policy_changes = policy_flips(call, judgement, SCRIPTS)
    report = Report(call, judgement, steps, call_changes, policy_changes, "p", lambda pointer: "1:1")
    json.loads(report.as_json())
    assert report.as_text()
    assert time.monotonic() - started_s < SPENT_S
    if judgement.decision is not None:
        held = policy.overlays.get(call.overlay, policy)
        decision = decide_call(held, judgement.facts)
        assert decision.outcome is Outcome.DENY or judgement.decision.outcome is decision.outcome
        if decision.outcome is Outcome.DENY:
            assert (judgement.outcome, judgement.rule) == (decision.outcome, decision.rule)
        assert_agrees(steps, judgement)
    for flip in call_changes:
        changed = call
        for change in flip.changes:
            after = change.applied_to(changed)
            assert after is not None
            changed = after
        assert judge(policy, changed, Scripts(_CATALOG, "/project1/PolicyGuard")).is_allowed is not judgement.is_allowed
    for edit in policy_changes:
        plain = replace(call, overlay="") if judgement.decision is not None else call
        assert judge(edit.policy, plain, SCRIPTS).is_allowed is not judgement.is_allowed


def assert_agrees(steps: tuple[Step, ...], judgement: Judgement) -> None:
    """Where the trace says that something refuses, the call is denied; and the other way round."""
    refuses = any((step.kind, step.answer) in (("rule", "refuses"), ("hide", "yes")) for step in steps)
    assert judgement.decision is not None
    said_elsewhere = judgement.decision.code is Code.DEFAULT_DENY or "only where" in judgement.decision.reason
    is_denied = judgement.decision.outcome is Outcome.DENY
    assert is_denied == (refuses or said_elsewhere)


# -- the description of a call -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"tool": "a", "arg": {}}', "line 1, column 15: unknown key 'arg' in the call; did you mean 'args'?"),
        ("{}", "line 1, column 1: the call names no tool"),
        ('{"tool": 1}', "line 1, column 10: expected a text for tool, found 1"),
        ('{"tool": "a", "args": []}', "line 1, column 23: expected an object for args"),
        ('{"tool": "a", "perform_mode": "yes"}', "line 1, column 31: expected true or false for perform_mode"),
        ('{"tool": "a", "hour": "x"}', "line 1, column 23: expected a number for hour"),
        ('{"tool": "a", "targets": [{}]}', "line 1, column 27: the target has no path"),
        (
            '{"tool": "a", "targets": [{"path": "/", "optype": "x"}]}',
            "line 1, column 41: unknown key 'optype' in a target",
        ),
        ('{"tool": "a", "tool": "b"}', "line 1, column 15: the key 'tool' occurs twice"),
        ("[", "line 1, column 2: "),
    ],
)
def test_a_description_that_cannot_be_used_says_where(text: str, problem: str) -> None:
    with pytest.raises(CallError) as caught:
        read_call(text)
    assert any(one.startswith(problem) for one in caught.value.problems)


def test_all_of_a_description_is_read() -> None:
    call = read_call(
        '{"tool": "t", "args": {"a": 1.5}, "grant": "g", "overlay": "o", "caller": "c", "perform_mode": true,'
        ' "frame_rate": 60, "hour": 1.5, "targets": [{"path": "/a", "op_type": "textDAT", "op_family": "DAT",'
        ' "parameter_kinds": ["code"]}]}'
    )
    assert (call.tool, call.args, call.grant, call.overlay, call.caller) == ("t", {"a": 1.5}, "g", "o", "c")
    assert (call.perform_mode, call.frame_rate, call.hour) == (True, 60, 1.5)
    assert (call.targets[0].op_type, call.targets[0].parameter_kinds) == ("textDAT", frozenset({"code"}))


# -- the command -------------------------------------------------------------------------------------------------------

YAML = """\
version: "1"
tools:
  create_td_node:
    require:
      - conditions:
          - {path: args.a, op: lte, value: 100}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, so that names are short."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(policy: str, text: str, call: Any, *options: str) -> Result:
    Path(policy).write_text(text, encoding="utf-8")
    Path("call.json").write_text(call if isinstance(call, str) else json.dumps(call), encoding="utf-8")
    return CliRunner().invoke(app, ["policy", "explain", policy, "--call", "call.json", *options])


@pytest.mark.usefixtures("folder")
def test_a_refusal_is_exit_1_with_its_rule_and_what_turns_it() -> None:
    result = run(
        "p.yaml", YAML, {"tool": "create_td_node", "args": {"parentPath": "/project1", "nodeType": "x", "a": 250}}
    )
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "deny: create_td_node (condition-not-met)"
    assert "  p.yaml:6:13: rule /tools/create_td_node/require/0/conditions/0" in lines
    assert lines[lines.index("    require: args.a lte 100: refuses") + 1] == "      found 250"
    assert "  args.a: 250 → 100" in lines
    assert "  p.yaml:6:13: /tools/create_td_node/require/0/conditions/0: args.a lte 100 → lte 250" in lines
    assert any("args.a is unknown" in line for line in lines)


@pytest.mark.usefixtures("folder")
def test_an_allowance_is_exit_0_and_one_json_object() -> None:
    result = run("p.yaml", YAML, {"tool": "create_td_node", "args": {"a": 5}}, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert list(found) == ["decision", "code", "reason", "rule", "place", "tool", "policy", "protocol", "always_answered",
                           "trace", "flips"]  # fmt: skip
    assert (found["decision"], found["rule"], found["place"]) == ("allow", "/tools/create_td_node", "p.yaml:3:3")
    assert found["protocol"]["code"] == "missing-argument"
    assert found["flips"]["call"][0] == [{"path": "args.a", "before": 5, "after": 101}]
    assert [step["kind"] for step in found["trace"]] == ["hide", "listed", "rule"]


@pytest.mark.usefixtures("folder")
def test_the_told_edit_of_the_file_turns_the_decision() -> None:
    call = {"tool": "create_td_node", "args": {"a": 250}}
    assert run("p.yaml", YAML, call).exit_code == 1
    assert run("p.yaml", YAML.replace("value: 100", "value: 250"), call).exit_code == 0


@pytest.mark.usefixtures("folder")
def test_of_a_table_the_row_is_told() -> None:
    rows = [
        COLUMNS,
        ("# a comment",),
        ("create_td_node", "allow", "", "", "", "", "hour < 18", ""),
        ("create_td_node", "deny", "", "", "", "", "perform_mode", "the show runs"),
    ]
    text = "\n".join("\t".join(row) for row in rows)
    call = {"tool": "create_td_node", "perform_mode": True, "hour": 3}
    result = run("p.tsv", text, call)
    assert "  p.tsv:4:1 (row 3): rule /tools/create_td_node/rules/1" in result.stdout.splitlines()
    assert "  perform_mode: true → false" in result.stdout.splitlines()


def test_the_row_of_every_pointer_is_that_of_its_rule(tmp_path: Path) -> None:
    rows = [
        COLUMNS,
        ("*", "deny", "", "", "", "", "hour > 20", ""),
        ("get_td_info", "hide", "", "", "", "", "", ""),
        ("*", "deny", "9/minute; 50 fps", "", "", "", "", ""),
        ("*", "deny", "", "", "", "", "perform_mode", ""),
        ("create_td_node", "allow", "3/minute", "", "", "", "", ""),
    ]
    file = tmp_path / "p.tsv"
    file.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    places = places_in(file, policy_file.read(file))
    policy = load_table(rows, "p").policy
    found = {places(rule.pointer) for rule in policy.every_tool}
    assert found == {"2:1 (row 1)", "4:1 (row 3)", "5:1 (row 4)"}
    assert places(policy.tools["create_td_node"][0].limits[0].pointer) == "6:1 (row 5)"
    assert places(policy.all_tools[0].pointer) == "4:1 (row 3)"
    assert places("/hide") == "3:1 (row 2)"


@pytest.mark.usefixtures("folder")
def test_what_a_call_holds_cannot_leave_its_line() -> None:
    result = run("p.yaml", YAML, '{"tool": "create_td_node", "args": {"a": "x\\n\\u001b[31m\\u202e"}}')
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


@pytest.mark.parametrize(
    ("policy", "call", "said"),
    [
        (YAML, '{"tol": 1}', "call.json: line 1, column 2: unknown key 'tol' in the call; did you mean 'tool'?"),
        ("defualt: deny", '{"tool": "a"}', "p.yaml:1:1: error: unknown key 'defualt'"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_bad_input_is_exit_2(policy: str, call: str, said: str) -> None:
    result = run("p.yaml", policy, call)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_missing_file_is_exit_2(folder: Path) -> None:
    (folder / "p.yaml").write_text(YAML, encoding="utf-8")
    for arguments in (["missing.yaml", "--call", "p.yaml"], ["p.yaml", "--call", "missing.json"]):
        assert CliRunner().invoke(app, ["policy", "explain", *arguments]).exit_code == 2
