"""Which names a script binds itself: the closed world against which every other name is judged.

One pass over all nodes, in every binding form that CPython 3.11 has: assignment, ``for``, ``with``, ``except``,
``import``, ``def``, ``class``, parameters, comprehensions, ``:=`` and ``match``. Scopes are not told apart: a name
that is bound anywhere is the script's own everywhere, which can only cost the script a NameError.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_BINDING = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg, ast.ExceptHandler, ast.ImportFrom, ast.MatchAs,
    ast.MatchStar, ast.MatchMapping, ast.Global, ast.Nonlocal,
)  # fmt: skip
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a script binds.

    Attributes:
        names: every name it binds, except to modules.
        modules: the names it binds to modules by ``import``, each with the module's dotted name.
        imported: the names it binds by ``from … import``, each with its dotted name, e.g. ``itertools.count``.
        attributes: attribute names it defines on its own objects: names bound in class bodies, and attributes
            stored on the first parameter of a method.
        binders: every node that binds a name, with that name, in no particular order.
    """

    names: frozenset[str]
    modules: Mapping[str, str]
    imported: Mapping[str, str]
    attributes: frozenset[str]
    binders: tuple[tuple[ast.AST, str], ...]


def bindings_of(by_type: Mapping[type, list[Any]], parents: Mapping[ast.AST, ast.AST]) -> Bindings:
    """Collect the bindings of a script.

    Args:
        by_type: all nodes of its tree, by their type.
        parents: the parent of each, by the node's id.
    """
    binders: list[tuple[ast.AST, str]] = [
        (node, node.id) for node in by_type.get(ast.Name, ()) if type(node.ctx) is not ast.Load
    ]
    for kind in _BINDING:
        if kind in by_type:
            binders += [(node, name) for node in by_type[kind] for name in _bound_by(node)]
    names = frozenset([name for _, name in binders])
    modules: dict[str, str] = {}
    for node in by_type.get(ast.Import, ()):
        for alias in node.names:
            # `import a.b` binds `a`; `import a.b as c` binds c to the inner module.
            outer = alias.name.partition(".")[0]
            modules[alias.asname or outer] = alias.name if alias.asname else outer
            binders.append((node, alias.asname or outer))
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in by_type.get(ast.ImportFrom, ())
        for alias in node.names
    }
    attributes = frozenset(_attributes(by_type, parents, binders)) if ast.ClassDef in by_type else frozenset()
    return Bindings(names, modules, imported, attributes, tuple(binders))


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


def _attributes(
    by_type: Mapping[type, list[Any]], parents: Mapping[ast.AST, ast.AST], binders: list[tuple[ast.AST, str]]
) -> Iterator[str]:
    """Names bound in class bodies, and attributes that are stored on what a method calls its first parameter."""
    receivers = set()
    for node in by_type.get(ast.FunctionDef, ()):
        if node.args.args and type(parents.get(node)) is ast.ClassDef:
            receivers.add(node.args.args[0].arg)
    for node in by_type.get(ast.Attribute, ()):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()) if name in receivers:
                yield attribute
    inside: dict[ast.AST, bool] = {}
    for node, name in binders:
        if _is_in_class_body(node, parents, inside):
            yield name


def _is_in_class_body(node: ast.AST, parents: Mapping[ast.AST, ast.AST], inside: dict[ast.AST, bool]) -> bool:
    """Whether a binding stands in the body of a class, and not in a function; every node is looked at once."""
    way: list[ast.AST] = []
    found = False
    parent = parents.get(node)
    while parent is not None and parent not in inside:
        if isinstance(parent, _SCOPES):
            found = isinstance(parent, ast.ClassDef)
            break
        way.append(parent)
        parent = parents.get(parent)
    else:
        found = parent is not None and inside[parent]
    inside.update(dict.fromkeys(way, found))
    return found
