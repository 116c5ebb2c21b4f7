"""`SOP`: geometry, with its points and primitives (Derivative's SOP, Points, Point, Prims and Prim Class)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from td_headless.errors import tdError
from td_headless.geometry import Geometry, geometry_of
from td_headless.operators import OP
from td_headless.tdu_vectors import Position
from td_headless.unbuilt import loud

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box around geometry: its lower and upper corner, its middle and its size."""

    min: Position
    max: Position
    center: Position
    size: Position


def bounds_of(points: Any) -> Bounds:
    """Return the box around an array of points of shape (points, 3); of no points, a box of size 0 at the origin."""
    low = points.min(axis=0) if len(points) else np.zeros(3)
    high = points.max(axis=0) if len(points) else np.zeros(3)
    return Bounds(Position(*low), Position(*high), Position(*((low + high) / 2)), Position(*(high - low)))


# Without slots: assigning to an unknown member of a frozen class with slots is a TypeError in CPython 3.11.
@loud("Attribute")
@dataclass(frozen=True)
class Attribute:
    """An attribute of points, e.g. ``P`` with three floats."""

    owner: Any
    name: str
    size: int
    type: type
    default: tuple[float, ...]


@loud("Point")
@dataclass(frozen=True)
class Point:
    """One point. Geometry is made from parameters here: a point cannot be moved or removed."""

    owner: Any
    index: int
    P: Position

    x = property(lambda self: self.P.x, doc="The x coordinate.")
    y = property(lambda self: self.P.y, doc="The y coordinate.")
    z = property(lambda self: self.P.z, doc="The z coordinate.")


@loud("Vertex")
@dataclass(frozen=True)
class Vertex:
    """One corner of a primitive."""

    owner: Any
    prim: Prim
    index: int
    point: Point


@loud("Prim")
@dataclass(frozen=True)
class Prim:
    """One polygon."""

    owner: Any
    index: int
    points: tuple[Point, ...]
    closed: bool

    def _box(self) -> Bounds:
        return bounds_of(np.array([[point.x, point.y, point.z] for point in self.points]))

    min = property(lambda self: self._box().min, doc="The lower corner of the box around it.")
    max = property(lambda self: self._box().max, doc="The upper corner of the box around it.")
    size = property(lambda self: self._box().size, doc="The size of the box around it.")

    @property
    def center(self) -> Position:
        """The mean of its points."""
        return Position(*np.mean([[point.x, point.y, point.z] for point in self.points], axis=0))

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, index: int) -> Vertex:
        return Vertex(self.owner, self, index, self.points[index])

    def __iter__(self) -> Iterator[Vertex]:
        return (self[index] for index in range(len(self)))


class Elements(Generic[T]):
    """``sop.points``, ``sop.prims`` or a list of attributes: by position, or attributes by name."""

    __slots__ = ("_items", "owner")

    def __init__(self, owner: Any, items: list[T]) -> None:
        self.owner = owner
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            return next((item for item in self._items if getattr(item, "name", None) == index), None)
        return self._items[index]


@loud("Attributes")
class Attributes(Elements[Attribute]):
    """The attributes of a SOP."""

    __slots__ = ()


@loud("SOP")
class SOP(OP):
    """An operator that makes geometry."""

    __slots__ = ("compare", "template")
    family: ClassVar[str] = "SOP"

    def __init__(self, world: Any, network: Any, name: str) -> None:
        super().__init__(world, network, name)
        # TouchDesigner sets both flags on the last of a new network only; a new single SOP is created without.
        self.display = self.render = False
        self.compare = self.template = False

    def _geometry(self) -> Geometry:
        self.cook()
        return geometry_of(self)

    @property
    def points(self) -> Elements[Point]:
        """The points."""
        return Elements(self, [Point(self, i, Position(*p)) for i, p in enumerate(self._geometry().points)])

    @property
    def prims(self) -> Elements[Prim]:
        """The primitives."""
        shape, points = self._geometry(), list(self.points)
        return Elements(
            self,
            [
                Prim(self, index, tuple(points[point] for point in prim), closed)
                for index, (prim, closed) in enumerate(zip(shape.prims, shape.closed, strict=True))
            ],
        )

    numPoints = property(lambda self: len(self._geometry().points), doc="How many points there are.")
    numPrims = property(lambda self: len(self._geometry().prims), doc="How many primitives there are.")
    numVertices = property(
        lambda self: sum(len(prim) for prim in self._geometry().prims), doc="How many vertices the primitives have."
    )
    pointAttribs = property(
        lambda self: Attributes(self, [Attribute(self, "P", 3, float, (0.0, 0.0, 0.0))]), doc="The point attributes."
    )
    primAttribs = property(lambda self: Attributes(self, []), doc="The primitive attributes: none here.")
    vertexAttribs = property(lambda self: Attributes(self, []), doc="The vertex attributes: none here.")
    pointGroups = property(lambda self: {}, doc="The point groups by name: none, for no type that makes them is built.")
    primGroups = property(lambda self: {}, doc="The primitive groups by name: none, as for points.")
    min = property(lambda self: self.bounds().min, doc="The lower corner of the box around it.")
    max = property(lambda self: self.bounds().max, doc="The upper corner of the box around it.")
    center = property(lambda self: self.bounds().center, doc="The middle of the box around it.")
    size = property(lambda self: self.bounds().size, doc="The size of the box around it.")

    def bounds(self, display: bool = False, render: bool = False) -> Bounds:
        """Return the box around the geometry; of none when a flag asked for is off."""
        shown = (not display or self.display) and (not render or self.render)
        return bounds_of(self._geometry().points if shown else np.zeros((0, 3)))

    def computeBounds(self, display: bool = True, render: bool = True) -> Bounds:
        """The older name of `bounds`, with both flags asked for."""
        return self.bounds(display, render)

    def save(self, filepath: str, createFolders: bool = False) -> str:
        """Write the geometry as Wavefront ``.obj`` and return the path; other formats are not built."""
        target = Path(filepath)
        if target.suffix.lower() != ".obj":
            raise NotImplementedError(f"td_headless does not implement SOP.save as {target.suffix!r}")
        shape = self._geometry()
        if not len(shape.points):
            raise tdError(f"{self.path} has no geometry to save")
        if createFolders:
            target.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"v {x} {y} {z}" for x, y, z in shape.points]
        lines += ["f " + " ".join(str(index + 1) for index in prim) for prim in shape.prims]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(target)
