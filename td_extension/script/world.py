"""The names a script finds: builtins of its own, and allowed modules as closed, read-only views."""

from __future__ import annotations

import builtins
import copy
import importlib
import io
import os
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..policy.script_rule import UNBOUNDED
from ..values import Capability
from .acting_members import MAKERS, SIZED_BUILTINS
from .audit_switch import unheard
from .bounds import Bounds
from .bridge import SCRIPT
from .catalog import Catalog
from .chained import CHAINED_BUILTINS, FREED_IN_PIECES
from .hooks import CALLED_THROUGH
from .module_view import ModuleView
from .safe_members import SAFE_MEMBERS, Stream
from .sized_builtins import SizedBuiltins
from .sized_classes import StringIO
from .sized_functions import sized_function
from .watch import Watch

_BY_OWN_MEANS = {"dir", "open", "getattr", "hasattr", "setattr", "type", "print"}


def module_view(name: str, catalog: Catalog, granted: frozenset[Capability], bounds: Bounds) -> ModuleView:
    """The view of an allowed module, with the members that `granted` allows, and the allowed modules inside it.

    Raises:
        ImportError: the module is not allowed, or not installed.
    """
    listed = catalog.module(name)
    if listed.needs is not None:
        raise ImportError(f"{name} is not on the list of allowed modules")
    module = importlib.import_module(name)
    allowed = listed.members | {member for member, needed in listed.needing.items() if needed in granted}
    members = {member: _detached(getattr(module, member)) for member in allowed if hasattr(module, member)}
    members.update(SAFE_MEMBERS.get(name, {}))
    if Capability.BLOCK not in granted:
        large = [member for member, needed in listed.may.items() if needed is Capability.BLOCK and member in members]
        members.update({member: sized_function(bounds, name, member, members[member]) for member in large})
    for inner in catalog.modules:
        package, _, last = inner.rpartition(".")
        if package == name and catalog.modules[inner].needs is None:
            members[last] = module_view(inner, catalog, granted, bounds)
    return ModuleView(name, members)


def _detached(value: Any) -> Any:
    """A copy of a module's own table, such as `hashlib.algorithms_available`: its items must not change."""
    return copy.deepcopy(value) if type(value) in (dict, list, set) else value


def plain_builtins(catalog: Catalog, granted: frozenset[Capability]) -> dict[str, Any]:
    """The builtins that a script gets as they are: what the catalog frees or `granted` holds, and no more."""
    return {
        name: getattr(builtins, name)
        for name, entry in catalog.names.items()
        if hasattr(builtins, name) and name not in _BY_OWN_MEANS and (entry.needs is None or entry.needs in granted)
    }


def safe_builtins(plain: Mapping[str, Any], catalog: Catalog, watch: Watch, td: ModuleView) -> dict[str, Any]:
    """What stands behind ``__builtins__`` of a judged script.

    The plain ones, and in place of those that would carry a script past the judgement, functions that ask the watch.

    Args:
        plain: what `plain_builtins` gives.
        catalog: the catalog.
        watch: the watch over this run.
        td: the view that stands for TouchDesigner's module.
    """
    sized = SizedBuiltins(watch.bounds)
    return {
        **plain,
        "__build_class__": _class_builder(watch),
        "__import__": _importer(catalog, watch, td),
        **({"open": _open(watch)} if watch.opens_files else {}),
        "dir": public_names,
        **{name: getattr(sized, name) for name in SIZED_BUILTINS if name in plain},
        **FREED_IN_PIECES,
        **{name: watch.bounds.unchained(plain[name]) for name in CHAINED_BUILTINS if name in plain},
        "getattr": _getattr(watch),
        "hasattr": _hasattr(watch),
        "setattr": _setattr(watch),
        "type": _type_of(watch),
        "print": _print_out(watch),
    }


def _class_builder(watch: Watch) -> Callable[..., type]:
    def build_class(function: Callable[[], object], name: str, *bases: Any, **keywords: Any) -> type:
        """A class statement; TouchDesigner's classes are no bases, for their methods work on any operator.

        Nor are the classes of classes: they make classes with any special method. What only stands for a class, as
        `typing.Type` does for `type`, counts as that class.
        """
        for base in types.resolve_bases(bases):
            if isinstance(base, type) and (issubclass(base, type) or any(map(watch.is_touchdesigners, base.__mro__))):
                raise TypeError(f"a class of the script cannot be made from {base.__name__}")
        made: type = builtins.__build_class__(function, name, *bases, **keywords)
        return made

    return build_class


