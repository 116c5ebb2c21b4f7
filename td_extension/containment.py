"""Stage 6 runs inside a containment: whatever happens there, the guard goes on.

Everything that a call changes stands in one undo block that bears the decision's id, so that a person finds it in
TouchDesigner's undo list. Every exception is caught, those included that Python does not count as errors: a
SystemExit that left the callback would end more than the call.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class UndoBlocks(Protocol):
    """TouchDesigner's undo list (`td_bridge.TdBridge`)."""

    def start_undo_block(self, name: str) -> None:
        """Begin a block; what follows is undone as one."""

    def end_undo_block(self) -> None:
        """End the block that was begun last."""


class Seal(Protocol):
    """Finds out what an act has changed that none may change (`td_call_seal.CallSeal`). It raises nothing after."""

    def before(self) -> None:
        """The act is about to begin."""

    def after(self) -> None:
        """It has ended, one way or another."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What the contained act returned."""

    value: T


@dataclass(frozen=True, slots=True)
class Broken:
    """The contained act raised.

    Attributes:
        error: the exception's type and message, one line.
    """

    error: str


def contained(
    act: Callable[[], T], *, undo: UndoBlocks, decision_id: str, seal: Seal | None = None
) -> Done[T] | Broken:
    """Carry out `act`, in an undo block of its own, and let nothing escape.

    Args:
        act: forwards the call or runs the script.
        undo: TouchDesigner's undo list.
        decision_id: names the block.
        seal: compares before and after; None for an act that changes nothing.
    """
    started = False
    try:
        if seal is not None:
            seal.before()
        undo.start_undo_block(f"PolicyGuard {decision_id}")
        started = True
        return Done(act())
    except BaseException as error:
        return Broken(_one_line(error))
    finally:
        if started:
            # A script may have ended the block itself; TouchDesigner closes what is left open after the callback.
            with contextlib.suppress(Exception):
                undo.end_undo_block()
            if seal is not None:
                seal.after()


def _one_line(error: BaseException) -> str:
    try:
        message = " ".join(str(error).split())[:300]
    except BaseException:
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
