"""The target of ``receiver[key] = value``: both are known, and looked at, before anything is stored."""

from __future__ import annotations

from typing import Any


class Place:
    """One item of a collection, to be read, assigned or deleted. A script never gets hold of it."""

    __slots__ = ("_key", "_receiver")

    def __init__(self, receiver: Any, key: Any) -> None:
        self._receiver = receiver
        self._key = key

    def __getitem__(self, _: None) -> Any:
        return self._receiver[self._key]

    def __setitem__(self, _: None, value: Any) -> None:
        self._receiver[self._key] = value

    def __delitem__(self, _: None) -> None:
        del self._receiver[self._key]
