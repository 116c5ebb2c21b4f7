"""Panel COMPs and their panel values (Derivative's PanelCOMP, Panel and PanelValue Class)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from td_headless.components import COMP
from td_headless.errors import tdAttributeError
from td_headless.unbuilt import loud
from td_headless.value_like import ValueLike

_VALUES = """alt character charup cmd ctrl dragrollover drag field focus focusselect insidechild inside insidetree
    inview invertcoords key lselect mselect newchild picked radio radioname reposition reset rollover rollu rollv
    rselect scrollu scrollv select selectedcol selectedrow shift state stateu statev string trueu truev u v wheel
    winopen"""


class PanelValue(ValueLike):
    """One value of a panel, e.g. where it was last pressed."""

    __slots__ = ("name", "owner", "val")

    def __init__(self, owner: Any, name: str) -> None:
        self.owner = owner
        self.name = name
        self.val: Any = 0.0

    valid = property(lambda self: bool(self.owner.valid), doc="Whether the panel still exists.")

    def eval(self) -> Any:
        """Return the value."""
        return self.val

    def __hash__(self) -> int:
        return hash((id(self.owner), self.name))

    def __repr__(self) -> str:
        return f"type:PanelValue owner:{self.owner.path} name:{self.name} value:{self.val}"


class Panel:
    """``op.panel``: the panel values by their names; assigning to one sets it."""

    __slots__ = ("_owner", "_values")
    _owner: Any
    _values: dict[str, PanelValue]

    def __init__(self, owner: Any) -> None:
        object.__setattr__(self, "_owner", owner)
        object.__setattr__(self, "_values", {name: PanelValue(owner, name) for name in _VALUES.split()})

    @property
    def owner(self) -> Any:
        """The panel component."""
        return self._owner

    def __getattr__(self, name: str) -> PanelValue:
        if name.startswith("_") or name not in self._values:
            raise tdAttributeError(f"'td.Panel' object has no attribute '{name}'")
        return self._values[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self.__getattr__(name).val = value

    def __iter__(self) -> Iterator[PanelValue]:
        return iter(self._values.values())


@loud("panelCOMP")
class PanelCOMP(COMP):
    """A component with a panel."""

    __slots__ = ("_panel",)

    def __init__(self, world: Any, network: Any, name: str) -> None:
        self._panel = Panel(self)
        super().__init__(world, network, name)

    panel = property(lambda self: self._panel, doc="The panel values.")
    x = property(lambda self: int(self.par.x.eval()), doc="Horizontal position in pixels.")
    y = property(lambda self: int(self.par.y.eval()), doc="Vertical position in pixels.")
    width = property(lambda self: int(self.par.w.eval()), doc="Width in pixels.")
    height = property(lambda self: int(self.par.h.eval()), doc="Height in pixels.")
    panelChildren = property(
        lambda self: [child for child in self.children if isinstance(child, PanelCOMP)], doc="The panels inside."
    )

    def panelParent(self, n: int = 1) -> Any:
        """Return the n-th panel above this one, or None."""
        found: Any = self
        for _ in range(n):
            found = found._network if isinstance(found, PanelCOMP) else None
        return found if isinstance(found, PanelCOMP) else None

    @property
    def panelRoot(self) -> Any:
        """The outermost panel that holds this one."""
        found = self
        while (above := found.panelParent()) is not None:
            found = above
        return found
