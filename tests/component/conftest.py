"""What the tests of the component share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli.component import SOURCE, component_spec, tree
from td_headless import Runtime
from tests.component.sample import drop, new_project


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
