from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_headless import Runtime, tdError
from td_headless.cells import Cell

_CELLS = st.text(st.characters(exclude_characters="\t", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)


@pytest.fixture
def table(project: Any) -> Any:
    made = project.create("tableDAT")
    made.appendRows([["tool", "limit"], ["create_td_node", 10], ["delete_td_node", 0]])
    return made


def test_a_cell_is_found_by_position_or_name_but_not_by_pattern(table: Any) -> None:
    assert table[1, 0] == "create_td_node"
    assert table["create_td_node", "limit"] == 10
    assert table[-1, -1] == 0
    assert table["create*", "limit"] is None
    assert table[9, 0] is None
    assert table.cell("create*", "lim*", val=True) == "10"


def test_a_cell_is_text_that_computes_as_a_number(table: Any) -> None:
    cell = table[1, 1]
    assert (cell.val, str(cell), cell + 1, 1 + cell, cell * 2, cell > 9, int(cell), cell + "x") == (
        "10", "10", 11, 11, 20, True, 10, "10x",
    )  # fmt: skip
    assert cell != 11
    assert cell != "x"


def test_assigning_a_cell_stores_text(table: Any) -> None:
    table["create_td_node", "limit"] = True
    table[2, 1] = 0.5
    assert (table[1, 1].val, table[2, 1].val) == ("True", "0.5")


def test_assigning_outside_the_table_is_refused(table: Any) -> None:
    with pytest.raises(tdError, match="Invalid row"):
        table["nosuch", 0] = 1
    with pytest.raises(tdError, match="Invalid column"):
        table[0, 7] = 1


def test_rows_and_columns_are_lists_of_cells(table: Any) -> None:
    assert [cell.val for cell in table.row("create_td_node")] == ["create_td_node", "10"]
    assert table.row("nosuch") is None
    assert table.col("limit", val=True) == ["limit", "10", "0"]
    assert len(table.rows()) == 3
    assert isinstance(table.cols()[0][0], Cell)


def test_rows_are_inserted_replaced_and_deleted(table: Any) -> None:
    assert table.appendRow(["a"]) == 3
    assert table.insertRow(["b", 1, 2], 1) == 1
    assert (table.numRows, table.numCols) == (5, 3)
    table.replaceRow("b", ["c"])
    assert table.row("c", val=True) == ["c", "", ""]
    table.deleteRow("c")
    table.deleteRows([0, "a"])
    assert table.col(0, val=True) == ["create_td_node", "delete_td_node"]


def test_columns_are_added_and_deleted(table: Any) -> None:
    assert table.appendCol(["reason", "why"]) == 2
    assert table["create_td_node", "reason"] == "why"
    table.deleteCol("limit")
    assert table.row(0, val=True) == ["tool", "reason"]


def test_clear_keeps_what_it_is_told(table: Any) -> None:
    table.clear(keepFirstRow=True)
    assert table.rows(val=True) == [["tool", "limit"]]
    table.clear()
    assert (table.numRows, table.numCols) == (0, 0)


def test_text_of_a_table_is_tabs_and_lines_without_line_ends_in_cells(table: Any) -> None:
    table[1, 0] = "two\nlines"
    assert table.text == "tool\tlimit\ntwolines\t10\ndelete_td_node\t0"
    table.text = "x\ty\nz"
    assert table.rows(val=True) == [["x", "y"], ["z", ""]]


def test_a_cell_outlives_neither_its_row_nor_its_dat(table: Any) -> None:
    cell = table[2, 1]
    table.deleteRow(2)
    assert cell.valid is False
    with pytest.raises(tdError, match="Invalid Cell"):
        cell.val  # noqa: B018


def test_a_text_dat_is_no_table(project: Any) -> None:
    with pytest.raises(tdError, match="holds text"):
        project.create("textDAT").appendRow(["a"])


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_cells_survive_the_way_through_text(rows: list[list[str]]) -> None:
    with Runtime() as runtime:
        first, second = runtime.root.create("tableDAT"), runtime.root.create("tableDAT")
        first.appendRows(rows)
        second.text = first.text
        assert second.rows(val=True) == rows


@given(st.lists(st.lists(st.text(), max_size=4), max_size=6))
def test_a_table_is_always_rectangular(rows: list[list[str]]) -> None:
    with Runtime() as runtime:
        table = runtime.root.create("tableDAT")
        table.appendRows(rows)
        assert {len(row) for row in table.rows()} <= {table.numCols}
        assert table.numRows == len(rows)
