"""The tick that carries the deadline."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NoReturn


def ticker(
    clock: Callable[[], float], deadline_s: float, late: Callable[[], NoReturn]
) -> tuple[Callable[[], None], Callable[[], None]]:
    """The tick at the head of every loop, function, lambda and comprehension, and what makes every tick too late.

    A closure, because it is called in every turn of every loop: attribute look-ups would cost as much as its work.
    """

    def tick() -> None:
        if clock() > deadline_s:
            late()

    def expire() -> None:
        nonlocal deadline_s
        deadline_s = -math.inf

    return tick, expire
