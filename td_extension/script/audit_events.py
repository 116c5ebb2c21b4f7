"""The last line while a script runs: the events that Python itself reports (PEP 578).

It stops an effect that was reached by a way nobody thought of: a file opened, a process started, a socket made, from
inside a library. It is no sandbox: many things raise no event (script_guards.md section 3). It looks only while a
judged script runs, only in its thread, and only at what the script itself brought about: the project's own code, which
may run because a script made something cook, is none of its business.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

from ..values import Capability
from .audit_switch import AUDIT_SWITCH
from .bridge import SCRIPT
from .catalog import Catalog
from .watch import Watch

_HARMLESS = frozenset(
    {"builtins.id", "array.__new__", "sys.unraisablehook", "cpython.run_command", "compile", "exec", "marshal.loads"}
)
"""Events that are let pass. TouchDesigner itself may compile and run expressions while a script reads a parameter, and
a script has neither `compile` nor `exec`."""

_INSIDE_LIBRARIES = ("object.", "sys.", "code.", "function.", "gc.", "os.listdir", "os.scandir", "pickle.", "time.")
"""Events that libraries raise in their ordinary work; they count only where a script raises them itself."""

_BEGINNINGS: tuple[tuple[str, Capability], ...] = (
    ("open", Capability.FILE_READ),
    ("os.listdir", Capability.FILE_READ),
    ("os.scandir", Capability.FILE_READ),
    ("os.walk", Capability.FILE_READ),
    ("glob.", Capability.FILE_READ),
    ("pathlib.", Capability.FILE_READ),
    ("os.system", Capability.PROCESS),
    ("os.exec", Capability.PROCESS),
    ("os.fork", Capability.PROCESS),
    ("os.posix_spawn", Capability.PROCESS),
    ("os.spawn", Capability.PROCESS),
    ("os.startfile", Capability.PROCESS),
    ("os.kill", Capability.PROCESS),
    ("os.putenv", Capability.PROCESS),
    ("os.unsetenv", Capability.PROCESS),
    ("subprocess.", Capability.PROCESS),
    ("pty.", Capability.PROCESS),
    ("signal.", Capability.PROCESS),
    ("os.", Capability.FILE_WRITE),
    ("shutil.", Capability.FILE_WRITE),
    ("tempfile.", Capability.FILE_WRITE),
    ("sqlite3.", Capability.FILE_WRITE),
    ("mmap.", Capability.FILE_WRITE),
    ("socket.", Capability.NET),
    ("urllib.", Capability.NET),
    ("http.", Capability.NET),
    ("ftplib.", Capability.NET),
    ("smtplib.", Capability.NET),
    ("webbrowser.", Capability.PROCESS),
    ("builtins.input", Capability.BLOCK),
    ("builtins.breakpoint", Capability.BLOCK),
    ("time.sleep", Capability.BLOCK),
)
"""What an event means, by how its name begins; the first that fits counts. Any other event is `reflection`."""

_OF_FILES = ("open", "os.", "shutil.", "glob.", "pathlib.", "sqlite3.connect", "tempfile.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEVER_BY_IMPORT = (Capability.PROCESS, Capability.NET, Capability.REFLECTION, Capability.DYNAMIC)

Looker = Callable[[str, tuple[Any, ...]], None]


class AuditEvents:
    """Looks at the events of one run.

    Args:
        watch: stops the script.
        catalog: what needs which capability.
    """

    def __init__(self, watch: Watch, catalog: Catalog) -> None:
        self._watch = watch
        self._catalog = catalog

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Stop the script where it has brought about an event that it has no right to."""
        if event in _HARMLESS:
            return
        if event.startswith(_OF_FILES) and self._leads_to_the_guard(arguments) and _is_of_the_script(event):
            self._watch.protection.stop_at_files(f"the event {event!r}")
        needed = self._needed(event, arguments)
        named = os.path.realpath(arguments[0]) if event == "open" and isinstance(arguments[0], str) else None
        if needed is not None and not self._watch.permits(needed, named) and _is_of_the_script(event):
            self._watch.require(needed, f"the event {event!r}", "Python reports it while the script runs", named)

    def _leads_to_the_guard(self, arguments: tuple[Any, ...]) -> bool:
        paths = [os.fsdecode(one) for one in arguments if isinstance(one, str | bytes | os.PathLike)]
        return any(
            self._watch.protection.leads_to_the_guard(os.path.realpath(path)) for path in paths if "\0" not in path
        )

    def _needed(self, event: str, arguments: tuple[Any, ...]) -> Capability | None:
        if event == "import":
            needs = self._catalog.module(str(arguments[0])).needs
            return needs if needs in _NEVER_BY_IMPORT else None
        if event == "open" and _writes(*arguments[1:3]):
            return Capability.FILE_WRITE
        return next((needs for beginning, needs in _BEGINNINGS if event.startswith(beginning)), Capability.REFLECTION)


@contextlib.contextmanager
def listening(looker: Looker) -> Iterator[None]:
    """Let `looker` see the events of this thread, until the end of the ``with`` statement."""
    switch = _switch()
    before = switch.looker, switch.thread
    switch.looker, switch.thread = looker, threading.get_ident()
    try:
        yield
    finally:
        switch.looker, switch.thread = before


def _switch() -> Any:
    switch = sys.modules.get(AUDIT_SWITCH)
    if switch is None:
        switch = types.ModuleType(AUDIT_SWITCH, "Where the running PolicyGuard listens to Python's audit events.")
        switch.looker, switch.thread = None, 0  # type: ignore[attr-defined]
        sys.modules[AUDIT_SWITCH] = switch
        sys.addaudithook(_hook_of(switch))
    return switch


def _hook_of(switch: Any) -> Looker:
    get_ident = threading.get_ident

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        looker = switch.looker
        if looker is None or get_ident() != switch.thread:
            return
        switch.looker = None  # what the looker itself does is not looked at
        try:
            looker(event, arguments)
        finally:
            switch.looker = looker

    return hook


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {"<frozen"})
_OWN = __name__.partition(".")[0]


def _is_of_the_script(event: str) -> bool:
    """Whether nothing but libraries and the guard stands between the script and the event."""
    direct = event.startswith(_INSIDE_LIBRARIES)
    frame: types.FrameType | None = sys._getframe(3)
    while frame is not None:
        file = frame.f_code.co_filename
        if file == SCRIPT:
            return True
        is_own = str(frame.f_globals.get("__name__")).partition(".")[0] == _OWN
        if not is_own and (direct or not file.startswith(_LIBRARIES)):
            return False
        frame = frame.f_back
    return False
