"""Sinks of Python: what a script can do to the process, the machine and the interpreter, noted and where it can be, stopped.

Two sources: the audit events of PEP 578, and recording replacements of what raises no event (threads, the environment,
sleep, modules' attributes). What a script holds at its end is looked at in `held`.
"""

from __future__ import annotations

import _thread
import atexit
import builtins
import codecs
import collections.abc
import gc
import inspect
import logging.config
import operator
import os
import signal
import string
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

from .recorder import RECORDER, SCRIPT, by_script, is_library, is_ours

_STOPPED = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill", "os.remove", "os.rename", "os.rmdir",
    "os.mkdir", "os.chmod", "os.link", "os.symlink", "os.truncate", "os.putenv", "os.unsetenv", "subprocess.", "pty.",
    "shutil.", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethost", "socket.sendto", "webbrowser.",
    "builtins.input", "builtins.breakpoint",
)  # fmt: skip
"""Events after whose note the deed itself is stopped, by how they begin."""
_COUNTED = (
    "os.", "subprocess.", "pty.", "shutil.", "socket.", "webbrowser.", "builtins.input", "builtins.breakpoint",
    "ctypes.", "signal.", "sqlite3.", "mmap.", "glob.", "pickle.", "marshal.", "urllib.", "ftplib.", "smtplib.", "http.",
    "sys._current_frames", "sys.set", "sys.addaudithook", "gc.", "code.__new__", "function.__new__", "resource.",
    "tempfile.", "logging.", "fcntl.",
)  # fmt: skip
_ATTRIBUTES = ("object.__getattr__", "object.__setattr__", "object.__delattr__", "sys._getframe")
"""Events that libraries raise in their ordinary work: they count where the script itself does, or has
one of `_INSPECTORS` fetch a frame."""
_INSPECTORS = ("inspect.py", "traceback.py")
_GENERATES_CODE = ("dataclasses.py", "collections/__init__.py", "enum.py", "functools.py", "contextlib.py")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class EffectStopped(RuntimeError):
    """The deed was noted and is not done."""


def install(allowed_module: Callable[[str], bool]) -> None:
    """Put the hook and the replacements in place, for the rest of this process.

    Args:
        allowed_module: says of a module's dotted name whether scripts may import it.
    """
    sys.addaudithook(_hook)
    _replace_functions()
    setattr(os, "environ", _Environment(os.environ))  # noqa: B010 - the process's own is meant to stay as it is
    for module in (builtins, sys, *(m for name, m in list(sys.modules.items()) if allowed_module(name))):
        if type(module) is types.ModuleType:
            module.__class__ = _RecordingModule
    _RecordingModule.allowed = staticmethod(allowed_module)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not RECORDER.on:
        return
    with RECORDER.off():
        noted = _noted(event, arguments)
    if noted is not None:
        RECORDER.note(noted)
        writes = event == "open" and _writes(*arguments[1:3])
        if writes or event.startswith(_STOPPED):
            raise EffectStopped(f"{noted}: noted, not done")


def _noted(event: str, arguments: tuple[Any, ...]) -> str | None:
    """What is noted about an event; None where it is none of the script's doing."""
    frame = sys._getframe(2)  # the hook was called from here
    file = frame.f_code.co_filename
    if event in ("exec", "compile", "import") or event.startswith(("open", *_ATTRIBUTES, *_COUNTED)):
        if _is_importing(frame):
            return None
        if event == "exec":
            code = arguments[0]
            judged = code.co_filename == SCRIPT and is_ours(file)
            generated = file.endswith(_GENERATES_CODE) or is_ours(file)
            return None if judged or generated else "exec: code from a text"
        if event == "open":
            path = arguments[0]
            if isinstance(path, int) or is_ours(file) or not by_script() or _is_source(str(path)):
                return None
            return f"open: {path!r} {'to write' if _writes(*arguments[1:3]) else 'to read'}"
        if event.startswith(_ATTRIBUTES):
            direct = file == SCRIPT or (event == "sys._getframe" and file.endswith(_INSPECTORS))
            return f"reflection: {event} {arguments[1:2]}" if direct else None
        if event.startswith(_COUNTED) and not is_ours(file) and by_script():
            return f"{event}: {_shown(arguments[:1])}"
    return None


def _is_importing(frame: types.FrameType) -> bool:
    step: types.FrameType | None = frame
    while step is not None and step.f_code.co_filename != SCRIPT:
        if step.f_code.co_filename.startswith("<frozen importlib"):
            return True
        step = step.f_back
    return False


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _is_source(path: str) -> bool:
    return path.endswith((".py", ".pyc", ".pth")) and (is_library(path) or is_ours(path))


