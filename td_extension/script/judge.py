"""One walk over a script's tree, one method for each kind of node that can need something."""

from __future__ import annotations

import ast
import difflib
import fnmatch
from collections.abc import Callable, Mapping, Sequence

from ..values import Capability, Code
from .bindings import Bindings, bindings_of
from .catalog import Catalog, Entry
from .expression import is_plain_expression
from .instrument import MAKERS
from .report import Use

_WITHOUT_PARTS = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
_DEFINABLE = {
    "__init__", "__post_init__", "__enter__", "__exit__", "__len__", "__iter__", "__next__",
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
    "__add__", "__radd__", "__iadd__", "__sub__", "__rsub__", "__isub__", "__mul__", "__rmul__", "__imul__",
    "__truediv__", "__rtruediv__", "__itruediv__", "__floordiv__", "__rfloordiv__", "__mod__", "__rmod__",
    "__pow__", "__rpow__", "__neg__", "__pos__", "__abs__", "__matmul__", "__rmatmul__",
}  # fmt: skip
_PLAIN_CLASS_PATTERNS = {"int", "float", "str", "bool", "bytes", "list", "tuple", "dict", "set", "frozenset"}
_BY_NAME = {"getattr", "hasattr", "setattr"}
_MODULES_WITHOUT_IMPORT = {"td", "tdu"}
"""TouchDesigner puts these two modules among the globals of every DAT (td_runtime.md section 3)."""
_MAX_HINTS, _MAX_HINT_LENGTH, _MAX_HINT_KNOWN = 1, 40, 2500
_MAX_MODULE_DEPTH = 8
_UNDERSCORE = "what starts with an underscore is Python's own"
_RECEIVES_PATHS = {"op", "ops", "opex", "findChildren"}


