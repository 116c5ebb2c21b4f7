"""How often: the text ``10/minute``, and the bounds of every limit.

    rate   := count "/" window                      "10/minute", "30 / 60 s", "5/1.5 h"; a cell: `limit_cell.py`
    count  := whole number from 1 to 10,000, without a sign, separators or leading zeros
    window := unit | number unit?                   a number without a unit is seconds
    unit   := s sec second seconds | m min minute minutes | h hour hours | d day days

Spaces are free between the parts; upper and lower case are the same; digits are ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .amounts import MAX_AMOUNT
from .model import MAX_LIMIT, MAX_WINDOW_S, MIN_WINDOW_S
from .wording import quoted

WINDOWS: Mapping[str, float] = MappingProxyType({"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0})
"""The windows that have a name, in seconds."""

_UNITS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
        **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
        **dict.fromkeys(("h", "hour", "hours"), 3600.0),
        **dict.fromkeys(("d", "day", "days"), 86400.0),
    }
)
_RATE = re.compile(r" *([0-9]+) */ *(?:([0-9]+(?:\.[0-9]+)?) *)?([A-Za-z]*) *")
_MAX_TEXT = 200
_EXPECTED = "write a number of calls and a time, such as 10/minute or 30 / 60 s"


class RateError(ValueError):
    """A rate that cannot be used.

    Attributes:
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `max` calls in `window_s` seconds."""

    max: int
    window_s: float


def checked_rate(maximum: int, window_s: float) -> Rate:
    """The rate, if it is within the bounds.

    Raises:
        RateError: with what is out of bounds.
    """
    if maximum < 1:
        raise RateError(f"max is {maximum}, which allows no call", "write 1 or more; to forbid the tool, deny it")
    if maximum > MAX_LIMIT:
        raise RateError(
            f"max is {quoted(maximum)}, above {MAX_LIMIT:,}",
            "use a smaller number over a shorter time, such as 100/minute in place of 144000/day",
        )
    return _within(maximum, window_s)


def checked_amount(maximum: int, window_s: float) -> Rate:
    """The same for what is counted by amounts: of those a log holds few, however large they are.

    Raises:
        RateError: with what is out of bounds.
    """
    if not 1 <= maximum <= MAX_AMOUNT:
        raise RateError(f"max is {quoted(maximum)}", f"write a whole number from 1 to {MAX_AMOUNT:.0e}")
    return _within(maximum, window_s)


def _within(maximum: int, window_s: float) -> Rate:
    if not MIN_WINDOW_S <= window_s <= MAX_WINDOW_S:
        raise RateError(f"the window is {window_s:g} s", "write a window from 0.001 s to 366 days")
    return Rate(maximum, float(window_s))


def parse_rate(text: str) -> Rate:
    """Read a rate of calls.

    Raises:
        RateError: with what was found and what is expected.
    """
    return checked_rate(*count_and_window(text))


def count_and_window(text: str) -> tuple[int, float]:
    """Read a rate without looking at its bounds: the count, and the window in seconds.

    Raises:
        RateError: with what was found and what is expected.
    """
    matched = _RATE.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if matched is None:
        raise RateError(f"{quoted(text)} is no limit", _EXPECTED)
    count, number, unit = matched.groups()
    if len(count) > 13 or (number and len(number) > 18):
        raise RateError(f"{quoted(text)} is out of bounds", _EXPECTED)
    if count[0] == "0" and count != "0":
        raise RateError(f"{quoted(text)} begins with a zero", _EXPECTED)
    if unit and unit.lower() not in _UNITS:
        raise RateError(f"{quoted(unit)} is no unit of time", "use second, minute, hour or day")
    if not unit and not number:
        raise RateError(f"{quoted(text)} does not say in what time", _EXPECTED)
    return int(count), float(number or 1) * _UNITS[unit.lower() or "s"]


def rate_counter(subject: str, window_s: float) -> str:
    """The counter of a limit that states none, e.g. ``create_td_node/60s``; `subject` is a tool, or ``*`` for all."""
    return f"{subject}/{window_s:.12g}s"
