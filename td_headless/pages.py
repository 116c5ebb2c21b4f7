"""Parameter pages and the making of custom parameters (reference `td_runtime.md` section 3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from td_headless.errors import tdError
from td_headless.par_groups import ParGroup
from td_headless.par_tables import ParSpec
from td_headless.parameters import Par
from td_headless.unbuilt import loud

_CUSTOM_NAME = re.compile(r"[A-Z][a-z0-9]*")
_DEFAULTS: dict[str, Any] = {
    "Float": 0.0, "Int": 0, "Toggle": False, "Pulse": False, "Momentary": False,
}  # fmt: skip


def _appender(style: str) -> Callable[..., ParGroup]:
    def append(
        self: Page, name: str, label: str | None = None, *, order: float | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append(style, (name,), name, label, order, replace)

    append.__name__ = f"append{style}"
    append.__doc__ = f"Append one {style} parameter and return its group."
    return append


def _vector_appender(style: str) -> Callable[..., ParGroup]:
    def append(
        self: Page, name: str, label: str | None = None, size: int = 1, order: float | None = None, replace: bool = True
    ) -> ParGroup:
        if not 1 <= size <= 4:
            raise tdError(f"Invalid size {size} for {name}: use 1 to 4")
        names = (name,) if size == 1 else tuple(f"{name}{number}" for number in range(1, size + 1))
        return self._append(style, names, name, label, order, replace)

    append.__name__ = f"append{style}"
    append.__doc__ = f"Append `size` {style} parameters (1 to 4) and return their group."
    return append


def _suffix_appender(style: str) -> Callable[..., ParGroup]:
    def append(
        self: Page, name: str, label: str | None = None, order: float | None = None, replace: bool = True
    ) -> ParGroup:
        return self._append(style, tuple(name + suffix for suffix in style.lower()), name, label, order, replace)

    append.__name__ = f"append{style}"
    append.__doc__ = f"Append one parameter for each letter of {style} and return their group."
    return append


@loud("Page")
class Page:
    """One page of an operator's parameter dialog."""

    __slots__ = ("isCustom", "name", "owner", "pars")

    def __init__(self, owner: Any, name: str, custom: bool) -> None:
        self.owner = owner
        self.name = name
        self.isCustom = custom
        self.pars: list[Par] = []

    def _remove(self, par: Par) -> None:
        """Take this very parameter off the page; ``==`` would compare values."""
        self.pars = [other for other in self.pars if other is not par]

    @property
    def index(self) -> int:
        """Position among the operator's pages of its kind."""
        return int((self.owner.customPages if self.isCustom else self.owner.pages).index(self))

    def _append(
        self, style: str, names: tuple[str, ...], group: str, label: str | None, order: float | None, replace: bool
    ) -> ParGroup:
        if not self.isCustom:
            raise tdError(f"Cannot append to built-in page {self.name}")
        if not isinstance(group, str) or not _CUSTOM_NAME.fullmatch(group):
            raise tdError(
                f"Invalid parameter name {group!r}: one capital letter, then lower-case letters and digits only"
            )
        for name in names:
            existing = self.owner.par[name]
            if existing is not None:
                if not replace:
                    raise tdError(f"Parameter {name} already exists on {self.owner.path}")
                existing.destroy()
        for name in names:
            spec = ParSpec(name, label or group, style, _DEFAULTS.get(style, ""), group=group)
            par = Par(self.owner, spec, self, custom=True)
            par.order = float(len(self.pars)) if order is None else float(order)
            self.owner.par._add(par)
            self.pars.append(par)
        return ParGroup(self.owner, group)

    appendStr = _appender("Str")
    appendStrMenu = _appender("StrMenu")
    appendMenu = _appender("Menu")
    appendToggle = _appender("Toggle")
    appendPulse = _appender("Pulse")
    appendMomentary = _appender("Momentary")
    appendFile = _appender("File")
    appendFileSave = _appender("FileSave")
    appendFolder = _appender("Folder")
    appendOP = _appender("OP")
    appendCOMP = _appender("COMP")
    appendDAT = _appender("DAT")
    appendTOP = _appender("TOP")
    appendCHOP = _appender("CHOP")
    appendSOP = _appender("SOP")
    appendMAT = _appender("MAT")
    appendObject = _appender("Object")
    appendPanelCOMP = _appender("PanelCOMP")
    appendPython = _appender("Python")
    appendHeader = _appender("Header")
    appendInt = _vector_appender("Int")
    appendFloat = _vector_appender("Float")
    appendXY = _suffix_appender("XY")
    appendXYZ = _suffix_appender("XYZ")
    appendXYZW = _suffix_appender("XYZW")
    appendUV = _suffix_appender("UV")
    appendUVW = _suffix_appender("UVW")
    appendWH = _suffix_appender("WH")
    appendRGB = _suffix_appender("RGB")
    appendRGBA = _suffix_appender("RGBA")
    appendPOP = _appender("POP")

    @property
    def parGroups(self) -> list[ParGroup]:
        """The groups on this page, in order."""
        return [ParGroup(self.owner, name) for name in dict.fromkeys(par._group for par in self.pars)]

    def resetPars(self) -> bool:
        """Put the page's parameters back to their defaults and say whether that changed any."""
        changed = [par.reset() for par in self.pars if par.style != "Sequence"]
        return any(changed)

    def sort(self, *names: str) -> None:
        """Order the parameters of a custom page: those of the groups named first, the rest as they were."""
        if not self.isCustom:
            raise tdError(f"Cannot sort built-in page {self.name}")
        wanted = {name: position for position, name in enumerate(names)}
        self.pars.sort(key=lambda par: wanted.get(par._group, len(wanted)))
        for position, par in enumerate(self.pars):
            par.order = float(position)

    def destroy(self) -> None:
        """Remove the page and its parameters; a built-in page raises `tdError`."""
        if not self.isCustom:
            raise tdError(f"Cannot destroy built-in page {self.name}")
        for par in list(self.pars):
            par.destroy()
        self.owner.customPages.remove(self)

    def __repr__(self) -> str:
        return f"type:Page owner:{self.owner.path} name:{self.name}"
