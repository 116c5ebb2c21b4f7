"""When an operator cooks, and what is counted (Derivative's OP Class, *Cook*).

Data here is computed when it is read, so a cook computes nothing by itself: it is counted, and timed where a type has
something to do. An operator is due to cook when it is new or when a parameter, a wire, its data or an operator before
it changed.
"""

from __future__ import annotations

import time
from typing import Any


class Cooking:
    """The part of an operator that counts its cooks."""

    __slots__ = ("_cook_frame", "_cook_ms", "_cooks", "_previous_cook_frame", "_stale")
    _world: Any
    _cooks: int
    _cook_frame: int
    _previous_cook_frame: int
    _cook_ms: float
    _stale: bool
    allowCooking: bool

    def cook(self, force: bool = False, recurse: bool = False, includeUtility: bool = False) -> None:
        """Cook if something changed, or anyway with `force`; with `recurse` also everything inside.

        Nothing cooks while ``allowCooking`` is off. Which operators are utilities is not known here:
        `includeUtility` makes no difference.
        """
        if not self.allowCooking:
            return
        if force or self._stale:
            started = time.perf_counter()
            self._cook()
            self._cook_ms = (time.perf_counter() - started) * 1000
            self._cooks += 1
            if self._cook_frame != self._world.clock.frame:
                self._previous_cook_frame, self._cook_frame = self._cook_frame, self._world.clock.frame
            self._stale = False
        if recurse:
            for child in self._children():  # type: ignore[attr-defined]
                child.cook(force, recurse, includeUtility)

    def _cook(self) -> None:
        """Do what cooking means for this type."""

    def _outdate(self) -> None:
        """Note that this operator and those that read it have to cook again."""
        if not self._stale:
            self._stale = True
            for reader in self.outputs:  # type: ignore[attr-defined]
                reader._outdate()

    totalCooks = property(lambda self: self._cooks, doc="How often it cooked.")
    cookFrame = property(lambda self: float(self._cook_frame), doc="The frame of the last cook.")
    cookAbsFrame = property(lambda self: float(self._cook_frame), doc="The absolute frame of the last cook.")
    cookTime = property(lambda self: self._cook_ms, doc="Milliseconds the last cook took.")
    cpuCookTime = property(lambda self: self._cook_ms, doc="Milliseconds the last cook took on the CPU.")
    gpuCookTime = property(lambda self: 0.0, doc="Milliseconds on the GPU: none, for there is no GPU here.")

    @property
    def cookedThisFrame(self) -> bool:
        """Whether it cooked in this frame."""
        return self._cooks > 0 and self._cook_frame == self._world.clock.frame

    @property
    def cookedPreviousFrame(self) -> bool:
        """Whether it cooked in the frame before."""
        return self._cooks > 0 and self._world.clock.frame - 1 in (self._cook_frame, self._previous_cook_frame)

    @property
    def childrenCPUCookTime(self) -> float:
        """Milliseconds of the last cooks of everything inside."""
        children = self._children()  # type: ignore[attr-defined]
        return float(sum(child.cpuCookTime + child.childrenCPUCookTime for child in children))

    childrenCookTime = childrenCPUCookTime
    childrenGPUCookTime = property(lambda self: 0.0, doc="Milliseconds on the GPU: none, for there is no GPU here.")
