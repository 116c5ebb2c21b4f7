"""Judges calls by what they are given: members by name, operator types, paths."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from ..values import Capability
from .catalog_text import FAMILIES
from .large_operators import why_too_large_a_table
from .members import MemberJudge
from .notes import UNDERSCORE, Notes
from .parameters import ParameterJudge
from .subject import Subject

BY_NAME = frozenset({"getattr", "hasattr", "setattr"})
"""Builtins that take a member's name as a text."""

_LOOKS_UP = {"op", "ops", "opex", ".op", ".ops", ".opex", ".findChildren"}
_MAX_MEMBERS = 50
_MIN_PART = 4
"""Characters of the guard's name that no script needs in order to find anything else."""
_WHAT_TYPES_DO: Mapping[Capability, str] = {
    Capability.TD_CODE: "it runs Python",
    Capability.PROCESS: "it loads native code or starts a program",
    Capability.NET: "it speaks to other machines or programs",
    Capability.FILE_READ: "it hands files to whoever reads it",
    Capability.FILE_WRITE: "it writes files",
    Capability.TD_PROJECT: "it opens a device of the show",
}
_TELLING_TYPES = {"OPType", "opType"}
"""Members of operators that tell a type; the watch looks which one it is."""
_ONLY_LOOKED_FOR = frozenset(Capability) - {Capability.REFLECTION, Capability.DYNAMIC, Capability.TD_RUN}


