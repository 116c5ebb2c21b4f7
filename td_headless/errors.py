"""The exceptions TouchDesigner raises, and the one this stand-in raises for what it has not built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn


class tdError(Exception):
    """TouchDesigner's general error, e.g. for an invalid operator type or a destroyed operator."""


class tdAttributeError(tdError, AttributeError):
    """A member or parameter that does not exist; a subclass of `AttributeError`, as in TouchDesigner."""


def unbuilt(owner: str, member: str) -> Callable[..., Any]:
    """Return a method body for a member that TouchDesigner has and this stand-in has not.

    Calling it raises `NotImplementedError`, so that a test never passes because something was silently skipped.
    """

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(f"td_headless does not implement {owner}.{member}")

    refuse.__name__ = member
    refuse.__qualname__ = f"{owner}.{member}"
    refuse.__doc__ = "Exists in TouchDesigner; not built in td_headless."
    return refuse
