"""How a script has ended."""

from __future__ import annotations

from dataclasses import dataclass

from ..values import Capability, Json, Refusal


@dataclass(frozen=True, slots=True)
class Finished:
    """A script that ran to its end."""

    result: Json
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A script that ended with an exception.

    Attributes:
        error: the exception with the script's own lines; its last line is the exception itself.
        destroyed: how many operators it had created, which were destroyed again.
    """

    error: str
    destroyed: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """A script that the watch stopped.

    Attributes:
        refusal: why.
        destroyed: how many operators it had created, which were destroyed again.
        lacking: the capability for want of which it was stopped; None where it was something else.
    """

    refusal: Refusal
    destroyed: int
    lacking: Capability | None = None
