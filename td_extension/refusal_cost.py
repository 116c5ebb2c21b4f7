"""What refused calls cost the show: at most a small part of each frame, however many are sent and however they differ.

To refuse a script it has to be read, and reading takes the thread that draws. A millisecond for each call is free; a
caller whose refused calls took more than their part beyond that waits until the rest has had its turn, and what has a
body is refused unread until then. At 60 calls a second that makes at most 2 ms of a frame. An honest caller does not
notice: its refused calls take a few milliseconds, once in a while.
"""

from __future__ import annotations

import math
from collections import OrderedDict

from .values import Category, Code, Refusal

FREE_S = 0.001
"""Seconds that every refused call may take."""
SHARE = 0.05
"""Seconds beyond that which a caller's refused calls may take of each second: 0.8 ms of a frame."""
ALLOWANCE_S = 0.05
"""Seconds that they may take beyond that at any one time."""
_MAX_CALLERS = 1_000


def unread(wait_s: float) -> Refusal:
    """The refusal of a call that is not read, with the seconds until its caller's calls are read again."""
    message = "refused calls have taken as much of the frame as they may, so this one is not read"
    return Refusal(Category.RATE_LIMITED, Code.RATE_LIMIT, message, retry_after_s=wait_s)


class RefusalCost:
    """What the refused calls of each caller took lately: of at most 1,000, past that the longest silent is forgotten.

    A caller is any text that tells callers apart. The clock is an argument: monotonic seconds; an instant earlier than
    the last one seen is taken as the last one.
    """

    def __init__(self) -> None:
        self._owed_until_s: OrderedDict[str, float] = OrderedDict()
        self._now_s = -math.inf

    def wait_s(self, caller: str, now_s: float) -> float:
        """Seconds until a call of this caller is read again; 0 where it is read at once."""
        self._now_s = max(self._now_s, now_s)
        until_s = self._owed_until_s.get(caller)
        return 0.0 if until_s is None else max(0.0, until_s - ALLOWANCE_S / SHARE - self._now_s)

    def refused(self, caller: str, now_s: float, took_s: float) -> None:
        """A call of this caller was refused, and that took so many seconds."""
        self._now_s = max(self._now_s, now_s)
        if took_s <= FREE_S:
            return
        owed_until_s = self._owed_until_s.pop(caller, None)
        # The first makes nobody wait: it may have been slow for what had to be imported.
        counted_s = took_s - FREE_S if owed_until_s is not None else min(took_s - FREE_S, ALLOWANCE_S)
        self._owed_until_s[caller] = max(owed_until_s or self._now_s, self._now_s) + counted_s / SHARE
        if len(self._owed_until_s) > _MAX_CALLERS:
            self._owed_until_s.popitem(last=False)
