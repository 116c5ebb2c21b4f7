"""The audit as the guard writes it: every record goes to the log, and the newest decisions are kept for people.

What a person sees in the Table DAT ``decisions`` is what the log has taken, never more.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from .audit import AuditLog
from .values import Json

KEPT = 500
"""How many decisions the Table DAT ``decisions`` holds."""
COLUMNS = ("time", "decision", "grant", "tool", "outcome", "code", "rule", "message")


class Ledger:
    """The log that is written now, with what was decided last.

    Args:
        open_log: opens the log in a folder; raises `AuditError` where it cannot be written.
        folder: where it is written first.
        local_time: the time of day, for people.
    """

    def __init__(self, open_log: Callable[[Path], AuditLog], folder: Path, local_time: Callable[[], str]) -> None:
        self._open_log = open_log
        self._log = open_log(folder)
        self._local_time = local_time
        self._unseen: deque[tuple[str, ...]] = deque(maxlen=KEPT)
        self.folder = folder

    @property
    def failure(self) -> str | None:
        """Why records are refused at present, or None."""
        return self._log.failure

    def append(self, record: Mapping[str, Json]) -> int:
        """Write one record, as `AuditLog.append`; keep it for people if it is a decision.

        Raises:
            AuditError: as `AuditLog.append`.
        """
        number = self._log.append(record)
        if record.get("event") == "decision":
            told = {**record, "time": self._local_time()}
            self._unseen.append(tuple(_text(told.get(column)) for column in COLUMNS))
        return number

    def take_decisions(self) -> list[tuple[str, ...]]:
        """The decisions since this was last asked, oldest first, at most 500: one row of `COLUMNS` each."""
        rows = list(self._unseen)
        self._unseen.clear()
        return rows

    def move(self, folder: Path) -> None:
        """Go on in another folder.

        Raises:
            AuditError: it cannot be written there; the present log is written on.
        """
        former, self._log = self._log, self._open_log(folder)
        self.folder = folder
        # Bringing the rest to the disk can take longer than a frame.
        threading.Thread(target=former.close, name="PolicyGuard audit, closing", daemon=True).start()

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()


def _text(value: Json) -> str:
    # A tab or a line end would break the row apart where the table is read as text.
    return "" if value is None else " ".join(str(value).split())
