"""Reference `td_runtime.md`, section 3 (DAT / OP / runtime API): one test a statement; each quotes it.

Not testable on a stand-in, and why:
- Error DAT (`onError`) and FIFO DAT (`onNewRow`): no errors of TouchDesigner are collected here; the types exist;
- saving and loading (`save`, `loadTox`, `saveByteArray`, `externaltox` …): TouchDesigner's own file format; not built,
  `NotImplementedError` says so, which is tested;
- `store` marking the network dirty and being written to the file: no file is written;
- `ThreadManager` of `op.TDResources`: not built, there is no such operator;
- `onStart` not in TouchEngine, device and play state changes, project saves: no such events happen here;
- `defaultreadencoding`: the parameter exists, files are read as UTF-8.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime, tdAttributeError, tdError


@pytest.fixture
def table(project: Any) -> Any:
    made = project.create("tableDAT", "data")
    made.appendRows([["id", "x", "y"], ["a", 1, 2.5], ["b", 3, 4]])
    return made


def execute(project: Any, kind: str, code: str, **pars: Any) -> Any:
    dat = project.create(kind)
    dat.text = code
    for name, value in pars.items():
        dat.par[name] = value
    return dat


def test_an_item_of_a_table_is_a_cell_by_index_or_exact_name(table: Any) -> None:
    """3: dat[r,c] -> Cell | None (ints or exact names, no patterns; named by first col/row)."""
    assert (table["a", "y"].val, table[1, 2].val, table["a", 1].val) == ("2.5", "2.5", "1")
    assert table["*", "x"] is None
    assert table["nosuch", "x"] is None
    assert table[99, 0] is None


def test_cell_takes_patterns_and_gives_none_when_absent(table: Any) -> None:
    """3: cell(r,c,caseSensitive=True,val=False): patterns allowed; None when absent; cells(r,c)."""
    assert table.cell("b*", "X", caseSensitive=False).val == "3"
    assert table.cell("q*", "x") is None
    assert table.cell("a", "x", val=True) == "1"
    assert [cell.val for cell in table.cells("*", "y")] == ["y", "2.5", "4"]


def test_find_cell_and_find_cells(table: Any) -> None:
    """3: findCell(s)."""
    table.appendRow(["c", "A", "a"])
    assert (table.findCell("a").row, table.findCell("a", caseSensitive=True, rows=["c"]).col) == (1, 2)
    assert table.findCells("a", val=True) == ["a", "A", "a"]
    assert table.findCells("[ab]", cols=[0], valuePattern=False) == []
    assert table.findCell("nosuch") is None


def test_row_and_col_give_lists_or_none(table: Any) -> None:
    """3: row(*names,val=False) -> list|None, rows(), col(), cols()."""
    assert table.row("a", val=True) == ["a", "1", "2.5"]
    assert table.row("nosuch") is None
    assert table.col("x", val=True) == ["x", "1", "3"]
    assert (len(table.rows()), len(table.cols())) == (3, 3)


def test_rows_and_columns_are_appended_inserted_replaced_deleted(table: Any) -> None:
    """3: appendRow(vals, nameOrIndex)->int, insertRow/Col, replaceRow(…, entireRow=True), deleteRow(s)/Col(s), setSize."""
    assert table.appendRow(["c"], "a") == 2
    assert table.insertRow(["0"], 0) == 0
    table.replaceRow(0, ["z"], entireRow=True)
    assert table.row(0, val=True) == ["z", "", ""]
    table.deleteRows([0, "c"])
    table.deleteCol("y")
    assert (table.numRows, table.numCols) == (3, 2)
    table.setSize(1, 4)
    assert table.rows(val=True) == [["id", "x", "", ""]]


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        ({}, []),
        ({"keepFirstRow": True}, [["id", "x", "y"]]),
        ({"keepFirstCol": True}, [["id"], ["a"], ["b"]]),
        ({"keepSize": True, "keepFirstRow": True}, [["id", "x", "y"], [""] * 3, [""] * 3]),
    ],
)
def test_clear_keeps_what_it_is_told_to(table: Any, keep: dict[str, bool], left: list[list[str]]) -> None:
    """3: clear(keepSize=False, keepFirstRow=False, keepFirstCol=False)."""
    table.clear(**keep)
    assert table.rows(val=True) == left


def test_the_text_of_a_table_loses_line_ends_in_cells_and_csv_keeps_them(table: Any) -> None:
    """3: text = cells joined by TAB, rows by newline; newlines inside cells are removed; multi-line cells need csv."""
    table["a", "x"] = "two\nlines"
    assert table.text.splitlines()[1] == "a\ttwolines\t2.5"
    assert '"two\nlines"' in table.csv
    assert table["a", "x"].val == "two\nlines"


def test_a_cell_is_text_that_computes(table: Any) -> None:
    """3: Cell: val (always str), row, col, owner, valid, offset(r,c), run(); behaves as str or number in arithmetic."""
    cell = table["a", "x"]
    assert (cell.val, cell.row, cell.col, cell.owner, cell.valid) == ("1", 1, 1, table, True)
    assert (cell + 1, cell == 1, cell == "1", cell.offset(1, 1).val) == (2, True, True, "4")
    table["a", "x"] = "parent().store('ran', args[0])"
    cell.run(5)
    assert table.parent().fetch("ran") == 5


@pytest.mark.parametrize(("value", "stored"), [(True, "True"), (1.5, "1.5"), (3, "3"), ("t", "t")])
def test_an_assigned_value_is_stored_as_its_str(table: Any, value: Any, stored: str) -> None:
    """3: assigning dat[r,c] = x stores str(x) (True → 'True', floats via str)."""
    table[1, 1] = value
    assert table[1, 1].val == stored


def test_a_module_is_run_on_import_and_kept_until_the_text_changes(project: Any) -> None:
    """3: dat.module compiles the DAT as a module (cached until text changes); importing = executing it."""
    dat = project.create("textDAT", "code")
    dat.text = "parent().store('runs', parent().fetch('runs', 0) + 1)"
    _ = dat.module, dat.module
    assert project.fetch("runs") == 1
    dat.text += "\n"
    _ = dat.module
    assert project.fetch("runs") == 2


@pytest.mark.parametrize(
    ("build", "count"), [("2023.12000", 1), ("2025.29999", 1), ("2025.30000", 3), ("2025.33070", 3)]
)
def test_on_table_change_is_told_more_since_2025(build: str, count: int) -> None:
    """3: ≤2023 onTableChange(dat); ≥2025.30000 onTableChange(dat, prevDAT, info) with rowsChanged … sizeChanged."""
    with Runtime(build=build) as runtime:
        project = runtime.root.create("baseCOMP")
        table = project.create("tableDAT", "data")
        table.appendRow(["a", "b"])
        code = "def onTableChange(*args):\n    parent().store('args', args)\n"
        execute(project, "datexecuteDAT", code, dat="data", tablechange=True)
        runtime.step()
        table[0, 1] = "c"
        table.appendRow(["d", "e"])
        runtime.step()
        args = project.fetch("args")
        assert len(args) == count
        if count == 3:
            assert args[1][0, 1].val == "b"
            assert (args[2].rowsChanged, args[2].rowsAdded, args[2].cellsChanged) == ([0], [1], [(0, 1)])
            assert args[2].sizeChanged


def test_the_older_table_callbacks_are_called(runtime: Runtime, project: Any, table: Any) -> None:
    """3: legacy onRowChange(dat, rows), onColChange(dat, cols), onCellChange(dat, cells, prev), onSizeChange(dat)."""
    code = "".join(
        f"def on{what}Change(*args):\n    parent().store('{what}', args)\n" for what in ("Row", "Col", "Cell", "Size")
    )
    toggles = {f"{what}change": True for what in ("row", "col", "cell", "size")}
    execute(project, "datexecuteDAT", code, dat="data", **toggles)
    runtime.step()
    table["b", "y"] = 5
    runtime.step()
    assert (project.fetch("Row"), project.fetch("Col")) == ((table, [2]), (table, [2]))
    _, cells, before = project.fetch("Cell")
    assert ([cell.val for cell in cells], before) == (["5"], ["4"])
    assert project.fetch("Size", None) is None
    table.appendRow(["c"])
    runtime.step()
    assert project.fetch("Size") == (table,)


def test_parameter_execute_callbacks(runtime: Runtime, project: Any) -> None:
    """3: onValueChange(par, prev), onValuesChanged(changes) with .par .prev, onPulse(par), on…Change(par, val, prev)."""
    names = ("ValueChange", "ValuesChanged", "Pulse", "ExpressionChange", "EnableChange", "ModeChange")
    code = "".join(f"def on{name}(*args):\n    parent().store('{name}', args)\n" for name in names)
    toggles = dict.fromkeys(("valuechange", "valueschanged", "onpulse", "expressionchange", "enablechange"), True)
    execute(project, "parameterexecuteDAT", code, op="noise", builtin=True, modechange=True, **toggles)
    noise = project.create("noiseTOP", "noise")
    noise.par.period = 3
    runtime.step()
    assert project.fetch("ValueChange") == (noise.par.period, 1.0)
    (change,) = project.fetch("ValuesChanged")[0]
    assert (change.par.name, change.prev) == ("period", 1.0)
    noise.par.period.expr = "2 + 2"
    noise.par.amp.enable = False
    runtime.step()
    par, now, before = project.fetch("ExpressionChange")
    assert (par.name, now, before) == ("period", "2 + 2", "")
    assert project.fetch("EnableChange")[1:] == (False, True)
    mode = runtime.td.ParMode
    assert project.fetch("ModeChange")[1:] == (mode.EXPRESSION, mode.CONSTANT)


def test_execute_callbacks_of_a_starting_project_and_of_a_dropped_component(runtime: Runtime, project: Any) -> None:
    """3: onCreate whenever the node comes into being, also at start; onStart only when TD starts; onExit; by name."""
    code = "".join(
        f"def {name}(*args):\n    root.store('{name}', root.fetch('{name}', []) + [me.name])\n"
        for name in ("onStart", "onCreate", "onExit", "onFrameStart", "onFrameEnd")
    )
    for name in ("exec_b", "exec_a"):
        dat = execute(project, "executeDAT", code, start=True, create=True, exit=True, framestart=True)
        dat.name = name
    runtime.announce_created(project)
    assert (runtime.root.fetch("onCreate"), runtime.root.fetch("onStart", None)) == (["exec_a", "exec_b"], None)
    runtime.start_project()
    assert runtime.root.fetch("onStart") == ["exec_a", "exec_b"]
    runtime.step()
    assert (runtime.root.fetch("onFrameStart"), runtime.root.fetch("onFrameEnd", None)) == (["exec_a", "exec_b"], None)
    runtime.exit_project()
    assert runtime.root.fetch("onExit") == ["exec_a", "exec_b"]


@pytest.mark.parametrize(
    ("kind", "toggle"),
    [
        ("chopexecuteDAT", "valuechange"),
        ("opexecuteDAT", "namechange"),
        ("panelexecuteDAT", "offtoon"),
        ("pargroupexecuteDAT", "onpulse"),
    ],
)
def test_other_execute_dats_say_that_they_are_not_built(project: Any, kind: str, toggle: str) -> None:
    """3: (the callback DATs that are not described there) never fire silently not."""
    with pytest.raises(NotImplementedError, match=kind):
        project.create(kind).par[toggle] = True


@pytest.mark.parametrize(
    "style",
    """Str StrMenu Menu Toggle Pulse Momentary File FileSave Folder OP COMP DAT TOP CHOP SOP MAT Object PanelCOMP Python
    Header Int Float XY XYZ XYZW UV UVW RGB RGBA WH""".split(),  # noqa: SIM905
)
def test_every_append_gives_a_group_whose_first_is_the_par(runtime: Runtime, project: Any, style: str) -> None:
    """3: page.append…(name, label, order, replace) → all return a ParGroup ([0] is the Par)."""
    group = getattr(project.appendCustomPage("Guard"), f"append{style}")("Value", label="The value")
    assert isinstance(group, runtime.td.ParGroup)
    assert isinstance(group[0], runtime.td.Par)
    assert (group[0].label, group[0].isCustom, group[0].page.name) == ("The value", True, "Guard")


@pytest.mark.parametrize("name", ["value", "VALUE", "Two_words", "1st", ""])
def test_a_custom_name_is_one_capital_then_lower_case_and_digits(project: Any, name: str) -> None:
    """3: names: one capital first letter then lower-case/digits only."""
    with pytest.raises(tdError, match="Invalid parameter name"):
        project.appendCustomPage("Guard").appendFloat(name)


def test_assigning_val_or_expr_switches_the_mode(runtime: Runtime, project: Any) -> None:
    """3: setting .val (or par.X = v) puts CONSTANT mode, .expr EXPRESSION mode; .val reads only the constant value."""
    period, mode = project.create("noiseTOP").par.period, runtime.td.ParMode
    period.expr = "5"
    assert (period.mode, period.val, period.eval(), period.prevMode) == (mode.EXPRESSION, 1.0, 5.0, mode.CONSTANT)
    period.owner.par.period = 2
    assert (period.mode, period.val, period.eval()) == (mode.CONSTANT, 2.0, 2.0)


def test_a_list_of_operators_may_be_assigned(project: Any) -> None:
    """3: for multi-op pars a list of OPs may be assigned."""
    tops = [project.create("noiseTOP"), project.create("rampTOP")]
    watch = project.create("parameterexecuteDAT")
    watch.par.op = tops
    assert watch.par.op.evalOPs() == tops


def test_enable_is_of_each_parameter(project: Any) -> None:
    """3: since 2023.30000 enable is per par."""
    group = project.appendCustomPage("Guard").appendXY("Place")
    group[0].enable = False
    assert (group.enable, project.par.Placey.enable) == ((False, True), True)


def test_a_missing_parameter_is_none_as_item_and_raises_as_member(project: Any) -> None:
    """3: comp.par['Foo'] → None when missing; comp.par.Foo → AttributeError (tdAttributeError)."""
    assert project.par["Foo"] is None
    with pytest.raises(tdAttributeError):
        _ = project.par.Foo
    assert issubclass(tdAttributeError, AttributeError)


def test_a_par_behaves_like_its_value(project: Any) -> None:
    """3: Par objects behave like their value in comparisons/arithmetics."""
    period = project.create("noiseTOP").par.period
    assert (period + 1, period == 1, 3 - period, float(period)) == (2.0, True, 2.0, 1.0)
    assert period is not period.eval()


@pytest.mark.parametrize(
    "member",
    ["save", "saveByteArray", "loadTox", "loadByteArray", "reload", "saveExternalTox"],
)
def test_component_files_are_not_built_and_say_so(project: Any, member: str) -> None:
    """3: COMP files: save, saveByteArray, loadTox, loadByteArray, reload, saveExternalTox."""
    with pytest.raises(NotImplementedError, match=f"COMP.{member}"):
        getattr(project, member)()
    assert project.par["reloadtoxpulse"] is None


def test_op_is_none_when_missing_and_opex_raises(project: Any) -> None:
    """3: op(p)->None if missing, opex(p) raises."""
    assert project.op("nosuch") is None
    with pytest.raises(tdError):
        project.opex("nosuch")


def test_fetch_searches_upward_and_can_store_the_default(project: Any) -> None:
    """3: store/fetch(key,default=None,search=True,storeDefault=False)/unstore/storeStartupValue."""
    inner = project.create("baseCOMP")
    project.store("key", 1)
    assert (inner.fetch("key"), inner.fetch("key", 2, search=False), inner.fetchOwner("key")) == (1, 2, project)
    assert inner.fetch("own", 3, storeDefault=True) == inner.storage["own"] == 3
    inner.unstore("own")
    assert "own" not in inner.storage


def test_start_up_values_are_stored_when_the_project_starts(runtime: Runtime, project: Any) -> None:
    """3: storeStartupValue."""
    project.storeStartupValue("mode", "safe")
    project.store("mode", "wild")
    runtime.start_project()
    assert project.fetch("mode") == "safe"


def test_file_dats_follow_their_file_and_write_it(runtime: Runtime, project: Any, tmp_path: Path) -> None:
    """3: DAT files: file, syncfile, loadonstart(+pulse)."""
    file = tmp_path / "notes.txt"
    file.write_text("one", encoding="utf-8")
    dat = project.create("textDAT")
    dat.par.file, dat.par.syncfile = str(file), True
    runtime.step()
    assert dat.text == "one"
    file.write_text("two from outside", encoding="utf-8")
    runtime.step()
    assert dat.text == "two from outside"
    dat.text = "three"
    runtime.step()
    assert file.read_text(encoding="utf-8") == "three"
    dat.par.syncfile = False
    dat.text = "four"
    runtime.step()
    assert file.read_text(encoding="utf-8") == "three"


def test_run_waits_for_its_frame_and_can_be_killed(runtime: Runtime) -> None:
    """3: run(script_or_callable, *args, delayFrames=0 …)->Run with .kill(); list in td.runs."""
    td, seen = runtime.td, []
    td.run(seen.append, 1, delayFrames=2)
    killed = td.run(seen.append, 2, delayFrames=2)
    assert len(td.runs) == 2
    killed.kill()
    runtime.step()
    assert seen == []
    runtime.step()
    assert seen == [1]


def test_a_sibling_or_a_dat_of_local_modules_can_be_imported(runtime: Runtime, project: Any) -> None:
    """3: import datName: sibling or local/modules Text DATs are importable modules; mod.datName, mod('path')."""
    project.create("baseCOMP", "local").create("baseCOMP", "modules").create("textDAT", "shared").text = "A = 1"
    project.create("textDAT", "sibling").text = "B = 2"
    code = project.create("textDAT", "code")
    code.text = "import shared, sibling\nSUM = shared.A + sibling.B + mod.sibling.B + mod('shared').A"
    assert code.module.SUM == 6


def test_an_open_undo_block_is_closed_at_the_end_of_the_callback(runtime: Runtime) -> None:
    """3: ui.undo.startBlock … endBlock; a block left open is closed at the end of the script callback."""
    runtime.td.ui.undo.startBlock("left open")
    assert runtime.td.ui.undo.undoStack == []
    runtime.step()
    assert runtime.td.ui.undo.undoStack == ["left open"]


def test_the_names_are_in_every_dat_and_importable(runtime: Runtime, project: Any) -> None:
    """3: these names are injected into every DAT; in an external .py use import td."""
    code = project.create("textDAT", "code")
    names = "op ops opex me parent root project app absTime tdu ui run debug mod ParMode noiseTOP".split()  # noqa: SIM905
    code.text = f"FOUND = [{', '.join(names)}]"
    assert len(code.module.FOUND) == len(names)
    with runtime.install():
        import td

        assert td.project.folder
        assert td.app.build == "2025.32460"