class CallJudge:
    """Judges the calls of one script.

    Args:
        subject: the script.
        notes: where uses are noted.
        members: judges attributes.
        parameters: judges parameters.
    """

    def __init__(self, subject: Subject, notes: Notes, members: MemberJudge, parameters: ParameterJudge) -> None:
        self._subject = subject
        self._notes = notes
        self._members = members
        self._parameters = parameters

    def call(self, node: ast.Call) -> None:
        """Judge one call."""
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg.startswith("_"):
                self._notes.add(node, keyword.arg, Capability.REFLECTION, UNDERSCORE)
        match node.func:
            case ast.Name(id=name) if self._subject.is_own(name):
                self._stored(node)
                if node.args or node.keywords:
                    self._looked_up(node, self._subject.flow.callees(node.func))
            case ast.Name(id=name):
                if name in BY_NAME:
                    self._by_name(node, name)
                elif name == "type" and (len(node.args) != 1 or node.keywords):
                    why = "it makes classes out of texts"
                    self._notes.add(node, "type() with several arguments", Capability.REFLECTION, why)
                elif name == "open":
                    self._open(node)
                elif name == "print":
                    self._print(node)
                elif name in _LOOKS_UP:
                    self._looked_up(node, frozenset({name}))
            case ast.Attribute(value=receiver, attr=method):
                if method in ("create", "changeType"):
                    self._create(node)
                elif method == "setSize":
                    large = why_too_large_a_table(node.args[:2], self._subject.flow)
                    if large is not None:
                        self._notes.add(node, ".setSize()", Capability.BLOCK, large, hint="Use a smaller size")
                elif method in ("startswith", "endswith") and node.args and _is_a_name(receiver):
                    self._picked_out(node, node.args[0], is_part_of_it=True)
                elif "." + method in _LOOKS_UP:
                    self._looked_up(node, frozenset({"." + method}))
            case _:
                self._stored(node)
                self._looked_up(node, self._subject.flow.callees(node.func))

    def _print(self, node: ast.Call) -> None:
        for word in node.keywords:
            if word.arg == "file" and self._subject.kinds.is_operator(word.value):
                self._members.write_text(node, word.value, node.args)

    def _stored(self, node: ast.Call) -> None:
        """What is found in an operator's storage was put there by somebody else."""
        for root in self._subject.flow.roots(node.func) or ():
            match root:
                case ast.Call(func=ast.Attribute(attr="fetch")) | ast.Subscript(value=ast.Attribute(attr="storage")):
                    why = "it calls what the project keeps in a storage"
                    self._notes.add(node, "calling a stored value", Capability.TD_RUN, why)

    def compare(self, node: ast.Compare) -> None:
        """Judge a comparison: one with the guard's own name, or with a part of it, picks it out."""
        for operation, value in zip(node.ops, node.comparators, strict=True):
            if isinstance(operation, ast.In) and _is_a_name(value):
                self._picked_out(value, node.left, is_part_of_it=True)
            if isinstance(operation, ast.Eq):
                self._picked_out(node.left, value, is_part_of_it=False)
                self._picked_out(value, node.left, is_part_of_it=False)

    def _picked_out(self, node: ast.AST, value: ast.AST, *, is_part_of_it: bool) -> None:
        """What protects itself is looked for among others; to leave it out, a script compares with ``!=``."""
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
            return
        text = value.value
        names = {path.rpartition("/")[2] for path in self._subject.protected}
        is_part = is_part_of_it and len(text) >= _MIN_PART and any(text in name for name in names)
        if is_part or text in names or text in self._subject.protected:
            self._notes.add(node, f"{text!r}", Capability.GUARD, "")

    def _open(self, node: ast.Call) -> None:
        """``open`` reads or writes the file that its arguments name."""
        named = {word.arg: word.value for word in node.keywords}
        path, mode = [
            node.args[at] if len(node.args) > at else named.get(word) for at, word in enumerate(("file", "mode"))
        ]
        modes = frozenset({"r"}) if mode is None else self._subject.folding.texts(mode)
        resource = self._subject.folding.text(path) if path is not None else None
        if modes is not None and all(set(one) <= set("rbt") for one in modes):
            self._notes.add(node, "open", Capability.FILE_READ, "reads a file", resource=resource)
        else:
            hint = "" if modes is not None else "Write the mode as a literal"
            self._notes.add(node, "open", Capability.FILE_WRITE, "writes a file", hint=hint, resource=resource)

    def _by_name(self, node: ast.Call, function: str) -> None:
        """`getattr` and its kin are judged as the member they name; a name that is not known only behind `.par`."""
        match node.args:
            case [receiver, key, *rest] if not any(isinstance(part, ast.Starred) for part in node.args):
                names = self._subject.folding.texts(key)
                if self._subject.is_td(receiver) and function != "setattr":
                    self._of_td(node, function, names)
                    return
                if names is not None and len(names) <= _MAX_MEMBERS:
                    for name in sorted(names):
                        self._member(node, function, receiver, name, rest[0] if rest else None)
                    return
                if self._parameters.are(receiver):
                    may = Capability.TD_CODE if function == "setattr" else None
                    needs = Capability.TD_WRITE if function == "setattr" else Capability.TD_READ
                    self._notes.add(node, f"{function}(….par, …)", needs, "uses a parameter by name", may=may)
                    return
        hint = "Write the member's name as a literal"
        self._notes.add(node, function, Capability.REFLECTION, "the member's name cannot be read here", hint=hint)

    def _of_td(self, node: ast.Call, function: str, names: AbstractSet[str] | None) -> None:
        """``getattr(td, name)``: what it gives is one of the names that a script has anyway; which, the watch sees."""
        for name in sorted(names or ()):
            entry = self._subject.catalog.names.get(name)
            if name.startswith("_"):
                self._notes.add(node, name, Capability.REFLECTION, UNDERSCORE)
            elif function == "getattr" and entry is not None:
                self._notes.entry(node, f"td.{name}", entry)
        self._notes.add(node, f"{function}(td, …)", Capability.TD_READ, "looks up a name of TouchDesigner")

    def _member(self, node: ast.Call, function: str, receiver: ast.AST, name: str, value: ast.AST | None) -> None:
        if function == "setattr":
            self._members.write(node, receiver, name, value)
        elif (function == "hasattr" or value is not None) and self._is_only_looked_for(name, function):
            what = f"{function}(…, {name!r})"
            self._notes.add(node, what, Capability.TD_READ, "looks whether there is such a member")
        else:
            self._members.read(node, receiver, name)

    def _is_only_looked_for(self, name: str, function: str) -> bool:
        """Whether asking for a member runs nothing: a method is only found; a property of the project may run code.

        ``getattr`` with a default gives the default for a member that is not known, and else the member itself.
        """
        if name.startswith("_") or name[:1].isupper() or name in self._subject.bound.attributes:
            return False
        entry = self._subject.catalog.members.get(name)
        return entry is None or (function == "hasattr" and entry.needs in _ONLY_LOOKED_FOR)

    def _create(self, node: ast.Call) -> None:
        given = node.args[:1] or [word.value for word in node.keywords if word.arg in ("type", "OPtype")]
        for root in self._subject.flow.roots(given[0]) or () if given else ():
            match root:
                case ast.Call(func=ast.Name(id="getattr"), args=[holder, key, *_]) if self._subject.is_td(holder):
                    for text in self._subject.folding.texts(key) or ():
                        self._type(node, text)
                case ast.Attribute(attr=name) if name in _TELLING_TYPES or name in self._subject.bound.attributes:
                    continue
                case ast.Constant(value=str(name)) | ast.Name(id=name) | ast.Attribute(attr=name):
                    if isinstance(root, ast.Name) and self._subject.is_own(name):
                        continue  # the watch looks at what it holds
                    self._type(node, name)

    def _type(self, node: ast.Call, name: str) -> None:
        needs = self._subject.catalog.operator_type(name)
        if not self._subject.is_operator_type(name):
            known = [_spelled(one) for one in self._subject.catalog.operator_types]
            hint = self._notes.hint(name, known, "{}")
            self._notes.add(node, f"creating a {name}", needs, "PolicyGuard knows no such operator type", hint=hint)
        elif needs is not Capability.TD_CREATE:
            self._notes.add(node, f"creating {_a(name)}", needs, _WHAT_TYPES_DO.get(needs, "it does more than show"))

    def _looked_up(self, node: ast.Call, called: frozenset[str]) -> None:
        """A path or pattern that can match what is protected."""
        if called.isdisjoint(_LOOKS_UP):
            return
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            for text in self._subject.folding.texts(argument) or ():
                if self._subject.names_the_guard(text):
                    self._notes.add(argument, f"{text!r}", Capability.GUARD, "")


def _is_a_name(node: ast.AST) -> bool:
    """Whether it reads what an operator is called."""
    return isinstance(node, ast.Attribute) and node.attr in ("name", "path")


def _spelled(operator_type: str) -> str:
    """An operator type as TouchDesigner spells it; the catalog keeps it in lower case."""
    family = next(family for family in FAMILIES if operator_type.endswith(family.lower()))
    return operator_type.removesuffix(family.lower()) + family


def _a(name: str) -> str:
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"
