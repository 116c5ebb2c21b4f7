"""What the tests of the component share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime
from tests.component.sample import drop, new_project, written


@pytest.fixture(scope="session")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The .toc of the component, built from the source as it is now."""
    return written(tmp_path_factory.mktemp("tree"))


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
