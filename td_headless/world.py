"""What all operators of one project share: identities, the running operator, the clock, observers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class AbsTime:
    """TouchDesigner's ``absTime``: the frames since the start, at a fixed rate."""

    __slots__ = ("_rate", "frame", "stepSeconds")

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self.frame = 0
        self.stepSeconds = 1.0 / rate

    @property
    def rate(self) -> float:
        """Frames per second."""
        return self._rate

    @property
    def seconds(self) -> float:
        """Seconds since the start, counted in frames."""
        return self.frame / self._rate

    @property
    def step(self) -> int:
        """Frames between this frame and the last; always 1 here, for no frame is ever dropped."""
        return 1


class World:
    """The state behind one project. Operators hold a reference to it; it knows nothing of their classes.

    Attributes:
        build: TouchDesigner's build, e.g. ``2025.32460``.
        types: operator classes by their lower-case type name, e.g. ``noisetop``.
        names: the names TouchDesigner puts into the globals of every DAT.
        root: the operator ``/``.
        by_id: living operators by their id.
        end_of_frame: calls that wait for the end of the frame.
    """

    def __init__(self, build: str, frame_rate: float) -> None:
        if int(build.partition(".")[0]) < 2023:
            raise ValueError(f"td_headless does not imitate builds before 2023: {build}")
        self.build = build
        self.clock = AbsTime(frame_rate)
        self.types: dict[str, type[Any]] = {}
        self.names: dict[str, Any] = {}
        self.root: Any = None
        self.by_id: dict[int, Any] = {}
        self.end_of_frame: list[Callable[[], None]] = []
        self.main_thread = threading.get_ident()
        self.parameter_observers: list[Callable[[Any, Any], None]] = []
        self.par_detail_observers: list[Callable[[Any, str, Any, Any], None]] = []
        self.pulse_observers: list[Callable[[Any], None]] = []
        self.creation_observers: list[Callable[[Any], None]] = []
        self.destruction_observers: list[Callable[[Any], None]] = []
        self.schedule: Any = None
        self._running: list[Any] = []
        self._module_watches: list[list[tuple[Any, int]]] = []
        self._last_id = 0

    @property
    def build_number(self) -> tuple[int, int]:
        """The build as two numbers, e.g. ``(2025, 32460)``."""
        year, _, number = self.build.partition(".")
        return int(year), int(number or 0)

    def next_id(self) -> int:
        """Return an operator id that was never used before."""
        self._last_id += 1
        return self._last_id

    @property
    def running(self) -> Any:
        """The operator whose code runs now, or the root when none does; relative paths start there."""
        return self._running[-1] if self._running else self.root

    @contextmanager
    def inside(self, operator: Any) -> Iterator[None]:
        """Make `operator` the running one for the duration of the block."""
        self._running.append(operator)
        try:
            yield
        finally:
            self._running.pop()

    def watch_modules(self) -> Callable[[], list[tuple[Any, int]]]:
        """Begin to note which DATs are used as modules; the returned call ends it and gives them with versions."""
        noted: list[tuple[Any, int]] = []
        self._module_watches.append(noted)

        def finish() -> list[tuple[Any, int]]:
            self._module_watches.remove(noted)
            return noted

        return finish

    def note_module(self, dat: Any) -> None:
        """Tell everyone who watches that `dat` was used as a module."""
        for noted in self._module_watches:
            noted.append((dat, dat._version))
