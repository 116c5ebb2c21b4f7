"""The limits of a table's cell, in one line.

    cell  := limit (";" limit)*
    limit := rate | count "ms" "/" window | count "args." name "/" window | number "fps"
             10/minute; 100 / 1 h       calls
             2000 ms/minute             milliseconds of the main thread
             500 args.price/day         an amount that an argument states
             50 fps                     no call while TouchDesigner draws fewer frames

A rate is `rate.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .amounts import CALLS, MAIN_THREAD_MS, Cost, FrameRateFloor, Unit, parse_cost
from .facts import FactPathError
from .model import Limit, Scope
from .rate import Rate, RateError, checked_amount, checked_rate, count_and_window, rate_counter
from .wording import quoted

_MAX_FRAME_RATE = 1_000.0
_FLOOR = re.compile(r" *([0-9]{1,4}(?:\.[0-9]{1,6})?) *fps *", re.I)
_COSTED = re.compile(r" *([0-9]+) *(ms|args\.[^ /;]{1,200}) */(.*)", re.S)


@dataclass(frozen=True, slots=True)
class Rated:
    """A rate, and what it counts."""

    rate: Rate
    cost: Cost


def parse_cell(text: str) -> tuple[tuple[Rated, ...], tuple[float, ...]]:
    """Read a cell; a blank one holds nothing.

    Returns:
        The rates, and the frame rates below which nothing may be called.

    Raises:
        RateError: with what was found and what is expected; also where two rates count the same in the same time.
    """
    rated: list[Rated] = []
    floors: list[float] = []
    for part in text.split(";") if text.strip() else ():
        floor = _FLOOR.fullmatch(part)
        if floor is not None:
            if not 0 < float(floor[1]) <= _MAX_FRAME_RATE:
                raise RateError(f"{quoted(part)} is no frame rate", f"write a number up to {_MAX_FRAME_RATE:g}")
            floors.append(float(floor[1]))
        else:
            rated.append(_rated(part))
    if len({(one.rate.window_s, one.cost.text) for one in rated}) < len(rated):
        raise RateError(f"{quoted(text)} gives two limits for the same time", "keep the smaller of them")
    return tuple(rated), tuple(floors)


def _rated(text: str) -> Rated:
    costed = _COSTED.fullmatch(text)
    if costed is None:
        return Rated(checked_rate(*count_and_window(text)), CALLS)
    count, unit, window = costed.groups()
    try:
        cost = parse_cost(MAIN_THREAD_MS if unit == "ms" else unit)
    except FactPathError as error:
        raise RateError(error.message, error.remedy) from None
    return Rated(checked_amount(*count_and_window(f"{count}/{window}")), cost)


def limits_of(
    rated: Sequence[Rated], floors: Sequence[float], subject: str, scope: Scope, pointer: str
) -> tuple[tuple[Limit, ...], tuple[FrameRateFloor, ...]]:
    """The limits and floors that a cell means.

    Args:
        rated: the rates.
        floors: the frame rates.
        subject: what the counters are named after: a tool, or ``*`` for all.
        scope: whose calls are counted together.
        pointer: JSON pointer of the list.
    """
    limits = tuple(
        Limit(counter_of(subject, one), one.rate.max, one.rate.window_s, scope, f"{pointer}/{index}", one.cost)
        for index, one in enumerate(rated)
    )
    drawn = tuple(FrameRateFloor(floor, f"{pointer}/{len(rated) + index}") for index, floor in enumerate(floors))
    return limits, drawn


def counter_of(subject: str, rated: Rated) -> str:
    """The counter of a limit in a cell, which gives it no name."""
    what = "" if rated.cost.unit is Unit.CALLS else f":{rated.cost.text}"
    return rate_counter(subject + what, rated.rate.window_s)
