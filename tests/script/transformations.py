"""Rewrites of a script that change what it says and not what it does.

Each takes a text that parses and gives the rewritten text, or None where it does not apply. All but
`without_its_first_line` keep no comment and no layout: they go through `ast.unparse`.
"""

from __future__ import annotations

import ast
import builtins
import string
from collections.abc import Callable, Iterator, Mapping, Sequence

from td_extension.script.catalog import Catalog

Transformation = Callable[[str, Catalog], str | None]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def reformatted(text: str, catalog: Catalog) -> str | None:
    """The same tree, in another layout."""
    return ast.unparse(ast.parse(text))


def renamed(text: str, catalog: Catalog) -> str | None:
    """Everything that the script names itself has another name."""
    tree = ast.parse(text)
    names = _new_names(tree, catalog)
    if not names:
        return None
    return ast.unparse(ast.fix_missing_locations(_Renamer(tree, names).visit(tree)))


def reordered(text: str, catalog: Catalog) -> str | None:
    """Neighbouring statements that have nothing to do with each other have changed places."""
    tree = ast.parse(text)
    swapped = 0
    # What a function names may be read by any call of it.
    shared = {name for node in ast.walk(tree) if isinstance(node, _FUNCTIONS) for name in _named(node)}
    for body in _bodies(tree):
        index = _first_free(body)
        while index + 1 < len(body):
            if _are_independent(body[index], body[index + 1], shared):
                body[index], body[index + 1] = body[index + 1], body[index]
                swapped += 1
                index += 1
            index += 1
    return ast.unparse(tree) if swapped else None


def padded(text: str, catalog: Catalog) -> str | None:
    """Statements that do nothing stand at the head of the module and of every function and loop."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.For | ast.While):
            at = 1 if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None else 0
            node.body[at:at] = ast.parse("pass\nunused_in_body = 1").body
    at = _first_free(tree.body)
    tree.body[at:at] = ast.parse("'a note'\npass\nunused_name = 'nothing'\ndef unused_function(): pass").body
    return ast.unparse(tree)


def in_a_condition(text: str, catalog: Catalog) -> str | None:
    """All stands under ``if True:``."""
    tree = ast.parse(text)
    if _must_stand_first(tree):
        return None
    return ast.unparse(ast.fix_missing_locations(ast.Module([ast.If(ast.Constant(True), tree.body, [])], [])))


def in_a_function(text: str, catalog: Catalog) -> str | None:
    """All stands in a function that is called."""
    tree = ast.parse(text)
    stars = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    if _must_stand_first(tree) or stars or any(isinstance(node, ast.Global) for node in ast.walk(tree)):
        return None  # a global of the module would be no global any more
    wrapped = ast.parse("def everything():\n    pass\neverything()")
    definition = wrapped.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.body = tree.body
    return ast.unparse(wrapped)


def without_its_first_line(text: str, catalog: Catalog) -> str | None:
    """The comment that names the script is gone; all else is as it was, to the letter."""
    first, newline, rest = text.partition("\n")
    return rest if newline and first.startswith("#") else None


def all_at_once(text: str, catalog: Catalog) -> str | None:
    """One rewriting after the other."""
    for transformation in (renamed, reordered, padded, in_a_condition, in_a_function):
        text = transformation(text, catalog) or text
    return text


ALL: Mapping[str, Transformation] = {
    function.__name__: function
    for function in (
        reformatted, renamed, reordered, padded, in_a_condition, in_a_function, without_its_first_line, all_at_once,
    )
}  # fmt: skip


def _must_stand_first(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def _first_free(body: Sequence[ast.stmt]) -> int:
    """Where another statement may stand: after the docstring and what must stand before all else."""
    for index, statement in enumerate(body):
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (is_future or (index == 0 and is_text)):
            return index
    return len(body)


def _bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list) and not isinstance(node, ast.ClassDef):
                yield body


# -- reordering ---------------------------------------------------------------------------------------------------


def _are_independent(first: ast.stmt, second: ast.stmt, shared: set[str]) -> bool:
    """Whether two neighbours may change places: two that only bind, or one that does and one that is not about it."""
    if _bound_in(first) & _named(second) or _bound_in(second) & _named(first):
        return False
    bound = _written(first), _written(second)
    if None not in bound:
        return True
    for names, other in ((bound[0], second), (bound[1], first)):
        if names is not None and isinstance(other, ast.Expr | ast.Assign) and not names & shared:
            return True
    return False


def _bound_in(statement: ast.stmt) -> set[str]:
    return set(_bound(ast.Module([statement], [])))


def _written(statement: ast.stmt) -> set[str] | None:
    """The names that a simple statement binds, or None where it may do more than bind."""
    match statement:
        case ast.Assign(targets=targets, value=value) if _is_still(value):
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            return names if len(names) == len(targets) else None
        case ast.AnnAssign(target=ast.Name(id=name), value=value, annotation=annotation):
            return {name} if (value is None or _is_still(value)) and _is_still(annotation) else None
        case ast.FunctionDef(name=name, decorator_list=[], args=arguments, returns=returns):
            at_once = [arguments, *([returns] if returns is not None else [])]
            return {name} if all(map(_is_still, at_once)) else None
        case ast.Import(names=aliases):
            return {alias.asname or alias.name.partition(".")[0] for alias in aliases}
        case ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name for alias in aliases} if aliases[0].name != "*" else None
    return None


_NOT_STILL = (ast.Call, ast.Attribute, ast.Subscript, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.BinOp,
              ast.Compare, ast.UnaryOp, ast.JoinedStr, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
              ast.Starred)  # fmt: skip


def _is_still(node: ast.AST) -> bool:
    """Whether evaluating runs nothing: names, constants, displays and functions."""
    if isinstance(node, ast.Lambda):
        return _is_still(node.args)
    return not isinstance(node, _NOT_STILL) and all(map(_is_still, ast.iter_child_nodes(node)))


def _named(node: ast.AST) -> set[str]:
    """Every name in a statement, read or bound."""
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    for part in ast.walk(node):
        if isinstance(part, (*_DEFINITIONS, ast.alias)):
            found.add(part.name.partition(".")[0])
        if isinstance(part, ast.alias) and part.asname:
            found.add(part.asname)
        if isinstance(part, ast.Global | ast.Nonlocal):
            found.update(part.names)
    return found


# -- renaming -----------------------------------------------------------------------------------------------------


def _new_names(tree: ast.Module, catalog: Catalog) -> Mapping[str, str]:
    """A new name for each one that the script gives; the same for a name wherever it stands."""
    kept = _kept(tree, catalog)
    own = [name for name in dict.fromkeys(_bound(tree)) if name not in kept and not name.startswith("__")]
    taken = {part for node in ast.walk(tree) for part in _spelled(node)}
    return {name: _fresh(name, index, taken) for index, name in enumerate(own)}


def _fresh(name: str, index: int, taken: set[str]) -> str:
    """Underscores and a capital mean something to the judge, and stay."""
    stem = name.lstrip("_")
    fresh = name[: len(name) - len(stem)] + ("Renamed" if stem[:1].isupper() else "renamed") + str(index)
    while fresh in taken:
        fresh += "x"
    return fresh


def _spelled(node: ast.AST) -> Iterator[str]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (part for part in value if isinstance(part, str))


def _bound(tree: ast.Module) -> Iterator[str]:
    """Every name that a script gives: to values, and to the attributes of its own classes."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.alias(asname=str(name)):
                yield name
            case ast.alias(name=name) if "." not in name and name != "*":
                yield name
        if isinstance(node, ast.ClassDef):
            yield from _stored_on_self(node)


