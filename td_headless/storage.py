"""Storage: Python values kept with an operator."""

from __future__ import annotations

from typing import Any

from td_headless.names import is_pattern, matches


class Storage:
    """The part of an operator that stores values."""

    __slots__ = ()
    _storage: dict[str, Any]
    _startup_storage: dict[str, Any]

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

    def fetchOwner(self, key: str) -> Any:
        """Return the operator whose storage `fetch` would take `key` from, or None."""
        operator: Any = self
        while operator is not None and key not in operator._storage:
            operator = operator._network
        return operator

    def unstore(self, *keys: str) -> None:
        """Forget the keys given, each a key or a pattern."""
        _forget(self._storage, keys)

    def storeStartupValue(self, key: str, value: Any) -> None:
        """Keep the value that `key` gets whenever the project starts."""
        self._startup_storage[key] = value

    def unstoreStartupValue(self, *keys: str) -> None:
        """Forget the start-up values of the keys given, each a key or a pattern."""
        _forget(self._startup_storage, keys)


def _forget(values: dict[str, Any], keys: tuple[str, ...]) -> None:
    for wanted in keys:
        for key in [key for key in values if key == wanted or (is_pattern(wanted) and matches(wanted, key))]:
            del values[key]
