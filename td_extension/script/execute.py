"""PolicyGuard's own executor: runs the judged tree in a world of its own.

The guarded server's executor is not used: it evaluates the last line a second time, leaks its own module's globals
into the script and knows no end (mcp_servers.md section 2.4).
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import inspect
import io
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..values import Code, Json
from .bounds import Bounds
from .bridge import SCRIPT
from .hooks import Hook
from .instrument import instrument
from .outcomes import Finished, Raised, Stopped
from .permissions import ScriptStopped
from .reduce import TooLarge, reduce
from .report import ScriptReport, Use
from .sharing import why_too_many
from .watch import Watch

MAX_OUTPUT = 256 * 1024
"""Characters of each of stdout and stderr that are kept."""
_MAX_ERROR = 8 * 1024

# By the hooks' names, read once: reading an enum's value takes longer than making a method.
_OF_THE_WATCH: Mapping[str, Callable[..., Any]] = {
    Hook.READ.value: Watch.read,
    Hook.WRITE.value: Watch.write,
    Hook.PLACE.value: Watch.place,
    Hook.MAKE.value: Watch.make,
    Hook.CHANGE.value: Watch.change,
    Hook.HELD.value: Watch.held,
    Hook.OWNED.value: Watch.read_known,
    Hook.METHOD.value: Watch.method,
}
_OF_THE_BOUNDS: Mapping[str, Callable[..., Any]] = {
    Hook.SIZED.value: Bounds.method,
    Hook.PRODUCT.value: Bounds.product,
    Hook.POWER.value: Bounds.power,
    Hook.SHIFT.value: Bounds.shift,
    Hook.TOTAL.value: Bounds.total,
    Hook.REMAINDER.value: Bounds.remainder,
    Hook.MATRIX.value: Bounds.matrix,
    Hook.BEFORE_PRODUCT.value: Bounds.before_product,
    Hook.BEFORE_POWER.value: Bounds.before_power,
    Hook.BEFORE_SHIFT.value: Bounds.before_shift,
    Hook.BEFORE_TOTAL.value: Bounds.before_total,
    Hook.BEFORE_REMAINDER.value: Bounds.before_remainder,
    Hook.BEFORE_MATRIX.value: Bounds.before_matrix,
    Hook.SPECIFICATION.value: Bounds.specification,
    Hook.COMPARED.value: Bounds.compared,
    Hook.BUILT.value: Bounds.built,
    Hook.TEXT.value: Bounds.text,
    Hook.WALKED.value: Bounds.walked,
    Hook.TUPLED.value: Bounds.tupled,
    Hook.SPREAD.value: Bounds.spread,
}
_SLICE, _LAST = Hook.SLICE.value, Hook.LAST.value


def with_code(report: ScriptReport, watched: frozenset[str]) -> ScriptReport:
    """The report with the code of its tree, which is instrumented in place and so used up.

    What Python parses it may still not compile, a ``return`` outside a function for one: then the report is that of a
    text that is no script.

    Args:
        report: a judgement with its tree.
        watched: the members whose receivers are looked at (`instrument.watched_members`).

    Raises:
        ValueError: if the report has no tree.
    """
    if report.tree is None:
        raise ValueError("a text that is no script cannot run")
    try:
        looked_at = watched | report.own_members if report.own_members else watched
        code = compile(instrument(report.tree, looked_at), SCRIPT, "exec", dont_inherit=True)
    except SyntaxError as error:
        refused = _not_compiled(error.msg, error.lineno, error.offset)
    except (ValueError, OverflowError, RecursionError, MemoryError, SystemError) as error:
        refused = _not_compiled(str(error) or type(error).__name__, None, None)
    else:
        return report.compiled(code)
    return dataclasses.replace(report, tree=None, uses=(refused,))


def _not_compiled(problem: str, line: int | None, column: int | None) -> Use:
    why = f"it is no valid Python: {problem}"
    return Use(line or 1, max(column or 1, 1), "this script", None, code=Code.SCRIPT_SYNTAX, why=why)


def execute(
    code: types.CodeType,
    *,
    source: str,
    world: dict[str, Any],
    builtins: dict[str, Any],
    watch: Watch,
    describe: Callable[[object], Json],
) -> Finished | Raised | Stopped:
    """Run a judged script once, to its end, its exception or its stop.

    Args:
        code: what `with_code` gave. It is not changed by running, and finds everything in the namespace of this run.
        source: its text, for the lines of a traceback only.
        world: the names the script finds, beside the builtins; it becomes the namespace, and is empty in the end.
        builtins: what stands behind ``__builtins__`` (`world.safe_builtins`), made for this run.
        watch: the watch over this run.
        describe: tells a TouchDesigner object as plain data (`reduce`).
    """
    namespace = world
    # No module can bear this name: dataclasses and enum look their classes' module up by it.
    namespace |= {"__builtins__": builtins, "__name__": SCRIPT}

    def last(value: object) -> object:
        """The value of the last expression becomes the result, unless the script has set one."""
        namespace.setdefault("result", value)
        return value

    namespace |= {name: types.MethodType(hook, watch) for name, hook in _OF_THE_WATCH.items()}
    namespace |= {name: types.MethodType(hook, watch.bounds) for name, hook in _OF_THE_BOUNDS.items()}
    namespace[_SLICE], namespace[_LAST] = watch.bounds.unchained(slice), last
    watch.ticks.enter(namespace)
    hook = sys.unraisablehook
    sys.unraisablehook = _told_to(hook)
    try:
        with _collected_young(_may_act_when_closed(code)):
            try:
                outcome = _outcome(code, namespace, source, watch, describe)
                return _settled(outcome, watch)
            finally:
                # Breaks the cycles between the script's functions and their globals: nothing of it lives on, and what
                # should live on all the same finds neither names nor builtins nor an open hook.
                watch.end()
                namespace["__builtins__"].clear()
                namespace.clear()
    finally:
        sys.unraisablehook = hook


def _outcome(
    code: types.CodeType,
    namespace: dict[str, Any],
    source: str,
    watch: Watch,
    describe: Callable[[object], Json],
) -> Finished | Raised | Stopped:
    stdout, stderr = _CappedText(), _CappedText()
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            exec(code, namespace)
            watch.ticks.tick()  # what ran last may have been one long call
            result = reduce(namespace.get("result"), describe)
        # A script may have swallowed the stop in its very last step.
        if watch.stopped is not None:
            return Stopped(watch.stopped, _destroy(watch))
        return Finished(result, stdout.getvalue(), stderr.getvalue())
    except TooLarge as error:
        return Raised(f"Script execution failed: {error}", 0)
    except BaseException as error:
        # Everything is contained: SystemExit and KeyboardInterrupt would otherwise end TouchDesigner's callback.
        if watch.stopped is not None:
            refusal = dataclasses.replace(watch.stopped, line=_line(error))
            return Stopped(refusal, _destroy(watch))
        return Raised(_told(error, source), _destroy(watch))


def _settled(outcome: Finished | Raised | Stopped, watch: Watch) -> Finished | Raised | Stopped:
    """The outcome, unless the script has left something behind that it may not leave."""
    try:
        watch.settle()
    except ScriptStopped:
        if watch.stopped is not None and not isinstance(outcome, Stopped):
            return Stopped(watch.stopped, _destroy(watch))
    return outcome


@contextlib.contextmanager
def _collected_young(wanted: bool) -> Iterator[None]:
    """Collect at the end what came into being meanwhile and holds itself alive, and nothing older."""
    if not wanted:
        yield
        return
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if collecting:
            gc.enable()


def _may_act_when_closed(code: types.CodeType) -> bool:
    """Whether a generator of the script has something to do when it is closed: it must not be closed later."""
    if code.co_flags & inspect.CO_GENERATOR and code.co_exceptiontable:
        return True
    return any(_may_act_when_closed(part) for part in code.co_consts if isinstance(part, types.CodeType))


def _told_to(hook: Callable[[Any], object]) -> Callable[[Any], None]:
    """`hook`, but for generators of the script that are collected unfinished: what they do then is nobody's concern."""

    def told(unraisable: Any) -> None:
        code = getattr(unraisable.object, "gi_code", None)
        if not isinstance(unraisable.exc_value, ScriptStopped) and getattr(code, "co_filename", "") != SCRIPT:
            hook(unraisable)

    return told


