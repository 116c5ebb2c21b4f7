"""Follows the instructions of a script: the attributes it reads, the templates it formats, what its frames end with."""

from __future__ import annotations

import dis
import sys
import types
from collections.abc import Callable
from typing import Any

from .held import note_held
from .python_sinks import is_reflective
from .recorder import RECORDER, SCRIPT

_READING = frozenset(
    dis.opmap[name] for name in ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR", "DELETE_ATTR") if name in dis.opmap
)
_NAMING = frozenset(dis.opmap[name] for name in ("LOAD_NAME", "LOAD_GLOBAL"))


class Tracer:
    """What `sys.settrace` and `sys.setprofile` call while one script runs.

    Args:
        allowed_module: says of a module's dotted name whether scripts may import it.
    """

    def __init__(self, allowed_module: Callable[[str], bool]) -> None:
        self._allowed = allowed_module
        self._places: dict[types.CodeType, dict[int, str]] = {}
        self._given: dict[str, Any] = {}
        self._pending: dict[types.FrameType, str] = {}

    def start(self, templates: bool) -> None:
        """Follow this thread from now on; with `templates`, look at each that is formatted, which takes time."""
        if templates:
            sys.setprofile(self._profile)
        sys.settrace(self._call)

    @staticmethod
    def stop() -> None:
        """Follow it no longer."""
        sys.settrace(None)
        sys.setprofile(None)

    def _call(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != SCRIPT:
            return None
        code = frame.f_code
        if code not in self._places:
            self._places[code] = _reflective_places(code)
            if code.co_name == "<module>":
                self._given = dict(frame.f_globals)
        frame.f_trace_lines = False
        frame.f_trace_opcodes = bool(self._places[code])
        return self._step

    def _step(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        # An opcode is told before it runs: what it reads counts once the next event is not its exception.
        reached = self._pending.pop(frame, None)
        if reached is not None and event != "exception" and RECORDER.on:
            RECORDER.note(f"reflection: {reached}")
        if event == "opcode":
            name = self._places[frame.f_code].get(frame.f_lasti)
            if name is not None:
                self._pending[frame] = name
        elif event == "return" and RECORDER.on:
            note_held(frame.f_locals, self._given, self._allowed)
        return self._step

    def _profile(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event != "c_call" or not RECORDER.on or frame.f_code.co_filename != SCRIPT:
            return
        if argument.__name__ in ("format", "format_map") and type(argument.__self__) is str:
            template = argument.__self__
            if "._" in template or "[_" in template:
                RECORDER.note(f"reflection: format {template}")


def _reflective_places(code: types.CodeType) -> dict[int, str]:
    """The offsets at which `code` reads or writes an attribute, or a name, that leads into the interpreter."""
    found: dict[int, str] = {}
    before: dis.Instruction | None = None
    for step in dis.get_instructions(code):
        if step.opcode in _READING and is_reflective(str(step.argval)):
            found[step.offset] = f".{step.argval}"
        elif step.opcode in _NAMING and step.argval in ("__builtins__", "__loader__", "__spec__"):
            found[step.offset] = str(step.argval)
        elif step.opname == "MATCH_CLASS" and before is not None and isinstance(before.argval, tuple):
            names = [name for name in before.argval if is_reflective(str(name))]
            if names:
                found[step.offset] = f"match .{names[0]}"
        before = step
    return found
