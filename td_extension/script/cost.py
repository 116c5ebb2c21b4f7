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
import math
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..values import Capability
from .call_costs import JUDGED, LAST_PARTS, CallCosts
from .callees import Callees
from .constants import Constants
from .growth import GrowthJudge
from .limits_of_cost import MAX_RESULT
from .loop_costs import LoopCosts, Note
from .loops import Ways
from .magnitudes import power_of_two
from .report import Use
from .turns import Turns
from .value_costs import ValueCosts

_LONG_NUMBER = re.compile(r"[0-9]{5}|^[0-9*]+$", re.MULTILINE)
"""A text with a width in it, or of which one may be put together."""
_ENDLESS = {"itertools", "operator"}
"""Modules that make something large out of small numbers."""
_FROM_SMALL = {"pow", "iter"}
"""Builtins that do."""
_ALWAYS_JUDGED_MODULES = {"re", "numpy", "numpy.random"}
_ALWAYS_JUDGED = frozenset(name for name in JUDGED if name.rpartition(".")[0] in _ALWAYS_JUDGED_MODULES)
_ALWAYS_JUDGED_LAST = frozenset(name.rpartition(".")[2] for name in _ALWAYS_JUDGED)
_UNSIZED = (ast.Attribute, ast.Subscript, ast.Call)
_NEVER_TURNS = {ast.Module, ast.FunctionDef, ast.ClassDef}
_FAR = 1e300
_MAX_FACTOR_BITS = math.log2(3000)
"""Past that one number alone is large, to a function such as a factorial."""


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
        reach = self._reach()
        for loop in self._whiles:
            self._tools.loops.on_while(loop)
        self._judge_growth()
        if reach > MAX_RESULT:
            self._judge_loops()
            self._judge_operations()
            self._judge_rare()
        self._judge_calls(is_large=reach > MAX_RESULT)
        if "_tools" in vars(self) and self._tools.constants.made_large:
            self._judge_what_is_kept()

    def _reach(self) -> float:
        """How large a thing the script may make at most, out of its numbers and texts and as many factors as it has."""
        values: list[Any] = [constant.value for constant in self._constants]
        texts = [value for value in values if type(value) is str]
        texts += [value.decode("latin-1") for value in values if type(value) is bytes]
        if texts and _LONG_NUMBER.search("\n".join(texts)):
            return math.inf
        for names in (self._modules, self._imported):
            if names and not _ENDLESS.isdisjoint(name.partition(".")[0] for name in names.values()):
                return math.inf
        named = {node.func.id for node in self._calls if type(node.func) is ast.Name}
        named |= {node.value.id for node in self._assigned if type(node.value) is ast.Name}
        if not named.isdisjoint(_FROM_SMALL):
            return math.inf
        numbers = [abs(value) for value in values if type(value) is int or type(value) is float]
        largest = max(numbers, default=2)
        smallest = min([number for number in numbers if 0 < number < 1], default=1.0)
        largest, longest = max(2, largest, 1 / smallest), max(map(len, texts), default=2)
        turning = len(self._fors)
        for node in self._comprehensions:
            turning += len(node.generators)
        steepness, factors = 1.0, 0
        operations: list[ast.BinOp | ast.AugAssign] = [*self._operations, *self._augmented]
        for operation in operations:
            kind = type(operation.op)
            if kind is ast.Mult:
                factors += _is_product(operation)
            elif kind is ast.Pow or kind is ast.LShift:
                steepness = max(steepness, _steepness(operation, largest))
        bits = math.log2(min(largest, _FAR)) * steepness
        if bits > _MAX_FACTOR_BITS:
            return math.inf
        of_numbers = bits * max(1, factors + turning)
        of_texts = math.log2(max(2, longest)) + bits * factors if factors else 0.0
        of_turns = max(bits, math.log2(max(2, longest))) * turning if turning > 1 else 0.0
        return power_of_two(max(of_numbers, of_texts, of_turns))

    def _judge_loops(self) -> None:
        for loop in self._fors:
            self._tools.loops.on_for(loop)
        for node in self._comprehensions:
            if type(node) is not ast.GeneratorExp:
                self._tools.loops.on_comprehension(node)

    def _judge_growth(self) -> None:
        for loop in self._fors:
            if type(loop.iter) is ast.Name:
                self._tools.loops.on_feeding(loop)
        if self._fors or self._whiles:
            changed: list[ast.Assign | ast.AugAssign] = [*self._assigned, *self._augmented]
            for node in changed:
                if type(self._parents.get(id(node))) not in _NEVER_TURNS:
                    self._tools.loops.on_assignment(node)
        if self._fors or self._whiles or self._comprehensions:
            for call in self._calls:
                if type(call.func) is ast.Attribute and call.func.attr == "extend":
                    self._tools.loops.on_extend(call)

    def _judge_calls(self, *, is_large: bool) -> None:
        judged, last_parts = JUDGED, LAST_PARTS
        if not is_large:
            imported = {*self._modules.values(), *(name.rpartition(".")[0] for name in self._imported.values())}
            if imported.isdisjoint(_ALWAYS_JUDGED_MODULES):
                return
            judged, last_parts = _ALWAYS_JUDGED, _ALWAYS_JUDGED_LAST
        for node in self._calls:
            function = node.func
            if type(function) is ast.Attribute and function.attr not in last_parts:
                continue
            named = self._tools.callees.named(function)
            if named in judged:
                found = self._tools.calls.judge(node, named)
                if found is not None:
                    self._note(node, named.removeprefix(".") + "()", *found)

    def _judge_operations(self) -> None:
        of_sequences: set[int] = set()
        for node in reversed(self._operations):  # the parts of an operation before the whole
            kind = type(node.op)
            if kind is ast.Mult:
                if self._tools.values.is_of_sequence(node, of_sequences):
                    of_sequences.add(id(node))
                    self._tools.values.on_operation(node)
            elif kind is ast.Pow or kind is ast.LShift or (kind is ast.Mod and not isinstance(node.left, _UNSIZED)):
                self._tools.values.on_operation(node)
        for augmented in self._augmented:
            self._tools.values.on_augmented(augmented)

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


def _is_product(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether a product may be that of a sequence, or of whole numbers."""
    for side in (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,):
        if isinstance(side, ast.Attribute | ast.Subscript):
            return False
        if isinstance(side, ast.Constant) and type(side.value) is float:
            return False
    return True


def _steepness(node: ast.BinOp | ast.AugAssign, largest: float) -> float:
    """By how much a power or a shift multiplies the length of a number; infinity where that is not known."""
    right = node.right if isinstance(node, ast.BinOp) else node.value
    match right:
        case ast.Constant(value=int(number)):
            return float(number) if isinstance(node.op, ast.Pow) else 1 + number / math.log2(largest)
        case ast.Constant(value=float()) | ast.UnaryOp(op=ast.USub()):
            return 1.0
    return math.inf
