"""What a function is given, and what is told of what it makes of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .magnitudes import UNKNOWN, Value, as_size

_NUMBER = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Given:
    """What a function is given.

    Attributes:
        positional: the arguments without a name.
        words: those with one.
        receiver: what stands before the point, where it is a method.
    """

    positional: tuple[Value, ...]
    words: Mapping[str, Value] = field(default_factory=dict)
    receiver: Value = UNKNOWN

    def get(self, index: int, name: str = "") -> Value:
        """One argument, by its place or its name; `UNKNOWN` where it is not given."""
        if index < len(self.positional):
            return self.positional[index]
        return self.words.get(name, UNKNOWN)

    def has(self, index: int, name: str = "") -> bool:
        """Whether an argument is given."""
        return index < len(self.positional) or name in self.words

    def largest(self) -> float:
        """The largest whole number among all arguments, 0 where there is none."""
        return max((as_size(value) or 0.0 for value in (*self.positional, *self.words.values())), default=0.0)


Sizing: TypeAlias = Callable[[Given], Value]


def largest_number(text: str) -> float:
    """The largest number that stands in a text, such as the width in a format."""
    return max((float(found.group()) for found in _NUMBER.finditer(text)), default=0.0)
