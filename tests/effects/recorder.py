"""Notes which sinks a script reaches, at once and outside the process, so that a crash or a kill loses none."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

SCRIPT = "<script>"
"""The file name under which every measured script is compiled, with and without the guard."""

_ROOT = Path(__file__).resolve().parents[2]
_TRANSPARENT = tuple(
    f"{_ROOT / folder}{os.sep}" for folder in ("td_headless", "td_extension", "tests", "policyguard_cli")
)
_LIBRARY = tuple({os.path.dirname(os.__file__) + os.sep, os.path.join(sys.prefix, ""), "<frozen", "<string>"})


class Recorder:
    """The list of sinks of one run. It is off while the measurement itself works.

    Attributes:
        on: whether what happens now is the script's doing.
    """

    def __init__(self) -> None:
        self.on = False
        self._seen: set[str] = set()
        self._pipe: int | None = None

    def begin(self, pipe: int) -> None:
        """Write what is noted from now on to the file descriptor `pipe`, one line each, and switch on."""
        self._pipe = pipe
        self._seen.clear()
        self.on = True

    def note(self, sink: str) -> None:
        """Note that `sink`, ``kind: detail``, was reached; the same one is noted once."""
        with self.off():
            line = " ".join(sink.split())[:160].encode("utf-8", "backslashreplace").decode()
            if self._pipe is not None and line not in self._seen and len(self._seen) < 30:
                self._seen.add(line)
                os.write(self._pipe, f"sink {line}\n".encode())

    @contextlib.contextmanager
    def off(self) -> Iterator[None]:
        """Do work of the measurement's own."""
        before, self.on = self.on, False
        try:
            yield
        finally:
            self.on = before


RECORDER = Recorder()
"""The one of this process: an audit hook cannot be removed and a forked process runs one script."""


def by_script() -> bool:
    """Whether the script's own code, and not the project's, brought about what happens now.

    The stand-in, the guard and libraries are looked through: they act for the script where they are called from it.
    """
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file == SCRIPT:
            return True
        if not file.startswith(_TRANSPARENT) and not file.startswith(_LIBRARY):
            return False
        frame = frame.f_back  # type: ignore[assignment]
    return False


def is_library(file: str) -> bool:
    """Whether `file` is part of Python or of an installed package."""
    return file.startswith(_LIBRARY)


def is_ours(file: str) -> bool:
    """Whether `file` is the stand-in's, the guard's or the measurement's."""
    return file.startswith(_TRANSPARENT)
