"""``op.par``: the parameters of one operator, as members and as items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from td_headless.errors import tdAttributeError
from td_headless.parameters import Par


class ParCollection:
    """What ``op.par`` is: ``par.tx`` raises when missing, ``par['tx']`` is None then; assignment sets the value."""

    __slots__ = ("_owner", "_pars")
    _owner: Any
    _pars: dict[str, Par]

    def __init__(self, owner: Any) -> None:
        object.__setattr__(self, "_owner", owner)
        object.__setattr__(self, "_pars", {})

    def __getattr__(self, name: str) -> Par:
        found = self._pars.get(name)
        if found is None:
            raise tdAttributeError(f"'td.ParCollection' object has no attribute '{name}' (operator {self._owner.path})")
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        self.__getattr__(name).val = value

    def __getitem__(self, name: str) -> Par | None:
        return self._pars.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.__getattr__(name).val = value

    def __contains__(self, name: object) -> bool:
        return name in self._pars

    def __iter__(self) -> Iterator[Par]:
        return iter(list(self._pars.values()))

    def __len__(self) -> int:
        return len(self._pars)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._pars})

    @property
    def owner(self) -> Any:
        """The operator whose parameters these are."""
        return self._owner

    def _add(self, par: Par) -> None:
        self._pars[par.name] = par

    def _remove(self, name: str) -> None:
        del self._pars[name]
