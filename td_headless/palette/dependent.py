"""Collections whose changes are reported to those that depend on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from td_headless.tdu import Dependency

_CHANGING: dict[Any, str] = {
    list: "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__",
    dict: "update pop popitem clear setdefault __setitem__ __delitem__",
    set: "add discard remove pop clear update",
}


def _reporting(kind: type[Any]) -> type[Any]:
    def wrap(name: str) -> Callable[..., Any]:
        original = getattr(kind, name)

        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(self, *args, **kwargs)
            self.changed()
            return result

        return method

    members: dict[str, Any] = {name: wrap(name) for name in _CHANGING[kind].split()}
    members["__slots__"] = ("changed",)
    return type(f"Dependent{kind.__name__.capitalize()}", (kind,), members)


_KINDS: dict[Any, Any] = {kind: _reporting(kind) for kind in _CHANGING}


class DeepDependency(Dependency):
    """A dependency whose lists, dictionaries and sets, at the first level, report changes inside."""

    __slots__ = ()

    def __init__(self, val: Any = None) -> None:
        super().__init__()
        self.val = self._watched(val)

    def setVal(self, val: Any, setInfo: Any = None) -> None:
        """Set the value and report it."""
        super().setVal(self._watched(val), setInfo)

    def _watched(self, val: Any) -> Any:
        kind = _KINDS.get(type(val))
        if kind is None:
            return val
        made = kind(val)
        made.changed = self.modified
        return made
