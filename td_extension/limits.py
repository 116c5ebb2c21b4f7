"""How often a call may be made: an exact sliding log, held in memory.

In no half-open interval ``[t, t + window_s)`` are there more than `max` counted calls, at whatever times they arrive.
The clock is an argument: monotonic seconds. An instant earlier than the last one seen is taken as the last one.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from .policy.model import Limit, Scope

_MAX_LOGS = 10_000
_MAX_OPEN = 1_000

_Key = tuple[str, str, str, float]
"""Counter, kind and name of whose calls count together, window in seconds. Text, for an enum member hashes slowly."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A call that was counted. Hand it to `Limits.commit` once anything ran, else to `Limits.give_back`.

    Attributes:
        id: unique among the reservations of its `Limits`.
        at_s: the instant at which it counts.
        keys: the logs in which it counts.
    """

    id: int
    at_s: float
    keys: tuple[_Key, ...]


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit that is used up.

    Attributes:
        limit: the limit that has to be waited for longest.
        retry_after_s: seconds until the same call passes, if nobody else makes a call that counts.
    """

    limit: Limit
    retry_after_s: float


class Limits:
    """The counters of all limits. They outlive a policy: the same counter, scope and window count on.

    At most 10,000 logs are held, one for each counter and each grant or tool it counts for; where a new one finds no
    room, the call is refused. A log holds at most `max` instants, and is dropped once all of them have passed.
    """

    def __init__(self) -> None:
        self._logs: OrderedDict[_Key, deque[float]] = OrderedDict()
        self._open: OrderedDict[int, None] = OrderedDict()
        self._now_s = -math.inf
        self._next_id = 1

    def __len__(self) -> int:
        """How many logs are held."""
        return len(self._logs)

    def reserve(self, limits: Sequence[Limit], *, grant: str, tool: str, now_s: float) -> Reservation | Exceeded:
        """Count a call against all of the limits, or against none where one of them is used up.

        Args:
            limits: what holds for the call, as `Decision.limits` gives it.
            grant: name of the caller's grant.
            tool: name of the tool.
            now_s: monotonic seconds.

        Raises:
            ValueError: if `now_s` is not finite.
        """
        exceeded = self.exhausted(limits, grant=grant, tool=tool, now_s=now_s)
        if exceeded is not None:
            return exceeded
        keys = tuple(dict.fromkeys(_key(limit, grant, tool) for limit in limits))
        self._drop_passed(len(keys) + 1)
        if not self._has_room(keys):
            self._drop_passed(len(self._logs))
            if not self._has_room(keys):
                return Exceeded(limits[0], self._until_one_passes())
        for key in keys:
            self._logs.setdefault(key, deque()).append(self._now_s)
        reservation = Reservation(self._next_id, self._now_s, keys)
        self._next_id += 1
        self._open[reservation.id] = None
        if len(self._open) > _MAX_OPEN:
            self._open.popitem(last=False)
        return reservation

    def exhausted(self, limits: Sequence[Limit], *, grant: str, tool: str, now_s: float) -> Exceeded | None:
        """Tell whether a call would be refused, without counting it. Arguments as of `reserve`."""
        self._advance(now_s)
        longest: Exceeded | None = None
        for limit in limits:
            log = self._live(_key(limit, grant, tool))
            if len(log) >= limit.max:
                wait_s = _wait_s(self._now_s, log[len(log) - limit.max] + limit.window_s)
                if longest is None or wait_s > longest.retry_after_s:
                    longest = Exceeded(limit, wait_s)
        return longest

    def remaining(self, limits: Sequence[Limit], *, grant: str, tool: str, now_s: float) -> tuple[int, ...]:
        """How many calls each of the limits has left now, in their order. Arguments as of `reserve`."""
        self._advance(now_s)
        return tuple(max(0, limit.max - len(self._live(_key(limit, grant, tool)))) for limit in limits)

    def commit(self, reservation: Reservation) -> None:
        """Keep the call counted for good: something ran. From now on it cannot be given back."""
        self._open.pop(reservation.id, None)

    def give_back(self, reservation: Reservation) -> None:
        """Count the call no longer: nothing ran. Nothing happens where it was given back or committed already."""
        if reservation.id not in self._open:
            return
        del self._open[reservation.id]
        for key in reservation.keys:
            log = self._logs.get(key)
            # An instant that has passed out of its window is in no log any more, and so gives nothing back.
            if log is not None and reservation.at_s in log:
                log.remove(reservation.at_s)

    def _advance(self, now_s: float) -> None:
        if not math.isfinite(now_s):
            raise ValueError(f"now_s must be finite, not {now_s}")
        self._now_s = max(self._now_s, now_s)

    def _live(self, key: _Key) -> deque[float] | tuple[()]:
        """The instants of a log that are still in the window, oldest first."""
        log = self._logs.get(key)
        if log is None:
            return ()
        window_s, now_s = key[3], self._now_s
        while log and log[0] + window_s <= now_s:
            log.popleft()
        return log

    def _drop_passed(self, count: int) -> None:
        """Look at so many logs in turn, and drop those without a live instant."""
        # Each call looks at more logs than it can add, so those of callers that left do not pile up.
        for _ in range(min(count, len(self._logs))):
            key = next(iter(self._logs))
            if self._live(key):
                self._logs.move_to_end(key)
            else:
                del self._logs[key]

    def _has_room(self, keys: tuple[_Key, ...]) -> bool:
        return len(self._logs) + sum(key not in self._logs for key in keys) <= _MAX_LOGS

    def _until_one_passes(self) -> float:
        return min(_wait_s(self._now_s, log[-1] + key[3]) for key, log in self._logs.items())


def _key(limit: Limit, grant: str, tool: str) -> _Key:
    if limit.scope is Scope.GRANT:
        return (limit.counter, "grant", grant, limit.window_s)
    if limit.scope is Scope.TOOL:
        return (limit.counter, "tool", tool, limit.window_s)
    return (limit.counter, "global", "", limit.window_s)


def _wait_s(now_s: float, until_s: float) -> float:
    """The least number of seconds, but for rounding, that added to `now_s` is not before `until_s`."""
    wait_s = until_s - now_s
    while now_s + wait_s < until_s:
        wait_s = math.nextafter(wait_s, math.inf)
    return wait_s