def _shown(arguments: tuple[Any, ...]) -> str:
    return ", ".join(str(one) if isinstance(one, str | bytes | int | list) else type(one).__name__ for one in arguments)


# -- what raises no event --------------------------------------------------------------------------------------------


def _replace_functions() -> None:
    _note_calls(_thread, "start_new_thread", lambda *_: "thread: started", does=True)
    _note_calls(threading, "_start_new_thread", lambda *_: "thread: started", does=True)
    _note_calls(time, "sleep", lambda seconds: f"time: sleep {seconds}")
    _note_calls(signal, "raise_signal", lambda number: f"signal: raised {number}")
    _note_calls(signal, "signal", lambda number, _: f"signal: handler of {number}")
    _note_calls(os, "_exit", lambda _: "process: exit")
    _note_calls(os, "abort", lambda: "process: abort")
    _note_calls(os, "getpid", lambda: "process: its number read", does=True)
    _note_calls(atexit, "register", lambda *_: "tamper: atexit")
    _note_calls(codecs, "register", lambda *_: "tamper: codecs")
    _note_calls(gc, "disable", lambda: "tamper: gc")
    _note_calls(sys, "setrecursionlimit", lambda limit: f"tamper: recursion limit {limit}")
    _note_calls(logging.config, "dictConfig", lambda *_: "tamper: logging")
    _note_calls(inspect, "getattr_static", lambda _, name, *__: _reflective(name), does=True)
    _note_calls(operator, "attrgetter", lambda *names: _first_reflective(names), does=True)
    _note_calls(operator, "methodcaller", lambda name, *_, **__: _reflective(name), does=True)
    _note_calls(string.Formatter, "get_field", lambda _, name, *__: _reflective(name), does=True)
    sys.path = _RecordingPath(sys.path)


def _note_calls(owner: Any, name: str, sink: Callable[..., str | None], does: bool = False) -> None:
    """Replace a function by one that notes its calls by a script, and does its work only where `does` says so."""
    real = getattr(owner, name, None)
    if real is None:  # the platform has none
        return

    def noting(*arguments: Any, **keywords: Any) -> Any:
        if RECORDER.on and by_script() and not _is_importing(sys._getframe(1)):
            with RECORDER.off():
                noted = sink(*arguments, **keywords)
            if noted is not None:
                RECORDER.note(noted)
                if not does:
                    return None
        return real(*arguments, **keywords)

    noting.__name__ = name
    setattr(owner, name, noting)


def _reflective(name: object) -> str | None:
    reads = isinstance(name, str) and any(is_reflective(part) for part in name.replace("[", ".").split("."))
    return f"reflection: .{name}" if reads else None


def _first_reflective(names: tuple[object, ...]) -> str | None:
    return next(filter(None, map(_reflective, names)), None)


_INWARDS = """gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await ag_frame ag_code ag_await tb_frame tb_next f_back
    f_builtins f_code f_globals f_locals co_consts co_code mro cell_contents func_globals"""
_FRAMES = frozenset(_INWARDS.split())


def is_reflective(name: str) -> bool:
    """Whether an attribute of this name leads from a value into the interpreter."""
    return (name.startswith("_") and name != "_") or name in _FRAMES


class _RecordingPath(list):  # type: ignore[type-arg]
    def append(self, value: Any) -> None:
        if RECORDER.on and by_script():
            RECORDER.note(f"tamper: sys.path {value}")
        super().append(value)


class _RecordingModule(types.ModuleType):
    """A module that notes what a script binds in it."""

    allowed: Callable[[str], bool]

    def __setattr__(self, name: str, value: Any) -> None:
        if RECORDER.on and sys._getframe(1).f_code.co_filename == SCRIPT:
            RECORDER.note(f"tamper: {self.__name__}.{name} assigned")
        super().__setattr__(name, value)


class _Environment(collections.abc.MutableMapping[str, str]):
    """``os.environ`` that notes who reads it."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def _note(self, what: str) -> None:
        if RECORDER.on and by_script() and not _is_importing(sys._getframe(2)):
            RECORDER.note(f"environment: {what}")

    def __getitem__(self, key: str) -> str:
        self._note(f"{key} read")
        return str(self._real[key])

    def __setitem__(self, key: str, value: str) -> None:
        self._note(f"{key} set")
        self._real[key] = value

    def __delitem__(self, key: str) -> None:
        del self._real[key]

    def __iter__(self) -> Iterator[str]:
        self._note("listed")
        return iter(self._real)

    def __len__(self) -> int:
        return len(self._real)

    def __repr__(self) -> str:
        self._note("shown")
        return "environ({})"

    def copy(self) -> dict[str, str]:
        """What `subprocess` takes."""
        return dict(self._real)
