"""What is said of a policy that loads and does not do what it seems to: with its place and a remedy."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.comparison import Meaning
from td_extension.policy.condition import Comparison, Group, Joint, evaluate
from td_extension.policy.condition_lint import contradicts, impossible
from td_extension.policy.condition_parts import compared
from td_extension.policy.facts import Facts
from td_extension.policy.load import load_json
from td_extension.policy.nodes import parse_nodes
from td_extension.policy.operator_path import names_of
from td_extension.policy.problems import PolicyError, Problem
from td_extension.policy.scope_lint import idle_nodes
from td_extension.policy.table import COLUMNS, load_table
from td_extension.policy.tools import TOOLS

TOOL = "create_td_node"
NIGHT = '{"hour": {"gte": 18}}'
LATE_NIGHT = '{"hour": {"gte": 18}, "perform_mode": true}'


def document(rest: str) -> tuple[Problem, ...]:
    return load_json('{"version": "1",\n' + rest + "}", "policy.json").warnings


def of_tool(*rules: str) -> tuple[Problem, ...]:
    """The warnings of a document whose rules of one tool begin in line 4."""
    return document('"tools": {"' + TOOL + '": {"rules": [\n{"action": "allow"},\n' + ",\n".join(rules) + "\n]}}")


def table(*rows: dict[str, str]) -> tuple[Problem, ...]:
    cells = [[row.get(column, "") for column in COLUMNS] for row in rows]
    return load_table([list(COLUMNS), *cells], "policy").warnings


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    assert problems[0].remedy
    return problems[0]


# -- rules that are never reached --------------------------------------------------------------------------------------


def test_a_rule_beside_one_that_denies_whatever_the_call_says() -> None:
    found = [one for one in of_tool('{"action": "deny"}', '{"when": ' + NIGHT + "}") if "line 5" in one.place]
    assert only(tuple(found)).message == f"{TOOL} is denied whatever this rule says"


@pytest.mark.parametrize("when", [NIGHT, LATE_NIGHT])
def test_a_rule_that_applies_only_where_another_denies(when: str) -> None:
    problem = only(of_tool('{"action": "deny", "when": ' + NIGHT + "}", '{"script": "inspect", "when": ' + when + "}"))
    assert problem.message == f"where this rule applies, '/tools/{TOOL}/rules/1' denies the call already"
    assert problem.place == "line 5, column 1"


def test_a_rule_that_applies_only_where_a_rule_for_all_tools_denies() -> None:
    problem = only(
        table(
            {"tool": "*", "action": "deny", "when": "perform_mode"},
            {"tool": TOOL, "action": "allow"},
            {"tool": TOOL, "action": "ask", "when": "perform_mode; hour < 5"},
        )
    )
    assert (problem.place, "denies the call already" in problem.message) == ("row 3, column tool", True)


def test_a_rule_that_applies_elsewhere_too_is_reached() -> None:
    assert of_tool('{"action": "deny", "when": ' + LATE_NIGHT + "}", '{"script": "inspect", "when": ' + NIGHT + "}") == ()
    either = '{"any": [{"hour": {"gte": 18}}, {"perform_mode": true}]}'
    assert of_tool('{"action": "deny", "when": ' + NIGHT + "}", '{"script": "inspect", "when": ' + either + "}") == ()


def test_rules_beside_one_that_denies_every_tool() -> None:
    problem = only(document('"tools": {"' + TOOL + '": {}},\n"all_tools": {"action": "deny"}'))
    assert (problem.place, problem.message) == ("line 3, column 14", "this rule denies every tool, so no other rule has an effect")


def test_a_rule_that_says_the_same_as_another_whatever_its_reason() -> None:
    rule = '{"action": "deny", "reason": "%s", "when": ' + NIGHT + "}"
    problem = only(of_tool(rule % "a", rule % "b"))
    assert (problem.message, problem.place) == (f"this rule says the same as '/tools/{TOOL}/rules/1'", "line 5, column 1")


def test_two_rows_that_say_the_same() -> None:
    row = {"tool": TOOL, "action": "deny", "when": "perform_mode"}
    problem = only(table({"tool": TOOL, "action": "allow"}, row, row))
    assert (problem.place, problem.message) == ("row 3, column tool", f"this rule says the same as '/tools/{TOOL}/rules/1'")


def test_a_tool_of_which_nothing_is_said_where_its_condition_does_not_hold() -> None:
    problem = only(table({"tool": TOOL, "action": "deny", "when": "perform_mode"}))
    assert "so the default decides there" in problem.message
    assert problem.place == "row 1, column tool"


def test_names_beside_a_star_that_hides_every_tool() -> None:
    problem = only(document(f'"hide": ["*", "{TOOL}"]'))
    assert (problem.message, problem.place) == ("every tool is hidden, so the other names say nothing", "line 2, column 10")


# -- conditions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "so"),
    [
        ('{"when": {"hour": {"lt": 5, "gt": 6}}, "action": "deny"}', "so the rule never applies"),
        ('{"require": [{"conditions": [{"path": "args.x", "op": "in", "value": []}]}]}', "so no call can pass"),
        ('{"deny_if": [{"conditions": [{"all": [{"risk": "read"}, {"risk": "write"}]}]}]}', "so it denies nothing"),
    ],
)
def test_a_condition_that_can_never_hold(rule: str, so: str) -> None:
    problem = only(of_tool(rule))
    assert problem.message.endswith(f"can never hold, {so}")
    assert problem.place.startswith("line 4, column ")


def test_a_condition_of_the_table_that_can_never_hold() -> None:
    rows = ({"tool": TOOL, "action": "allow"}, {"tool": TOOL, "action": "deny", "when": "hour < 5; hour > 6"})
    assert only(table(*rows)).place == "row 2, column when"


def test_what_is_asked_in_two_places_and_cannot_hold_at_once() -> None:
    clause = '{"conditions": [{"path": "args.x", "op": "eq", "value": %d}]}'
    problem = only(of_tool('{"require": [' + clause % 1 + ", " + clause % 2 + "]}"))
    assert problem.message == "what the rule asks cannot hold at once, so no call can pass"


def test_what_is_asked_for_and_denied() -> None:
    clause = '[{"conditions": [{"path": "args.x", "op": "eq", "value": 1}]}]'
    problem = only(of_tool('{"require": ' + clause + ', "deny_if": ' + clause + "}"))
    assert problem.message == "args.x eq 1 is asked for and denied, so no call can pass"


def together(*parts: tuple[str, Any], meaning: Meaning) -> list[Comparison]:
    return [compared("args.x", op, value, meaning, "/c") for op, value in parts]


@pytest.mark.parametrize(
    ("parts", "imported", "typed"),
    [
        ([("eq", 1), ("eq", 2)], True, True),
        ([("eq", 5), ("eq", "5")], False, True),
        ([("eq", True), ("eq", "true")], False, True),
        ([("eq", "a"), ("neq", "a")], True, True),
        ([("eq", "a"), ("regex", "^b")], True, True),
        ([("in", ["a", "b"]), ("in", ["c"])], True, True),
        ([("in", ["a", "b"]), ("not_in", ["a"])], False, False),
        ([("lt", 1), ("gte", 1)], True, True),
        ([("lte", 1), ("gte", 1)], False, False),
        ([("lte", 1), ("gte", 1), ("lt", 1)], True, True),
        ([("gt", 5), ("eq", 5)], True, True),
        ([("exists", False), ("eq", "a")], True, True),
        ([("exists", False), ("eq", None)], True, False),
        ([("exists", False), ("exists", True)], True, True),
        ([("contains", "a"), ("contains", "b")], False, False),
    ],
)
def test_comparisons_of_one_fact_contradict_each_other(parts: Any, imported: bool, typed: bool) -> None:
    assert contradicts(together(*parts, meaning=Meaning.IMPORTED)) is imported
    assert contradicts(together(*parts, meaning=Meaning.TYPED)) is typed


scalars = st.none() | st.booleans() | st.sampled_from([0, 1, 2, 1.5, "a", "b", "1", "true", ""])
asked = st.one_of(
    st.tuples(st.sampled_from(["eq", "neq", "contains"]), scalars),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(scalars, max_size=3)),
    st.tuples(st.sampled_from(["lt", "lte", "gt", "gte"]), st.sampled_from([0, 1, 1.5, 2])),
    st.tuples(st.just("exists"), st.booleans()),
    st.tuples(st.just("regex"), st.sampled_from(["^a", "1"])),
)
found = scalars | st.lists(scalars, max_size=2) | st.just({"a": 1})


@given(st.lists(asked, min_size=1, max_size=4), found | st.just("absent"), st.sampled_from(Meaning))
def test_what_is_said_never_to_hold_holds_for_no_call(parts: Any, value: Any, meaning: Meaning) -> None:
    comparisons = together(*parts, meaning=meaning)
    whole = Group(Joint.ALL, tuple(comparisons), "/c")
    if contradicts(comparisons) or impossible(whole) is not None:
        facts = Facts(find_args=lambda: {} if value == "absent" else {"x": value})
        assert not evaluate(whole, facts).holds


# -- patterns of operators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ("/project1/a /project1", "/project1/a is covered by /project1"),
        ("/project1/a/* /project1/a/**", "/project1/a/* is covered by /project1/a/**"),
        ("/project1/a -/PROJECT1", "/project1/a is left out again by -/PROJECT1"),
        ("/project1 -/project1/a -/project1/a/b", "-/project1/a/b is covered by /project1/a"),
        ("/project1 -/project2", "-/project2 leaves out what is not let in anyway"),
    ],
)
def test_a_pattern_of_a_scope_that_does_nothing(nodes: str, message: str) -> None:
    problem = only(table({"tool": TOOL, "action": "allow", "nodes": nodes}))
    assert (problem.message, problem.place) == (message, "row 1, column nodes")
    words = nodes.split()
    scope = {"within": [one for one in words if one[0] == "/"]}
    scope |= {"except": [one[1:] for one in words if one[0] == "-"]} if "-" in nodes else {}
    problem = only(document(f'"tools": {{"{TOOL}":\n{{"nodes": {json.dumps(scope)}}}}}'))
    assert (problem.message, problem.place) == (message, "line 3, column 11")


@pytest.mark.parametrize(
    "nodes", ["/project1/a /project1/b", "/project1/** /project1", "/project1 -/project1/a*", "/* -/project1/a", "/sys"]
)
def test_a_scope_whose_patterns_all_do_something_is_not_reported(nodes: str) -> None:
    told = [one.message for one in table({"tool": TOOL, "action": "allow", "nodes": nodes})]
    assert told == (["/project1/** is covered by /project1"] if nodes.startswith("/project1/**") else [])


def test_a_pattern_of_path_in_that_another_covers() -> None:
    value = '{"path": "args.parentPath", "op": "path_in", "value": ["/project1", "/project1/a"]}'
    problem = only(of_tool('{"require": [{"conditions": [\n' + value + "]}]}"))
    assert (problem.message, problem.place) == ("/project1/a is covered by /project1", "line 5, column 1")


names = st.sampled_from(["a", "b", "A", "*", "**", "a*"])
patterns = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
operators = st.lists(st.sampled_from(["a", "b", "A", "ab"]), max_size=4).map(lambda parts: "/" + "/".join(parts))


@given(st.lists(patterns, min_size=1, max_size=3), st.lists(patterns, max_size=2), operators)
def test_a_pattern_that_does_nothing_changes_no_answer(within: list[str], except_: list[str], path: str) -> None:
    scope = parse_nodes(" ".join([*within, *(f"-{one}" for one in except_)]))
    for told in idle_nodes(scope):
        one = told.split()[0]
        if one.startswith("-"):
            kept = [other for other in scope.except_ if other.text != one[1:]]
            if "covered" in told and len(kept) < len(scope.except_) - 1:
                continue  # the same twice
            names = names_of(path)
            assert names is not None
            without = any(p.covers(names) for p in scope.within) and not any(
                p.may_cover(tuple(name.lower() for name in names)) for p in kept
            )
            assert scope.allows(path) is without


# -- limits ------------------------------------------------------------------------------------------------------------


def test_two_limits_of_one_rule_that_count_the_same() -> None:
    limits = '{"counter": "a", "window": "minute", "max": 5}, {"counter": "b", "window": 60, "max": 9}'
    problem = only(document(f'"tools": {{"{TOOL}": {{"limits": [\n{limits}]}}}}'))
    assert problem.message == "counter 'b' counts the same as 'a', which is used up first"
    assert problem.place == "line 3, column 49"


def test_two_limits_that_count_different_things_are_not_reported() -> None:
    limit = '{"counter": "%s", "window": "minute", "max": 5, %s}'
    limits = ", ".join([limit % ("a", '"scope": "grant"'), limit % ("b", '"scope": "tool"'), limit % ("c", '"cost": "args.x"')])
    assert document(f'"tools": {{"{TOOL}": {{"limits": [{limits}]}}}}') == ()


def test_a_counter_that_counts_twice_for_one_tool_keeps_the_policy_from_loading() -> None:
    with pytest.raises(PolicyError, match="line 5, column 16: counter 'create_td_node/60s' counts for"):
        of_tool('{"rate_limit": "5/minute"}', '{"rate_limit": "6/minute"}')


# -- what it costs -----------------------------------------------------------------------------------------------------


def test_hostile_numbers_of_rules_are_looked_at_in_bounded_time() -> None:
    rule = {"action": "deny", "when": {"hour": {"gte": 18}}}
    tools = {f"t{index}": {"rules": [rule] * 20} for index in range(400)}
    text = json.dumps({"version": "1", "tools": tools}, indent=0)
    started = time.process_time()
    assert len(load_json(text, "policy.json").warnings) == 201
    assert time.process_time() - started < 10.0


def test_a_policy_that_says_nothing_twice_has_no_warning() -> None:
    rows = [{"tool": name, "action": "allow", "nodes": "/project1 -/project1/guard", "when": "hour < 20"} for name in TOOLS]
    free = {"get_td_info", "describe_td_tools"}
    assert table({"tool": "*", "action": "deny"}, *(row for row in rows if row["tool"] not in free)) == ()
