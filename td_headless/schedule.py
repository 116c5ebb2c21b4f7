"""Delayed scripts: ``run``, ``Run`` objects, ``td.runs``."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from td_headless.finders import names_for
from td_headless.unbuilt import loud
from td_headless.world import World


@loud("Run")
class Run:
    """One call that waits for its frame (Derivative's Run Class)."""

    __slots__ = ("_call", "_schedule", "args", "dueFrame", "fromOP", "group", "source")

    def __init__(
        self,
        schedule: Schedule,
        call: Callable[[], Any],
        source: Any,
        args: tuple[Any, ...],
        due: int,
        group: str,
        origin: Any,
    ) -> None:
        self._schedule = schedule
        self._call = call
        self.source = source
        self.args = args
        self.dueFrame = due
        self.group = group
        self.fromOP = origin

    @property
    def active(self) -> bool:
        """Whether the call still waits."""
        return self in self._schedule.runs

    @property
    def remainingFrames(self) -> int:
        """Frames until the call is due."""
        return max(0, self.dueFrame - self._schedule.world.clock.frame)

    isString = property(lambda self: isinstance(self.source, str), doc="Whether it runs a text.")
    isDAT = property(lambda self: getattr(self.source, "family", "") == "DAT", doc="Whether it runs a DAT.")
    isCell = property(lambda self: False, doc="Whether it runs a cell; a cell hands over its text here.")
    path = property(lambda self: self.fromOP, doc="The operator it runs from.")
    remainingMilliseconds = property(
        lambda self: round(self.remainingFrames * self._schedule.world.clock.stepSeconds * 1000),
        doc="Milliseconds until the call is due.",
    )

    def kill(self) -> None:
        """Forget the call."""
        if self.active:
            self._schedule.runs.remove(self)


class Schedule:
    """All waiting calls of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.runs: list[Run] = []

    def run(
        self,
        script: Any,
        *args: Any,
        endFrame: bool = False,
        fromOP: Any = None,
        asParameter: bool = False,
        group: str | None = None,
        delayFrames: int = 0,
        delayMilliSeconds: int = 0,
        wallTime: bool = False,
        delayRef: Any = None,
    ) -> Run:
        """Run a script or callable, at once or after a delay counted in frames or milliseconds of the frame clock."""
        origin = fromOP if fromOP is not None else self.world.running
        frames = int(delayFrames) + round(delayMilliSeconds / 1000 * self.world.clock.rate)
        due = self.world.clock.frame + frames
        entry = Run(self, self._call(script, args, origin), script, args, due, group or "", origin)
        if frames <= 0 and not endFrame:
            entry._call()
        else:
            self.runs.append(entry)
        return entry

    def _call(self, script: Any, args: tuple[Any, ...], origin: Any) -> Callable[[], Any]:
        if callable(script):
            return lambda: script(*args)

        def execute() -> None:
            names = names_for(self.world, origin)
            names["args"] = args
            exec(compile(str(script), f"{origin.path} (run)", "exec", dont_inherit=True), names)

        return execute

    def run_due(self) -> None:
        """Run every call whose frame has come; an error is kept as a script error of the operator it came from."""
        for entry in [entry for entry in self.runs if entry.dueFrame <= self.world.clock.frame]:
            if not entry.active:
                continue
            self.runs.remove(entry)
            if not entry.fromOP.valid:
                continue
            with self.world.inside(entry.fromOP):
                try:
                    entry._call()
                except (Exception, SystemExit):
                    if entry.fromOP.valid:
                        entry.fromOP.addScriptError(traceback.format_exc())
