"""Tells touchdesigner-mcp's `get_top_image` from any other script.

That tool has no route: its client sends a fixed Python text over `execute_python_script`, in which two literals
vary (mcp_servers.md section 2.5). The text is recognised by the SHA-256 of its syntax tree with the two literals
blanked out; the digests of known versions are data (``top_image.json``, made by ``scripts/top_image_digest.py``).
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

_MAX_LENGTH = 8 * 1024
_MARKS = ("import base64", "node_path =", ".saveByteArray(")
_HOLES = ("node_path", "max_size")
_MAX_SIZE = 16384


@dataclass(frozen=True, slots=True)
class TopImage:
    """The two arguments of a recognised script: the TOP's path, and the longest side in pixels or None."""

    node_path: str
    max_size: int | None


def load_templates(text: str) -> frozenset[str]:
    """The known digests, from the text of ``top_image.json``: server version to digest."""
    return frozenset(json.loads(text).values())


def recognise(script: str, known: Collection[str]) -> TopImage | None:
    """The arguments of a `get_top_image` script, or None for any other text.

    Args:
        script: the text as it came in; only texts that can be that script are parsed at all.
        known: the fingerprints of the versions that are known.
    """
    if len(script) > _MAX_LENGTH or not all(mark in script for mark in _MARKS):
        return None
    try:
        tree = ast.parse(script)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return match(tree, known)


def match(tree: ast.Module, known: Collection[str]) -> TopImage | None:
    """The same for a parsed script: stage 3 asks again about the very tree that will run."""
    holes = literals(tree)
    if len(holes) != 2:
        return None
    path, size = (hole.value for hole in holes)
    if not isinstance(path, str) or not (size is None or (type(size) is int and 1 <= size <= _MAX_SIZE)):
        return None
    return TopImage(path, size) if fingerprint(tree, holes) in known else None


def literals(tree: ast.Module) -> list[ast.Constant]:
    """The two constants that vary: those of ``node_path = …`` and ``max_size = …`` at the top level, in this order.

    Any other number of such assignments gives a list of another length.
    """
    return [
        statement.value
        for name in _HOLES
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and [ast.unparse(target) for target in statement.targets] == [name]
    ]


def fingerprint(tree: ast.AST, holes: Collection[ast.Constant]) -> str:
    """SHA-256 over node types, fields and constants, the same on every CPython from 3.11 on.

    `ast.dump` is not: later versions leave out, or add, empty fields. Here a field that is None or empty is never
    written. The walk keeps its own stack, so that no depth of tree can overflow.

    Args:
        tree: the script's tree.
        holes: the constants whose values do not count, compared by identity.
    """
    digest = hashlib.sha256()
    blank = {id(hole) for hole in holes}
    stack: list[object] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, ast.AST):
            fields = [(name, value) for name, value in ast.iter_fields(item) if value is not None and value != []]
            if isinstance(item, ast.Constant):
                fields = [("value", "a hole" if id(item) in blank else (type(item.value).__name__, item.value))]
            digest.update(f"({type(item).__name__} {' '.join(name for name, _ in fields)}".encode())
            stack.append(")")
            stack.extend(value for _, value in reversed(fields))
        elif isinstance(item, list):
            digest.update(f"[{len(item)}".encode())
            stack.extend(reversed(item))
        else:
            digest.update(repr(item).encode("utf-8", "backslashreplace"))
        digest.update(b"\n")
    return digest.hexdigest()
