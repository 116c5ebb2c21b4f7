"""How often the loops of a script turn, as far as its text says so."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from .callees import Callees
from .constants import Constants
from .loops import Ways, does_nothing
from .magnitudes import Value, as_many, as_size, compared

MAX_TURNS = 9_000_000
"""How often the body of a loop may turn, about a second of Python's time: 3840 x 2160 pixels are 8.3 million."""

Loop: TypeAlias = ast.While | ast.For | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)
_MAX_CLIMB = 150
_MAX_PARTS = 60
_CLOCKS = {f"time.{name}" for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time")}
_CLOCKS |= {name + "_ns" for name in _CLOCKS}
_ONLY_LOOKS = _CLOCKS | {"op", "len", "bool", "int", "float", "abs", "round", "parent", ".eval", ".op", ".parent"}
_FLIPPED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE"}


class Turns:
    """The turns of one script's loops.

    Args:
        parents: the parent of each node, by the node's id.
        constants: the values of its expressions.
        callees: how what is called is named.
        ways: how its statements end.
        sources: every expression that a name may hold; None where that cannot be told.
    """

    def __init__(
        self,
        parents: Mapping[ast.AST, ast.AST],
        constants: Constants,
        callees: Callees,
        ways: Ways,
        sources: Callable[[str], tuple[ast.expr, ...] | None],
    ) -> None:
        self._parents = parents
        self._constants = constants
        self._callees = callees
        self._ways = ways
        self._sources = sources
        self._outer: dict[ast.AST, Loop | None] = {}
        self._known: dict[ast.AST, float | None] = {}
        self._left: dict[ast.AST, bool] = {}
        self._whole: dict[ast.AST, float] = {}

    def around(self, node: ast.AST) -> list[Loop]:
        """The loops of the same function in each turn of which `node` is evaluated, the innermost first."""
        found: list[Loop] = []
        loop = self.next_around(node)
        while loop is not None and len(found) < _MAX_CLIMB:
            found.append(loop)
            loop = self.next_around(loop)
        return found

    def next_around(self, node: ast.AST) -> Loop | None:
        """The innermost loop of the same function in each turn of which `node` is evaluated."""
        if node not in self._outer:
            self._outer[node] = None
            inner = node
            for _ in range(_MAX_CLIMB):
                parent = self._parents.get(inner)
                if parent is None or isinstance(parent, _SCOPES):
                    break
                is_loop = isinstance(parent, (ast.While, *_COMPREHENSIONS))
                if is_loop or (isinstance(parent, ast.For) and parent.iter is not inner):
                    self._outer[node] = parent  # type: ignore[assignment]
                    break
                inner = parent
        return self._outer[node]

    def of(self, loop: Loop) -> float | None:
        """How often a loop turns by itself; infinity where it never ends, None where that is not known."""
        if loop not in self._known:
            if isinstance(loop, ast.While):
                self._known[loop] = self._of_while(loop)
            else:
                many = as_many(self._constants.evaluate(loop.iter if isinstance(loop, ast.For) else loop))
                self._known[loop] = None if many is None else many.length
        return self._known[loop]

    def may_be_left(self, loop: Loop) -> bool:
        """Whether there is a way out of a loop before it ends by itself."""
        if not isinstance(loop, ast.While | ast.For):
            return False
        if loop not in self._left:
            self._left[loop] = self._ways.has_exit(loop, self._parents)
        return self._left[loop]

    def whole(self, loop: Loop) -> float:
        """How often the body of a loop turns, with the turns of the loops around it that are known and never left."""
        inward = [loop]
        while inward[-1] not in self._whole:
            outer = self.next_around(inward[-1])
            if outer is None:
                break
            inward.append(outer)
        product = 1.0
        for each in reversed(inward):
            turns = self.of(each)
            known = turns if turns is not None and 1 < turns < math.inf else 1.0
            self._whole.setdefault(each, product * known)
            product = self._whole[each] / (known if self.may_be_left(each) else 1.0)
        return self._whole[loop]

    # -- while -----------------------------------------------------------------------------------------------------

    def _of_while(self, loop: ast.While) -> float | None:
        known = self._constants.truth(loop.test)
        if known is not None:
            return math.inf if known else 0.0
        match loop.test:
            case ast.Name(id=name):
                return self._counted(loop, name, "NotEq", 0)
            case ast.Compare(left=ast.Name(id=name), ops=[operation], comparators=[bound]):
                return self._counted(loop, name, type(operation).__name__, self._constants.evaluate(bound))
            case ast.Compare(left=bound, ops=[operation], comparators=[ast.Name(id=name)]):
                flipped = type(operation).__name__
                return self._counted(loop, name, _FLIPPED.get(flipped, flipped), self._constants.evaluate(bound))
        return None

    def _counted(self, loop: ast.While, name: str, operation: str, bound: Value) -> float | None:
        """The turns of a loop that counts a name up or down to a bound, in steps that are known."""
        limit = as_size(bound)
        sources = self._sources(name)
        if limit is None or operation not in ("Lt", "LtE", "Gt", "GtE", "NotEq"):
            return None
        if sources is None or len(sources) > _MAX_PARTS:
            return None
        steps, starts = [], []
        for source in sources:
            step = self._step(source, name)
            if step is None:
                starts.append(as_size(self._constants.evaluate(source)))
            elif not _is_within(source, loop):
                return None
            else:
                steps.append(step)
        known = [start for start in starts if start is not None]
        if not steps or not known or len(known) < len(starts) or (min(steps) < 0 < max(steps)):
            return None
        fastest = max(steps, key=abs)
        start = min(known) if fastest > 0 else max(known)
        if not compared(operation, start, limit):
            return None
        if not fastest or (fastest > 0) is not (limit > start):
            return math.inf
        return abs(limit - start) / abs(fastest)

    def _step(self, source: ast.expr, name: str) -> float | None:
        """By how much ``name + step`` or ``name - step`` counts."""
        match source:
            case ast.BinOp(left=ast.Name(id=counted), op=ast.Add() | ast.Sub(), right=right) if counted == name:
                step = as_size(self._constants.evaluate(right))
                return -step if step is not None and isinstance(source.op, ast.Sub) else step
            case ast.Name(id=counted) if counted == name:
                return 0.0
        return None

    def waits(self, loop: ast.While) -> bool:
        """Whether a loop does nothing but look again at what cannot change while the script runs, or at the clock."""
        is_idle = does_nothing(loop.body)
        looks_at_the_clock = False
        waiting: list[ast.AST] = [loop.test]
        for count, node in enumerate(waiting):  # the list grows while it is read
            if count > _MAX_PARTS or isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
                return False
            if isinstance(node, ast.Call):
                named = self._callees.named(node.func)
                if named not in _ONLY_LOOKS:
                    return False
                looks_at_the_clock = looks_at_the_clock or named in _CLOCKS
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                looks_at_the_clock = looks_at_the_clock or (node.value.id == "absTime")
            waiting += ast.iter_child_nodes(node)
        return is_idle or (looks_at_the_clock and all(self._only_counts(one) for one in loop.body))

    def _only_counts(self, statement: ast.stmt) -> bool:
        """Whether a statement only sets a name to what takes no work."""
        match statement:
            case ast.AugAssign(target=ast.Name(), value=value) | ast.Assign(targets=[ast.Name()], value=value):
                parts = (value, *ast.iter_child_nodes(value))
                calls = [part for part in parts if isinstance(part, ast.Call)]
                return all(self._callees.named(call.func) in _CLOCKS for call in calls)
        return does_nothing([statement])


def _is_within(source: ast.expr, loop: ast.While) -> bool:
    at: ast.AST = source
    while isinstance(at, ast.BinOp) and not hasattr(at, "lineno"):
        at = at.right
    return loop.lineno <= getattr(at, "lineno", 0) <= (loop.end_lineno or loop.lineno)
