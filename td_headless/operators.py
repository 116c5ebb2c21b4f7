"""`OP`: what every operator has. Members from Derivative's OP Class (reference `td_runtime.md` section 3)."""

from __future__ import annotations

from typing import Any, ClassVar

from td_headless.connectors import readers_of
from td_headless.cooking import Cooking
from td_headless.destroyed import bury
from td_headless.errors import tdError
from td_headless.finders import ModuleFinder, ParentFinder, names_for, walk_from
from td_headless.inside_finders import AllInsideFinder, InsideFinder, StrictInsideFinder
from td_headless.messages import Messages
from td_headless.names import base_of, check_name, digits_of, matches
from td_headless.pages import Page
from td_headless.par_collection import ParCollection
from td_headless.par_groups import ParGroup, ParGroupCollection
from td_headless.par_tables import ParSpec, TypeParameters, parameters_of
from td_headless.parameters import Par, ParMode
from td_headless.sequences import Sequences
from td_headless.storage import Storage
from td_headless.unbuilt import loud
from td_headless.wiring import Wiring
from td_headless.world import World


@loud("OP")
class OP(Messages, Storage, Wiring, Cooking):
    """An operator. Made by ``COMP.create``, never directly."""

    __slots__ = (
        "__weakref__", "_errors", "_id", "_name", "_network", "_pages", "_par", "_script_errors", "_sequences",
        "_startup_storage", "_storage", "_warnings", "_wires", "_world", "activeViewer", "allowCooking", "bypass",
        "cloneImmune", "color", "comment", "current", "customPages", "display", "dock", "expose", "lock", "nodeHeight",
        "nodeWidth", "nodeX", "nodeY", "render", "selected", "showCustomOnly", "showDocked", "tags", "viewer",
    )  # fmt: skip

    allowCooking: bool
    bypass: bool
    cloneImmune: bool

    family: ClassVar[str] = ""
    OPType: ClassVar[str] = ""
    _default_name: ClassVar[str] = ""
    _max_inputs: ClassVar[int | None] = 1
    _node_size: ClassVar[tuple[int, int]] = (130, 90)

    def __init__(self, world: World, network: Any, name: str) -> None:
        self._world = world
        self._network = network
        self._name = name
        self._id = world.next_id()
        self._wires: dict[int, Any] = {}
        self._storage: dict[str, Any] = {}
        self._startup_storage: dict[str, Any] = {}
        self._cooks = self._cook_frame = self._previous_cook_frame = 0
        self._cook_ms = 0.0
        self._stale = True
        self._errors: list[str] = []
        self._warnings: list[str] = []
        self._script_errors: list[str] = []
        self.nodeX: float = 0
        self.nodeY: float = 0
        self.nodeWidth, self.nodeHeight = self._node_size
        self.color = (0.545, 0.545, 0.545)
        self.comment = ""
        self.dock: Any = None
        self.tags: set[str] = set()
        self.customPages: list[Page] = []
        for flag in (
            "activeViewer",
            "bypass",
            "cloneImmune",
            "current",
            "lock",
            "selected",
            "viewer",
            "showCustomOnly",
        ):
            setattr(self, flag, False)
        for flag in ("allowCooking", "display", "expose", "render", "showDocked"):
            setattr(self, flag, True)
        self._par = ParCollection(self)
        self._pages: list[Page] = []
        table = self._parameter_table()
        self._sequences = Sequences(self, table.sequences)
        for spec in table.pars:
            self._add_builtin(spec)
        world.by_id[self._id] = self

    def _parameter_table(self) -> TypeParameters:
        return parameters_of(self.OPType, self.family, self._world.build_number)

    def _add_builtin(self, spec: ParSpec) -> None:
        page = next((page for page in self._pages if page.name == spec.page), None)
        if page is None:
            page = Page(self, spec.page, custom=False)
            self._pages.append(page)
        par = Par(self, spec, page)
        page.pars.append(par)
        self._par._add(par)

    @property
    def valid(self) -> bool:
        """Whether the operator exists; False after it was destroyed."""
        return True

    @property
    def id(self) -> int:
        """A number that no other operator of this run ever had."""
        return self._id

    @property
    def name(self) -> str:
        """The name; assigning it renames. A taken or illegal name raises `tdError`."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        check_name(name)
        if self._network is None:
            raise tdError("Cannot rename the root")
        if name != self._name and self._network._child(name) is not None:
            raise tdError(f"Name {name!r} is already taken in {self._network.path}")
        self._network._renamed(self, name)
        self._name = name

    @property
    def path(self) -> str:
        """The absolute path, e.g. ``/project1/noise1``."""
        if self._network is None:
            return "/"
        above = self._network.path
        return f"/{self._name}" if above == "/" else f"{above}/{self._name}"

    @property
    def type(self) -> str:
        """The type without its family, e.g. ``noise``."""
        return self.OPType.removesuffix(self.family)

    subType = property(lambda self: "", doc="The subtype; empty for the types built here.")
    label = property(lambda self: self.type.capitalize(), doc="The type as shown in the OP Create dialog.")
    isCOMP = property(lambda self: self.family == "COMP", doc="Whether it is a component.")
    isTOP = property(lambda self: self.family == "TOP", doc="Whether it is a TOP.")
    isCHOP = property(lambda self: self.family == "CHOP", doc="Whether it is a CHOP.")
    isSOP = property(lambda self: self.family == "SOP", doc="Whether it is a SOP.")
    isMAT = property(lambda self: self.family == "MAT", doc="Whether it is a MAT.")
    isDAT = property(lambda self: self.family == "DAT", doc="Whether it is a DAT.")
    isPOP = property(lambda self: self.family == "POP", doc="Whether it is a POP.")
    isObject = property(lambda self: "xord" in self._par and self.isCOMP, doc="Whether it is an object COMP.")
    isPanel = property(lambda self: "hmode" in self._par, doc="Whether it is a panel COMP.")
    isBase = property(lambda self: type(self).__name__ == self.family, doc="Whether it is a bare family class.")
    isCustom = property(lambda self: False, doc="Whether it is a custom operator; there are none here.")
    supported = property(lambda self: True, doc="Whether this machine supports the type.")
    opType = property(lambda self: self.OPType, doc="The type, e.g. ``noiseTOP``.")
    python = property(lambda self: True, doc="Whether its expressions are Python; Tscript is not known here.")
    digits = property(lambda self: digits_of(self._name), doc="The trailing digits of the name, or None.")
    base = property(lambda self: base_of(self._name), doc="The name without its trailing digits.")
    par = property(lambda self: self._par, doc="The parameters.")
    parGroup = property(lambda self: ParGroupCollection(self), doc="The parameter groups.")
    children = property(lambda self: self._children(), doc="The operators directly inside; none but in a component.")
    numChildren = property(lambda self: len(self._children()), doc="How many operators are directly inside.")
    numChildrenRecursive = property(
        lambda self: sum(1 + child.numChildrenRecursive for child in self._children()),
        doc="How many operators are inside at any depth.",
    )
    pages = property(lambda self: list(self._pages), doc="The built-in pages.")
    customPars = property(lambda self: [par for par in self._par if par.isCustom], doc="The custom parameters.")
    customParGroups = property(
        lambda self: [group for group in self.parGroup if group.isCustom], doc="The groups of custom parameters."
    )
    builtinPars = property(lambda self: [par for par in self._par if not par.isCustom], doc="The built-in parameters.")
    seq = property(lambda self: self._sequences, doc="The parameter sequences.")
    ext = property(lambda self: self._network.ext, doc="The extensions of the nearest component that has them.")
    docked = property(
        lambda self: [op for op in self._network._children() if op.dock is self] if self._network else [],
        doc="The operators docked to this one.",
    )
    op = property(lambda self: InsideFinder(self._world, self), doc="Finds one operator seen from inside this one.")
    ops = property(lambda self: AllInsideFinder(self._world, self), doc="Finds operators seen from inside this one.")
    opex = property(lambda self: StrictInsideFinder(self._world, self), doc="Like `op`, raises when there is none.")
    parent = property(lambda self: ParentFinder(self._world, self), doc="``parent(n)`` is the n-th parent.")
    mod = property(lambda self: ModuleFinder(self._world, self), doc="Modules of DATs near this operator.")

    def pars(self, *patterns: str) -> list[Par]:
        """Return the parameters whose name matches one of `patterns`, or all, in order."""
        return [par for par in self._par if not patterns or any(matches(pattern, par.name) for pattern in patterns)]

    def parGroups(self, *patterns: str) -> list[ParGroup]:
        """Return the parameter groups whose name matches one of `patterns`, or all, in order."""
        return [
            group
            for group in self.parGroup
            if not patterns or any(matches(pattern, group.name) for pattern in patterns)
        ]

    @property
    def time(self) -> Any:
        """The Time COMP in charge: ``local/time`` here or in the nearest parent that has one, else None."""
        operator: Any = self
        while operator is not None:
            local = operator._child("local")
            found = local._child("time") if local is not None else None
            if found is not None:
                return found
            operator = operator._network
        return None

    def evalExpression(self, expression: str) -> Any:
        """Evaluate a Python expression as a parameter of this operator would."""
        return self._evaluate(expression)

    def copyParameters(self, source: OP, custom: bool = True, builtin: bool = True) -> None:
        """Take over the parameters that both operators have; those of `source` that are missing here are left out."""
        for par in source.par:
            mine = self._par[par.name]
            if mine is not None and mine.style == par.style and (custom if par.isCustom else builtin):
                mine.copy(par)

    @property
    def nodeCenterX(self) -> float:
        """Horizontal centre of the node in the network editor."""
        return self.nodeX + self.nodeWidth / 2

    @nodeCenterX.setter
    def nodeCenterX(self, x: float) -> None:
        self.nodeX = x - self.nodeWidth / 2

    @property
    def nodeCenterY(self) -> float:
        """Vertical centre of the node in the network editor."""
        return self.nodeY + self.nodeHeight / 2

    @nodeCenterY.setter
    def nodeCenterY(self, y: float) -> None:
        self.nodeY = y - self.nodeHeight / 2

    def relativePath(self, operator: OP) -> str:
        """Return the path to `operator` as seen from inside this one."""
        mine, other = self.path.strip("/").split("/"), operator.path.strip("/").split("/")
        mine, other = ([] if mine == [""] else mine), ([] if other == [""] else other)
        shared = 0
        while shared < min(len(mine), len(other)) and mine[shared] == other[shared]:
            shared += 1
        return "/".join([".."] * (len(mine) - shared) + other[shared:]) or "."

    def shortcutPath(self, operator: OP, toParName: str | None = None) -> str:
        """Return an expression that reaches `operator`: its global shortcut if it has one, else its path."""
        shortcut = operator._shortcut("opshortcut")
        found = f"op.{shortcut}" if shortcut else f"op('{self.relativePath(operator)}')"
        return f"{found}.par.{toParName}" if toParName else found

    def resetPars(self) -> bool:
        """Put all parameters back to their defaults and say whether that changed any."""
        changed = [par.reset() for par in self._par if par.style != "Sequence"]
        return any(changed)

    def destroy(self) -> None:
        """Remove the operator with all that is inside. Afterwards only ``valid`` can be read."""
        if self._network is None:
            raise tdError("Cannot destroy the root")
        for docked in self.docked:
            docked.destroy()
        for child in self._children():
            child.destroy()
        for observer in self._world.destruction_observers:
            observer(self)
        for reader, index in readers_of(self):
            reader._wires.pop(index, None)
            reader._outdate()
        self._network._removed(self)
        del self._world.by_id[self._id]
        bury(self)

    def _initialise(self) -> None:
        """Create what TouchDesigner makes with a new operator of this type."""

    def _copy_data(self, source: Any) -> None:
        """Take over what `source` holds beside parameters."""

    def _children(self) -> list[Any]:
        return []

    def _child(self, name: str) -> Any:
        return None

    def _shortcut(self, parameter: str) -> str:
        par = self._par[parameter]
        return str(par.eval()) if par is not None else ""

    def _evaluate(self, source: str) -> Any:
        with self._world.inside(self):
            return eval(compile(source.strip(), self.path, "eval"), names_for(self._world, self))

    def _resolve(self, text: str) -> Any:
        return next((found for word in str(text).split() for found in walk_from(self, word)), None)

    def _resolve_all(self, text: str) -> list[Any]:
        return list(dict.fromkeys(found for word in text.split() for found in walk_from(self, word)))

    def _parameter_changed(self, par: Par, before: Any) -> None:
        self._outdate()
        self._sequences._parameter_changed(par)
        for observer in self._world.parameter_observers:
            observer(par, before)

    def _parameter_pulsed(self, par: Par) -> None:
        for observer in self._world.pulse_observers:
            observer(par)

    def _broken_expressions(self) -> list[str]:
        broken = []
        for par in self._par:
            if par.mode in (ParMode.EXPRESSION, ParMode.BIND):
                try:
                    par.eval()
                except Exception as error:
                    broken.append(f"{type(error).__name__}: {error} Parameter: {par.name}")
        return broken

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"type:{self.OPType} path:{self.path}"
