"""Policies from JSON documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from td_extension.policy.json_text import Node, parse
from td_extension.policy.load import load_json
from td_extension.policy.model import Action, Limit, Loaded, Scope
from td_extension.policy.problems import PolicyError, Problem, Severity
from td_extension.policy.table import load_table
from td_extension.values import Json

PUBLISHED = (
    '{"version":"1","default":"deny","tools":{"execute_python_script":{"limits":'
    '[{"counter":"execute_python_script_rate","window":"minute","max":10,"scope":"grant"}]}}}'
)


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        load_json(text, "policy.json")
    return caught.value.problems


def only_problem(text: str) -> Problem:
    found = [problem for problem in problems(text) if problem.severity is Severity.ERROR]
    assert len(found) == 1, found
    return found[0]


def rule_text(rule: str) -> str:
    return '{"version": "1", "tools": {"create_td_node": ' + rule + "}}"


# -- what is accepted --------------------------------------------------------------------------------------------------


def test_the_published_document_loads_as_it_stands() -> None:
    loaded = load_json(PUBLISHED, "policy.json")
    limit = Limit("execute_python_script_rate", 10, 60.0, Scope.GRANT, "/tools/execute_python_script/limits/0")
    assert loaded.warnings == ()
    assert loaded.policy.default is Action.DENY
    assert loaded.policy.tools["execute_python_script"][0].limits == (limit,)
    assert loaded.policy.tools["execute_python_script"][0].action is Action.ALLOW


def test_a_missing_version_is_read_as_1_with_a_warning() -> None:
    (warning,) = load_json("{}", "a").warnings
    assert '"version" is missing' in warning.message
    assert warning.severity is Severity.WARNING


def test_a_missing_default_is_deny() -> None:
    assert load_json('{"version": "1"}', "a").policy.default is Action.DENY


def test_an_empty_rule_allows_its_tool() -> None:
    assert load_json(rule_text("{}"), "a").policy.tools["create_td_node"][0].action is Action.ALLOW


def test_the_short_form_states_everything_on_the_tool() -> None:
    text = '{"action": "require_approval", "reason": "costly", "rate_limit": "10/minute", "script": "inspect"}'
    rule = load_json(rule_text(text), "a").policy.tools["create_td_node"][0]
    assert rule.action is Action.REQUIRE_APPROVAL
    assert rule.reason == "costly"
    assert rule.script is not None
    assert (rule.script.profile, rule.script.pointer) == ("inspect", "/tools/create_td_node/script")
    assert rule.limits == (Limit("create_td_node/60s", 10, 60.0, Scope.GRANT, "/tools/create_td_node/rate_limit"),)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ('"10/minute"', (10, 60.0)),
        ('"30/hour"', (30, 3600.0)),
        ('{"max": 10, "window": 60}', (10, 60.0)),
        ('{"max": 10.0, "window": "day"}', (10, 86400.0)),
        ('{"max": 1, "window": 0.5}', (1, 0.5)),
    ],
)
def test_both_spellings_of_rate_limit_are_read(rate: str, expected: tuple[int, float]) -> None:
    (limit,) = load_json(rule_text('{"rate_limit": ' + rate + "}"), "a").policy.tools["create_td_node"][0].limits
    assert (limit.max, limit.window_s) == expected


@pytest.mark.parametrize(("window", "seconds"), [("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400)])
def test_the_named_windows_are_known(window: str, seconds: float) -> None:
    text = rule_text('{"limits": [{"counter": "c", "window": "' + window + '", "max": 1, "scope": "global"}]}')
    (limit,) = load_json(text, "a").policy.tools["create_td_node"][0].limits
    assert (limit.window_s, limit.scope) == (seconds, Scope.GLOBAL)


def test_limits_of_all_tools_are_read() -> None:
    limit = '{"counter": "all", "window": "minute", "max": 60, "scope": "grant"}'
    text = '{"version": "1", "all_tools": {"limits": [' + limit + "]}}"
    assert load_json(text, "a").policy.all_tools == (Limit("all", 60, 60.0, Scope.GRANT, "/all_tools/limits/0"),)


@pytest.mark.parametrize("hide", ['"*"', '["*"]'])
def test_a_star_hides_every_tool(hide: str) -> None:
    assert load_json('{"version": "1", "hide": ' + hide + "}", "a").policy.hide == {"*"}


def test_a_byte_order_mark_is_passed_over() -> None:
    assert load_json("\ufeff" + PUBLISHED, "a").policy.tools


def test_tools_that_share_a_counter_and_its_max_count_together() -> None:
    limit = '{"limits": [{"counter": "code", "window": "minute", "max": 10}]}'
    text = '{"version": "1", "tools": {"execute_python_script": ' + limit + ', "exec_node_method": ' + limit + "}}"
    assert {rules[0].limits[0].counter for rules in load_json(text, "a").policy.tools.values()} == {"code"}


def test_a_script_rule_adds_takes_away_asks_and_names_modules() -> None:
    text = '{"profile": "edit", "allow": ["td.delete", "file.read(/a/**)"], "deny": ["td.create"], "ask": ["td.code"], "modules": ["scipy"]}'
    rule = load_json(rule_text('{"script": ' + text + "}"), "a").policy.tools["create_td_node"][0]
    assert rule.script is not None
    assert rule.script.grants.text == "edit +td.delete +file.read(/a/**) +import(scipy) -td.create ?td.code"


def test_a_rule_of_the_table_and_of_a_document_have_the_same_digest() -> None:
    cell = "edit +td.delete +file.read(/a/**) ?td.code"
    table = [["tool", "action", "script"], ["create_td_node", "allow", cell]]
    text = '{"script": {"profile": "edit", "ask": ["td.code"], "allow": ["file.read(/a/**)", "td.delete"]}}'
    assert load_table(table, "a").policy.digest == load_json(rule_text(text), "a").policy.digest


@pytest.mark.parametrize("change", ["+td.delete", "-td.create", "?td.create", "+net(a.b)", "+import(a)"])
def test_the_digest_changes_with_every_change_of_a_profile(change: str) -> None:
    def digest(cell: str) -> str:
        return load_table([["tool", "action", "script"], ["create_td_node", "allow", cell]], "a").policy.digest

    assert digest("edit") != digest("edit " + change)


# -- what is warned of -------------------------------------------------------------------------------------------------


def test_an_unknown_tool_is_a_warning_with_a_suggestion() -> None:
    (warning,) = load_json('{"version": "1",\n "tools": {"delete_td_nodes": {}}}', "a").warnings
    assert warning.place == "line 2, column 12"
    assert warning.remedy == "did you mean 'delete_td_node'?"


def test_many_unknown_tools_are_summed_up() -> None:
    tools = json.dumps({f"other_{index}": {} for index in range(50)})
    warnings = load_json('{"version": "1", "tools": ' + tools + "}", "a").warnings
    assert len(warnings) == 11
    assert "40 more tools" in warnings[-1].message


@pytest.mark.parametrize(
    ("tools", "word"),
    [
        ('{"get_td_info": {"action": "deny"}}', "answered whatever the policy says"),
        ('{"describe_td_tools": {"rate_limit": "1/day"}}', "never reaches TouchDesigner"),
        ('{"delete_td_node": {"action": "deny", "limits": [{"counter": "c", "window": 1, "max": 1}]}}', "have no effect"),
        ('{"get_td_nodes": {"script": "edit"}}', "is not held to a profile"),
    ],
)
def test_a_rule_without_effect_is_a_warning(tools: str, word: str) -> None:
    (warning,) = load_json('{"version": "1", "tools": ' + tools + "}", "a").warnings
    assert word in warning.message


@pytest.mark.parametrize("name", ["get_td_info", "describe_td_tools"])
def test_hiding_a_tool_that_is_answered_anyway_is_a_warning(name: str) -> None:
    (warning,) = load_json('{"version": "1", "hide": ["' + name + '"]}', "a").warnings
    assert name in warning.message


def test_a_capability_that_leads_past_the_guard_is_a_warning() -> None:
    (warning,) = load_json(rule_text('{"script": {"profile": "edit", "allow": ["process"]}}'), "a").warnings
    assert "with process a script of create_td_node can leave everything" in warning.message
    assert warning.place == "line 1, column 57"


def test_hostile_numbers_of_warnings_are_counted_and_not_all_listed() -> None:
    tools = json.dumps({f"t{index}": {} for index in range(300)})
    warnings = load_json('{"version": "1", "hide": "*", "tools": ' + tools + "}", "a").warnings
    assert len(warnings) == 201
    assert warnings[-1].message == "111 more problems like these"


def test_a_rule_of_a_hidden_tool_is_a_warning() -> None:
    (warning,) = load_json('{"version": "1", "hide": ["get_td_nodes"], "tools": {"get_td_nodes": {}}}', "a").warnings
    assert "hidden" in warning.message


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_an_unknown_key_is_an_error_with_its_place_and_a_suggestion() -> None:
    problem = only_problem('{"version": "1",\n  "defualt": "deny"}')
    assert problem.place == "line 2, column 3"
    assert "'defualt'" in problem.message
    assert problem.remedy == "did you mean 'default'?"


@pytest.mark.parametrize("key", ["tests", "approvals"])
def test_a_later_key_of_the_document_is_refused_as_not_supported_yet(key: str) -> None:
    assert "not supported by this version" in only_problem('{"version": "1", "' + key + '": {}}').message


@pytest.mark.parametrize("key", ["spend", "approval_timeout"])
def test_a_later_key_of_a_rule_is_refused_as_not_supported_yet(key: str) -> None:
    assert "not supported by this version" in only_problem(rule_text('{"' + key + '": "30m"}')).message


def test_all_problems_are_reported() -> None:
    text = '{"version": "2", "default": "maybe", "tools": {"a": {"action": "alow"}, "b": {"script": "god"}}}'
    found = " | ".join(problem.message for problem in problems(text))
    for word in ("version '2'", "'maybe'", "'alow'", "'god'"):
        assert word in found


def test_errors_come_before_warnings() -> None:
    severities = [problem.severity for problem in problems('{"tools": {"x": {}}, "default": 1}')]
    assert severities == [Severity.ERROR, Severity.WARNING, Severity.WARNING]


def test_a_duplicate_key_is_refused_where_it_stands() -> None:
    problem = only_problem('{"version": "1",\n "default": "deny",\n "default": "allow"}')
    assert problem.place == "line 3, column 2"
    assert "twice" in problem.message


def test_a_duplicate_key_is_found_however_it_is_escaped() -> None:
    assert "twice" in only_problem('{"version": "1", "default": "deny", "\\u0064efault": "allow"}').message


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ('{"limits": [{"counter": "c", "window": "minute", "max": 10001}]}', "above 10,000"),
        ('{"limits": [{"counter": "c", "window": "minute", "max": 0}]}', "allows no call"),
        ('{"limits": [{"counter": "c", "window": "minute", "max": 1.5}]}', "whole number"),
        ('{"limits": [{"counter": "c", "window": "minute", "max": true}]}', "whole number"),
        ('{"limits": [{"counter": "c", "window": "minit", "max": 1}]}', "unknown window"),
        ('{"limits": [{"counter": "c", "window": 0, "max": 1}]}', "window is 0 s"),
        ('{"limits": [{"counter": "c", "window": -60, "max": 1}]}', "window is -60 s"),
        ('{"limits": [{"counter": "c", "window": 1e300, "max": 1}]}', "window is 1e+300 s"),
        ('{"limits": [{"counter": "", "window": 1, "max": 1}]}', "no name"),
        ('{"limits": [{"window": 1, "max": 1}]}', "no counter"),
        ('{"limits": [{"counter": "c", "max": 1}]}', "window is missing"),
        ('{"limits": [{"counter": "c", "window": 1, "max": 1, "scope": "everyone"}]}', "unknown scope"),
        ('{"limits": {}}', "expected a list"),
        ('{"limits": [null]}', "found null"),
        ('{"rate_limit": "10/fortnight"}', "no unit of time"),
        ('{"rate_limit": "10/minute; 20/hour"}', "no limit"),
        ('{"rate_limit": 10}', "found 10"),
        ('{"rate_limit": {"max": 10}}', "window is missing"),
        ('{"script": {"profile": "edit", "extra": 1}}', "unknown key"),
        ('{"script": {}}', "no profile"),
        ('{"script": "edit +td.delete"}', "table's way"),
        ('{"script": {"profile": "edit", "allow": ["td.delte"]}}', "no capability"),
        ('{"script": {"profile": "edit", "allow": "td.delete"}}', "expected a list"),
        ('{"script": {"profile": "edit", "ask": [1]}}', "expected a text in ask"),
        ('{"script": {"profile": "edit", "deny": ["file.read(/a/**)"]}}', "has a pattern"),
        ('{"script": {"profile": "edit", "modules": ["a b"]}}', "no module"),
        ('{"script": {"profile": "edit", "allow": ["guard"]}}', "never be granted"),
        ('{"script": {"profile": "edit", "allow": ["net"], "deny": ["net"]}}', "denied, and allowed"),
        ('{"action": "evaluate"}', "no conditions to evaluate"),
        ('{"action": "evalute"}', "unknown action"),
        ('{"action": "deny", "rate_limit": "1/day"}', "takes no rate_limit"),
        ('{"reason": "a\\u202eb"}', "U+202E"),
        ('{"reason": "a\\nb"}', "U+000A"),
        ("[]", "found a list"),
    ],
)
def test_a_bad_rule_is_refused_with_what_was_found(rule: str, word: str) -> None:
    assert word in only_problem(rule_text(rule)).message


def test_a_max_that_is_too_large_says_what_to_do() -> None:
    problem = only_problem(rule_text('{"rate_limit": "20000/minute"}'))
    assert "smaller number over a shorter time" in problem.remedy


@pytest.mark.parametrize("name", ["get_*", "", "a b", "a\\u0000", "**", "x" * 129, "g\u0435t_td_nodes"])
def test_a_name_that_no_tool_can_have_is_refused(name: str) -> None:
    assert "no tool name" in only_problem('{"version": "1", "tools": {"' + name + '": {}}}').message


def test_a_counter_with_two_different_maxima_is_refused() -> None:
    text = (
        '{"version": "1", "tools": {"create_td_node": {"limits": [{"counter": "c", "window": 1, "max": 1}]},\n'
        '"delete_td_node": {"limits": [{"counter": "c", "window": 1, "max": 2}]}}}'
    )
    problem = only_problem(text)
    assert "counts for '/tools/create_td_node/limits/0' already" in problem.message
    assert problem.place.startswith("line 2")


def test_two_limits_of_one_tool_on_one_counter_are_refused() -> None:
    limit = '{"counter": "c", "window": 1, "max": 1}'
    assert "already" in only_problem(rule_text('{"limits": [' + limit + ", " + limit + "]}")).message


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("", "line 1, column 1", "not JSON"),
        ("{", "line 1, column 2", "key is missing"),
        ('{"a" 1}', "line 1, column 6", "colon"),
        ('{"a": 1,}', "line 1, column 9", "key is missing"),
        ("{'a': 1}", "line 1, column 2", "key is missing"),
        ('{"a": 1} x', "line 1, column 10", "after the end"),
        ('{"a":\n NaN}', "line 2, column 2", "not JSON"),
        ('{"a": 1e999}', "line 1, column 7", "too large"),
        ('{"a": ' + "9" * 5000 + "}", "line 1, column 7", "too large"),
        ('{"a": "\\q"}', "line 1, column 8", "no escape"),
        ('{"a": "\\ud800"}', "line 1, column 7", "surrogate"),
        ('{"a": "x\ny"}', "line 1, column 7", "not closed"),
        ('{"a": 01}', "line 1, column 8", "not JSON"),
        ("[" * 100_000, "line 1, column 33", "nested too deeply"),
        (" " * 1_048_577, "line 1, column 1", "too many"),
    ],
)
def test_text_that_is_not_json_is_refused_with_its_place(text: str, place: str, word: str) -> None:
    (problem,) = problems(text)
    assert problem.place == place
    assert word in problem.message


@pytest.mark.parametrize("text", ["null", "1", '"deny"', "[]", "true"])
def test_a_document_that_is_no_object_is_refused(text: str) -> None:
    assert "expected an object" in problems(text)[0].message


def test_hostile_numbers_of_problems_are_counted_and_not_all_listed() -> None:
    found = problems(json.dumps({f"key{index}": 1 for index in range(20_000)}))
    assert len([problem for problem in found if problem.severity is Severity.ERROR]) == 201
    assert "19800 more problems" in found[200].message


def test_too_many_tools_are_refused() -> None:
    text = json.dumps({"version": "1", "tools": {f"t{index}": {} for index in range(1001)}})
    assert "1,001 tools are too many" in only_problem(text).message


# -- for any text ------------------------------------------------------------------------------------------------------

words = st.sampled_from(
    [
        *("version", "default", "hide", "all_tools", "tools", "limits", "counter", "window", "max", "scope", "action"),
        *(
            "reason",
            "rate_limit",
            "script",
            "profile",
            "rules",
            "1",
            "deny",
            "allow",
            "grant",
            "minute",
            "10/minute",
            "edit",
            "*",
        ),
    ]
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=8), inner, max_size=6),
    max_leaves=30,
)


def loads_or_refuses(text: str) -> None:
    outcome = loaded_or_refused(text)
    if isinstance(outcome, PolicyError):
        assert outcome.problems[0].severity is Severity.ERROR
        assert all(problem.message and problem.place and problem.remedy for problem in outcome.problems)
    else:
        assert len(outcome.policy.digest) == 64
        assert all(problem.severity is Severity.WARNING for problem in outcome.warnings)


def loaded_or_refused(text: str) -> Loaded | PolicyError:
    try:
        return load_json(text, "policy.json")
    except PolicyError as error:
        return error


@given(st.text())
def test_any_text_loads_or_is_a_policy_error(text: str) -> None:
    loads_or_refuses(text)


@given(st.text(alphabet='{}[]",:\\ \n0123456789.eE+-truefalsn\ud800u'))
def test_any_text_of_json_characters_loads_or_is_a_policy_error(text: str) -> None:
    loads_or_refuses(text)


@given(documents)
def test_any_document_loads_or_is_a_policy_error(document: Json) -> None:
    loads_or_refuses(json.dumps(document))


@given(documents, documents, documents)
def test_any_rule_loads_or_is_a_policy_error(rule: Json, limits: Json, script: Json) -> None:
    tools = {"create_td_node": rule, "b": {"limits": limits}, "c": {"script": script, "rate_limit": limits}}
    loads_or_refuses(json.dumps({"version": "1", "tools": tools, "hide": rule, "all_tools": {"limits": limits}}))


@given(st.integers(0, len(PUBLISHED) - 1), st.characters())
@settings(max_examples=300)
def test_a_changed_character_of_a_good_document_loads_or_is_a_policy_error(at: int, character: str) -> None:
    loads_or_refuses(PUBLISHED[:at] + character + PUBLISHED[at + 1 :])


json_values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(json_values, st.sampled_from([None, 1]), st.booleans())
def test_the_reader_agrees_with_the_standard_library(value: Json, indent: int | None, ascii_only: bool) -> None:
    def plain(node: Node) -> Json:
        if isinstance(node.value, dict):
            return {key: plain(member.node) for key, member in node.value.items()}
        return [plain(item) for item in node.value] if isinstance(node.value, tuple) else node.value

    assert plain(parse(json.dumps(value, indent=indent, ensure_ascii=ascii_only)).root) == value


def test_the_reference_document_is_the_published_one() -> None:
    file = Path(__file__).parents[3] / "shared" / "reference" / "policies" / "policylayer_execute_python_script.json"
    if not file.exists():
        pytest.skip("the reference folder is not here")
    assert load_json(file.read_text(encoding="utf-8"), "a").policy.digest == load_json(PUBLISHED, "a").policy.digest
