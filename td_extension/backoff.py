"""A caller whose calls are refused again and again waits: 1 s, then 2 s, doubling up to 30 s.

A refusal costs the main thread time, and an agent in a loop could spend all of it. The first refusals are free, for an
agent learns by them what it may do; the wait begins where they follow each other without a call that passed. What is
refused only because the caller waits does not prolong the wait, so that `retry in N s` is exact.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

FREE = 20
"""Refusals in a row that cost no wait: more than an agent needs that learns by them, few enough for one in a loop."""
FIRST_S = 1.0
LONGEST_S = 30.0
FORGOTTEN_AFTER_S = 60.0
"""After so long without a refusal, counting begins anew."""
_MAX_CALLERS = 1_000


@dataclass(frozen=True, slots=True)
class _Refused:
    """How a caller fares: refusals in a row, when the last was, and until when it waits."""

    count: int
    at_s: float
    until_s: float


class Backoff:
    """The callers that were refused lately: at most 1,000, past that the one refused longest ago is forgotten.

    A caller is any text that tells callers apart, e.g. the grant and the peer's address. The clock is an argument:
    monotonic seconds; an instant earlier than the last one seen is taken as the last one.
    """

    def __init__(self) -> None:
        self._callers: OrderedDict[str, _Refused] = OrderedDict()
        self._now_s = -math.inf

    def __len__(self) -> int:
        """How many callers are known."""
        return len(self._callers)

    def wait_s(self, caller: str, now_s: float) -> float:
        """Seconds that the caller must still wait; 0 where its call may be looked at."""
        self._advance(now_s)
        known = self._callers.get(caller)
        # Rounding at a large instant could make it longer than it was said to be.
        return 0.0 if known is None else min(LONGEST_S, max(0.0, known.until_s - self._now_s))

    def refused(self, caller: str, now_s: float) -> float:
        """Count a refusal, but one for waiting; return how many seconds the caller must wait now."""
        self._advance(now_s)
        known = self._callers.pop(caller, None)
        count = known.count if known is not None and self._now_s - known.at_s < FORGOTTEN_AFTER_S else 0
        over = min(count + 1 - FREE, 10)
        wait_s = 0.0 if over <= 0 else min(LONGEST_S, FIRST_S * 2.0 ** (over - 1))
        self._callers[caller] = _Refused(count + 1, self._now_s, self._now_s + wait_s)
        if len(self._callers) > _MAX_CALLERS:
            self._callers.popitem(last=False)
        return wait_s

    def passed(self, caller: str) -> None:
        """A call of the caller was let through: its refusals are forgotten."""
        self._callers.pop(caller, None)

    def _advance(self, now_s: float) -> None:
        if not math.isfinite(now_s):
            raise ValueError(f"now_s must be finite, not {now_s}")
        self._now_s = max(self._now_s, now_s)
