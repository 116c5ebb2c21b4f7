"""How much may be done: limits on calls, on amounts that arguments state, and on the main thread's time.

The strategy is an exact sliding log (`sliding_log.py`); this module knows which log a call counts in, and keeps the
entries of a call together from the moment they are reserved until it has run or was given up. Where they are kept past
a restart is a journal's business (`limit_store.py`).

In no half-open interval ``[t, t + window_s)`` is there more than `max`, at whatever times calls arrive: one call more
where the amount is known only once it has run. The clock is an argument: monotonic seconds. An instant earlier than the
last one seen is taken as the last one. What a restart leaves is measured by the wall clock, and never taken to be
earlier than what was last stored.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .policy.model import Limit, Scope
from .sliding_log import MAX_ENTRIES, ONE, Entry, SlidingLog, seconds_until, units_of

_MAX_LOGS = 10_000
_MAX_OPEN = 1_000

LogKey: TypeAlias = tuple[str, str, str, float]
"""Counter, kind and name of whose calls count together, window in seconds. Text, for an enum member hashes slowly."""

Journal: TypeAlias = Callable[[LogKey, Entry], None]
"""Is told of every entry that is counted or changed; one without units counts no more. Instants are wall-clock-like:
they only grow, over restarts too."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was counted before a restart.

    Attributes:
        logs: the entries of each log, oldest first.
        last_s: the last instant that was stored; minus infinity where nothing was.
    """

    logs: Mapping[LogKey, tuple[Entry, ...]] = field(default_factory=dict)
    last_s: float = -math.inf


@dataclass(frozen=True, slots=True)
class Reservation:
    """A call that was counted. Hand it to `Limits.commit` once anything ran, else to `Limits.give_back`.

    Attributes:
        id: unique among the reservations of its `Limits`.
        at_s: the instant at which it counts.
        keys: the logs in which it counts.
        unsettled: those of them in which its amount is known only once it has run.
    """

    id: int
    at_s: float
    keys: tuple[LogKey, ...]
    unsettled: tuple[LogKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit that is used up.

    Attributes:
        limit: the limit that has to be waited for longest.
        retry_after_s: seconds until the same call passes, if nobody else makes a call that counts; None where it never
            does, because it alone is more than the limit.
    """

    limit: Limit
    retry_after_s: float | None


