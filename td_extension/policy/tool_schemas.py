"""What the 13 tools of touchdesigner-mcp that reach TouchDesigner take, as JSON Schema: data, no code.

Names and kinds: the server's OpenAPI description of API 1.5.0 and the schema of its `get_top_image` (v2.0.0), and
mcp_servers.md section 2.2. Arguments that only shape the reply (``detailLevel``, ``responseFormat``, ``limit``) never
reach TouchDesigner and are not here. ``includeProperties`` arrives as a text, for it travels in a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..values import Json

_TEXT: Json = {"type": "string"}
_NAME: Json = {"type": "string", "minLength": 1}
_OBJECT: Json = {"type": "object"}


def _takes(required: Mapping[str, Json], optional: Mapping[str, Json] = MappingProxyType({})) -> Json:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


TOOL_SCHEMAS: Mapping[str, Json] = MappingProxyType(
    {
        "get_td_info": _takes({}),
        "get_td_nodes": _takes(
            {"parentPath": _TEXT}, {"pattern": _TEXT, "includeProperties": {"enum": [True, False, "true", "false"]}}
        ),
        "get_td_node_parameters": _takes({"nodePath": _TEXT}),
        "get_td_node_errors": _takes({"nodePath": _TEXT}),
        "get_td_classes": _takes({}),
        "get_td_class_details": _takes({"className": _NAME}),
        "get_td_module_help": _takes({"moduleName": _NAME}),
        "get_top_image": _takes(
            {"nodePath": _TEXT}, {"maxSize": {"type": ["integer", "null"], "minimum": 1, "maximum": 16384}}
        ),
        "create_td_node": _takes({"parentPath": _TEXT, "nodeType": _NAME}, {"nodeName": _TEXT, "parameters": _OBJECT}),
        "update_td_node_parameters": _takes({"nodePath": _TEXT, "properties": _OBJECT}),
        "exec_node_method": _takes(
            {"nodePath": _TEXT, "method": _NAME},
            {"args": {"type": "array", "items": {"type": ["string", "number", "boolean"]}}, "kwargs": _OBJECT},
        ),
        "execute_python_script": _takes({"script": _TEXT}),
        "delete_td_node": _takes({"nodePath": _TEXT}),
    }
)
"""The schema of each tool's arguments. All of them refuse what they do not name."""
