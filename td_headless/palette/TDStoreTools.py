"""``TDStoreTools``: values of an extension that outlive it (Derivative, *Storage Manager*)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from td_headless.palette.dependent import DeepDependency
from td_headless.tdu import Dependency


class StorageManager:
    """Keeps named values in a component's storage; ``manager['Name']`` and, as a property, ``extension.Name``.

    Args:
        extension: the extension; gets a property for every item that does not say ``property: False``.
        ownerComp: the component whose storage is used.
        storedItems: a dictionary for each item: ``name``, and if wanted ``default``, ``readOnly``, ``property``,
            ``dependable``. Stored values that are named no more are forgotten unless `locked` is False.
    """

    def __init__(
        self,
        extension: Any,
        ownerComp: Any,
        storedItems: list[dict[str, Any]] | None = None,
        restoreAllDefaults: bool = False,
        sync: bool = True,
        dictName: str | None = None,
        locked: bool = True,
    ) -> None:
        self.ownerComp = ownerComp
        self.extension = extension
        self.storageDictName = dictName or type(extension).__name__
        self.locked = locked
        self.items: dict[str, dict[str, Any]] = {}
        if self.storageDictName not in ownerComp.storage:
            ownerComp.store(self.storageDictName, {})
        for item in storedItems or []:
            self._declare(item)
        if sync and locked:
            for name in [name for name in self._values if name not in self.items]:
                del self._values[name]
        if restoreAllDefaults:
            self.restoreAllDefaults()

    @property
    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.ownerComp.storage[self.storageDictName]
        return values

    def _declare(self, item: dict[str, Any]) -> None:
        name = item["name"]
        self.items[name] = item
        if name not in self._values:
            self._values[name] = self._kept(item, item.get("default"))
        if item.get("property", True):
            self._add_property(name, bool(item.get("readOnly", False)))

    def _kept(self, item: dict[str, Any], value: Any) -> Any:
        dependable = item.get("dependable", False)
        if dependable == "deep":
            return DeepDependency(value)
        return Dependency(value) if dependable else value

    def _add_property(self, name: str, read_only: bool) -> None:
        manager = self

        def read(_: Any) -> Any:
            return manager[name]

        def write(_: Any, value: Any) -> None:
            manager[name] = value

        setattr(type(self.extension), name, property(read, None if read_only else write))

    def restoreDefault(self, storageItem: str) -> None:
        """Give one item its default again."""
        self[storageItem] = self.items[storageItem].get("default")

    def restoreAllDefaults(self) -> None:
        """Give every item its default again."""
        for name in self.items:
            self.restoreDefault(name)

    def getDependency(self, key: str) -> Any:
        """Return the dependency object of an item that is dependable."""
        return self._values[key]

    def __getitem__(self, key: str) -> Any:
        value = self._values[key]
        return value.val if isinstance(value, Dependency) else value

    def __setitem__(self, key: str, value: Any) -> None:
        if key not in self._values and self.locked:
            raise KeyError(f"{key!r} is not stored; name it in storedItems")
        kept = self._values.get(key)
        if isinstance(kept, Dependency):
            kept.setVal(value)
        else:
            self._values[key] = value

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"td_headless does not implement TDStoreTools.{name}")
