"""The audit log: a record is written before anything runs, and each record seals the one before it.

The main thread pays for one `os.write` and one `stat` a record. A worker thread does what is slow: fsync, the change
to a new segment, and after a failure the attempt to go on in a new segment. The form of the files is told by
`audit_chain`; `audit_verify` reads them back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .audit_chain import CHAIN_START, SCHEMA, AuditError, Link, line_of, new_name, newest, rfc3339
from .values import Json

__all__ = ["AuditError", "AuditLog"]

SEGMENT_BYTES = 64 * 1024 * 1024
SYNC_EVERY_S = 0.5
_RESERVED = frozenset({"seq", "ts", "prev", "clock"})
_CREATE = os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY
_ON_WINDOWS = os.name == "nt"
_WITHOUT_TRANSLATION = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
"""Windows would else write CR LF, and hand the file to child processes."""


@dataclass(slots=True)
class _Segment:
    """An open segment and the end of its chain."""

    name: str
    path: str
    descriptor: int
    identity: tuple[int, int]
    last: str
    size: int = 0
    seq: int = 0
    synced: int = 0


class AuditLog:
    """This process's end of the audit log: begun by `open`, ended by `close`."""

    def __init__(
        self,
        folder: Path,
        *,
        wall_s: Callable[[], float],
        pid: int,
        version: str,
        segment_bytes: int,
        sync_every_s: float,
    ) -> None:
        """Use `open`, which explains the arguments."""
        self._folder = folder
        self._wall_s = wall_s
        self._pid = pid
        self._version = version
        self._segment_bytes = segment_bytes
        self._sync_every_s = sync_every_s
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._failure: str | None = None
        self._refused = False
        previous, self._latest_us = newest(folder)
        self._segment = self._begun(previous)
        self._worker = threading.Thread(target=self._work, name="PolicyGuard audit", daemon=True)
        self._worker.start()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        wall_s: Callable[[], float],
        pid: int | None = None,
        version: str = "",
        segment_bytes: int = SEGMENT_BYTES,
        sync_every_s: float = SYNC_EVERY_S,
    ) -> AuditLog:
        """Begin a segment of this process's own, linked to the newest one in the folder.

        Args:
            folder: where the segments lie; created, for its owner alone, where it is missing.
            wall_s: the wall clock, in seconds since 1970 UTC; read on the worker thread too.
            pid: the number of this process, by default the real one.
            version: PolicyGuard's version, for the record.
            segment_bytes: size in bytes past which the worker begins a new segment.
            sync_every_s: pause in seconds between two turns of the worker.

        Raises:
            AuditError: the folder or the segment cannot be made, or the newest segment cannot be read.
        """
        return cls(
            folder,
            wall_s=wall_s,
            pid=os.getpid() if pid is None else pid,
            version=version,
            segment_bytes=segment_bytes,
            sync_every_s=sync_every_s,
        )

    @property
    def path(self) -> Path:
        """The segment that is written now."""
        return Path(self._segment.path)

    @property
    def failure(self) -> str | None:
        """Why records are refused at present, or None. The worker tries by itself to go on in a new segment."""
        return self._failure

    def append(self, record: Mapping[str, Json]) -> int:
        """Write one record, with one unbuffered write on the calling thread.

        Once this has returned, the record survives the end of the process; a failure of the machine can take the last
        half second. A process that is killed within the write can leave a torn line, for Linux stops a write between
        two memory pages then; that record was never reported, and nothing ran for it.

        Args:
            record: plain JSON with text keys (tuples count as lists). ``seq``, ``ts`` and ``prev`` are added here, and
                ``clock`` where the clock showed a time before the last record's. Long texts are cut as `line_of` says.

        Returns:
            The record's sequence number within its segment.

        Raises:
            AuditError: the record is not JSON, was not written whole, or the file is no longer ours alone.
        """
        with self._lock:
            if self._failure is not None:
                self._refused = True
                raise AuditError(self._failure)
            return self._write(self._segment, record)

    def close(self) -> None:
        """Bring everything to the disk and let go of the file. A failure is told by `failure`, not raised."""
        self._closing.set()
        self._worker.join()

    # -- writing, under the lock -----------------------------------------------------------------------------------

    def _write(self, segment: _Segment, record: Mapping[str, Json]) -> int:
        if not _RESERVED.isdisjoint(record):
            raise AuditError(f"a record cannot name its own {', '.join(sorted(_RESERVED & record.keys()))}")
        now_us, ts, clock = self._instant()
        seq = segment.seq + 1
        whole = {**record, "seq": seq, "ts": ts, "prev": segment.last}
        if clock is not None:
            whole["clock"] = clock
        line = line_of(whole)
        try:
            written = os.write(segment.descriptor, line + b"\n")
            if written != len(line) + 1:
                raise OSError(f"only {written} of {len(line) + 1} bytes were written")
            segment.seq, segment.size, segment.last = seq, segment.size + written, hashlib.sha256(line).hexdigest()
            _check_is_ours(segment)
        except OSError as error:
            self._failure = f"{segment.path}: {error}"
            self._refused = True
            raise AuditError(self._failure) from error
        self._latest_us = now_us
        return seq

    def _instant(self) -> tuple[int, str, str | None]:
        """Now, never before the last record, in microseconds and as text; and the clock, where it was before that."""
        try:
            said_us = round(self._wall_s() * 1_000_000)
            said = rfc3339(said_us)
        except (ValueError, OverflowError) as error:
            raise AuditError(f"the clock shows no time: {error}") from error
        if said_us >= self._latest_us:
            return said_us, said, None
        return self._latest_us, rfc3339(self._latest_us), said

    def _begun(self, previous: Link | None) -> _Segment:
        now_us, _, _ = self._instant()
        start = CHAIN_START if previous is None else previous.sha256
        segment = _created(self._folder, new_name(now_us, self._pid), start)
        header = {
            "event": "segment",
            "schema": SCHEMA,
            "segment": segment.name,
            "pid": self._pid,
            "version": self._version,
            "previous": None if previous is None else {"file": previous.file, "sha256": previous.sha256},
        }
        try:
            self._write(segment, header)
        except AuditError:
            os.close(segment.descriptor)
            with contextlib.suppress(OSError):  # an empty file would only add a finding to the failure
                os.unlink(segment.path)
            raise
        return segment

    # -- on the worker thread --------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while not self._closing.wait(self._sync_every_s):
                self._turn()
            self._sync()
            closed = "the audit log is closed"
        except Exception as error:
            closed = f"the audit's worker thread ended: {error!r}"
            raise
        finally:
            with self._lock:
                self._failure = self._failure or closed
                os.close(self._segment.descriptor)

    def _turn(self) -> None:
        if self._failure is None:
            self._sync()
        if self._failure is not None:
            # A failure is told to at least one caller before the log goes on.
            if self._refused:
                self._renew()
        elif self._segment.size > self._segment_bytes:
            self._renew()

    def _sync(self) -> None:
        segment = self._segment
        size = segment.size
        if size == segment.synced:
            return
        try:
            os.fsync(segment.descriptor)
            if segment.synced == 0 and not _ON_WINDOWS:  # the file's entry in its folder; Windows cannot sync a folder
                _sync_folder(self._folder)
        except OSError as error:
            self._failure = f"{segment.path}: not brought to the disk: {error}"
        else:
            segment.synced = size

    def _renew(self) -> None:
        """Go on in a new segment, linked to the last record written also where its file is broken or gone."""
        old = self._segment
        try:
            with self._lock:
                self._segment = self._begun(Link(old.name, old.last))
                self._failure, self._refused = None, False
        except AuditError as error:
            self._failure = str(error)
            return
        with contextlib.suppress(OSError):  # if this loses records of the old segment, `verify` misses the link's line
            os.fsync(old.descriptor)
        os.close(old.descriptor)


def _created(folder: Path, name: str, start: str) -> _Segment:
    path = os.path.join(folder, name)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, _CREATE | _WITHOUT_TRANSLATION, 0o600)
        status = os.fstat(descriptor)
    except OSError as error:
        raise AuditError(f"{path} cannot be made: {error}") from error
    return _Segment(name, path, descriptor, (status.st_dev, status.st_ino), start)


def _check_is_ours(segment: _Segment) -> None:
    """A write to a deleted file succeeds: see that the name still leads to our file, and that nobody else wrote to it.

    On Windows an open file can be neither deleted nor replaced, and a look by name costs more than a whole record.
    """
    status = os.fstat(segment.descriptor) if _ON_WINDOWS else os.stat(segment.path)
    if (status.st_dev, status.st_ino) != segment.identity:
        raise OSError("the file was replaced by another one")
    if status.st_size != segment.size:
        raise OSError(f"somebody else changed the file: it has {status.st_size} bytes, not {segment.size}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
