"""Parameter sequences: blocks of parameters that repeat, such as the extensions of a component."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from td_headless.errors import tdAttributeError, tdError
from td_headless.par_tables import ParSpec, SequenceSpec

MAX_BLOCKS = 100
"""Upper bound of blocks here, so that a typing error cannot fill the memory. TouchDesigner's own is not known."""


class Sequence:
    """One sequence; ``numBlocks`` can be assigned."""

    __slots__ = ("_owner", "_spec")

    def __init__(self, owner: Any, spec: SequenceSpec) -> None:
        self._owner = owner
        self._spec = spec

    @property
    def name(self) -> str:
        """The name, e.g. ``ext``."""
        return self._spec.name

    @property
    def owner(self) -> Any:
        """The operator."""
        return self._owner

    @property
    def numBlocks(self) -> int:
        """How many blocks there are."""
        return int(self._owner.par[self._spec.name].val)

    @numBlocks.setter
    def numBlocks(self, count: int) -> None:
        self._owner.par[self._spec.name].val = count

    def __len__(self) -> int:
        return self.numBlocks

    def _resize(self) -> None:
        count = self.numBlocks
        if not 1 <= count <= MAX_BLOCKS:
            raise tdError(f"Invalid number of blocks {count} for sequence {self.name}: use 1 to {MAX_BLOCKS}")
        number = 0
        while number < count or f"{self._spec.blocks[0].name.format(number)}" in self._owner.par:
            for spec in self._spec.blocks:
                name = spec.name.format(number)
                if number < count and name not in self._owner.par:
                    self._owner._add_builtin(replace(spec, name=name, page=self._spec.page))
                elif number >= count:
                    par = self._owner.par[name]
                    par.page.pars.remove(par)
                    self._owner.par._remove(name)
            number += 1


class Sequences:
    """``OP.seq``: the sequences of an operator by their names."""

    __slots__ = ("_sequences",)

    def __init__(self, owner: Any, specs: tuple[SequenceSpec, ...]) -> None:
        self._sequences = {spec.name: Sequence(owner, spec) for spec in specs}
        for spec in specs:
            owner._add_builtin(ParSpec(spec.name, spec.label, "Sequence", spec.count, page=spec.page))
            self._sequences[spec.name]._resize()

    def __getattr__(self, name: str) -> Sequence:
        if name.startswith("_") or name not in self._sequences:
            raise tdAttributeError(f"No sequence '{name}'")
        return self._sequences[name]

    def __getitem__(self, name: str) -> Sequence | None:
        return self._sequences.get(name)

    def __iter__(self) -> Iterator[Sequence]:
        return iter(self._sequences.values())

    def __len__(self) -> int:
        return len(self._sequences)

    def _parameter_changed(self, par: Any) -> None:
        if par.style == "Sequence":
            self._sequences[par.name]._resize()
