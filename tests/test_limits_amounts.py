"""Limits on amounts and on the main thread's time, and what a restart leaves of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from td_extension.limits import Exceeded, Limits, LogKey, Reservation, Stored
from td_extension.policy.model import Limit, Scope
from td_extension.sliding_log import MAX_ENTRIES, Entry, units_of


def limit(max: int = 10, window_s: float = 10.0, counter: str = "c") -> Limit:
    return Limit(counter, max, window_s, Scope.GRANT, f"/all_tools/limits/{counter}")


def spend(limits: Limits, amount: float | None, at: float, which: Limit | None = None) -> Reservation | Exceeded:
    return limits.reserve([which or limit()], grant="g", tool="t", now_s=at, amounts=[amount])


def spent(limits: Limits, amount: float | None, at: float, which: Limit | None = None) -> Reservation:
    reservation = spend(limits, amount, at, which)
    assert isinstance(reservation, Reservation)
    return reservation


# -- amounts -----------------------------------------------------------------------------------------------------------


def test_amounts_add_up_to_the_limit_and_no_further() -> None:
    limits = Limits()
    for _ in range(10):
        spent(limits, 1.0, 0.0)
    assert spend(limits, 0.000_001, 1.0) == Exceeded(limit(), 9.0)


def test_ten_tenths_are_one() -> None:
    limits = Limits()
    assert all(isinstance(spend(limits, 0.1, 0.0, limit(1)), Reservation) for _ in range(10))
    assert isinstance(spend(limits, 0.1, 0.0, limit(1)), Exceeded)


def test_what_costs_nothing_passes_where_all_is_spent() -> None:
    limits = Limits()
    spent(limits, 10.0, 0.0)
    assert isinstance(spend(limits, 0.0, 0.0), Reservation)


def test_an_amount_above_the_limit_never_passes_and_is_told_so() -> None:
    assert spend(Limits(), 10.5, 0.0) == Exceeded(limit(), None)


def test_the_wait_is_until_enough_has_passed_and_not_until_anything_has() -> None:
    limits = Limits()
    for at in range(5):
        spent(limits, 2.0, float(at))
    assert spend(limits, 4.0, 4.0) == Exceeded(limit(), 7.0)


@pytest.mark.parametrize("amount", [-1.0, math.nan, math.inf])
def test_an_amount_that_is_no_amount_is_an_error(amount: float) -> None:
    with pytest.raises(ValueError, match="amount"):
        spend(Limits(), amount, 0.0)


def test_a_counter_named_twice_counts_the_larger_amount_once() -> None:
    limits = Limits()
    reservation = limits.reserve([limit(), limit()], grant="g", tool="t", now_s=0.0, amounts=[3.0, 5.0])
    assert isinstance(reservation, Reservation)
    assert limits.remaining([limit()], grant="g", tool="t", now_s=0.0) == (5,)


def test_free_calls_cannot_fill_the_memory() -> None:
    limits = Limits()
    for _ in range(MAX_ENTRIES):
        spent(limits, 0.0, 0.0)
    assert spend(limits, 0.0, 4.0) == Exceeded(limit(), 6.0)


def test_given_back_amounts_can_be_spent_again() -> None:
    limits = Limits()
    limits.give_back(spent(limits, 10.0, 0.0))
    spent(limits, 10.0, 0.0)


# -- amounts that are known once the call has run ----------------------------------------------------------------------


def test_main_thread_time_goes_over_by_at_most_one_call() -> None:
    limits = Limits()
    limits.commit(spent(limits, None, 0.0), 9.999)
    limits.commit(spent(limits, None, 1.0), 500.0)
    assert spend(limits, None, 2.0) == Exceeded(limit(), 9.0)


def test_time_that_was_not_spent_does_not_count() -> None:
    limits = Limits()
    for _ in range(100):
        limits.commit(spent(limits, None, 0.0), 0.0)
    limits.give_back(spent(limits, None, 0.0))
    assert limits.remaining([limit()], grant="g", tool="t", now_s=0.0) == (10,)


def test_time_counts_in_the_window_in_which_the_call_was_let_in() -> None:
    limits = Limits()
    late = spent(limits, None, 0.0)
    limits.reserve([limit(counter="other")], grant="g", tool="t", now_s=10.0)
    limits.commit(late, 100.0)
    spent(limits, None, 10.0)


def test_a_call_is_settled_once() -> None:
    limits = Limits()
    reservation = spent(limits, None, 0.0)
    limits.commit(reservation, 4.0)
    limits.commit(reservation, 8.0)
    assert limits.remaining([limit()], grant="g", tool="t", now_s=0.0) == (6,)


# -- restarts ----------------------------------------------------------------------------------------------------------


class Memory:
    """A journal that keeps what it is told, as the store does."""

    def __init__(self) -> None:
        self.entries: dict[tuple[LogKey, int, int], Entry] = {}
        self.session = 0
        self.last_s = -math.inf

    def note(self, key: LogKey, entry: Entry) -> None:
        self.last_s = max(self.last_s, entry.at_s)
        where = (key, self.session, entry.id)
        if entry.units:
            self.entries[where] = entry
        else:
            self.entries.pop(where, None)

    def restarted(self, wall_s: float, now_s: float) -> Limits:
        self.session += 1
        logs: dict[LogKey, tuple[Entry, ...]] = {}
        for (key, _, _), entry in sorted(self.entries.items(), key=lambda one: one[1].at_s):
            logs[key] = (*logs.get(key, ()), Entry(entry.at_s, entry.units, 0))
        return Limits(Stored(logs, self.last_s), (wall_s, now_s), self.note)


def test_what_was_counted_before_a_restart_counts_on() -> None:
    memory = Memory()
    before = memory.restarted(1000.0, 5.0)
    spent(before, 10.0, 5.0)
    assert spend(memory.restarted(1004.0, 77.0), 1.0, 77.0) == Exceeded(limit(), 6.0)
    spent(memory.restarted(1010.0, 0.0), 1.0, 0.0)


def test_a_wall_clock_set_back_over_a_restart_frees_nothing() -> None:
    memory = Memory()
    spent(memory.restarted(1000.0, 0.0), 10.0, 0.0)
    assert spend(memory.restarted(0.0, 0.0), 1.0, 0.0) == Exceeded(limit(), 10.0)


def test_the_wall_clock_does_not_matter_within_a_run() -> None:
    memory = Memory()
    limits = memory.restarted(1000.0, 0.0)
    spent(limits, 10.0, 0.0)
    spent(limits, 10.0, 10.0)
    assert sorted(entry.at_s for entry in memory.entries.values()) == [1000.0, 1010.0]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.floats(0, 4), st.floats(-5, 20)),
        st.tuples(st.just("restart"), st.floats(-100, 100), st.floats(0, 50)),
    ),
    max_size=50,
)


@settings(max_examples=200)
@given(steps, st.integers(1, 8), st.sampled_from([1.0, 7.5, 30.0]))
def test_no_window_holds_more_than_max_over_arrivals_clock_jumps_and_restarts(
    steps: list[tuple[str, float, float]], most: int, window_s: float
) -> None:
    memory, which = Memory(), limit(most, window_s)
    wall_s, now_s = 1e6, 0.0
    limits = memory.restarted(wall_s, now_s)
    counted: list[tuple[float, int]] = []
    for step, first, second in steps:
        if step == "restart":
            # The wall clock jumps; the monotonic clock begins anywhere.
            wall_s, now_s = wall_s + first, second
            limits = memory.restarted(wall_s, now_s)
            continue
        now_s += second
        wall_s += second
        reservation = spend(limits, first, now_s, which)
        if isinstance(reservation, Reservation):
            limits.commit(reservation)
            # What costs nothing is not stored, and so may come to stand before what was.
            counted += [(reservation.at_s, units_of(first))] if first else []
    assert [at for at, _ in counted] == sorted(at for at, _ in counted)
    for start, _ in counted:
        assert sum(units for at, units in counted if start <= at < start + window_s) <= units_of(most)


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 6)), min_size=1, max_size=40), st.integers(1, 5))
def test_the_wait_for_an_amount_is_exact(arrivals: list[tuple[float, float]], most: int) -> None:
    limits, which = Limits(), limit(most, 5.0)
    at = 0.0
    for pause, amount in arrivals:
        at += pause / 10
        exceeded = spend(limits, amount, at, which)
        if isinstance(exceeded, Exceeded) and exceeded.retry_after_s is not None:
            wait_s = exceeded.retry_after_s
            ask = {"grant": "g", "tool": "t", "amounts": [amount]}
            if wait_s > 1e-6:
                assert limits.exhausted([which], now_s=at + wait_s - 1e-6, **ask) is not None  # type: ignore[arg-type]
            assert limits.exhausted([which], now_s=at + wait_s, **ask) is None  # type: ignore[arg-type]
            return
