"""The targets of assignments: what is assigned to, and with what, is looked at before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Admit = Callable[[Any], Any]
"""Looks at a value before it is stored, and gives what is to be stored in its place."""

Settle = Callable[[], None]
"""Looks at what has come of a store, and undoes it where it must not stand."""

# `look` is at how much there is of a value, of which TouchDesigner may make a text. It stores it as it is.


class Item:
    """The target of ``receiver[key] = value``. A script never gets hold of it."""

    __slots__ = ("_admit", "_key", "_look", "_receiver", "_settle")

    def __init__(
        self,
        receiver: Any,
        key: Any,
        admit: Admit | None = None,
        settle: Settle | None = None,
        look: Admit | None = None,
    ) -> None:
        self._receiver = receiver
        self._key = key
        self._look = look
        self._admit = admit
        self._settle = settle

    def __getitem__(self, _: None) -> Any:
        return self._receiver[self._key]

    def __setitem__(self, _: None, value: Any) -> None:
        if self._look is not None:
            self._look(value)
        self._receiver[self._key] = value if self._admit is None else self._admit(value)
        if self._settle is not None:
            self._settle()

    def __delitem__(self, _: None) -> None:
        del self._receiver[self._key]
        if self._settle is not None:
            self._settle()


class Member:
    """The target of ``receiver.member = value``, assigned as ``.value`` of this. A script never gets hold of it."""

    __slots__ = ("_admit", "_look", "_name", "_receiver", "_settle")

    def __init__(
        self,
        receiver: Any,
        name: str,
        admit: Admit | None = None,
        settle: Settle | None = None,
        look: Admit | None = None,
    ) -> None:
        self._receiver = receiver
        self._name = name
        self._look = look
        self._admit = admit
        self._settle = settle

    def admit(self, new: Any) -> Any:
        """Look at a value that is to be stored; return what is to be stored in its place."""
        if self._look is not None:
            self._look(new)
        return new if self._admit is None else self._admit(new)

    def settle(self) -> None:
        """Look at what has come of a store that somebody else has made."""
        if self._settle is not None:
            self._settle()

    @property
    def value(self) -> Any:
        return getattr(self._receiver, self._name)

    @value.setter
    def value(self, new: Any) -> None:
        setattr(self._receiver, self._name, self.admit(new))
        self.settle()

    @value.deleter
    def value(self) -> None:
        delattr(self._receiver, self._name)
