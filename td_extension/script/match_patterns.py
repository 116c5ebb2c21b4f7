"""Judges the patterns of ``match`` that read members.

They read without an attribute node, so no hook can stand before them, and what they read is handed on: to a name, or
to the subject's own ``__eq__``. So they may read what is merely looked at, whoever has it, and otherwise only members
that classes of the script's own define, on such classes.
"""

from __future__ import annotations

import ast

from ..values import Capability
from .notes import Notes, is_private
from .subject import Subject

_TAKE_THE_SUBJECT = {"int", "float", "str", "bool", "bytes", "list", "tuple", "dict", "set", "frozenset"}
"""Builtin classes whose one position in a pattern is the subject itself."""

_BASES = {
    "enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "typing.NamedTuple", "abc.ABC",
}  # fmt: skip
_DECORATORS = {"dataclasses.dataclass", "enum.unique"}
_MAX_BASES = 8


class MatchPatternJudge:
    """Judges the class patterns and the dotted value patterns of one script.

    Args:
        subject: the script.
        notes: where uses are noted.
    """

    def __init__(self, subject: Subject, notes: Notes) -> None:
        self._subject = subject
        self._notes = notes

    def of_class(self, node: ast.MatchClass) -> None:
        """Judge a class pattern."""
        plain = isinstance(node.cls, ast.Name) and node.cls.id in _TAKE_THE_SUBJECT
        if node.patterns and (not plain or self._subject.is_own(node.cls.id)):  # type: ignore[attr-defined]
            why = "it reads members that are not named"
            self._notes.refuse(node, "a class pattern with positions", why, "Name them")
        for member in node.kwd_attrs:
            entry = self._subject.catalog.members.get(member)
            if entry is not None and entry.needs is Capability.TD_READ and entry.may is None:
                self._notes.entry(node, f".{member}", entry)
            elif not self._defines(node.cls, member):
                what = f".{member} in a pattern"
                self._notes.refuse(node, what, "only what is merely read may stand there", "Read it in an if statement")

    def of_value(self, node: ast.MatchValue, value: ast.Attribute) -> None:
        """Judge a dotted value pattern that names no member of a module."""
        if not self._defines(value.value, value.attr):
            what = f".{value.attr} in a pattern"
            self._notes.refuse(node, what, "only a constant may stand there", "Compare it in an if statement")

    def _defines(self, owner: ast.expr, member: str) -> bool:
        """Whether `owner` surely is a class of the script's own, with no members but what the script defines."""
        is_defined = member in self._subject.bound.attributes and member not in self._subject.catalog.members
        return is_defined and not is_private(member) and self._is_own_class(owner, _MAX_BASES)

    def _is_own_class(self, owner: ast.expr, depth: int) -> bool:
        roots = (self._subject.flow.roots(owner) if isinstance(owner, ast.Name) and depth else None) or ()
        return bool(roots) and all(isinstance(root, ast.ClassDef) and self._is_plain(root, depth) for root in roots)

    def _is_plain(self, made: ast.ClassDef, depth: int) -> bool:
        decorators = [one.func if isinstance(one, ast.Call) else one for one in made.decorator_list]
        return all(self._is_of_library(one, _DECORATORS) for one in decorators) and all(
            self._is_of_library(base, _BASES)
            or (isinstance(base, ast.Name) and base.id == "object" and not self._subject.is_own("object"))
            or self._is_own_class(base, depth - 1)
            for base in made.bases
        )

    def _is_of_library(self, node: ast.expr, names: set[str]) -> bool:
        """Whether `node` surely is one of the members of modules that `names` lists by their dotted names."""
        match node:
            case ast.Name(id=name):
                roots = self._subject.flow.roots(node)
                return self._subject.bound.imported.get(name) in names and all(
                    isinstance(root, ast.alias) for root in roots or (node,)
                )
            case ast.Attribute(value=ast.Name(id=name), attr=member):
                return f"{self._subject.modules.get(name)}.{member}" in names
        return False
