"""Starts `policyguard serve` as a user would, and speaks HTTP with it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
END_S = 100
"""How long a server may take to end: its last fsync waits for whatever else this machine writes to its disk."""
UPSTREAM = os.environ.get("POLICYGUARD_UPSTREAM", "")


@dataclass(frozen=True)
class Served:
    """A running server: its process, its address and the folder of its audit."""

    process: subprocess.Popen[str]
    host: str
    port: int
    audit: Path

    def request(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own. A `body` that is no bytes is sent as JSON."""
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


@contextlib.contextmanager
def serving(audit: Path, *options: str, guarded: bool = True) -> Iterator[Served]:
    """Run the server on a free port until the block ends.

    Args:
        audit: the folder of the audit; there is none where `guarded` is False.
        options: further options of ``policyguard serve``.
        guarded: False runs the same project without PolicyGuard, to compare with, or a script of ``--callbacks``.
    """
    how = ["--audit-dir", str(audit)] if guarded else ["--unguarded"]
    command = [sys.executable, "-m", "policyguard_cli", "serve", "--port", "0", *how, *options]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment
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
