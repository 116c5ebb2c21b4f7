"""Regular expressions of a policy: RE2's meaning, a search that is linear in the text whatever the text.

Intercept's ``regex`` is Go's RE2, unanchored (policy_engines.md section 1.1). Python's `re` differs where it counts:
it backtracks, ``$`` also matches before a last line feed, ``\\d`` and ``\\w`` go beyond ASCII. So the pattern is only
parsed by `re`; it is run as an automaton whose states are found as they are needed, one step a character.

What a policy may write is a vetted subset: `why_not_linear` looks at every pattern, and what RE2 does not have, or
reads otherwise than Python, is refused: references back, looking around, atomic and possessive parts, ``{,n}``,
``[[:alpha:]]``.
"""

from __future__ import annotations

import importlib
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from ..linear_pattern import why_not_linear
from .expression_sets import NEWLINE, SINGLE, WORD, Ranges, characters_of, letters_in, letters_of
from .wording import quoted

# The parser behind `re.compile` of this very interpreter; `sre_parse`, its public name, is deprecated since 3.11.
_parser: Any = importlib.import_module("re._parser")

MAX_PATTERN = 1000
"""Characters of a pattern."""
_MAX_STEPS = 4_000
"""Instructions of the automaton: what counted repeats come to when they are written out."""
_MAX_STATES = 1_000
"""States that are remembered; past that they are forgotten and found anew."""
_ASCII = 128
_ALLOWED_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.UNICODE
_NOT_RE2 = re.compile(r"\{,[0-9]+\}|\(\?#|\\[uUN]")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_REPLACED = "write it without references, look-around, atomic and possessive parts, with the flags i, m and s only"
_OTHERWISE = "write what is meant in another way; RE2, whose patterns these are, reads this otherwise or not at all"


