"""The ticks that carry the deadline."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from .hooks import Hook

_UNSEEN_TURNS = 3
"""How many turns pass between two looks at the clock: a look takes longer than a short turn.

There are so few of them because a turn may itself be long: one call in C, such as sorting a list of a million items.
"""
_LONG_S = 0.05
"""Once so much time has passed between two looks, every turn is looked at."""

_NEXT, _UNSEEN, _TICK = Hook.NEXT.value, Hook.UNSEEN.value, Hook.TICK.value


@dataclass(frozen=True, slots=True)
class Ticks:
    """The ticks of one run.

    Attributes:
        tick: true; but stops the script where it is too late.
        enter: puts into a namespace what the script's code looks at.
        expire: from now on it is too late, in every turn.
    """

    tick: Callable[[], bool]
    enter: Callable[[dict[str, Any]], None]
    expire: Callable[[], None]


def ticks(clock: Callable[[], float], deadline_s: float, late: Callable[[], NoReturn]) -> Ticks:
    """The ticks that stop a script by `late` once `clock` is past `deadline_s`.

    The head of every loop, function, lambda and comprehension is ``next(unseen) or tick()`` (`instrument`). Both are
    as quick as can be: an iterator made in C, and a function that finds what it needs in its closure.

    Args:
        clock: monotonic seconds.
        deadline_s: the instant, on `clock`, after which it is too late.
        late: stops the script.
    """
    looked_s = clock()
    names: dict[str, Any] = {}

    def tick() -> bool:
        nonlocal looked_s
        now = clock()
        if now > deadline_s:
            late()
        if now - looked_s > _LONG_S:
            names[_UNSEEN] = itertools.repeat(False)
        looked_s = now
        return True

    def enter(namespace: dict[str, Any]) -> None:
        nonlocal names
        names = namespace
        names |= {_NEXT: next, _UNSEEN: itertools.cycle((True,) * _UNSEEN_TURNS + (False,)), _TICK: tick}

    def expire() -> None:
        nonlocal deadline_s
        deadline_s = -math.inf
        names[_UNSEEN] = itertools.repeat(False)

    return Ticks(tick, enter, expire)


def ticked(iterator: Iterator[Any], tick: Callable[[], object]) -> Iterator[Any]:
    """The same items, with a tick at each: what reads them in C cannot read on for ever."""
    for item in iterator:
        tick()
        yield item
