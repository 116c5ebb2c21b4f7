"""The REST dialect of touchdesigner-mcp (API 1.3 to 1.5): 12 routes that carry 13 of its 14 tools.

The server merges path, query and body into one set of arguments, folds their names from camel to snake case and
ignores what it does not know (mcp_servers.md section 2.3). Here the same merge is done once and strictly:
whatever could be read in two ways is refused, and the request that is forwarded is built from the `ToolCall`.
"""

from __future__ import annotations

import ast
import enum
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..transport import Request
from ..values import Category, Code, Json, Refusal, ToolCall
from . import top_image
from .messages import EMPTY_FORBIDDEN, Reply, malformed, read_object, refusal_text

NAME = "touchdesigner-mcp"
HANDSHAKE = "get_td_info"
"""The tool every session begins with. A failed handshake disables every other tool for a minute
(mcp_servers.md section 2.6), so it is answered in every mode."""


class Carrier(enum.Enum):
    """Where the real client puts a route's arguments, and where the forwarded request puts them."""

    NOTHING = "nothing"
    PATH = "path"
    QUERY = "query"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool.

    Attributes:
        name: its MCP name, in camel case.
        kind: the Python type that `json.loads` gives a well-formed value.
        required: whether the call means nothing without it.
        is_target: whether it names an operator.
    """

    name: str
    kind: type
    required: bool = True
    is_target: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path, and the tool behind it."""

    method: str
    path: str
    tool: str
    carrier: Carrier
    arguments: tuple[Argument, ...] = ()
    by_folded_name: Mapping[str, Argument] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_folded_name", {fold(argument.name): argument for argument in self.arguments})


def fold(name: str) -> str:
    """The name under which the server looks an argument up: camel case folded to snake case."""
    return re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


_NODE = Argument("nodePath", str, is_target=True)
_PARENT = Argument("parentPath", str, is_target=True)

ROUTES = (
    Route("GET", "/api/td/server/td", HANDSHAKE, Carrier.NOTHING),
    Route("POST", "/api/td/server/exec", "execute_python_script", Carrier.BODY, (Argument("script", str),)),
    Route(
        "GET",
        "/api/nodes",
        "get_td_nodes",
        Carrier.QUERY,
        (_PARENT, Argument("pattern", str, required=False), Argument("includeProperties", bool, required=False)),
    ),
    Route(
        "POST",
        "/api/nodes",
        "create_td_node",
        Carrier.BODY,
        (
            _PARENT,
            Argument("nodeType", str),
            Argument("nodeName", str, required=False),
            # Not in the tool's schema, but the server's service takes it (mcp_servers.md section 2.2).
            Argument("parameters", dict, required=False),
        ),
    ),
    Route("DELETE", "/api/nodes", "delete_td_node", Carrier.QUERY, (_NODE,)),
    Route("GET", "/api/nodes/detail", "get_td_node_parameters", Carrier.QUERY, (_NODE,)),
    Route(
        "PATCH",
        "/api/nodes/detail",
        "update_td_node_parameters",
        Carrier.BODY,
        (_NODE, Argument("properties", dict)),
    ),
    Route("GET", "/api/nodes/errors", "get_td_node_errors", Carrier.QUERY, (_NODE,)),
    Route("GET", "/api/td/classes", "get_td_classes", Carrier.NOTHING),
    Route("GET", "/api/td/classes/", "get_td_class_details", Carrier.PATH, (Argument("className", str),)),
    Route("GET", "/api/td/modules/help", "get_td_module_help", Carrier.QUERY, (Argument("moduleName", str),)),
    Route(
        "POST",
        "/api/td/nodes/exec",
        "exec_node_method",
        Carrier.BODY,
        (
            _NODE,
            Argument("method", str),
            Argument("args", list, required=False),
            Argument("kwargs", dict, required=False),
        ),
    ),
)
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
        given = _merged(route, request, path_arguments)
        if isinstance(given, Refusal):
            return given
        args = _checked(route, given)
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

    def refused(self, refusal: Refusal, tool: str, decision_id: str) -> Reply:
        """A refusal in the envelope whose text reaches the agent: status 200 (mcp_servers.md section 2.6)."""
        if refusal.code in (Code.BROWSER_REQUEST, Code.FOREIGN_HOST):
            return EMPTY_FORBIDDEN
        text = refusal_text(refusal, tool, decision_id)
        envelope = {"success": False, "data": None, "error": text, "errorCategory": "PERMISSION"}
        return Reply(200, "Forbidden", json.dumps(envelope))

    def script_result(self, result: Json, stdout: str, stderr: str) -> Reply:
        """The server's envelope of a script that ran to its end."""
        data = {"result": result, "stdout": stdout, "stderr": stderr}
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


def _merged(route: Route, request: Request, path_arguments: Mapping[str, str]) -> dict[str, Json] | Refusal:
    """All arguments under the server's folded names; two spellings or two places of one argument are refused."""
    sources: list[Mapping[str, Json]] = [path_arguments, request.query]
    if request.body:
        if route.carrier is not Carrier.BODY:
            return Refusal(
                Category.PERMISSION,
                Code.AMBIGUOUS_ARGUMENT,
                f"{request.method} {route.path} takes no body; send its arguments in the query",
            )
        body = read_object(request.body)
        if isinstance(body, Refusal):
            return body
        sources.append(body)
    merged: dict[str, Json] = {}
    for source in sources:
        for name, value in source.items():
            folded = fold(name)
            if folded in merged:
                return Refusal(
                    Category.PERMISSION,
                    Code.AMBIGUOUS_ARGUMENT,
                    f"the argument {folded!r} is given more than once; send it once, in one spelling",
                )
            merged[folded] = value
    return merged


def _checked(route: Route, given: Mapping[str, Json]) -> dict[str, Json] | Refusal:
    args: dict[str, Json] = {}
    for folded, value in given.items():
        argument = route.by_folded_name.get(folded)
        if argument is None:
            known = ", ".join(a.name for a in route.arguments) or "none"
            return Refusal(
                Category.PERMISSION,
                Code.UNKNOWN_ARGUMENT,
                f"{folded[:60]!r} is no argument of {route.tool}; it takes: {known}",
            )
        if not _fits(value, argument.kind, route.carrier):
            return Refusal(
                Category.PERMISSION,
                Code.MISTYPED_ARGUMENT,
                f"{argument.name} must be {_KINDS[argument.kind]}, not {_KINDS.get(type(value), type(value).__name__)}",
            )
        args[argument.name] = value
    for argument in route.arguments:
        if argument.required and argument.name not in args:
            return Refusal(
                Category.PERMISSION, Code.MISSING_ARGUMENT, f"{route.tool} needs the argument {argument.name}"
            )
    try:
        json.dumps(args, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return malformed("an argument holds text that UTF-8 cannot hold, or a number that JSON cannot")
    return args


_KINDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def _fits(value: Json, kind: type, carrier: Carrier) -> bool:
    if kind is bool and carrier is Carrier.QUERY:
        # In a query all values are texts; the server takes them as they come.
        return value in ("true", "false")
    return type(value) is kind


_MARKS = ("from mcp.controllers.api_controller import", f'POLICYGUARD_DIALECT = "{NAME}"')


def recognises(callbacks: str) -> bool:
    """Whether a callbacks DAT's text is of a server that speaks this dialect.

    It is where it takes touchdesigner-mcp's own controller, as every release since 1.3 does, or where its author says
    so in a line ``POLICYGUARD_DIALECT = "touchdesigner-mcp"``.
    """
    return any(mark in callbacks for mark in _MARKS)
