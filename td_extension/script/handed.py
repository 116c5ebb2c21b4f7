"""What calls hand over: arguments to the parameters of a script's own functions, items to its containers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

_INSERTING = {"append": 0, "add": 0, "appendleft": 0, "insert": 1, "setdefault": 1}
"""Methods that put something into a container, and which of their arguments it is."""


def is_receiver(parameter: ast.arg, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a parameter is the first one of a method; it stands for itself then."""
    method = function_of(parameter, parents)
    if method is None or not isinstance(parents.get(method), ast.ClassDef):
        return False
    return not method.decorator_list and method.args.args[:1] == [parameter]


def function_of(parameter: ast.arg, parents: Mapping[ast.AST, ast.AST]) -> ast.FunctionDef | None:
    """The function whose parameter it is; None where that is a lambda."""
    arguments = parents.get(parameter)
    function = parents.get(arguments) if arguments is not None else None
    return function if isinstance(function, ast.FunctionDef) and isinstance(arguments, ast.arguments) else None


def handed(
    parameter: ast.arg, function: ast.FunctionDef, mentions: Sequence[ast.Name], parents: Mapping[ast.AST, ast.AST]
) -> list[ast.expr] | None:
    """What is handed to a parameter, where its function is only ever called by its name; None where it is not.

    Args:
        parameter: the parameter.
        function: its function.
        mentions: where the function's name is read.
        parents: the parent of each node, by the node's id.
    """
    if parameter not in function.args.args:
        return None
    index = function.args.args.index(parameter)
    found = _default(function.args, index)
    for load in mentions:
        call = parents.get(load)
        if not isinstance(call, ast.Call) or call.func is not load:
            return None
        if any(isinstance(part, ast.Starred) for part in call.args) or any(not word.arg for word in call.keywords):
            return None
        found += call.args[index : index + 1]
        found += [word.value for word in call.keywords if word.arg == parameter.arg]
    return found


def inserted(mentions: Sequence[ast.Name], parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    """What is put into a container by its methods and by items, where its name is read at `mentions`."""
    for load in mentions:
        outer = parents.get(load)
        around = parents.get(outer) if outer is not None else None
        match outer, around:
            case ast.Attribute(attr=method), ast.Call(args=arguments) if method in _INSERTING:
                yield from arguments[_INSERTING[method] : _INSERTING[method] + 1]
            case ast.Subscript(ctx=ast.Store()), ast.Assign(value=value):
                yield value


def _default(arguments: ast.arguments, index: int) -> list[ast.expr]:
    first = len(arguments.args) - len(arguments.defaults)
    return arguments.defaults[index - first : index - first + 1] if index >= first else []
