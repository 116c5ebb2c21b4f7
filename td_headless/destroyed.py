"""What is left of a destroyed operator: an object that only tells that it is invalid."""

from __future__ import annotations

from typing import Any

from td_headless.errors import tdError

_tombstones: dict[type, type] = {}


def bury(operator: Any) -> None:
    """Turn a destroyed operator into one whose every member but ``valid`` raises `tdError`."""
    living: type[Any] = type(operator)
    if living not in _tombstones:
        _tombstones[living] = type(living.__name__, (_Destroyed, living), {"__slots__": ()})
    operator.__class__ = _tombstones[living]


class _Destroyed:
    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if name == "valid":
            return False
        if name == "__class__":
            return object.__getattribute__(self, name)
        raise tdError("Invalid OP object: the operator it referred to was destroyed")

    def __setattr__(self, name: str, value: Any) -> None:
        raise tdError("Invalid OP object: the operator it referred to was destroyed")

    def __str__(self) -> str:
        raise tdError("Invalid OP object: the operator it referred to was destroyed")

    def __repr__(self) -> str:
        return "<destroyed operator>"
