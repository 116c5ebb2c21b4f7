"""The arguments of a touchdesigner-mcp call, read once and strictly.

The server merges path, query and body into one set, folds their names from camel to snake case, lets the last of
several win and ignores what it does not know (mcp_servers.md section 2.3). Each of these ways to mean two things at
once is refused, with a code of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..transport import Request
from ..values import Category, Code, Json, Refusal
from .messages import malformed, read_object
from .routes import Argument, Carrier, Route, fold

MAX_TEXT = 1_024
"""Characters of a path, a name or a pattern; a script has a limit of its own."""
MAX_ITEMS = 100
"""Arguments of a method."""
MAX_NAMES = 500
"""Parameters that one call sets."""
_MAX_NAME = 200


def read_arguments(route: Route, request: Request, in_path: Mapping[str, str]) -> dict[str, Json] | Refusal:
    """The arguments under their MCP names, each from the one place where this route takes it.

    Args:
        route: the route that the request matches.
        request: the request.
        in_path: the arguments that its path holds.
    """
    given = _given(route, request, in_path)
    if isinstance(given, Refusal):
        return given
    spelled = _spelled(route, given)
    return spelled if isinstance(spelled, Refusal) else _checked(route, spelled)


def _given(route: Route, request: Request, in_path: Mapping[str, str]) -> Mapping[str, Json] | Refusal:
    """What stands in the place where the route takes its arguments; a refusal where something stands elsewhere too."""
    if any(name.lower() == "body" for name in request.query):
        return _refused(Code.BODY_IN_QUERY, "a query field named body is taken for the body; send the body as such")
    if request.body and route.carrier is not Carrier.BODY:
        place = "the query" if route.carrier is Carrier.QUERY else "the path"
        return _misplaced(route, f"takes no body; its arguments stand in {place}")
    match route.carrier:
        case Carrier.BODY:
            if request.query:
                return _misplaced(route, "takes its arguments in the body alone; leave the query out")
            return read_object(request.body)
        case Carrier.PATH:
            if request.query:
                return _misplaced(route, "takes its argument in the path alone; leave the query out")
            return in_path
    return request.query


def _spelled(route: Route, given: Mapping[str, Json]) -> dict[str, Json] | Refusal:
    """The arguments under their MCP names; a refusal of names that are none of the tool's, or several of one."""
    spelled: dict[str, Json] = {}
    misspelled: Refusal | None = None
    for name, value in given.items():
        folded = fold(name)
        argument = route.by_folded_name.get(folded)
        if argument is None:
            known = ", ".join(a.name for a in route.arguments) or "none"
            return _refused(
                Code.UNKNOWN_ARGUMENT, f"{folded[:60]!r} is no argument of {route.tool}; it takes: {known}"
            )
        if argument.name in spelled:
            return _refused(
                Code.AMBIGUOUS_ARGUMENT,
                f"the argument {argument.name!r} is given more than once; send it once, in one spelling",
            )
        if name not in (argument.name, folded):
            misspelled = _refused(
                Code.MISSPELLED_ARGUMENT, f"{name[:60]!r} is no spelling of an argument; write {argument.name}"
            )
        spelled[argument.name] = value
    return misspelled or spelled


def _checked(route: Route, args: dict[str, Json]) -> dict[str, Json] | Refusal:
    for argument in route.arguments:
        if argument.name not in args:
            if argument.required:
                return _refused(Code.MISSING_ARGUMENT, f"{route.tool} needs the argument {argument.name}")
        elif not _fits(args[argument.name], argument, route.carrier):
            found = type(args[argument.name])
            kinds = f"{_KINDS[argument.kind]}, not {_KINDS.get(found, found.__name__)}"
            return _refused(Code.MISTYPED_ARGUMENT, f"{argument.name} must be {kinds}")
        elif what := _too_much(argument.name, args[argument.name]):
            return _refused(Code.TOO_MUCH, f"{argument.name} has {what}; do less in one call")
    if route.carrier is not Carrier.BODY:  # a body was looked at as it was read
        try:
            for text in args.values():
                str(text).encode()
        except UnicodeError:
            return malformed("an argument holds text that UTF-8 cannot hold")
    return args


def _too_much(name: str, value: Json) -> str:
    """What of a value is more than any honest call has; empty where nothing is."""
    if type(value) is str and len(value) > MAX_TEXT and name != "script":
        return f"more than {MAX_TEXT:,} characters"
    if type(value) is list and len(value) > MAX_ITEMS:
        return f"more than {MAX_ITEMS} items"
    if type(value) is dict and len(value) > MAX_NAMES:
        return f"more than {MAX_NAMES} names"
    if type(value) is dict and any(len(key) > _MAX_NAME for key in value):
        return f"a name of more than {_MAX_NAME} characters"
    return ""


def _fits(value: Json, argument: Argument, carrier: Carrier) -> bool:
    if argument.kind is bool and carrier is Carrier.QUERY:
        # In a query all values are texts; the server takes them as they come.
        return value in ("true", "false")
    return type(value) is argument.kind


_KINDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def _misplaced(route: Route, what: str) -> Refusal:
    return _refused(Code.MISPLACED_ARGUMENT, f"{route.method} {route.path} {what}")


def _refused(code: Code, message: str) -> Refusal:
    return Refusal(Category.PERMISSION, code, message)
