"""Connectors: the dots at the sides of an operator, and the wires between them."""

from __future__ import annotations

from typing import Any

from td_headless.errors import tdError
from td_headless.unbuilt import loud


@loud("Connector")
class Connector:
    """One input or output of one operator."""

    __slots__ = ("index", "isInput", "owner")

    def __init__(self, owner: Any, index: int, is_input: bool) -> None:
        self.owner = owner
        self.index = index
        self.isInput = is_input

    @property
    def isOutput(self) -> bool:
        """Whether this is an output."""
        return not self.isInput

    @property
    def connections(self) -> list[Connector]:
        """The connectors at the other ends of the wires."""
        if self.isInput:
            source = self.owner._wires.get(self.index)
            return [] if source is None else [Connector(source, 0, False)]
        return [Connector(reader, index, True) for reader, index in readers_of(self.owner)]

    def connect(self, target: Any) -> None:
        """Wire this connector to an operator or to another connector. An input's old wire is replaced.

        Raises:
            tdError: the operators are of different families or networks, or both ends are of one kind.
        """
        other = target.owner if isinstance(target, Connector) else target
        if isinstance(target, Connector) and target.isInput == self.isInput:
            raise tdError("Cannot connect two connectors of the same kind")
        if self.isInput:
            _wire(other, self.owner, self.index)
        else:
            free = _first_free_input(other)
            _wire(self.owner, other, target.index if isinstance(target, Connector) else free)

    def disconnect(self) -> None:
        """Remove all wires of this connector."""
        if self.isInput:
            self.owner._wires.pop(self.index, None)
            self.owner._outdate()
            return
        for reader, index in readers_of(self.owner):
            reader._wires.pop(index, None)
            reader._outdate()

    def __repr__(self) -> str:
        return f"type:Connector owner:{self.owner.path} index:{self.index}"


def readers_of(source: Any) -> list[tuple[Any, int]]:
    """Return the operators that read `source` through a wire, with the index of their input."""
    network = source.parent()
    siblings = network.children if network is not None else []
    return [
        (sibling, index) for sibling in siblings for index, wired in sorted(sibling._wires.items()) if wired is source
    ]


def _first_free_input(reader: Any) -> int:
    return next(index for index in range(len(reader._wires) + 1) if index not in reader._wires)


def _wire(source: Any, reader: Any, index: int) -> None:
    limit = reader._input_limit()
    if limit is not None and index >= limit:
        raise tdError(f"{reader.path} has no input {index}")
    if source.family != reader.family:
        raise tdError(f"Cannot connect {source.path} ({source.family}) to {reader.path} ({reader.family})")
    if source.parent() is not reader.parent():
        raise tdError(f"Cannot connect {source.path} to {reader.path}: they are in different networks")
    reader._wires[index] = source
    reader._outdate()
