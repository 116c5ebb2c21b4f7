"""The strategy of limits: an exact sliding log. No names, no storage, no policy: instants and amounts.

Amounts are whole millionths, so that any number of them add up without rounding.
"""

from __future__ import annotations

import math
from collections import deque
from typing import NamedTuple

MAX_ENTRIES = 10_000
"""Entries of one log: what a policy's largest `max` of calls needs (DESIGN section 4)."""
ONE = 1_000_000
"""The units of an amount of 1."""
MAX_AMOUNT = 1e12
"""The largest amount of one call; more is taken as this much."""


class Entry(NamedTuple):
    """What was counted at one instant.

    Attributes:
        at_s: when, in seconds on the clock of its log.
        units: how much, in millionths.
        id: of the reservation that it belongs to.
    """

    at_s: float
    units: int
    id: int


class SlidingLog:
    """What was counted in one window. In no half-open ``[t, t + window_s)`` is there more than was let in.

    Args:
        window_s: length of the window in seconds.
        entries: what was counted before, oldest first.
    """

    __slots__ = ("_entries", "_total", "window_s")

    def __init__(self, window_s: float, entries: tuple[Entry, ...] = ()) -> None:
        self.window_s = window_s
        self._entries = deque(entries)
        self._total = sum(entry.units for entry in entries)

    def __len__(self) -> int:
        return len(self._entries)

    def used(self, now_s: float) -> int:
        """The units that are still in the window; what has passed out of it is dropped."""
        entries, window_s = self._entries, self.window_s
        while entries and entries[0][0] + window_s <= now_s:
            self._total -= entries.popleft()[1]
        return self._total

    def add(self, entry: Entry) -> None:
        """Count an entry. Entries are added in the order of their instants."""
        self._entries.append(entry)
        self._total += entry[1]

    def change(self, id: int, units: int) -> Entry | None:
        """Give the entry of a reservation other units; with none, remove it. None where it has passed already."""
        for index in range(len(self._entries) - 1, -1, -1):
            entry = self._entries[index]
            if entry.id == id:
                self._total += units - entry.units
                changed = Entry(entry.at_s, units, id)
                if units:
                    self._entries[index] = changed
                else:
                    del self._entries[index]
                return changed
        return None

    def wait_s(self, now_s: float, room: int) -> float:
        """Seconds until at most `room` units are in the window, if nobody else counts; 0 where it is so now."""
        over, until_s = self.used(now_s) - room, now_s
        for entry in self._entries:
            if over <= 0:
                break
            over -= entry.units
            until_s = entry.at_s + self.window_s
        return seconds_until(now_s, until_s)

    def wait_for_entry_s(self, now_s: float) -> float:
        """Seconds until there is room for one more entry; 0 where there is now."""
        self.used(now_s)
        surplus = len(self._entries) - MAX_ENTRIES
        return seconds_until(now_s, self._entries[surplus].at_s + self.window_s) if surplus >= 0 else 0.0

    def last_s(self) -> float:
        """When the newest entry passes; before all time where there is none."""
        return self._entries[-1].at_s + self.window_s if self._entries else -math.inf


def units_of(amount: float) -> int:
    """An amount in millionths: what is above 0 is at least one of them."""
    if type(amount) is int and 0 <= amount <= MAX_AMOUNT:
        return amount * ONE
    if amount <= 0:
        return 0
    return max(1, round(min(amount, MAX_AMOUNT) * ONE))


def seconds_until(now_s: float, until_s: float) -> float:
    """The least number of seconds, but for rounding, that added to `now_s` is not before `until_s`; never below 0."""
    wait_s = max(0.0, until_s - now_s)
    while now_s + wait_s < until_s:
        wait_s = math.nextafter(wait_s, math.inf)
    return wait_s
