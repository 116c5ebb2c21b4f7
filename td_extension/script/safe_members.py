"""Members of allowed modules that a script gets in a safer form.

`dataclass` builds its methods as text, out of the names of annotations; `Enum` and its kin make a class out of a
mapping when they are called, whatever names stand in it. In a class statement those names are identifiers that the
judgement has seen; made by a call, they can be any text and any special method.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any


def dataclass(cls: type | None = None, /, **options: bool) -> Any:
    """`dataclasses.dataclass`, for classes whose fields bear plain names."""

    def decorate(target: type) -> Any:
        for kind in target.__mro__:
            for name in dict(vars(kind).get("__annotations__", {})):
                if type(name) is not str or not name.isidentifier() or name.startswith("_"):
                    raise TypeError(f"{name!r} cannot be a field here")
        return dataclasses.dataclass(**options)(target)

    return decorate if cls is None else decorate(cls)


class _StatedEnumType(enum.EnumMeta):
    """Makes enums by class statements only: a call looks a member up, and never makes a class."""

    def __call__(cls, value: Any, *names: Any, **options: Any) -> Any:
        if names or options:
            raise TypeError("write an enum as a class statement here")
        return super().__call__(value)


class _Enum(enum.Enum, metaclass=_StatedEnumType):
    pass


class _IntEnum(int, enum.ReprEnum, metaclass=_StatedEnumType):
    pass


class _StrEnum(enum.StrEnum, metaclass=_StatedEnumType):
    pass


class _Flag(enum.Flag, metaclass=_StatedEnumType):
    pass


class _IntFlag(enum.IntFlag, metaclass=_StatedEnumType):
    pass


SAFE_MEMBERS: Mapping[str, Mapping[str, Any]] = {
    "dataclasses": {"dataclass": dataclass},
    "enum": {"Enum": _Enum, "IntEnum": _IntEnum, "StrEnum": _StrEnum, "Flag": _Flag, "IntFlag": _IntFlag},
}
