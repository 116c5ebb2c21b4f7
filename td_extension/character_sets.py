"""Sets of characters as a regular expression names them, each as one integer.

One bit for each ASCII character; beyond ASCII, four bits (digit, other word character, space, anything else) for each
stretch of code points between those that the pattern names. A set may come out larger than it is, never smaller.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterable
from typing import Any

SINGLE = {"ANY", "IN", "LITERAL", "NOT_LITERAL"}
"""The operations of a parsed pattern that match one character."""

_ASCII = 128
_DIGIT, _WORD, _SPACE, _OTHER = 1, 2, 4, 8
_ANY_KIND = _DIGIT | _WORD | _SPACE | _OTHER


class NotVetted(Exception):
    """The pattern is not one of the vetted ones; the message says why."""


def _kind(code: int) -> int:
    """What `re` takes a character for: its categories are those of `str.isdecimal`, `isalnum` and `isspace`."""
    character = chr(code)
    if character.isdecimal():
        return _DIGIT
    return _WORD if character.isalnum() else _SPACE if character.isspace() else _OTHER


def _ascii_where(kinds: int) -> int:
    return sum(1 << code for code in range(_ASCII) if _kind(code) & kinds)


def _bits(characters: str) -> int:
    return sum(1 << ord(character) for character in characters)


_ALL_ASCII = (1 << _ASCII) - 1
_DIGITS = _ascii_where(_DIGIT)
_WORDS = _ascii_where(_DIGIT | _WORD) | _bits("_")
_SPACES = _ascii_where(_SPACE)
_SPACES_IN_UNICODE_ONLY = _bits("\x1c\x1d\x1e\x1f")
_EQUAL_TO_SOME_BEYOND = _bits("iIkKsS")
"""Where case is ignored: to the dotless i, the Kelvin sign and the long s."""


class CharacterSets:
    """The sets of one pattern.

    Args:
        parts: every operation in the parsed pattern, with its argument.
        flags: the flags that hold anywhere in it.
    """

    def __init__(self, parts: Iterable[tuple[Any, Any]], flags: int) -> None:
        self._flags = flags
        cuts = {_ASCII}
        for operation, argument in parts:
            if operation.name in ("LITERAL", "NOT_LITERAL"):
                cuts |= {argument, argument + 1}
            elif operation.name == "RANGE":
                cuts |= {argument[0], argument[1] + 1}
        self._starts = sorted(cut for cut in cuts if _ASCII <= cut <= sys.maxunicode)
        self._stretches = ((1 << 4 * len(self._starts)) - 1) // _ANY_KIND << _ASCII  # the lowest bit of each
        self._all = _ALL_ASCII | self._beyond(_ANY_KIND)

    def of(self, name: str, argument: Any) -> int:
        """The characters that an operation matches.

        Args:
            name: one of `SINGLE`.
            argument: what the parsed pattern holds beside it.

        Raises:
            NotVetted: the operation holds something unknown.
        """
        if name == "ANY":
            return self._all if self._flags & re.DOTALL else self._all & ~_bits("\n")
        if name != "IN":
            bits = self._folded(self._between(argument, argument))
            return bits if name == "LITERAL" else self._without(bits)
        bits, negated = 0, False
        for operation, value in argument:
            match operation.name:
                case "NEGATE":
                    negated = True
                case "LITERAL":
                    bits |= self._between(value, value)
                case "RANGE":
                    bits |= self._between(*value)
                case "CATEGORY":
                    bits |= self._category(value.name)
                case other:
                    raise NotVetted(f"it holds {other.lower()}")
        bits = self._folded(bits)
        return self._without(bits) if negated else bits

    def _beyond(self, kinds: int) -> int:
        """The characters of these kinds beyond ASCII."""
        return self._stretches * kinds

    def _between(self, first: int, last: int) -> int:
        """The characters from `first` to `last`, both included. A stretch lies between them whole, or not at all."""
        bits = (1 << (min(last, _ASCII - 1) + 1)) - (1 << first) if first < _ASCII else 0
        begin, end = bisect.bisect_left(self._starts, first), bisect.bisect_right(self._starts, last)
        if first == last and begin < end:
            return _kind(first) << (_ASCII + 4 * begin)
        return bits | (1 << (_ASCII + 4 * end)) - (1 << (_ASCII + 4 * begin))

    def _without(self, bits: int) -> int:
        left = self._all & ~bits
        # `_folded` adds what may be meant, which is more than what certainly is.
        return left | self._beyond(_ANY_KIND) | _EQUAL_TO_SOME_BEYOND if self._flags & re.IGNORECASE else left

    def _folded(self, bits: int) -> int:
        if not self._flags & re.IGNORECASE:
            return bits
        for upper in range(ord("A"), ord("Z") + 1):
            both = 1 << upper | 1 << (upper + 32)
            if bits & both:
                bits |= both
        if bits > _ALL_ASCII:  # any of them may be the other case of any other
            return bits | self._beyond(_ANY_KIND) | _EQUAL_TO_SOME_BEYOND
        return bits | self._beyond(_WORD) if bits & _EQUAL_TO_SOME_BEYOND else bits

    def _category(self, name: str) -> int:
        match name.removeprefix("CATEGORY_").removeprefix("NOT_"):
            case "DIGIT":
                low, kinds = _DIGITS, _DIGIT
            case "WORD":
                low, kinds = _WORDS, _DIGIT | _WORD
            case "SPACE":
                low, kinds = _SPACES, _SPACE
            case other:
                raise NotVetted(f"it holds {other.lower()}")
        bits = low & ~_SPACES_IN_UNICODE_ONLY if self._flags & re.ASCII else low | self._beyond(kinds)
        return self._all & ~bits if "NOT_" in name else bits
