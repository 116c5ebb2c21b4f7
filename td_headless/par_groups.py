"""Parameter groups: the parameters that belong together, such as ``tx ty tz`` (Derivative's ParGroup Class)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from td_headless.errors import tdAttributeError
from td_headless.unbuilt import loud

_EACH = (
    "bindExpr", "clampMax", "clampMin", "default", "defaultBindExpr", "defaultExpr", "defaultMode", "enable",
    "enableExpr", "expr", "max", "menuIndex", "menuLabels", "menuNames", "min", "mode", "normMax", "normMin", "normVal",
    "prevMode", "readOnly", "val",
)  # fmt: skip
_SHARED = (
    "help", "isCustom", "isFloat", "isInt", "isMenu", "isMomentary", "isNumber", "isOP", "isPulse", "isPython",
    "isSequence", "isString", "isToggle", "order", "page", "password", "sequence", "sequenceBlock", "startSection",
    "style",
)  # fmt: skip


@loud("ParGroup")
class ParGroup:
    """A group; ``group[0]`` is its first parameter, ``group.val`` the tuple of all values."""

    __slots__ = ("name", "owner")

    def __init__(self, owner: Any, name: str) -> None:
        self.owner = owner
        self.name = name

    def pars(self) -> list[Any]:
        """Return the parameters, in order."""
        return [par for par in self.owner.par if par._group == self.name]

    valid = property(lambda self: bool(self.owner.valid and self.pars()), doc="Whether it still exists.")
    size = property(lambda self: len(self.pars()), doc="How many parameters there are.")
    label = property(lambda self: self.pars()[0].label, doc="The label.")
    suffixes = property(
        lambda self: tuple(par.name.removeprefix(self.name) for par in self.pars()), doc="What follows the name."
    )
    isDefault = property(lambda self: all(par.isDefault for par in self.pars()), doc="Whether none was changed.")

    def eval(self) -> tuple[Any, ...]:
        """Return the current values."""
        return tuple(par.eval() for par in self.pars())

    def evalExpression(self) -> tuple[Any, ...]:
        """Evaluate the expressions, whatever the modes are."""
        return tuple(par.evalExpression() for par in self.pars())

    def evalNorm(self) -> tuple[float, ...]:
        """Return the values as fractions of the sliders' ranges."""
        return tuple(par.evalNorm() for par in self.pars())

    def evalOPs(self) -> list[tuple[Any, ...]]:
        """Return the operators each parameter names."""
        return [tuple(par.evalOPs()) for par in self.pars()]

    def reset(self) -> bool:
        """Put the defaults back and say whether that changed anything."""
        changed = [par.reset() for par in self.pars()]
        return any(changed)

    def copy(self, group: ParGroup) -> None:
        """Take over values, expressions and modes of another group, one by one."""
        for mine, other in zip(self.pars(), group.pars(), strict=False):
            mine.copy(other)

    def destroy(self) -> None:
        """Remove the parameters of a custom group."""
        for par in self.pars():
            par.destroy()

    def isSameParGroup(self, other: ParGroup) -> bool:
        """Say whether `other` is the same group of the same operator."""
        return self.owner is other.owner and self.name == other.name

    def __getitem__(self, index: int) -> Any:
        return self.pars()[index]

    def __len__(self) -> int:
        return len(self.pars())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.pars())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParGroup) and self.isSameParGroup(other)

    def __hash__(self) -> int:
        return hash((id(self.owner), self.name))

    def __repr__(self) -> str:
        return f"type:ParGroup owner:{self.owner.path} name:{self.name}"


def _each(member: str) -> property:
    """A member that is a tuple of the parameters' own; one value assigned goes to all of them."""

    def read(self: ParGroup) -> tuple[Any, ...]:
        return tuple(getattr(par, member) for par in self.pars())

    def write(self: ParGroup, values: Any) -> None:
        pars = self.pars()
        each = values if isinstance(values, list | tuple) else [values] * len(pars)
        for par, value in zip(pars, each, strict=False):
            setattr(par, member, value)

    return property(read, write, doc=f"`{member}` of each parameter, as a tuple.")


def _shared(member: str) -> property:
    """A member that all parameters of the group have in common."""

    def read(self: ParGroup) -> Any:
        return getattr(self.pars()[0], member)

    def write(self: ParGroup, value: Any) -> None:
        for par in self.pars():
            setattr(par, member, value)

    return property(read, write, doc=f"`{member}` of the parameters.")


for _member in _EACH:
    setattr(ParGroup, _member, _each(_member))
for _member in _SHARED:
    setattr(ParGroup, _member, _shared(_member))


class ParGroupCollection:
    """``op.parGroup``: ``parGroup.t`` is a group, assigning a tuple to it sets the values."""

    __slots__ = ("_owner",)
    _owner: Any

    def __init__(self, owner: Any) -> None:
        object.__setattr__(self, "_owner", owner)

    @property
    def owner(self) -> Any:
        """The operator whose groups these are."""
        return self._owner

    def __getattr__(self, name: str) -> ParGroup:
        found = self[name]
        if found is None:
            raise tdAttributeError(
                f"'td.ParGroupCollection' object has no attribute '{name}' (operator {self._owner.path})"
            )
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        self.__getattr__(name).val = value  # type: ignore[attr-defined]

    def __getitem__(self, name: str) -> ParGroup | None:
        return ParGroup(self._owner, name) if any(par._group == name for par in self._owner.par) else None

    def __iter__(self) -> Iterator[ParGroup]:
        return iter([ParGroup(self._owner, name) for name in dict.fromkeys(par._group for par in self._owner.par)])

    def __len__(self) -> int:
        return len(list(iter(self)))
