"""One walk over a script's tree: every node goes to the judge of its kind.

Here are names and syntax; modules, attributes, parameters, calls, written texts and cost have judges of their own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..values import Capability, Code
from .calls import BY_NAME, CallJudge
from .catalog import Catalog
from .catalog_text import FAMILIES
from .cost import CostJudge
from .large import LargeOperations
from .match_patterns import MatchPatternJudge
from .members import MemberJudge
from .modules import ModuleJudge
from .notes import UNDERSCORE, Notes, is_private
from .parameters import ParameterJudge
from .report import Use
from .subject import Subject
from .text import program_of
from .written import WrittenTexts

_DEFINABLE = {
    "__init__", "__post_init__", "__enter__", "__exit__", "__len__", "__iter__", "__next__",
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
    "__add__", "__radd__", "__iadd__", "__sub__", "__rsub__", "__isub__", "__mul__", "__rmul__", "__imul__",
    "__truediv__", "__rtruediv__", "__itruediv__", "__floordiv__", "__rfloordiv__", "__mod__", "__rmod__",
    "__pow__", "__rpow__", "__neg__", "__pos__", "__abs__", "__matmul__", "__rmatmul__",
    "__repr__", "__str__", "__bool__", "__contains__", "__getitem__", "__call__",
}  # fmt: skip
_MAX_ANNOTATION_DEPTH = 6
_MAX_NESTED = 3
"""How deep texts are read as code that hold texts that are code."""


def judge(
    tree: ast.Module, catalog: Catalog, protected: tuple[str, ...], depth: int = 0
) -> tuple[list[Use], frozenset[str], frozenset[str]]:
    """Judge a tree.

    Args:
        tree: the tree.
        catalog: what needs which capability.
        protected: paths that no script may name.
        depth: how many texts lie around this one.

    Returns:
        Everything it does that needs something, in no particular order; the modules it imports; the members that its
        own classes define, and that nothing else has a right to.
    """
    judged = _Judge(Subject(tree, catalog, protected), depth)
    judged.walk()
    return judged.notes.uses, frozenset(judged.of_modules.imports), judged.own_members


def _uses_of_text(text: str, catalog: Catalog, protected: tuple[str, ...], depth: int) -> Sequence[Use] | None:
    """What a text does when it is code; None where it is no Python, or lies too deep."""
    tree = program_of(text) if depth < _MAX_NESTED else None
    return None if tree is None else judge(tree, catalog, protected, depth + 1)[0]


class _Judge:
    def __init__(self, subject: Subject, depth: int) -> None:
        self._subject = subject
        self._catalog = subject.catalog
        self._modules = subject.modules
        self.notes = Notes(hints=1 if depth == 0 else 0)
        members = subject.catalog.members
        self.own_members = frozenset(name for name in subject.bound.attributes if name not in members)
        nested = partial(_uses_of_text, catalog=subject.catalog, protected=subject.protected, depth=depth)
        written = WrittenTexts(subject, nested)
        parameters = ParameterJudge(subject, self.notes, written)
        self.of_modules = ModuleJudge(subject, self.notes)
        self._large = LargeOperations(subject)
        self._members = MemberJudge(subject, self.notes, written, parameters)
        self._calls = CallJudge(subject, self.notes, self._members, parameters)
        self._patterns = MatchPatternJudge(subject, self.notes)

    def walk(self) -> None:
        subject = self._subject
        for node, name in subject.bound.binders:
            self._binding(node, name)
        imported = subject.bound.imported
        cost = CostJudge(subject.parents, subject.by_type, subject.modules, imported, subject.is_own, subject.sources)
        for kind, nodes in subject.by_type.items():
            visit = _VISITS.get(kind)
            if visit is not None:
                for node in nodes:
                    visit(self, node)
        self.notes.uses += cost.uses

    # -- bindings --------------------------------------------------------------------------------------------------

    def _binding(self, node: ast.AST, name: str) -> None:
        if name == "*":
            self.notes.refuse(node, "import *", "it binds names that cannot be seen", "Import the names one by one")
        elif name.startswith("_") and name != "_" and not self._may_bind(node, name):
            self.notes.add(node, name, Capability.REFLECTION, UNDERSCORE)
        elif name in self._subject.bound.modules and not isinstance(node, ast.Import):
            why = "the name of an imported module may not be bound again"
            self.notes.refuse(node, name, why, "Choose another name")

    def _may_bind(self, node: ast.AST, name: str) -> bool:
        """Whether a name with an underscore is a plain variable of the script, or a method that it may define."""
        is_method = isinstance(self._subject.parents.get(node), ast.ClassDef)
        if is_method and isinstance(node, ast.FunctionDef):
            return name in _DEFINABLE or (is_private(name) and name in self._subject.mentioned)
        if not is_private(name) or is_method or name in self._subject.bound.attributes:
            return False
        if isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom):
            # A function that the script itself never names is there for somebody else to call.
            return name in self._subject.mentioned
        return isinstance(node, ast.Name | ast.ExceptHandler | ast.arg)

    # -- names -----------------------------------------------------------------------------------------------------

    def on_name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        name = node.id
        if name in self._modules:
            if not isinstance(self._subject.parents.get(node), ast.Attribute) and not self._is_asked_by_name(node):
                self.notes.refuse(node, name, "a module may be used only as module.member")
        elif self._subject.is_own(name):
            return  # what may be bound has been judged where it is bound
        elif name.startswith("_") and name != "_":
            if not self._asks_whether_main(node):
                self.notes.add(node, name, Capability.REFLECTION, UNDERSCORE)
        elif name in BY_NAME or name == "type":
            if not self._subject.is_called(node) and not (name == "type" and self._is_annotation(node)):
                self.notes.add(node, name, Capability.REFLECTION, "it may only be called by its own name")
        else:
            self._foreign_name(node)

    def _is_asked_by_name(self, node: ast.Name) -> bool:
        """Whether it is the td in ``getattr(td, …)``, which gives what a script finds as td.member and nothing else."""
        match self._subject.parents.get(node):
            case ast.Call(func=ast.Name(id="getattr" | "hasattr" as function), args=[asked, *_]) if asked is node:
                return self._subject.is_td(node) and not self._subject.is_own(function)
        return False

    def _asks_whether_main(self, node: ast.Name) -> bool:
        """Whether it is the left side of ``__name__ == '__main__'``, which holds for every script."""
        match self._subject.parents.get(node):
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
                return node.id == "__name__" and left is node
        return False

    def _is_annotation(self, node: ast.AST) -> bool:
        """Whether an expression is, or is part of, an annotation."""
        for _ in range(_MAX_ANNOTATION_DEPTH):
            parent = self._subject.parents.get(node)
            match parent:
                case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation) if annotation is node:
                    return True
                case ast.FunctionDef(returns=returned) if returned is node:
                    return True
                case ast.Subscript() | ast.BinOp(op=ast.BitOr()) | ast.Tuple():
                    node = parent
                case _:
                    return False
        return False

    def _foreign_name(self, node: ast.Name) -> None:
        entry = self._catalog.names.get(node.id)
        if node.id == "open" and self._subject.is_called(node):
            return  # judged with its arguments
        if entry is not None:
            self.notes.entry(node, node.id, entry)
        elif not self._subject.is_operator_type(node.id):
            known = [] if node.id.endswith(FAMILIES) else [*self._catalog.names, *self._subject.bound.names]
            hint = self.notes.hint(node.id, known, "{!r}") if known else ""  # what creates one looks for its type
            self.notes.refuse(node, node.id, "this name is not defined here", hint, Code.UNKNOWN_NAME)

    # -- modules, attributes, items and calls ----------------------------------------------------------------------

    def on_import(self, node: ast.Import) -> None:
        self.of_modules.imported(node)

    def on_import_from(self, node: ast.ImportFrom) -> None:
        self.of_modules.imported_from(node)

    def on_attribute(self, node: ast.Attribute) -> None:
        module = self.of_modules.path(node.value)
        if module is not None:
            if not isinstance(node.ctx, ast.Load):
                self.notes.refuse(node, f"{module}.{node.attr}", "nothing may be written to a module")
            else:
                self.of_modules.member(node, module)
        elif isinstance(node.ctx, ast.Load):
            self._members.read(node, node.value, node.attr)
        else:
            self._members.write(node, node.value, node.attr, self._assigned(node))

    def on_subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._members.write_item(node, self._assigned(node))
        else:
            self._large.mark_slice(node)

    def on_call(self, node: ast.Call) -> None:
        self._calls.call(node)
        self._large.mark_call(node)

    def _assigned(self, target: ast.AST) -> ast.AST | None:
        """What is assigned to `target`, which is stored or deleted, where one expression says it."""
        parent = self._subject.parents.get(target)
        return parent.value if isinstance(parent, ast.Assign) else None

    # -- syntax ----------------------------------------------------------------------------------------------------

    def on_operation(self, node: ast.BinOp | ast.AugAssign) -> None:
        self._large.mark(node)

    def on_formatted(self, node: ast.FormattedValue) -> None:
        self._large.mark_formatted(node)

    def on_comparison(self, node: ast.Compare) -> None:
        self._large.mark_comparison(node)
        self._calls.compare(node)

    def on_class(self, node: ast.ClassDef) -> None:
        for base in node.bases:
            if self._is_class_of_touchdesigner(base):
                why = "TouchDesigner's classes are no bases: their methods work on any operator"
                self.notes.refuse(base, f"class {node.name}({ast.unparse(base)})", why)
            if self._is_member(base, "string.Template"):
                why = "a Template of the script's own may look for its fields with a pattern that never ends"
                self.notes.add(base, "class … (Template)", Capability.BLOCK, why, hint="Use string.Template itself")
        is_typed_dict = any(self._is_member(base, "typing.TypedDict") for base in node.bases)
        if node.keywords and not (is_typed_dict and [word.arg for word in node.keywords] == ["total"]):
            self.notes.refuse(node, f"class {node.name}", "a class here takes no metaclass and no keywords")

    def _is_member(self, node: ast.AST, dotted: str) -> bool:
        """Whether an expression names the member ``module.member`` of a module."""
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=member):
                return f"{self._modules.get(module)}.{member}" == dotted
            case ast.Name():
                return any(self._is_member_in(root, dotted) for root in self._subject.flow.roots(node) or ())
        return False

    def _is_member_in(self, root: ast.AST, dotted: str) -> bool:
        statement = self._subject.parents.get(root)
        if isinstance(root, ast.alias) and isinstance(statement, ast.ImportFrom):
            return f"{statement.module}.{root.name}" == dotted
        return isinstance(root, ast.Attribute) and self._is_member(root, dotted)

    def _is_class_of_touchdesigner(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Name) or self._subject.is_own(node.id):
            return False
        entry = self._catalog.names.get(node.id)
        is_class = entry is not None and entry.needs is Capability.TD_READ and node.id[:1].isupper()
        return is_class or self._subject.is_operator_type(node.id)

    def on_match_class(self, node: ast.MatchClass) -> None:
        self._patterns.of_class(node)

    def on_match_value(self, node: ast.MatchValue) -> None:
        if isinstance(node.value, ast.Attribute) and self.of_modules.path(node.value.value) is None:
            self._patterns.of_value(node, node.value)

    def on_asynchronous(self, node: ast.AST) -> None:
        self.notes.refuse(node, "async code", "nothing here would ever await it", "Write it as ordinary code")


_VISITS: Mapping[type, Callable[[_Judge, Any], None]] = {
    ast.Name: _Judge.on_name,
    ast.Import: _Judge.on_import,
    ast.ImportFrom: _Judge.on_import_from,
    ast.Attribute: _Judge.on_attribute,
    ast.Subscript: _Judge.on_subscript,
    ast.Call: _Judge.on_call,
    ast.BinOp: _Judge.on_operation,
    ast.AugAssign: _Judge.on_operation,
    ast.Compare: _Judge.on_comparison,
    ast.FormattedValue: _Judge.on_formatted,
    ast.ClassDef: _Judge.on_class,
    ast.MatchClass: _Judge.on_match_class,
    ast.MatchValue: _Judge.on_match_value,
    ast.AsyncFunctionDef: _Judge.on_asynchronous,
    ast.AsyncFor: _Judge.on_asynchronous,
    ast.AsyncWith: _Judge.on_asynchronous,
    ast.Await: _Judge.on_asynchronous,
}
