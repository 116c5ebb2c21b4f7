"""Regular expressions of a policy: RE2's meaning, a vetted subset, and time that is linear in the text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from td_extension.policy.expression import ExpressionError, parse_expression


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "a*a*b",
        r"(a|a)*b",
        r"(\w+\s?)*$",
        r"(.*)\1",
        "(?=a)b",
        "(?!a)b",
        "(?<=a)b",
        "(?>a)b",
        "a++b",
        "[[:alpha:]]",
        "a{,3}",
        "(?#note)a",
        r"\u0041",
        "(?x) a",
        "(?a)a",
        "(",
        "a" * 1001,
        "(?:ab){900}(?:cd){900}(?:ef){900}",
    ],
)
def test_what_is_not_in_the_vetted_subset_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(pattern)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("c$", "abc\n", False),
        ("(?m)c$", "abc\n", True),
        ("(?m)^d", "abc\nd", True),
        (".", "\n", False),
        ("(?s).", "\n", True),
        ("(?i)straße", "STRAẞE", True),
        ("(?i)k", "\N{KELVIN SIGN}", True),
        (r"\d", "٣", False),
        (r"\w", "é", False),
        (r"\s", "\v", False),
        (r"\bos\b", "import os;", True),
        (r"\bos\b", "close", False),
        (r"\Bos", "close", True),
        ("a{2,3}$", "aa", True),
        ("^(?:a|b|)c$", "c", True),
        ("[^a-c]", "abc", False),
        ("[^a-c]", "abcé", True),
        ("", "", True),
        ("^$", "x", False),
        ("DROP.*TABLE", "DROP the TABLE", True),
        (".*foo.*", "a foo b", True),
        (r"^.*@company\.com$", "a@company.com.evil", False),
    ],
)
def test_a_pattern_means_what_it_means_in_re2(pattern: str, text: str, found: bool) -> None:
    assert parse_expression(pattern).found_in(text) is found


pieces = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\w", r"\b", "^", "c$", "a+", "b?", "a{1,2}", "(?:ab|c)"])
patterns = st.lists(pieces, min_size=1, max_size=4).map("".join)


@settings(max_examples=300)
@given(patterns, st.text("abc \n", max_size=10))
def test_a_search_finds_what_python_finds_where_both_mean_the_same(pattern: str, text: str) -> None:
    try:
        expression = parse_expression(pattern)
    except ExpressionError:
        assume(False)
    assert expression.found_in(text) == bool(re.search(pattern.replace("$", r"\Z"), text, re.ASCII))


@given(patterns, st.lists(st.text("abcé\n \N{GRINNING FACE}", min_size=1, max_size=5), min_size=1, max_size=3))
def test_the_time_is_linear_in_the_text(pattern: str, parts: list[str]) -> None:
    try:
        expression = parse_expression(pattern + "zz")
    except ExpressionError:
        assume(False)
    unit = "".join(parts)
    short, long = unit * (2_000 // len(unit)), unit * (32_000 // len(unit))
    expression.found_in(short)

    def best_s(text: str) -> float:
        taken = []
        for _ in range(3):
            started = time.perf_counter()
            expression.found_in(text)
            taken.append(time.perf_counter() - started)
        return min(taken)

    # Sixteen times the text: a quadratic search would take 256 times as long.
    assert best_s(long) < 64 * best_s(short) + 0.01


def test_the_states_that_are_remembered_are_bounded() -> None:
    expression = parse_expression("a[ab]{12}c")
    for number in range(20_000):
        expression.found_in(f"{number:015b}".replace("0", "a").replace("1", "b"))
    assert len(expression._states) <= 1_001


@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_is_refused(text: str) -> None:
    try:
        parse_expression(text).found_in(text)
    except ExpressionError as error:
        remedy = error.remedy
    else:
        remedy = "none is needed"
    assert remedy
