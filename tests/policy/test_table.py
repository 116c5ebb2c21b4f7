"""Policies from the cells of a Table DAT."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import td_extension.policy
from td_extension.policy.decide import Decision, decide_call
from td_extension.policy.facts import Facts
from td_extension.policy.load import load_json
from td_extension.policy.model import Action, Limit, Loaded, Policy, Scope
from td_extension.policy.problems import PolicyError, Problem, Severity
from td_extension.policy.table import COLUMNS, load_table
from td_extension.policy.tools import TOOLS, Risk
from td_extension.values import Code, Outcome

HEADER = list(COLUMNS)


def table(*rules: dict[str, str]) -> list[list[str]]:
    return [HEADER, *([rule.get(column, "") for column in COLUMNS] for rule in rules)]


def policy(*rules: dict[str, str]) -> Policy:
    return load_table(table(*rules), "policy").policy


def problems(rows: list[list[str]]) -> list[Problem]:
    with pytest.raises(PolicyError) as caught:
        load_table(rows, "policy")
    return [problem for problem in caught.value.problems if problem.severity is Severity.ERROR]


def only_problem(*rules: dict[str, str]) -> Problem:
    (problem,) = problems(table(*rules))
    return problem


def default_rows() -> list[list[str]]:
    file = Path(td_extension.policy.__file__).parent / "presets" / "default.tsv"
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]


# -- what is accepted --------------------------------------------------------------------------------------------------


def test_a_row_is_a_rule() -> None:
    rule = policy(
        {"tool": "execute_python_script", "action": "allow", "limit": "10/minute; 100/hour", "scope": "tool",
         "script": "build", "reason": "why"}
    ).tools["execute_python_script"][0]  # fmt: skip
    assert rule.action is Action.ALLOW
    assert rule.reason == "why"
    assert rule.script is not None
    assert rule.script.profile == "build"
    assert rule.limits == (
        Limit("execute_python_script/60s", 10, 60.0, Scope.TOOL, "/tools/execute_python_script/limits/0"),
        Limit("execute_python_script/3600s", 100, 3600.0, Scope.TOOL, "/tools/execute_python_script/limits/1"),
    )


def test_a_profile_may_be_changed_in_its_cell() -> None:
    cell = "Edit +td.delete ?td.code +file.read(/project/data/**)"
    script = policy({"tool": "execute_python_script", "action": "allow", "script": cell}).tools["execute_python_script"][0].script
    assert script is not None
    assert script.grants.text == "edit +td.delete +file.read(/project/data/**) ?td.code"


def test_ask_requires_approval() -> None:
    assert policy({"tool": "delete_td_node", "action": "ask"}).tools["delete_td_node"][0].action is Action.REQUIRE_APPROVAL


def test_hide_hides_the_tool() -> None:
    loaded = policy({"tool": "delete_td_node", "action": "hide"})
    assert loaded.hide == {"delete_td_node"}
    assert not loaded.tools


def test_the_star_row_sets_the_default_and_the_limits_of_all_tools() -> None:
    loaded = policy({"tool": "*", "action": "allow", "limit": "60/minute", "scope": "global", "reason": "r"})
    assert loaded.default is Action.ALLOW
    assert loaded.default_reason == "r"
    assert loaded.all_tools == (Limit("*/60s", 60, 60.0, Scope.GLOBAL, "/all_tools/limits/0"),)


def test_without_a_star_row_everything_else_is_denied() -> None:
    assert policy({"tool": "get_td_nodes", "action": "allow"}).default is Action.DENY


def test_columns_may_stand_in_any_order_and_optional_ones_be_missing() -> None:
    rows = [["Action ", "tool"], ["allow", "get_td_nodes"]]
    assert load_table(rows, "policy").policy.tools["get_td_nodes"][0].action is Action.ALLOW


def test_blank_rows_comments_and_blank_columns_are_passed_over() -> None:
    rows = [["tool", "action", ""], ["", " ", ""], ["# get_td_nodes", "nonsense"], [], ["get_td_nodes", "ALLOW", ""]]
    loaded = load_table(rows, "policy")
    assert list(loaded.policy.tools) == ["get_td_nodes"]
    assert loaded.warnings == ()


def test_a_table_and_a_document_that_say_the_same_have_the_same_digest() -> None:
    rows = table({"tool": "create_td_node", "action": "allow", "limit": "30/minute"})
    document = '{"version": "1", "default": "deny", "tools": {"create_td_node": {"rate_limit": "30/minute"}}}'
    assert load_table(rows, "policy").policy.digest == load_json(document, "policy.json").policy.digest


# -- the shipped default -----------------------------------------------------------------------------------------------


def test_the_shipped_default_loads_without_a_warning() -> None:
    assert load_table(default_rows(), "default").warnings == ()


def test_the_shipped_default_has_a_rule_for_every_tool() -> None:
    loaded = load_table(default_rows(), "default").policy
    assert set(loaded.tools) == set(TOOLS)
    assert loaded.default is Action.DENY


def test_the_shipped_default_allows_by_risk() -> None:
    expected = {Risk.READ: None, Risk.WRITE: 30, Risk.EXECUTE: 10}
    for name, (rule,) in load_table(default_rows(), "default").policy.tools.items():
        if TOOLS[name] is Risk.DESTRUCTIVE:
            assert (rule.action, bool(rule.reason)) == (Action.DENY, True)
        else:
            assert rule.action is Action.ALLOW
            assert [(limit.max, limit.window_s) for limit in rule.limits] == (
                [(expected[TOOLS[name]], 60.0)] if expected[TOOLS[name]] else []
            )


def shown(tool: str, *, perform_mode: bool | None) -> Decision:
    facts = Facts(tool=tool, risk=TOOLS[tool].value, perform_mode=perform_mode)
    return decide_call(load_table(default_rows(), "default").policy, facts)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_shipped_default_lets_agents_only_look_while_the_show_runs(tool: str) -> None:
    before, during = shown(tool, perform_mode=False), shown(tool, perform_mode=True)
    if TOOLS[tool] is Risk.READ:
        assert (before.outcome, during.outcome) == (Outcome.ALLOW, Outcome.ALLOW)
    else:
        assert (during.outcome, during.code) == (Outcome.DENY, Code.TOOL_DENIED)
        assert (during.rule, during.reason[:19]) == ("/all_tools/rules/0", "the show is running")


def test_the_shipped_default_lets_agents_only_look_where_the_mode_is_not_known() -> None:
    assert shown("create_td_node", perform_mode=None).code is Code.FACT_UNKNOWN
    assert shown("get_td_nodes", perform_mode=None).outcome is Outcome.ALLOW


def test_the_shipped_default_gives_scripts_the_profile_edit() -> None:
    script = load_table(default_rows(), "default").policy.tools["execute_python_script"][0].script
    assert script is not None
    assert script.profile == "edit"


# -- what is warned of -------------------------------------------------------------------------------------------------


def test_an_unknown_tool_is_a_warning_at_its_cell() -> None:
    (warning,) = load_table(table({"tool": "delete_td_nod", "action": "deny"}), "policy").warnings
    assert (warning.place, warning.remedy) == ("row 1, column tool", "did you mean 'delete_td_node'?")


def test_a_scope_without_a_limit_is_a_warning() -> None:
    (warning,) = load_table(table({"tool": "get_td_nodes", "action": "allow", "scope": "tool"}), "policy").warnings
    assert warning.place == "row 1, column scope"


def test_the_limit_of_a_denied_tool_is_a_warning() -> None:
    rows = table({"tool": "delete_td_node", "action": "deny", "limit": "1/day"})
    (warning,) = load_table(rows, "policy").warnings
    assert "have no effect" in warning.message


def test_cells_of_a_hidden_tool_are_a_warning() -> None:
    (warning,) = load_table(table({"tool": "delete_td_node", "action": "hide", "limit": "1/day"}), "policy").warnings
    assert warning.place == "row 1, column limit"


def test_a_table_without_rules_denies_everything_and_says_so() -> None:
    loaded = load_table([HEADER], "policy")
    assert loaded.policy.default is Action.DENY
    assert "every tool is denied" in loaded.warnings[0].message


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "word"),
    [
        ("action", "allw", "expected allow, deny, ask, hide"),
        ("action", "", "cell is empty"),
        ("limit", "10/fortnight", "no unit of time"),
        ("limit", "20000/day", "above 10,000"),
        ("limit", "10/minute; 20/60s", "same time"),
        ("limit", "; ".join(f"1/{seconds}s" for seconds in range(1, 18)), "too many"),
        ("limit", "1" * 5000, "characters"),
        ("scope", "everyone", "expected grant, tool, global"),
        ("script", "god", "expected inspect, edit, build, trusted"),
        ("script", "edit +td.delte", "'td.delte' is no capability"),
        ("script", "+td.delete", "changes no profile"),
        ("script", "edit +guard", "never be granted"),
        ("nodes", "project1", "does not begin with /"),
        ("nodes", "/project1 -/a/../b", "climbs"),
        ("when", "perform", "names no fact"),
        ("when", "hour <", "is no condition"),
        ("reason", "a\u202eb", "U+202E"),
        ("reason", "a" * 501, "501 characters"),
        ("tool", "get_*", "no tool name"),
        ("tool", "", "names no tool"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(column: str, cell: str, word: str) -> None:
    good = {"tool": "create_td_node", "action": "allow"}
    problem = only_problem({"tool": "get_td_nodes", "action": "allow"}, {**good, column: cell})
    assert problem.place == f"row 2, column {column}"
    assert word in problem.message
    assert problem.remedy


@pytest.mark.parametrize("cell", ["hide", "allw"])
def test_the_star_row_does_not_take_every_action(cell: str) -> None:
    assert "expected allow, deny, ask" in only_problem({"tool": "*", "action": cell}).message


def test_the_star_row_takes_no_profile() -> None:
    assert only_problem({"tool": "*", "action": "deny", "script": "edit"}).place == "row 1, column script"


def test_the_same_tool_twice_names_both_rows() -> None:
    rule = {"tool": "get_td_nodes", "action": "allow"}
    problem = only_problem(rule, {"tool": "# in between"}, {**rule, "action": "deny"})
    assert problem.place == "row 3, column tool"
    assert "in row 1 and in row 3" in problem.message


def test_an_unknown_column_is_refused_with_a_suggestion() -> None:
    (problem,) = problems([["tool", "action", "limt"], ["get_td_nodes", "allow", ""]])
    assert (problem.place, problem.remedy) == ("row 0, column 2", "did you mean 'limit'?")


def test_a_column_that_occurs_twice_is_refused() -> None:
    (problem,) = problems([["tool", "action", "action"], ["get_td_nodes", "allow", "deny"]])
    assert problem.place == "row 0, column 2"


def test_a_cell_without_a_column_is_refused() -> None:
    (problem,) = problems([["tool", "action"], ["get_td_nodes", "allow", "10/minute"]])
    assert problem.place == "row 1, column 2"


@pytest.mark.parametrize("rows", [[], [[]], [["get_td_nodes", "allow"]]])
def test_a_table_without_its_header_is_refused(rows: list[list[str]]) -> None:
    assert "row 0" in problems(rows)[0].place


def test_all_bad_cells_are_reported() -> None:
    bad = dict.fromkeys(("action", "limit", "scope", "script", "when"), "x")
    found = problems(table({"tool": "get_td_nodes", **bad}))
    assert {problem.place.rpartition(" ")[2] for problem in found} == set(bad)


def test_too_many_rows_are_refused() -> None:
    (problem,) = problems([HEADER, *([["x"]] * 1001)])
    assert "too many" in problem.message


# -- for any cells -----------------------------------------------------------------------------------------------------

cells = st.sampled_from([*COLUMNS, *TOOLS, "*", "#", "allow", "deny", "hide", "ask", "10/minute", "1/s;2/m", "edit"])
rules = st.lists(st.lists(cells | st.text(max_size=8), max_size=9), max_size=8)


def loads_or_refuses(rows: list[list[str]]) -> None:
    outcome = loaded_or_refused(rows)
    if isinstance(outcome, PolicyError):
        assert outcome.problems[0].severity is Severity.ERROR
        assert all(problem.message and problem.place and problem.remedy for problem in outcome.problems)
    else:
        assert all(problem.severity is Severity.WARNING for problem in outcome.warnings)


def loaded_or_refused(rows: list[list[str]]) -> Loaded | PolicyError:
    try:
        return load_table(rows, "policy")
    except PolicyError as error:
        return error


@given(rules)
def test_any_cells_load_or_are_a_policy_error(rows: list[list[str]]) -> None:
    loads_or_refuses(rows)


@given(rules)
def test_any_cells_below_a_header_load_or_are_a_policy_error(rows: list[list[str]]) -> None:
    loads_or_refuses([HEADER, *rows])


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "tool": st.sampled_from(["*", *TOOLS]),
                "action": st.sampled_from(["allow", "deny", "ask"]),
                "limit": st.sampled_from(["", "10/minute", "1/s; 9/h"]),
                "scope": st.sampled_from(["", "grant", "tool", "global"]),
            }
        ),
        unique_by=lambda rule: rule["tool"],
    )
)
def test_every_table_of_good_cells_loads_and_holds_a_rule_for_each_row(rows: list[dict[str, str]]) -> None:
    loaded = policy(*rows)
    assert set(loaded.tools) == {rule["tool"] for rule in rows} - {"*"}
