"""What a limit counts: calls, an amount that an argument states, or milliseconds of the main thread.

    {"counter": "spend", "window": "day", "max": 500, "cost": "args.price"}           cost from an argument
    {"counter": "frame", "window": "minute", "max": 2000, "cost": "main_thread_ms"}   cost known once it has run
    {"frame_rate": 50}                                                                no call while TD draws fewer

An amount that is missing, no number, not finite, below 0 or absurdly large is refused: it is the caller's own word.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..values import Json
from .facts import FactPath, FactPathError, dotted_path
from .wording import quoted

MAX_AMOUNT = 1e12
MAIN_THREAD_MS = "main_thread_ms"


class Unit(enum.Enum):
    """What is counted."""

    CALLS = "calls"
    ARGUMENT = "argument"
    MAIN_THREAD_MS = MAIN_THREAD_MS


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call counts in a limit.

    Attributes:
        unit: what is counted.
        argument: where the amount stands, for `Unit.ARGUMENT`.
    """

    unit: Unit
    argument: FactPath | None = None

    @property
    def text(self) -> str:
        """The cost as a policy spells it; empty for calls."""
        if self.unit is Unit.CALLS:
            return ""
        return self.argument.text if self.argument is not None else self.unit.value


CALLS = Cost(Unit.CALLS)


class AmountError(ValueError):
    """The call does not state an amount that can be counted; the message is for the agent."""


def parse_cost(text: str) -> Cost:
    """Read a cost: ``args.NAME``, Intercept's `increment_from`, or ``main_thread_ms``.

    Raises:
        FactPathError: with what was found and what to write instead.
    """
    if text == MAIN_THREAD_MS:
        return Cost(Unit.MAIN_THREAD_MS)
    try:
        return Cost(Unit.ARGUMENT, dotted_path(text))
    except FactPathError as error:
        raise FactPathError(error.message, f"{error.remedy}, or {MAIN_THREAD_MS}") from None


def amount_of(cost: Cost, args: Mapping[str, Json]) -> float | None:
    """How much a call counts; None where it is known only once it has run.

    Raises:
        AmountError: where the arguments state no amount.
    """
    if cost.unit is Unit.CALLS:
        return 1.0
    if cost.argument is None:
        return None
    found: Json = args
    for step in cost.argument.steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, int | float) or isinstance(found, bool) or not 0 <= found <= MAX_AMOUNT:
        stated = "nothing" if found is None else quoted(found)
        raise AmountError(f"{cost.argument.text} must be a number from 0 to 1e12, for it is counted; it is {stated}")
    return float(found)


@dataclass(frozen=True, slots=True)
class FrameRateFloor:
    """No call while TouchDesigner draws fewer frames than this.

    Attributes:
        minimum: frames a second.
        pointer: JSON pointer of the rule, e.g. ``/tools/execute_python_script/limits/1``.
    """

    minimum: float
    pointer: str

    def retry_after_s(self, frame_rate: float | None) -> float | None:
        """Seconds to wait; None where the call may pass. A rate that is not known or no number is too low."""
        if frame_rate is not None and math.isfinite(frame_rate) and frame_rate >= self.minimum:
            return None
        return 1.0
