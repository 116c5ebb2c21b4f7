"""How the statements of a script end: which loops have a way out, and which can never end by themselves."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CATCHES_ALL = {"Exception", "BaseException"}
_MAX_RAISED = 8
_EXHAUSTED_BY = {"pop", "popleft", "popitem", "next", "send", "remove", "index", "heappop", "get_nowait"}
"""What raises once there is nothing left: a loop around it ends, where the exception is caught outside."""
_INERT = (ast.Pass, ast.Continue, ast.Global, ast.Nonlocal)
_QUIET_EXPRESSIONS = (ast.Constant, ast.Name, ast.Lambda)


# The ways in which a statement may end, or be left; plain numbers, for enum's flags are ten times as slow.
_ON = 1
"""To the next statement."""
_BREAK, _CONTINUE, _RETURN, _RAISE = 2, 4, 8, 16
_YIELD = 32
"""It hands a value out, and may never be asked to go on."""
_FAIL = 64
"""It calls what raises once it is exhausted."""
_NO_WAY = 0
_OUT = _BREAK | _RETURN | _RAISE | _YIELD


class Ways:
    """The ways out of one script's statements. Each statement is looked at once, and the walk keeps its own stack.

    Args:
        truth: whether an expression always counts as true, or never; None where that is not known.
    """

    def __init__(self, truth: Callable[[ast.AST], bool | None]) -> None:
        self._truth = truth
        self._known: dict[ast.AST, int] = {}
        self._raised: dict[ast.AST, frozenset[str]] = {}

    def has_exit(self, loop: ast.While | ast.For, parents: Mapping[ast.AST, ast.AST]) -> bool:
        """Whether a loop that never ends by itself can be left from within: by break, return, raise or yield."""
        ways = self._of_block(loop.body)
        return bool(ways & _OUT) or bool(ways & _FAIL and _is_caught_outside(loop, parents))

    def _of_block(self, statements: Sequence[ast.stmt]) -> int:
        # What is known of a statement is known of all that is in it.
        inside: list[ast.AST] = [one for one in statements if one not in self._known]
        for node in inside:  # the list grows while it is read
            if not isinstance(node, _SCOPES):
                for name in _BLOCKS:
                    inside += [one for one in getattr(node, name, ()) if one not in self._known]
        for node in reversed(inside):
            self._raised[node] = self._raised_in(node)
            self._known[node] = self._end_of(node)
        return self._sequence(statements)

    def _raised_in(self, node: ast.AST) -> frozenset[str]:
        """The names of what a statement raises itself, and the statements in it; a question mark for any other."""
        if isinstance(node, ast.Raise):
            what = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            return frozenset({getattr(what, "id", "?")})
        inside = [one for name in _BLOCKS for one in getattr(node, name, ())] if not isinstance(node, _SCOPES) else []
        found = frozenset[str]().union(*(self._raised[one] for one in inside))
        return found if len(found) <= _MAX_RAISED else frozenset({"?"})

    def _sequence(self, statements: Iterable[ast.AST]) -> int:
        ways = _ON
        for statement in statements:
            ways = (ways & ~_ON) | self._known[statement]
            if not ways & _ON:
                break
        return ways

    def _end_of(self, node: ast.AST) -> int:
        """How a statement ends, once it is known of all that are in it."""
        match node:
            case ast.Break():
                return _BREAK
            case ast.Continue():
                return _CONTINUE
            case ast.Return():
                return _RETURN | self._in_expressions(node)
            case ast.Raise():
                return _RAISE
            case ast.Assert(test=test):
                known = self._truth(test)
                return _ON if known else _RAISE if known is False else _ON | _RAISE
            case ast.If(test=test):
                return self._of_choice(node, self._truth(test))
            case ast.While() | ast.For():
                return self._of_loop(node)
            case ast.Try() | ast.TryStar():
                return self._of_try(node)
            case ast.ExceptHandler(body=body) | ast.match_case(body=body):
                return self._sequence(body)
            case ast.With(items=items, body=body):
                ways = self._sequence(body) | self._in_expressions(node)
                return _swallowed(ways) if any(_suppresses(item.context_expr) for item in items) else ways
            case ast.Match(cases=cases):
                ways = _ON | self._in_expressions(node)
                for case in cases:
                    ways |= self._known[case]
                return ways
        return _ON if isinstance(node, _SCOPES) else _ON | self._in_expressions(node)

    def _of_choice(self, node: ast.If, known: bool | None) -> int:
        ways = self._in_expressions(node)
        if known is not False:
            ways |= self._sequence(node.body)
        if known is not True:
            ways |= self._sequence(node.orelse)
        return ways

    def _of_loop(self, node: ast.While | ast.For) -> int:
        inside = self._sequence(node.body)
        ways = inside & ~(_ON | _CONTINUE | _BREAK) | self._in_expressions(node)
        known = self._truth(node.test) if isinstance(node, ast.While) else None
        if known is False:
            return ways & _YIELD | self._sequence(node.orelse)
        if known is None:
            ways |= self._sequence(node.orelse)
        return ways | _ON if inside & _BREAK else ways

    def _of_try(self, node: ast.Try | ast.TryStar) -> int:
        ways = self._sequence(node.body)
        may_raise = bool(ways & (_RAISE | _FAIL)) or not all(_is_quiet(one) for one in node.body)
        if ways & _ON:
            ways = (ways & ~_ON) | self._sequence(node.orelse)
        raised = frozenset[str]().union(*(self._raised[one] for one in node.body))
        if _catch(node.handlers, raised):
            ways &= ~(_RAISE | _FAIL)
        if may_raise:
            for handler in node.handlers:
                ways |= self._known[handler]
        at_last = self._sequence(node.finalbody)
        return ways | (at_last & ~_ON) if at_last & _ON else at_last

    def _in_expressions(self, statement: ast.AST) -> int:
        """What the expressions of a statement add, without those of the statements in it."""
        ways = _NO_WAY
        waiting: list[Any] = [value for name, value in ast.iter_fields(statement) if name not in _BLOCKS]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += node
                continue
            if not isinstance(node, ast.AST) or isinstance(node, ast.Lambda | ast.expr_context):
                continue
            if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await):
                ways |= _YIELD
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                ways |= _FAIL if name in _EXHAUSTED_BY else _NO_WAY
            waiting += [getattr(node, name, None) for name in node._fields]
        return ways


def _swallowed(ways: int) -> int:
    raising = ways & (_RAISE | _FAIL)
    return (ways & ~raising) | _ON if raising else ways


def _suppresses(context: ast.expr) -> bool:
    function = context.func if isinstance(context, ast.Call) else context
    return "suppress" in (getattr(function, "attr", ""), getattr(function, "id", ""))


def _catch(handlers: Iterable[ast.ExceptHandler], raised: frozenset[str]) -> bool:
    """Whether handlers catch everything of these names."""
    caught: set[str] = set()
    for handler in handlers:
        if handler.type is None:
            return True
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        caught |= {getattr(kind, "id", "") for kind in kinds}
    return bool(caught & _CATCHES_ALL) or (bool(raised) and raised <= caught)


def _is_quiet(statement: ast.stmt) -> bool:
    """Whether a statement cannot raise."""
    match statement:
        case ast.Expr(value=value) | ast.Assign(value=value, targets=[ast.Name()]):
            return isinstance(value, _QUIET_EXPRESSIONS)
    return isinstance(statement, (*_INERT, ast.Break))


def _is_caught_outside(loop: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a try statement of the same function stands around a loop and has handlers."""
    node: ast.AST | None = loop
    while node is not None and not isinstance(node, _SCOPES):
        outer = parents.get(node)
        if isinstance(outer, ast.Try) and outer.handlers and any(one is node for one in outer.body):
            return True
        node = outer
    return False


def does_nothing(statements: Sequence[ast.stmt]) -> bool:
    """Whether a block of statements changes nothing."""
    return all(
        isinstance(one, _INERT) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in statements
    )
