"""The form of the audit's chain: how segments are named, what a line looks like, how the newest end is found.

A log is a folder of segments; a segment is lines of JSON. Every line carries ``seq`` (counted from 1), ``ts`` and
``prev``, the SHA-256 of the line before it without its newline. The first line names the newest earlier segment and
the SHA-256 of that one's last whole line, which is also its own ``prev``: so the segments are one chain.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from .values import Json

SCHEMA = 1
MAX_LINE_BYTES = 64 * 1024
"""Bound of a line, without its newline."""

CHAIN_START = hashlib.sha256(b"PolicyGuard audit chain, schema 1").hexdigest()
"""``prev`` of the first line of a folder's first segment."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
"""The form of ``ts``: text that sorts as the instants do."""

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONG_TEXT = 1024
_EPOCH = datetime(1970, 1, 1)  # UTC
NAME = re.compile(r"audit-\d{8}T\d{12}Z-\d+-[0-9a-f]{8}\.jsonl", re.ASCII)
_encoded = json.JSONEncoder(sort_keys=True, allow_nan=False, separators=(",", ":")).encode


class AuditError(Exception):
    """A record could not be written whole. Whoever wanted it written must not go on."""


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a segment's chain.

    Attributes:
        file: the segment's name.
        sha256: SHA-256 of a line of it, in hexadecimal.
    """

    file: str
    sha256: str


def rfc3339(instant_us: int) -> str:
    """Microseconds since 1970 UTC as text; OverflowError past the year 9999."""
    second, microseconds = divmod(instant_us, 1_000_000)
    return f"{_second_as_text(second)}.{microseconds:06d}Z"


@functools.lru_cache(maxsize=4)
def _second_as_text(second: int) -> str:
    """A second since 1970 UTC; kept, for a call's two records and the next calls' mostly lie in one."""
    return (_EPOCH + timedelta(seconds=second)).isoformat("T", "seconds")


def new_name(instant_us: int, pid: int) -> str:
    """A name for a segment; names sort by the instant."""
    return f"audit-{re.sub('[-:.]', '', rfc3339(instant_us))}-{pid}-{secrets.token_hex(4)}.jsonl"


def segment_names(folder: Path) -> list[str]:
    """The names of all segments in the folder, oldest first; OSError where it cannot be listed."""
    return sorted(name for name in os.listdir(folder) if NAME.fullmatch(name))


@contextlib.contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a segment to read. Only regular files: to open a pipe would wait for its writer."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError("not a regular file")
    with path.open("rb") as stream:
        yield stream


def newest(folder: Path) -> tuple[Link | None, int]:
    """The end of the newest segment that has a whole line, and that line's instant in microseconds.

    Raises:
        AuditError: a segment cannot be read; a chain that silently leaves it out would hide its loss.
    """
    try:
        for name in reversed(segment_names(folder)):
            line = _last_whole_line(folder / name)
            if line is not None:
                return Link(name, hashlib.sha256(line).hexdigest()), _instant_us(line)
    except FileNotFoundError:
        return None, 0
    except OSError as error:
        raise AuditError(f"the earlier segments in {folder} cannot be read: {error}; move them away") from error
    return None, 0


def _last_whole_line(path: Path) -> bytes | None:
    with reading(path) as stream:
        start = max(0, stream.seek(0, os.SEEK_END) - 2 * (MAX_LINE_BYTES + 1))
        stream.seek(start)
        tail = stream.read()
    end = tail.rfind(b"\n")
    begin = tail.rfind(b"\n", 0, end) + 1 if end >= 0 else 0
    return None if end < 0 or (begin == 0 and start > 0) else tail[begin:end]


def _instant_us(line: bytes) -> int:
    """The instant of a line; 0 where the line has none, which `verify` reports."""
    try:
        read = datetime.strptime(json.loads(line)["ts"], "%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0
    return (read - _EPOCH) // timedelta(microseconds=1)


def line_of(record: Mapping[str, Json]) -> bytes:
    """The record as one line without its newline, at most `MAX_LINE_BYTES`.

    Where it is too long, texts past 1,024 characters are cut, then all else that is as long; what is cut keeps its
    beginning, its length in characters and the SHA-256 of its UTF-8 form (of its JSON, where it was no text).

    Raises:
        AuditError: the record is not JSON, or too long even so.
    """
    try:
        text = _encoded(record)
        if len(text) > MAX_LINE_BYTES:
            record = {name: _with_texts_cut(value) for name, value in record.items()}
            text = _encoded(record)
        if len(text) > MAX_LINE_BYTES:
            text = _encoded({name: _cut(value) for name, value in record.items()})
    except (TypeError, ValueError, RuntimeError) as error:  # RuntimeError: too deep, or changed while it was read
        raise AuditError(f"the record is not JSON: {error}") from error
    if len(text) > MAX_LINE_BYTES:
        raise AuditError(f"the record is too long: {len(text)} bytes, allowed are {MAX_LINE_BYTES}")
    return text.encode("ascii")


def _with_texts_cut(value: Json) -> Json:
    if isinstance(value, str):
        return value if len(value) <= _LONG_TEXT else _extract(value)
    if isinstance(value, dict):
        return {name: _with_texts_cut(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_texts_cut(item) for item in value]
    return value


def _cut(value: Json) -> Json:
    text = _encoded(value)
    return value if len(text) <= _LONG_TEXT else _extract(text)


def _extract(text: str) -> dict[str, Json]:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"cut": text[: _LONG_TEXT // 4], "length": len(text), "sha256": digest}
