"""Storage: Python values kept with an operator."""

from __future__ import annotations

from typing import Any

from td_headless.names import is_pattern, matches


class Storage:
    """The part of an operator that stores values."""

    __slots__ = ()
    _storage: dict[str, Any]

    @property
    def storage(self) -> dict[str, Any]:
        """The stored values by their key."""
        return self._storage

    def store(self, key: str, value: Any) -> Any:
        """Store `value` under `key` and return it."""
        self._storage[key] = value
        return value

    def fetch(self, key: str, default: Any = None, search: bool = True, storeDefault: bool = False) -> Any:
        """Return the value of `key` here or, with `search`, in the nearest parent that has it; else `default`."""
        operator: Any = self
        while operator is not None:
            if key in operator._storage:
                return operator._storage[key]
            operator = operator._network if search else None
        return self.store(key, default) if storeDefault else default

    def unstore(self, keys: str) -> None:
        """Forget one key, or all keys that match a pattern."""
        for key in [key for key in self._storage if key == keys or (is_pattern(keys) and matches(keys, key))]:
            del self._storage[key]
