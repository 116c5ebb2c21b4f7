"""The ticks: the clock is looked at in every few turns, in every one after a long one, and lateness stays."""

from __future__ import annotations

import ast
from typing import Any, NoReturn

import pytest

from td_extension.script.hooks import Hook
from td_extension.script.instrument import instrument
from td_extension.script.ticker import Ticks, ticks

DEADLINE_S = 100.0
MOST_UNSEEN = 5


class Late(BaseException):
    """Stands for what stops a script."""


class Clock:
    """A clock that a test sets, and that counts who looks at it."""

    def __init__(self) -> None:
        self.now_s, self.looks = 0.0, 0

    def __call__(self) -> float:
        self.looks += 1
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def late() -> NoReturn:
    raise Late


def run(text: str, ticking: Ticks, **names: Any) -> dict[str, Any]:
    namespace: dict[str, Any] = {**names, Hook.LAST.value: lambda value: value}
    ticking.enter(namespace)
    exec(compile(instrument(ast.parse(text), frozenset()), "<script>", "exec"), namespace)
    return namespace


TURNING = {
    "a for loop": "for turn in range(1000):\n    pass",
    "a while loop": "turn = 0\nwhile turn < 1000:\n    turn += 1",
    "a comprehension": "[turn for turn in range(1000)]",
    "a generator": "list(turn for turn in range(1000))",
    "calls of a function": "def turn(_):\n    pass\nlist(map(turn, range(1000)))",
    "calls of a lambda": "list(map(lambda _: None, range(1000)))",
    "short comprehensions, each of which ends before its clock is looked at": "for turn in range(500):\n    [0 for _ in 'a']",
}


@pytest.mark.parametrize("text", TURNING.values(), ids=TURNING)
def test_the_clock_is_looked_at_after_a_few_turns_at_most_wherever_they_are(clock: Clock, text: str) -> None:
    run(text, ticks(clock, DEADLINE_S, late))
    assert 1000 // (MOST_UNSEEN + 1) <= clock.looks - 1 < 1000


@pytest.mark.parametrize("text", TURNING.values(), ids=TURNING)
def test_every_turn_is_stopped_once_it_is_too_late_however_often_it_is_caught(clock: Clock, text: str) -> None:
    ticking = ticks(clock, DEADLINE_S, late)
    names = run(text, ticking)
    ticking.expire()
    stopped = 0
    for _ in range(2 * MOST_UNSEEN):
        try:
            exec(compile(instrument(ast.parse(text), frozenset()), "<script>", "exec"), names)
        except Late:
            stopped += 1
    assert stopped == 2 * MOST_UNSEEN


@pytest.mark.parametrize("text", ["for one in turns:\n    work()", "[work() for one in turns]"])
def test_no_more_than_a_few_long_turns_pass_before_every_one_is_looked_at(clock: Clock, text: str) -> None:
    done: list[float] = []

    def work() -> None:
        clock.now_s += 1.0
        done.append(clock.now_s)

    with pytest.raises(Late):
        run(text, ticks(clock, DEADLINE_S, late), turns=range(1000), work=work)
    assert done[-1] <= DEADLINE_S + 1.0
    assert clock.looks - 1 >= len(done) - MOST_UNSEEN


def test_a_short_loop_before_a_long_turn_delays_the_stop_by_a_few_turns_at_most(clock: Clock) -> None:
    def work() -> None:
        clock.now_s += DEADLINE_S + 1

    done: list[int] = []
    text = "for one in range(1003):\n    pass\nfor one in range(1000):\n    work()\n    done.append(one)"
    with pytest.raises(Late):
        run(text, ticks(clock, DEADLINE_S, late), work=work, done=done)
    assert len(done) <= MOST_UNSEEN + 1


def test_a_generator_reads_no_further_than_it_is_asked_to(clock: Clock) -> None:
    read: list[int] = []

    def numbers() -> Any:
        for number in range(100):
            read.append(number)
            yield number

    names = run("made = (one for one in numbers())", ticks(clock, DEADLINE_S, late), numbers=numbers)
    assert read == []
    for expected in range(20):
        assert next(names["made"]) == expected
        assert len(read) == expected + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("made = (lambda: 0)()", 0), ("made = (lambda: [])()", []), ("made = (lambda: None)()", None)],
)
def test_a_lambda_gives_what_its_body_gives(clock: Clock, text: str, expected: object) -> None:
    assert run(text, ticks(clock, DEADLINE_S, late))["made"] == expected
