"""Builtins in a form that looks at its arguments: C would walk through them, or fill what they say, without a tick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .bounds import Bounds
from .library_sizes import of_power, of_sum
from .limits_of_cost import MAX_ITEMS
from .measures import whole
from .ticker import ticked

MAX_DIGITS = 100_000
"""Digits before the point to which a number is rounded."""

_WALKED = (list, tuple, dict, set, frozenset)


class SizedBuiltins:
    """The builtins of `acting_members.SIZED_BUILTINS`, each under its own name.

    Args:
        bounds: looks at sizes.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds

    def range(self, *arguments: Any) -> range:
        """``range``, of no more items than C may read to the end."""
        made = range(*arguments)
        # Not len(): it overflows.
        if made and abs(made[-1] - made[0]) // abs(made.step) >= MAX_ITEMS:
            self._bounds.refuse(f"it counts over more than {MAX_ITEMS:,} numbers")
        return made

    def iter(self, *arguments: Any) -> Iterator[Any]:
        """``iter``; the form that calls a function until it gives a value has a tick in every turn."""
        made = iter(*arguments)
        return made if len(arguments) < 2 else ticked(made, self._bounds.tick)

    def repr(self, value: Any, /) -> str:
        """``repr``."""
        return repr(self._bounds.walked(value))

    def ascii(self, value: Any, /) -> str:
        """``ascii``."""
        return ascii(self._bounds.walked(value))

    def hash(self, value: Any, /) -> int:
        """``hash``."""
        return hash(self._bounds.walked(value))

    def sorted(self, parts: Iterable[Any], /, **keywords: Any) -> list[Any]:
        """``sorted``."""
        read = parts if type(parts) is list else list(parts)
        self._bounds.sorting(read)
        return sorted(read, **keywords)

    def max(self, *arguments: Any, **keywords: Any) -> Any:
        """``max``."""
        return max(*self._compared_in_turn(arguments), **keywords)

    def min(self, *arguments: Any, **keywords: Any) -> Any:
        """``min``."""
        return min(*self._compared_in_turn(arguments), **keywords)

    def _compared_in_turn(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(arguments) == 1 and not isinstance(arguments[0], _WALKED):
            return (map(self._bounds.walked, arguments[0]),)
        self._bounds.walked(arguments)
        return arguments

    def pow(self, *arguments: Any, **keywords: Any) -> Any:
        """``pow``."""
        if len(arguments) > 2 or keywords.get("mod") is not None:
            self._bounds.unless(of_power(arguments, keywords))
        else:
            self._bounds.before_power(*arguments, *(keywords[name] for name in ("base", "exp") if name in keywords))
        return pow(*arguments, **keywords)

    def round(self, number: Any, ndigits: Any = None) -> Any:
        """``round``, which to a whole number's digits before the point makes one as long as they are many."""
        if -(whole(ndigits) or 0) > MAX_DIGITS:
            self._bounds.refuse(f"it rounds to more than {MAX_DIGITS:,} digits")
        return round(number, ndigits)

    def format(self, value: object, specification: str = "") -> str:
        """``format``."""
        self._bounds.walked(value)
        self._bounds.specification(specification)
        return format(value, specification)

    def sum(self, parts: Iterable[Any], /, start: Any = 0) -> Any:
        """``sum``."""
        if isinstance(start, list | tuple):
            parts = list(parts)
            self._bounds.unless(of_sum(parts, start))
        return sum(parts, start)
