"""The policy of one component: where its parameters say it stands, and whether that has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .policy.source import PolicySource

_TABLE = "policy"


class TdPolicy(PolicySource):
    """The policy in force, and its place.

    Args:
        comp: the PolicyGuard component.
        preset: gives the text of a preset, by its name.
    """

    def __init__(self, comp: Any, preset: Callable[[str], str]) -> None:
        super().__init__()
        self._comp = comp
        self._preset = preset
        self._loaded: tuple[Any, ...] = ()

    def reload(self) -> bool:
        """Load it again; return whether it took effect. One that does not load leaves the last good one in force."""
        source, *_ = self._loaded = self._wanted()
        if source == "file":
            return self.load_file(Path(self._comp.par.File.eval()))
        if source == "preset":
            preset = self._comp.par.Preset.eval()
            return self.load_table([line.split("\t") for line in self._preset(preset).splitlines()], f"preset {preset}")
        table = self._comp.op(_TABLE)
        rows = [] if table is None else [[cell.val for cell in row] for row in table.rows()]
        return self.load_table(rows, f"{self._comp.path}/{_TABLE}")

    def is_edited(self) -> bool:
        """Whether the parameters, or the table, say something else than when it was last loaded."""
        return self._wanted() != self._loaded

    def table(self) -> tuple[Any, str] | None:
        """The Table DAT from which it was loaded, with its text then; None where it came from elsewhere."""
        table = self._comp.op(_TABLE) if self._loaded[0] == "table" and len(self._loaded) > 1 else None
        return None if table is None else (table, self._loaded[-1])

    def _wanted(self) -> tuple[Any, ...]:
        """Which policy the parameters name; of the table also what is in it."""
        par = self._comp.par
        source = par.Source.eval()
        if source == "table":
            table = self._comp.op(_TABLE)
            return (source,) if table is None else (source, table.numRows, table.numCols, table.text)
        return (source, par.File.eval() if source == "file" else par.Preset.eval())
