"""The grammar of rates, as cells and as JSON texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.limit_cell import parse_cell
from td_extension.policy.rate import Rate, RateError, parse_rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/minute", Rate(10, 60.0)),
        ("30 / 60 s", Rate(30, 60.0)),
        ("30/60", Rate(30, 60.0)),
        ("1/1.5h", Rate(1, 5400.0)),
        (" 5 / 2 Days ", Rate(5, 172800.0)),
        ("7/sec", Rate(7, 1.0)),
        ("10000/m", Rate(10_000, 60.0)),
    ],
)
def test_a_rate_is_a_count_and_a_window(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    [
        *("", "10", "10/", "/minute", "10/fortnight", "0/minute", "-1/minute", "1.5/minute", "10001/day", "010/minute"),
        *("10/0s", "10/367 days", "10/minute/2", "10 per minute", "\uff11\uff10/minute", "1,000/hour", "10/minute\n"),
        *("9" * 300, "9" * 20 + "/day", "1/" + "9" * 20),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(RateError) as caught:
        parse_rate(text)
    assert caught.value.message
    assert caught.value.remedy


def test_several_rates_are_separated_by_semicolons() -> None:
    assert tuple(one.rate for one in parse_cell("10/minute; 100/hour")[0]) == (Rate(10, 60.0), Rate(100, 3600.0))


def test_a_blank_text_has_no_rate() -> None:
    assert tuple(one.rate for one in parse_cell("  ")[0]) == ()


def test_two_rates_for_the_same_window_are_refused() -> None:
    with pytest.raises(RateError, match="same time"):
        tuple(one.rate for one in parse_cell("10/minute; 20/60 s")[0])


def test_a_trailing_semicolon_is_refused() -> None:
    with pytest.raises(RateError):
        tuple(one.rate for one in parse_cell("10/minute;")[0])


@given(st.text() | st.from_regex(r"[0-9 ]{0,4}/[0-9 .]{0,4}[a-z]{0,6}[;\n]?", fullmatch=True))
def test_any_text_is_rates_within_the_bounds_or_an_error(text: str) -> None:
    try:
        rates = tuple(one.rate for one in parse_cell(text)[0])
    except RateError:
        return
    assert all(1 <= rate.max <= 10_000 and 0.001 <= rate.window_s <= 366 * 86400 for rate in rates)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_rate_in_seconds_is_read_as_written(count: int, seconds: int) -> None:
    assert parse_rate(f"{count}/{seconds} s") == Rate(count, float(seconds))
