from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_headless import Runtime
from td_headless.callback_dats import changes

_NOTE = "def {0}(*args):\n    calls = me.fetch('calls', [])\n    me.store('calls', calls + [('{0}', args)])\n"


def recorder(network: Any, kind: str, *functions: str) -> Any:
    dat = network.create(kind)
    dat.text = "".join(_NOTE.format(function) for function in functions)
    return dat


def calls(dat: Any) -> list[Any]:
    return list(dat.fetch("calls", []))


def test_execute_is_called_every_frame_when_asked(runtime: Runtime, project: Any) -> None:
    dat = recorder(project, "executeDAT", "onFrameStart", "onFrameEnd")
    runtime.step()
    dat.par.framestart = True
    runtime.step()
    assert calls(dat) == [("onFrameStart", (2,))]


def test_start_and_create_are_called_as_a_project_starts(runtime: Runtime, project: Any) -> None:
    dat = recorder(project, "executeDAT", "onStart", "onCreate")
    dat.par.start = dat.par.create = True
    runtime.start_project()
    assert [name for name, _ in calls(dat)] == ["onCreate", "onStart"]


def test_a_dropped_component_is_created_but_not_started(runtime: Runtime, project: Any) -> None:
    inside, outside = (
        recorder(project.create("baseCOMP"), "executeDAT", "onCreate", "onStart"),
        recorder(project, "executeDAT", "onCreate"),
    )
    for dat in (inside, outside):
        dat.par.create = dat.par.start = True
    runtime.announce_created(inside.parent())
    assert [name for name, _ in calls(inside)] == ["onCreate"]
    assert calls(outside) == []


@pytest.mark.parametrize(("build", "count"), [("2023.11880", 1), ("2025.32460", 3)])
def test_a_table_change_is_told_once_a_frame(build: str, count: int) -> None:
    with Runtime(build=build) as runtime:
        table = runtime.root.create("tableDAT")
        dat = recorder(runtime.root, "datexecuteDAT", "onTableChange")
        dat.par.dat, dat.par.tablechange = table, True
        table.appendRow(["a"])
        runtime.step()
        assert calls(dat) == []
        table[0, 0] = "b"
        table.appendRow(["c"])
        runtime.step()
        runtime.step()
        [(_, args)] = calls(dat)
        assert (len(args), args[0]) == (count, table)
        if count == 3:
            assert args[1].rows(val=True) == [["a"]]
            assert (args[2].cellsChanged, args[2].rowsAdded, args[2].sizeChanged) == ([(0, 0)], [1], True)


def test_a_parameter_change_and_a_pulse_are_told_with_the_value_before(runtime: Runtime, project: Any) -> None:
    page = project.appendCustomPage("A")
    page.appendInt("Count")
    page.appendPulse("Go")
    dat = recorder(project, "parameterexecuteDAT", "onValueChange", "onPulse")
    dat.par.op, dat.par.valuechange, dat.par.onpulse = "..", True, True
    runtime.step()
    project.par.Count = 3
    project.par.Count = 4
    project.par.externaltox = "built-in is not watched"
    project.par.Go.pulse()
    runtime.step()
    assert [(name, args[0].name, *args[1:]) for name, args in calls(dat)] == [
        ("onValueChange", "Count", 0),
        ("onPulse", "Go"),
    ]


def test_an_error_in_a_callback_is_a_script_error_and_the_show_goes_on(runtime: Runtime, project: Any) -> None:
    dat = project.create("executeDAT")
    dat.text = "def onFrameStart(frame):\n    raise ValueError('broken')"
    dat.par.framestart = True
    runtime.step()
    assert "broken" in dat.scriptErrors()


@given(
    st.lists(st.lists(st.sampled_from("ab"), min_size=2, max_size=2)),
    st.lists(st.lists(st.sampled_from("ab"), min_size=2, max_size=2)),
)
def test_changes_are_none_only_between_equal_tables(before: list[list[str]], now: list[list[str]]) -> None:
    info = changes(before, now)
    assert (not info.cellsChanged and not info.sizeChanged) is (before == now)


def test_a_broken_expression_switches_a_callback_dat_off(runtime: Runtime, project: Any) -> None:
    dat = recorder(project, "executeDAT", "onFrameStart")
    dat.par.framestart = True
    dat.par.active.expr = "1 / 0"
    runtime.step()
    assert calls(dat) == []
    assert "ZeroDivisionError" in dat.errors()
