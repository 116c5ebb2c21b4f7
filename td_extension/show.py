"""What is known of the show when a call comes in: Perform Mode, the frames that are really drawn, the time of day."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_SPAN_S = 1.0
_MAX_FRAMES = 1_000


@dataclass(frozen=True, slots=True)
class Show:
    """The show at one moment. None stands for what could not be told.

    Attributes:
        perform_mode: whether TouchDesigner is in Perform Mode.
        frame_rate: frames a second that were really drawn.
        hour: local time of day in hours, 0 to 24.
    """

    perform_mode: bool | None = None
    frame_rate: float | None = None
    hour: float | None = None


class FrameMeter:
    """Counts the frames of the last second. The clock is an argument: monotonic seconds."""

    def __init__(self) -> None:
        self._frames: deque[float] = deque(maxlen=_MAX_FRAMES)
        self._first_s: float | None = None

    def drawn(self, now_s: float) -> None:
        """A frame begins."""
        self._frames.append(now_s)
        if self._first_s is None:
            self._first_s = now_s

    def rate(self, now_s: float) -> float | None:
        """Frames of the last second; None before a second has been seen."""
        if self._first_s is None or now_s - self._first_s < _SPAN_S:
            return None
        frames = self._frames
        while frames and frames[0] <= now_s - _SPAN_S:
            frames.popleft()
        return len(frames) / _SPAN_S
