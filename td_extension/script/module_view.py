"""What a script gets instead of a module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ModuleView:
    """A module of which a script sees the listed members only, and to which it can write nothing."""

    __slots__ = ("_members", "_name")

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_members", members)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._members[name]
        except KeyError:
            raise AttributeError(f"{self._name}.{name} is not available here") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self._name} is read-only here")

    __delattr__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<module {self._name}>"
