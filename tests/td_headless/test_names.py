from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_headless import tdError
from td_headless.names import base_of, check_name, digits_of, free_name, legal_name, matches


@pytest.mark.parametrize("name", ["a b", "a/b", "", "é", "a-b", "a\n", None, 3])
def test_a_name_with_other_characters_is_refused(name: object) -> None:
    with pytest.raises(tdError, match="Invalid operator name"):
        check_name(name)


@given(st.text())
def test_a_legal_name_made_from_text_passes_the_check(text: str) -> None:
    if text:
        assert check_name(legal_name(text)) == legal_name(text)


@given(
    st.sets(st.from_regex(r"[a-z]{1,2}[0-9]{0,2}", fullmatch=True)),
    st.from_regex(r"[a-z]{1,2}[0-9]{0,2}", fullmatch=True),
)
def test_a_free_name_is_never_taken_and_keeps_its_base(taken: set[str], wanted: str) -> None:
    name = free_name(wanted, taken)
    assert name not in taken
    assert base_of(name) == base_of(wanted)


def test_a_taken_name_gets_the_next_free_number() -> None:
    assert free_name("noise1", {"noise1", "noise2"}) == "noise3"
    assert free_name("noise", {"noise"}) == "noise1"


def test_digits_are_those_at_the_end() -> None:
    assert (digits_of("a1b22"), base_of("a1b22"), digits_of("abc")) == (22, "a1b", None)


@pytest.mark.parametrize(
    ("pattern", "text", "verdict"),
    [
        ("noise*", "noise1", True),
        ("noise*", "null1", False),
        ("noise? null*", "null7", True),
        ("* ^null*", "null7", False),
        ("* ^null*", "noise7", True),
        ("t[xy]", "ty", True),
        ("Noise*", "noise1", False),
        ("", "noise1", False),
    ],
)
def test_patterns(pattern: str, text: str, verdict: bool) -> None:
    assert matches(pattern, text) is verdict
