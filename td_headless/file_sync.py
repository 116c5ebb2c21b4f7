"""``syncfile``: a DAT and its file on disk, kept alike in both directions (Derivative, Text DAT, *Sync to File*)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from td_headless.world import World


@dataclass(slots=True)
class _Synced:
    path: Path
    stamp: tuple[int, int] | None
    version: int


class FileSync:
    """Looks at every synchronised DAT once a frame. A change on disk wins over one of the same frame in the DAT."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[int, _Synced] = {}

    def update(self) -> None:
        """Load what changed on disk, write what changed in the project."""
        synced = {}
        for dat in [operator for operator in self._world.by_id.values() if _is_synced(operator)]:
            path = Path(dat.par.file.eval())
            known = self._known.get(dat.id)
            if known is None or known.path != path:
                known = _Synced(path, _stamp(path), dat._version)
            elif (stamp := _stamp(path)) != known.stamp and stamp is not None:
                dat._load_file()
                known = _Synced(path, stamp, dat._version)
            elif dat._version != known.version:
                self._write(dat, path)
                known = _Synced(path, _stamp(path), dat._version)
            synced[dat.id] = known
        self._known = synced

    def _write(self, dat: Any, path: Path) -> None:
        try:
            dat.save(str(path))
        except OSError as error:
            dat.addWarning(f"Cannot write file {path}: {error}")


def _is_synced(operator: Any) -> bool:
    return bool(
        operator.isDAT and "syncfile" in operator.par and operator.par.syncfile.eval() and operator.par.file.eval()
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