def _importer(catalog: Catalog, watch: Watch, td: ModuleView) -> Callable[..., Any]:
    seen: dict[str, Any] = {"td": td}

    def import_view(
        name: str, globals: object = None, locals: object = None, fromlist: Sequence[str] | None = None, level: int = 0
    ) -> Any:
        if level:
            raise ImportError("a script is in no package")
        if isinstance(fromlist, list) and _is_within_reach(name, catalog):
            # An import statement passes a tuple or None. A list comes from CPython's C code, which imports through the
            # running frame's builtins and then takes the module from sys.modules (PyImport_Import): numpy and strptime
            # do so for parts of their own.
            with unheard():
                importlib.import_module(name)
            return ModuleView(name, {})
        # `import a.b` binds a; `from a.b import c` wants a.b itself.
        wanted = name if fromlist else name.partition(".")[0]
        if wanted not in seen:
            with unheard():
                if catalog.module(wanted).needs is None:
                    seen[wanted] = module_view(wanted, catalog, watch.granted, watch.bounds)
                else:
                    seen[wanted] = trusted(wanted)
        return seen[wanted]

    def trusted(name: str) -> Any:
        """A module that the policy grants; what it does is its own affair."""
        needs = catalog.module(name).needs
        by_name = needs not in UNBOUNDED and watch.permits(Capability.IMPORT, name)
        if needs is None or not (by_name or watch.permits(needs)):
            raise ImportError(f"{name} is not on the list of allowed modules")
        return importlib.import_module(name)

    return import_view


def _open(watch: Watch) -> Callable[..., Any]:
    def open_granted(
        file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
        newline: str | None = None,
    ) -> Any:  # fmt: skip
        """``open`` for what the policy grants: the path is looked at as it is on the disk, links resolved."""
        if not isinstance(file, str) or not isinstance(mode, str):
            raise TypeError("open takes a path and a mode as texts here")
        path, how = str.__str__(file), str.__str__(mode)
        needed = Capability.FILE_WRITE if set(how) & set("wax+") else Capability.FILE_READ
        watch.require(needed, f"open({path[:200]!r}, {how!r})", "opens a file", os.path.realpath(path))
        return open(path, how, buffering, encoding, errors, newline)

    return open_granted


def _is_within_reach(name: str, catalog: Catalog) -> bool:
    return name == "_strptime" or catalog.module(name.partition(".")[0]).needs is None


def _public(name: Any) -> str:
    """`name` as an exact str: a subclass of str may lie about what it starts with."""
    exact = str.__str__(name)
    if exact.startswith("_"):
        raise AttributeError(f"{exact!r} cannot be used as a member's name here")
    return exact


def _getattr(watch: Watch) -> Callable[..., Any]:
    def guarded_getattr(value: Any, name: str, *default: Any) -> Any:
        exact = _public(name)
        if type(value) is ModuleView:
            return getattr(value, exact, *default)  # a closed list, which holds what is granted and no more
        if default and exact not in MAKERS and not watch.knows(value, exact):
            return default[0]
        if exact in CALLED_THROUGH and hasattr(watch.read_by_name(value, exact), exact):
            return watch.method(value, exact)
        return getattr(watch.read_by_name(value, exact), exact, *default)

    return guarded_getattr


def _hasattr(watch: Watch) -> Callable[[Any, str], bool]:
    def guarded_hasattr(value: Any, name: str) -> bool:
        exact = _public(name)
        if type(value) is ModuleView:
            return hasattr(value, exact)
        return hasattr(watch.look(value, exact), exact)

    return guarded_hasattr


def _setattr(watch: Watch) -> Callable[[Any, str, Any], None]:
    def guarded_setattr(value: Any, name: str, new: Any) -> None:
        exact = _public(name)
        watch.write(value, exact).value = new

    return guarded_setattr


def _type_of(watch: Watch) -> Callable[[Any], type]:
    def type_of(value: Any) -> type:
        """The class of plain data, of an operator or of the script's own objects; no other class is handed out.

        The class of a class makes classes; those of libraries, and of the guard's own helpers, have constructors and
        methods that nobody has judged.
        """
        kind = type(value)
        if isinstance(value, type) or not (kind.__module__ in ("builtins", SCRIPT) or watch.is_touchdesigners(kind)):
            raise TypeError(f"type() of a {kind.__name__} is not available here; use isinstance")
        return kind

    return type_of


def public_names(value: object) -> list[str]:
    """``dir`` of one object, without the names that start with an underscore."""
    return [name for name in dir(value) if not name.startswith("_")]


def _print_out(watch: Watch) -> Callable[..., None]:
    def print_out(
        *values: object, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False
    ) -> None:
        """``print`` to the captured output, into a text in memory, or into a DAT as its ``write`` would.

        Raises:
            TypeError: `file` is anything else: its own ``write`` would be called unseen.
        """
        watch.bounds.walked(values)
        if file is None or type(file) in (Stream, StringIO):
            print(*values, sep=sep, end=end, file=file, flush=flush)
        elif watch.is_touchdesigners(type(file)):
            text = io.StringIO()
            print(*values, sep=sep, end=end, file=text)
            watch.change(file, "write", text.getvalue())
        else:
            raise TypeError("print(file=…) goes to sys.stdout, sys.stderr, an io.StringIO or a DAT here")

    return print_out