class ExpressionError(ValueError):
    """A pattern that cannot be used.

    Attributes:
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


class _State:
    """Where reading may stand: the instructions it has come to, and the kind of the character before."""

    __slots__ = ("at", "before", "ends", "following")

    def __init__(self, at: frozenset[int], before: str, letters: int) -> None:
        self.at = at
        self.before = before
        self.following: list[_State | None] = [None] * letters
        self.ends: bool | None = None


_FOUND = _State(frozenset(), "", 0)
"""A match was found, whatever follows."""


class Expression:
    """A pattern that was vetted. Built by `parse_expression`; equal where the text is.

    Attributes:
        text: the pattern as it was written.
    """

    def __init__(self, text: str, program: _Program) -> None:
        self.text = text
        self._steps = program.steps
        starts = letters_of([WORD, NEWLINE, *program.sets])
        self._starts = starts
        self._ascii = [bisect_right(starts, code) - 1 for code in range(_ASCII)]
        self._sets = [letters_in(ranges, starts) for ranges in program.sets]
        words, lines = letters_in(WORD, starts), letters_in(NEWLINE, starts)
        self._kinds = ["word" if n in words else "line" if n in lines else "other" for n in range(len(starts))]
        self._states: dict[tuple[frozenset[int], str], _State] = {}
        self._start = self._state(frozenset({0}), "edge")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def found_in(self, text: str) -> bool:
        """Whether the pattern matches somewhere in a text. One step for each of its characters, whatever they are."""
        state, ascii_letters, starts = self._start, self._ascii, self._starts
        for character in text:
            code = ord(character)
            letter = ascii_letters[code] if code < _ASCII else bisect_right(starts, code) - 1
            state = state.following[letter] or self._step(state, letter)
            if state is _FOUND:
                return True
        if state.ends is None:
            state.ends = self._reached(state, "edge") is None
        return state.ends

    def _step(self, state: _State, letter: int) -> _State:
        kind = self._kinds[letter]
        reached = self._reached(state, kind)
        if reached is None:
            following = _FOUND
        else:
            onward = frozenset(at + 1 for at in reached if letter in self._sets[self._steps[at][1]])
            # A match may begin anywhere, so the first instruction is among them at every character.
            following = self._state(onward | {0}, kind)
        state.following[letter] = following
        return following

    def _state(self, at: frozenset[int], before: str) -> _State:
        known = self._states.get((at, before))
        if known is not None:
            return known
        if len(self._states) >= _MAX_STATES:
            self._states = {}
            self._start = self._state(frozenset({0}), "edge")
        state = self._states[at, before] = _State(at, before, len(self._starts))
        return state

    def _reached(self, state: _State, after: str) -> list[int] | None:
        """The instructions that read a character, come to without reading one; None where a match ends here."""
        waiting, seen, readers = list(state.at), set(state.at), []
        while waiting:
            at = waiting.pop()
            name, argument = self._steps[at]
            if name == "match":
                return None
            if name == "read":
                readers.append(at)
                continue
            here = (at + 1,) if name != "split" and _holds(name, state.before, after) else ()
            for one in argument if name == "split" else here:
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return readers


def parse_expression(text: str) -> Expression:
    """Read a pattern.

    Raises:
        ExpressionError: with what was found and what to write instead.
    """
    if len(text) > MAX_PATTERN:
        raise ExpressionError(f"a pattern has {len(text):,} characters", f"keep it to {MAX_PATTERN:,}")
    reason = why_not_linear(text)
    if reason is not None and why_not_linear(_without_slack(text)) is not None:
        # A pattern is searched for anywhere, so that .* at its ends changes nothing; many write it all the same.
        remedy = "write a simpler one; it is searched for anywhere, so leave out .* at both ends"
        raise ExpressionError(f"{quoted(text)} cannot be vetted: {reason}", remedy)
    different = _NOT_RE2.search(text)
    if different is not None:
        raise ExpressionError(f"{quoted(text)} holds {quoted(different[0])}", _OTHERWISE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _parser.parse(text, 0)
    except Warning:
        raise ExpressionError(f"{quoted(text)} holds a set within a set", _OTHERWISE) from None
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise ExpressionError(f"{quoted(text)} is no valid pattern: {error}", _OTHERWISE) from None
    program = _Program(text)
    program.sequence(parsed, parsed.state.flags)
    program.add("match", None)
    return Expression(text, program)


def _without_slack(text: str) -> str:
    """A pattern without ``.*`` at its ends, for the vetting only: `Expression` reads every character once."""
    text = text.removeprefix("^").removeprefix(".*")
    shorter = text.removesuffix("$").removesuffix(".*")
    return text if shorter.endswith("\\") else shorter


def _holds(place: str, before: str, after: str) -> bool:
    """Whether a place in the text is of a kind, by the kinds of the characters on both sides."""
    match place:
        case "begin":
            return before == "edge"
        case "end":
            return after == "edge"
        case "line begin":
            return before in ("edge", "line")
        case "line end":
            return after in ("edge", "line")
        case "boundary":
            return (before == "word") is not (after == "word")
        case _:
            return (before == "word") is (after == "word")


_PLACES = {
    "AT_BEGINNING": ("begin", "line begin"),
    "AT_END": ("end", "line end"),
    "AT_BEGINNING_STRING": ("begin", "begin"),
    "AT_END_STRING": ("end", "end"),
    "AT_BOUNDARY": ("boundary", "boundary"),
    "AT_NON_BOUNDARY": ("no boundary", "no boundary"),
}
"""What a place in the text is called here, without and with ``(?m)``."""


class _Program:
    """A parsed pattern as instructions, each a name and its argument: Thompson's construction.

    ``read`` goes on where the character is in the set of that number; ``split`` goes on at each of the instructions
    named; ``match`` ends; any other name is a place in the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.steps: list[tuple[str, Any]] = []
        self.sets: list[Ranges] = []

    def add(self, name: str, argument: Any) -> int:
        """Add an instruction; return its number."""
        if len(self.steps) >= _MAX_STEPS:
            raise ExpressionError(f"{quoted(self._text)} is too large when its repeats are written out", "count less")
        self.steps.append((name, argument))
        return len(self.steps) - 1

    def sequence(self, items: Iterable[Any], flags: int) -> None:
        """Add one part after another."""
        if flags & ~_ALLOWED_FLAGS:
            raise self._refused("a flag that RE2 does not have")
        for operation, argument in items:
            self._part(operation.name, argument, flags)

    def _part(self, name: str, argument: Any, flags: int) -> None:
        if name in SINGLE:
            found = characters_of(name, argument, flags)
            if found is None:
                raise self._refused("an unknown class of characters")
            self.sets.append(found)
            self.add("read", len(self.sets) - 1)
        elif name == "AT" and argument.name in _PLACES:
            self.add(_PLACES[argument.name][bool(flags & re.MULTILINE)], None)
        elif name == "SUBPATTERN":
            _, added, taken, items = argument
            self.sequence(items, (flags | added) & ~taken)
        elif name == "BRANCH":
            self._branches(argument[1], flags)
        elif name in _REPEATS:
            least, most, items = argument
            self._repeat(least, most, items, flags)
        else:
            raise self._refused(f"a part of the kind {name.lower()}")

    def _branches(self, branches: list[Any], flags: int) -> None:
        ends = []
        for branch in branches[:-1]:
            fork = self.add("split", ())
            self.sequence(branch, flags)
            ends.append(self.add("split", ()))
            self.steps[fork] = ("split", (fork + 1, len(self.steps)))
        self.sequence(branches[-1], flags)
        for end in ends:
            self.steps[end] = ("split", (len(self.steps),))

    def _repeat(self, least: int, most: Any, items: Any, flags: int) -> None:
        for _ in range(least):
            self.sequence(items, flags)
        if most.__class__ is not int:  # the parser's own MAXREPEAT
            fork = self.add("split", ())
            self.sequence(items, flags)
            self.add("split", (fork,))
            self.steps[fork] = ("split", (fork + 1, len(self.steps)))
            return
        forks = []
        for _ in range(most - least):
            forks.append(self.add("split", ()))
            self.sequence(items, flags)
        for fork in forks:
            self.steps[fork] = ("split", (fork + 1, len(self.steps)))

    def _refused(self, what: str) -> ExpressionError:
        return ExpressionError(f"{quoted(self._text)} holds {what}", _REPLACED)
