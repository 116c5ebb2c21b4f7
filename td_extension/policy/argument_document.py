"""The key ``args`` of a document: a JSON Schema for a tool's arguments."""

from __future__ import annotations

import json

from .argument_schema import ArgumentRule, SchemaError, schema_of
from .condition_document import plain
from .json_text import Node
from .reading import Reading

_EXAMPLE = '{"properties": {"nodePath": {"type": "string"}}, "required": ["nodePath"]}'


def read_schema(reading: Reading, node: Node | None, pointer: str) -> ArgumentRule | None:
    """Read ``args`` from a document; None where there is none, or where it is wrong, which is noted.

    Args:
        reading: the document.
        node: the value of ``args``.
        pointer: the JSON pointer of that value.
    """
    if node is None:
        return None
    reading.remember(pointer, node.at)
    if not isinstance(node.value, dict):
        reading.expected(node, "a JSON Schema for args", _EXAMPLE)
        return None
    document = plain(node)
    try:
        schema = schema_of({"type": "object", **document})
    except SchemaError as error:
        at = node
        for key in error.keys:
            member = at.value.get(key) if isinstance(at.value, dict) else None
            at = member.node if member is not None else at
        reading.error(at.at, error.message, error.remedy)
        return None
    return ArgumentRule(schema, json.dumps(document, sort_keys=True), pointer)
