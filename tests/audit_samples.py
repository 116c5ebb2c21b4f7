"""Audit logs for tests: written with a clock that a test sets, and read as plain lines."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from td_extension.audit import AuditLog
from td_extension.audit_verify import verify

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Clock:
    """A wall clock that a test sets."""

    def __init__(self, now_s: float = 1_700_000_000.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


@contextlib.contextmanager
def opened(folder: Path, wall_s: Callable[[], float] = time.time, **options: Any) -> Iterator[AuditLog]:
    log = AuditLog.open(folder, wall_s=wall_s, **options)
    try:
        yield log
    finally:
        log.close()


def written(folder: Path, count: int = 4, **options: Any) -> Path:
    """A closed segment with `count` records after its first line."""
    with opened(folder, **options) as log:
        for number in range(count):
            log.append({"event": "decision", "number": number})
        return log.path


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(path)]


def told(folder: Path) -> str:
    return "\n".join(f"{problem.file}:{problem.line}: {problem.what}" for problem in verify(folder).problems)
