"""Conditions: how they are read, joined, decided and explained."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from td_extension.policy.comparison import Undecided
from td_extension.policy.condition import Condition, Group, evaluate, explain
from td_extension.policy.condition_document import MAX_CONDITIONS, MAX_DEPTH, read_conditions, read_when
from td_extension.policy.condition_parts import ConditionError
from td_extension.policy.condition_text import parse_when
from td_extension.policy.facts import FACTS, Facts, ScriptFacts, TargetFacts
from td_extension.policy.json_text import parse
from td_extension.policy.reading import Reading

LONG = "x" * 5_000
FACTS_OF_A_CALL = Facts(
    tool="update_td_node_parameters",
    find_args=lambda: {"amount": 5, "nodePath": "/project1/show/a", "list": [{"n": 1}, {"n": 2}], "long": LONG, "a.b": 1},
    risk="write",
    caller="127.0.0.1",
    grant="stage",
    perform_mode=True,
    frame_rate=58.5,
    hour=20.5,
    find_script=lambda: ScriptFacts(frozenset({"td.write", "net"}), ("math",), 12),
    find_targets=lambda: (TargetFacts("/project1/show/a", "textDAT", "DAT", frozenset({"code", "value"})),),
)


def read(value: Any, imported: bool = False) -> Condition:
    condition, problems = tried(value, imported)
    assert condition is not None, problems
    return condition


def tried(value: Any, imported: bool = False) -> tuple[Condition | None, list[str]]:
    text = json.dumps(value)
    reading = Reading(text)
    condition = (read_conditions if imported else read_when)(reading, parse(text).root, "/w")
    problems = list(map(str, reading.findings.failure().problems)) if reading.findings.failed else []
    assert (condition is None) == bool(problems)
    return condition, problems


def answer(value: Any, facts: Facts = FACTS_OF_A_CALL) -> Any:
    condition = read(value)
    found = evaluate(condition, facts).answer
    assert condition.asks(facts) == found
    return found


def leaf(path: str, op: str, value: Any) -> dict[str, Any]:
    return {"path": path, "op": op, "value": value}


# -- facts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"perform_mode": True}, True),
        ({"perform_mode": False}, False),
        ({"frame_rate": {"gte": 50}}, True),
        ({"frame_rate": {"gte": 50, "lt": 58}}, False),
        ({"any": [{"hour": {"gte": 22}}, {"hour": {"lt": 6}}]}, False),
        ({"grant": "stage"}, True),
        ({"grant": ["a", "stage"]}, True),
        ({"grant": {"neq": "stage"}}, False),
        ({"caller": "127.0.0.1", "risk": ["write", "execute"]}, True),
        ({"tool": {"regex": "^update_"}}, True),
        ({"op_type": ["textDAT", "tableDAT"]}, True),
        ({"op_type": {"regex": "CHOP$"}}, False),
        ({"op_family": "DAT"}, True),
        ({"parameter_kind": "code"}, True),
        ({"parameter_kind": {"contains": "file"}}, False),
        ({"target": "/project1/show"}, True),
        ({"target": ["/project1/lights", "/project1/show/*"]}, True),
        ({"target": "/project1/show/**"}, True),
        ({"target": "/project1/show/a/b"}, False),
        ({"script.capabilities": {"contains": "net"}}, True),
        ({"script.imports": {"contains": "os"}}, False),
        ({"script.lines": {"lte": 12}}, True),
        (leaf("args.list[*].n", "eq", 2), True),
        (leaf("args.list[all].n", "lte", 2), True),
        (leaf("args.list[all].n", "lte", 1), False),
        (leaf("args.list[-1].n", "eq", 2), True),
        (leaf("args.list[9].n", "exists", False), True),
        (leaf('args["a.b"]', "eq", 1), True),
        (leaf("args.nodePath", "path_in", ["/project1/show"]), True),
    ],
)
def test_a_fact_is_compared(condition: Any, holds: bool) -> None:
    assert answer(condition) is holds


def test_every_target_must_lie_where_it_may() -> None:
    facts = Facts(find_targets=lambda: (TargetFacts("/project1/a"), TargetFacts("/other")))
    assert answer({"target": "/project1"}, facts) is False
    assert answer({"not": {"target": "/project1"}}, facts) is True
    assert answer(leaf("target[*]", "path_in", "/project1"), facts) is True
    assert answer({"target": "/project1"}, Facts()) is False


def test_a_call_without_a_script_has_nothing_true_of_its_script() -> None:
    assert answer({"script.lines": {"lte": 100}}, Facts()) is False
    assert answer({"script.lines": {"exists": False}}, Facts()) is True


@pytest.mark.parametrize("condition", [{"perform_mode": True}, {"frame_rate": {"lt": 9}}, {"hour": {"gt": 1}}])
def test_what_touchdesigner_could_not_tell_is_not_decided(condition: Any) -> None:
    assert answer(condition, Facts()) is Undecided.UNKNOWN
    assert answer({"not": condition}, Facts()) is Undecided.UNKNOWN


def test_the_script_is_looked_at_once_and_only_where_a_condition_asks() -> None:
    looked = []

    def look() -> ScriptFacts:
        looked.append(1)
        return ScriptFacts(frozenset(), (), 3)

    facts = Facts(perform_mode=False, find_script=look)
    assert answer({"all": [{"perform_mode": True}, {"script.lines": {"gt": 1}}]}, facts) is False
    assert looked == []
    assert answer({"all": [{"script.lines": {"gt": 1}}, {"script.lines": {"lt": 9}}]}, facts) is True
    assert looked == [1]


# -- joining -----------------------------------------------------------------------------------------------------------

YES, NO, OPEN = {"grant": "stage"}, {"grant": "other"}, leaf("args.long", "contains", "x")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"all": [OPEN, NO]}, False),
        ({"all": [OPEN, YES]}, Undecided.TOO_LONG),
        ({"any": [NO, NO]}, False),
        ({"any": [OPEN, YES]}, True),
        ({"any": [OPEN, NO]}, Undecided.TOO_LONG),
        ({"not": NO}, True),
        ({"not": OPEN}, Undecided.TOO_LONG),
        ({"not": [YES, NO]}, True),
        ({"not": {"not": YES}}, True),
        ([YES, NO], False),
    ],
)
def test_conditions_are_joined_with_three_values(condition: Any, expected: Any) -> None:
    assert answer(condition) is expected


def test_the_verdict_names_the_part_that_decided() -> None:
    condition = read({"any": [NO, {"all": [YES, leaf("args.amount", "lte", 4)]}, OPEN]})
    verdict = evaluate(condition, FACTS_OF_A_CALL)
    assert (verdict.pointer, verdict.undecided) == ("/w/any/2", Undecided.TOO_LONG)
    condition = read([leaf("args.amount", "lte", 9), leaf("args.amount", "lte", 4)], imported=True)
    assert evaluate(condition, FACTS_OF_A_CALL).pointer == "/w/1"


def test_an_explanation_tells_each_part_with_what_was_found() -> None:
    told = explain(read({"all": [leaf("args.amount", "lte", 4), {"hour": {"lt": 18}}]}), FACTS_OF_A_CALL)
    assert [(part.text, part.verdict.answer, part.found) for part in told.parts] == [
        ("args.amount lte 4", False, "5"),
        ("hour lt 18", False, "20.5"),
    ]


def test_imported_conditions_are_not_typed_and_those_within_a_group_are() -> None:
    facts = Facts(find_args=lambda: {"x": "5"})
    assert evaluate(read([leaf("args.x", "eq", 5)], imported=True), facts).holds
    inside = read([{"any": [leaf("args.x", "eq", 5)]}], imported=True)
    assert evaluate(inside, facts).answer is Undecided.MISTYPED


def test_the_content_for_the_digest_does_not_depend_on_the_order() -> None:
    one, other = read({"all": [YES, NO]}), read({"all": [NO, YES]})
    assert isinstance(one, Group)
    assert json.dumps(one.content()) == json.dumps(other.content())


# -- problems ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({}, "line 1, column 1: the condition is empty"),
        ({"perfom_mode": True}, "did you mean 'perform_mode'"),
        (leaf("args.x", "equals", 1), "unknown operator 'equals'"),
        (leaf("argz.x", "eq", 1), "names no fact; did you mean 'args'"),
        (leaf("args", "eq", 1), "names no argument"),
        (leaf("args.x[", "eq", 1), "leads nowhere"),
        (leaf("args.x", "regex", "(a+)+$"), "cannot be vetted"),
        (leaf("args.x", "regex", 5), "regex takes a pattern"),
        (leaf("args.x", "in", "a"), "in takes a list"),
        (leaf("args.x", "lt", "5"), "compares with a number"),
        (leaf("args.x", "exists", "yes"), "exists takes true or false"),
        (leaf("args.x", "path_in", ["project1"]), "does not begin with /"),
        (leaf("args.x", "eq", LONG), "no longer text is ever compared"),
        (leaf("state.x.calls", "lte", 5), "write a limit instead"),
        ({"path": "args.x", "op": "eq"}, "the condition has no value"),
        ({"path": 5, "op": "eq", "value": 1}, "expected a text for path"),
        ({"perform_mode": "yes"}, "perform_mode is never 'yes'"),
        ({"hour": {"regex": "a"}}, "hour is a number, so regex says nothing"),
        ({"hour": {}}, "nothing is said about hour"),
        ({"op_type": {"eq": 5}}, "is never 5"),
        (leaf("op_type", "eq", "textDAT"), "write op_type[*]"),
        (leaf("grant.name", "eq", "a"), "there is nothing inside grant"),
        ({"any": []}, "the list of conditions is empty"),
        ({"any": YES}, "expected a list of conditions"),
        ([YES] * (MAX_CONDITIONS + 1), "too many"),
        (5, "expected an object for a condition"),
    ],
)
def test_a_wrong_condition_is_told_with_its_place_and_a_remedy(condition: Any, told: str) -> None:
    _, problems = tried(condition)
    assert any(told in problem for problem in problems), problems


def test_a_condition_that_is_nested_too_deeply_is_refused() -> None:
    deep: Any = YES
    for _ in range(MAX_DEPTH):
        deep = {"not": deep}
    assert any("too deeply" in problem for problem in tried(deep)[1])


words = st.sampled_from(["any", "all", "not", "path", "op", "value", "args.x", "eq", "in", "regex", "hour", *FACTS])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@given(json_values, st.booleans())
@example({"hour": [], "tool": {}}, False)
def test_any_data_is_a_condition_or_a_problem(value: Any, imported: bool) -> None:
    condition, _ = tried(value, imported)
    if condition is not None:
        assert isinstance(evaluate(condition, FACTS_OF_A_CALL).answer, bool | Undecided)
        assert condition.asks(FACTS_OF_A_CALL) == evaluate(condition, FACTS_OF_A_CALL).answer
        assert explain(condition, FACTS_OF_A_CALL).verdict == evaluate(condition, FACTS_OF_A_CALL)


# -- one line ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("perform_mode", True),
        ("not perform_mode", False),
        ("frame_rate >= 50; hour < 18", False),
        ("op_type in textDAT, tableDAT", True),
        ("op_type = textDAT", True),
        ("grant != stage", False),
        ('grant = "stage"', True),
        ("target path_in /project1/show, /project1/lights", True),
        ("target = /project1/show/a", True),
        ("args.amount <= 5; args.nodePath regex ^/project1/", True),
        ("script.capabilities contains net", True),
    ],
)
def test_a_line_of_the_table_says_the_same(text: str, holds: bool) -> None:
    condition = parse_when(text, "/w")
    assert condition is not None
    assert evaluate(condition, FACTS_OF_A_CALL).answer is holds


def test_a_blank_line_has_no_condition() -> None:
    assert parse_when(" ; ", "/w") is None


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["not ", "hour", " < ", "5", ";", "in ", "args.", "["])).map("".join)
)
def test_any_line_is_a_condition_or_a_problem(text: str) -> None:
    try:
        condition = parse_when(text, "/w")
    except ConditionError as error:
        found: Any = error.remedy
    else:
        found = condition is None or evaluate(condition, FACTS_OF_A_CALL).answer
    assert isinstance(found, bool | Undecided) or found
