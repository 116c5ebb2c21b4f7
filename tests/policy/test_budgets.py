"""What deciding costs (DESIGN section 8), measured against a calibration loop of the same run."""

from __future__ import annotations

import timeit
from collections.abc import Callable

from td_extension.limits import Limits, Reservation
from td_extension.policy.decide import decide
from td_extension.policy.load import load_json
from td_extension.policy.model import Limit, Scope
from td_extension.policy.table import COLUMNS, load_table
from td_extension.policy.tools import TOOLS

CALIBRATED_S = 60e-6
"""What `_calibration` takes where the budgets were set (CPython 3.11, two virtual cores), best of nine."""


def _pair(first: int, second: int) -> tuple[int, int]:
    return (first, second)


def _calibration() -> int:
    seen: dict[tuple[int, int], int] = {}
    for index in range(500):
        key = _pair(index, index + 1)
        seen[key] = seen.get(key, 0) + 1
    return len(seen)


def _best_s(work: Callable[[], object], number: int) -> float:
    return min(timeit.repeat(work, number=number, repeat=9)) / number


def _slower() -> float:
    """How much slower than the machine of the budgets this one is, now and under whatever traces it."""
    return max(1.0, _best_s(_calibration, 10) / CALIBRATED_S)


def test_a_decision_takes_at_most_10_microseconds() -> None:
    tools = ", ".join(f'"tool_{index}": {{"rate_limit": "1/day"}}' for index in range(100))
    policy = load_json('{"version": "1", "tools": {' + tools + "}}", "a").policy
    assert _best_s(lambda: decide(policy, "tool_50"), 1000) < 10e-6 * _slower()


def test_a_reservation_takes_at_most_10_microseconds() -> None:
    limits, now_s = Limits(), [0.0]
    both = [Limit("c", 10_000, 60.0, scope, "/all_tools/limits/0") for scope in (Scope.GRANT, Scope.GLOBAL)]

    def reserve() -> None:
        now_s[0] += 0.01
        reservation = limits.reserve(both, grant="g", tool="t", now_s=now_s[0])
        assert isinstance(reservation, Reservation)
        limits.commit(reservation)

    assert _best_s(reserve, 1000) < 10e-6 * _slower()


def test_a_table_of_200_rows_loads_within_a_frame() -> None:
    names = list(TOOLS)
    plain = ["allow", "10/minute; 100/hour", "grant", "edit", "", "", "why not"]
    full = ["allow", "10/minute; 9 fps", "grant", "edit", "/project1 -/project1/a", "not perform_mode; hour < 22", "why not"]
    rows = [[f"{names[index % 14]}_{index}", *(plain if index % 4 else full)] for index in range(200)]
    assert _best_s(lambda: load_table([list(COLUMNS), *rows], "policy"), 1) < 16e-3 * _slower()
