"""Requests by chance for the whole way of a call, and what holds of each: asked by the tests and by `scripts/fuzz.py`.

Nothing that is allowed runs: scripts and the server are stood in for, so that a case takes what the guard itself takes.
"""

from __future__ import annotations

import functools
import json
import random
import tempfile
import time
import urllib.parse
from pathlib import Path
from typing import Any
from unittest import mock

from policyguard_cli import project
from td_extension import protocols
from td_extension.approvals import Approvals
from td_extension.audit import AuditLog
from td_extension.gate import Gate
from td_extension.grants import Grants
from td_extension.limits import Limits
from td_extension.policy.load import load_json
from td_extension.protocols.messages import Reply
from td_extension.protocols.routes import ROUTES, Argument, Route
from td_extension.protocols.top_image import load_templates
from td_extension.protocols.touchdesigner_mcp import TouchDesignerMcp
from td_extension.script import run
from td_extension.script.catalog_text import load_catalog
from td_extension.script.outcomes import Finished
from td_extension.show import Show
from td_extension.td_bridge import TdBridge
from td_extension.td_reading import TdReading
from td_extension.values import Mode
from td_headless import Runtime
from tests.script import corpora, hostile_texts

MAX_MS = 60.0
"""What any request may take, whatever it holds (DESIGN section 8)."""
SEPARATOR = "\x1f"
"""Between the parts of a request that is kept as one text: method, uri, query, headers, body."""
_CANONICAL = {"method", "uri", "pars", "data", "clientAddress", "serverAddress", "Content-Type"}
_SCRIPTS = (
    "1", "op('/project1').children", "import os", "x = (", "while True: pass", "op('/project1/noise1').par.period = 2", "\0", "ｏｐ",
    "(" * 300, "-" * 900 + "1", "a" + ".b" * 700, "x = [" + "1," * 2000 + "]", "f'{" * 40, "'''\n" * 5, "lambda: " * 200 + "1",
)  # fmt: skip
_PATHS = (
    "/", "/project1", "/project1/noise1", "/project1/PolicyGuard", "/project1/*", "../PolicyGuard", "noise1", "/project1//x", "~", "",
    "/project1/mcp_webserver_base/webserver1", "/nothing/here", "/project1/no thing", "/" + "a/" * 200,
)  # fmt: skip
_NAMES = (
    "script", "SCRIPT", "nodePath", "node_path", "NodePath", "parentPath", "nodeType", "nodeName", "properties", "parameters", "method",
    "args", "kwargs", "pattern", "includeProperties", "className", "moduleName", "body", "mode", "x",
)  # fmt: skip
_HEADERS = (
    "Host", "host", "Origin", "Referer", "Sec-Fetch-Site", "Content-Type", "content-type", "Authorization", "Body", "query", "data", "uri",
    "method", "pars", "clientAddress", "Client-Address", "X-Forwarded-For", "Via", "Accept", "Content-Length", "ｂｏｄｙ", "",
)  # fmt: skip
_VALUES = (
    "127.0.0.1:9981", "localhost", "evil.example", "application/json", "text/plain", "Basic YTpi", "Bearer x", "null", "", "\0", "é" * 40,
)  # fmt: skip


def _value(source: random.Random, depth: int = 0) -> Any:
    """A JSON value, sometimes one that no schema expects."""
    choice = source.random()
    if choice < 0.3:
        return source.choice(_PATHS)
    if choice < 0.45:
        return source.choice(_SCRIPTS)
    if choice < 0.6:
        return source.choice([0, 1, -1, 1.5, 1e308, 10**40, True, False, None])
    if choice < 0.7:
        return "".join(chr(source.choice([0, 9, 13, 0xD800, 0xFFFF, 0x1F600, *range(32, 127)])) for _ in range(source.randrange(60)))
    if depth > 2:
        return source.choice(["noiseTOP", "executeDAT", "destroy", "cook", "text", "callbacks"])
    if choice < 0.85:
        return [_value(source, depth + 1) for _ in range(source.randrange(4))]
    return {source.choice(_NAMES): _value(source, depth + 1) for _ in range(source.randrange(4))}


def _argument(source: random.Random, argument: Argument) -> Any:
    """A value of the kind that the argument takes, mostly."""
    if source.random() < 0.15:
        return _value(source)
    if argument.kind is dict:
        names = ("text", "name", "period", "callbacks", "file", "active", "externaltox", "nodeX", "expr", "comment")
        return {source.choice(names): _value(source, 3) for _ in range(source.randrange(4))}
    if argument.kind is list:
        return [_value(source, 3) for _ in range(source.randrange(3))]
    if argument.name == "script":
        return source.choice(_scripts())
    if argument.name in ("method", "nodeType"):
        return source.choice(["cook", "destroy", "copy", "create", "findChildren", "noiseTOP", "executeDAT", "baseCOMP", "__init__"])
    if argument.name == "moduleName":
        return source.choice(["td", "tdu", "os", "policyguard", "td.OP", "td.ui.clipboard"])
    return source.choice(_PATHS)


