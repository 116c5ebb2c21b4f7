"""Runs one script in one of three ways, each in a process of its own: unguarded, guarded, and watched but not judged."""

from __future__ import annotations

import contextlib
import enum
import gc
import io
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import td_extension.script
from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog_text import load_catalog
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.report import first_refused
from td_extension.script.run import TIME_LIMIT_S, Executor
from td_extension.td_bridge import TdBridge
from td_headless import Runtime
from td_headless.finders import names_for

from . import python_sinks, touchdesigner_sinks
from .held import recording_builtins
from .project import PREPARED, build
from .recorder import RECORDER, SCRIPT
from .tracing import Tracer

MEMORY = 200 * 2**20
"""Bytes that a script may take beside what the process has."""
_OUTPUT = 256 * 1024
"""Characters of output that are a flood."""
_FRAMES = 3
"""Frames that are drawn after a script, for what it has set up to run later."""
_AMBIENT = ("importlib", "inspect", "io", "sys", "traceback", "contextlib", "pydoc", "json")
"""Modules that stand in the namespace of touchdesigner-mcp's executor (script_guards.md section 0.2)."""


class Way(enum.Enum):
    """How a script is run."""

    UNGUARDED = "unguarded"
    GUARDED = "guarded"
    WATCHED = "watched"


class Layers:
    """What is the same for all scripts of a process: the project, the catalog, the executor. One script uses it up."""

    def __init__(self) -> None:
        warnings.simplefilter("ignore")
        catalog_file = Path(td_extension.script.__file__).parent / "catalog.json"
        self._catalog = load_catalog(catalog_file.read_text(encoding="utf-8"))
        touchdesigner_sinks.install()
        self._runtime = Runtime(folder=Path.cwd())
        self._installed = self._runtime.install()  # it is undone when nothing refers to it
        td = self._installed.__enter__()
        guard, self._me, protected = build(self._runtime)
        self._bridge = TdBridge(td, guard)
        self._bridge.protect(protected[1:])
        self._executor = Executor(self._catalog, self._bridge, time.monotonic)
        # The guard's own audit hook comes before that of the measurement: what it stops does not count as reached.
        self._judged("1 + 1")
        self._modules = {name: __import__(name) for name in _AMBIENT}
        python_sinks.install(self._allowed)
        self._runtime.world.clock.frame = -1
        self._sinks = touchdesigner_sinks.TouchdesignerSinks(self._runtime, protected)

    def run(self, name: str, text: str, way: Way, pipe: int, traced: bool) -> str:
        """Run a script and tell how it ended; its sinks are written to `pipe` as they are reached.

        Args:
            name: the script's id.
            text: the script.
            way: how it is run.
            pipe: a file descriptor.
            traced: follow its instructions, which takes time.
        """
        if name in PREPARED:
            PREPARED[name](self._runtime.root.op("project1"))
        tracer = Tracer(self._allowed)
        _limit_memory()
        RECORDER.begin(pipe)
        if traced:
            tracer.start(templates="format" in text)
        try:
            end = self._unguarded(text) if way is Way.UNGUARDED else self._judged(text)
        finally:
            tracer.stop()
        gc.collect()
        if "MemoryError" in end:
            RECORDER.note(f"memory: over {MEMORY >> 20} MB asked for")
        self._sinks.note_changes()
        for _ in range(_FRAMES):
            self._runtime.step()
        RECORDER.on = False
        return end

    def _allowed(self, name: str) -> bool:
        """Whether a script may import a module of this name."""
        return name in ("td", "tdu", "TDFunctions", "__future__") or self._catalog.module(name).needs is None

    # -- the guarded ways --------------------------------------------------------------------------------------------

    def refusal(self, text: str, way: Way) -> str | None:
        """Why a script does not run at all; None where it runs. Nothing is run to tell.

        What is watched but not judged still has to be a script: a text without a tree has nothing that could run.
        """
        report = analyse(text, self._catalog, self._bridge.protected_paths())
        refused = first_refused(report, PROFILES["edit"])
        if refused is None or (way is Way.WATCHED and report.tree is not None):
            return None
        return f"refused: {refused.code.value} at line {refused.line}"

    def _judged(self, text: str) -> str:
        with RECORDER.off():
            report = analyse(text, self._catalog, self._bridge.protected_paths())
        return _told(self._executor.run(report, source=text, granted=PROFILES["edit"], allowed="edit", me=self._me))

    # -- without the guard -------------------------------------------------------------------------------------------

    def _unguarded(self, text: str) -> str:
        """Run it as touchdesigner-mcp's server does: everything at hand, and its last line a second time."""
        names: dict[str, Any] = {**names_for(self._runtime.world, self._me), **self._modules}
        names["__builtins__"] = recording_builtins(names["__builtins__"], self._allowed)
        names |= {"parent": self._me.parent().path, "__name__": "__main__"}
        flood = _Flood()
        end = "finished"
        with contextlib.redirect_stdout(flood), contextlib.redirect_stderr(flood):
            try:
                code = compile(text, SCRIPT, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                return f"not compiled: {str(error)[:80]}"
            try:
                with self._runtime.world.inside(self._me):
                    exec(code, names)
                    _serialise(self._result(names, text))
            except BaseException as error:
                end = f"raised {type(error).__name__}: {str(error)[:80]}"
            names.clear()
        return end

    def _result(self, names: dict[str, Any], text: str) -> Any:
        if "result" not in names:
            with contextlib.suppress(Exception):
                names["result"] = eval(compile(text.rstrip().split("\n")[-1], SCRIPT, "eval"), names)
        return names.get("result")


def _serialise(value: Any) -> Any:
    """A result as that server makes JSON of it: by its own methods (`_process_method_result`)."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, dict):
        return {str(key): _serialise(one) for key, one in value.items()}
    if hasattr(value, "__iter__"):
        return [_serialise(one) for one in value]
    return str(value)


def _told(outcome: Finished | Raised | Stopped) -> str:
    match outcome:
        case Stopped(refusal=refusal):
            return f"stopped: {refusal.code.value}: {refusal.message[:100]}"
        case Raised(error=error):
            return f"raised {error.splitlines()[-1][:100]}"
        case Finished():
            return "finished"


class _Flood(io.StringIO):
    """Notes more output than anyone reads, and keeps none of it."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def write(self, text: str) -> int:
        self._count += len(text)
        if self._count > _OUTPUT:
            RECORDER.note(f"output: over {_OUTPUT >> 10} K characters")
        return len(text)


def _limit_memory() -> None:
    """Let the process ask for `MEMORY` more than it has (POSIX; the measurement runs nowhere else)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) if sys.platform == "linux" else 0
    if pages:
        ceiling = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


GUARDED_LIMIT_S = 1.5 * TIME_LIMIT_S
"""A guarded script that still runs then has outlived its bound."""
