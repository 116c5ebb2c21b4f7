"""Components that bring members or operators of their own: Time, Geometry, Annotate and the object COMPs."""

from __future__ import annotations

from typing import Any

from td_headless.components import COMP
from td_headless.geometry import merged
from td_headless.sops import SOP, Bounds, bounds_of
from td_headless.unbuilt import loud


@loud("objectCOMP")
class ObjectCOMP(COMP):
    """A component that has a place in a 3D scene."""

    __slots__ = ()


class GeometryCOMP(ObjectCOMP):
    """Geometry to render: what the SOPs inside with the flags on make."""

    __slots__ = ()

    def _initialise(self) -> None:
        shape = self.create("torusSOP")
        shape.display = shape.render = True

    def bounds(self, display: bool = True, render: bool = True, recurse: bool = True) -> Bounds:
        """Return the box around the SOPs inside that have the flags asked for, in this component's own space."""
        shapes = [
            child
            for child in self.children
            if isinstance(child, SOP) and (not display or child.display) and (not render or child.render)
        ]
        return bounds_of(merged([shape._geometry() for shape in shapes]).points)

    computeBounds = bounds


@loud("timeCOMP")
class TimeCOMP(COMP):
    """The time of a component; its members are its parameters under other names."""

    __slots__ = ()

    @property
    def frame(self) -> float:
        """The frame of the timeline: the frames since the start, kept inside the range when it loops."""
        return self._range_position()

    def _range_position(self) -> float:
        first, last = float(self.par.rangestart.eval()), float(self.par.rangeend.eval())
        position = float(self._world.clock.frame)
        if self.par.loop.eval():
            return first + position % max(last - first + 1, 1.0)
        return min(first + position, last)

    seconds = property(lambda self: (self.frame - 1) / self.rate, doc="Seconds of the timeline.")


def _parameter(par: str, doc: str) -> property:
    def read(self: Any) -> Any:
        return self.par[par].eval()

    def write(self: Any, value: Any) -> None:
        self.par[par].val = value

    return property(read, write, doc=doc)


for _member, _par, _doc in (
    ("rate", "rate", "Frames a second."),
    ("play", "play", "Whether time runs."),
    ("start", "start", "First frame."),
    ("end", "end", "Last frame."),
    ("rangeStart", "rangestart", "First frame of the range that plays."),
    ("rangeEnd", "rangeend", "Last frame of the range that plays."),
    ("loop", "loop", "Whether it starts again at the end of the range."),
    ("independent", "independent", "Whether it runs apart from the root's time."),
    ("tempo", "tempo", "Beats a minute."),
    ("signature1", "signature1", "Beats in a bar."),
    ("signature2", "signature2", "What note is a beat."),
):
    setattr(TimeCOMP, _member, _parameter(_par, _doc))


@loud("annotateCOMP")
class AnnotateCOMP(COMP):
    """A comment or a frame around operators in a network; its texts are custom parameters."""

    __slots__ = ()
    x = property(lambda self: self.nodeX, doc="Horizontal position in the network.")
    y = property(lambda self: self.nodeY, doc="Vertical position in the network.")
    width = property(lambda self: self.nodeWidth, doc="Width in the network.")
    height = property(lambda self: self.nodeHeight, doc="Height in the network.")

    def __init__(self, world: Any, network: Any, name: str) -> None:
        super().__init__(world, network, name)
        self.utility = True
        text = self.appendCustomPage("Text")
        text.appendStr("Titletext", "Title Text")
        text.appendFloat("Titleheight", "Title Height")
        text.appendStr("Bodytext", "Body Text")
        text.appendFloat("Bodyfontsize", "Body Font Size")
        settings = self.appendCustomPage("Settings")
        mode = settings.appendMenu("Mode")[0]
        mode.menuNames = ["comment", "networkbox", "annotate"]
        mode.val = mode.default = "annotate"
        settings.appendRGB("Backcolor", "Back Color")
        settings.appendFloat("Backcoloralpha", "Back Color Alpha")
        settings.appendFloat("Opacity", "Annotate Opacity")

    @property
    def enclosedOPs(self) -> list[Any]:
        """The operators of the network whose node lies wholly inside the frame."""
        return [
            other
            for other in self._network.children
            if other is not self
            and self.nodeX <= other.nodeX
            and self.nodeY <= other.nodeY
            and other.nodeX + other.nodeWidth <= self.nodeX + self.nodeWidth
            and other.nodeY + other.nodeHeight <= self.nodeY + self.nodeHeight
        ]
