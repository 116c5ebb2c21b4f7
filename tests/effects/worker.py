"""A process that runs scripts, each in a fork of its own, and tells what became of them.

    python -m tests.effects.worker        jobs on stdin, results on stdout: one JSON object a line

The fork is what makes a crash, an exit, a hang or a poisoned interpreter the matter of one script alone.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

UNGUARDED_LIMIT_S = 2.0
"""A script that runs longer holds up the show: that is a sink of its own."""
_SLOWED_LIMIT_S = 20.0
"""For a script whose instructions are followed: how long it takes then says nothing."""


def main() -> int:
    """Serve the jobs until stdin ends."""
    from .layers import GUARDED_LIMIT_S, Layers, Way
    from .scripts import opened

    layers = Layers()
    gc.collect()
    gc.freeze()  # a fork then looks through what its script made, and copies no page for it
    for line in sys.stdin:
        job = json.loads(line)
        way, text, timed = Way(job["way"]), opened(job["id"]), job["timed"]
        if text is None:
            result = {"end": "refused: no UTF-8, so no text", "sinks": []}
        elif way is not Way.UNGUARDED and (refusal := layers.refusal(text, way)) is not None:
            result = {"end": refusal, "sinks": []}
        else:
            limit_s = _SLOWED_LIMIT_S if not timed else UNGUARDED_LIMIT_S if way is Way.UNGUARDED else GUARDED_LIMIT_S
            result = _run_apart(layers, job["id"], text, way, limit_s, timed)
        sys.stdout.write(json.dumps({"id": job["id"], "way": job["way"], **result}) + "\n")
        sys.stdout.flush()
    return 0


def _run_apart(layers: Any, name: str, text: str, way: Any, limit_s: float, timed: bool) -> dict[str, Any]:
    """Run a script in a fork; where it is `timed`, nothing follows its instructions, and its time is a sink."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.setpgid(0, 0)  # whatever it starts ends with it
        _silence()
        end = "crashed"
        try:
            end = layers.run(name, text, way, write, not timed)
        except BaseException as error:
            end = f"the measurement failed: {type(error).__name__}: {error}"
        finally:
            os.write(write, f"end {' '.join(end.split())}\n".encode("utf-8", "backslashreplace"))
            os.kill(os.getpid(), signal.SIGKILL)  # no exit handler, no finalizer
    os.close(write)
    told, late = _read_until(read, limit_s)
    os.close(read)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it may have ended, or made no group yet
            kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    sinks = [line.removeprefix("sink ") for line in told.splitlines() if line.startswith("sink ")]
    ends = [line.removeprefix("end ") for line in told.splitlines() if line.startswith("end ")]
    if late and timed and not ends:
        sinks.append(f"time: over {limit_s:g} s")
    if not ends and not late:
        sinks.append(f"crash: signal {os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)}")
    return {"end": ends[0] if ends else "killed" if late else "crashed", "sinks": sinks}


def _read_until(pipe: int, limit_s: float) -> tuple[str, bool]:
    """What comes out of `pipe` until its end, or for `limit_s` seconds; and whether it was the time that ended it."""
    deadline, parts = time.monotonic() + limit_s, bytearray()
    while b"\nend " not in b"\n" + parts or not parts.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return parts.decode("utf-8", "replace"), True
        part = os.read(pipe, 65536)
        if not part:
            return parts.decode("utf-8", "replace"), False
        parts += part
    return parts.decode("utf-8", "replace"), False


def _silence() -> None:
    """Nothing that a script prints past Python's own streams must reach the results."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115


if __name__ == "__main__":
    sys.exit(main())
