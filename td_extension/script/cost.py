"""Judges what a script costs: whether it can stall the frame (capability `block`), told from its text alone.

Three things are found: loops that turn without an end or too often (`loop_costs`); single calls and operations that
work inside C, where no tick can stop them, on sizes that stand in the text (`call_costs`, `value_costs`); and patterns
that backtrack out of proportion (`patterns`). What cannot be read from the text is let pass, for the ticks and the
checks at run time look at it again. A condition around a statement does not excuse it.

Most scripts hold nothing of which anything large could be made. So the nodes are only gathered while the tree is
walked, and looked at afterwards, as far as the script's numbers, texts and imports make it worth while.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..values import Capability
from .call_costs import JUDGED, LAST_PARTS, CallCosts
from .callees import Callees
from .constants import Constants
from .growth import GrowthJudge
from .loop_costs import LoopCosts, Note
from .loops import Ways
from .report import Use
from .turns import Turns
from .value_costs import ValueCosts

_LEAST_FACTOR = 3000
"""Two factors below this make less than any limit allows."""
_LARGE_FLOAT, _SMALL_FLOAT = 3000.0, 1e-3
_FACTORS = 3
"""So many smaller factors may make something large."""
_SMALL_SHIFT, _SMALL_EXPONENT = 11, 2
_LONG_NUMBER = re.compile(r"[0-9]{5}|^[0-9*]+$", re.MULTILINE)
"""A text with a width in it, or of which one may be put together."""
_ENDLESS = {"itertools", "operator"}
"""Modules that make something large out of small numbers."""
_FROM_SMALL = {"pow", "iter"}
"""Builtins that do."""
_ALWAYS_JUDGED_MODULES = {"re", "numpy", "numpy.random"}
_ALWAYS_JUDGED = frozenset(name for name in JUDGED if name.rpartition(".")[0] in _ALWAYS_JUDGED_MODULES)
_ALWAYS_JUDGED_LAST = frozenset(name.rpartition(".")[2] for name in _ALWAYS_JUDGED)
_SELF_MADE = (ast.BinOp, ast.JoinedStr, ast.List, ast.Tuple, ast.Call)


class CostJudge:
    """Judges the cost of one script.

    While its tree is walked, `by_type` takes the nodes, in any order; `uses` judges them when it is first asked for.

    Args:
        parents: the parent of each node, by the node's id.
        modules: the names bound to modules by ``import``, each with the module's dotted name.
        imported: the plain names bound by ``from … import``, each with its dotted name, e.g. ``itertools.count``.
        is_own: whether the script itself binds a name, so that its own ``range`` is not the builtin.
        sources: every expression that a name of the script's own may hold, None where that cannot be told. The nodes
            live as long as the judge.

    Attributes:
        by_type: takes a node of each type that matters.
    """

    def __init__(
        self,
        parents: Mapping[int, ast.AST],
        modules: Mapping[str, str],
        imported: Mapping[str, str],
        is_own: Callable[[str], bool],
        sources: Callable[[str], tuple[ast.expr, ...] | None],
    ) -> None:
        self._parents = parents
        self._modules = modules
        self._imported = imported
        self._is_own = is_own
        self._sources = sources
        self._found: list[Use] = []
        self._constants: list[ast.Constant] = []
        self._whiles: list[ast.While] = []
        self._fors: list[ast.For] = []
        self._comprehensions: list[Any] = []
        self._calls: list[ast.Call] = []
        self._operations: list[ast.BinOp] = []
        self._augmented: list[ast.AugAssign] = []
        self._assigned: list[ast.Assign] = []
        self._rare: list[ast.AST] = []
        comprehension, rare = self._comprehensions.append, self._rare.append
        self.by_type: Mapping[type[ast.AST], Callable[[Any], None]] = {
            ast.Constant: self._constants.append,
            ast.While: self._whiles.append,
            ast.For: self._fors.append,
            ast.ListComp: comprehension,
            ast.SetComp: comprehension,
            ast.DictComp: comprehension,
            ast.GeneratorExp: comprehension,
            ast.Call: self._calls.append,
            ast.BinOp: self._operations.append,
            ast.AugAssign: self._augmented.append,
            ast.Assign: self._assigned.append,
            ast.Starred: rare,
            ast.FormattedValue: rare,
            ast.Compare: rare,
            ast.Module: rare,
        }
        self._is_judged = False

    @property
    def uses(self) -> list[Use]:
        """What was found, in no particular order."""
        if not self._is_judged:
            self._is_judged = True
            self._judge()
        return self._found

    def _note(self, node: ast.AST, what: str, why: str, hint: str) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        self._found.append(Use(line, column, what, Capability.BLOCK, why=why, hint=hint))

    @cached_property
    def _tools(self) -> _Tools:
        return _Tools(self._parents, self._modules, self._imported, self._is_own, self._sources, self._note)

    # -- what is worth a look --------------------------------------------------------------------------------------

    def _judge(self) -> None:
        may_be_large = self._may_be_large()
        for loop in self._whiles:
            self._tools.loops.on_while(loop)
        self._judge_loops(may_be_large)
        self._judge_calls(may_be_large)
        self._judge_operations(may_be_large)
        if may_be_large:
            self._judge_rare()
        if "_tools" in vars(self) and self._tools.constants.made_large:
            self._judge_what_is_kept()

    def _may_be_large(self) -> bool:
        """Whether the script holds anything of which something large could be made with a few operations."""
        texts = []
        for constant in self._constants:
            value = constant.value
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is int:
                if not -_LEAST_FACTOR < value < _LEAST_FACTOR:
                    return True
            elif kind is float:
                if value and not _SMALL_FLOAT < abs(value) < _LARGE_FLOAT:
                    return True
            elif kind is bytes:
                texts.append(value.decode("latin-1"))
        if _LONG_NUMBER.search("\n".join(texts)):
            return True
        if any(name.partition(".")[0] in _ENDLESS for name in (*self._modules.values(), *self._imported.values())):
            return True
        named = [call.func for call in self._calls] + [node.value for node in self._assigned]
        if any(type(node) is ast.Name and node.id in _FROM_SMALL for node in named):
            return True
        return any(_is_steep(node.op, node.right) for node in self._operations) or any(
            _is_steep(node.op, node.value) for node in self._augmented
        )

    def _judge_loops(self, may_be_large: bool) -> None:
        factors = len(self._fors) + sum(len(node.generators) for node in self._comprehensions)
        for loop in self._fors:
            if may_be_large or factors >= _FACTORS:
                self._tools.loops.on_for(loop)
            if type(loop.iter) is ast.Name:
                self._tools.loops.on_feeding(loop)
        if may_be_large or factors >= _FACTORS:
            for node in self._comprehensions:
                if type(node) is not ast.GeneratorExp:
                    self._tools.loops.on_comprehension(node)
        if self._fors or self._whiles or self._comprehensions:
            for assigned in self._assigned:
                if type(assigned.targets[0]) is ast.Name and isinstance(assigned.value, _SELF_MADE):
                    self._tools.loops.on_assign(assigned)
            for augmented in self._augmented:
                self._tools.loops.on_augmented(augmented)

    def _judge_calls(self, may_be_large: bool) -> None:
        judged = _ALWAYS_JUDGED
        imported = {*self._modules.values(), *(name.rpartition(".")[0] for name in self._imported.values())}
        if may_be_large:
            judged = JUDGED
        elif imported.isdisjoint(_ALWAYS_JUDGED_MODULES):
            judged = frozenset()
        last_parts = LAST_PARTS if may_be_large else _ALWAYS_JUDGED_LAST if judged else frozenset()
        has_loops = bool(self._fors or self._whiles or self._comprehensions)
        for node in self._calls:
            function = node.func
            if type(function) is ast.Attribute:
                if has_loops and function.attr == "extend":
                    self._tools.loops.on_extend(node)
                if function.attr not in last_parts:
                    continue
            elif not judged:
                continue
            named = self._tools.callees.named(function)
            if named in judged:
                found = self._tools.calls.judge(node, named)
                if found is not None:
                    self._note(node, named.removeprefix(".") + "()", *found)

    def _judge_operations(self, may_be_large: bool) -> None:
        products = [node for node in self._operations if _is_product(node)]
        augmented = [node for node in self._augmented if type(node.op) is not ast.Add or type(node.value) is ast.Call]
        if may_be_large or len(products) + len(augmented) >= _FACTORS:
            for node in products:
                self._tools.values.on_operation(node)
            for changed in augmented:
                self._tools.values.on_augmented(changed)
        if may_be_large:
            for node in self._operations:
                if type(node.op) in (ast.Pow, ast.LShift, ast.Mod):
                    self._tools.values.on_operation(node)

    def _judge_rare(self) -> None:
        for node in self._rare:
            match node:
                case ast.FormattedValue():
                    self._tools.values.on_field(node)
                case ast.Compare(ops=[ast.In() | ast.NotIn(), *_]):
                    self._tools.values.on_search(node)
                case ast.Starred():
                    assignment = self._parents.get(id(self._parents.get(id(node))))
                    value = assignment.value if isinstance(assignment, ast.Assign) else None
                    self._tools.values.on_starred(node, value)

    def _judge_what_is_kept(self) -> None:
        """What is left as the result, printed or added up; nothing of it is large where nothing else was."""
        for assigned in self._assigned:
            if any(isinstance(target, ast.Name) and target.id == "result" for target in assigned.targets):
                self._tools.values.on_result(assigned.value)
        for node in self._rare:
            match node:
                case ast.Module(body=[*_, ast.Expr(value=last)]):
                    self._tools.values.on_result(last)
        for call in self._calls:
            if type(call.func) is ast.Name and self._tools.callees.of_name(call.func.id) == "print":
                self._tools.values.on_print(call)
        for operation in self._operations:
            if type(operation.op) is ast.Add:
                self._tools.values.on_sum(operation)


class _Tools:
    """The judges of a script's parts. Most scripts need none of them."""

    def __init__(
        self,
        parents: Mapping[int, ast.AST],
        modules: Mapping[str, str],
        imported: Mapping[str, str],
        is_own: Callable[[str], bool],
        sources: Callable[[str], tuple[ast.expr, ...] | None],
        note: Note,
    ) -> None:
        known: dict[str, tuple[ast.expr, ...] | None] = {}

        def remembered(name: str) -> tuple[ast.expr, ...] | None:
            if name not in known:
                known[name] = sources(name)
            return known[name]

        self.callees = Callees(modules, imported, is_own, remembered)
        self.constants = Constants(self.callees, remembered)
        turns = Turns(parents, self.constants, self.callees, Ways(self.constants.truth), remembered)
        growth = GrowthJudge(self.constants, turns, remembered)
        self.loops = LoopCosts(self.constants, self.callees, turns, growth, note)
        self.values = ValueCosts(self.constants, turns, note)
        self.calls = CallCosts(self.constants, self.callees)


def _is_product(node: ast.BinOp) -> bool:
    """Whether a product may be that of a sequence, or of whole numbers."""
    if type(node.op) is not ast.Mult:
        return False
    for side in (node.left, node.right):
        kind = type(side)
        if kind is ast.Attribute or kind is ast.Subscript:
            return False
        if kind is ast.Constant and type(side.value) is float:  # type: ignore[attr-defined]
            return False
    return True


def _is_steep(operation: ast.operator, right: ast.expr) -> bool:
    """Whether a power or a shift may make something large out of small numbers."""
    kind = type(operation)
    if kind is not ast.Pow and kind is not ast.LShift:
        return False
    match right:
        case ast.Constant(value=int(number)):
            return number > (_SMALL_EXPONENT if kind is ast.Pow else _SMALL_SHIFT)
        case ast.Constant(value=float()) | ast.UnaryOp(op=ast.USub()):
            return False
    return True
