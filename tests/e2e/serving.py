"""Starts `policyguard serve` as a user would, and speaks HTTP with it.

The guard is the component as it comes into TouchDesigner, read from its expanded .tox with the source folder off the
import path; with POLICYGUARD_COMPONENT=installer the one that the installer builds.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policyguard_cli.component import component_spec, tree
from policyguard_cli.component.installer import FILE_NAME, installer

ROOT = Path(__file__).resolve().parent.parent.parent
END_S = 100
"""How long a server may take to end: its last fsync waits for whatever else this machine writes to its disk."""
UPSTREAM = os.environ.get("POLICYGUARD_UPSTREAM", "")
COMPONENT = os.environ.get("POLICYGUARD_COMPONENT", "tree")
"""How the component comes into the project: ``tree`` or ``installer``."""


@dataclass(frozen=True)
class Served:
    """A running server: its process, its address and the folder of its audit."""

    process: subprocess.Popen[str]
    host: str
    port: int
    audit: Path
    refused: list[int] = field(default_factory=lambda: [0])

    def request(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own. A `body` that is no bytes is sent as JSON.

        Tests are refused more often in a row than an agent may be without waiting: a call that passes lies between.
        """
        if self.refused[0] >= 15:
            self.refused[0] = 0
            self._send("GET", "/api/td/classes", None, None)
        status, reply_headers, reply = self._send(method, path, body, headers)
        self.refused[0] += b'"success": false' in reply
        return status, reply_headers, reply

    def _send(
        self, method: str, path: str, body: object, headers: dict[str, str] | None
    ) -> tuple[int, dict[str, str], bytes]:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body=data, headers={"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The envelope of one call."""
        status, _, data = self.request(method, path, body, headers)
        assert status == 200, (status, data)
        envelope: dict[str, Any] = json.loads(data)
        return envelope

    def script(self, text: str) -> dict[str, Any]:
        """The envelope of one script."""
        return self.call("POST", "/api/td/server/exec", {"script": text})

    def records(self) -> list[dict[str, Any]]:
        """Every record of the audit, oldest first."""
        lines = [line for file in sorted(self.audit.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
        return [json.loads(line) for line in lines]

    def stop(self) -> int:
        """End the server as a terminal or a service manager would."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=END_S)


@functools.cache
def _component() -> tuple[str, str]:
    """The way and the file of the component, freshly built from the source, once for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="policyguard-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    spec = component_spec()
    if COMPONENT == "tree":
        tree.write(spec, folder)
        return COMPONENT, str(folder / "PolicyGuard.tox.toc")
    assert COMPONENT == "installer", COMPONENT
    (folder / FILE_NAME).write_text(installer(spec), encoding="utf-8", newline="\n")
    return COMPONENT, str(folder / FILE_NAME)


@contextlib.contextmanager
def serving(
    audit: Path, *options: str, guarded: bool = True, header_wins: bool = False, modules: Path | None = None
) -> Iterator[Served]:
    """Run the server on a free port until the block ends.

    Args:
        audit: the folder of the audit; there is none where `guarded` is False.
        options: further options of ``policyguard serve``.
        header_wins: what a header does that is called like a key of the request dictionary.
        modules: a further folder from which the server's Python can import.
        guarded: False runs the same project without PolicyGuard, to compare with, or a script of ``--callbacks``.
    """
    how = ["--audit-dir", str(audit)] if guarded else ["--unguarded"]
    program = ["tests.e2e.booted", *(_component() if guarded else ("none", "-"))]
    command = [sys.executable, "-m", *program, "serve", "--port", "0", *how, *options]
    path = os.pathsep.join(str(one) for one in (modules, ROOT) if one is not None)
    wins = "1" if header_wins else ""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": path, "POLICYGUARD_HEADER_WINS": wins}
    # The project's folder, and so the state folder beside it: what one server has counted is nothing to the next.
    folder = tempfile.mkdtemp(prefix="policyguard-project-")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder, env=environment
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:"), line
        yield Served(process, "127.0.0.1", int(line.rpartition(":")[2]), audit)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=END_S)
        if process.stdout is not None:
            process.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)
