"""What a limit counts."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.amounts import CALLS, AmountError, FrameRateFloor, Unit, amount_of, parse_cost
from td_extension.policy.facts import FactPathError


def test_a_call_counts_one_unless_it_says_otherwise() -> None:
    assert amount_of(CALLS, {}) == 1.0
    assert amount_of(parse_cost("args.order.price"), {"order": {"price": 2.5}}) == 2.5
    assert amount_of(parse_cost("main_thread_ms"), {}) is None


@pytest.mark.parametrize("amount", [-1, -0.001, "5", True, None, [], {}, math.nan, math.inf, 1e13, 10**400])
def test_an_amount_that_could_lower_or_break_a_budget_is_refused(amount: Any) -> None:
    with pytest.raises(AmountError, match=r"args\.price must be a number from 0"):
        amount_of(parse_cost("args.price"), {"price": amount})


def test_an_amount_that_is_not_there_is_refused() -> None:
    with pytest.raises(AmountError, match="it is nothing"):
        amount_of(parse_cost("args.a.b"), {"a": 5})


@pytest.mark.parametrize("text", ["", "price", "args.", "args", "state.x.y", "main_thread"])
def test_a_cost_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(FactPathError, match="main_thread_ms"):
        parse_cost(text)


@given(st.text(max_size=20).map("args.".__add__) | st.just("main_thread_ms"))
def test_a_cost_is_spelled_as_it_was_read(text: str) -> None:
    try:
        cost = parse_cost(text)
    except FactPathError:
        return
    assert cost.text == text
    assert cost.unit is not Unit.CALLS


@pytest.mark.parametrize(
    ("rate", "wait_s"), [(60.0, None), (50.0, None), (49.9, 1.0), (None, 1.0), (math.nan, 1.0), (math.inf, 1.0)]
)
def test_below_the_floor_a_call_waits(rate: float | None, wait_s: float | None) -> None:
    assert FrameRateFloor(50.0, "/tools/x/limits/0").retry_after_s(rate) == wait_s
