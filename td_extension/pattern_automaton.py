"""A regular expression as an automaton that counts: in how many ways a text can have been read so far.

Glushkov's automaton of the pattern's characters, with the number of ways beside every step.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .character_sets import SINGLE, CharacterSets, NotVetted

MAX_COUNT = 1000
"""The largest number in ``{m,n}``."""
MAX_WAYS = 16
"""How many ways there may be to have read a text, from one start."""
REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_MAX_PLACES = 400
_MAX_SETS = 100
_MAX_STATES = 600
_MAX_STEPS = 8000
_MAX_UNROLLED = 40
"""Places that a counted repeat may take when it is written out; past that it counts as one without an end."""
_REFUSED = {
    "GROUPREF": "it refers back to a group",
    "GROUPREF_EXISTS": "it asks whether a group matched",
    "ASSERT": "it looks around further than a fixed text",
    "ASSERT_NOT": "it looks around further than a fixed text",
}
_TOO_INVOLVED = "it is too involved to be vetted"
_GROWING = "the ways to match one text grow with its length: what follows a repeat should not be what it repeats"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the pattern, as the places of its characters.

    Attributes:
        empty: in how many ways it matches the empty text.
        first: the places it may begin with, each with the number of ways to get there.
        last: the places it may end with, likewise.
    """

    empty: int
    first: Mapping[int, int]
    last: Mapping[int, int]


_NOTHING = Part(1, {}, {})


class Places:
    """The characters of a pattern, and in how many ways one may follow another (Glushkov's automaton, with counts).

    Attributes:
        sets: for each place the characters that stand there.
        following: for each place the places that may follow it, each with the number of ways.
    """

    def __init__(self, characters: CharacterSets) -> None:
        self._characters = characters
        self.sets: list[int] = []
        self.following: list[dict[int, int]] = []
        self._links = 0

    def sequence(self, items: Iterable[Any]) -> Part:
        """One part after another. No deeper than the groups of the pattern are nested."""
        whole = _NOTHING
        for operation, argument in items:
            whole = self._then(whole, self._part(operation.name, argument))
        return whole

    def _part(self, name: str, argument: Any) -> Part:
        match name:
            case single if single in SINGLE:
                return self._place(self._characters.of(name, argument))
            case "AT":
                return _NOTHING  # it only cuts ways short
            case "ASSERT" | "ASSERT_NOT" if all(part.name in SINGLE or part.name == "AT" for part, _ in argument[1]):
                return _NOTHING  # a look at so many characters, and no way of its own
            case "SUBPATTERN":
                return self.sequence(argument[3])
            case "ATOMIC_GROUP":
                return self.sequence(argument)
            case "BRANCH":
                return self._either([self.sequence(branch) for branch in argument[1]])
        if name in REPEATS:
            return self._repeat(*argument)
        raise NotVetted(_REFUSED.get(name, f"it holds {name.lower()}"))

    def _place(self, characters: int) -> Part:
        place = len(self.sets)
        if place >= _MAX_PLACES:
            raise NotVetted("it is too large when it is written out")
        self.sets.append(characters)
        self.following.append({})
        return Part(0, {place: 1}, {place: 1})

    def _link(self, ends: Mapping[int, int], starts: Mapping[int, int]) -> None:
        self._links += len(ends) * len(starts)
        if self._links > _MAX_STEPS:
            raise NotVetted(_TOO_INVOLVED)
        for end, ways_to_end in ends.items():
            following = self.following[end]
            for start, ways_to_start in starts.items():
                following[start] = _few(following.get(start, 0) + ways_to_end * ways_to_start)

    def _then(self, one: Part, other: Part) -> Part:
        self._link(one.last, other.first)
        first = _sum(one.first, other.first, one.empty)
        return Part(_few(one.empty * other.empty), first, _sum(other.last, one.last, other.empty))

    def _either(self, parts: Sequence[Part]) -> Part:
        empty = 0
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for part in parts:
            empty += part.empty
            first |= part.first
            last |= part.last
        return Part(_few(empty), first, last)

    def _repeat(self, least: int, most: Any, body: Iterable[Any]) -> Part:
        endless = most.__class__ is not int  # the parser's own MAXREPEAT
        if least > MAX_COUNT or (not endless and most > MAX_COUNT):
            raise NotVetted(f"it counts further than {MAX_COUNT}")
        items = list(body)
        before = len(self.sets)
        once = self.sequence(items)
        size = len(self.sets) - before
        if size == 0:
            raise NotVetted("it repeats what is empty")
        if most == 0:
            return _NOTHING
        copies = [once]
        if not endless and most * size <= _MAX_UNROLLED:
            copies += [self.sequence(items) for _ in range(most - 1)]
            return self._counted(copies, least)
        while len(copies) < least and (len(copies) + 1) * size <= _MAX_UNROLLED:
            copies.append(self.sequence(items))
        # The last copy stands for all that are left.
        if once.empty:
            raise NotVetted("it repeats what may be empty")
        self._link(copies[-1].last, copies[-1].first)
        return self._counted(copies, least)

    def _counted(self, copies: Sequence[Part], least: int) -> Part:
        """The copies one after another, of which those past `least` may be missing."""
        tail = _NOTHING
        for number in range(len(copies), 0, -1):
            tail = self._then(copies[number - 1], tail)
            if number > least:
                tail = Part(_few(tail.empty + 1), tail.first, tail.last)
        return tail


def _few(ways: int) -> int:
    if ways > MAX_WAYS:
        raise NotVetted("it can match the same text in too many ways")
    return ways


def _sum(one: Mapping[int, int], other: Mapping[int, int], times: int) -> dict[int, int]:
    """The ways of `one`, and those of `other` so many times over."""
    found = dict(one)
    if times:
        for place, ways in other.items():
            found[place] = _few(found.get(place, 0) + ways * times)
    return found


def read_all_texts(places: Places, whole: Part) -> None:
    """Read all texts at once, and look how many ways there are.

    Raises:
        NotVetted: they grow.
    """
    letters = _letters(places.sets)
    state = tuple(whole.first.items())
    seen = {state}
    waiting = [state]
    steps = 0
    while waiting:
        # What each letter leads to: the places that it may stand at, and the ways to them.
        read: dict[int, dict[int, int]] = {}
        for place, ways in waiting.pop():
            for letter in letters[place]:
                read.setdefault(letter, {})[place] = ways
            steps += len(letters[place])
        for standing in read.values():
            if sum(standing.values()) > MAX_WAYS:
                raise NotVetted(_GROWING)
            towards: dict[int, int] = {}
            for place, ways in standing.items():
                for following, more in places.following[place].items():
                    towards[following] = towards.get(following, 0) + ways * more
                steps += len(places.following[place])
            steps += 2 * len(towards)
            state = tuple(sorted(towards.items()))
            if state not in seen:
                seen.add(state)
                waiting.append(state)
            if steps > _MAX_STEPS or len(seen) > _MAX_STATES:
                raise NotVetted(_TOO_INVOLVED)


def _letters(sets: Sequence[int]) -> list[list[int]]:
    """The alphabet in as few letters as the sets can tell apart; for each set the letters that it holds."""
    different = list(dict.fromkeys(sets))
    if len(different) > _MAX_SETS:
        raise NotVetted(_TOO_INVOLVED)
    atoms = [functools.reduce(operator.or_, different, 0)]
    for characters in different:
        atoms = [part for atom in atoms for part in (atom & characters, atom & ~characters) if part]
    known = {characters: [n for n, atom in enumerate(atoms) if atom & characters] for characters in different}
    return [known[characters] for characters in sets]