@functools.cache
def _scripts() -> tuple[str, ...]:
    """Scripts of agents, tricks, and texts that are dear to read."""
    given = [script.text for script in [*corpora.given(), *corpora.own()] if script.text]
    return (*_SCRIPTS, *given, *(text for _, text in hostile_texts.texts((60, 150))))


def _large(source: random.Random, route: Route) -> str:
    """A body as large as may be, of many small things."""
    number = source.choice([1_000, 20_000, 40_000])
    heap = source.choice([list(range(number)), {str(one): 1 for one in range(number)}, "x=1\n" * number, "\u00e9" * number, [[]] * number])
    return json.dumps({argument.name: heap for argument in route.arguments}, ensure_ascii=source.random() < 0.5)


def _body(source: random.Random, route: Route) -> str:
    choice = source.random()
    if choice < 0.1:
        return source.choice(["", "[", "{" * 500, "null", '{"a":1,"a":2}', '{"script": NaN}', '{"script": 1e999}', "[" * 20_000])
    held = {argument.name: _argument(source, argument) for argument in route.arguments if source.random() < 0.95}
    for _ in range(source.randrange(3) if choice < 0.4 else 0):
        held[source.choice(_NAMES)] = _value(source)
    text = json.dumps(held, ensure_ascii=source.random() < 0.5)
    if choice > 0.98:
        return _large(source, route)
    if choice > 0.9:
        at = source.randrange(len(text) + 1)
        text = text[:at] + source.choice(['"', "\\", "}", "\x00", ",", "\ud800"]) + text[at + source.randrange(3) :]
    return text


def by_chance(source: random.Random) -> dict[str, Any]:
    """A request dict as the Web Server DAT could hand it over; most of them are nearly right."""
    route = source.choice(ROUTES)
    path = route.path + ("noiseTOP" if route.path.endswith("/") else "")
    carried = "body" if route.carrier.value == "body" else "query"
    request: dict[str, Any] = {
        "method": route.method if source.random() < 0.95 else source.choice(["GET", "POST", "OPTIONS", "get", "", "É"]),
        "uri": path if source.random() < 0.95 else source.choice([path + "/", "/" + path, path.upper(), "", "\0", "/" * 3000]),
        "pars": {one.name: str(_argument(source, one)) for one in route.arguments} if carried == "query" else {},
        "data": _body(source, route) if carried == "body" or source.random() < 0.05 else "",
        "clientAddress": "127.0.0.1" if source.random() < 0.97 else source.choice(_VALUES),
        "serverAddress": "127.0.0.1",
        "Host": "127.0.0.1:9981",
        "Content-Type": "application/json",
    }
    if source.random() < 0.1:
        request["pars"] |= {source.choice(_NAMES): str(_value(source, 3))}
    if source.random() < 0.1:
        request["data"] = request["data"].encode("utf-8", "surrogatepass")
    for _ in range(source.randrange(3) if source.random() < 0.2 else 0):
        request[source.choice(_HEADERS)] = source.choice(_VALUES)
    if source.random() < 0.02:
        request[source.choice(["method", "uri", "pars", "data", "clientAddress"])] = source.choice([None, 7, [], {}, b"\xff", {"a": 1}])
    return request


def as_text(request: dict[str, Any]) -> str:
    """The request as one text, as `from_text` reads it; what is no text in it is left out."""
    query = request["pars"] if isinstance(request["pars"], dict) else {}
    headers = [f"{name}: {value}" for name, value in request.items() if name[:1].isupper() or "-" in name]
    data = request["data"]
    body = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data or "")
    encoded = urllib.parse.urlencode(query, errors="replace")
    return SEPARATOR.join([str(request["method"]), str(request["uri"]), encoded, "\n".join(headers), body])


def from_text(text: str) -> dict[str, Any]:
    """A request out of any text at all."""
    method, uri, query, headers, body = (text.split(SEPARATOR, 4) + [""] * 5)[:5]
    sent = dict(line.partition(": ")[::2] for line in headers.split("\n") if line)
    own = {"method": method, "uri": uri, "pars": dict(urllib.parse.parse_qsl(query, keep_blank_values=True, max_num_fields=None))}
    return {**own, "data": body, "clientAddress": "127.0.0.1", "serverAddress": "127.0.0.1", **sent}


