"""How the stand-in says that it has not built something that TouchDesigner has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from td_headless.errors import unbuilt
from td_headless.unbuilt_members import UNBUILT

T = TypeVar("T", bound=type[Any])


class UnbuiltMember:
    """A data member that TouchDesigner has and this stand-in has not: reading and assigning raise."""

    __slots__ = ("_text",)

    def __init__(self, owner: str, member: str) -> None:
        self._text = f"td_headless does not implement {owner}.{member}"

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if instance is None:
            return self
        raise NotImplementedError(self._text)

    def __set__(self, instance: Any, value: Any) -> NoReturn:
        raise NotImplementedError(self._text)


def unbuilt_members_of(name: str) -> dict[str, Any]:
    """Return what stands in a class for the members listed for TouchDesigner's class `name` in `UNBUILT`."""
    return {
        word.removesuffix("()"): (
            unbuilt(name, word.removesuffix("()")) if word.endswith("()") else UnbuiltMember(name, word)
        )
        for word in UNBUILT.get(name, "").split()
    }


def _listed(self: Any) -> list[str]:
    """What ``dir`` tells: unbuilt data members are left out, so that going through all members can read each."""
    kind = type(self)
    return [name for name in object.__dir__(self) if not isinstance(getattr(kind, name, None), UnbuiltMember)]


def loud(name: str) -> Callable[[T], T]:
    """Give a class the members that TouchDesigner's class `name` has and that are not built here.

    Each raises `NotImplementedError` when it is used, so that a test never passes because something was skipped.
    """

    def complete(kind: T) -> T:
        for member, stand_in in unbuilt_members_of(name).items():
            if member in vars(kind):
                raise TypeError(f"{name}.{member} is built: remove it from unbuilt_members")
            setattr(kind, member, stand_in)
        setattr(kind, "__dir__", _listed)  # noqa: B010 - mypy takes the plain assignment for an instance's
        return kind

    return complete
