"""Looks at sizes just before something is made of them, inside C, where no tick can stop it.

The judgement knows the sizes that stand in the text; these are the ones that only show when the script runs. The
limits are the same (`limits_of_cost`).
"""

from __future__ import annotations

import math
import operator
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .chained import unchained
from .library_sizes import of_matrices, of_one_matrix
from .limits_of_cost import MAX_BITS, MAX_ELEMENTS, MAX_ITEMS, MAX_TEXT, MAX_WIDTH
from .measures import item_size, length, size, whole
from .sharing import FLAT, goes_beyond, why_keys_collide, why_too_long_to_compare, why_too_many
from .texts_made import LENGTH_MADE, length_filled

if TYPE_CHECKING:
    from .searching import Searching

_SMALL = 1 << 64
_MAX_SIDES = 64
_TEXTS = (str, bytes, bytearray)
_LISTS = (list, tuple)
_FILLED = (bytes, bytearray)
_WIDTH = re.compile(r"[0-9]{7,}")
_PADDING = {"center", "ljust", "rjust", "zfill", "expandtabs"}

_KEYED = {"update", "union", "symmetric_difference", "symmetric_difference_update"}
"""Methods that look up, or take in, each part of what they are given."""
_SEEKING = {"index", "remove", "count"}
"""Methods that compare what they are given with each item."""

_SQUARE = {"eye", "identity", "tri", "vander"}
_MULTIPLYING = {"outer", "kron", "meshgrid", "repeat", "tile", "mgrid", "ogrid", "indices"}

MAX_SORTED = 2_000_000
"""Items that one call sorts."""

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    **{name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}

Refuse = Callable[[str], None]
"""Stops the script, and says why."""


