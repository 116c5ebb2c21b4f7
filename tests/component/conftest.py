"""What the tests of the component share."""

from __future__ import annotations

import builtins
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli.component import SOURCE, component_spec, tree
from td_headless import Runtime
from tests.component.sample import drop, new_project


@pytest.fixture(scope="package", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Every test starts the same component: its modules are compiled once, which is most of what a start costs."""
    real = builtins.compile
    known: dict[tuple[str, str, str], Any] = {}

    def compile_once(source: Any, filename: Any, mode: str, *args: Any, **options: Any) -> Any:
        if not isinstance(source, str) or args or options != {"dont_inherit": True}:
            return real(source, filename, mode, *args, **options)
        key = (source, filename, mode)
        if key not in known:
            known[key] = real(source, filename, mode, *args, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "compile", compile_once)
        yield


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source as it is now: somebody may be working on it."""
    copied = tmp_path_factory.mktemp("source") / "td_extension"
    shutil.copytree(SOURCE, copied, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return copied


@pytest.fixture(scope="session")
def contents(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Path:
    """The .toc of the component, built from the source."""
    folder = tmp_path_factory.mktemp("tree")
    tree.write(component_spec(source), folder)
    return folder / "PolicyGuard.tox.toc"


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """A running project with a server and no guard."""
    runtime = new_project(tmp_path)
    with runtime.install() as td:
        yield runtime
        remove_guards(td)
    runtime.close()


@pytest.fixture
def guard(runtime: Runtime, contents: Path) -> Any:
    """The component, dropped into the project."""
    return drop(runtime, contents)


def remove_guards(td: Any) -> None:
    """Their audits let go of their files."""
    for comp in td.root.findChildren(type=td.baseCOMP, key=lambda one: one.par["Originals"] is not None):
        if comp.valid:
            comp.destroy()
