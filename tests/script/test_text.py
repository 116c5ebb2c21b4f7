"""What a text must be before it is parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.script.report import Use
from td_extension.script.text import MAX_BYTES, MAX_TOKENS, misspelled_identifier, prepare
from td_extension.values import Code


def code_of(text: str) -> Code | None:
    prepared = prepare(text)
    return prepared.code if isinstance(prepared, Use) else None


def test_windows_newlines_and_a_byte_order_mark_are_dropped() -> None:
    assert prepare("\ufeffa = 1\r\nb = 2\r\n") == "a = 1\nb = 2\n"


@pytest.mark.parametrize("text", ["#" * MAX_BYTES, "#" + "é" * ((MAX_BYTES - 1) // 2), "x;" * (MAX_TOKENS // 2)])
def test_a_text_of_just_the_cap_passes(text: str) -> None:
    assert code_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["#" * (MAX_BYTES + 1), "é" * (MAX_BYTES // 2 + 1), "x;" * (MAX_TOKENS // 2) + "y", "f'" + "{x}" * 501 + "'"],
)
def test_a_text_over_a_cap_is_refused_before_it_is_parsed(text: str) -> None:
    assert code_of(text) is Code.SCRIPT_TOO_LARGE


@pytest.mark.parametrize(
    "text", ["a\rb", "x = 1\0", "x = 1\f", "'\ud800'", "# coding: utf-7\nx", "\n# -*- coding: latin-1 -*-"]
)
def test_a_text_that_reads_differently_to_different_readers_is_refused(text: str) -> None:
    assert code_of(text) is Code.SCRIPT_TEXT


@pytest.mark.parametrize("text", ["# coding: utf-8", "#!x\n# vim: fileencoding=ascii", "x = 1\n\n# coding: utf-7"])
def test_a_harmless_coding_comment_passes(text: str) -> None:
    assert code_of(text) is None


@pytest.mark.parametrize("text", ["ｏｐｅｎ('x')", "x = 1\nｏｐ", "ﬁle = 1"])
def test_a_name_that_python_reads_as_another_is_found(text: str) -> None:
    found = misspelled_identifier(text)
    assert found is not None
    assert found.code is Code.SCRIPT_TEXT


@pytest.mark.parametrize("text", ["色 = 'ｏｐｅｎ'", "# ｏｐｅｎ\nx = 1", "é = 1", "x = 'ﬁ'"])
def test_plain_names_of_any_language_and_any_text_in_strings_pass(text: str) -> None:
    assert misspelled_identifier(text) is None


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_prepared_or_refused(text: str) -> None:
    prepared = prepare(text)
    if isinstance(prepared, str):
        prepared.encode()
        assert "\r" not in prepared
