"""How deep objects hold each other that C walks along by calling itself: iterators of iterators, slices of slices.

CPython bounds its own recursion, and frees lists in lists piece by piece. These objects have neither: reading from a
``map`` of a ``map`` of a ``map``, some ten thousand deep, or freeing it, overflows the stack, and the process is gone.
No exception tells of it, and no tick comes between, so they are looked at as they are made.
"""

from __future__ import annotations

import csv
import gc
import itertools
import operator
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .audit_switch import unheard
from .ticker import ticked

MAX_CHAINED = 60
"""How deep they may hold each other. Generators between them, which Python counts, may multiply it by a thousand."""

_MANY = 50
"""Iterators that are read together: with more, each item of theirs takes so long that the deadline is looked at."""

CHAINED_BUILTINS = frozenset({"map", "filter", "zip", "enumerate", "slice"})
CHAINED_MEMBERS = frozenset(
    {
        *(f"itertools.{name}" for name in (
            "accumulate", "chain", "compress", "dropwhile", "filterfalse", "groupby", "islice", "pairwise", "starmap",
            "takewhile", "zip_longest",
        )),
        "operator.itemgetter", "csv.reader",
    }
)  # fmt: skip
"""Builtins, and members of modules, that make such objects."""

_LINKS = frozenset(
    {
        map, filter, zip, enumerate, slice, operator.itemgetter, itertools.accumulate, itertools.chain,
        itertools.compress, itertools.dropwhile, itertools.filterfalse, itertools.groupby, itertools.islice,
        itertools.pairwise, itertools.starmap, itertools.takewhile, itertools.zip_longest,
        type(next(itertools.groupby("a"))[1]), type(csv.reader(())), types.GeneratorType,
    }
)  # fmt: skip
_BETWEEN = frozenset({*_LINKS, tuple, type(iter(()))})
"""What such an object holds the next one by: itself, or a tuple."""
_PLAIN = frozenset(
    {
        list, tuple, range, str, bytes, int, dict, set, frozenset, type(None), type, types.FunctionType,
        types.BuiltinFunctionType, types.MethodType, type({}.keys()), type({}.values()), type({}.items()),
    }
)  # fmt: skip
"""Types of what gives iterators of its own, which hold no others; and of functions."""


def chained_too_deep(value: Any) -> bool:
    """Whether `value` holds such objects in each other deeper than `MAX_CHAINED`."""
    level = [value]
    with unheard():
        for _ in range(MAX_CHAINED):
            level = [part for part in gc.get_referents(*level) if type(part) in _BETWEEN]
            if not level:
                return False
            if len(level) > 1:  # one that is held twice is walked along once
                level = list({id(part): part for part in level}.values())
    return True


def unchained(
    function: Callable[..., Any], refuse: Callable[[str], None], tick: Callable[[], object]
) -> Callable[..., Any]:
    """`function`, which makes such an object, with a look at what the new one holds.

    Args:
        function: one of those that `CHAINED_BUILTINS` and `CHAINED_MEMBERS` name.
        refuse: stops the script, and says why.
        tick: lets the deadline be seen.
    """

    def make(*arguments: Any, **keywords: Any) -> Any:
        made = function(*arguments, **keywords)
        if (keywords or not _PLAIN.issuperset(map(type, arguments))) and chained_too_deep(made):
            refuse(f"it holds iterators or the like in each other, more than {MAX_CHAINED} deep")
        return made if len(arguments) <= _MANY else ticked(made, tick)

    if function is itertools.chain:
        make.from_iterable = _chained  # type: ignore[attr-defined]
    return make


def _chained(iterables: Iterable[Iterable[Any]], /) -> Iterator[Any]:
    """`itertools.chain.from_iterable`, whose next iterator shows only when it is reached: here Python counts them."""
    for iterable in iterables:
        yield from iterable


class Property(property):
    """`property`, of which one may hold another as deep as it likes: what derives from a class is freed in pieces."""


class StaticMethod(staticmethod):  # type: ignore[type-arg]
    """`staticmethod`, of which one may hold another as deep as it likes."""


class ClassMethod(classmethod):  # type: ignore[type-arg]
    """`classmethod`, of which one may hold another as deep as it likes."""


FREED_IN_PIECES: Mapping[str, type] = {
    "property": Property, "staticmethod": StaticMethod, "classmethod": ClassMethod,
}  # fmt: skip
"""What a script gets in place of builtins of these names."""
