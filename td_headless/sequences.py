"""Parameter sequences: blocks of parameters that repeat, such as the extensions of a component."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from td_headless.errors import tdAttributeError, tdError
from td_headless.par_tables import ParSpec, SequenceSpec
from td_headless.unbuilt import loud

MAX_BLOCKS = 100
"""Upper bound of blocks here, so that a typing error cannot fill the memory. TouchDesigner's own is not known."""

_CARRIED = ("_value", "_expr", "_bind_expr", "_mode", "_enable", "_enable_expr")
"""What moves along when a block is moved."""


class BlockPars:
    """``block.par``: the parameters of one block by their name in the block, e.g. ``value`` of ``const0value``."""

    __slots__ = ("_block",)
    _block: SequenceBlock

    def __init__(self, block: SequenceBlock) -> None:
        object.__setattr__(self, "_block", block)

    def __getattr__(self, name: str) -> Any:
        found = self[name]
        if found is None:
            raise tdAttributeError(f"'td.ParCollection' object has no attribute '{name}' (block {self._block.name})")
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        self.__getattr__(name).val = value

    def __getitem__(self, name: str) -> Any:
        return self._block.owner.par[f"{self._block.name}{name}"]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._block._pars())


@loud("SequenceBlock")
class SequenceBlock:
    """One block of a sequence. It stands for a position, not for what is there."""

    __slots__ = ("index", "sequence")

    def __init__(self, sequence: Sequence, index: int) -> None:
        self.sequence = sequence
        self.index = index

    owner = property(lambda self: self.sequence.owner, doc="The operator.")
    name = property(lambda self: f"{self.sequence.name}{self.index}", doc="How its parameters' names begin.")
    par = property(lambda self: BlockPars(self), doc="The parameters by their name in the block.")

    def destroy(self) -> None:
        """Remove the block; those after it move up."""
        self.sequence.destroyBlock(self.index)

    def _pars(self) -> list[Any]:
        return [self.owner.par[spec.name.format(self.index)] for spec in self.sequence._spec.blocks]


@loud("Sequence")
class Sequence:
    """One sequence; ``numBlocks`` can be assigned."""

    __slots__ = ("_owner", "_spec")

    def __init__(self, owner: Any, spec: SequenceSpec) -> None:
        self._owner = owner
        self._spec = spec

    name = property(lambda self: self._spec.name, doc="The name, e.g. ``ext``.")
    owner = property(lambda self: self._owner, doc="The operator.")
    blocks = property(lambda self: list(self), doc="The blocks.")
    sequencePar = property(lambda self: self._owner.par[self._spec.name], doc="The parameter that heads the sequence.")
    maxBlocks = property(lambda self: MAX_BLOCKS, doc="The most blocks there can be.")

    @property
    def blockSize(self) -> int:
        """How many parameters a block has. Only custom sequences could be resized; they are not built."""
        return len(self._spec.blocks)

    @property
    def numBlocks(self) -> int:
        """How many blocks there are."""
        return int(self._owner.par[self._spec.name].val)

    @numBlocks.setter
    def numBlocks(self, count: int) -> None:
        self._owner.par[self._spec.name].val = count

    def insertBlock(self, index: int) -> SequenceBlock:
        """Insert a block with default values before position `index` and return it."""
        self._rearrange(lambda order: order.insert(index, None))
        return self[index]

    def destroyBlock(self, block: int | SequenceBlock) -> None:
        """Remove a block, given as position or block; those after it move up."""
        at = block.index if isinstance(block, SequenceBlock) else block
        if not 0 <= at < self.numBlocks:
            raise tdError(f"Sequence {self.name} has no block {at}")
        self._rearrange(lambda order: order.pop(at))

    def moveBlock(self, blockFrom: int, blockTo: int, num: int = 1) -> None:
        """Move `num` blocks so that the first of them is at position `blockTo`."""

        def move(order: list[int | None]) -> None:
            moved = order[blockFrom : blockFrom + num]
            del order[blockFrom : blockFrom + num]
            order[blockTo:blockTo] = moved

        self._rearrange(move)

    def reorderBlocks(self, *indexes: int) -> None:
        """Put the blocks into this order of their present positions."""
        if sorted(indexes) != list(range(self.numBlocks)):
            raise tdError(f"Sequence {self.name}: name each of the {self.numBlocks} blocks once")
        self._rearrange(lambda order: order.__setitem__(slice(None), list(indexes)))

    def _rearrange(self, change: Callable[[list[int | None]], Any]) -> None:
        kept = [[[getattr(par, member) for member in _CARRIED] for par in block._pars()] for block in self]
        order: list[int | None] = list(range(len(kept)))
        change(order)
        self.numBlocks = len(order)
        for block, source in zip(self, order, strict=True):
            for position, par in enumerate(block._pars()):
                if source is None:
                    par.reset()
                else:
                    for member, value in zip(_CARRIED, kept[source][position], strict=True):
                        setattr(par, member, value)

    def __getitem__(self, index: int) -> SequenceBlock:
        if not -self.numBlocks <= index < self.numBlocks:
            raise IndexError(f"Sequence {self.name} has no block {index}")
        return SequenceBlock(self, index % self.numBlocks)

    def __iter__(self) -> Iterator[SequenceBlock]:
        return (SequenceBlock(self, index) for index in range(self.numBlocks))

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
                    par.page._remove(par)
                    self._owner.par._remove(name)
            number += 1


class Sequences:
    """``OP.seq``: the sequences of an operator by their names."""

    __slots__ = ("_owner", "_sequences")

    def __init__(self, owner: Any, specs: tuple[SequenceSpec, ...]) -> None:
        self._owner = owner
        self._sequences = {spec.name: Sequence(owner, spec) for spec in specs}
        for spec in specs:
            owner._add_builtin(ParSpec(spec.name, spec.label, "Sequence", spec.count, page=spec.page))
            self._sequences[spec.name]._resize()

    owner = property(lambda self: self._owner, doc="The operator.")

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

    def _block_of(self, par: Any) -> SequenceBlock | None:
        blocks = (block for sequence in self for block in sequence)
        return next((block for block in blocks if any(par is own for own in block._pars())), None)

    def _of(self, par: Any) -> Sequence | None:
        block = self._block_of(par)
        return block.sequence if block is not None else self[par.name]

    def _parameter_changed(self, par: Any) -> None:
        if par.style == "Sequence" and par.name in self._sequences:
            self._sequences[par.name]._resize()
