"""Whatever request comes, it gets an answer in its time, and leaves nothing behind.

Two thousand requests by default; `scripts/fuzz.py --target gate` looks for them with coverage.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.request_fuzz import Gatekeeper, as_text, by_chance, from_text
from tests.script.hostile_texts import machine_factor

SEEDS = st.integers(min_value=0, max_value=2**63)
BY_CHANCE = settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gatekeeper]:
    keeper = Gatekeeper()
    yield keeper
    keeper.close()


@BY_CHANCE
@given(SEEDS)
def test_any_request_is_answered_and_nothing_escapes(gate: Gatekeeper, seed: int) -> None:
    request = by_chance(random.Random(seed))
    note(repr(request)[:2000])
    assert gate.broken_invariants(request) == []


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SEEDS)
def test_no_request_takes_longer_than_it_may(gate: Gatekeeper, seed: int) -> None:
    request = by_chance(random.Random(seed))
    note(repr(request)[:2000])
    assert gate.over_time(request, machine_factor()) == ""


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SEEDS, st.integers(0, 400), st.text(max_size=5))
def test_a_request_as_text_with_anything_in_it_is_answered(gate: Gatekeeper, seed: int, at: int, more: str) -> None:
    text = as_text(by_chance(random.Random(seed)))
    text = text[:at] + more + text[at + len(more) :]
    note(repr(text)[:2000])
    assert gate.broken_invariants(from_text(text)) == []


def test_the_memory_does_not_grow_with_the_requests(gate: Gatekeeper) -> None:
    def held(first: int, last: int) -> int:
        for seed in range(first, last):
            gate.broken_invariants(by_chance(random.Random(seed)))
        gc.collect()
        return len(gc.get_objects())

    before = held(0, 600)  # as many different scripts as the guard remembers
    assert held(10_000, 10_600) < before + 3_000
