"""What is to be done about one Web Server DAT, decided from what was seen of it. Pure: it touches no operator."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class State(enum.Enum):
    """How a server stands, in the words of the Table DAT ``status``."""

    GUARDED = "guarded"
    ORPHANED = "guarded, but its own callbacks DAT is gone: every call is refused"
    UNKNOWN = "not guarded: unknown"
    NOT_SERVING = "not guarded: it has no callbacks"
    ELSEWHERE = "guarded by another PolicyGuard"
    MISSING = "named in Servers, but there is no Web Server DAT"
    GONE = "gone"


class Step(enum.Enum):
    """What the hook does next."""

    NOTHING = "nothing"
    HOOK = "hook"
    """Put the guard in front, and keep the present callbacks as the server's own."""
    RESTORE = "restore"
    """Put the guard in front again, before the callbacks that were kept."""
    FORGET = "forget"
    """Let the server go: what it serves now is not for this guard."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a server.

    Attributes:
        has_callbacks: its ``callbacks`` parameter names an existing DAT.
        points_here: that DAT is this guard's own.
        points_to_another_guard: that DAT is the one of another PolicyGuard.
        recognised: that DAT's text is of a dialect that this guard knows.
        wanted: the artist has named the server in the parameter Servers.
        is_kept: the guard has stood in front of it before, and kept its own callbacks.
        original_exists: the kept callbacks DAT still exists.
        called: a guarded call ran since the wiring was last looked at.
    """

    has_callbacks: bool
    points_here: bool
    points_to_another_guard: bool
    recognised: bool
    wanted: bool
    is_kept: bool
    original_exists: bool
    called: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a server stands once `step` is done, and whether its wiring was tampered with."""

    state: State
    step: Step
    tampered: bool = False


def judge(seen: Seen) -> Verdict:
    """Decide about one server (DESIGN section 7, *The hook*).

    A change right after a guarded call is taken for an attack by that call: the kept wiring is restored. Any other
    change is the artist's, or TouchDesigner's own (a COMP reloaded from its ``externaltox``), and is followed.
    """
    if seen.points_here:
        return Verdict(State.GUARDED if seen.original_exists else State.ORPHANED, Step.NOTHING)
    if seen.is_kept and seen.original_exists and seen.called:
        return Verdict(State.GUARDED, Step.RESTORE, tampered=True)
    if not seen.has_callbacks:
        if seen.is_kept and seen.original_exists:
            return Verdict(State.GUARDED, Step.RESTORE)
        return Verdict(State.NOT_SERVING, Step.FORGET if seen.is_kept else Step.NOTHING)
    if seen.points_to_another_guard:
        return Verdict(State.ELSEWHERE, Step.FORGET if seen.is_kept else Step.NOTHING)
    if seen.recognised or seen.wanted:
        return Verdict(State.GUARDED, Step.HOOK)
    return Verdict(State.UNKNOWN, Step.FORGET if seen.is_kept else Step.NOTHING)