class _CappedText(io.StringIO):
    """A text stream that keeps its first `MAX_OUTPUT` characters and drops the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._left = MAX_OUTPUT

    def write(self, text: str) -> int:
        if self._left > 0:
            super().write(text[: self._left])
            self._left -= len(text)
            if self._left <= 0:
                super().write("\n… output cut here by PolicyGuard")
        return len(text)


def _destroy(watch: Watch) -> int:
    """Destroy what the script created, newest first, and nothing else; return how many there were."""
    count = 0
    for operator in reversed(watch.protection.created):
        if operator.valid and not watch.protection.guards(operator):
            operator.destroy()
            count += 1
    return count


def _lines(error: BaseException) -> list[tuple[int, str]]:
    """Line and function of each of the script's own frames, outermost first."""
    found = []
    trace: types.TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SCRIPT:
            found.append((trace.tb_lineno, trace.tb_frame.f_code.co_name))
        trace = trace.tb_next
    return found


def _line(error: BaseException) -> int | None:
    lines = _lines(error)
    return lines[-1][0] if lines else None


def _told(error: BaseException, source: str) -> str:
    """The exception as Python would print it, with the frames of the script alone."""
    texts = source.split("\n")
    told = []
    for line, name in _lines(error)[-20:]:
        told.append(f'  File "{SCRIPT}", line {line}, in {name}')
        if 1 <= line <= len(texts):
            told.append(f"    {texts[line - 1].strip()}")
    try:
        walks = why_too_many(error)
        message = f"<{walks}>" if walks else str(error)[:_MAX_ERROR]
        message = message.encode("utf-8", "backslashreplace").decode()
    except BaseException as second:  # the script's own methods may run here, and be stopped here
        message = f"<its message cannot be shown: {type(second).__name__}>"
    kind = type(error).__name__
    end = f"{kind}: {message}" if message else kind
    return "\n".join([f"Script execution failed: {message or kind}", "Traceback (most recent call last):", *told, end])
