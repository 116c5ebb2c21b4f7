"""Text for people: nothing in it can hide, or pretend to be another text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.wording import plain_text, quoted, suggestion, unseen_character


def test_a_near_word_is_suggested() -> None:
    assert suggestion("defualt", ("version", "default")) == "did you mean 'default'?"


def test_a_very_long_word_is_not_compared() -> None:
    assert suggestion("default" * 10_000, ("default",)) == "known are: default"


def test_without_a_near_word_all_are_named() -> None:
    assert suggestion("zzz", ("grant", "tool")) == "known are: grant, tool"


@pytest.mark.parametrize("character", ["\n", "\x00", "\u202e", "\u2066", "\u200f", "\u2028", "\ufeff", "\ud800"])
def test_a_character_that_cannot_be_seen_is_found(character: str) -> None:
    assert unseen_character("ab" + character) == f"U+{ord(character):04X}"


@pytest.mark.parametrize("text", ["", "plain", "日本語　です", "naïve « x »", "👩‍💻"])
def test_ordinary_text_of_any_language_is_left_alone(text: str) -> None:
    assert unseen_character(text) == ""


def test_white_space_becomes_single_spaces() -> None:
    assert plain_text(" a\r\n\tb \x0b c ", 200) == "a b c"


@given(st.text(), st.integers(1, 50))
def test_plain_text_is_one_visible_line_within_its_length(text: str, most: int) -> None:
    shown = plain_text(text, most)
    assert len(shown) <= most
    assert unseen_character(shown) == ""
    assert len(shown.splitlines()) <= 1


@given(st.text())
def test_a_quoted_value_has_no_invisible_character(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 900
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in shown)
