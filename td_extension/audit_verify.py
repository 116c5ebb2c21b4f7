"""Reads an audit log back and finds what does not belong there, in constant memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .audit_chain import CHAIN_START, MAX_LINE_BYTES, NAME, SCHEMA, SHA256, TIME, Link, reading, segment_names
from .values import Json

MAX_PROBLEMS = 50
"""Problems told of one segment; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    Attributes:
        file: the segment's name, or the folder.
        line: counted from 1; 0 where the finding concerns the whole file.
        what: what is wrong, one line.
    """

    file: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify` found. The log is whole where there are no problems.

    Attributes:
        segments: number of segments.
        records: number of lines that are records, over all segments.
        problems: by segment and line.
    """

    segments: int
    records: int
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Findings:
    """The problems of one segment, bounded."""

    file: str
    told: list[Problem] = field(default_factory=list)
    untold: int = 0

    def add(self, line: int, what: str) -> None:
        if len(self.told) < MAX_PROBLEMS:
            self.told.append(Problem(self.file, line, what))
        else:
            self.untold += 1

    def all(self) -> list[Problem]:
        more = [Problem(self.file, 0, f"{self.untold} further problems")] if self.untold else []
        return self.told + more


def verify(folder: Path) -> VerifyReport:
    """Check every line of every segment against the chain.

    Finds lines that were edited, removed, inserted, repeated or swapped, torn lines, clocks that go back, missing,
    renamed, copied or cut segments, and whatever is no record at all; never raises on what it reads.

    A bare chain of hashes cannot find what leaves a chain that is whole: a cut at the end of the newest segment, an
    edit of its very last line, the removal of the newest segments altogether, a cut in a segment behind the line to
    which the next one is linked (its process wrote on beside the next one), and a rewrite of everything from the
    change to the end. Compare with a copy kept elsewhere, where that matters.

    Raises:
        OSError: the folder is missing or cannot be listed.
    """
    names = segment_names(folder)
    if not names:
        return VerifyReport(0, 0, (Problem(str(folder), 0, "no audit segment is here"),))
    findings = {name: _Findings(name) for name in names}
    # For each segment: the SHA-256 of the lines to which other segments are linked, and those segments' names.
    wanted: dict[str, list[tuple[str, str]]] = {name: [] for name in names}
    for name in names:
        previous = _previous(folder / name)
        if previous is None:
            continue
        if previous.file in wanted:
            wanted[previous.file].append((previous.sha256, name))
        else:
            findings[name].add(1, f"the segment before it, {previous.file!r}, is missing")
    records = 0
    for name in names:
        missing = {sha256 for sha256, _ in wanted[name]}
        try:
            with reading(folder / name) as stream:
                records += _read(stream, findings[name], missing)
        except OSError as error:
            findings[name].add(0, f"cannot be read: {error.strerror or error}")
        for sha256, later in wanted[name]:
            if sha256 in missing:
                what = f"{name}, to which it is linked, has no line with SHA-256 {sha256}: it was cut or rewritten"
                findings[later].add(1, what)
    return VerifyReport(len(names), records, tuple(problem for name in names for problem in findings[name].all()))


def _previous(path: Path) -> Link | None:
    """The link in a segment's first line, if there is one that can be read; `_read` tells what is wrong with it."""
    try:
        with reading(path) as stream:
            number, line = next(_lines(stream), (0, None))
    except OSError:
        return None
    record = _parsed(line) if line is not None and number else None
    return _link(record.get("previous")) if isinstance(record, dict) else None


def _read(stream: BinaryIO, findings: _Findings, missing: set[str]) -> int:
    """Check one segment and take the lines it has out of `missing`; return how many records it has."""
    number, records, expected, last, latest = 0, 0, 1, "", ""
    for number, line in _lines(stream):
        if line is None:
            findings.add(number, f"longer than {MAX_LINE_BYTES} bytes")
            last, expected = "", expected + 1
            continue
        if not line.endswith(b"\n"):
            findings.add(number, "torn: it has no end")
            continue
        line = line[:-1]
        record = _parsed(line)
        if isinstance(record, dict):
            records += 1
            for what in _faults(record, number, expected, last, latest, findings.file):
                findings.add(number, what)
            seq, ts = record.get("seq"), record.get("ts")
            expected = seq + 1 if type(seq) is int else expected + 1
            latest = ts if isinstance(ts, str) and TIME.fullmatch(ts) else latest
        else:
            findings.add(number, record)
            expected += 1
        last = hashlib.sha256(line).hexdigest()
        missing.discard(last)
    if number == 0:
        findings.add(0, "empty: it was cut, or its process was ended while it began")
    return records


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their newline, numbered from 1; None for one that is too long."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES + 1)
            yield number, None
        else:
            yield number, line


def _parsed(line: bytes) -> dict[str, Json] | str:
    """The record, or what is wrong with the line."""
    try:
        record = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        return f"not JSON: {type(error).__name__}"
    return record if isinstance(record, dict) else "not a record: no JSON object"


def _faults(record: dict[str, Json], number: int, expected: int, last: str, latest: str, name: str) -> Iterator[str]:
    seq, ts = record.get("seq"), record.get("ts")
    if type(seq) is not int or seq != expected:
        yield f"its number is {_shown(seq)}, expected {expected}"
    if not isinstance(ts, str) or not TIME.fullmatch(ts):
        yield f"its time is {_shown(ts)}"
    elif ts < latest:
        yield f"its time {ts} is before {latest}, that of the line before it"
    if number == 1:
        yield from _header_faults(record, name)
    elif record.get("prev") != last:
        yield "the line before it is not the one it was written after"


def _header_faults(record: dict[str, Json], name: str) -> Iterator[str]:
    previous = record.get("previous")
    link = _link(previous)
    if record.get("event") != "segment" or record.get("schema") != SCHEMA:
        yield f"not the first line of a segment of schema {SCHEMA}"
    elif record.get("segment") != name:
        yield f"written as the first line of {_shown(record.get('segment'))}"
    elif previous is not None and link is None:
        yield "its link to the segment before it cannot be read"
    elif record.get("prev") != (CHAIN_START if link is None else link.sha256):
        yield "its link and its `prev` differ"


def _link(previous: Json) -> Link | None:
    if not isinstance(previous, dict):
        return None
    file, sha256 = previous.get("file"), previous.get("sha256")
    if not isinstance(file, str) or not isinstance(sha256, str):
        return None
    return Link(file, sha256) if NAME.fullmatch(file) and SHA256.fullmatch(sha256) else None


def _shown(value: Json) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
