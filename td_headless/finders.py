"""The callables that find operators: ``op``, ``ops``, ``opex``, ``parent``, ``mod``, seen from one operator."""

from __future__ import annotations

import builtins
import importlib
from collections.abc import Callable, Iterator
from typing import Any

from td_headless.errors import tdAttributeError, tdError
from td_headless.names import is_pattern, matches
from td_headless.world import World

SYSTEM_MODULES = ("TDFunctions", "TDStoreTools")
"""What ``op.TDModules`` holds and every script can import, as far as it is built here."""


def walk(start: Any, path: str) -> Iterator[Any]:
    """Yield the operators that `path` names, seen from *inside* `start`; segments may be patterns."""
    if path.startswith("/"):
        start = start._world.root
    found = [start]
    for segment in path.split("/"):
        if segment in ("", "."):
            continue
        if segment == "..":
            found = [above for operator in found if (above := operator._network) is not None]
        elif is_pattern(segment):
            found = [child for operator in found for child in operator._children() if matches(segment, child.name)]
        else:
            found = [child for operator in found if (child := operator._child(segment)) is not None]
    yield from found


def walk_from(origin: Any, path: str) -> Iterator[Any]:
    """Yield the operators that `path` names as code of `origin` sees them.

    A bare name is a sibling, ``./x`` is inside `origin`, ``..`` is its parent (Derivative, *Network Path*).
    """
    if not path:
        return iter(())
    if path.startswith("/") or path.split("/", 1)[0] in (".", "..") or origin._network is None:
        return walk(origin, path)
    return walk(origin._network, path)


class Finder:
    """``op``: finds one operator by path, id or operator; ``op.Name`` finds by global shortcut."""

    __slots__ = ("_origin", "_world")

    def __init__(self, world: World, origin: Any = None) -> None:
        self._world = world
        self._origin = origin

    def _start(self) -> Any:
        return self._world.running if self._origin is None else self._origin

    def __call__(self, *paths: Any, includeUtility: bool = False) -> Any:
        """Return the first operator that any of `paths` (path, pattern, id or operator) names, or None."""
        return next(self._all(paths), None)

    def _all(self, paths: tuple[Any, ...]) -> Iterator[Any]:
        for path in paths:
            if isinstance(path, bool):
                continue
            if isinstance(path, int):
                if path in self._world.by_id:
                    yield self._world.by_id[path]
            elif getattr(type(path), "OPType", ""):
                if path.valid:
                    yield path
            elif isinstance(path, str):
                for word in path.split() or [path]:
                    yield from walk_from(self._start(), word)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            for operator in self._world.by_id.values():
                if operator._shortcut("opshortcut") == name:
                    return operator
        raise tdAttributeError(f"No operator has the global shortcut '{name}'")


class AllFinder(Finder):
    """``ops``: the list of all operators that the paths name."""

    __slots__ = ()

    def __call__(self, *paths: Any, includeUtility: bool = False) -> list[Any]:
        """Return all operators that `paths` name, in order, each once."""
        return list(dict.fromkeys(self._all(paths)))


class StrictFinder(Finder):
    """``opex``: like ``op``, but raises `tdError` instead of returning None."""

    __slots__ = ()

    def __call__(self, *paths: Any, includeUtility: bool = False) -> Any:
        """Return the first operator that any of `paths` names; raise `tdError` when there is none."""
        found = next(self._all(paths), None)
        if found is None:
            raise tdError(f"Operator not found: {', '.join(map(str, paths))}")
        return found


class ParentFinder:
    """``parent``: ``parent()`` is the parent COMP, ``parent(2)`` its parent, ``parent.Name`` goes by shortcut."""

    __slots__ = ("_origin", "_world")

    def __init__(self, world: World, origin: Any = None) -> None:
        self._world = world
        self._origin = origin

    def __call__(self, n: int = 1) -> Any:
        """Return the `n`-th parent, or None above the root."""
        operator = self._world.running if self._origin is None else self._origin
        for _ in range(n):
            operator = operator._network
            if operator is None:
                return None
        return operator

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            operator = self._world.running if self._origin is None else self._origin
            while operator is not None:
                if operator._shortcut("parentshortcut") == name:
                    return operator
                operator = operator._network
        raise tdAttributeError(f"No parent has the shortcut '{name}'")


class ModuleFinder:
    """``mod``: ``mod.name`` and ``mod('path')`` are the modules of Text DATs."""

    __slots__ = ("_origin", "_world")

    def __init__(self, world: World, origin: Any = None) -> None:
        self._world = world
        self._origin = origin

    def __call__(self, path: str) -> Any:
        """Return the module of the DAT that `path` names; raise `tdError` when there is none."""
        origin = self._world.running if self._origin is None else self._origin
        dat = find_module_dat(origin, path) if "/" not in path else next(walk_from(origin, path), None)
        if dat is None and path in SYSTEM_MODULES:
            return importlib.import_module(f"td_headless.palette.{path}")
        if dat is None:
            raise tdError(f"No DAT named '{path}' to use as a module")
        return dat.module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise tdAttributeError(name)
        return self(name)


def find_module_dat(origin: Any, name: str) -> Any:
    """Return the DAT that code of `origin` means by module `name`: inside it, a sibling, or in ``local/modules``."""
    places: list[Any] = [origin, origin._network]
    above = origin
    while above is not None:
        local = above._child("local")
        places.append(local._child("modules") if local is not None else None)
        above = above._network
    for place in places:
        found = place._child(name) if place is not None else None
        if found is not None and found.family == "DAT":
            return found
    return None


def names_for(world: World, origin: Any) -> dict[str, Any]:
    """Return the globals that TouchDesigner gives to code of `origin`."""
    return {
        **world.names,
        "me": origin,
        "op": Finder(world, origin),
        "ops": AllFinder(world, origin),
        "opex": StrictFinder(world, origin),
        "parent": ParentFinder(world, origin),
        "mod": ModuleFinder(world, origin),
        "__builtins__": builtins_for(origin),
    }


def builtins_for(origin: Any) -> dict[str, Any]:
    """Return Python's builtins with an ``import`` that finds DATs near `origin` before it looks on disk.

    The importing code alone is affected: neither `sys.modules` nor the interpreter's own import is touched.
    """
    real: Callable[..., Any] = builtins.__import__

    def import_module(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if level == 0 and "." not in name and origin.valid:
            dat = find_module_dat(origin, name)
            if dat is not None and dat is not origin:
                return dat.module
        if level == 0 and name in SYSTEM_MODULES:
            return importlib.import_module(f"td_headless.palette.{name}")
        return real(name, globals, locals, fromlist, level)

    return {**vars(builtins), "__import__": import_module}
