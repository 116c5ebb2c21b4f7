"""Imports a Python package from Text DATs.

A Text DAT of the PolicyGuard component, used by `extension`. Sources are known to `linecache`, so that tracebacks show
their lines; nothing of the package is read from disk.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any


class EmbeddedPackage(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a package from Text DATs.

    A Base COMP is a package, a Text DAT a module; a DAT whose name ends with ``_json`` or ``_tsv`` is a data file.

    Args:
        name: the name under which the package is imported.
        comp: the Base COMP that holds it.
    """

    def __init__(self, name: str, comp: Any) -> None:
        self.name = name
        self._sources: dict[str, str] = {}
        self._packages: set[str] = set()
        self._data: dict[str, str] = {}
        self._compiled: dict[str, CodeType] = {}
        self._collect(name, comp)
        self._waiting = list(self._sources)

    def _collect(self, name: str, comp: Any) -> None:
        self._packages.add(name)
        for child in comp.children:
            if child.isCOMP:
                self._collect(f"{name}.{child.name}", child)
            elif child.name.endswith(("_json", "_tsv")):
                self._data[f"{name}.{child.name}"] = child.text
            elif child.name == "__init__":
                self._sources[name] = child.text
            else:
                self._sources[f"{name}.{child.name}"] = child.text

    def install(self) -> None:
        """Drop what an earlier life left behind, and go first on the import path."""
        self.remove()
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Leave nothing behind: neither the finder nor a module."""
        sys.meta_path[:] = [f for f in sys.meta_path if getattr(f, "name", None) != self.name]
        for module in [m for m in sys.modules if m == self.name or m.startswith(self.name + ".")]:
            del sys.modules[module]

    def module(self, name: str) -> Any:
        """Import the module `name` of the package."""
        return importlib.import_module(f"{self.name}.{name}")

    def data(self, name: str) -> str:
        """The text of the data file `name`, e.g. ``script.catalog_json``."""
        return self._data[f"{self.name}.{name}"]

    def prepare(self) -> None:
        """Compile one module that nothing has imported yet, and run nothing of it; do nothing where none is left.

        Called once a frame. What the start does not need is imported when it is first needed, and compiling takes most
        of that time: so much at once would be seen in the show.
        """
        while self._waiting:
            name = self._waiting.pop()
            if name not in sys.modules:
                with contextlib.suppress(SyntaxError):  # whoever imports it is told
                    self._compiled[name] = self._compile(name)
                return

    def _compile(self, name: str) -> CodeType:
        return compile(self._sources.get(name, ""), _file_name(name), "exec", dont_inherit=True)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Part of the import protocol."""
        if fullname not in self._sources and fullname not in self._packages:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=fullname in self._packages)

    def exec_module(self, module: ModuleType) -> None:
        """Part of the import protocol."""
        name = module.__name__
        source, file_name = self._sources.get(name, ""), _file_name(name)
        # Tracebacks find their lines there.
        linecache.cache[file_name] = (len(source), None, source.splitlines(keepends=True), file_name)
        code = self._compiled.pop(name, None)
        exec(code if code is not None else self._compile(name), module.__dict__)  # noqa: S102


def _file_name(module: str) -> str:
    return f"<{module}>"
