"""What limits have counted, kept past a restart: SQLite in ``.policyguard/``, written by a thread behind the frame.

The main thread only appends to a list, and hands it over once a frame; it never waits for the disk. A process that is
killed loses what it had not handed over: the calls of its last frame. One that ends in good order loses nothing.
"""

from __future__ import annotations

import contextlib
import math
import queue
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from .limits import LogKey, Stored
from .sliding_log import MAX_ENTRIES, Entry

FILE = "limits.sqlite"
_BUSY_MS = 2_000
_MAX_NOTED = 100_000
_TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    session INTEGER, id INTEGER, counter TEXT, kind TEXT, whose TEXT, window_s REAL, at_s REAL, units INTEGER,
    PRIMARY KEY (session, id, counter, kind, whose, window_s)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clock (only_row INTEGER PRIMARY KEY CHECK (only_row = 0), last_s REAL, sessions INTEGER);
INSERT OR IGNORE INTO clock VALUES (0, NULL, 0);
"""

_Noted: TypeAlias = tuple[LogKey, Entry]
_Job: TypeAlias = "list[_Noted] | threading.Event | None"


class LimitStoreError(OSError):
    """The store cannot be used; the message says why and what to do. Until then nothing that is limited may run."""


class LimitStore:
    """The store of one process. `note` is the journal of its `Limits`.

    Attributes:
        stored: what was counted before, as it was when the store was opened.
        problem: why the last batch was not written; empty where it was. What was not written is tried again.
    """

    def __init__(self, file: Path, stored: Stored, session: int) -> None:
        self.stored = stored
        self.problem = ""
        self._file = file
        self._session = session
        self._noted: list[_Noted] = []
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._worker = threading.Thread(target=self._work, name="policyguard-limits", daemon=True)
        self._worker.start()

    @classmethod
    def open(cls, folder: Path) -> LimitStore:
        """Open the store of a folder, or make it.

        Raises:
            LimitStoreError: where it cannot be read. What was counted is not known then, so nothing may pass as if
                it were nothing.
        """
        file = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(_connected(file)) as connection:
                stored = _loaded(connection)
                connection.execute("UPDATE clock SET sessions = sessions + 1")
                (session,) = connection.execute("SELECT sessions FROM clock").fetchone()
                connection.commit()
        except (OSError, sqlite3.Error, ValueError, TypeError) as error:
            remedy = "see to it that the folder can be written, or delete the file: limits then begin at nothing"
            raise LimitStoreError(f"{file} cannot be used ({error}); {remedy}") from None
        return cls(file, stored, int(session))

    def note(self, key: LogKey, entry: Entry) -> None:
        """Keep an entry for the next `save`. It does nothing else, for it is on the way of a call."""
        self._noted.append((key, entry))

    def save(self) -> None:
        """Hand over what was noted to the thread that writes; to be called once a frame."""
        if self._noted:
            noted, self._noted = self._noted, []
            self._jobs.put(noted)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Hand over, and wait until all of it is written; return whether it was. Never to be called within a frame."""
        self.save()
        done = threading.Event()
        self._jobs.put(done)
        return done.wait(timeout_s) and not self.problem

    def close(self) -> bool:
        """Write what is left and end the thread; return whether all of it was written."""
        written = self.flush()
        self._jobs.put(None)
        self._worker.join(timeout=5.0)
        return written

    def _work(self) -> None:
        waiting: list[_Noted] = []
        while True:
            job = self._jobs.get()
            if job is None:
                return
            if isinstance(job, list):
                waiting += job
                if not self._jobs.empty() and len(waiting) < _MAX_NOTED:
                    continue
            if waiting:
                try:
                    self._write(waiting)
                    waiting, self.problem = [], ""
                except (OSError, sqlite3.Error) as error:
                    self.problem = f"limits are not kept past a restart: {error}"
                    del waiting[:-_MAX_NOTED]
            if isinstance(job, threading.Event):
                job.set()

    def _write(self, noted: Iterable[_Noted]) -> None:
        gone, kept, last_s = [], [], -math.inf
        for (counter, kind, whose, window_s), entry in noted:
            where = (self._session, entry.id, counter, kind, whose, window_s)
            if entry.units:
                kept.append((*where, entry.at_s, entry.units))
            else:
                gone.append(where)
            last_s = max(last_s, entry.at_s)
        # One connection a batch: SQLite's belong to the thread that made them, and batches are few.
        with contextlib.closing(_connected(self._file)) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kept)
            connection.executemany(
                "DELETE FROM entries WHERE session = ? AND id = ? AND counter = ? AND kind = ? AND whose = ?"
                " AND window_s = ?",
                gone,
            )
            connection.execute("UPDATE clock SET last_s = max(coalesce(last_s, ?), ?)", (last_s, last_s))
            connection.execute("DELETE FROM entries WHERE at_s + window_s <= (SELECT last_s FROM clock)")


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_BUSY_MS / 1000)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _loaded(connection: sqlite3.Connection) -> Stored:
    """What is stored. A row that could not have been written is an error: what was counted would not be known."""
    (last_s,) = connection.execute("SELECT last_s FROM clock").fetchone()
    found: dict[LogKey, list[Entry]] = {}
    rows = connection.execute(
        "SELECT counter, kind, whose, window_s, at_s, units FROM entries ORDER BY counter, kind, whose, window_s, at_s"
    )
    for counter, kind, whose, window_s, at_s, units in rows:
        numbers_fit = isinstance(units, int) and units > 0 and window_s > 0 and math.isfinite(window_s + at_s)
        if not numbers_fit or last_s is None or at_s > last_s or kind not in ("grant", "tool", "global"):
            raise ValueError("it holds an entry that no PolicyGuard has written")
        # Reservations end with their process: an entry of an earlier one can be changed by none of this one.
        found.setdefault((counter, kind, whose, float(window_s)), []).append(Entry(at_s, units, 0))
    logs = {key: tuple(entries[-MAX_ENTRIES:]) for key, entries in found.items()}
    return Stored(logs, -math.inf if last_s is None else float(last_s))
