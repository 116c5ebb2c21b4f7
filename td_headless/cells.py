"""`Cell`: one cell of a table. Its value is always text; it computes as a number where it can."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable
from typing import Any

from td_headless.errors import tdError
from td_headless.unbuilt import loud


@loud("Cell")
class Cell:
    """One cell (Derivative's Cell Class). It stands for a place in the table, not for a value."""

    __slots__ = ("_dat", "col", "row")

    def __init__(self, dat: Any, row: int, col: int) -> None:
        self._dat = dat
        self.row = row
        self.col = col

    @property
    def owner(self) -> Any:
        """The DAT."""
        return self._dat

    @property
    def valid(self) -> bool:
        """Whether the table still has this place."""
        return bool(self._dat.valid) and self.row < self._dat.numRows and self.col < self._dat.numCols

    @property
    def val(self) -> str:
        """The text; anything assigned is turned into text by ``str``."""
        if not self.valid:
            raise tdError("Invalid Cell object: its table no longer has this place")
        return str(self._dat._table()[self.row][self.col])

    @val.setter
    def val(self, value: Any) -> None:
        if not self.valid:
            raise tdError("Invalid Cell object: its table no longer has this place")
        self._dat._write_cell(self.row, self.col, value)

    def offset(self, rows: int, cols: int) -> Cell | None:
        """Return the cell that many rows and columns away, or None outside the table."""
        row, col = self.row + rows, self.col + cols
        inside = 0 <= row < self._dat.numRows and 0 <= col < self._dat.numCols
        return Cell(self._dat, row, col) if inside else None

    def run(self, *args: Any, **options: Any) -> Any:
        """Run the cell's text as a script whose ``args`` are `args`; the options are those of ``td.run``."""
        options.setdefault("fromOP", self._dat)
        return self._dat._world.schedule.run(self.val, *args, **options)

    def __str__(self) -> str:
        return self.val

    def __repr__(self) -> str:
        return f"type:Cell owner:{self._dat.path} row:{self.row} col:{self.col} value:{self.val}"

    def __hash__(self) -> int:
        return hash((id(self._dat), self.row, self.col))

    def __bool__(self) -> bool:
        return bool(self.val)

    def __len__(self) -> int:
        return len(self.val)

    def __float__(self) -> float:
        return float(self.val)

    def __int__(self) -> int:
        return int(float(self.val))

    def __contains__(self, text: str) -> bool:
        return text in self.val

    def __neg__(self) -> Any:
        return -_number(self.val)

    def __abs__(self) -> Any:
        return abs(_number(self.val))

    def __getitem__(self, index: Any) -> str:
        return self.val[index]


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _alike(cell: Cell, other: Any) -> tuple[Any, Any]:
    """Return both sides as text when the other side is text, else as numbers."""
    if isinstance(other, Cell):
        other = other.val
        try:
            return _number(cell.val), _number(other)
        except ValueError:
            return cell.val, other
    return (cell.val, other) if isinstance(other, str) else (_number(cell.val), other)


def _forward(compute: Callable[[Any, Any], Any]) -> Callable[[Cell, Any], Any]:
    return lambda self, other: compute(*_alike(self, other))


def _backward(compute: Callable[[Any, Any], Any]) -> Callable[[Cell, Any], Any]:
    return lambda self, other: compute(*reversed(_alike(self, other)))


def _equal(self: Cell, other: Any) -> bool:
    try:
        mine, theirs = _alike(self, other)
    except (ValueError, TypeError):
        return False
    return bool(mine == theirs)


Cell.__eq__ = _equal  # type: ignore[method-assign, assignment]
for _word in ("lt", "le", "gt", "ge"):
    setattr(Cell, f"__{_word}__", _forward(getattr(operators, _word)))
for _word in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(Cell, f"__{_word}__", _forward(getattr(operators, _word)))
    setattr(Cell, f"__r{_word}__", _backward(getattr(operators, _word)))
