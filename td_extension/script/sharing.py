"""How much a walk through a value goes through: printing, comparing, hashing and the like walk in C, past every tick.

Lists that share their parts are small in memory and large to whoever walks through them: forty times ``a = [a, a]``
has 2**40 ends. Here each part is counted once and remembered by its identity.
"""

from __future__ import annotations

import functools
import itertools
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .bridge import SCRIPT
from .limits_of_cost import MAX_ITEMS, MAX_TEXT

_TEXTS = frozenset({str, bytes, bytearray})
_CHARACTERS = MAX_TEXT // MAX_ITEMS
"""Characters that count as one part."""
_MOST = 1 << 64
_MAX_DEPTH = 1_000
_MANY = 10_000
"""Parts of one level among which shared ones are looked for."""
_MAX_COLLIDING = 5_000
_CONTAINERS: tuple[type[Any], ...] = (list, tuple, dict, set, frozenset, deque)
_VIEWS: tuple[type[Any], ...] = (type({}.keys()), type({}.values()), type({}.items()))
_MEMBERS: Mapping[type, tuple[str, ...]] = {
    slice: ("start", "stop", "step"),
    functools.partial: ("args", "keywords"),
    types.GenericAlias: ("__args__",),
    types.MethodType: ("__self__",),
    BaseException: ("args",),
}
"""What other objects hold that their text tells."""

ATOMS: frozenset[type] = frozenset(
    {
        int, float, bool, complex, type(None), type, range, type(Ellipsis), type(NotImplemented),
        types.FunctionType, types.BuiltinFunctionType, types.ModuleType, types.CodeType, types.FrameType,
        types.TracebackType, types.GeneratorType, types.CellType,
    }
)  # fmt: skip
"""Types of what holds no parts that a walk goes through."""
_HOLDING = frozenset({"functools", "collections", SCRIPT})
"""Where classes come from whose objects hold parts of their own."""
FLAT = ATOMS | _TEXTS
"""Types of what holds no parts at all."""


def goes_beyond(value: Any, limit: int) -> bool:
    """Whether a walk through `value` meets more than `limit` parts, each as often as it meets it.

    Long texts count for more. First it is walked through as it would be, level by level; only what is too much then
    is counted by what is really there, for a value that holds itself is no larger where it does.
    """
    level, met = [value], 0
    for _ in range(_MAX_DEPTH):
        kinds = set(map(type, level))
        met += len(level)
        if not _TEXTS.isdisjoint(kinds):
            met += sum(len(part) for part in level if type(part) in _TEXTS) // _CHARACTERS
        if met > limit:
            return _parts_of(value) > limit
        walked = {kind for kind in kinds if _holds_parts(kind)}
        if not walked:
            return False
        holding = level if walked == kinds else [part for part in level if type(part) in walked]
        if len(holding) > _MANY and 2 * len(set(map(id, holding))) < len(holding):
            return _parts_of(value) > limit
        level = [inner for kind in walked for inner in _inside(kind, [part for part in holding if type(part) is kind])]
    return _parts_of(value) > limit


def _parts_of(value: Any) -> int:
    """How many parts a walk meets. Linear in what is there: a part that is met again is not walked through again."""
    counted: dict[int, int] = {}
    alone: dict[int, int] = {}
    held: dict[int, list[Any]] = {}
    waiting = [value]
    while waiting:
        one = waiting[-1]
        key = id(one)
        if key not in held:
            counted[key], alone[key], held[key] = 0, 1, []
            if _holds_parts(type(one)):
                inside = list(_inside(type(one), [one]))
                held[key] = [part for part in inside if type(part) not in FLAT]
                texts = sum(len(part) for part in inside if type(part) in _TEXTS)
                alone[key] += len(inside) - len(held[key]) + texts // _CHARACTERS
                waiting += [part for part in held[key] if id(part) not in held]
            continue
        waiting.pop()
        if not counted[key]:
            counted[key] = min(_MOST, alone[key] + sum(counted[id(part)] for part in held[key]))
    return counted[id(value)]


def _holds_parts(kind: type) -> bool:
    """Whether the objects of a class hold parts that a walk goes through."""
    if kind in FLAT:
        return False
    return issubclass(kind, (*_CONTAINERS, *_VIEWS, *_MEMBERS)) or kind.__module__ in _HOLDING


def _inside(kind: type, values: Iterable[Any]) -> Iterator[Any]:
    """The parts of values of one class, whatever a class of the script says of itself."""
    if issubclass(kind, dict):
        values = list(values)
        yield from itertools.chain.from_iterable(map(dict.__iter__, values))
        yield from itertools.chain.from_iterable(map(dict.values, values))
    elif issubclass(kind, (*_CONTAINERS, *_VIEWS)):
        reading: Callable[[Any], Iterator[Any]] = next(
            one.__iter__ for one in (*_CONTAINERS, *_VIEWS) if issubclass(kind, one)
        )
        yield from itertools.chain.from_iterable(map(reading, values))
    else:
        names = [name for base, names in _MEMBERS.items() if issubclass(kind, base) for name in names]
        names += ["__dict__", *(name for base in kind.__mro__ for name in vars(base).get("__slots__", ()))]
        for value in values:
            for name in names:
                try:
                    yield object.__getattribute__(value, name)
                except AttributeError:  # no such slot, or nothing in it
                    continue


def why_too_many(value: Any) -> str | None:
    """Why `value` is not walked through; None where it is."""
    if type(value) in ATOMS or not goes_beyond(value, MAX_ITEMS):
        return None
    return f"it goes through more than {MAX_ITEMS:,} parts, those that are shared counted as often as they are met"


def why_too_long_to_compare(left: Any, right: Any, is_contained: bool) -> str | None:
    """Why two values are not compared, or the right one is not searched for the left one; None where they are."""
    if type(left) in FLAT or (type(right) in FLAT and not is_contained):
        return None
    times = max(1, _length(right)) if is_contained else 1
    return why_too_many(right) if goes_beyond(left, MAX_ITEMS // times) else None


def _length(value: Any) -> int:
    return next((kind.__len__(value) for kind in _CONTAINERS if isinstance(value, kind)), 1)


def why_keys_collide(keys: Any, of_pairs: bool = False) -> str | None:
    """Why some values are no keys; None where they are.

    The hashes of numbers, and of tuples of them, can be chosen so that all of them are the same. Each such key is then
    compared with all before it, inside C.

    Args:
        keys: the values. Those that are read only once have ticks of their own, or are few.
        of_pairs: whether each value is a key with what it stands for.
    """
    if not isinstance(keys, list | tuple | deque | range) or len(keys) <= _MAX_COLLIDING:
        return None
    if of_pairs:
        keys = [pair[0] for pair in keys if isinstance(pair, list | tuple) and pair]
    try:
        hashes = list(map(hash, keys))
    except TypeError:  # Python says better what is no key
        return None
    if len(hashes) - len(set(hashes)) <= _MAX_COLLIDING:
        return None
    first: dict[int, Any] = {}
    others = sum(1 for key, hashed in zip(keys, hashes, strict=True) if first.setdefault(hashed, key) != key)
    return f"more than {_MAX_COLLIDING:,} of its keys have the hash of another one" if others > _MAX_COLLIDING else None
