"""Node scopes from a document: an object of ``within``, ``except`` and ``strict``, one pattern, or a list of them."""

from __future__ import annotations

from .json_text import Node
from .nodes import MAX_PATTERNS, NodeScope, node_scope
from .operator_path import OperatorPathError, OperatorPattern, operator_pattern
from .reading import Reading

_EXAMPLE = '{"within": ["/project1/show"], "except": ["/project1/show/audio"]}'
_KEYS = ("within", "except", "strict")


def read_nodes(reading: Reading, node: Node | None, pointer: str) -> NodeScope | None:
    """Read a scope from a document; None where there is none, or where it is wrong, which is noted.

    Args:
        reading: the document.
        node: the value of ``nodes``: an object, one pattern, or a list of what is let in.
        pointer: the JSON pointer of that value.
    """
    if node is None:
        return None
    reading.remember(pointer, node.at)
    if not isinstance(node.value, dict):
        return node_scope(_patterns(reading, node, "nodes"), pointer=pointer)
    members = reading.members(node, _KEYS, "nodes", _EXAMPLE)
    strict = members.get("strict")
    if strict is not None and not isinstance(strict.value, bool):
        reading.expected(strict, "true or false for strict", "true")
    within = _patterns(reading, members["within"], "within") if "within" in members else []
    except_ = _patterns(reading, members["except"], "except") if "except" in members else []
    return node_scope(within, except_, strict=strict is not None and strict.value is True, pointer=pointer)


def _patterns(reading: Reading, node: Node, what: str) -> list[OperatorPattern]:
    found: list[OperatorPattern] = []
    entries = node.value if isinstance(node.value, tuple) else (node,)
    if isinstance(node.value, tuple) and not reading.few(node, f"patterns in {what}", MAX_PATTERNS):
        return found
    if not entries:
        reading.error(node.at, f"{what} is empty", 'write at least one path, such as ["/project1/show"]')
    for entry in entries:
        if not isinstance(entry.value, str):
            reading.expected(entry, f"the path of an operator in {what}", '"/project1/show"')
            continue
        try:
            found.append(operator_pattern(entry.value))
        except OperatorPathError as error:
            reading.error(entry.at, error.message, error.remedy)
    return found
