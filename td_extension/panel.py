"""What the component shows of itself: one line, a node comment and a node colour. Pure: it touches no operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .values import Mode
from .wiring import State

Colour = tuple[float, float, float]

GREEN: Colour = (0.1, 0.55, 0.2)
AMBER: Colour = (0.9, 0.6, 0.1)
RED: Colour = (0.8, 0.1, 0.1)
GREY: Colour = (0.55, 0.55, 0.55)

_GUARDED = frozenset({State.GUARDED, State.ORPHANED})


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the guard.

    Attributes:
        enabled: the parameter Enable.
        mode: the parameter Mode.
        servers: each server's path, and how it stands.
        has_policy: a policy has loaded at least once.
        policy: one line about the policy.
        audit_failure: why the audit cannot be written, or None.
        exposed: the guarded servers to which other machines can connect.
        notice: what a person should know beside that, e.g. that the wiring was tampered with; empty for nothing.
        uncounted: why what is limited is refused, for it cannot be counted; empty where it can.
    """

    enabled: bool
    mode: Mode
    servers: Mapping[str, State]
    has_policy: bool
    policy: str
    audit_failure: str | None = None
    exposed: tuple[str, ...] = ()
    notice: str = ""
    uncounted: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How the component shows itself: its colour, the first words of its state, and the whole line."""

    colour: Colour
    comment: str
    status: str


def is_passive(servers: Mapping[str, State]) -> bool:
    """Whether every server there is, is guarded by another PolicyGuard."""
    return bool(servers) and all(state is State.ELSEWHERE for state in servers.values())


def look(situation: Situation) -> Look:
    """Green where it enforces, amber where it only watches, red where it is locked down or cannot decide."""
    colour, state = _state(situation)
    guarded = sum(one in _GUARDED for one in situation.servers.values())
    others = len(situation.servers) - guarded
    counts = f"{_count(guarded)} guarded" + (f", {_count(others)} not" if others else "")
    comment = state if colour == GREY else f"{state}: {counts}"
    parts = (comment, situation.notice, _warning(situation.exposed), situation.policy)
    return Look(colour, comment, "; ".join(part for part in parts if part))


def _state(situation: Situation) -> tuple[Colour, str]:
    if not situation.enabled:
        return GREY, "not enabled: no server is guarded"
    if is_passive(situation.servers):
        return GREY, "passive: another PolicyGuard guards this project"
    if situation.audit_failure is not None:
        return RED, f"broken, every call is refused, the audit cannot be written ({situation.audit_failure})"
    if situation.mode is Mode.LOCKDOWN:
        return RED, "locked down"
    if not situation.has_policy:
        return RED, "broken, every call is refused, no policy has loaded"
    if situation.uncounted:
        return RED, f"broken, what is limited is refused ({situation.uncounted})"
    if State.ORPHANED in situation.servers.values():
        return RED, "broken, a server's own callbacks are gone"
    return (AMBER, "monitoring") if situation.mode is Mode.MONITOR else (GREEN, "enforcing")


def _warning(exposed: tuple[str, ...]) -> str:
    """What a person reads about servers that listen on all interfaces."""
    if not exposed:
        return ""
    listens = "listens" if len(exposed) == 1 else "listen"
    remedy = "set Local Address to 127.0.0.1 (TouchDesigner 2025.33060 and newer), or turn Require Key on"
    return f"warning: {', '.join(exposed)} {listens} on all interfaces: {remedy}"


def _count(number: int) -> str:
    return f"{number} server" if number == 1 else f"{number} servers"
