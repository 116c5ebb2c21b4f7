"""Extensions of components: when they are made, found, promoted and dropped (reference `td_runtime.md` section 2)."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from td_headless.errors import tdAttributeError, tdError


class Extensions:
    """The extension objects of one component, made when first asked for and anew when their definition changes."""

    __slots__ = ("_comp", "_initialising", "_instances", "_names", "_promotes", "_signature", "_sources", "_started")

    def __init__(self, comp: Any) -> None:
        self._comp = comp
        self._instances: list[Any] = []
        self._names: list[str] = []
        self._promotes: list[bool] = []
        self._signature: tuple[Any, ...] | None = None
        self._sources: list[tuple[Any, int]] = []
        self._initialising = False
        self._started = False

    def _definition(self) -> tuple[Any, ...]:
        par = self._comp._par
        return tuple(
            (par[f"ext{n}object"].eval(), par[f"ext{n}name"].eval(), par[f"ext{n}promote"].eval())
            for n in range(par["ext"].val)
        )

    def _outdated(self) -> bool:
        return self._signature != self._definition() or any(
            not dat.valid or dat._version != version for dat, version in self._sources
        )

    def _ready(self) -> list[Any]:
        if self._initialising:
            raise tdError("Cannot use an extension during its initialization")
        if not self._started or self._outdated():
            self._restart()
        return self._instances

    def _restart(self) -> None:
        self._stop()
        self._signature = self._definition()
        self._started = True
        self._initialising = True
        watch = self._comp._world.watch_modules()
        try:
            for source, name, promote in self._signature:
                if source.strip():
                    self._start_one(source, name, promote)
        finally:
            self._initialising = False
            self._sources = watch()
        for instance in self._instances:
            if hasattr(instance, "onInitTD"):
                self._comp._world.end_of_frame.append(lambda greet=instance.onInitTD: self._tell(greet))

    def _start_one(self, source: str, name: str, promote: bool) -> None:
        instance = None
        try:
            instance = self._comp._evaluate(source)
        except Exception:
            self._comp.addScriptError(traceback.format_exc())
        self._instances.append(instance)
        self._names.append(name or type(instance).__name__)
        self._promotes.append(promote)

    def _stop(self) -> None:
        for instance in self._instances:
            farewell = getattr(instance, "onDestroyTD", None) or getattr(instance, "__delTD__", None)
            if farewell is not None:
                self._tell(farewell)
        self._instances, self._names, self._promotes = [], [], []
        self._started = False

    def _tell(self, method: Callable[[], Any]) -> None:
        if self._comp.valid:
            with self._comp._world.inside(self._comp):
                try:
                    method()
                except Exception:
                    self._comp.addScriptError(traceback.format_exc())

    def _named(self, name: str) -> Any:
        instances = self._ready()
        return instances[self._names.index(name)] if name in self._names else None

    def _defined(self) -> bool:
        par = self._comp._par
        return any(par[f"ext{n}object"].eval().strip() for n in range(par["ext"].val))

    def _promoted(self, name: str) -> tuple[bool, Any]:
        if not name[:1].isupper() or not self._defined():
            return False, None
        for instance, promote in zip(self._ready(), self._promotes, strict=True):
            if promote and instance is not None and hasattr(instance, name):
                return True, getattr(instance, name)
        return False, None

    def _assign(self, name: str, value: Any) -> bool:
        found, _ = self._promoted(name)
        if found:
            for instance, promote in zip(self._instances, self._promotes, strict=True):
                if promote and hasattr(instance, name):
                    setattr(instance, name, value)
                    break
        return found


class ExtensionFinder:
    """``COMP.ext``: finds an extension by name, here or in the nearest parent that has it."""

    __slots__ = ("_comp",)

    def __init__(self, comp: Any) -> None:
        self._comp = comp

    def __getattr__(self, name: str) -> Any:
        comp = self._comp
        while comp is not None and not name.startswith("_"):
            found = comp._extensions._named(name) if comp._extensions._defined() else None
            if found is not None:
                return found
            comp = comp._network
        raise tdAttributeError(f"No extension '{name}' on {self._comp.path} or above")
