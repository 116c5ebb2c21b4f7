"""The capability catalog: what each name, member, module, parameter and operator type needs.

`catalog.yaml` is written by people; `scripts/build_catalog.py` turns it into `catalog.json`, which is embedded and
read by `catalog_text`. Here are the values and the questions that are asked of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..values import Capability
from .media import is_media_inside

_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What using one name or member means.

    Attributes:
        needs: what reading or calling it certainly needs; None where it is free.
        store: what assigning to it certainly needs; None where no honest script assigns to it, and it is refused.
        may: the stronger capability that it needs on some receivers, paths or parameter kinds; None where the use
            is the same everywhere. Whether it applies is decided at run time. Beside `store` it speaks of assigning,
            else of reading and calling.
        why: one short phrase that a person understands, e.g. ``destroys the operator``.
    """

    needs: Capability | None
    store: Capability | None
    may: Capability | None
    why: str


@dataclass(frozen=True, slots=True)
class Module:
    """What a script may do with one module.

    Attributes:
        members: the public members a script may use; empty where the module is not allowed.
        needs: what importing it needs, or None where it is allowed.
        needing: members that are refused unless a capability is granted, e.g. ``sleep`` needs `Capability.BLOCK`.
            They are not in `members`.
        may: those of `members` that need a capability for some arguments, e.g. ``factorial`` of a huge number.
    """

    members: frozenset[str]
    needs: Capability | None
    needing: Mapping[str, Capability]
    may: Mapping[str, Capability]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What setting or pulsing a parameter means.

    Attributes:
        needs: the capability it needs.
        why: what it does, in words.
        media: what is needed instead where the value names a file of media inside the project folder
            (`media.is_media_inside`); None where the value makes no difference.
    """

    needs: Capability
    why: str
    media: Capability | None = None


_HARMLESS = Parameter(Capability.TD_WRITE, "sets a value")


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the guard knows by name.

    Attributes:
        names: builtins and TD globals that a script may read without binding them.
        modules: by full dotted name (``numpy.random`` is a module of its own). ``td`` holds the TD globals.
        members: attributes and methods, one namespace over all classes of TD, of Python's builtin types and of the
            values that allowed modules return. Where classes differ, the weaker meaning is `Entry.needs`.
        members_of: what a member means on the objects of one class, by the class's ``__name__``.
        varying_members: the members that mean different things on different classes.
        parameters: parameter names in lower case, every run of digits written ``#`` (``ext0object`` is
            ``ext#object``), whatever the operator.
        parameter_globs: beginning, end and meaning of the names that carry a ``*``, in order.
        parameter_ends: how names end that a glob may fit.
        parameters_of: what holds on one operator type only, by lower-case type and then as in `parameters`.
        operator_types: what creating an operator of a type needs, by lower-case type name.
        digest: SHA-256 of the catalog's text, in hexadecimal.
    """

    names: Mapping[str, Entry]
    modules: Mapping[str, Module]
    members: Mapping[str, Entry]
    members_of: Mapping[str, Mapping[str, Entry]]
    varying_members: frozenset[str]
    parameters: Mapping[str, Parameter]
    parameter_globs: tuple[tuple[str, str, Parameter], ...]
    parameter_ends: tuple[str, ...]
    parameters_of: Mapping[str, Mapping[str, Parameter]]
    operator_types: Mapping[str, Capability]
    digest: str

    def member(self, name: str, classes: Iterable[str] = ()) -> Entry | None:
        """What using the member means, or None where it is not known.

        Args:
            name: the member.
            classes: ``__name__`` of the receiver's classes where they are known, the most derived first (its method
                resolution order); the first of them that has a meaning of its own for the member decides.
        """
        for kind in classes:
            found = self.members_of.get(kind, _NO_ENTRIES).get(name)
            if found is not None:
                return found
        return self.members.get(name)

    def module(self, name: str) -> Module:
        """What a script may do with the module of this dotted name.

        A module inside a refused one is refused like it (``os.path`` like ``os``); any other module that is not
        listed, one inside an allowed module included, needs `Capability.IMPORT`.
        """
        found = self.modules.get(name)
        if found is not None:
            return found
        package = self.modules.get(name.partition(".")[0])
        if package is not None and package.needs is not None:
            return package
        return refused_module(Capability.IMPORT)

    def parameter_rule(self, name: str, operator_type: str = "") -> Parameter:
        """What setting or pulsing the parameter `name` means, on operators of `operator_type` where that is known.

        Upper and lower case count alike: a custom parameter ``Callbackdat`` is as good a door as a built-in one.
        A parameter of which nothing is known needs what its operator's type needs, where that is more than to create.
        """
        key, kind = parameter_key(name), operator_type.lower()
        rule = self.parameters_of.get(kind, _NOTHING).get(key) or self.parameters.get(key)
        if rule is not None:
            return rule
        for beginning, end, rule in self.parameter_globs if key.endswith(self.parameter_ends) else ():
            if len(key) >= len(beginning) + len(end) and key.startswith(beginning) and key.endswith(end):
                return rule
        needs = self.operator_types.get(kind, Capability.TD_CREATE)
        return _HARMLESS if needs is Capability.TD_CREATE else Parameter(needs, "sets up what the operator does")

    def parameter(self, name: str, operator_type: str = "", value: object = None) -> Capability:
        """The capability that setting or pulsing the parameter needs; `Capability.TD_WRITE` where it is harmless.

        Args:
            name: the parameter.
            operator_type: the type of its operator, empty where that is not known.
            value: what it is set to, where that is known; a path inside the project folder relative to it.
        """
        rule = self.parameter_rule(name, operator_type)
        return rule.media if rule.media is not None and is_media_inside(value) else rule.needs

    def operator_type(self, name: str) -> Capability:
        """What creating an operator of this type needs, in any case; `Capability.TD_CODE` for a type not known."""
        return self.operator_types.get(name.lower(), Capability.TD_CODE)


def refused_module(needs: Capability) -> Module:
    """A module of which nothing may be used: importing it needs `needs`."""
    return Module(frozenset(), needs, MappingProxyType({}), MappingProxyType({}))


def parameter_key(parameter: str) -> str:
    """The spelling under which the catalog keeps a parameter's name: lower case, every run of digits as ``#``."""
    key = parameter.lower()
    return key if key.isalpha() else _DIGITS.sub("#", key)


_NOTHING: Mapping[str, Parameter] = MappingProxyType({})
_NO_ENTRIES: Mapping[str, Entry] = MappingProxyType({})
