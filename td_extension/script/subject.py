"""The script under judgement: its tree, what it binds, and where its values come from."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Mapping
from functools import cached_property

from .bindings import Bindings, bindings_of
from .catalog import Catalog
from .flow import Flow
from .folding import Folding
from .kinds import KindsOf
from .tree import walked

_MODULES_WITHOUT_IMPORT = {"td", "tdu"}
"""TouchDesigner puts these two modules among the globals of every DAT (td_runtime.md section 3)."""


_PATTERN = frozenset("*?[")
_MAKING = {"create", "copy", "copyOPs"}


class Subject:
    """What every judge of one tree asks.

    Attributes:
        tree: the tree.
        catalog: what needs which capability.
        protected: paths that no script may name.
        nodes: all nodes, parents before children, without operators and contexts.
        parents: the parent of each node, by the node's id.
        by_type: all nodes of each type.
        bound: what the script binds.
        modules: the names that stand for modules, each with the module's dotted name.
        flow: where its values come from.
        kinds: what kind of values its expressions give.
        folding: which texts its expressions give.
    """

    def __init__(self, tree: ast.Module, catalog: Catalog, protected: tuple[str, ...]) -> None:
        self.tree = tree
        self.catalog = catalog
        self.protected = protected
        self.nodes, self.parents, self.by_type = walked(tree)
        self.bound: Bindings = bindings_of(self.by_type, self.parents)
        implicit = {name: name for name in _MODULES_WITHOUT_IMPORT - self.bound.names}
        self.modules: Mapping[str, str] = {**implicit, **self.bound.modules}
        # Functions of what they need, not of this object: nothing here forms a cycle that must be collected.
        names, types = self.bound.names, self.catalog.operator_types
        self.flow = Flow(self.nodes, self.parents, self.bound.binders)
        self.kinds = KindsOf(
            self.flow, lambda name: name in names or name == "result", lambda name: name.lower() in types
        )
        self.folding = Folding(self.flow)

    @cached_property
    def makes_operators(self) -> bool:
        """Whether it creates or copies operators anywhere."""
        return any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MAKING
            for node in self.nodes
        )

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The names and members that it reads anywhere."""
        names = {node.id for node in self.nodes if isinstance(node, ast.Name) and type(node.ctx) is ast.Load}
        return frozenset(names | {node.attr for node in self.nodes if isinstance(node, ast.Attribute)})

    @cached_property
    def asked_for(self) -> frozenset[str]:
        """The members of which it asks whether an object has them, by a name that stands in its text."""
        names = set()
        for call in self.by_type.get(ast.Call, ()):
            match call:
                case ast.Call(func=ast.Name(id="hasattr"), args=[_, ast.Constant(value=str(name))]):
                    names.add(name)
        return frozenset(names)

    def sources(self, name: str) -> tuple[ast.expr, ...] | None:
        """Every expression that is bound to a name as it stands; None where that cannot be told."""
        return self.flow.sources(name)

    def is_own(self, name: str) -> bool:
        """Whether the script binds the name itself."""
        return name in self.bound.names or name == "result"

    def is_td(self, node: ast.AST) -> bool:
        """Whether `node` is the module that holds TouchDesigner's names."""
        return isinstance(node, ast.Name) and self.modules.get(node.id) == "td"

    def is_operator_type(self, name: str) -> bool:
        """Whether a name is that of an operator type, e.g. ``noiseTOP``."""
        return name.lower() in self.catalog.operator_types

    def is_called(self, node: ast.AST) -> bool:
        """Whether `node` is what a call calls."""
        parent = self.parents.get(node)
        return isinstance(parent, ast.Call) and parent.func is node

    def names_the_guard(self, text: str) -> bool:
        """Whether a path or pattern can match something protected, other than by matching everything."""
        if _PATTERN.isdisjoint(text) and not any(path.rpartition("/")[2] in text for path in self.protected):
            return False  # as of nearly every text
        for part in text.split():
            for path in self.protected:
                name = path.rpartition("/")[2]
                last = part.rstrip("/").rpartition("/")[2]
                if last == name or (part + "/").startswith(path + "/"):
                    return True
                if not _PATTERN.isdisjoint(last) and last.strip("*?") and fnmatch.fnmatchcase(name, last):
                    return True
        return False

    def holds_the_guard(self, path: str) -> bool:
        """Whether something protected lies inside the operator of this absolute path."""
        return path.startswith("/") and any(one.startswith(path.rstrip("/") + "/") for one in self.protected)
