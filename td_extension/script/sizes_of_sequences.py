"""What makes sequences and iterators, as far as their length goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from .given import Given, Sizing
from .magnitudes import UNKNOWN, Kind, Many, Value, as_many, as_size, weight
from .sizes_of_numbers import choices_bits

_BY_NAME_ONLY = 99
_ENDLESS = Many(Kind.STREAM, math.inf)


def _range(given: Given) -> Value:
    bounds = [*given.positional]
    if not bounds or len(bounds) > 3:
        return UNKNOWN
    sizes = [as_size(bound) for bound in bounds]
    if len(bounds) == 1:
        sizes = [0.0, sizes[0]]
    first, last, step = (*sizes, 1.0)[:3]
    if first is None or last is None or not step:
        return UNKNOWN
    if math.isinf(last) and not math.isinf(first):
        return Many(Kind.STREAM, 1e308 if step > 0 else 0.0)  # long, yet it ends
    length = max(0.0, math.ceil((last - first) / step)) if math.isfinite(last - first) else 0.0
    return Many(Kind.STREAM, length, certain=all(isinstance(bound, int) for bound in bounds))


def _filled(kind: Kind) -> Sizing:
    """`bytes` and `bytearray`: as many as a number says, or what an iterable gives."""

    def filled(given: Given) -> Value:
        first = given.get(0, "source")
        size, many = as_size(first), as_many(first)
        if size is not None:
            return Many(kind, max(0.0, size), certain=False)
        return UNKNOWN if many is None else Many(kind, many.length, certain=False)

    return filled


def _collected(kind: Kind) -> Sizing:
    def collected(given: Given) -> Value:
        many = as_many(given.get(0)) if given.positional else Many(kind, 0)
        if many is None:
            return UNKNOWN
        items = many.items if kind is not Kind.STREAM else None
        certain = many.certain and kind is Kind.TUPLE
        return Many(kind, many.length, many.each, items, certain) if many.kind is not Kind.ARRAY else UNKNOWN

    return collected


def _unique(given: Given) -> Value:
    many = as_many(given.get(0)) if given.positional else None
    if many is None or many.kind is not Kind.STREAM:
        return UNKNOWN
    return Many(Kind.LIST, many.length, many.each, certain=False)


def _lengths(given: Given, skip: int = 0) -> list[float | None]:
    found = [as_many(value) for value in given.positional[skip:]]
    return [None if many is None else many.length for many in found]


def _shortest(skip: int) -> Sizing:
    """`zip` and `map`: they end with the shortest of what they are given."""

    def shortest(given: Given) -> Value:
        lengths = _lengths(given, skip)
        if not lengths or None in lengths:
            return UNKNOWN
        return Many(Kind.STREAM, min(length for length in lengths if length is not None), certain=False)

    return shortest


def _chain(given: Given) -> Value:
    known = [length for length in _lengths(given) if length is not None]
    return Many(Kind.STREAM, sum(known), certain=False) if known else UNKNOWN


def _longest(given: Given) -> Value:
    known = [length for length in _lengths(given) if length is not None]
    return Many(Kind.STREAM, max(known), certain=False) if known else UNKNOWN


def _passed(index: int) -> Sizing:
    """What gives about as many items as it is given."""

    def passed(given: Given) -> Value:
        many = as_many(given.get(index, "iterable"))
        return UNKNOWN if many is None else Many(Kind.STREAM, many.length, certain=False)

    return passed


def _iterator(given: Given) -> Value:
    return _ENDLESS if len(given.positional) == 2 else _passed(0)(given)


def _repeat(given: Given) -> Value:
    if not given.has(1, "times"):
        return Many(Kind.STREAM, math.inf, weight(given.get(0, "object")))
    times = as_size(given.get(1, "times"))
    return UNKNOWN if times is None else Many(Kind.STREAM, max(0.0, times), weight(given.get(0)), certain=False)


def _cycle(given: Given) -> Value:
    many = as_many(given.get(0))
    return UNKNOWN if many is not None and many.length == 0 else _ENDLESS


def _slice_of(given: Given) -> Value:
    stop = as_size(given.get(1 if len(given.positional) == 2 else 2))
    many = as_many(given.get(0))
    if stop is None:
        is_open = len(given.positional) > 2 and given.get(2) is None
        return UNKNOWN if many is None or not is_open else replace(many, items=None, certain=False)
    return Many(Kind.STREAM, max(0.0, min(stop, math.inf if many is None else many.length)), certain=False)


def _product(given: Given) -> Value:
    repeat = as_size(given.words.get("repeat", 1))
    bits = 0.0
    for length in _lengths(given):
        if not length:
            return UNKNOWN
        bits += math.log2(length) if math.isfinite(length) else math.inf
    if repeat is None:
        return UNKNOWN
    return Many(Kind.STREAM, _finite_power(bits * repeat if bits else 0.0), certain=False)


def _finite_power(bits: float) -> float:
    """2 to the power of `bits`, at most the largest float: what is long, yet ends."""
    return math.pow(2.0, min(bits, 1023.0))


def _choices(in_order: bool, with_replacement: bool = False) -> Sizing:
    def choices(given: Given) -> Value:
        many, taken = as_many(given.get(0, "iterable")), as_size(given.get(1, "r"))
        if many is None or (taken is None and given.has(1, "r")):
            return UNKNOWN
        size = many.length
        taken = size if taken is None else taken
        if with_replacement:
            size += max(0.0, taken - 1)
        bits = choices_bits(size, taken, in_order=in_order)
        return Many(Kind.STREAM, _finite_power(bits) if bits > -math.inf else 0.0, certain=False)

    return choices


def _taken(index: int, name: str, kind: Kind) -> Sizing:
    """What makes as many items as one argument says."""

    def taken(given: Given) -> Value:
        size = as_size(given.get(index, name))
        return UNKNOWN if size is None else Many(kind, max(0.0, size), certain=False)

    return taken


SEQUENCES: Mapping[str, Sizing] = {
    "range": _range,
    "bytes": _filled(Kind.BYTES),
    "bytearray": _filled(Kind.BYTES),
    "list": _collected(Kind.LIST),
    "tuple": _collected(Kind.TUPLE),
    "sorted": _collected(Kind.LIST),
    "set": _unique,
    "frozenset": _unique,
    "collections.deque": _unique,
    ".fromkeys": _unique,
    "reversed": _collected(Kind.STREAM),
    "enumerate": _passed(0),
    "filter": _passed(1),
    "map": _shortest(1),
    "zip": _shortest(0),
    "iter": _iterator,
    "itertools.count": lambda given: _ENDLESS,
    "itertools.cycle": _cycle,
    "itertools.repeat": _repeat,
    "itertools.islice": _slice_of,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _passed(0),
    "itertools.zip_longest": _longest,
    "itertools.product": _product,
    "itertools.permutations": _choices(in_order=True),
    "itertools.combinations": _choices(in_order=False),
    "itertools.combinations_with_replacement": _choices(in_order=False, with_replacement=True),
    "itertools.accumulate": _passed(0),
    "itertools.pairwise": _passed(0),
    "itertools.starmap": _passed(1),
    "itertools.filterfalse": _passed(1),
    "itertools.dropwhile": _passed(1),
    "itertools.compress": _shortest(0),
    "random.randbytes": _taken(0, "n", Kind.BYTES),
    "secrets.token_bytes": _taken(0, "nbytes", Kind.BYTES),
    "secrets.token_hex": _taken(0, "nbytes", Kind.TEXT),
    "secrets.token_urlsafe": _taken(0, "nbytes", Kind.TEXT),
    "random.choices": _taken(_BY_NAME_ONLY, "k", Kind.LIST),
    "random.sample": _taken(1, "k", Kind.LIST),
    ".randbytes": _taken(0, "n", Kind.BYTES),
    ".to_bytes": _taken(0, "length", Kind.BYTES),
}
