"""Judges all scripts by a copy of the package that stands in memory alone, so that one rule of it can be changed.

Nothing is written, and nothing that is loaded already is used: a process takes one copy after another.
"""

from __future__ import annotations

import ast
import gc
import importlib
import importlib.abc
import importlib.machinery
import subprocess
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import catalog_mutants
import mutants
from mutants import Mutant

PACKAGE = "td_extension"
CATALOG = f"{PACKAGE}/{catalog_mutants.FILE}"
_MAX_MEMORY = 3 * 1024**3


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was said about one script.

    Attributes:
        verdict: ``deny``, ``allow``, or ``raised`` where the judge itself failed.
        uses: each use as text: what it needs, may need, its code and its place.
        widest: the verdict where all is granted that can be granted.
        asks: every capability that some use needs, or may need.
    """

    verdict: str
    uses: tuple[str, ...]
    widest: str = ""
    asks: frozenset[str] = frozenset()

    @property
    def decides(self) -> tuple[object, ...]:
        """What policies make of it: a narrower one than `edit` of what `edit` allows, a wider one of what it denies."""
        return (self.verdict, self.asks if self.verdict == "allow" else self.widest)


def snapshot(root: Path) -> dict[str, str]:
    """The package's sources as they are now, by path."""
    folder = root / PACKAGE
    files = [*folder.rglob("*.py"), root / CATALOG]
    return {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}


def snapshot_of(root: Path, commit: str) -> dict[str, str]:
    """The package's sources as they were in a commit, by path.

    Raises:
        subprocess.CalledProcessError: there is no such commit.
    """

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    names = git("ls-tree", "-r", "--name-only", commit, PACKAGE).splitlines()
    return {name: git("show", f"{commit}:{name}") for name in names if name.endswith(".py") or name == CATALOG}


def judging_modules(sources: Mapping[str, str]) -> list[str]:
    """The modules that take part in judging a script, by their path in the package."""
    with _Loaded(sources):
        loaded = [name for name in sys.modules if name.startswith(f"{PACKAGE}.script.")]
    left_out = {"report", "catalog_text", "instrument"}  # what a report is, how the catalog is read, what runs later
    paths = [name.removeprefix(f"{PACKAGE}.").replace(".", "/") + ".py" for name in loaded]
    return sorted(path for path in paths if Path(path).stem not in left_out and f"{PACKAGE}/{path}" in sources)


def sentences(sources: Mapping[str, str], texts: Mapping[str, str | None], guard: Sequence[str]) -> dict[str, Sentence]:
    """What the judge in `sources` says about each text."""
    return _judged(sources, {}, sources[CATALOG], texts, guard)


def sentences_of_mutant(
    mutant: Mutant, sources: Mapping[str, str], texts: Mapping[str, str | None], guard: Sequence[str]
) -> dict[str, Sentence] | str:
    """What the mutant's judge says about each text, or why it says nothing."""
    try:
        if mutant.file == catalog_mutants.FILE:
            return _judged(sources, {}, catalog_mutants.mutated(sources[CATALOG], mutant), texts, guard)
        path = f"{PACKAGE}/{mutant.file}"
        changed = {path: mutants.mutated(sources[path], mutant)}
        return _judged(sources, changed, sources[CATALOG], texts, guard)
    except Exception as error:
        return f"cannot be loaded: {type(error).__name__}: {error}"
    finally:
        gc.enable()  # the judge pauses the collector, and a mutant may forget to let it go on
        gc.collect()


def bound_memory() -> None:
    """Keep this process from taking the machine's memory: a mutant may have lost its limits."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))


def _judged(
    sources: Mapping[str, str],
    changed: Mapping[str, ast.Module],
    catalog_text: str,
    texts: Mapping[str, str | None],
    guard: Sequence[str],
) -> dict[str, Sentence]:
    with _Loaded(sources, changed) as load:
        catalog = load("script.catalog_text").load_catalog(catalog_text)
        analyse, report_module = load("script.analyse").analyse, load("script.report")
        granted = load("policy.script_rule").PROFILES["edit"]
        values = load("values")
        grantable = frozenset(values.Capability) - {values.Capability.GUARD}
        found = {}
        for name, text in texts.items():
            if text is None:
                continue
            try:
                report = analyse(text, catalog, tuple(guard))
                refused = report_module.first_refused(report, granted)
            except Exception as error:
                found[name] = Sentence("raised", (type(error).__name__,))
                continue
            uses = tuple(
                f"{use.line}:{use.column} {getattr(use.needs, 'value', use.code.value)}"
                + (f" may {use.may.value}" if use.may else "")
                for use in report.uses
            )
            found[name] = Sentence(
                "allow" if refused is None else "deny",
                uses,
                "allow" if report_module.first_refused(report, grantable) is None else "deny",
                frozenset(_asked(report.uses)),
            )
        return found


def _asked(uses: Iterable[Any]) -> Iterator[str]:
    for use in uses:
        if use.needs is not None:
            yield use.needs.value
        if use.may is not None:
            yield f"may {use.may.value}"


class _Loaded(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """While it is entered, the package is imported from memory; afterwards all is as it was."""

    _compiled: dict[tuple[str, str], types.CodeType] = {}  # noqa: RUF012 - shared on purpose: sources seldom change

    def __init__(self, sources: Mapping[str, str], changed: Mapping[str, ast.Module] | None = None) -> None:
        self._sources = sources
        self._changed = changed or {}
        self._put_away: dict[str, types.ModuleType] = {}

    def __enter__(self) -> _Importer:
        self._put_away = _taken_away()
        sys.meta_path.insert(0, self)
        try:
            importlib.import_module(f"{PACKAGE}.script.analyse")
        except BaseException:
            self.__exit__()
            raise
        return _Importer()

    def __exit__(self, *error: object) -> None:
        sys.meta_path.remove(self)
        _taken_away()
        sys.modules.update(self._put_away)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module of the package is: here."""
        if fullname.partition(".")[0] != PACKAGE:
            return None
        base = fullname.replace(".", "/")
        is_package = f"{base}/__init__.py" in self._sources
        origin = f"{base}/__init__.py" if is_package else f"{base}.py"
        if origin not in self._sources:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=origin, is_package=is_package)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's source as it stands in memory."""
        spec = module.__spec__
        assert spec is not None
        assert spec.origin is not None
        changed = self._changed.get(spec.origin)
        if changed is not None:
            code = compile(changed, spec.origin, "exec", dont_inherit=True)
        else:
            source = self._sources[spec.origin]
            key = (spec.origin, source)
            if key not in self._compiled:
                self._compiled[key] = compile(source, spec.origin, "exec", dont_inherit=True)
            code = self._compiled[key]
        exec(code, module.__dict__)  # noqa: S102 - our own sources


def _taken_away() -> dict[str, types.ModuleType]:
    """The modules of the package, which are loaded no more."""
    names = [name for name in sys.modules if name.partition(".")[0] == PACKAGE]
    return {name: sys.modules.pop(name) for name in names}


class _Importer:
    """Imports modules of the package as it is loaded now."""

    def __call__(self, name: str) -> types.ModuleType:
        return importlib.import_module(f"{PACKAGE}.{name}")