def _finished(*arguments: object, **named: object) -> Finished:
    """In place of running a script. No mock: it would keep all that it was called with."""
    return Finished(None, "", "")


class _NoSeal:
    def before(self) -> None:
        pass

    def after(self) -> None:
        pass


class Gatekeeper:
    """A guarded project of which every request is asked, one after the other.

    Args:
        step_s: how much time passes between two requests, in seconds; with an hour no caller waits.
    """

    def __init__(self, step_s: float = 3600.0) -> None:
        self._step_s = step_s
        self._folder = tempfile.TemporaryDirectory(prefix="policyguard-fuzz-")
        self._runtime = Runtime(folder=Path(self._folder.name))
        self._installed = self._runtime.install()
        td = self._installed.__enter__()
        server, guard = project.build(td.root, port=0, touchdesigner_mcp=None)
        bridge = TdBridge(td, guard)
        bridge.protect([server, server.par.callbacks.eval()])
        catalog = (Path(run.__file__).parent / "catalog.json").read_text(encoding="utf-8")
        templates = (Path(protocols.__file__).parent / "top_image.json").read_text(encoding="utf-8")
        self._audit = AuditLog.open(Path(self._folder.name) / "audit", wall_s=time.time)
        self._policy = load_json('{"version": "1", "default": "allow"}', "fuzz").policy
        self._me = server.par.callbacks.eval()
        self._count = len(td.root.findChildren())
        self._root = td.root
        self._now_s = 0.0
        self.last: Reply | None = None
        no_keys = Grants({})
        self._gate = Gate(
            dialect=TouchDesignerMcp(load_templates(templates)),
            grants=lambda: no_keys,
            catalog=load_catalog(catalog),
            bridge=bridge,
            reading=TdReading(td),
            limits=Limits(),
            show=Show,
            approvals=Approvals(),
            audit=self._audit,
            clock=self._clock,
        )
        self._patches = [mock.patch.object(run.Executor, name, _finished) for name in ("run", "run_unrestricted")]
        for patch in self._patches:
            patch.start()

    def close(self) -> None:
        """Give everything back."""
        for patch in self._patches:
            patch.stop()
        self._audit.close()
        self._installed.__exit__(None, None, None)
        self._runtime.close()
        self._folder.cleanup()

    def _clock(self) -> float:
        return self._now_s + time.perf_counter()

    def broken_invariants(self, request: dict[str, Any]) -> list[str]:
        """Each invariant that does not hold of the answer to `request`, in words."""
        found: list[str] = []
        self.last = None
        self._now_s += self._step_s

        def forward(canonical: dict[str, Any]) -> tuple[int, str, str]:
            if set(canonical) != _CANONICAL or not any(canonical["uri"].startswith(route.path) for route in ROUTES):
                found.append(f"what is forwarded is not canonical: {canonical}")
            return 200, "OK", '{"success": true, "data": {}, "error": null}'

        try:
            reply = self._gate.handle(
                request, policy=self._policy, mode=Mode.ENFORCE, me=self._me, forward=forward, seal=_NoSeal()
            )
            self.last = reply
        except BaseException as error:
            return [f"{type(error).__name__} escaped: {error}"]
        if (reply.status, reply.body) == (403, ""):
            return found
        try:
            envelope = json.loads(reply.body)
            text = envelope["error"]
            if reply.status != 200 or not (envelope["success"] or isinstance(text, str)):
                found.append(f"no envelope: {reply}")
            if text and ("internal-error" in text or len(text) > 4000):
                found.append(f"an error of the guard's own, or an endless one: {text[:300]}")
        except (ValueError, KeyError, TypeError) as error:
            found.append(f"no envelope ({error!r}): {reply}")
        if len(self._root.findChildren()) != self._count:
            found.append("operators came or went")
        return found

    def is_allowed(self, request: dict[str, Any]) -> bool:
        """Whether the request is answered with success."""
        self.broken_invariants(request)
        return self.last is not None and self.last.status == 200 and bool(json.loads(self.last.body)["success"])

    def over_time(self, request: dict[str, Any], factor: float) -> str:
        """How long the answer takes where that is too long, else nothing. The best of three counts."""
        took_ms = float("inf")
        for _ in range(3):
            begun = time.thread_time()
            self.broken_invariants(request)
            took_ms = min(took_ms, (time.thread_time() - begun) * 1000)
            if took_ms <= MAX_MS * factor:
                return ""
        return f"took {took_ms:.1f} ms of {MAX_MS * factor:.1f} ms"
