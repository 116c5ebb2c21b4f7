"""Where the values of a script may come from: names, containers and returns, followed back to what makes them.

A guess in the script's favour as well as against it. It is used to tell an agent *before* anything runs what would be
stopped; whatever it lets pass is looked at again, by identity, where it runs. Scopes are not told apart: a name may
hold whatever is bound to it anywhere. Every question has a budget, past which the answer is "cannot be told".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from .handed import function_of, handed, inserted, is_receiver
from .questions import Questions

_MAX_STEPS = 3000
_MAX_DEPTH = 24
_MAX_ROOTS = 64
_MAX_WORDS = 50
_SAME_ELEMENTS = {"sorted", "list", "tuple", "set", "frozenset", "reversed", "iter", "filter"}
_HANDS_ON = {ast.Name, ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Subscript, ast.Call}
"""The nodes whose value other nodes may make (`Flow._made_by`)."""

Roots = tuple[ast.AST, ...]


class _Origin(NamedTuple):
    """One thing that a name is bound to: a value, or (`of_each`) every element of one."""

    node: ast.AST
    of_each: bool = False


class Flow:
    """The flow of values through one script.

    Args:
        nodes: all nodes of its tree.
        parents: the parent of each node, by the node's id.
        binders: every node that binds a name, with that name (`bindings.Bindings.binders`).

    Attributes:
        questions: those that are being answered.
    """

    def __init__(
        self, nodes: Sequence[ast.AST], parents: Mapping[ast.AST, ast.AST], binders: Iterable[tuple[ast.AST, str]]
    ) -> None:
        self._nodes = nodes
        self._parents = parents
        self._names: dict[str, list[ast.AST]] = {}
        for binder, name in binders:
            self._names.setdefault(name, []).append(binder)
        self._loads: dict[str, list[ast.Name]] | None = None
        self.questions = Questions()
        self._roots: dict[ast.AST | str, Roots | None] = {}
        self._elements: dict[ast.AST | str, Roots | None] = {}
        self._origins_of: dict[ast.AST | str, list[_Origin] | None] = {}
        self._returns: dict[str, list[ast.AST] | None] = {}
        self._steps = 0
        self._nesting = 0

    # -- the questions ---------------------------------------------------------------------------------------------

    def sources(self, name: str) -> tuple[ast.expr, ...] | None:
        """Every expression that is bound to `name` as it stands; None where that cannot be told."""
        found = []
        for origin in self._origins(name) or ():
            if origin.of_each or not isinstance(origin.node, ast.expr):
                return None
            found.append(origin.node)
        return tuple(found) or None

    def roots(self, node: ast.AST) -> Roots | None:
        """The nodes that make the values `node` may have: no names of the script's own. None: cannot be told.

        A function or a class stands for itself, an import for the name it binds.
        """
        # Most nodes are what makes their value: they are not worth a question.
        return self._asked(self._roots, node, self._find_roots) if type(node) in _HANDS_ON else (node,)

    def elements(self, node: ast.AST) -> Roots | None:
        """The roots of what iterating over `node`, or taking an item out of it, may give. None: cannot be told."""
        return self._asked(self._elements, node, self._find_elements)

    def iterated(self, name: str) -> tuple[ast.AST, ...] | None:
        """The containers whose elements `name` is bound to; None where it is bound to anything else as well."""
        origins = self._origins(name)
        if origins is None or not all(origin.of_each for origin in origins):
            return None
        return tuple(origin.node for origin in origins)

    def callees(self, function: ast.expr) -> frozenset[str]:
        """How what is called is named where it is known: ``op``, imported or not, ``.create`` for a method."""
        found = set()
        for root in self.roots(function) or (function,):
            match root:
                case ast.Name(id=name):
                    found.add(name)
                case ast.Attribute(attr=member):
                    found.add("." + member)
                case ast.alias():
                    statement = self._parents.get(root)
                    if isinstance(statement, ast.ImportFrom) and statement.module == "td":
                        found.add(root.name)
        return frozenset(found)

    # -- with a budget ---------------------------------------------------------------------------------------------

    def _asked(
        self, known: dict[ast.AST | str, Roots | None], node: ast.AST, find: Callable[[ast.AST], Roots | None]
    ) -> Roots | None:
        # All mentions of a name are one question.
        key = node.id if isinstance(node, ast.Name) and node.id in self._names else node
        if key in known:
            return known[key]
        self._steps += 1
        if self._steps > _MAX_STEPS or self._nesting > _MAX_DEPTH:
            return None
        self._nesting += 1
        found = self.questions.answer(known, key, (), node, find)
        self._nesting -= 1
        return found

    def _all(self, nodes: Iterable[ast.AST], question: Callable[[ast.AST], Roots | None]) -> Roots | None:
        found: list[ast.AST] = []
        for node in nodes:
            more = question(node)
            if more is None:
                return None
            found.extend(more)
        return tuple(found)

    # -- what a value is -------------------------------------------------------------------------------------------

    def _find_roots(self, node: ast.AST) -> Roots | None:
        return _each_once(self._made_by(node))

    def _find_elements(self, node: ast.AST) -> Roots | None:
        return _each_once(self._held_by(node))

    def _made_by(self, node: ast.AST) -> Roots | None:
        match node:
            case ast.Name(id=name) if name in self._names:
                origins = self._origins(name)
                return None if origins is None else self._of_origins(origins)
            case ast.IfExp(body=one, orelse=other):
                return self._all((one, other), self.roots)
            case ast.BoolOp(values=values):
                return self._all(values, self.roots)
            case ast.NamedExpr(value=value):
                return self.roots(value)
            case ast.Subscript(value=container, slice=key) if not isinstance(key, ast.Slice):
                # Of what is no container of the script's own, the item is a root of its own.
                inside = self.elements(container) if self._is_container(container) else None
                return inside if inside else (node,)
            case ast.Call(func=ast.Name(id="next"), args=[iterator, *_]):
                return self.elements(iterator) or (node,)
            case ast.Call(func=function):
                returned = self._returned(function)
                return (node,) if returned is None else self._all(returned, self.roots)
        return (node,)

    def _of_origins(self, origins: Iterable[_Origin]) -> Roots | None:
        found: list[ast.AST] = []
        for origin in origins:
            more = self.elements(origin.node) if origin.of_each else self.roots(origin.node)
            if more is None:
                return None
            found.extend(more)
        return tuple(found)

    def _is_container(self, node: ast.AST) -> bool:
        made = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
        return any(isinstance(root, made) for root in self.roots(node) or ())

    def _held_by(self, node: ast.AST) -> Roots | None:
        match node:
            case ast.Name(id=name) if name in self._names:
                origins = self._origins(name)
                if origins is None or any(origin.of_each for origin in origins):
                    roots = self.roots(node)
                    return None if roots is None else self._all(roots, self.elements)
                parts = [origin.node for origin in origins]
                added = self._inserted(name)
                put_in = None if added is None else self._all(added, self.roots)
                return self._joined(self._all(parts, self.elements), put_in)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                starred = [part.value for part in parts if isinstance(part, ast.Starred)]
                plain = [part for part in parts if not isinstance(part, ast.Starred)]
                return self._joined(self._all(plain, self.roots), self._all(starred, self.elements))
            case ast.Dict(values=values):
                return self._all(values, self.roots)
            case ast.ListComp(elt=part) | ast.SetComp(elt=part) | ast.GeneratorExp(elt=part) | ast.DictComp(value=part):
                return self.roots(part)
            case ast.Subscript(value=container, slice=ast.Slice()):
                return self.elements(container)
            case ast.Call(func=ast.Name(id=name), args=[*_, last]) if name in _SAME_ELEMENTS:
                return self.elements(last)
            case ast.Call(func=ast.Attribute(value=container, attr="values" | "copy"), args=[]):
                return self.elements(container)
            case ast.IfExp(body=one, orelse=other):
                return self._all((one, other), self.elements)
            case ast.BoolOp(values=values):
                return self._all(values, self.elements)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._all((left, right), self.elements)
            case ast.Constant(value=None):
                return ()
            case ast.Constant(value=str(text)) if len(text) <= _MAX_WORDS:
                return self._texts(node, list(text))
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="split"), args=[], keywords=[]):
                return self._texts(node, text.split())
        return None

    def _texts(self, at: ast.AST, texts: list[str]) -> Roots | None:
        """Constants of the letters or the words of a text."""
        if len(texts) > _MAX_WORDS:
            return None
        return tuple([ast.copy_location(ast.Constant(text), at) for text in texts])

    def _joined(self, one: Roots | None, other: Roots | None) -> Roots | None:
        return None if one is None or other is None else one + other

    def _returned(self, function: ast.expr) -> list[ast.AST] | None:
        """What a function of the script's own returns or yields; None for any other."""
        match function:
            case ast.Name(id=name) if name in self._names:
                if name not in self._returns:
                    self._returns[name] = self._find_returned(name)
                return self._returns[name]
        return None

    def _find_returned(self, name: str) -> list[ast.AST] | None:
        found: list[ast.AST] = []
        for node in self._names[name]:
            if not isinstance(node, ast.FunctionDef):
                return None
            found += [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
        return found or None

    # -- what a name is bound to -----------------------------------------------------------------------------------

    def _origins(self, name: str) -> list[_Origin] | None:
        known = self._origins_of
        return known[name] if name in known else self.questions.answer(known, name, [], name, self._find_origins)

    def _find_origins(self, name: str) -> list[_Origin] | None:
        found: list[_Origin] = []
        for node in self._names.get(name, ()):
            more = self._origins_at(node, name)
            if more is None:
                return None
            found += more
        return found

    def _origins_at(self, node: ast.AST, name: str) -> list[_Origin] | None:
        match node:
            case ast.Name():
                return self._bound_at(node)
            case ast.FunctionDef() | ast.ClassDef():
                return [_Origin(node)]
            case ast.ImportFrom(names=aliases):
                return [_Origin(alias) for alias in aliases if (alias.asname or alias.name) == name]
            case ast.Global() | ast.Nonlocal():
                return []
            case ast.arg():
                return [_Origin(node)] if is_receiver(node, self._parents) else self._arguments(node)
        return None

    def _bound_at(self, target: ast.AST) -> list[_Origin] | None:
        """What an assignment, a loop, or an unpacking in them, gives to `target`."""
        parent = self._parents.get(target)
        match parent:
            case ast.Assign(value=value) | ast.NamedExpr(value=value):
                return [_Origin(value)]
            case ast.AnnAssign(value=annotated):
                return [_Origin(annotated)] if annotated is not None else []
            case ast.AugAssign(op=operation, value=value):
                return [_Origin(ast.BinOp(ast.Name(getattr(target, "id", ""), ast.Load()), operation, value))]
            case ast.withitem(context_expr=entered):
                return [_Origin(entered)]
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
                return [_Origin(iterated, of_each=True)]
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                outer = self._bound_at(parent)
                index = next(at for at, part in enumerate(parts) if part is target)
                if outer is None or any(isinstance(part, ast.Starred) for part in parts):
                    return None
                return self._unpacked(outer, index, len(parts))
            case ast.Delete():
                return []
        return None

    def _unpacked(self, outer: list[_Origin], index: int, count: int) -> list[_Origin] | None:
        found: list[_Origin] = []
        for origin in outer:
            match origin:
                case _Origin(ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]), True) if index == 1:
                    found.append(_Origin(inner, of_each=True))
                    continue
                case _Origin(ast.Call(func=ast.Name(id="enumerate")) as call, True):
                    found.append(_Origin(call))  # a number
                    continue
                case _Origin(ast.Call(func=ast.Name(id="zip"), args=inners), True) if index < len(inners):
                    found.append(_Origin(inners[index], of_each=True))
                    continue
                case _Origin(ast.Call(func=ast.Attribute(value=inner, attr="items")), True) if index == 1:
                    found.append(_Origin(inner, of_each=True))
                    continue
                case _Origin(ast.Call(func=ast.Attribute(value=inner, attr="items")), True) if index == 0:
                    keys = self._keys(inner)
                    if keys is None:
                        return None
                    found += map(_Origin, keys)
                    continue
            roots = self.elements(origin.node) if origin.of_each else self.roots(origin.node)
            for root in roots or (origin.node,):
                match root:
                    case ast.Tuple(elts=parts) | ast.List(elts=parts) if len(parts) == count:
                        found.append(_Origin(parts[index]))
                    case _:
                        return None
        return found

    def _keys(self, mapping: ast.AST) -> list[ast.expr] | None:
        """The keys of what is a display of a dict, wherever it comes from, and takes no others."""
        if isinstance(mapping, ast.Name) and self._inserted(mapping.id) != []:
            return None
        found: list[ast.expr] = []
        for root in self.roots(mapping) or (mapping,):
            if isinstance(root, ast.DictComp):
                found.append(root.key)
                continue
            if not isinstance(root, ast.Dict) or None in root.keys:
                return None
            found += [key for key in root.keys if key is not None]
        return found

    def _arguments(self, parameter: ast.arg) -> list[_Origin] | None:
        function = function_of(parameter, self._parents)
        if function is None or self._names.get(function.name) != [function]:
            return None
        mentions = self._mentions(function.name)
        found = handed(parameter, function, mentions, self._parents) if mentions is not None else None
        return None if found is None else [_Origin(value) for value in found]

    def _inserted(self, name: str) -> list[ast.AST] | None:
        mentions = self._mentions(name)
        return None if mentions is None else list(inserted(mentions, self._parents))

    def _mentions(self, name: str) -> Sequence[ast.Name] | None:
        """Where `name` is read; None once the budget is spent: half an answer would be taken for the whole."""
        loads = self._loaded().get(name, ())
        self._steps += len(loads) // 8
        return loads if self._steps <= _MAX_STEPS else None

    def _loaded(self) -> dict[str, list[ast.Name]]:
        if self._loads is None:
            self._loads = {}
            for node in self._nodes:
                if isinstance(node, ast.Name) and type(node.ctx) is ast.Load:
                    self._loads.setdefault(node.id, []).append(node)
        return self._loads


def _each_once(found: Roots | None) -> Roots | None:
    if found is None or len(found) < 2:
        return found
    once = tuple(dict.fromkeys(found))
    return None if len(once) > _MAX_ROOTS else once
