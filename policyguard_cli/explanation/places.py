"""Where in a policy's file the rule of a JSON pointer stands: line and column, and of a table the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from td_extension.policy.json_text import Node, parse, place
from td_extension.policy.pointer import keys_of, pointer_to
from td_extension.policy.table_row import HIDE

from ..policy_file import PolicyFile

Places: TypeAlias = Callable[[str], str]
"""Gives the place of a pointer, e.g. ``4:7`` or ``5:1 (row 4)``; the place of what it stands in where it is unknown."""


def places_in(file: Path, read: PolicyFile) -> Places:
    """The places of a policy that loaded.

    Args:
        file: its file, whose name says in what language it is.
        read: what `policy_file.read` found in it.
    """
    if read.rows is not None:
        return _of_table(_rows_of(read.rows))
    text = read.text or ""
    if file.suffix.lower() == ".json":
        return _of_document(text, parse(text).root)
    from td_extension.policy import yaml_text  # imports PyYAML, which only a YAML policy needs

    return _of_document(text, yaml_text.parse(text).root)


def _of_document(text: str, root: Node) -> Places:
    def found(pointer: str) -> str:
        node, at = root, root.at
        for key in keys_of(pointer):
            if isinstance(node.value, dict) and key in node.value:
                at, node = node.value[key].at, node.value[key].node
            elif isinstance(node.value, tuple) and key.isdecimal() and int(key) < len(node.value):
                node = node.value[int(key)]
                at = node.at
            else:
                break
        return place(text, at).removeprefix("line ").replace(", column ", ":")

    return found


def _of_table(row_of: Mapping[str, int]) -> Places:
    def found(pointer: str) -> str:
        top = pointer
        while top and top not in row_of:
            top = top.rpartition("/")[0]
        row = row_of.get(top, 0)
        return f"{row + 1}:1 (row {row})"

    return found


def _rows_of(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """The row of each rule's pointer, as `td_extension/policy/table.py` numbers them."""
    names = [name.strip().lower() for name in rows[0]]
    row_of: dict[str, int] = {}
    rules: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=1):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        tool = row.get("tool", "")
        if not tool or tool.startswith("#"):
            continue
        if tool == "*" and not row.get("when"):
            row_of["/all_tools"] = row_of["/default"] = number
            # Where it says on which operators or at which frame rates, it is a rule for all tools as well.
            rules["*"] = rules.get("*", 0) + bool(row.get("nodes") or "fps" in row.get("limit", "").lower())
            continue
        if row.get("action", "").lower() == HIDE:
            row_of.setdefault("/hide", number)
        rules[tool] = rules.get(tool, 0) + 1
        top = "/all_tools" if tool == "*" else pointer_to("tools", tool)
        row_of[top if rules[tool] == 1 and tool != "*" else f"{top}/rules/{rules[tool] - 1}"] = number
    return row_of
