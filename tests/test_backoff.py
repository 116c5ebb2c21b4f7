"""The wait of a caller that is refused again and again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.backoff import FREE, LONGEST_S, Backoff


def refused(backoff: Backoff, times: int, at: float = 0.0) -> list[float]:
    return [backoff.refused("a", at) for _ in range(times)]


def test_the_first_refusals_are_free_and_then_the_wait_doubles_up_to_30_seconds() -> None:
    assert refused(Backoff(), FREE + 7) == [0.0] * FREE + [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_the_wait_ends_exactly_when_it_was_said_to() -> None:
    backoff = Backoff()
    refused(backoff, FREE + 3, at=10.0)
    assert [backoff.wait_s("a", at) for at in (10.0, 13.5, 14.0)] == [4.0, 0.5, 0.0]


def test_a_call_that_passes_forgets_the_refusals() -> None:
    backoff = Backoff()
    refused(backoff, FREE + 1)
    backoff.passed("a")
    assert refused(backoff, FREE) == [0.0] * FREE


def test_a_minute_without_a_refusal_forgets_them() -> None:
    backoff = Backoff()
    refused(backoff, FREE + 1)
    assert backoff.refused("a", 61.0) == 0.0


def test_callers_do_not_wait_for_each_other() -> None:
    backoff = Backoff()
    refused(backoff, 20)
    assert backoff.wait_s("b", 0.0) == 0.0


def test_at_most_a_thousand_callers_are_known() -> None:
    backoff = Backoff()
    for index in range(3_000):
        backoff.refused(f"caller{index}", float(index))
    assert len(backoff) == 1_000


def test_a_clock_that_is_not_finite_is_an_error() -> None:
    with pytest.raises(ValueError, match="finite"):
        Backoff().wait_s("a", float("nan"))


@given(st.lists(st.floats(-100, 1000), max_size=60))
def test_no_wait_is_longer_than_30_seconds_whatever_the_clock_does(times: list[float]) -> None:
    backoff = Backoff()
    for at in times:
        backoff.refused("a", at)
        assert 0.0 <= backoff.wait_s("a", at) <= LONGEST_S