class Judge:
    """The judgement of one tree.

    Attributes:
        imports: the modules it imports, once `uses` has been asked.
        own_members: the members that the script's own classes define.
    """

    def __init__(self, tree: ast.Module, catalog: Catalog, protected: tuple[str, ...]) -> None:
        self._catalog = catalog
        self._protected = protected
        self._nodes, self._parents = _walked(tree)
        self._bound: Bindings = bindings_of(self._nodes)
        implicit = {name: name for name in _MODULES_WITHOUT_IMPORT - self._bound.names}
        self._modules: Mapping[str, str] = {**implicit, **self._bound.modules}
        self.own_members = frozenset(self._bound.attributes - catalog.members.keys())
        self._uses: list[Use] = []
        self._hints = 0
        self.imports: set[str] = set()
        self._by_type: Mapping[type, Callable[[ast.AST], None]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def uses(self) -> list[Use]:
        """Everything the script does that needs something, in no particular order."""
        for node, name in self._bound.binders:
            self._binding(node, name)
        for node in self._nodes:
            visit = self._by_type.get(type(node))
            if visit is not None:
                visit(node)
        return self._uses

    # -- what is noted -------------------------------------------------------------------------------------------

    def _note(self, node: ast.AST, what: str, entry: Entry) -> None:
        # Where an entry can be stored, its stronger capability belongs to the store.
        may = entry.may if entry.store is None else None
        if entry.needs is not None:
            self._add(node, what, entry.needs, entry.why, may=may)

    def _add(
        self,
        node: ast.AST,
        what: str,
        needs: Capability | None,
        why: str,
        *,
        may: Capability | None = None,
        code: Code = Code.MISSING_CAPABILITY,
        hint: str = "",
    ) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        if isinstance(node, ast.Attribute) and node.end_lineno is not None and node.end_col_offset is not None:
            # A chain of members begins where its first name does; what a person looks for is the member.
            line, column = node.end_lineno, node.end_col_offset - len(node.attr) + 1
        self._uses.append(Use(line, column, what, needs, may, code, why, hint))

    def _refuse(self, node: ast.AST, what: str, why: str, hint: str = "", code: Code = Code.FORBIDDEN_SYNTAX) -> None:
        self._add(node, what, None, why, code=code, hint=hint)

    def _hint(self, name: str, known: Sequence[str], shown: str) -> str:
        """What may have been meant. Only for the first unknown names: the search is dear, and one is reported."""
        self._hints += 1
        if self._hints > _MAX_HINTS or len(name) > _MAX_HINT_LENGTH or len(known) > _MAX_HINT_KNOWN:
            return ""
        close = difflib.get_close_matches(name, known, n=1)
        return f"Did you mean {shown.format(close[0])}?" if close else ""

    # -- bindings ------------------------------------------------------------------------------------------------

    def _binding(self, node: ast.AST, name: str) -> None:
        if name == "*":
            self._refuse(node, "import *", "it binds names that cannot be seen", "Import the names one by one")
        elif name.startswith("_") and name != "_" and not self._is_method(node, name):
            self._add(node, name, Capability.REFLECTION, _UNDERSCORE)
        elif name in self._bound.modules and not isinstance(node, ast.Import):
            self._refuse(node, name, "the name of an imported module may not be bound again", "Choose another name")

    def _is_method(self, node: ast.AST, name: str) -> bool:
        return (
            isinstance(node, ast.FunctionDef)
            and name in _DEFINABLE
            and isinstance(self._parents.get(id(node)), ast.ClassDef)
        )

    # -- names and modules ---------------------------------------------------------------------------------------

    def _on_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        parent = self._parents.get(id(node))
        if node.id in self._modules:
            if not isinstance(parent, ast.Attribute):
                self._refuse(node, node.id, "a module may be used only as module.member")
        elif node.id.startswith("_") and node.id != "_":
            hint = "A script here always runs as the main one: leave that test out" if node.id == "__name__" else ""
            self._add(node, node.id, Capability.REFLECTION, _UNDERSCORE, hint=hint)
        elif node.id in _BY_NAME or node.id == "type":
            if not (isinstance(parent, ast.Call) and parent.func is node) and not self._is_own(node.id):
                self._add(node, node.id, Capability.REFLECTION, "it may only be called by its own name")
        elif not self._is_own(node.id):
            self._foreign_name(node)

    def _is_own(self, name: str) -> bool:
        return name in self._bound.names or name == "result"

    def _foreign_name(self, node: ast.Name) -> None:
        entry = self._catalog.names.get(node.id)
        if entry is not None:
            self._note(node, node.id, entry)
        elif node.id.lower() not in self._catalog.operator_types:
            hint = self._hint(node.id, [*self._catalog.names, *self._bound.names], "{!r}")
            self._refuse(node, node.id, "this name is not defined here", hint, Code.UNKNOWN_NAME)

    def _on_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._import(node, alias.name)

    def _on_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level or node.module is None:
            self._refuse(node, "a relative import", "a script is in no package")
        elif self._import(node, node.module):
            for alias in node.names:
                if alias.name != "*":
                    self._module_member(node, node.module, alias.name)

    def _import(self, node: ast.AST, name: str) -> bool:
        self.imports.add(name)
        module = self._catalog.module(name)
        if module.needs is not None:
            self._add(node, f"import {name}", module.needs, "this module is not on the list of allowed ones")
        return module.needs is None

    def _module_member(self, node: ast.AST, module_name: str, member: str) -> None:
        module = self._catalog.module(module_name)
        what = f"{module_name}.{member}"
        if module.needs is not None:
            return  # the import itself has been noted
        if member in module.needing:
            self._add(node, what, module.needing[member], "this part of an allowed module needs more")
        elif module_name == "td":
            self._td_member(node, member)
        elif member not in module.members and what not in self._catalog.modules:
            hint = self._hint(member, sorted(module.members), module_name + ".{}")
            self._refuse(node, what, "it is not on the list of allowed members", hint, Code.UNKNOWN_MEMBER)

    def _td_member(self, node: ast.AST, member: str) -> None:
        entry = self._catalog.names.get(member)
        if entry is not None and not member.startswith("_"):
            self._note(node, f"td.{member}", entry)
        elif member.lower() not in self._catalog.operator_types:
            why = "it is not on the list of TouchDesigner's names"
            self._refuse(node, f"td.{member}", why, "", Code.UNKNOWN_MEMBER)

    # -- members -------------------------------------------------------------------------------------------------

    def _on_Attribute(self, node: ast.Attribute) -> None:
        module = self._module_path(node.value)
        if module is not None:
            if not isinstance(node.ctx, ast.Load):
                self._refuse(node, f"{module}.{node.attr}", "nothing may be written to a module")
            else:
                self._member_of_module(node, module)
        elif isinstance(node.ctx, ast.Load):
            self._read(node, node.value, node.attr)
        else:
            self._write(node, node.value, node.attr)

    def _module_path(self, node: ast.AST) -> str | None:
        """The dotted module that an expression names, or None where it names no module."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            if len(parts) > _MAX_MODULE_DEPTH:
                return None
            node = node.value
        path = self._modules.get(node.id) if isinstance(node, ast.Name) else None
        for part in reversed(parts):
            inner = f"{path}.{part}"
            path = inner if path is not None and inner in self._catalog.modules else None
        return path

    def _member_of_module(self, node: ast.Attribute, module: str) -> None:
        inner = f"{module}.{node.attr}"
        if inner not in self._catalog.modules:
            self._module_member(node, module, node.attr)
        elif not isinstance(self._parents.get(id(node)), ast.Attribute):
            self._refuse(node, inner, "a module may be used only as module.member")
        elif inner not in self.imports:
            self._import(node, inner)

    def _read(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        entry = self._catalog.members.get(member)
        if member == "__init__" and self._is_super(receiver):
            return
        if member in MAKERS and not self._is_called(node):
            self._refuse(node, f".{member}", "it may only be called where it stands", f"Write .{member}(…) itself")
            return
        if member.startswith("_"):
            self._add(node, member, Capability.REFLECTION, _UNDERSCORE)
        elif isinstance(receiver, ast.Attribute) and receiver.attr in ("par", "parGroup", "seq"):
            self._add(node, f".{receiver.attr}.{member}", Capability.TD_READ, "reads a parameter")
        elif entry is not None:
            self._note(node, f".{member}", entry)
        elif member in ("format", "format_map"):
            self._format(node, receiver, member)
        elif member in self._bound.attributes:
            return
        elif isinstance(receiver, ast.Name) and receiver.id == "op" and not self._is_own("op"):
            self._shortcut(node, member)
        elif isinstance(self._parents.get(id(node)), ast.Call) and member[:1].isupper():
            self._add(node, f".{member}()", Capability.TD_RUN, "a promoted method runs code that is in the project")
        else:
            hint = self._hint(member, [*self._catalog.members, *self._bound.attributes], ".{}")
            self._refuse(node, f".{member}", "this member is not known", hint, Code.UNKNOWN_MEMBER)

    def _is_called(self, node: ast.AST) -> bool:
        parent = self._parents.get(id(node))
        return isinstance(parent, ast.Call) and parent.func is node

    def _is_super(self, node: ast.AST) -> bool:
        """Whether an expression is a bare ``super()``: its ``__init__`` is the only underscore member in honest use."""
        match node:
            case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
                return not self._is_own("super")
        return False

    def _shortcut(self, node: ast.AST, name: str) -> None:
        if any(name == path.rpartition("/")[2] for path in self._protected):
            self._add(node, f"op.{name}", Capability.GUARD, "")
        else:
            self._add(node, f"op.{name}", Capability.TD_READ, "looks up a global shortcut")

    def _format(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        """`str.format` walks attributes by text. The watch looks at the real text; here its owner must be a value."""
        if isinstance(receiver, ast.Name) and not self._is_own(receiver.id):
            self._add(node, f"{receiver.id}.{member}", Capability.REFLECTION, "format fields can walk attributes")

    def _write(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        entry = self._catalog.members.get(member)
        if member.startswith("_"):
            self._add(node, member, Capability.REFLECTION, _UNDERSCORE)
        elif isinstance(receiver, ast.Attribute) and receiver.attr == "par":
            kind = self._catalog.parameter(member)
            stronger = None if kind is Capability.TD_WRITE else kind
            self._add(node, f".par.{member}", Capability.TD_WRITE, "sets a parameter", may=stronger)
        elif entry is not None and entry.store is not None:
            needs, may = entry.store, entry.may
            if member in ("expr", "bindExpr"):
                needs, may = self._expression_capability(node), None
            self._add(node, f".{member} =", needs, entry.why, may=may)
        elif member not in self._bound.attributes:
            self._refuse(node, f".{member} =", "this member cannot be assigned", "", Code.UNKNOWN_MEMBER)

    def _expression_capability(self, node: ast.AST) -> Capability:
        """A parameter expression is code that TouchDesigner runs later: harmless only where it can be read here."""
        match self._parents.get(id(node)):
            case ast.Assign(value=ast.Constant(value=str(text))):
                if is_plain_expression(text, self._catalog):
                    return Capability.TD_WRITE
        return Capability.TD_CODE

    # -- calls ---------------------------------------------------------------------------------------------------

    def _on_Call(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg.startswith("_"):
                self._add(node, keyword.arg, Capability.REFLECTION, _UNDERSCORE)
        match node.func:
            case ast.Name(id=name) if name in _BY_NAME and not self._is_own(name):
                self._by_name(node, name)
            case ast.Name(id="type") if not self._is_own("type") and (len(node.args) != 1 or node.keywords):
                self._add(node, "type() with several arguments", Capability.REFLECTION, "it makes classes out of texts")
            case ast.Attribute(attr="create" | "changeType"):
                self._create(node)
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if called in _RECEIVES_PATHS:
            self._paths(node)

    def _by_name(self, node: ast.Call, function: str) -> None:
        """`getattr` and its kin are judged as the member they name; a name that is not literal only behind `.par`."""
        match node.args:
            case [receiver, ast.Constant(value=str(member)), *_]:
                judge = self._write if function == "setattr" else self._read
                judge(node, receiver, member)
            case [ast.Attribute(attr="par"), _, *_] if not any(isinstance(a, ast.Starred) for a in node.args):
                may = Capability.TD_CODE if function == "setattr" else None
                needs = Capability.TD_WRITE if function == "setattr" else Capability.TD_READ
                self._add(node, f"{function}(….par, …)", needs, "uses a parameter by name", may=may)
            case _:
                self._add(node, function, Capability.REFLECTION, "the member's name cannot be read here",
                          hint="Write the member's name as a literal")  # fmt: skip

    def _create(self, node: ast.Call) -> None:
        match node.args[:1] or [k.value for k in node.keywords if k.arg == "type"]:
            case [ast.Constant(value=str(name))] | [ast.Name(id=name)] | [ast.Attribute(attr=name)]:
                if node.args and isinstance(node.args[0], ast.Name) and self._is_own(name):
                    return  # a variable: the watch looks at what it holds
                needs = self._catalog.operator_type(name)
                if needs is not Capability.TD_CREATE:
                    self._add(node, f"creating a {name}", needs, "what this operator does needs more than td.create")

    def _paths(self, node: ast.Call) -> None:
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            match argument:
                case ast.Constant(value=str(text)) if self._names_the_guard(text):
                    self._add(argument, f"{text!r}", Capability.GUARD, "")

    def _names_the_guard(self, text: str) -> bool:
        """Whether a literal path or pattern can match something protected, other than by matching everything."""
        for part in text.split():
            for path in self._protected:
                name = path.rpartition("/")[2]
                last = part.rstrip("/").rpartition("/")[2]
                if (part + "/").startswith(path + "/") or (last.strip("*?") and fnmatch.fnmatchcase(name, last)):
                    return True
        return False

    # -- syntax --------------------------------------------------------------------------------------------------

    def _on_ClassDef(self, node: ast.ClassDef) -> None:
        if node.keywords:
            self._refuse(node, f"class {node.name}", "a class here takes no metaclass and no keywords")

    def _on_MatchClass(self, node: ast.MatchClass) -> None:
        """A class pattern reads attributes without an attribute node."""
        plain = isinstance(node.cls, ast.Name) and node.cls.id in _PLAIN_CLASS_PATTERNS
        if node.patterns and not plain:
            self._refuse(node, "a class pattern with positions", "it reads members that are not named", "Name them")
        for member in node.kwd_attrs:
            entry = self._catalog.members.get(member)
            if entry is not None and (entry.needs is not Capability.TD_READ or entry.may is not None):
                self._refuse(node, f".{member} in a pattern", "only what is merely read may stand there")
            else:
                self._read(node, node.cls, member)

    def _on_MatchValue(self, node: ast.MatchValue) -> None:
        """A value pattern is compared by the subject's own `__eq__`, which gets hold of the value."""
        for part in ast.walk(node.value):
            if isinstance(part, ast.Attribute) and part.attr in self._catalog.members:
                self._refuse(node, f".{part.attr} in a pattern", "only a constant may stand there")

    def _asynchronous(self, node: ast.AST) -> None:
        self._refuse(node, "async code", "nothing here would ever await it", "Write it as ordinary code")

    _on_AsyncFunctionDef = _on_AsyncFor = _on_AsyncWith = _on_Await = _asynchronous


def _walked(tree: ast.Module) -> tuple[list[ast.AST], dict[int, ast.AST]]:
    """All nodes, parents before children, and the parent of each by its id. Operators and contexts are left out."""
    nodes: list[ast.AST] = [tree]
    parents: dict[int, ast.AST] = {}
    for node in nodes:  # the list grows while it is read
        for name in node._fields:
            value = getattr(node, name, None)
            for child in value if type(value) is list else (value,):
                if isinstance(child, ast.AST) and not isinstance(child, _WITHOUT_PARTS):
                    parents[id(child)] = node
                    nodes.append(child)
    return nodes, parents
