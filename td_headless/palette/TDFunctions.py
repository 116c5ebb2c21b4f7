"""``TDFunctions``: helpers that extensions use (Derivative, *TDFunctions*). Built: properties of extensions."""

from __future__ import annotations

from typing import Any

from td_headless.palette.dependent import DeepDependency
from td_headless.tdu import Dependency


def createProperty(
    classInstance: Any,
    name: str,
    value: Any = None,
    attributeName: str | None = None,
    readOnly: bool = False,
    dependable: bool | str = True,
) -> None:
    """Give an extension a property whose value others can depend on.

    Args:
        classInstance: the extension, usually ``self``.
        name: the property, e.g. ``Speed``.
        value: its first value.
        attributeName: where it is kept; ``_Speed`` unless given. Write a read-only one by ``self._Speed.val``.
        readOnly: whether assigning to the property raises `AttributeError`.
        dependable: True, False, or ``"deep"`` for lists, dictionaries and sets that report changes inside.
    """
    attribute = attributeName or f"_{name}"
    kept: Any = value
    if dependable == "deep":
        kept = DeepDependency(value)
    elif dependable:
        kept = Dependency(value)
    setattr(classInstance, attribute, kept)

    def read(self: Any) -> Any:
        return getattr(self, attribute).val if dependable else getattr(self, attribute)

    def write(self: Any, new: Any) -> None:
        if dependable:
            getattr(self, attribute).setVal(new)
        else:
            setattr(self, attribute, new)

    setattr(type(classInstance), name, property(read, None if readOnly else write))


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"td_headless does not implement TDFunctions.{name}")
