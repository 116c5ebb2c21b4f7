"""The core is imported from Text DATs: all of it is compiled in the frames after the start, and none of it runs by that."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from td_extension.embedded import EmbeddedPackage


@dataclass
class Dat:
    """Stands for a Text DAT."""

    name: str
    text: str
    isCOMP: bool = False


@dataclass
class Comp:
    """Stands for a Base COMP."""

    name: str
    children: list[Any] = field(default_factory=list)
    isCOMP: bool = True


@pytest.fixture
def package() -> Iterator[EmbeddedPackage]:
    inner = Comp("inner", [Dat("__init__", ""), Dat("deep", "VALUE = 3")])
    source = Comp(
        "source",
        [
            Dat("__init__", ""),
            Dat("first", "from .second import VALUE"),
            Dat("second", "VALUE = 2"),
            Dat("broken", "VALUE ="),
            Dat("raising", "raise RuntimeError('it ran')"),
            inner,
        ],
    )
    made = EmbeddedPackage("policyguard_test_embedded", source)
    made.install()
    yield made
    made.remove()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are compiled, in order."""
    seen: list[str] = []
    real = builtins.compile

    def noted(source: Any, filename: Any, *arguments: Any, **keywords: Any) -> Any:
        seen.append(str(filename))
        return real(source, filename, *arguments, **keywords)

    monkeypatch.setattr(builtins, "compile", noted)
    return seen


def test_one_module_is_prepared_at_a_time_and_each_once(package: EmbeddedPackage, compiled: list[str]) -> None:
    for count in range(1, 8):
        package.prepare()
        assert len(compiled) == count
    for _ in range(5):
        package.prepare()
    assert len(compiled) == len(set(compiled)) == 7


def test_preparing_imports_and_runs_nothing(package: EmbeddedPackage) -> None:
    for _ in range(20):
        package.prepare()
    assert [name for name in sys.modules if name.startswith(package.name)] == []
    with pytest.raises(RuntimeError, match="it ran"):
        package.module("raising")


def test_what_is_prepared_is_not_compiled_again_when_it_is_imported(
    package: EmbeddedPackage, compiled: list[str]
) -> None:
    for _ in range(20):
        package.prepare()
    before = len(compiled)
    assert package.module("first").VALUE == 2
    assert package.module("inner.deep").VALUE == 3
    assert len(compiled) == before


def test_what_is_imported_already_is_not_prepared(package: EmbeddedPackage, compiled: list[str]) -> None:
    package.module("first")
    before = set(compiled)
    for _ in range(20):
        package.prepare()
    assert not before & set(compiled[len(before) :])


def test_a_module_that_is_no_python_is_told_by_its_import(package: EmbeddedPackage) -> None:
    for _ in range(20):
        package.prepare()
    with pytest.raises(SyntaxError):
        package.module("broken")
