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
from .reach import reach
from .report import Use
from .turns import Turns
from .value_costs import ValueCosts

_ALWAYS_JUDGED_MODULES = {"re", "numpy", "numpy.random"}
_ALWAYS_JUDGED = frozenset(name for name in JUDGED if name.rpartition(".")[0] in _ALWAYS_JUDGED_MODULES)
_ALWAYS_JUDGED_LAST = frozenset(name.rpartition(".")[2] for name in _ALWAYS_JUDGED)
_UNSIZED = (ast.Attribute, ast.Subscript, ast.Call)
_NEVER_TURNS = {ast.Module, ast.FunctionDef, ast.ClassDef}
_ZERO = ast.Constant(0)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = frozenset({ast.For, ast.While, *_COMPREHENSIONS})
_RARE = (ast.Starred, ast.FormattedValue, ast.Compare)


class CostJudge:
    """Judges the cost of one script.

    `uses` judges it when it is first asked for.

    Args:
        parents: the parent of each node, by the node's id.
        by_type: all nodes of each type.
        modules: the names bound to modules by ``import``, each with the module's dotted name.
        imported: the plain names bound by ``from … import``, each with its dotted name, e.g. ``itertools.count``.
        is_own: whether the script itself binds a name, so that its own ``range`` is not the builtin.
        sources: every expression that a name of the script's own may hold, None where that cannot be told. The nodes
            live as long as the judge.
    """

    def __init__(
        self,
        parents: Mapping[ast.AST, ast.AST],
        by_type: Mapping[type, list[Any]],
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
        self._by_type = by_type
        self._has_loops = not _LOOPS.isdisjoint(by_type)
        self._is_judged = False

    @property
    def uses(self) -> list[Use]:
        """What was found, in no particular order."""
        if not self._is_judged:
            self._is_judged = True
            self._judge()
        return self._found

    def _all(self, kind: type) -> list[Any]:
        return self._by_type.get(kind, [])

    def _all_of(self, kinds: tuple[type, ...]) -> list[Any]:
        return [node for kind in kinds for node in self._by_type.get(kind, ())]

    def _note(self, node: ast.AST, what: str, why: str, hint: str) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        self._found.append(Use(line, column, what, Capability.BLOCK, why=why, hint=hint))

    @cached_property
    def _tools(self) -> _Tools:
        known: dict[str, tuple[ast.expr, ...] | None] = {}
        defaults = _defaults(self._all(ast.arguments))

        def sources(name: str) -> tuple[ast.expr, ...] | None:
            if name not in known:
                known[name] = self._sources(name)
                if known[name] is None and name in defaults:
                    known[name] = (defaults[name], _ZERO)  # whatever else it may be, it may be that
            return known[name]

        return _Tools(self._parents, self._modules, self._imported, self._is_own, sources, self._note)

    # -- what is worth a look --------------------------------------------------------------------------------------

    def _judge(self) -> None:
        reach = self._reach()
        if self._has_loops:
            for loop in self._all(ast.While):
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
        values: list[Any] = [constant.value for constant in self._all(ast.Constant)]
        named = {node.func.id for node in self._all(ast.Call) if type(node.func) is ast.Name}
        named |= {node.value.id for node in self._all(ast.Assign) if type(node.value) is ast.Name}
        turning = 0
        if self._has_loops:
            turning = len(self._all(ast.For)) + sum(len(node.generators) for node in self._all_of(_COMPREHENSIONS))
        modules = {name.partition(".")[0] for names in (self._modules, self._imported) for name in names.values()}
        return reach(values, self._all_of((ast.BinOp, ast.AugAssign)), turning, named | modules)

    def _judge_loops(self) -> None:
        for loop in self._all(ast.For):
            self._tools.loops.on_for(loop)
        for node in self._all_of(_COMPREHENSIONS):
            if type(node) is not ast.GeneratorExp:
                self._tools.loops.on_comprehension(node)

    def _judge_growth(self) -> None:
        for loop in self._all(ast.For):
            if type(loop.iter) is ast.Name:
                self._tools.loops.on_feeding(loop)
        if ast.For in self._by_type or ast.While in self._by_type:
            for node in self._all_of((ast.Assign, ast.AugAssign)):
                if type(self._parents.get(node)) not in _NEVER_TURNS:
                    self._tools.loops.on_assignment(node)
        for call in self._all(ast.Call):
            if type(call.func) is ast.Attribute and call.func.attr == "extend":
                self._tools.loops.on_extend(call)
            elif type(call.func) is ast.Attribute and call.func.attr in ("create", "copy") and call.args:
                self._tools.loops.on_create(call)

    def _judge_calls(self, *, is_large: bool) -> None:
        judged, last_parts = JUDGED, LAST_PARTS
        if not is_large:
            imported = {*self._modules.values(), *(name.rpartition(".")[0] for name in self._imported.values())}
            if imported.isdisjoint(_ALWAYS_JUDGED_MODULES):
                return
            judged, last_parts = _ALWAYS_JUDGED, _ALWAYS_JUDGED_LAST
        for node in self._all(ast.Call):
            function = node.func
            if type(function) is ast.Attribute and function.attr not in last_parts:
                continue
            named = self._tools.callees.named(function)
            if named in judged:
                found = self._tools.calls.judge(node, named)
                if found is not None:
                    self._note(node, named.removeprefix(".") + "()", *found)

    def _judge_operations(self) -> None:
        of_sequences: set[ast.AST] = set()
        for node in reversed(self._all(ast.BinOp)):  # the parts of an operation before the whole
            kind = type(node.op)
            if kind is ast.Mult:
                if self._tools.values.is_of_sequence(node, of_sequences):
                    of_sequences.add(node)
                    self._tools.values.on_operation(node)
            elif kind is ast.Pow or kind is ast.LShift or (kind is ast.Mod and not isinstance(node.left, _UNSIZED)):
                self._tools.values.on_operation(node)
        for augmented in self._all(ast.AugAssign):
            self._tools.values.on_augmented(augmented)

    def _judge_rare(self) -> None:
        for node in self._all_of(_RARE):
            match node:
                case ast.FormattedValue():
                    self._tools.values.on_field(node)
                case ast.Compare(ops=[ast.In() | ast.NotIn(), *_]):
                    self._tools.values.on_search(node)
                case ast.Starred():
                    assignment = self._parents.get(self._parents[node])
                    value = assignment.value if isinstance(assignment, ast.Assign) else None
                    self._tools.values.on_starred(node, value)

    def _judge_what_is_kept(self) -> None:
        """What is left as the result, printed or added up; nothing of it is large where nothing else was."""
        for assigned in self._all(ast.Assign):
            if any(isinstance(target, ast.Name) and target.id == "result" for target in assigned.targets):
                self._tools.values.on_result(assigned.value)
        for module in self._all(ast.Module):
            match module.body:
                case [*_, ast.Expr(value=last)]:
                    self._tools.values.on_result(last)
        for call in self._all(ast.Call):
            if type(call.func) is ast.Name and self._tools.callees.of_name(call.func.id) == "print":
                self._tools.values.on_print(call)
        for operation in self._all(ast.BinOp):
            if type(operation.op) is ast.Add:
                self._tools.values.on_sum(operation)


class _Tools:
    """The judges of a script's parts. Most scripts need none of them."""

    def __init__(
        self,
        parents: Mapping[ast.AST, ast.AST],
        modules: Mapping[str, str],
        imported: Mapping[str, str],
        is_own: Callable[[str], bool],
        sources: Callable[[str], tuple[ast.expr, ...] | None],
        note: Note,
    ) -> None:
        self.callees = Callees(modules, imported, is_own, sources)
        self.constants = Constants(self.callees, sources)
        turns = Turns(parents, self.constants, self.callees, Ways(self.constants.truth), sources)
        growth = GrowthJudge(self.constants, turns, sources)
        self.loops = LoopCosts(self.constants, self.callees, turns, growth, note)
        self.values = ValueCosts(self.constants, turns, note)
        self.calls = CallCosts(self.constants, self.callees)


def _defaults(parameters: list[ast.arguments]) -> dict[str, ast.expr]:
    """The default of each parameter that has one; of parameters of one name the last."""
    found: dict[str, ast.expr] = {}
    for each in parameters:
        if each.defaults:
            positional = [*each.posonlyargs, *each.args]
            found |= {
                one.arg: default for one, default in zip(positional[-len(each.defaults) :], each.defaults, strict=True)
            }
        found |= {one.arg: default for one, default in zip(each.kwonlyargs, each.kw_defaults, strict=True) if default}
    return found
