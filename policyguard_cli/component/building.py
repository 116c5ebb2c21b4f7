"""Builds a component through TouchDesigner's documented Python API, and puts it into a project.

`installer` copies this file into ``policyguard_install.py``, where it stands alone inside TouchDesigner: it uses the
standard library, takes plain data, and keeps to what Python 3.7 can parse, so that an old TouchDesigner is refused in
words (annotations are not evaluated). Members: td_runtime.md section 3.
"""

from __future__ import annotations

import os
from typing import Any

OLDEST_BUILD = 2023
_HEADER = b"\x00\x00\x00\x0110"


class InstallError(RuntimeError):
    """The component cannot be put into this project; the message says why and what to do."""


def build(network: Any, given: dict[str, Any], name: str | None = None) -> Any:
    """Create an operator with all that is inside, and return it.

    Args:
        network: the COMP that it is created in.
        given: its description, as `description.described` writes it.
        name: its name, if not the one in the description.
    """
    made = network.create(given["type"], name or given["name"])
    made.nodeX, made.nodeY, made.nodeWidth, made.nodeHeight = given["tile"]
    made.color = tuple(given["colour"])
    made.comment = given["comment"]
    made.viewer = given["viewer"]
    for child in given["children"]:
        build(made, child)
    if given["text"] is not None:
        made.text = given["text"]
    if given["rows"] is not None:
        made.clear()
        for row in given["rows"]:
            made.appendRow(row)
    for page in given["pages"]:
        custom = made.appendCustomPage(page["name"])
        for parameter in page["parameters"]:
            _append(custom, parameter)
    for setting, value, expression in given["settings"]:
        made.par[setting].val = value
        if expression:
            made.par[setting].expr = expression
    return made


def _append(page: Any, given: dict[str, Any]) -> None:
    made = getattr(page, "append" + given["style"])(given["name"], label=given["label"])[0]
    if given["menu"]:
        made.menuNames = [token for token, _ in given["menu"]]
        made.menuLabels = [label for _, label in given["menu"]]
    if given["style"] != "Pulse":
        made.default = given["default"]
        made.val = given["default"]
    made.readOnly = given["readonly"]


def install(td: Any, given: dict[str, Any], me: Any) -> Any:
    """Put the component into the project, in place of an older one; save it beside the project; return it.

    An older one keeps its place, its name, its policy and its settings. Grants and the audit lie beside the project and
    are not touched. The older one is removed only when the new one is there and alive.

    Args:
        td: TouchDesigner's module.
        given: the description of the component, as `description.described_component` writes it.
        me: the operator that this runs from; a DAT says in which network the component is wanted.

    Raises:
        InstallError: TouchDesigner is older than 2023, there are several older components, or the new one does not
            load. Nothing was changed then.
    """
    if int(str(td.app.build).split(".")[0]) < OLDEST_BUILD:
        raise InstallError(f"{given['name']} needs TouchDesigner 2023 or newer; this is {td.app.build}")
    old = _older(td, given)
    network = _network(td, me) if old is None else old.parent()
    holder = network.create("baseCOMP", given["name"] + "_installing")
    try:
        fresh = build(holder, given)
        # Saved before anything of this project is in it.
        saved = _saved(fresh, td.project.folder + "/" + given["name"] + ".tox")
        if old is not None:
            _take_over(fresh, old, given)
        made = network.copy(fresh, name=given["name"] + "_new")
    finally:
        holder.destroy()
    made.initializeExtensions()
    if made.extensions[0] is None:
        told = made.scriptErrors()
        made.destroy()
        raise InstallError(f"{given['name']} does not load here, nothing was changed: {told}")
    _put_in_place(made, old, me, given["name"])
    print(f"{given['name']} {given['version']}: {made.path}; {saved}")
    return made


def _older(td: Any, given: dict[str, Any]) -> Any:
    found = [comp for comp in td.root.findChildren(type=td.baseCOMP) if _is_marked(comp, given["marks"])]
    if len(found) > 1:
        paths = ", ".join(comp.path for comp in found)
        raise InstallError(f"there are several: {paths}. Delete all but the one to replace, then run this again")
    return found[0] if found else None


def _is_marked(comp: Any, marks: list[str]) -> bool:
    return all(comp.par[mark] is not None if mark == marks[0] else comp.op(mark) is not None for mark in marks)


def _network(td: Any, me: Any) -> Any:
    if me is not None and getattr(me, "isDAT", False):
        return me.parent()
    return td.op("/project1") or td.root


def _take_over(fresh: Any, old: Any, given: dict[str, Any]) -> None:
    for name in given["kept"]:
        if old.par[name] is not None:
            fresh.par[name].val = old.par[name].eval()
    for name in given["kept_tables"]:
        table, former = fresh.op(name), old.op(name)
        if former is not None:
            table.clear()
            for row in former.rows():
                table.appendRow([cell.val for cell in row])


def _put_in_place(made: Any, old: Any, me: Any, name: str) -> None:
    if old is not None:
        name, place = old.name, (old.nodeX, old.nodeY)
        old.destroy()
    elif me is not None and getattr(me, "isDAT", False):
        place = (me.nodeX + 200, me.nodeY)
    else:
        place = (0, 0)
    made.nodeX, made.nodeY = place
    if made.parent().op(name) is None:
        made.name = name


def _saved(comp: Any, path: str) -> str:
    """Save the component; say where, or why not. It is usable in the project either way."""
    try:
        comp.save(path)
        with open(path, "rb") as file:
            if file.read(len(_HEADER)) != _HEADER or os.path.getsize(path) <= 14:
                return f"what was saved as {path} does not look like a .tox: do not use it"
    except Exception as error:  # reported: TouchDesigner's own error types differ from build to build
        return f"not saved as {path}: {error}"
    return f"saved as {path}"
