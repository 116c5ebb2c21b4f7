"""``tdu.Position`` and ``tdu.Vector``: three numbers each (Derivative's Position and Vector Class)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from td_headless.unbuilt import loud


class _Triple:
    __slots__ = ("x", "y", "z")

    def __init__(self, x: Any = 0.0, y: float = 0.0, z: float = 0.0) -> None:
        if not isinstance(x, int | float) and hasattr(x, "__iter__"):
            x, y, z = x
        self.x, self.y, self.z = float(x), float(y), float(z)

    def copy(self) -> Any:
        """Return a new one with the same numbers."""
        return type(self)(*self)

    def abs(self) -> None:
        """Make all three positive."""
        self.x, self.y, self.z = abs(self.x), abs(self.y), abs(self.z)

    def scale(self, x: float, y: float, z: float) -> None:
        """Multiply each by its own factor."""
        self.x, self.y, self.z = self.x * x, self.y * y, self.z * z

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y, self.z))

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> float:
        return (self.x, self.y, self.z)[index]

    def __setitem__(self, index: int, value: float) -> None:
        setattr(self, "xyz"[index], float(value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Triple) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Any) -> Any:
        return type(self)(*(mine + its for mine, its in zip(self, _three(other), strict=True)))

    def __sub__(self, other: Any) -> Any:
        return type(self)(*(mine - its for mine, its in zip(self, _three(other), strict=True)))

    def __mul__(self, factor: float) -> Any:
        return type(self)(*(mine * factor for mine in self))

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Any:
        return type(self)(*(mine / divisor for mine in self))

    def __neg__(self) -> Any:
        return self * -1.0

    def __repr__(self) -> str:
        return f"tdu.{type(self).__name__}({self.x}, {self.y}, {self.z})"


@loud("Position")
class Position(_Triple):
    """A place in space."""

    __slots__ = ()

    def translate(self, x: float, y: float, z: float) -> None:
        """Move it."""
        self.x, self.y, self.z = self.x + x, self.y + y, self.z + z


@loud("Vector")
class Vector(_Triple):
    """A direction with a length."""

    __slots__ = ()

    def length(self) -> float:
        """Return the length."""
        return math.sqrt(self.lengthSquared())

    def lengthSquared(self) -> float:
        """Return the square of the length."""
        return self.dot(self)

    def dot(self, other: Any) -> float:
        """Return the scalar product."""
        return float(sum(mine * its for mine, its in zip(self, other, strict=True)))

    def cross(self, other: Any) -> Vector:
        """Return the vector product."""
        x, y, z = other
        return Vector(self.y * z - self.z * y, self.z * x - self.x * z, self.x * y - self.y * x)

    def distance(self, other: Any) -> float:
        """Return the length of the difference."""
        return float((self - other).length())

    def normalize(self) -> None:
        """Make the length 1; a vector of length 0 raises `ZeroDivisionError`."""
        length = self.length()
        self.x, self.y, self.z = self.x / length, self.y / length, self.z / length

    def angle(self, other: Any) -> float:
        """Return the angle between both, in degrees."""
        cosine = self.dot(other) / (self.length() * Vector(other).length())
        return math.degrees(math.acos(min(1.0, max(-1.0, cosine))))

    def lerp(self, other: Any, share: float) -> Vector:
        """Return the vector that lies `share` (0 to 1) of the way to `other`."""
        mixed: Vector = self + (Vector(other) - self) * share
        return mixed


def _three(other: Any) -> tuple[float, float, float]:
    if isinstance(other, int | float):
        return (other, other, other)
    x, y, z = other
    return (x, y, z)
