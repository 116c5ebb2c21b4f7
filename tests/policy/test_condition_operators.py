"""The eleven operators against Intercept's documented outcomes (policy_engines.md section 1.1), and the typed ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.comparison import MAX_VALUE, Meaning, Undecided
from td_extension.policy.condition import evaluate
from td_extension.policy.condition_parts import compared
from td_extension.policy.facts import Facts

ABSENT = object()

DOCUMENTED: list[tuple[str, Any, Any, bool]] = [
    # operator, the argument, the policy's value, what Intercept says
    ("eq", 5, 5, True),
    ("eq", 5, 5.0, True),
    ("eq", 5, 6, False),
    ("eq", "5", 5, True),
    ("eq", 5, "5", True),
    ("eq", True, "true", True),
    ("eq", "true", True, True),
    ("eq", "a", "a", True),
    ("eq", "a", "A", False),
    ("eq", 1e6, "1e+06", True),
    ("eq", 1_000_000, "1000000", False),
    ("eq", "1000000", 1_000_000, True),
    ("eq", {"b": 1, "a": [True]}, {"a": [True], "b": 1}, True),
    ("eq", {"a": 1}, "map[a:1]", True),
    ("eq", [1, 2], "[1 2]", True),
    ("eq", {"a": 1}, {"a": 2}, False),
    ("neq", 5, 6, True),
    ("neq", "5", 5, False),
    ("neq", True, "true", False),
    ("in", "a", ["a", "b"], True),
    ("in", 5, ["5"], True),
    ("in", 5.0, [5], True),
    ("in", "c", ["a", "b"], False),
    ("in", "a", [], False),
    ("not_in", "c", ["a", "b"], True),
    ("not_in", "a", ["a", "b"], False),
    ("lt", 4, 5, True),
    ("lt", 5, 5, False),
    ("lt", "4", 5, False),
    ("lt", True, 5, False),
    ("lte", 5, 5, True),
    ("lte", 5.1, 5, False),
    ("gt", 6, 5, True),
    ("gt", 5, 5, False),
    ("gt", [6], 5, False),
    ("gte", 5, 5, True),
    ("gte", 4.9, 5, False),
    ("regex", "feature/x", "^feature/", True),
    ("regex", "a feature/x", "feature", True),
    ("regex", "a feature/x", "^feature", False),
    ("regex", "x\n", "x$", False),
    ("regex", "٣", r"\d", False),
    ("regex", 5, "5", False),
    ("regex", ["a"], "a", False),
    ("contains", "a drop table", "drop", True),
    ("contains", "a", "b", False),
    ("contains", ["a", "b"], "b", True),
    ("contains", [1, 2], "2", True),
    ("contains", ["ab"], "a", False),
    ("contains", [], "a", False),
    ("contains", 5, "5", False),
    ("contains", {"a": 1}, "a", False),
    ("exists", "a", True, True),
    ("exists", "", True, True),
    ("exists", False, True, True),
    ("exists", "a", False, False),
    ("exists", None, True, False),
    ("exists", None, False, True),
    ("exists", ABSENT, True, False),
    ("exists", ABSENT, False, True),
    ("eq", ABSENT, "a", False),
    ("neq", ABSENT, "a", False),
    ("in", ABSENT, ["a"], False),
    ("not_in", ABSENT, ["a"], False),
    ("lt", ABSENT, 5, False),
    ("lte", ABSENT, 5, False),
    ("gt", ABSENT, 5, False),
    ("gte", ABSENT, 5, False),
    ("regex", ABSENT, "a", False),
    ("contains", ABSENT, "a", False),
    ("neq", None, "a", False),
]


def imported(op: str, found: Any, wanted: Any) -> Any:
    args = {} if found is ABSENT else {"x": found}
    return evaluate(compared("args.x", op, wanted, Meaning.IMPORTED, "/c"), Facts(find_args=lambda: args))


def typed(op: str, found: Any, wanted: Any) -> Any:
    args = {} if found is ABSENT else {"x": found}
    return evaluate(compared("args.x", op, wanted, Meaning.TYPED, "/c"), Facts(find_args=lambda: args)).answer


@pytest.mark.parametrize(("op", "found", "wanted", "holds"), DOCUMENTED)
def test_an_imported_operator_says_what_intercept_documents(op: str, found: Any, wanted: Any, holds: bool) -> None:
    assert imported(op, found, wanted).holds is holds


def test_an_imported_path_goes_down_through_objects_only() -> None:
    facts = Facts(find_args=lambda: {"a": {"b": [7], "c[0]": 1}})
    for path, holds in (("args.a.b", True), ("args.a.b.0", False), ("args.a.c[0]", True), ("args.b", False)):
        assert evaluate(compared(path, "exists", True, Meaning.IMPORTED, "/c"), facts).holds is holds


# -- what cannot be decided --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("op", ["eq", "neq", "in", "not_in", "regex", "contains"])
@pytest.mark.parametrize("meaning", Meaning)
def test_a_value_that_is_too_long_has_a_code_of_its_own(op: str, meaning: Meaning) -> None:
    wanted = ["a"] if op in ("in", "not_in") else "a"
    condition = compared("args.x", op, wanted, meaning, "/c")
    long, longest = "a" * (MAX_VALUE + 1), "a" * MAX_VALUE
    assert evaluate(condition, Facts(find_args=lambda: {"x": long})).answer is Undecided.TOO_LONG
    assert evaluate(condition, Facts(find_args=lambda: {"x": longest})).undecided is None


def test_an_object_whose_text_is_too_long_is_not_decided() -> None:
    assert imported("eq", {"a": ["x" * 3000, "y" * 3000]}, "a").answer is Undecided.TOO_LONG
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    assert imported("eq", deep, "a").answer is Undecided.TOO_LONG


@pytest.mark.parametrize(
    ("op", "found", "wanted"),
    [
        ("eq", "5", 5),
        ("eq", True, 1),
        ("neq", ["a"], "a"),
        ("not_in", {"a": 1}, ["a"]),
        ("lt", "4", 5),
        ("regex", ["a"], "a"),
        ("contains", 5, "5"),
        ("contains", "5", 5),
        ("path_in", 5, ["/a"]),
        ("path_in", "relative/path", ["/a"]),
        ("path_in", "/a/*", ["/a"]),
        ("path_in", "/../a", ["/a"]),
        ("gt", 10**400, 5),
    ],
)
def test_typed_comparison_does_not_compare_different_kinds(op: str, found: Any, wanted: Any) -> None:
    assert typed(op, found, wanted) is Undecided.MISTYPED


@pytest.mark.parametrize(
    ("op", "found", "wanted", "answer"),
    [
        ("eq", 5, 5.0, True),
        ("eq", None, None, True),
        ("eq", "a", None, False),
        ("neq", "a", "b", True),
        ("in", "a", ["a", 5], True),
        ("in", 6, ["a", 5], False),
        ("contains", ["a", 5], 5, True),
        ("contains", ["a"], 5, Undecided.MISTYPED),
        ("eq", ABSENT, "a", False),
        ("path_in", "/project1//show/./x/../y/", ["/project1/show"], True),
        ("path_in", "/project1/showy", ["/project1/show"], False),
    ],
)
def test_typed_comparison_compares_what_is_of_one_kind(op: str, found: Any, wanted: Any, answer: Any) -> None:
    assert typed(op, found, wanted) is answer


# -- totality ----------------------------------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=8)
askings = st.one_of(
    st.tuples(st.sampled_from(["eq", "neq", "contains"]), values.filter(lambda v: json.dumps(v).isascii())),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(scalars, max_size=4)),
    st.tuples(st.sampled_from(["lt", "lte", "gt", "gte"]), st.integers(-9, 9)),
    st.tuples(st.just("regex"), st.sampled_from(["^a", "b$", "[0-9]+x", "(?i)k"])),
    st.tuples(st.just("exists"), st.booleans()),
    st.tuples(st.just("path_in"), st.sampled_from([["/a"], ["/a/**"], "/*/b"])),
)


@given(askings, values, st.sampled_from(Meaning))
def test_any_value_gets_an_answer(asking: tuple[str, Any], found: Any, meaning: Meaning) -> None:
    from td_extension.policy.condition_parts import ConditionError

    try:
        condition = compared("args.x", *asking, meaning, "/c")
    except ConditionError:
        return
    answer = evaluate(condition, Facts(find_args=lambda: {"x": found})).answer
    assert isinstance(answer, bool | Undecided)
