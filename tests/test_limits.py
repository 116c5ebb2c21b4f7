"""Limits: never more than `max` calls in any window, and an exact time to wait."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.limits import Exceeded, Limits, Reservation
from td_extension.policy.model import Limit, Scope


def limit(max: int = 2, window_s: float = 10.0, scope: Scope = Scope.GRANT, counter: str = "c") -> Limit:
    return Limit(counter, max, window_s, scope, f"/all_tools/limits/{counter}")


def reserve(limits: Limits, *which: Limit, at: float, grant: str = "g", tool: str = "t") -> Reservation | Exceeded:
    return limits.reserve(which, grant=grant, tool=tool, now_s=at)


def passes(limits: Limits, *which: Limit, at: float, grant: str = "g", tool: str = "t") -> bool:
    return isinstance(reserve(limits, *which, at=at, grant=grant, tool=tool), Reservation)


def test_max_calls_pass_and_the_next_is_refused() -> None:
    limits = Limits()
    assert [passes(limits, limit(max=2), at=0.0) for _ in range(3)] == [True, True, False]


def test_a_call_passes_again_when_the_oldest_has_left_the_window() -> None:
    limits = Limits()
    assert passes(limits, limit(max=1, window_s=10), at=5.0)
    assert not passes(limits, limit(max=1, window_s=10), at=14.999)
    assert passes(limits, limit(max=1, window_s=10), at=15.0)


def test_the_window_slides_so_that_no_boundary_lets_double_pass() -> None:
    limits = Limits()
    times = [59.0, 59.5, 60.5, 61.0]
    assert [passes(limits, limit(max=2, window_s=60), at=at) for at in times] == [True, True, False, False]


def test_a_refused_call_says_which_limit_and_how_long_to_wait() -> None:
    limits, short, long = Limits(), limit(1, 10, counter="short"), limit(1, 60, counter="long")
    reserve(limits, short, long, at=0.0)
    assert reserve(limits, short, long, at=4.0) == Exceeded(long, 56.0)


def test_the_wait_is_long_enough_where_floating_point_rounds_it_down() -> None:
    limits, one = Limits(), limit(1, 10.7)
    reserve(limits, one, at=3.693)
    exceeded = reserve(limits, one, at=4.249)
    assert isinstance(exceeded, Exceeded)
    assert 4.249 + (3.693 + 10.7 - 4.249) < 3.693 + 10.7
    assert passes(limits, one, at=4.249 + exceeded.retry_after_s)


def test_nothing_is_taken_where_one_of_several_refuses() -> None:
    limits, full, free = Limits(), limit(1, counter="full"), limit(1, counter="free")
    assert passes(limits, full, at=0.0)
    assert not passes(limits, free, full, at=0.0)
    assert passes(limits, free, at=0.0)


def test_a_refused_call_does_not_prolong_the_wait() -> None:
    limits = Limits()
    assert passes(limits, limit(1, 10), at=0.0)
    for at in range(1, 10):
        assert not passes(limits, limit(1, 10), at=float(at))
    assert passes(limits, limit(1, 10), at=10.0)


def test_no_limits_means_no_refusal() -> None:
    limits = Limits()
    assert all(passes(limits, at=0.0) for _ in range(100))
    assert len(limits) == 0


# -- scopes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "other_grant", "other_tool"),
    [(Scope.GRANT, True, False), (Scope.TOOL, False, True), (Scope.GLOBAL, False, False)],
)
def test_a_scope_says_whose_calls_count_together(scope: Scope, other_grant: bool, other_tool: bool) -> None:
    def second_passes(grant: str, tool: str) -> bool:
        limits = Limits()
        assert passes(limits, limit(1, scope=scope), at=0.0, grant="g", tool="t")
        return passes(limits, limit(1, scope=scope), at=0.0, grant=grant, tool=tool)

    assert second_passes("h", "t") == other_grant
    assert second_passes("g", "u") == other_tool
    assert not second_passes("g", "t")


def test_a_grant_named_like_a_tool_shares_nothing_with_it() -> None:
    limits = Limits()
    assert passes(limits, limit(1, scope=Scope.GRANT), at=0.0, grant="same", tool="same")
    assert passes(limits, limit(1, scope=Scope.TOOL), at=0.0, grant="same", tool="same")


def test_a_counter_that_is_named_twice_counts_a_call_once() -> None:
    limits = Limits()
    assert passes(limits, limit(2), limit(2), at=0.0)
    assert limits.remaining([limit(2)], grant="g", tool="t", now_s=0.0) == (1,)


def test_calls_keep_counting_when_the_policy_changes_the_max() -> None:
    limits = Limits()
    for at in (0.0, 1.0, 2.0):
        assert passes(limits, limit(3), at=at)
    assert reserve(limits, limit(1), at=3.0) == Exceeded(limit(1), 9.0)
    assert passes(limits, limit(4), at=3.0)


# -- looking, keeping, giving back -------------------------------------------------------------------------------------


def test_looking_takes_nothing() -> None:
    limits = Limits()
    for _ in range(5):
        assert limits.exhausted([limit(1)], grant="g", tool="t", now_s=0.0) is None
    assert passes(limits, limit(1), at=0.0)
    assert limits.exhausted([limit(1)], grant="g", tool="t", now_s=4.0) == Exceeded(limit(1), 6.0)


def test_remaining_counts_down_to_zero() -> None:
    limits = Limits()
    reserve(limits, limit(2), at=0.0)
    assert limits.remaining([limit(2), limit(5, counter="d")], grant="g", tool="t", now_s=9.0) == (1, 5)
    assert limits.remaining([limit(2)], grant="g", tool="t", now_s=10.0) == (2,)


def taken(limits: Limits, *which: Limit, at: float) -> Reservation:
    reservation = reserve(limits, *which, at=at)
    assert isinstance(reservation, Reservation)
    return reservation


def test_what_is_given_back_can_be_used_again() -> None:
    limits = Limits()
    limits.give_back(taken(limits, limit(1), at=0.0))
    assert passes(limits, limit(1), at=0.0)


def test_giving_back_twice_gives_back_once() -> None:
    limits = Limits()
    reservation = taken(limits, limit(2), at=0.0)
    taken(limits, limit(2), at=0.0)
    limits.give_back(reservation)
    limits.give_back(reservation)
    assert limits.remaining([limit(2)], grant="g", tool="t", now_s=0.0) == (1,)


def test_what_is_kept_cannot_be_given_back() -> None:
    limits = Limits()
    reservation = taken(limits, limit(1), at=0.0)
    limits.commit(reservation)
    limits.give_back(reservation)
    assert not passes(limits, limit(1), at=0.0)


def test_giving_back_after_the_window_gives_nothing_of_the_next_window() -> None:
    limits = Limits()
    reservation = taken(limits, limit(1, 10), at=0.0)
    taken(limits, limit(1, 10), at=10.0)
    limits.give_back(reservation)
    assert not passes(limits, limit(1, 10), at=11.0)


def test_more_reservations_than_are_kept_open_count_for_good() -> None:
    limits, many = Limits(), limit(10_000)
    first = taken(limits, many, at=0.0)
    for _ in range(1_000):
        taken(limits, many, at=0.0)
    limits.give_back(first)
    assert limits.remaining([many], grant="g", tool="t", now_s=0.0) == (10_000 - 1_001,)


# -- the clock and the memory ------------------------------------------------------------------------------------------


def test_a_clock_that_steps_back_is_taken_as_standing() -> None:
    limits = Limits()
    assert passes(limits, limit(1, 10), at=100.0)
    assert reserve(limits, limit(1, 10), at=0.0) == Exceeded(limit(1, 10), 10.0)


@pytest.mark.parametrize("now_s", [math.nan, math.inf, -math.inf])
def test_a_clock_that_is_not_finite_is_an_error(now_s: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        reserve(Limits(), limit(), at=now_s)


def test_logs_of_callers_that_left_are_dropped() -> None:
    limits = Limits()
    for index in range(5_000):
        reserve(limits, limit(1, 1.0), at=float(index), grant=f"grant{index}")
    assert len(limits) <= 3


def test_when_no_log_has_room_a_new_caller_is_refused_until_one_passes() -> None:
    limits = Limits()
    for index in range(10_000):
        reserve(limits, limit(2, 60.0), at=index / 1000, grant=f"grant{index}")
    assert len(limits) == 10_000
    assert reserve(limits, limit(2, 60.0), at=10.0, grant="new") == Exceeded(limit(2, 60.0), 50.0)
    assert passes(limits, limit(2, 60.0), at=10.0, grant="grant0")
    assert passes(limits, limit(2, 60.0), at=60.001, grant="new")


# -- the bound, at whatever times calls arrive -------------------------------------------------------------------------

instants = st.one_of(
    st.integers(0, 30).map(float),
    st.floats(0, 30, allow_nan=False),
    st.floats(1e9, 1e9 + 30, allow_nan=False),
)
windows = st.sampled_from([0.001, 0.1, 1.0, 3.0, 10.0, 60.0]) | st.floats(0.001, 40)


@given(st.lists(instants, max_size=60), st.integers(1, 5), windows)
def test_no_window_holds_more_than_max(times: list[float], most: int, window_s: float) -> None:
    limits, one = Limits(), limit(most, window_s)
    passed = []
    last = -math.inf
    for at in times:
        last = max(last, at)
        if passes(limits, one, at=at):
            passed.append(last)
    for start in passed:
        assert sum(start <= at < start + window_s for at in passed) <= most


@given(st.lists(instants, max_size=60), st.integers(1, 5), windows)
def test_a_call_is_refused_only_where_the_window_is_full(times: list[float], most: int, window_s: float) -> None:
    limits, one = Limits(), limit(most, window_s)
    passed: list[float] = []
    for at in sorted(times):
        live = sum(at < earlier + window_s for earlier in passed)
        assert passes(limits, one, at=at) == (live < most)
        if live < most:
            passed.append(at)


bounds = st.lists(st.tuples(st.integers(1, 3), windows), min_size=1, max_size=3)


@given(st.lists(instants, min_size=1, max_size=30), bounds)
def test_the_wait_is_exact(times: list[float], bounds: list[tuple[int, float]]) -> None:
    several = [limit(most, window_s, counter=str(index)) for index, (most, window_s) in enumerate(bounds)]
    limits = Limits()
    for at in sorted(times):
        exceeded = reserve(limits, *several, at=at)
        if isinstance(exceeded, Exceeded):
            wait_s = exceeded.retry_after_s
            assert wait_s > 0
            # A microsecond is wide enough for rounding at these instants, and far below what a caller can tell.
            if wait_s > 1e-6:
                assert limits.exhausted(several, grant="g", tool="t", now_s=at + wait_s - 1e-6) is not None
            assert limits.exhausted(several, grant="g", tool="t", now_s=at + wait_s) is None
            return


@given(st.lists(st.tuples(st.sampled_from(["reserve", "keep", "back", "wait"]), st.integers(0, 5)), max_size=60))
def test_giving_back_never_breaks_the_bound(steps: list[tuple[str, int]]) -> None:
    limits, one = Limits(), limit(3, 5.0)
    now_s = 0.0
    counted: dict[int, float] = {}
    reservations: list[Reservation] = []
    closed: set[int] = set()
    for step, number in steps:
        if step == "wait":
            now_s += number
        elif step == "reserve":
            live = sum(now_s < at + 5.0 for at in counted.values())
            reservation = reserve(limits, one, at=now_s)
            assert isinstance(reservation, Reservation) == (live < 3)
            if isinstance(reservation, Reservation):
                reservations.append(reservation)
                counted[reservation.id] = now_s
        elif number < len(reservations):
            chosen = reservations[number]
            if step == "keep":
                limits.commit(chosen)
            else:
                limits.give_back(chosen)
                if chosen.id not in closed:
                    del counted[chosen.id]
            closed.add(chosen.id)
