"""``ui.panes``: the panes of the main window (Derivative's Panes, Pane and NetworkEditor Class)."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

from td_headless.errors import tdError
from td_headless.unbuilt import loud


class PaneType(enum.Enum):
    """What a pane shows. Names as in Derivative's Pane Class."""

    NETWORKEDITOR = 0
    PANEL = 1
    GEOMETRYVIEWER = 2
    TOPVIEWER = 3
    CHOPVIEWER = 4
    ANIMATIONEDITOR = 5
    PARAMETERS = 6
    TEXTPORT = 7


@loud("NetworkEditor")
class NetworkEditor:
    """A pane that shows the network inside a component. Nothing is drawn: it keeps owner, position and zoom."""

    __slots__ = (
        "_owner", "_world", "enable", "link", "maximize", "name", "ratio", "showBackdropCHOPs", "showBackdropGeometry",
        "showBackdropTOPs", "showColorPalette", "showDataLinks", "showList", "showNetworkOverview", "showParameters",
        "straightLinks", "x", "y", "zoom",
    )  # fmt: skip

    def __init__(self, world: Any) -> None:
        self._world = world
        self._owner: Any = None
        self.name = "pane1"
        self.x = self.y = 0.0
        self.zoom = 1.0
        self.ratio = 0.5
        self.link = 0
        self.enable = self.showDataLinks = True
        self.maximize = self.showBackdropCHOPs = self.showBackdropGeometry = self.showBackdropTOPs = False
        self.showColorPalette = self.showList = self.showNetworkOverview = self.showParameters = False
        self.straightLinks = False

    id = property(lambda self: 1, doc="Number of the pane.")
    type = property(lambda self: PaneType.NETWORKEDITOR, doc="What the pane shows.")
    open = property(lambda self: True, doc="Whether the pane is open.")

    @property
    def owner(self) -> Any:
        """The component whose inside is shown; a destroyed one gives way to the root."""
        if self._owner is None or not self._owner.valid:
            self._owner = self._world.root
        return self._owner

    @owner.setter
    def owner(self, component: Any) -> None:
        if not getattr(component, "isCOMP", False):
            raise tdError(f"A network editor shows the inside of a component, not {component!r}")
        self._owner = component

    def home(self, zoom: bool = True, op: Any = None) -> None:
        """Centre the network, or one operator; with `zoom` at scale 1, for there is no window to fill."""
        self._centre([op] if op is not None else self.owner.children, zoom)

    def homeSelected(self, zoom: bool = True) -> None:
        """Centre the selected operators."""
        self._centre(self.owner.selectedChildren, zoom)

    def _centre(self, operators: list[Any], zoom: bool) -> None:
        if operators:
            self.x = (min(o.nodeX for o in operators) + max(o.nodeX + o.nodeWidth for o in operators)) / 2
            self.y = (min(o.nodeY for o in operators) + max(o.nodeY + o.nodeHeight for o in operators)) / 2
        if zoom:
            self.zoom = 1.0


@loud("Panes")
class Panes:
    """All panes: here one network editor."""

    __slots__ = ("_panes",)

    def __init__(self, world: Any) -> None:
        self._panes = [NetworkEditor(world)]

    current = property(lambda self: self._panes[0], doc="The pane last used.")

    def __getitem__(self, place: int | str) -> NetworkEditor:
        if isinstance(place, int):
            return self._panes[place]
        found = next((pane for pane in self._panes if pane.name == place), None)
        if found is None:
            raise tdError(f"No pane named {place!r}")
        return found

    def __len__(self) -> int:
        return len(self._panes)

    def __iter__(self) -> Iterator[NetworkEditor]:
        return iter(self._panes)
