"""The table half of a DAT: rows, columns and cells (reference `td_runtime.md` section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from td_headless.cells import Cell
from td_headless.errors import tdError
from td_headless.names import matches

Place = int | str
"""A row or column: its position (negative counts from the end), or the text in its first cell."""


class TableData:
    """Members of a DAT that holds a table. `_rows` is None in a DAT that holds text."""

    __slots__ = ()
    _rows: list[list[str]] | None

    def _table(self) -> list[list[str]]:
        raise NotImplementedError

    def _editable(self) -> list[list[str]]:
        raise NotImplementedError

    def _touched(self) -> None:
        raise NotImplementedError

    @property
    def numRows(self) -> int:
        """How many rows there are."""
        return len(self._table())

    @property
    def numCols(self) -> int:
        """How many columns there are."""
        rows = self._table()
        return len(rows[0]) if rows else 0

    def _row_index(self, place: Any) -> int | None:
        names = [row[0] if row else "" for row in self._table()]
        return _position(place, names)

    def _col_index(self, place: Any) -> int | None:
        rows = self._table()
        return _position(place, rows[0] if rows else [])

    def _need_row(self, place: Any) -> int:
        index = self._row_index(place)
        if index is None:
            raise tdError(f"Invalid row {place!r}")
        return index

    def _need_col(self, place: Any) -> int:
        index = self._col_index(place)
        if index is None:
            raise tdError(f"Invalid column {place!r}")
        return index

    def __getitem__(self, place: tuple[Place, Place]) -> Cell | None:
        row, col = self._row_index(place[0]), self._col_index(place[1])
        return None if row is None or col is None else Cell(self, row, col)

    def __setitem__(self, place: tuple[Place, Place], value: Any) -> None:
        self._write_cell(self._need_row(place[0]), self._need_col(place[1]), value)

    def _write_cell(self, row: int, col: int, value: Any) -> None:
        self._editable()[row][col] = _text(value)
        self._touched()

    def cell(self, row: Place, col: Place, caseSensitive: bool = True, val: bool = False) -> Any:
        """Return the first cell whose row and column match (patterns allowed), or None; its text with `val`."""
        found = self.cells(row, col, caseSensitive=caseSensitive, val=val)
        return found[0] if found else None

    def cells(self, row: Place, col: Place, caseSensitive: bool = True, val: bool = False) -> list[Any]:
        """Return all cells whose row and column match (patterns allowed); their texts with `val`."""
        rows = self._table()
        found = [
            Cell(self, r, c)
            for r in _positions(row, [line[0] if line else "" for line in rows], caseSensitive)
            for c in _positions(col, rows[0] if rows else [], caseSensitive)
        ]
        return [cell.val for cell in found] if val else found

    def findCell(
        self,
        pattern: str,
        rows: Sequence[Place] | None = None,
        cols: Sequence[Place] | None = None,
        valuePattern: bool = True,
        rowPattern: bool = True,
        colPattern: bool = True,
        caseSensitive: bool = False,
        val: bool = False,
    ) -> Any:
        """Return the first cell whose text matches, row by row, or None; the other arguments as for `findCells`."""
        found = self.findCells(pattern, rows, cols, valuePattern, rowPattern, colPattern, caseSensitive, val)
        return found[0] if found else None

    def findCells(
        self,
        pattern: str,
        rows: Sequence[Place] | None = None,
        cols: Sequence[Place] | None = None,
        valuePattern: bool = True,
        rowPattern: bool = True,
        colPattern: bool = True,
        caseSensitive: bool = False,
        val: bool = False,
    ) -> list[Any]:
        """Return the cells whose text matches, row by row.

        Args:
            pattern: a pattern, or with `valuePattern` off the text itself.
            rows, cols: where to look; names in them are patterns unless `rowPattern`, `colPattern` are off.
            caseSensitive: of the text; names of rows and columns always are.
            val: return the texts.
        """
        row_names = [line[0] if line else "" for line in self._table()]
        col_names = self._table()[0] if self._table() else []
        rows_in = _chosen(rows, row_names, rowPattern)
        cols_in = _chosen(cols, col_names, colPattern)
        wanted = pattern if caseSensitive else pattern.lower()

        def fits(text: str) -> bool:
            text = text if caseSensitive else text.lower()
            return text == wanted or (valuePattern and matches(wanted, text))

        places = [
            (r, c)
            for r, row in enumerate(self._table())
            for c, text in enumerate(row)
            if r in rows_in and c in cols_in and fits(text)
        ]
        return self._cells_of(places, val)

    def row(self, *places: Place, val: bool = False) -> list[Any] | None:
        """Return the cells of the rows named, one after the other, or None when there is no such row."""
        indices = [index for place in places if (index := self._row_index(place)) is not None]
        return self._cells_of([(r, c) for r in indices for c in range(self.numCols)], val) if indices else None

    def col(self, *places: Place, val: bool = False) -> list[Any] | None:
        """Return the cells of the columns named, one after the other, or None when there is no such column."""
        indices = [index for place in places if (index := self._col_index(place)) is not None]
        return self._cells_of([(r, c) for c in indices for r in range(self.numRows)], val) if indices else None

    def rows(self, *places: Place, val: bool = False) -> list[list[Any]]:
        """Return the rows named, or all, each as a list of cells."""
        indices = [self._need_row(place) for place in places] if places else list(range(self.numRows))
        return [self._cells_of([(r, c) for c in range(self.numCols)], val) for r in indices]

    def cols(self, *places: Place, val: bool = False) -> list[list[Any]]:
        """Return the columns named, or all, each as a list of cells."""
        indices = [self._need_col(place) for place in places] if places else list(range(self.numCols))
        return [self._cells_of([(r, c) for r in range(self.numRows)], val) for c in indices]

    def _cells_of(self, places: list[tuple[int, int]], val: bool) -> list[Any]:
        cells = [Cell(self, row, col) for row, col in places]
        return [cell.val for cell in cells] if val else cells

    def appendRow(self, vals: Any = None, nameOrIndex: Place | None = None) -> int:
        """Append a row after `nameOrIndex` or at the end, and return its position."""
        rows = self._editable()
        at = len(rows) if nameOrIndex is None else self._need_row(nameOrIndex) + 1
        return self.insertRow(vals, at)

    def appendRows(self, rows: Iterable[Any], nameOrIndex: Place | None = None) -> int:
        """Append several rows and return the position of the last."""
        last = self.numRows - 1
        for offset, vals in enumerate(rows):
            at = None if nameOrIndex is None else self._need_row(nameOrIndex) + offset
            last = self.appendRow(vals, at)
        return last

    def insertRow(self, vals: Any = None, nameOrIndex: Place = 0) -> int:
        """Insert a row before `nameOrIndex` and return its position."""
        rows = self._editable()
        at = nameOrIndex if isinstance(nameOrIndex, int) and nameOrIndex == len(rows) else self._need_row(nameOrIndex)
        texts = _texts(vals)
        self._widen(len(texts))
        rows.insert(at, _padded(texts, max(self.numCols, len(texts), 1)))
        self._touched()
        return at

    def appendCol(self, vals: Any = None, nameOrIndex: Place | None = None) -> int:
        """Append a column after `nameOrIndex` or at the end, and return its position."""
        self._editable()
        at = self.numCols if nameOrIndex is None else self._need_col(nameOrIndex) + 1
        return self.insertCol(vals, at)

    def appendCols(self, cols: Iterable[Any]) -> int:
        """Append several columns and return the position of the last."""
        last = self.numCols - 1
        for vals in cols:
            last = self.appendCol(vals)
        return last

    def insertCol(self, vals: Any = None, nameOrIndex: Place = 0) -> int:
        """Insert a column before `nameOrIndex` and return its position."""
        rows = self._editable()
        at = (
            nameOrIndex if isinstance(nameOrIndex, int) and nameOrIndex == self.numCols else self._need_col(nameOrIndex)
        )
        texts = _texts(vals)
        width = self.numCols
        while len(rows) < max(len(texts), 1):
            rows.append([""] * width)
        for row, text in zip(rows, _padded(texts, len(rows)), strict=True):
            row.insert(at, text)
        self._touched()
        return at

    def replaceRow(self, nameOrIndex: Place, vals: Any = None, entireRow: bool = True) -> int:
        """Overwrite a row; with `entireRow` the cells beyond `vals` become empty. Return its position."""
        rows, at, texts = self._editable(), self._need_row(nameOrIndex), _texts(vals)
        self._widen(len(texts))
        rows[at] = _padded(texts, self.numCols) if entireRow else texts + rows[at][len(texts) :]
        self._touched()
        return at

    def replaceCol(self, nameOrIndex: Place, vals: Any = None, entireCol: bool = True) -> int:
        """Overwrite a column; with `entireCol` the cells beyond `vals` become empty. Return its position."""
        rows, at, texts = self._editable(), self._need_col(nameOrIndex), _texts(vals)
        while len(rows) < len(texts):
            rows.append([""] * self.numCols)
        for index, row in enumerate(rows):
            if index < len(texts) or entireCol:
                row[at] = texts[index] if index < len(texts) else ""
        self._touched()
        return at

    def deleteRow(self, nameOrIndex: Place) -> None:
        """Delete one row."""
        del self._editable()[self._need_row(nameOrIndex)]
        self._touched()

    def deleteRows(self, places: Sequence[Place] | None = None) -> None:
        """Delete the rows named, or all."""
        doomed = set(range(self.numRows)) if places is None else {self._need_row(place) for place in places}
        rows = self._editable()
        rows[:] = [row for index, row in enumerate(rows) if index not in doomed]
        self._touched()

    def deleteCol(self, nameOrIndex: Place) -> None:
        """Delete one column."""
        at = self._need_col(nameOrIndex)
        for row in self._editable():
            del row[at]
        self._touched()

    def deleteCols(self, places: Sequence[Place] | None = None) -> None:
        """Delete the columns named, or all."""
        doomed = set(range(self.numCols)) if places is None else {self._need_col(place) for place in places}
        for row in self._editable():
            row[:] = [text for index, text in enumerate(row) if index not in doomed]
        self._touched()

    def setSize(self, numrows: int, numcols: int) -> None:
        """Cut or fill the table with empty cells to this size."""
        rows = self._editable()
        rows[:] = [_padded(row[:numcols], numcols) for row in rows[:numrows]]
        rows += [[""] * numcols for _ in range(numrows - len(rows))]
        self._touched()

    def _widen(self, width: int) -> None:
        for row in self._editable():
            row += [""] * (width - len(row))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _texts(vals: Any) -> list[str]:
    if vals is None:
        return []
    return [_text(vals)] if isinstance(vals, str | int | float | Cell) else [_text(value) for value in vals]


def _padded(texts: list[str], width: int) -> list[str]:
    return texts + [""] * (width - len(texts))


def _position(place: Any, names: list[str]) -> int | None:
    if isinstance(place, Cell):
        place = place.val
    if isinstance(place, str):
        return names.index(place) if place in names else None
    index = int(place)
    index += len(names) if index < 0 else 0
    return index if 0 <= index < len(names) else None


def _positions(place: Any, names: list[str], case_sensitive: bool) -> list[int]:
    if not isinstance(place, str):
        index = _position(place, names)
        return [] if index is None else [index]
    if not case_sensitive:
        place, names = place.lower(), [name.lower() for name in names]
    return [index for index, name in enumerate(names) if name == place or matches(place, name)]


def _chosen(places: Sequence[Place] | None, names: list[str], patterns: bool) -> set[int]:
    """Return the positions of the rows or columns that `places` names, all for None."""
    if places is None:
        return set(range(len(names)))
    listed = [places] if isinstance(places, str | int) else places
    if patterns:
        return {index for place in listed for index in _positions(place, names, True)}
    return {index for place in listed if (index := _position(place, names)) is not None}