class Limits:
    """The counters of all limits. They outlive a policy: the same counter, scope and window count on.

    At most 10,000 logs are held, one for each counter and each grant or tool it counts for; where a new one finds no
    room, the call is refused. A log holds at most 10,000 entries, and is dropped once all of them have passed.

    Args:
        stored: what was counted before.
        started_at: the wall clock and the monotonic clock at this moment, both in seconds; None where no restart is
            to be survived.
        journal: is told of what is counted.
    """

    def __init__(
        self,
        stored: Stored | None = None,
        started_at: tuple[float, float] | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._logs: OrderedDict[LogKey, SlidingLog] = OrderedDict()
        self._open: OrderedDict[int, None] = OrderedDict()
        self._now_s = -math.inf
        self._shift_s = 0.0
        self._next_id = 1
        self._journal = journal
        if started_at is not None:
            wall_s, now_s = (_finite(value, "started_at") for value in started_at)
            begin_s = max(wall_s, stored.last_s) if stored is not None else wall_s
            self._shift_s, self._now_s = begin_s - now_s, begin_s
        for key, entries in stored.logs.items() if stored is not None else ():
            self._logs[key] = SlidingLog(key[3], entries[-MAX_ENTRIES:])

    def __len__(self) -> int:
        """How many logs are held."""
        return len(self._logs)

    def reserve(
        self,
        limits: Sequence[Limit],
        *,
        grant: str,
        tool: str,
        now_s: float,
        amounts: Sequence[float | None] | None = None,
    ) -> Reservation | Exceeded:
        """Count a call against all of the limits, or against none where one of them is used up.

        Args:
            limits: what holds for the call, as `Decision.limits` gives it.
            grant: name of the caller's grant.
            tool: name of the tool.
            now_s: monotonic seconds.
            amounts: how much the call counts in each limit: finite and not below 0; None where that is known only
                once it has run. Without them it counts as one everywhere.

        Raises:
            ValueError: if `now_s` or an amount is not finite, or an amount is below 0.
        """
        asked = _asked(limits, grant, tool, amounts)
        exceeded = self._exceeded(asked, now_s)
        if exceeded is not None:
            return exceeded
        keys = tuple([one[1] for one in asked])
        if len(keys) > 1:
            keys = tuple(dict.fromkeys(keys))
        self._drop_passed(len(keys) + 1)
        if len(self._logs) + len(keys) > _MAX_LOGS and not self._has_room(keys):
            self._drop_passed(len(self._logs))
            if not self._has_room(keys):
                return Exceeded(limits[0], self._until_one_passes())
        id = self._next_id
        self._next_id = id + 1
        if amounts is None:
            unsettled: tuple[LogKey, ...] = ()
            for key in keys:
                self._add(key, Entry(self._now_s, ONE, id))
        else:
            counted = _counted(asked)
            unsettled = tuple(key for key, units in counted.items() if units is None)
            for key, units in counted.items():
                self._add(key, Entry(self._now_s, units or 0, id))
        self._open[id] = None
        if len(self._open) > _MAX_OPEN:
            self._open.popitem(last=False)
        return Reservation(id, self._now_s, keys, unsettled)

    def exhausted(
        self,
        limits: Sequence[Limit],
        *,
        grant: str,
        tool: str,
        now_s: float,
        amounts: Sequence[float | None] | None = None,
    ) -> Exceeded | None:
        """Tell whether a call would be refused, without counting it. Arguments as of `reserve`."""
        return self._exceeded(_asked(limits, grant, tool, amounts), now_s)

    def _exceeded(self, asked: Sequence[_Asked], now_s: float) -> Exceeded | None:
        self._advance(now_s)
        longest: Exceeded | None = None
        longest_s = -1.0
        for limit, key, units in asked:
            most = units_of(limit.max)
            if units is not None and units > most:
                return Exceeded(limit, None)
            log = self._logs.get(key)
            # Where the amount is not known yet, there must be some room left: at most one call goes over.
            room = most - (1 if units is None else units)
            if log is None or (log.used(self._now_s) <= room and len(log) < MAX_ENTRIES):
                continue
            wait_s = max(log.wait_s(self._now_s, room), log.wait_for_entry_s(self._now_s))
            if wait_s > longest_s:
                longest, longest_s = Exceeded(limit, wait_s), wait_s
        return longest

    def remaining(self, limits: Sequence[Limit], *, grant: str, tool: str, now_s: float) -> tuple[int, ...]:
        """How much each of the limits has left now, in whole units and their order. Arguments as of `reserve`."""
        self._advance(now_s)
        left = []
        for limit in limits:
            log = self._logs.get(_key(limit, grant, tool))
            used = 0 if log is None else log.used(self._now_s)
            left.append(max(0, (units_of(limit.max) - used) // ONE))
        return tuple(left)

    def commit(self, reservation: Reservation, spent: float = 0.0) -> None:
        """Keep the call counted for good: something ran. From now on it cannot be given back.

        Args:
            reservation: the call.
            spent: the amount that was not known before, e.g. milliseconds of the main thread; finite, not below 0.
        """
        units = _units(spent)
        if reservation.id not in self._open:
            return
        del self._open[reservation.id]
        for key in reservation.unsettled:
            self._change(key, reservation.id, units or 0)

    def give_back(self, reservation: Reservation) -> None:
        """Count the call no longer: nothing ran. Nothing happens where it was given back or committed already."""
        if reservation.id not in self._open:
            return
        del self._open[reservation.id]
        for key in reservation.keys:
            self._change(key, reservation.id, 0)

    def _add(self, key: LogKey, entry: Entry) -> None:
        log = self._logs.get(key)
        if log is None:
            log = self._logs[key] = SlidingLog(key[3])
        log.add(entry)
        if self._journal is not None and entry.units:
            self._journal(key, entry)

    def _change(self, key: LogKey, id: int, units: int) -> None:
        # What has passed out of its window is in no log any more, and so changes nothing.
        log = self._logs.get(key)
        changed = log.change(id, units) if log is not None else None
        if changed is not None and self._journal is not None:
            self._journal(key, changed)

    def _advance(self, now_s: float) -> None:
        now_s = _finite(now_s, "now_s") + self._shift_s
        if now_s > self._now_s:
            self._now_s = now_s

    def _drop_passed(self, count: int) -> None:
        """Look at so many logs in turn, and drop those without a live entry."""
        # Each call looks at more logs than it can add, so those of callers that left do not pile up.
        for _ in range(min(count, len(self._logs))):
            key = next(iter(self._logs))
            log = self._logs[key]
            log.used(self._now_s)
            if len(log):
                self._logs.move_to_end(key)
            else:
                del self._logs[key]

    def _has_room(self, keys: tuple[LogKey, ...]) -> bool:
        return len(self._logs) + sum(key not in self._logs for key in keys) <= _MAX_LOGS

    def _until_one_passes(self) -> float:
        return seconds_until(self._now_s, min(log.last_s() for log in self._logs.values()))


_Asked: TypeAlias = tuple[Limit, LogKey, int | None]
"""A limit, its log, and the units that a call counts there; None where they are not known yet."""


def _asked(limits: Sequence[Limit], grant: str, tool: str, amounts: Sequence[float | None] | None) -> list[_Asked]:
    if amounts is None:
        return [(limit, _key(limit, grant, tool), ONE) for limit in limits]
    return [(limit, _key(limit, grant, tool), _units(amount)) for limit, amount in zip(limits, amounts, strict=True)]


def _counted(asked: Sequence[_Asked]) -> dict[LogKey, int | None]:
    """What the call counts in each log. A log that two limits share counts it once, by the larger amount."""
    counted: dict[LogKey, int | None] = {}
    for _, key, units in asked:
        known = counted.setdefault(key, units)
        if known is not None and units is not None and units > known:
            counted[key] = units
    return counted


def _units(amount: float | None) -> int | None:
    if amount is None:
        return None
    if _finite(amount, "an amount") < 0:
        raise ValueError(f"an amount must not be below 0, and {amount} is")
    return units_of(amount)


def _finite(value: float, what: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{what} must be finite, not {value}")
    return value


def _key(limit: Limit, grant: str, tool: str) -> LogKey:
    if limit.scope is Scope.GRANT:
        return (limit.counter, "grant", grant, limit.window_s)
    if limit.scope is Scope.TOOL:
        return (limit.counter, "tool", tool, limit.window_s)
    return (limit.counter, "global", "", limit.window_s)
