"""Which names a script binds itself: the closed world against which every other name is judged.

One pass over all nodes, in every binding form that CPython 3.11 has: assignment, ``for``, ``with``, ``except``,
``import``, ``def``, ``class``, parameters, comprehensions, ``:=`` and ``match``. Scopes are not told apart: a name
that is bound anywhere is the script's own everywhere, which can only cost the script a NameError.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_BINDING = frozenset(
    {
        ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg, ast.ExceptHandler, ast.ImportFrom, ast.MatchAs,
        ast.MatchStar, ast.MatchMapping, ast.Global, ast.Nonlocal,
    }
)  # fmt: skip
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a script binds.

    Attributes:
        names: every name it binds, except to modules.
        modules: the names it binds to modules by ``import``, each with the module's dotted name.
        attributes: attribute names it defines on its own objects: names bound in class bodies, and attributes
            stored on the first parameter of a method.
        binders: every node that binds a name, with that name, in no particular order.
    """

    names: frozenset[str]
    modules: Mapping[str, str]
    attributes: frozenset[str]
    binders: tuple[tuple[ast.AST, str], ...]


def bindings_of(nodes: list[ast.AST]) -> Bindings:
    """Collect the bindings of a script, from all nodes of its tree."""
    modules: dict[str, str] = {}
    binders: list[tuple[ast.AST, str]] = []
    attributes: set[str] = set()
    for node in nodes:
        kind = type(node)
        if isinstance(node, ast.Name):
            if type(node.ctx) is not ast.Load:
                binders.append((node, node.id))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                # `import a.b` binds `a`; `import a.b as c` binds c to the inner module.
                outer = alias.name.partition(".")[0]
                modules[alias.asname or outer] = alias.name if alias.asname else outer
                binders.append((node, alias.asname or outer))
        elif kind in _BINDING:
            binders.extend((node, name) for name in _bound_by(node))
            if isinstance(node, ast.ClassDef):
                attributes.update(_attributes_of(node))
    module_binders = {id(node) for node in nodes if isinstance(node, ast.Import)}
    names = frozenset(name for node, name in binders if id(node) not in module_binders)
    return Bindings(names, modules, frozenset(attributes), tuple(binders))


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name):
            yield name
        case ast.ExceptHandler(name=str(name)):
            yield name
        case ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name for alias in aliases)
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names


def _attributes_of(definition: ast.ClassDef) -> Iterator[str]:
    """Names bound in the class body, and attributes that its methods store on their first parameter."""
    for statement in definition.body:
        yield from _bound_by(statement)
        for node in ast.walk(statement) if not isinstance(statement, _FUNCTIONS) else ():
            yield from _bound_by(node)
        if not isinstance(statement, ast.FunctionDef) or not statement.args.args:
            continue
        receiver = statement.args.args[0].arg
        for node in ast.walk(statement):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()) if name == receiver:
                    yield attribute
