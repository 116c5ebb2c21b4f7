"""Inputs and outputs of an operator."""

from __future__ import annotations

from typing import Any, ClassVar

from td_headless.connectors import Connector, readers_of


class Wiring:
    """The part of an operator that is wired to others."""

    __slots__ = ()
    _wires: dict[int, Any]
    _max_inputs: ClassVar[int | None]

    def _input_limit(self) -> int | None:
        return self._max_inputs

    def _output_count(self) -> int:
        return 1

    @property
    def inputs(self) -> list[Any]:
        """The operators wired to the inputs, in order of the inputs."""
        return [self._wires[index] for index in sorted(self._wires)]

    @property
    def outputs(self) -> list[Any]:
        """The operators that read this one through a wire."""
        return list(dict.fromkeys(reader for reader, _ in readers_of(self)))

    @property
    def inputConnectors(self) -> list[Connector]:
        """The inputs; a type that takes any number shows one free input after the last wired one."""
        limit = self._input_limit()
        count = max(self._wires, default=-1) + 2 if limit is None else limit
        return [Connector(self, index, True) for index in range(count)]

    @property
    def outputConnectors(self) -> list[Connector]:
        """The outputs."""
        return [Connector(self, index, False) for index in range(self._output_count())]

    def setInputs(self, operators: list[Any]) -> None:
        """Replace all wires: one input for each entry, None leaves an input free."""
        self._wires.clear()
        self._outdate()  # type: ignore[attr-defined]
        for index, operator in enumerate(operators):
            if operator is not None:
                Connector(self, index, True).connect(operator)

    isFilter = property(lambda self: self._max_inputs != 0, doc="Whether the type takes inputs.")
    isMultiInputs = property(lambda self: self._input_limit() is None, doc="Whether it takes any number of inputs.")
