"""`COMP`: operators that contain others (Derivative's COMP Class)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from td_headless.copying import copy_inside, copy_into
from td_headless.errors import tdAttributeError, tdError
from td_headless.extensions import ExtensionFinder, Extensions
from td_headless.names import check_name, free_name, matches
from td_headless.operators import OP
from td_headless.pages import Page
from td_headless.parameters import Par
from td_headless.unbuilt import loud
from td_headless.vfs import VFS, VFSFile

_IN_OUT_FAMILIES = ("TOP", "CHOP", "SOP", "DAT", "MAT", "POP")


@loud("COMP")
class COMP(OP):
    """A component: a network of its own, custom parameters and extensions."""

    __slots__ = ("_extensions", "_files", "_inside", "componentCloneImmune", "utility")

    family: ClassVar[str] = "COMP"
    _node_size: ClassVar[tuple[int, int]] = (160, 130)

    def __init__(self, world: Any, network: Any, name: str) -> None:
        self._inside: dict[str, OP] = {}
        self._files: dict[str, VFSFile] = {}
        self._extensions = Extensions(self)
        self.componentCloneImmune = False
        self.utility = False
        super().__init__(world, network, name)

    selectedChildren = property(
        lambda self: [child for child in self.children if child.selected], doc="The selected operators inside."
    )
    currentChild = property(
        lambda self: next((child for child in self.children if child.current), None), doc="The current operator inside."
    )
    clones = property(
        lambda self: [
            other
            for other in self._world.by_id.values()
            if other.isCOMP and other is not self and self in other.par.clone.evalOPs()
        ],
        doc="The components that are clones of this one.",
    )
    ext = property(lambda self: ExtensionFinder(self), doc="The extensions, here or in the nearest parent, by name.")
    extensions = property(
        lambda self: self._extensions._ready(), doc="The extension objects; None for one that failed to start."
    )
    extensionsReady = property(lambda self: self._extensions._started, doc="Whether the extensions are initialised.")

    def initializeExtensions(self, index: int | None = None) -> Any:
        """Initialise the extensions anew, and return the one at `index` if given."""
        self._extensions._restart()
        return None if index is None else self._extensions._ready()[index]

    def create(self, OPtype: Any, name: str | None = None, *, initialize: bool = True) -> Any:
        """Create an operator inside and return it.

        Args:
            OPtype: a type such as ``td.noiseTOP`` or its name in any case.
            name: the wanted name; a taken one is numbered. None numbers the type's own name.
            initialize: also create what TouchDesigner docks to a new operator, e.g. a Web Server DAT's callbacks.

        Raises:
            tdError: the type is unknown or the name illegal.
        """
        word = OPtype.__name__ if isinstance(OPtype, type) else OPtype
        kind = self._world.types.get(word.lower()) if isinstance(word, str) else None
        if kind is None:
            raise tdError(f"Unknown operator type: {word!r}")
        wanted = check_name(name) if name is not None else kind._default_name
        operator = kind(self._world, self, free_name(wanted, self._inside))
        self._inside[operator.name] = operator
        if initialize:
            operator._initialise()
        for observer in self._world.creation_observers:
            observer(operator)
        return operator

    def copy(self, source: OP, *, name: str | None = None, includeDocked: bool = True) -> Any:
        """Copy an operator with all that is inside into this component, and return the copy."""
        made = copy_into(self, source, free_name(check_name(name or source.name), self._inside))
        if includeDocked:
            for docked in source.docked:
                copy_into(self, docked, free_name(docked.name, self._inside)).dock = made
        return made

    def copyOPs(self, operators: list[OP]) -> list[Any]:
        """Copy several operators into this component, keep the wires among them, and return the copies."""
        copies = {operator: copy_into(self, operator, free_name(operator.name, self._inside)) for operator in operators}
        for operator, made in copies.items():
            made._wires = {index: copies[wired] for index, wired in operator._wires.items() if wired in copies}
        return list(copies.values())

    def findChildren(
        self,
        *,
        type: Any = None,
        path: str | None = None,
        depth: int | None = None,
        maxDepth: int | None = None,
        name: str | None = None,
        text: str | None = None,
        comment: str | None = None,
        tags: list[str] | None = None,
        allTags: list[str] | None = None,
        parValue: str | None = None,
        parExpr: str | None = None,
        parName: str | None = None,
        onlyNonDefaults: bool = False,
        includeUtility: bool = False,
        key: Callable[[Any], bool] | None = None,
    ) -> list[Any]:
        """Return the operators inside, at any depth, that meet every criterion given (patterns, except `type`)."""
        kind = self._world.types.get(type.lower()) if isinstance(type, str) else type
        if type is not None and kind is None:
            raise tdError(f"Unknown operator type: {type!r}")
        deepest = depth if depth is not None else maxDepth
        return [
            found
            for level, found in _inside_of(self, 1, deepest)
            if (depth is None or level == depth)
            and (kind is None or isinstance(found, kind))
            and (name is None or matches(name, found.name))
            and (path is None or matches(path, found.path))
            and (text is None or (found.isDAT and matches(text, found.text)))
            and (comment is None or matches(comment, found.comment))
            and (tags is None or any(matches(tag, own) for tag in tags for own in found.tags))
            and (allTags is None or all(any(matches(tag, own) for own in found.tags) for tag in allTags))
            and _has_par(found, parName, parValue, parExpr, onlyNonDefaults)
            and (includeUtility or not getattr(found, "utility", False))
            and (key is None or key(found))
        ]

    def appendCustomPage(self, name: str) -> Page:
        """Append a page for custom parameters; one that exists is returned."""
        page = next((page for page in self.customPages if page.name == name), None)
        if page is None:
            page = Page(self, name, custom=True)
            self.customPages.append(page)
        return page

    def destroyCustomPars(self) -> None:
        """Remove all custom pages with their parameters."""
        for page in list(self.customPages):
            page.destroy()

    def destroy(self) -> None:
        """Remove the component with all that is inside; its extensions are told first."""
        if self._network is not None:
            self._extensions._stop()
        super().destroy()

    def sortCustomPages(self, *names: str) -> None:
        """Order the custom pages: those named first, the rest as they were."""
        wanted = {name: position for position, name in enumerate(names)}
        self.customPages.sort(key=lambda page: wanted.get(page.name, len(wanted)))

    @property
    def vfs(self) -> VFS:
        """The files inside this component."""
        return VFS(self)

    def _parameter_changed(self, par: Par, before: Any) -> None:
        super()._parameter_changed(par, before)
        if par.name in ("clone", "enablecloning"):
            self._become_clone()

    def _parameter_pulsed(self, par: Par) -> None:
        super()._parameter_pulsed(par)
        if par.name == "enablecloningpulse":
            self._become_clone()

    def _become_clone(self) -> None:
        """Replace the inside by a copy of the clone master's; later changes of the master need another pulse here."""
        master = self.par.clone.eval()
        if master is None or master is self or not self.par.enablecloning.eval() or self.componentCloneImmune:
            return
        for child in [child for child in self.children if not child.cloneImmune]:
            if child.valid:
                child.destroy()
        copy_inside(self, master)

    def _children(self) -> list[Any]:
        return list(self._inside.values())

    def _child(self, name: str) -> Any:
        return self._inside.get(name)

    def _renamed(self, child: OP, name: str) -> None:
        self._inside = {name if operator is child else key: operator for key, operator in self._inside.items()}

    def _removed(self, child: OP) -> None:
        del self._inside[child.name]

    def _input_limit(self) -> int | None:
        return sum(child.OPType in {f"in{family}" for family in _IN_OUT_FAMILIES} for child in self.children)

    def _output_count(self) -> int:
        return sum(child.OPType in {f"out{family}" for family in _IN_OUT_FAMILIES} for child in self.children)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            found, value = self._extensions._promoted(name)
            if found:
                return value
        raise tdAttributeError(f"'td.{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1].isupper() and not hasattr(type(self), name) and self._extensions._assign(name, value):
            return
        super().__setattr__(name, value)


def _inside_of(component: COMP, level: int, deepest: int | None) -> list[tuple[int, Any]]:
    if deepest is not None and level > deepest:
        return []
    found: list[tuple[int, Any]] = []
    for child in component.children:
        found.append((level, child))
        if child.isCOMP:
            found += _inside_of(child, level + 1, deepest)
    return found


def _has_par(operator: OP, name: str | None, value: str | None, expression: str | None, changed: bool) -> bool:
    """Say whether one parameter of `operator` meets all criteria given; with none, every operator does."""
    if name is None and value is None and expression is None and not changed:
        return True
    return any(
        (name is None or matches(name, par.name))
        and (value is None or matches(value, str(par.val)))
        and (expression is None or matches(expression, par.expr))
        and not (changed and par.isDefault)
        for par in operator.par
    )
