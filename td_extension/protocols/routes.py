"""touchdesigner-mcp's 12 routes, and the tool and arguments behind each (mcp_servers.md section 2.2)."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

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
