"""Calls that wait for a person, and the answers that the person gave. Held in memory; the clock is an argument.

An approval is for one very call (`call_digest`), is used up by the call that it lets pass, and ends 600 s after the
call was first made, approved or not. Answers are given by id, and only from inside TouchDesigner (DESIGN section 4).
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .policy.wording import plain_text
from .values import Capability, ToolCall

TTL_S = 600.0
MAX_WAITING = 100
MAX_SUMMARY = 200

_RETIRED_IDS = 1_000
_TRIES = 64


class QueueFull(Exception):
    """As many calls as are kept wait already. None is dropped for a new one: an agent could push others out."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A call that waits for a person.

    Attributes:
        id: 4 to 8 hexadecimal digits that a person can read out; no other call had it recently.
        digest: of the call, as `call_digest` gives it.
        summary: the call for people: one line of at most 200 characters, without control and bidirectional characters.
        requested_s: when it was first asked for, monotonic seconds.
        expires_s: from when on no answer counts any more.
        uses: what the approval grants the call beyond its policy; none where the tool itself needs approval.
    """

    id: str
    digest: str
    summary: str
    requested_s: float
    expires_s: float
    uses: frozenset[Capability] = frozenset()


def call_digest(call: ToolCall, *, grant: str, policy_digest: str) -> str:
    """SHA-256 (lower-case hex) of what an approval is bound to: tool, arguments, script, grant and policy.

    Raises:
        ValueError: if the arguments are not JSON; not-a-number and infinity are not.
    """
    bound = {"tool": call.tool, "args": dict(call.args), "code": call.code, "grant": grant, "policy": policy_digest}
    try:
        canonical = json.dumps(bound, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except TypeError as error:
        raise ValueError(f"the arguments are not JSON: {error}") from None
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _random_id() -> str:
    return secrets.token_hex(3)


class Approvals:
    """The calls that wait, and those that were approved and have not been made yet.

    Args:
        new_id: gives candidates for ids: 4 to 8 lower-case hexadecimal digits.
    """

    def __init__(self, new_id: Callable[[], str] = _random_id) -> None:
        self._new_id = new_id
        self._pending: dict[str, Pending] = {}
        self._approved: dict[str, Pending] = {}
        self._retired: deque[str] = deque(maxlen=_RETIRED_IDS)
        self._now_s = -math.inf

    def request(self, digest: str, summary: str, now_s: float, uses: frozenset[Capability] = frozenset()) -> Pending:
        """Ask a person about a call. A call that waits or is approved already is not asked about again, but for more.

        Args:
            digest: of the call, as `call_digest` gives it.
            summary: the call for people; it is cleaned and shortened.
            now_s: monotonic seconds.
            uses: what the approval is to grant; where it is more than the person is asked for, an answer given or to
                be given to the earlier question counts no more.

        Raises:
            QueueFull: if 100 calls are waiting or approved, or no free id was found.
            ValueError: if `now_s` is not finite.
        """
        self._expire(now_s)
        known = self._pending.get(digest) or self._approved.get(digest)
        if known is not None and uses <= known.uses:
            return known
        if known is not None:
            self._pending.pop(digest, None)
            self._approved.pop(digest, None)
            self._retired.append(known.id)
        if len(self._pending) + len(self._approved) >= MAX_WAITING:
            raise QueueFull(f"{MAX_WAITING} calls wait already")
        shown = plain_text(summary, MAX_SUMMARY)
        asked = Pending(self._free_id(), digest, shown, self._now_s, self._now_s + TTL_S, uses)
        self._pending[digest] = asked
        return asked

    def approve(self, id: str, now_s: float) -> bool:
        """Let the call that waits under `id` pass once; False where none waits under it. Times as of `request`."""
        answered = self._answered(id, now_s)
        if answered is None:
            return False
        self._approved[answered.digest] = answered
        return True

    def deny(self, id: str, now_s: float) -> bool:
        """Refuse the call that waits under `id`; False where none waits under it. Times as of `request`."""
        answered = self._answered(id, now_s)
        if answered is None:
            return False
        self._retired.append(answered.id)
        return True

    def take(self, digest: str, now_s: float) -> Pending | None:
        """The approval of a call, which is used up by this; None where it is not approved. Times as of `request`."""
        self._expire(now_s)
        used = self._approved.pop(digest, None)
        if used is not None:
            self._retired.append(used.id)
        return used

    def pending(self, now_s: float) -> tuple[Pending, ...]:
        """The calls that wait for an answer, oldest first. Times as of `request`."""
        self._expire(now_s)
        return tuple(self._pending.values())

    def _answered(self, id: str, now_s: float) -> Pending | None:
        """Take out the call that waits under `id`, typed in whatever case."""
        self._expire(now_s)
        typed = id.strip().lower()
        for digest, waiting in self._pending.items():
            if waiting.id == typed:
                return self._pending.pop(digest)
        return None

    def _expire(self, now_s: float) -> None:
        if not math.isfinite(now_s):
            raise ValueError(f"now_s must be finite, not {now_s}")
        # A clock that steps back must not give an approval more time than it had.
        self._now_s = max(self._now_s, now_s)
        for records in (self._pending, self._approved):
            for digest in [digest for digest, record in records.items() if record.expires_s <= self._now_s]:
                self._retired.append(records.pop(digest).id)

    def _free_id(self) -> str:
        taken = {record.id for records in (self._pending, self._approved) for record in records.values()}
        for _ in range(_TRIES):
            candidate = self._new_id()
            if candidate not in taken and candidate not in self._retired:
                return candidate
        raise QueueFull("no free id was found")