def _stored_on_self(definition: ast.ClassDef) -> Iterator[str]:
    for method in definition.body:
        if isinstance(method, ast.FunctionDef) and method.args.args:
            receiver = method.args.args[0].arg
            for node in ast.walk(method):
                match node:
                    case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()) if name == receiver:
                        yield attribute


def _kept(tree: ast.Module, catalog: Catalog) -> set[str]:
    """Names that mean something to others than the script, and so are not its own to change.

    Python's and TouchDesigner's names and members; names that also stand in strings, where `getattr`, `globals` or a
    format may look for them; keywords of functions that are not its own.
    """
    kept = {"result", "_", "everything", *dir(builtins), *catalog.names, *catalog.operator_types, *catalog.modules}
    functions = {node.name for node in ast.walk(tree) if isinstance(node, _DEFINITIONS)}
    lambdas = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    in_classes = {name for name in _bound(tree) if name in catalog.members}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)):
                kept.add(text)
                kept.update(_fields(text))
            case ast.Attribute(value=ast.Attribute(attr="par" | "parGroup" | "seq"), attr=name):
                kept.add(name)
            case ast.Attribute(attr=name) if name in in_classes:
                kept.add(name)
            case ast.Call(func=function, keywords=keywords):
                called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
                if called not in functions | lambdas:
                    kept.update(keyword.arg for keyword in keywords if keyword.arg)
            case ast.ImportFrom(module="__future__", names=aliases):
                kept.update(alias.name for alias in aliases)
            case ast.ClassDef(body=body):
                # Methods and class attributes whose names a protocol or the catalog knows.
                kept.update(name for name in _bound(ast.Module(body, [])) if name in catalog.members)
            case ast.MatchClass(kwd_attrs=names):
                kept.update(names)
    return kept


def _fields(text: str) -> Iterator[str]:
    try:
        for _, field, _, _ in string.Formatter().parse(text):
            yield from (field or "").replace("[", ".").replace("]", "").split(".")
    except ValueError:
        return


class _Renamer(ast.NodeTransformer):
    """Gives everything its new name. Names are one world here, as they are to the judge: scopes are not told apart."""

    def __init__(self, tree: ast.Module, names: Mapping[str, str]) -> None:
        self._names = names
        # An attribute is renamed only where a class of the script's own defines it.
        own: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                own.update(_stored_on_self(node))
                for statement in node.body:
                    own.update(_bound(ast.Module([statement], [])))
        self._attributes = {name: names[name] for name in own if name in names}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        match node:
            case ast.alias(name=name, asname=asname):
                if asname is not None:
                    node.asname = self._names.get(asname, asname)
                elif name in self._names:
                    node.asname = self._names[name]
            case ast.Attribute(attr=name):
                node.attr = self._attributes.get(name, name)
            case ast.keyword(arg=str(name)):
                node.arg = self._names.get(name, name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                node.names = [self._names.get(name, name) for name in names]
            case _:
                for field in ("id", "name", "arg", "rest"):
                    value = getattr(node, field, None)
                    if isinstance(value, str):
                        setattr(node, field, self._names.get(value, value))
        return node
