"""Sets of characters as a regular expression of RE2 names them, and the letters that they tell apart.

What the classes hold is RE2's (its documented syntax): ``\\d``, ``\\w``, ``\\s`` and ``\\b`` are ASCII, ``(?i)`` folds
one character to one. A set is a tuple of ranges of code points, both ends included.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

SINGLE = frozenset({"ANY", "IN", "LITERAL", "NOT_LITERAL"})
"""The operations of a parsed pattern that match one character."""

NEWLINE: Ranges = ((10, 10),)
WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_DIGIT: Ranges = ((48, 57),)
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_ALL: Ranges = ((0, sys.maxunicode),)
_CLASSES: Mapping[str, Ranges] = {"DIGIT": _DIGIT, "WORD": WORD, "SPACE": _SPACE}
_LAST_CASED = 0x1E943
"""The last code point that has another case (Unicode 15)."""


def characters_of(name: str, argument: Any, flags: int) -> Ranges | None:
    """The characters that an operation of a parsed pattern matches; None where it holds something unknown.

    Args:
        name: one of `SINGLE`.
        argument: what the parsed pattern holds beside it.
        flags: those of `re` that hold there.
    """
    if name == "ANY":
        return _ALL if flags & re.DOTALL else complement(NEWLINE)
    if name != "IN":
        one = _cased(((argument, argument),), flags)
        return one if name == "LITERAL" else complement(one)
    found: list[tuple[int, int]] = []
    negated = False
    for operation, value in argument:
        match operation.name:
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append((value, value))
            case "RANGE":
                found.append((value[0], value[1]))
            case "CATEGORY":
                word = value.name.removeprefix("CATEGORY_")
                named = _CLASSES.get(word.removeprefix("NOT_"))
                if named is None:
                    return None
                found += complement(named) if word.startswith("NOT_") else named
            case _:
                return None
    whole = _cased(_joined(found), flags)
    return complement(whole) if negated else whole


def complement(ranges: Ranges) -> Ranges:
    """Every other character."""
    gaps, at = [], 0
    for first, last in ranges:
        if first > at:
            gaps.append((at, first - 1))
        at = last + 1
    if at <= sys.maxunicode:
        gaps.append((at, sys.maxunicode))
    return tuple(gaps)


def letters_of(sets: Iterable[Ranges]) -> list[int]:
    """Where the stretches begin that no set tells apart; the first is 0."""
    starts = {0}
    for ranges in sets:
        for first, last in ranges:
            starts |= {first, last + 1}
    return sorted(start for start in starts if start <= sys.maxunicode)


def letters_in(ranges: Ranges, starts: Sequence[int]) -> frozenset[int]:
    """Which of the stretches that begin at `starts` a set holds."""
    return frozenset(
        index for index, start in enumerate(starts) if any(first <= start <= last for first, last in ranges)
    )


def _joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _cased(ranges: Ranges, flags: int) -> Ranges:
    """The characters, with those of another case where case is ignored."""
    if not flags & re.IGNORECASE:
        return ranges
    of_case = _of_the_same_case()
    more = [
        (other, other)
        for first, last in ranges
        for code in range(first, min(last, _LAST_CASED) + 1)
        for other in of_case.get(_folded(code), ())
    ]
    return _joined([*ranges, *more])


def _folded(code: int) -> str:
    character = chr(code)
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character


@functools.cache
def _of_the_same_case() -> dict[str, tuple[int, ...]]:
    """The characters that differ in case only, where there are several."""
    found: dict[str, list[int]] = {}
    for code in range(_LAST_CASED + 1):
        found.setdefault(_folded(code), []).append(code)
    return {folded: tuple(codes) for folded, codes in found.items() if len(codes) > 1}
