"""`DAT`: text, tables and the code they hold (Derivative's DAT Class)."""

from __future__ import annotations

import csv
import io
import json
import types
from pathlib import Path
from typing import Any, ClassVar

from td_headless.errors import tdError
from td_headless.finders import names_for
from td_headless.operators import OP
from td_headless.parameters import Par
from td_headless.tables import TableData
from td_headless.unbuilt import loud

_COMPUTED_STEMS = """artnet audiodevices chopto convert evaluate examine folder indices info insert json keyboardin
    lookup mediafileinfo merge monitors mpcdi opfind parameter perform popto renderpick reorder script serialdevices
    sopto sort substitute switch transpose videodevices xml"""
_COMPUTED = frozenset(f"{stem}DAT" for stem in _COMPUTED_STEMS.split())
"""Types that compute their text or table from elsewhere: reading one raises `NotImplementedError`."""


@loud("DAT")
class DAT(TableData, OP):
    """An operator that holds text or a table."""

    __slots__ = ("_module", "_module_version", "_rows", "_text", "_version")

    family: ClassVar[str] = "DAT"
    _max_inputs: ClassVar[int | None] = 0
    _holds_table: ClassVar[bool] = False
    _initial_text: ClassVar[str] = ""

    def __init__(self, world: Any, network: Any, name: str) -> None:
        self._rows: list[list[str]] | None = [] if self._holds_table else None
        self._text = self._initial_text
        self._module: types.ModuleType | None = None
        self._module_version = -1
        self._version = 0
        super().__init__(world, network, name)

    def _data(self) -> DAT:
        """The DAT whose data this one shows: itself, or what a Null or Select DAT reads."""
        source = None
        if self.OPType in _COMPUTED:
            raise NotImplementedError(f"td_headless does not compute the data of {self.OPType} ({self.path})")
        if self.OPType == "selectDAT":
            source = self.par.dat.eval()
        elif self.OPType in ("nullDAT", "outDAT"):
            source = self.inputs[0] if self.inputs else None
        return self if source is None or source is self else source._data()

    isTable = property(lambda self: self._data()._rows is not None, doc="Whether it holds a table.")
    isText = property(lambda self: self._data()._rows is None, doc="Whether it holds text.")
    isEditable = property(
        lambda self: self.OPType not in ("nullDAT", "outDAT", "selectDAT") and self.OPType not in _COMPUTED,
        doc="Whether it can be written.",
    )

    @property
    def text(self) -> str:
        """The text; of a table the cells joined by tabs, the rows by line ends, without line ends inside cells."""
        data = self._data()
        if data._rows is None:
            return data._text
        rows = ["\t".join(row) for row in data._rows]
        text = "\n".join(rows)
        tabs = sum(map(len, data._rows)) - len(rows)
        if text.count("\t") == tabs and text.count("\n") == len(rows) - 1:
            return text
        return "\n".join("\t".join(cell.replace("\n", "").replace("\t", "") for cell in row) for row in data._rows)

    @text.setter
    def text(self, text: Any) -> None:
        if self._rows is None:
            self._check_editable()
            self._text = str(text)
        else:
            rows = [line.split("\t") for line in str(text).splitlines()]
            width = max(map(len, rows), default=0)
            self._editable()[:] = [row + [""] * (width - len(row)) for row in rows]
        self._touched()

    @property
    def csv(self) -> str:
        """The table as CSV."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(self._table())
        return out.getvalue()

    @property
    def jsonObject(self) -> Any:
        """The text parsed as JSON."""
        return json.loads(self.text)

    @property
    def module(self) -> types.ModuleType:
        """The text as a Python module, run when first asked for and again after a change.

        Raises what the text raises; a module that failed is not kept.
        """
        if self._module is None or self._module_version != self._version:
            self._module = None
            version = self._version
            module = types.ModuleType(self._name)
            vars(module).update(names_for(self._world, self))
            module.__file__ = self.path
            with self._world.inside(self):
                exec(compile(self.text, self.path, "exec", dont_inherit=True), vars(module))
            self._module, self._module_version = module, version
        self._world.note_module(self)
        return self._module

    def run(self, *args: Any, **options: Any) -> Any:
        """Run the text as a script whose ``args`` are `args`; the options are those of ``td.run``."""
        return self._world.schedule.run(self._run_now, *args, **options)

    def _run_now(self, *args: Any) -> None:
        names = names_for(self._world, self)
        names["args"] = args
        with self._world.inside(self):
            exec(compile(self.text, self.path, "exec", dont_inherit=True), names)

    def write(self, *parts: Any) -> str:
        """Append to the text, as ``print(file=dat)`` does."""
        text: str = self.text + "".join(map(str, parts))
        self.text = text
        return text

    def clear(self, keepSize: bool = False, keepFirstRow: bool = False, keepFirstCol: bool = False) -> None:
        """Empty the text, or the table but for the parts to keep."""
        if self._rows is None:
            self.text = ""
            return
        rows = self._editable()
        if keepSize:
            rows[:] = [
                [cell if (keepFirstRow and r == 0) or (keepFirstCol and c == 0) else "" for c, cell in enumerate(row)]
                for r, row in enumerate(rows)
            ]
        else:
            kept = rows if keepFirstCol else rows[:1] if keepFirstRow else []
            rows[:] = [list(row) if keepFirstRow and r == 0 else row[:1] for r, row in enumerate(kept)]
        self._touched()

    def copy(self, dat: DAT) -> None:
        """Take over the text or the table of another DAT."""
        self._check_editable()
        data = dat._data()
        self._rows = None if data._rows is None else [list(row) for row in data._rows]
        self._text = data._text
        self._touched()

    def save(self, filepath: str | None = None, append: bool = False, createFolders: bool = False) -> str:
        """Write the text to a file (UTF-8) and return its path; without `filepath` to ``<name>.txt`` or ``.dat``."""
        target = Path(filepath or f"{self._name}{'.txt' if self.isText else '.dat'}")
        if createFolders:
            target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a" if append else "w", encoding="utf-8", newline="") as file:
            file.write(self.text)
        return str(target)

    def flush(self) -> None:
        """Do nothing: what is written arrives at once. Makes a DAT usable as a file."""

    def isatty(self) -> bool:
        """Return False: a DAT is no terminal. Makes a DAT usable as a file."""
        return False

    def _load_file(self) -> None:
        path = self.par.file.eval()
        try:
            self.text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.addWarning(f"Cannot load file {path}: {error}")

    def _parameter_changed(self, par: Par, before: Any) -> None:
        super()._parameter_changed(par, before)
        if par.name in ("file", "syncfile") and "syncfile" in self.par and self.par.syncfile and self.par.file:
            self._load_file()

    def _parameter_pulsed(self, par: Par) -> None:
        super()._parameter_pulsed(par)
        if par.name in ("loadonstart", "loadonstartpulse"):
            self._load_file()
        elif par.name == "writepulse":
            self.save(self.par.file.eval())

    def _copy_data(self, source: Any) -> None:
        self._rows = None if source._rows is None else [list(row) for row in source._rows]
        self._text = source._text
        self._version += 1

    def _check_editable(self) -> None:
        if not self.isEditable:
            raise tdError(f"{self.path} cannot be edited: its data come from another DAT")

    def _table(self) -> list[list[str]]:
        data = self._data()
        return [line.split("\t") for line in data._text.split("\n")] if data._rows is None else data._rows

    def _editable(self) -> list[list[str]]:
        self._check_editable()
        if self._rows is None:
            raise tdError(f"{self.path} holds text, not a table")
        return self._rows

    def _touched(self) -> None:
        self._version += 1
        self._outdate()
