"""Records the bytes that the real client sends, for `test_recorded.py`.

    POLICYGUARD_UPSTREAM=/path/to/touchdesigner-mcp python -m tests.e2e.record_requests

A proxy stands between the client and a guarded server and writes down each request. Ports vary from run to run, so
the Host header is kept as ``127.0.0.1:PORT``.
"""

from __future__ import annotations

import json
import re
import socket
import tempfile
import threading
from pathlib import Path
from typing import Any

from tests.e2e.node_client import call_tools
from tests.e2e.serving import UPSTREAM, serving

FILE = Path(__file__).parent.parent / "data" / "recorded_requests.json"

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("get_td_info", {}),
    ("get_td_nodes", {"parentPath": "/project1", "pattern": "noise*", "includeProperties": True}),
    ("create_td_node", {"parentPath": "/project1", "nodeType": "noiseTOP", "nodeName": "made"}),
    ("get_td_node_parameters", {"nodePath": "/project1/made"}),
    ("update_td_node_parameters", {"nodePath": "/project1/made", "properties": {"amp": 0.5}}),
    ("get_td_node_errors", {"nodePath": "/project1"}),
    ("get_td_classes", {}),
    ("get_td_class_details", {"className": "noiseTOP"}),
    ("get_td_module_help", {"moduleName": "tdu"}),
    ("exec_node_method", {"nodePath": "/project1/made", "method": "cook", "args": [], "kwargs": {}}),
    ("execute_python_script", {"script": "op('/project1/made').name  # 日本"}),
    ("delete_td_node", {"nodePath": "/project1/made"}),
]


def main() -> None:
    recorded: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as served:
        listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=_accept, args=(listener, served.port, recorded), daemon=True).start()
        call_tools(Path(UPSTREAM), listener.getsockname()[1], CALLS)
        listener.close()
    handshake, *rest = recorded
    requests = [handshake, *(request for request in rest if not request.startswith(b"GET /api/td/server/td "))]
    named = dict(zip((tool for tool, _ in CALLS), map(_without_port, requests), strict=True))
    FILE.write_text(json.dumps(named, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _without_port(request: bytes) -> str:
    return re.sub(r"(?m)^Host: 127\.0\.0\.1:\d+\r$", "Host: 127.0.0.1:PORT\r", request.decode())


def _accept(listener: socket.socket, port: int, recorded: list[bytes]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_relay, args=(client, port, recorded), daemon=True).start()


def _relay(client: socket.socket, port: int, recorded: list[bytes]) -> None:
    """One connection: each request is written down whole, sent on, and its reply is sent back."""
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        replies, requests = server.makefile("rb"), client.makefile("rb")
        while request := _message(requests):
            recorded.append(request)
            server.sendall(request)
            client.sendall(_message(replies))


def _message(stream: Any) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    length = re.search(rb"(?im)^content-length: (\d+)", head)
    return head + (stream.read(int(length.group(1))) if length else b"")


if __name__ == "__main__":
    main()
