"""The guard at work: a dozen calls over a real socket, allowed and refused, each with its reason.

    python3 scripts/demo.py

The first run sets up `.venv` beside this repository. Then the guarded server is started on the stand-in, driven over
HTTP as touchdesigner-mcp's client would drive it, stopped, and its audit log verified.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

ROOT = Path(__file__).resolve().parent.parent

_IN_PROJECT = {"parentPath": "/project1"}
CALLS = (
    ("the handshake every session begins with", "GET", "/api/td/server/td", None),
    ("list the project's operators", "GET", "/api/nodes?parentPath=/project1", None),
    ("create an operator", "POST", "/api/nodes", {**_IN_PROJECT, "nodeType": "circleTOP", "nodeName": "sun"}),
    ("set a parameter", "PATCH", "/api/nodes/detail", {"nodePath": "/project1/sun", "properties": {"radiusx": 0.2}}),
    ("run an honest script", "script", "", "[o.name for o in op('/project1').children if o.family == 'TOP']"),
    ("a script that creates and sets", "script", "", "n = op('/project1').create(noiseTOP)\nn.par.period = 2\nn.path"),
    ("a script that would read files", "script", "", "import os\nos.listdir('/')"),
    ("danger in the last line of a text", "script", "", "note = '''\nop('/project1/sun').destroy() #'''"),
    ("a script that would run text as code", "script", "", "eval('1 + 1')"),
    ("a script that would freeze the show", "script", "", "while True:\n    pass"),
    ("a script that goes for the guard itself", "script", "", "op('/project1/PolicyGuard').par.Mode = 'monitor'"),
    ("delete an operator", "DELETE", "/api/nodes?nodePath=/project1/sun", None),
    ("call a route that nobody knows", "POST", "/api/td/server/shell", {"command": "ls"}),
)  # fmt: skip


def main() -> int:
    import http.client
    import subprocess
    import tempfile

    from rich.console import Console

    console = Console(highlight=False, width=max(100, min(160, Console().width)))

    def answer(connection: http.client.HTTPConnection, method: str, path: str, body: object) -> dict[str, object]:
        if method == "script":
            method, path, body = "POST", "/api/td/server/exec", {"script": body}
        data = None if body is None else json.dumps(body)
        connection.request(method, path, body=data, headers={"Content-Type": "application/json"})
        told: dict[str, object] = json.loads(connection.getresponse().read())
        return told

    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "policyguard_cli", "serve", "--port", "0", "--audit-dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert server.stdout is not None
            host, _, port = server.stdout.readline().strip().rpartition("/")[2].partition(":")
            connection = http.client.HTTPConnection(host, int(port), timeout=30)
            allowed = 0
            for title, method, path, body in CALLS:
                told = answer(connection, method, path, body)
                allowed += bool(told["success"])
                mark = "[green]allowed[/]" if told["success"] else "[red]refused[/]"
                console.print(f"{mark}  [bold]{title}[/]")
                console.print(textwrap.indent(_reason(told, _last_decision(Path(folder))), " " * 9), markup=False)
        finally:
            server.terminate()
            server.wait(timeout=20)
        console.print(
            f"\n{allowed} calls allowed, {len(CALLS) - allowed} refused; the server ended with {server.returncode}"
        )
        verified = subprocess.run([sys.executable, "-m", "policyguard_cli", "audit", "verify", folder], cwd=ROOT)
    return server.returncode or verified.returncode


def _last_decision(audit: Path) -> dict[str, object]:
    """What the audit says of the call that was just answered."""
    lines = [line for file in sorted(audit.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    records = [json.loads(line) for line in lines]
    return [record for record in records if record["event"] == "decision"][-1]


def _reason(told: dict[str, object], decision: dict[str, object]) -> str:
    if not told["success"]:
        return textwrap.fill(str(told["error"]), 88)
    answer = textwrap.shorten(str(told["data"]), 90, placeholder=" …")
    return f"{answer}\nRule {decision['rule'] or 'handshake'}. Decision {decision['decision']}"


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main())
