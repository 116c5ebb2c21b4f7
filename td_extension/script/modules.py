"""Judges the imports of a script, and what it reads of modules: each allowed one is a closed list of members."""

from __future__ import annotations

import ast

from ..values import Code
from .instead import INSTEAD
from .notes import Notes
from .subject import Subject

_MAX_MODULE_DEPTH = 8


class ModuleJudge:
    """Judges the modules of one script.

    Args:
        subject: the script.
        notes: where uses are noted.

    Attributes:
        imports: the modules that it imports.
    """

    def __init__(self, subject: Subject, notes: Notes) -> None:
        self._subject = subject
        self._notes = notes
        self._catalog = subject.catalog
        self._modules = subject.modules
        self.imports: set[str] = set()

    def imported(self, node: ast.Import) -> None:
        """Judge ``import a, b.c``."""
        for alias in node.names:
            self._import(node, alias.name)

    def imported_from(self, node: ast.ImportFrom) -> None:
        """Judge ``from a import b``."""
        if node.level or node.module is None:
            self._notes.refuse(node, "a relative import", "a script is in no package")
        elif self._import(node, node.module):
            for alias in node.names:
                if alias.name != "*":
                    self._member(node, node.module, alias.name)

    def path(self, node: ast.AST) -> str | None:
        """The dotted module that an expression names, or None where it names no module."""
        if isinstance(node, ast.Name):
            return self._modules.get(node.id)
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            if len(parts) > _MAX_MODULE_DEPTH:
                return None
            node = node.value
        path = self._modules.get(node.id) if isinstance(node, ast.Name) else None
        while path is not None and parts:
            inner = f"{path}.{parts.pop()}"
            path = inner if inner in self._catalog.modules else None
        return path

    def member(self, node: ast.Attribute, module: str) -> None:
        """Judge the reading of ``module.member``."""
        inner = f"{module}.{node.attr}"
        if inner not in self._catalog.modules:
            self._member(node, module, node.attr)
        elif not isinstance(self._subject.parents.get(node), ast.Attribute):
            self._notes.refuse(node, inner, "a module may be used only as module.member")
        elif inner not in self.imports:
            self._import(node, inner)

    def _import(self, node: ast.AST, name: str) -> bool:
        self.imports.add(name)
        module = self._catalog.module(name)
        if module.needs is not None:
            why = "this module is not on the list of allowed ones"
            hint = INSTEAD.get(name, "")
            self._notes.add(node, f"import {name}", module.needs, why, hint=hint, module=name)
        return module.needs is None

    def _member(self, node: ast.AST, module_name: str, member: str) -> None:
        module = self._catalog.module(module_name)
        what = f"{module_name}.{member}"
        if module.needs is not None:
            return  # the import itself has been noted
        if member in module.needing:
            self._notes.add(node, what, module.needing[member], "this part of an allowed module needs more")
        elif module_name == "td":
            self._member_of_td(node, member)
        elif member not in module.members and what not in self._catalog.modules:
            hint = self._notes.hint(member, sorted(module.members), module_name + ".{}")
            self._notes.refuse(node, what, "it is not on the list of allowed members", hint, Code.UNKNOWN_MEMBER)

    def _member_of_td(self, node: ast.AST, member: str) -> None:
        entry = self._catalog.names.get(member)
        if entry is not None and not member.startswith("_"):
            self._notes.entry(node, f"td.{member}", entry)
        elif not self._subject.is_operator_type(member):
            why = "it is not on the list of TouchDesigner's names"
            self._notes.refuse(node, f"td.{member}", why, "", Code.UNKNOWN_MEMBER)
