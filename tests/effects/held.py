"""What an unguarded script is given, and what a script must not hold: objects that lead into the interpreter."""

from __future__ import annotations

import builtins
import itertools
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from .python_sinks import is_reflective
from .recorder import RECORDER, SCRIPT, by_script


def recording_builtins(real: Mapping[str, Any], allowed_module: Callable[[str], bool]) -> dict[str, Any]:
    """Python's builtins, of which those that reach into the interpreter note their use.

    Args:
        real: the builtins, with the import that finds DATs.
        allowed_module: says of a module's dotted name whether scripts may import it.
    """

    def noting_import(name: str, *arguments: Any, **keywords: Any) -> Any:
        if RECORDER.on and sys._getframe(1).f_code.co_filename == SCRIPT and not allowed_module(name):
            RECORDER.note(f"import: {name}")
        return real["__import__"](name, *arguments, **keywords)

    def noting_getattr(value: Any, name: str, *default: Any) -> Any:
        if RECORDER.on and isinstance(name, str) and is_reflective(name) and by_script():
            RECORDER.note(f"reflection: getattr {name}")
        return getattr(value, name, *default)

    def namespace(name: str) -> Callable[..., Any]:
        def noting(*arguments: Any) -> Any:
            if RECORDER.on and by_script():
                RECORDER.note(f"namespace: {name}()")
            if arguments:
                return real[name](*arguments)
            frame = sys._getframe(1)
            return frame.f_globals if name == "globals" else frame.f_locals

        return noting

    replaced = {name: namespace(name) for name in ("vars", "globals", "locals")}
    return {**real, **replaced, "__import__": noting_import, "getattr": noting_getattr}


_INTERNAL_TYPES = (types.FrameType, types.CodeType, types.CellType, types.MappingProxyType)
_POWERFUL = {
    id(one): one.__name__ for one in (eval, exec, compile, __import__, open, input, breakpoint, globals, locals, vars)
}
_AT_HOME = frozenset({"builtins", "None", SCRIPT, "__main__", "td_headless", "tests", "td_extension"})
_OPEN_CLASSES = frozenset(id(one) for one in vars(builtins).values() if isinstance(one, type))


def note_held(values: Mapping[str, Any], given: Mapping[str, Any], allowed_module: Callable[[str], bool]) -> None:
    """Note each of `values`, the names that a frame of a script ends with, that a script has no business to hold.

    Args:
        values: the names.
        given: those that it began with.
        allowed_module: says of a module's dotted name whether scripts may import it.
    """
    with RECORDER.off():
        dictionaries = {
            id(vars(module)) for module in list(sys.modules.values()) if isinstance(module, types.ModuleType)
        }
        found = []
        for name, value in list(values.items()):
            if name.startswith(("__", "policyguard ")) or given.get(name, given) is value:
                continue
            parts = [value]
            if type(value) in (list, tuple, set, dict) and id(value) not in dictionaries:
                parts += itertools.islice(value.values() if type(value) is dict else value, 50)
            found += [f"{what} in {name}" for part in parts if (what := _held(part, dictionaries, allowed_module))]
    for one in found:
        RECORDER.note(f"held: {one}")


def _held(value: Any, dictionaries: set[int], allowed_module: Callable[[str], bool]) -> str | None:
    if isinstance(value, types.ModuleType):
        return None if value.__name__ in ("td", "tdu") or allowed_module(value.__name__) else f"module {value.__name__}"
    if isinstance(value, _INTERNAL_TYPES):
        return f"a {type(value).__name__}"
    if id(value) in dictionaries:
        return "a module's dictionary"
    if id(value) in _POWERFUL:
        return f"builtin {_POWERFUL[id(value)]}"
    if type(value) is str and value.startswith(("<class '", "<function ", "<module ", "<built-in ")):
        return "the text of an object of the interpreter"
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        home = str(getattr(value, "__module__", None))
        if home == "builtins" and isinstance(value, type) and id(value) not in _OPEN_CLASSES:
            return f"class {value.__name__}"
        if home.partition(".")[0] not in _AT_HOME and not allowed_module(home) and home in sys.modules:
            return f"{home}.{getattr(value, '__name__', '?')}"
        if home == "numpy" and value.__name__ in ("memmap", "fromfile", "load", "save", "savetxt", "loadtxt"):
            return f"numpy.{value.__name__}"
    return None