class Bounds:
    """Looks at sizes, on behalf of one watch.

    Args:
        refuse: stops the script.
        tick: lets the deadline be seen.

    Attributes:
        refuse, tick: as they were given.
    """

    def __init__(self, refuse: Refuse, tick: Callable[[], object]) -> None:
        self.refuse = refuse
        self.tick = tick

    # -- operations ------------------------------------------------------------------------------------------------

    def product(self, left: Any, right: Any) -> Any:
        """``left * right``."""
        self.before_product(left, right)
        return left * right

    def power(self, left: Any, right: Any) -> Any:
        """``left ** right``."""
        self.before_power(left, right)
        return left**right

    def shift(self, left: Any, right: Any) -> Any:
        """``left << right``."""
        self.before_shift(left, right)
        return left << right

    def total(self, left: Any, right: Any) -> Any:
        """``left + right``."""
        self.before_total(left, right)
        return left + right

    def remainder(self, left: Any, right: Any) -> Any:
        """``left % right``, which fills a template where `left` is a text."""
        self.before_remainder(left, right)
        return left % right

    def matrix(self, left: Any, right: Any) -> Any:
        """``left @ right``."""
        self.before_matrix(left, right)
        return left @ right

    def before_matrix(self, left: Any, right: Any) -> Any:
        """Look at the operands of a product of matrices; return the right one."""
        self.unless(of_matrices((left, right), {}))
        return right

    def before_product(self, left: Any, right: Any) -> Any:
        """Look at the operands of a product; return the right one."""
        self._broadcast(left, right)
        one, other = whole(left), whole(right)
        if one is not None and other is not None:
            if not (-_SMALL < one < _SMALL or -_SMALL < other < _SMALL):
                self._bits(one.bit_length() + other.bit_length())
        elif other is not None:
            self._repeated(left, other)
        elif one is not None:
            self._repeated(right, one)
        return right

    def before_power(self, left: Any, right: Any) -> Any:
        """Look at the operands of a power; return the exponent."""
        self._broadcast(left, right)
        base, exponent = whole(left), whole(right)
        if base is not None and exponent is not None and exponent > 0:
            self._bits(base.bit_length() * exponent)
        return right

    def before_shift(self, left: Any, right: Any) -> Any:
        """Look at the operands of a shift to the left; return the right one."""
        value, places = whole(left), whole(right)
        if value is not None and places is not None and places > 0:
            self._bits(value.bit_length() + places)
        return right

    def before_total(self, left: Any, right: Any) -> Any:
        """Look at the operands of a sum; return the right one."""
        self._broadcast(left, right)
        one, other = length(left), length(right)
        if one is not None and other is not None:
            self._long(left, one + other)
            if isinstance(left, tuple):
                self.walked((left, right))
        return right

    def before_remainder(self, left: Any, right: Any) -> Any:
        """Look at a template before it is filled; return what fills it."""
        if isinstance(left, _TEXTS):
            template = str.__str__(left) if isinstance(left, str) else bytes(left).decode("latin-1")
            if _WIDTH.search(template):
                self.refuse("it pads a text to millions of characters")
            if "*" in template:
                for part in tuple.__iter__(right) if isinstance(right, tuple) else (right,):
                    self._width(part)
            self.walked(right)
            self._long(left, length_filled(template, right))
        else:
            self._broadcast(left, right)
        return right

    def specification(self, value: Any) -> Any:
        """Look at a part of a format's specification, which may be a width; return it."""
        self._width(value)
        if isinstance(value, str) and _WIDTH.search(str.__str__(value)):
            self.refuse("it pads a text to millions of characters")
        return value

    def compared(self, left: Any, operation: str, right: Any, /) -> Any:
        """A comparison, or a search in a container, of two values of which none may be a number or a text."""
        if type(left) not in FLAT:
            self.unless(why_too_long_to_compare(left, right, is_contained=operation.endswith("in")))
            self._broadcast(left, right)
        return COMPARISONS[operation](left, right)

    def spread(self, left: Any, operation: str, right: Any, /) -> Any:
        """An operation that makes something large of arrays alone."""
        self._broadcast(left, right)
        return getattr(operator, operation)(left, right)

    def tupled(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        """Look at a tuple when it is made, if it holds several: it may be hashed later, where nothing looks on."""
        if not FLAT.issuperset(map(type, value)) and sum(isinstance(part, tuple) for part in value) > 1:
            self.unless(why_too_many(value))
        return value

    def walked(self, value: Any) -> Any:
        """Look at a value that is made a text, or compared in C; return it."""
        if type(value) not in FLAT:
            self.unless(why_too_many(value))
        return value

    # -- calls -----------------------------------------------------------------------------------------------------

    def method(self, receiver: Any, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call a method that makes a value as large as what it is given says."""
        subject: Any = super.__getattribute__(receiver, "__self__") if type(receiver) is super else receiver
        if isinstance(subject, type) and issubclass(subject, _TEXTS) and arguments:  # str.join(", ", parts)
            subject, of_value = arguments[0], arguments[1:]
        else:
            of_value = arguments
        if name in _PADDING:
            for argument in (*of_value, *keywords.values()):
                self._width(argument)
        elif name == "join" and isinstance(subject, _TEXTS) and of_value:
            # What is read only once is read here; C would read it into a list as well.
            parts = of_value[0] if isinstance(of_value[0], _LISTS) else list(of_value[0])
            of_value = (parts, *of_value[1:])
            arguments = (*arguments[: len(arguments) - len(of_value)], *of_value)
            self._long(subject, sum(length(part) or 0 for part in list(parts)) + (length(subject) or 0) * len(parts))
        elif name in LENGTH_MADE and isinstance(subject, _TEXTS):
            self.walked((of_value, keywords))
            self._long(subject, LENGTH_MADE[name](subject, of_value, keywords))
        elif name in ("to_bytes", "randbytes", "repeat", "digest", "hexdigest"):
            self.elements(name, of_value, keywords)
        elif name in ("resize", "outer", "astype"):
            self._array(subject, name, of_value, keywords)
        elif name == "sort" and isinstance(subject, list):
            self.sorting(subject)
        elif name == "fromkeys" and subject is dict and of_value:
            self.unless(why_keys_collide(of_value[0]))
        elif name in _KEYED and isinstance(subject, (dict, set, frozenset)):
            for part in of_value:
                self.unless(why_keys_collide(part, of_pairs=type(subject) is dict))
        elif name in ("samples", "quantiles", "getrandbits"):
            self.elements(name, of_value, keywords)
        elif name == "choices" and "k" in keywords:
            self.elements(name, (keywords["k"],), {})
        elif name == "multivariate_normal":
            self.unless(of_one_matrix(of_value, {}))
        elif name == "fill" and type(subject).__module__ == "numpy" and of_value:
            self.held_by_an_array(of_value[0])
        elif name in _SEEKING and isinstance(subject, (*_LISTS, deque)) and of_value:
            self.unless(why_too_long_to_compare(of_value[0], subject, is_contained=True))
        elif name == "elements" and isinstance(subject, dict):
            self._long([], sum(max(0, whole(count) or 0) for count in dict.values(subject)))
        elif name == "expand" and isinstance(subject, re.Match) and of_value:
            self.searching().expanded(subject, of_value[0])
        return getattr(receiver, name)(*arguments, **keywords)

    def held_by_an_array(self, value: Any) -> Any:
        """Look at a value that becomes an item of an array; return it.

        numpy frees arrays that lie in each other by calling itself: ten thousands of them overflow the stack.
        """
        for part in value if type(value) in _LISTS else (value,):
            if type(part).__module__ == "numpy" and getattr(getattr(part, "dtype", None), "hasobject", False):
                self.refuse("it puts an array of objects into another array")
        return value

    def cells(self, sizes: Iterable[Any]) -> None:
        """Look at the size that a table is given."""
        if math.prod(max(1, whole(size) or 1) for size in sizes) > MAX_ITEMS:
            self.refuse(f"it makes more than {MAX_ITEMS:,} cells")

    def built(self, function: Any, /, *arguments: Any, **keywords: Any) -> Any:
        """A call of a class that walks through what it is given, or looks up each part of it."""
        if function in _FILLED and arguments:
            self._long(b"", whole(arguments[0]) or 0)
        if not arguments or (type(arguments[0]) in FLAT and type(arguments[0]) is not range):
            return function(*arguments, **keywords)
        if function is str:
            self.walked(arguments[0])
        elif function in (set, frozenset, dict):
            self.unless(why_keys_collide(arguments[0], of_pairs=function is dict))
        made = function(*arguments, **keywords)
        return self.tupled(made) if function is tuple else made

    def text(self, *arguments: Any) -> str:
        """``str``."""
        return str(*map(self.walked, arguments))

    # -- also for builtins and functions of modules ----------------------------------------------------------------

    def unless(self, why: str | None) -> None:
        """Stop the script where there is a reason to."""
        if why is not None:
            self.refuse(why)

    def sorting(self, parts: list[Any]) -> None:
        """Look at a list before it is sorted."""
        if len(parts) > MAX_SORTED:
            self.refuse(f"it sorts more than {MAX_SORTED:,} items")
        self.walked(parts)

    def elements(self, name: str, arguments: Iterable[Any], keywords: Mapping[str, Any]) -> None:
        """Look at the sizes among the arguments of `name`: numbers, shapes, and arrays where they multiply."""
        sizes = [size(value) for value in (*arguments, *keywords.values())]
        if name in _SQUARE and len(sizes) == 1:
            sizes *= 2
        total = math.prod(sizes) if name in _MULTIPLYING or name in _SQUARE else max(sizes, default=1)
        kinds = [part for part in (*arguments, keywords.get("dtype")) if isinstance(part, str)]
        self._long_array(total * max([8, *map(item_size, kinds)]) // 8)

    def searching(self) -> Searching:
        """What looks at patterns and at what is searched with them."""
        from .searching import Searching  # only here: few scripts search

        return Searching(self.refuse, self.tick)

    def unchained(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that makes iterators of iterators or the like, with a look at how deep they hold each other."""
        return unchained(function, self.refuse, self.tick)

    # -- how it decides --------------------------------------------------------------------------------------------

    def _array(self, value: Any, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
        """A method of an array, or of a function of numpy."""
        if name == "resize" and keywords.get("refcheck", True) is not True:
            self.refuse("it moves an array that others may still look at; use numpy.resize")
        if name == "outer":
            sizes = [size(argument) for argument in arguments]
            self._long_array(math.prod(sizes))
        elif name == "resize":
            self.elements(name, arguments, keywords)
        elif type(value).__module__ == "numpy":
            kinds = [*arguments[:1], *(keywords[word] for word in ("dtype",) if word in keywords)]
            self._long_array(size(value) * max([1, *map(item_size, kinds)]) // 8)

    def _broadcast(self, *operands: Any) -> None:
        """Look at arrays before they are spread over each other."""
        if type(operands[0]).__module__ != "numpy":
            return
        shapes = [value.shape for value in operands if type(value).__module__ == "numpy" and hasattr(value, "shape")]
        if len(shapes) == 2:
            shapes = [(1,) * (_MAX_SIDES - len(shape)) + shape for shape in shapes]
            self._long_array(math.prod(map(max, *shapes)))

    def _long_array(self, elements: int) -> None:
        if elements > MAX_ELEMENTS:
            self.refuse(f"it makes more than {MAX_ELEMENTS:,} elements")

    def _bits(self, bits: int) -> None:
        if bits > MAX_BITS:
            self.refuse(f"it makes a number of more than {MAX_BITS:,} bits")

    def _long(self, value: Any, length: int) -> None:
        limit = MAX_TEXT if isinstance(value, _TEXTS) else MAX_ITEMS
        if length > limit:
            self.refuse(f"it makes a value of more than {limit:,} items or characters")

    def _repeated(self, value: Any, times: int) -> None:
        items = length(value)
        if items is not None:
            self._long(value, items * times)
            if times > 1 and isinstance(value, tuple) and goes_beyond(value, MAX_ITEMS // times):
                self.refuse(f"it goes through more than {MAX_ITEMS:,} parts, shared ones included")

    def _width(self, value: Any) -> None:
        width = whole(value)
        if width is not None and width > MAX_WIDTH:
            self.refuse(f"it pads a text to more than {MAX_WIDTH:,} characters")
