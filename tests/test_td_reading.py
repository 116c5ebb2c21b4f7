"""The tools that only look: how much, and at what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from td_extension import td_reading
from td_extension.td_reading import TdReading
from td_extension.values import Code, Refusal, ToolCall
from td_headless import Runtime


@pytest.fixture
def td() -> Iterator[Any]:
    runtime = Runtime()
    with runtime.install() as module:
        module.root.create("baseCOMP", "project1")
        yield module
    runtime.close()


def code_of(refusal: Refusal | None) -> Code | None:
    return None if refusal is None else refusal.code


def help_on(td: Any, name: str) -> Code | None:
    return code_of(TdReading(td).refused_help(ToolCall("get_td_module_help", {"moduleName": name})))


def listed(td: Any, **args: Any) -> Code | None:
    call = ToolCall("get_td_nodes", {"parentPath": "/project1", **args}, targets=("/project1",))
    return code_of(TdReading(td).refused(call, td.op("/project1")))


@pytest.mark.parametrize("name", ["td", "tdu", "noiseTOP", "td.noiseTOP", "td.tdu", "td.OP.destroy", "ui", "project", "op"])
def test_help_is_given_on_what_touchdesigners_module_holds(td: Any, name: str) -> None:
    assert help_on(td, name) is None


@pytest.mark.parametrize(
    "name",
    ["os", "antigravity", "print", "open", "str", "json", "td.nothing", "td.__class__", "td.OP.__init__", "td..OP", "td.", ".td", "",
     " td", "td.ui.clipboard", "td.project.name", "td.op.PolicyGuard", "ui.clipboard", "td;os", "ｔｄ", "td.td.td.td.td", "noisetop"],
)  # fmt: skip
def test_help_on_anything_that_would_be_imported_or_evaluated_is_refused(td: Any, name: str) -> None:
    assert help_on(td, name) is Code.MISSING_CAPABILITY


def test_help_on_a_text_in_the_module_is_refused_for_pydoc_imports_what_it_names(td: Any) -> None:
    td.somewhere = "os"
    assert help_on(td, "somewhere") is Code.MISSING_CAPABILITY
    assert help_on(td, "td.somewhere") is Code.MISSING_CAPABILITY


def test_help_on_a_foreign_module_in_the_module_is_refused(td: Any) -> None:
    import sys

    td.sys = sys
    assert help_on(td, "sys") is Code.MISSING_CAPABILITY
    assert help_on(td, "td.sys.modules") is Code.MISSING_CAPABILITY


@pytest.mark.parametrize("name", ["ui", "project", "app", "absTime", "root"])
def test_an_object_is_described_by_its_class_and_asked_for_no_value(td: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    kind = type(getattr(td, name))
    for member in [m for m in dir(kind) if isinstance(getattr(kind, m, None), property)]:
        monkeypatch.setattr(kind, member, property(lambda self, member=member: asked.append(member)), raising=False)
    told = TdReading(td).class_details(name)
    assert told is not None
    assert set(told) == {"name", "type", "description", "methods", "properties"}
    assert told["methods"] or told["properties"]
    assert asked == []


@pytest.mark.parametrize("name", ["noiseTOP", "OP", "tdu", "nothing", "tdu.Dependency"])
def test_a_class_or_a_name_that_is_nothing_is_left_to_the_server(td: Any, name: str) -> None:
    assert TdReading(td).class_details(name) is None


def test_a_list_is_refused_by_its_length_before_it_is_made(td: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        td.op("/project1").create("nullTOP", f"n{number}")
    assert listed(td) is None
    assert listed(td, pattern="n*") is None
    monkeypatch.setattr(td_reading, "MAX_LISTED", 5)
    assert listed(td) is Code.TOO_MUCH
    assert listed(td, pattern="n*") is Code.TOO_MUCH
    assert listed(td, pattern="n1") is None


def test_a_search_is_refused_by_what_lies_inside(td: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = td.op("/project1").create("baseCOMP", "inner")
    for number in range(4):
        inner.create("nullTOP", f"n{number}")
    monkeypatch.setattr(td_reading, "MAX_SEARCHED", 4)
    assert listed(td, pattern="nothing") is Code.TOO_MUCH
    assert listed(td) is None
    for call in (
        ToolCall("get_td_node_errors", {"nodePath": "/project1"}),
        ToolCall("exec_node_method", {"nodePath": "/project1", "method": "findChildren"}),
    ):
        assert code_of(TdReading(td).refused(call, td.op("/project1"))) is Code.TOO_MUCH
        assert code_of(TdReading(td).refused(call, inner)) is None


@pytest.mark.parametrize("value", ["true", "false"])
def test_properties_count_whatever_text_asks_for_them(td: Any, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    td.op("/project1").create("noiseTOP", "n1")
    monkeypatch.setattr(td_reading, "MAX_PARAMETERS", 3)
    assert listed(td) is None
    assert listed(td, includeProperties=value) is Code.TOO_MUCH


@pytest.mark.parametrize("pattern", ["*a*a*a*a*a", "a" * 101])
def test_a_pattern_that_is_dear_to_match_is_refused(td: Any, pattern: str) -> None:
    assert listed(td, pattern=pattern) is Code.TOO_MUCH
