"""Refused calls take a small part of a frame, however many come."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.refusal_cost import ALLOWANCE_S, FREE_S, SHARE, RefusalCost
from tests.request_fuzz import Gatekeeper
from tests.script.hostile_texts import machine_factor

FRAME_S = 1 / 60
MAX_MS = 2.0


def test_a_cheap_refusal_makes_nobody_wait() -> None:
    cost = RefusalCost()
    for number in range(100):
        cost.refused("anna", number * 0.1, FREE_S + 0.004)
        assert cost.wait_s("anna", number * 0.1) == 0.0


def test_who_takes_too_much_waits_until_it_is_made_up_for_and_nobody_else_does() -> None:
    cost = RefusalCost()
    cost.refused("anna", 0.0, FREE_S + 0.030)
    cost.refused("anna", 0.0, FREE_S + 0.030)
    wait_s = cost.wait_s("anna", 0.0)
    assert wait_s == pytest.approx((0.060 - ALLOWANCE_S) / SHARE)
    assert cost.wait_s("anna", wait_s / 2) == pytest.approx(wait_s / 2)
    assert cost.wait_s("anna", wait_s) == 0.0
    assert cost.wait_s("ben", 0.0) == 0.0


def test_the_first_refusal_makes_nobody_wait_however_long_it_took() -> None:
    cost = RefusalCost()
    cost.refused("anna", 0.0, 3.0)
    assert cost.wait_s("anna", 0.0) == 0.0
    cost.refused("anna", 0.0, 3.0)
    assert cost.wait_s("anna", 0.0) > 1.0


def test_what_takes_a_millisecond_is_always_read() -> None:
    cost = RefusalCost()
    for _ in range(10_000):
        cost.refused("anna", 0.0, FREE_S)
    assert cost.wait_s("anna", 0.0) == 0.0


@given(st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 0.06)), min_size=1, max_size=60))
def test_what_is_let_in_never_takes_more_than_its_share(calls: list[tuple[float, float]]) -> None:
    cost, now_s, taken_s, longest_s = RefusalCost(), 0.0, 0.0, 0.0
    for pause_s, took_s in calls:
        now_s += pause_s
        if cost.wait_s("anna", now_s) == 0.0:
            cost.refused("anna", now_s, FREE_S + took_s)
            taken_s, longest_s = taken_s + took_s, max(longest_s, took_s)
    assert taken_s <= SHARE * now_s + ALLOWANCE_S + 2 * longest_s + 1e-9


def test_a_thousand_callers_are_remembered() -> None:
    cost = RefusalCost()
    for number in range(1_001):
        cost.refused(str(number), 0.0, 1.0)
        cost.refused(str(number), 0.0, 1.0)
    assert cost.wait_s("0", 0.0) == 0.0
    assert cost.wait_s("1", 0.0) > 0.0


@pytest.fixture(scope="module")
def gate() -> Iterator[Gatekeeper]:
    keeper = Gatekeeper(step_s=FRAME_S)
    yield keeper
    keeper.close()


def _noise(source: random.Random, size: int) -> str:
    return "".join(source.choices("abcdefghij()[]{}=+-*/ \n'\"0123456789.,:", k=size))


def _unknown(source: random.Random) -> str:
    return "\n".join(f"q{source.randrange(10**6)}.zz" for _ in range(1500))


GARBAGE: dict[str, Callable[[random.Random], str]] = {
    "no JSON": lambda source: _noise(source, 32_000),
    "JSON of many things": lambda source: '{"script": [' + f"{source.random()}," * 10_000 + "1]}",
    "no Python": lambda source: json.dumps({"script": _noise(source, 30_000)}),
    "Python but for its end": lambda source: json.dumps({"script": f"x{source.random()} = 1\n" * 1_000 + "("}),
    "names of nothing": lambda source: json.dumps({"script": _unknown(source)}),
    "a long import": lambda source: json.dumps({"script": f"import os{source.randrange(10**9)}\n" + "op('/a').par.b\n" * 1_500}),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_distinct_garbage_in_every_frame_costs_a_frame_at_most_two_milliseconds(gate: Gatekeeper, kind: str) -> None:
    source, taken_ms = random.Random(kind), []
    for _ in range(300):  # five seconds
        request = {
            "method": "POST", "uri": "/api/td/server/exec", "pars": {}, "data": GARBAGE[kind](source), "serverAddress": "",
            "clientAddress": "127.0.0.1", "Host": "127.0.0.1:9981", "Content-Type": "application/json",
        }  # fmt: skip
        begun = time.thread_time()
        assert gate.broken_invariants(request) == []
        taken_ms.append((time.thread_time() - begun) * 1000)
    assert statistics.mean(taken_ms) <= MAX_MS * machine_factor()


def test_who_sends_garbage_is_still_served_the_handshake(gate: Gatekeeper) -> None:
    uri = "/api/td/server/td"
    request = {"method": "GET", "uri": uri, "pars": {}, "data": "", "clientAddress": "127.0.0.1", "Host": "localhost"}
    assert gate.broken_invariants(request) == []
    assert gate.is_allowed(request)
