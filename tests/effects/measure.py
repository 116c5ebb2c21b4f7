"""Measures scripts: hands them to worker processes with a scratch home, and collects what they reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_WORKERS = 2
_TIMED = frozenset({"dos", "dos-parse", "m-guard-tick-catch"})
"""Families, and one script, whose effect is time, which following their instructions would take itself."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of a script came to.

    Attributes:
        id: the script.
        way: one of `layers.Way`.
        end: how it ended.
        sinks: what it reached, ``kind: detail``, in order.
    """

    id: str
    way: str
    end: str
    sinks: tuple[str, ...]


def measure(jobs: Iterable[tuple[str, str, str]]) -> list[Measured]:
    """Run each of `jobs`, triples of script, family and way; results in their order."""
    jobs = list(jobs)
    with ThreadPoolExecutor(_WORKERS) as pool:
        parts = list(pool.map(_one_worker, [jobs[start::_WORKERS] for start in range(_WORKERS)]))
    by_job = {(one.id, one.way): one for part in parts for one in part}
    return [by_job[name, way] for name, _, way in jobs]


def _one_worker(jobs: Sequence[tuple[str, str, str]]) -> list[Measured]:
    lines = [json.dumps({"id": name, "way": way, "timed": bool({name, family} & _TIMED)}) for name, family, way in jobs]
    with tempfile.TemporaryDirectory() as scratch:
        places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"), scratch)
        done = subprocess.run(
            [sys.executable, "-m", "tests.effects.worker"],
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=scratch,
            env={**os.environ, **places, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
            timeout=280,
        )
    if done.returncode != 0:
        raise RuntimeError(f"a worker ended with {done.returncode}: {done.stderr[-2000:]}")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return [Measured(one["id"], one["way"], one["end"], tuple(one["sinks"])) for one in results]
