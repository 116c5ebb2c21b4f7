"""The REST dialect of touchdesigner-mcp (API 1.3 to 1.5): 12 routes that carry 13 of its 14 tools.

The server merges path, query and body into one set of arguments, folds their names from camel to snake case and
ignores what it does not know (mcp_servers.md section 2.3). Here they are read once and strictly (`arguments`):
whatever could be read in two ways is refused, and the request that is forwarded is built from the `ToolCall`.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..transport import Request
from ..values import Category, Code, Json, Refusal, ToolCall
from . import top_image
from .arguments import read_arguments
from .messages import EMPTY_FORBIDDEN, Reply, refusal_text
from .routes import HANDSHAKE, ROUTES, Carrier, Route

NAME = "touchdesigner-mcp"
_EXACT = {(route.method, route.path): route for route in ROUTES}
_CLASS_DETAILS = _EXACT["GET", "/api/td/classes/"]
_ROUTE_OF = {route.tool: route for route in ROUTES}
_CLASS_NAME = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*", re.ASCII)


class TouchDesignerMcp:
    """The dialect: requests in, `ToolCall`s out; results and refusals in, replies out.

    Args:
        templates: SHA-256 of the known ``get_top_image`` scripts (`top_image.fingerprint`), any version.
    """

    name = NAME
    handshake = HANDSHAKE
    tools = (*(route.tool for route in ROUTES), "get_top_image")

    def __init__(self, templates: Iterable[str]) -> None:
        self._templates = frozenset(templates)

    def is_handshake(self, request: Request) -> bool:
        """Whether a request is the call that every session begins with."""
        return (request.method, request.uri) == (_ROUTE_OF[HANDSHAKE].method, _ROUTE_OF[HANDSHAKE].path)

    def parse(self, request: Request) -> ToolCall | Refusal:
        """Read a request exactly as the server would, or refuse it."""
        route, path_arguments = _route(request)
        if route is None:
            shown = f"{request.method} {request.uri}"[:120]
            return Refusal(
                Category.PERMISSION,
                Code.UNKNOWN_ROUTE,
                f"{shown!r} is no route of {NAME}; nothing unknown is passed on",
            )
        if route.tool == HANDSHAKE:
            return ToolCall(HANDSHAKE, {})
        args = read_arguments(route, request, path_arguments)
        if isinstance(args, Refusal):
            return args
        if route.tool == "execute_python_script":
            return self._script_call(args["script"])
        targets = tuple(args[a.name] for a in route.arguments if a.is_target)
        return ToolCall(route.tool, args, targets=targets)

    def _script_call(self, script: str) -> ToolCall:
        """`get_top_image` has no route of its own: on the wire it is a script, known by its shape."""
        image = top_image.recognise(script, self._templates)
        if image is None:
            return ToolCall("execute_python_script", {"script": script}, code=script)
        args = {"nodePath": image.node_path, "maxSize": image.max_size}
        return ToolCall("get_top_image", args, code=script, targets=(image.node_path,))

    def aimed(self, call: ToolCall, path: str) -> ToolCall:
        """The same call with its target named by `path`."""
        target = next(argument.name for argument in _ROUTE_OF[call.tool].arguments if argument.is_target)
        return replace(call, args={**call.args, target: path}, targets=(path,))

    def is_top_image(self, tree: ast.Module) -> bool:
        """Whether a parsed script is `get_top_image`: asked again about the very tree that will run."""
        return top_image.match(tree, self._templates) is not None

    def forwarded(self, call: ToolCall, request: Request) -> dict[str, Any]:
        """The request dict that the server gets: built from the call, never from what came in.

        Only the method and the path of the matched route, its arguments in the place where the real client puts
        them, and the peer's address. No header of the caller is passed on.
        """
        route = _ROUTE_OF[call.tool]
        uri, query, body = route.path, {}, ""
        if route.carrier is Carrier.PATH:
            uri = route.path + call.args["className"]
        elif route.carrier is Carrier.QUERY:
            query = dict(call.args)
        elif route.carrier is Carrier.BODY:
            body = json.dumps(dict(call.args))
        return {
            "method": route.method,
            "uri": uri,
            "pars": query,
            "data": body,
            "clientAddress": request.peer,
            "serverAddress": "",
            "Content-Type": "application/json",
        }

    def refused(self, refusal: Refusal, tool: str, decision_id: str, hint: str = "") -> Reply:
        """A refusal in the envelope whose text reaches the agent: status 200 (mcp_servers.md section 2.6)."""
        if refusal.code in (Code.BROWSER_REQUEST, Code.FOREIGN_HOST):
            return EMPTY_FORBIDDEN
        text = refusal_text(refusal, tool, decision_id, hint)
        envelope = {"success": False, "data": None, "error": text, "errorCategory": "PERMISSION"}
        return Reply(200, "Forbidden", json.dumps(envelope))

    def script_result(self, result: Json, stdout: str, stderr: str) -> Reply:
        """The server's envelope of a script that ran to its end."""
        return self.result({"result": result, "stdout": stdout, "stderr": stderr})

    def result(self, data: Json) -> Reply:
        """The server's envelope of what a call has come to."""
        return Reply(200, "OK", json.dumps({"success": True, "data": data, "error": None}))

    def script_error(self, error: str) -> Reply:
        """The server's envelope of a script that raised. `error` ends with the exception's own line."""
        envelope = {"success": False, "data": None, "error": error, "errorCategory": "VALIDATION"}
        return Reply(200, "Bad Request", json.dumps(envelope))


def _route(request: Request) -> tuple[Route | None, dict[str, str]]:
    route = _EXACT.get((request.method, request.uri))
    if route is not None and route is not _CLASS_DETAILS:
        return route, {}
    name = request.uri.removeprefix(_CLASS_DETAILS.path)
    if request.method == "GET" and name != request.uri and _CLASS_NAME.fullmatch(name):
        return _CLASS_DETAILS, {"className": name}
    return None, {}


_MARKS = ("from mcp.controllers.api_controller import", f'POLICYGUARD_DIALECT = "{NAME}"')


def recognises(callbacks: str) -> bool:
    """Whether a callbacks DAT's text is of a server that speaks this dialect.

    It is where it takes touchdesigner-mcp's own controller, as every release since 1.3 does, or where its author says
    so in a line ``POLICYGUARD_DIALECT = "touchdesigner-mcp"``.
    """
    return any(mark in callbacks for mark in _MARKS)
