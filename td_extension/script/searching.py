"""The functions of `re` for scripts: no pattern, no text and no replacement that would hold the frame inside C.

A pattern is looked at before it is used (`linear_pattern`). That is a promise about one start position: a search tries
every one, so a long text is first tried position by position, with ticks; the search itself then takes no longer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..linear_pattern import why_not_linear, why_not_tame
from .limits_of_cost import MAX_TEXT

_SHORT = 1_000
"""Characters that any pattern which is tame searches in no time."""
_MAX_CUBIC = 20_000
"""Characters for a pattern that is tame, but not linear."""
_MAX_SEARCHED = 200_000
_MAX_TEMPLATE = 10_000
"""Characters of a replacement that mentions groups: it is read anew for each match."""

_TICK_EVERY = 16
_ANCHORED = {"match", "fullmatch"}
_FLAGS_AT = {"compile": 0, "split": 2, "sub": 3, "subn": 3}

Refuse = Callable[[str], None]


class Searching:
    """Gives the functions of `re`, on behalf of one watch.

    Args:
        refuse: stops the script.
        tick: lets the deadline be seen.
    """

    def __init__(self, refuse: Refuse, tick: Callable[[], object]) -> None:
        self._refuse = refuse
        self._tick = tick

    def function(self, name: str) -> Callable[..., Any]:
        """The function of `re` that is called so, or the method of a pattern."""

        def search(pattern: Any, *arguments: Any, **keywords: Any) -> Any:
            if type(pattern) is SearchPattern:
                return getattr(pattern, name)(*arguments, **keywords)
            at = _FLAGS_AT.get(name, 1)
            flags = keywords.pop("flags", arguments[at] if len(arguments) > at else 0)
            made = self.compile(pattern, flags)
            return made if name == "compile" else getattr(made, name)(*arguments[:at], **keywords)

        return search

    def compile(self, pattern: Any, flags: Any = 0) -> SearchPattern:
        """``re.compile``, for a pattern that is tame."""
        if not isinstance(pattern, str | bytes):
            raise TypeError("a pattern is a text here")
        text = str.__str__(pattern) if isinstance(pattern, str) else bytes(pattern)
        read = text if isinstance(text, str) else text.decode("latin-1")
        number = int.__index__(flags) if isinstance(flags, int) else 0
        why = why_not_tame(read, number)
        if why is not None:
            self._refuse(f"the pattern {read[:80]!r} may take very long: {why}")
        return SearchPattern(self, re.compile(text, number), why_not_linear(read, number) is None)

    def tried(self, pattern: re.Pattern[Any], is_linear: bool, name: str, text: Any) -> None:
        """Stop where looking for `pattern` in `text` would take too long."""
        length = len(text) if type(text) in (str, bytes, bytearray) else 0
        if length > (_MAX_SEARCHED if is_linear else _MAX_CUBIC):
            self._refuse(f"it searches a text of {length:,} characters with a pattern")
        if length <= _SHORT or name in _ANCHORED:
            return
        at = turn = 0
        while at <= length:
            if turn % _TICK_EVERY == 0:
                self._tick()
            found = pattern.match(text, at)
            if found is not None and name == "search":
                return
            at = max(found.end() if found is not None else 0, at + 1)
            turn += 1

    def counted(self, replacement: Any) -> Callable[[Any], Any]:
        """A replacement as a function, which stops where all that it gives is too much."""
        total = 0
        is_plain = isinstance(replacement, str | bytes) and not _marks(replacement)

        def replace(found: Any) -> Any:
            nonlocal total
            self._tick()
            if callable(replacement):
                new = replacement(found)
            elif is_plain:
                new = replacement
            else:
                self.expanded(found, replacement)
                new = found.expand(replacement)
            total += len(new) if isinstance(new, str | bytes) else 0
            if total > MAX_TEXT:
                self._refuse(f"it makes a value of more than {MAX_TEXT:,} items or characters")
            return new

        return replace

    def expanded(self, found: Any, template: Any) -> None:
        """Look at a template before it is filled with what was found."""
        groups = max((len(group) for group in (found[0], *found.groups()) if group is not None), default=0)
        size = len(template) if isinstance(template, str | bytes) else 0
        if size > _MAX_TEMPLATE:
            self._refuse(f"its template has more than {_MAX_TEMPLATE:,} characters")
        if size + _marks(template) * groups > MAX_TEXT:
            self._refuse(f"it makes a value of more than {MAX_TEXT:,} items or characters")


def _marks(template: Any) -> int:
    """How many groups a template may mention."""
    if isinstance(template, str):
        return template.count("\\")
    return template.count(b"\\") if isinstance(template, bytes) else 0


class SearchPattern:
    """What ``re.compile`` gives a script: the methods of a pattern, each with a look at its text."""

    __slots__ = ("_is_linear", "_pattern", "_searching")

    def __init__(self, searching: Searching, pattern: re.Pattern[Any], is_linear: bool) -> None:
        self._searching = searching
        self._pattern = pattern
        self._is_linear = is_linear

    def search(self, string: Any, pos: int = 0, endpos: int = MAX_TEXT) -> Any:
        """The first place where it matches."""
        return self._pattern.search(self._tried("search", string), pos, endpos)

    def match(self, string: Any, pos: int = 0, endpos: int = MAX_TEXT) -> Any:
        """A match at the start."""
        return self._pattern.match(self._tried("match", string), pos, endpos)

    def fullmatch(self, string: Any, pos: int = 0, endpos: int = MAX_TEXT) -> Any:
        """A match of the whole text."""
        return self._pattern.fullmatch(self._tried("fullmatch", string), pos, endpos)

    def findall(self, string: Any, pos: int = 0, endpos: int = MAX_TEXT) -> list[Any]:
        """All matches, as texts."""
        return self._pattern.findall(self._tried("findall", string), pos, endpos)

    def finditer(self, string: Any, pos: int = 0, endpos: int = MAX_TEXT) -> Iterator[Any]:
        """All matches."""
        return self._pattern.finditer(self._tried("finditer", string), pos, endpos)

    def split(self, string: Any, maxsplit: int = 0) -> list[Any]:
        """The text between the matches."""
        return self._pattern.split(self._tried("split", string), maxsplit)

    def sub(self, repl: Any, string: Any, count: int = 0) -> Any:
        """The text with its matches replaced."""
        text = self._tried("sub", string)
        return self._pattern.sub(self._replacement(repl, text), text, count)

    def subn(self, repl: Any, string: Any, count: int = 0) -> tuple[Any, int]:
        """The text with its matches replaced, and how many there were."""
        text = self._tried("subn", string)
        return self._pattern.subn(self._replacement(repl, text), text, count)

    @property
    def pattern(self) -> Any:
        """The text of the pattern."""
        return self._pattern.pattern

    @property
    def flags(self) -> int:
        """Its flags."""
        return self._pattern.flags

    @property
    def groups(self) -> int:
        """How many groups it has."""
        return self._pattern.groups

    @property
    def groupindex(self) -> Mapping[str, int]:
        """The numbers of its named groups."""
        return self._pattern.groupindex

    def __copy__(self) -> SearchPattern:
        return self

    def __deepcopy__(self, memo: object) -> SearchPattern:
        return self

    def __repr__(self) -> str:
        return repr(self._pattern)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SearchPattern) and other._pattern == self._pattern

    def __hash__(self) -> int:
        return hash(self._pattern)

    def _tried(self, name: str, text: Any) -> Any:
        if isinstance(text, str):
            text = str.__str__(text)
        elif isinstance(text, bytes | bytearray):
            text = bytes(text)
        elif text is None or isinstance(text, int | float | list | dict | tuple):
            pass  # Python's own TypeError says it better
        else:
            raise TypeError("a text is searched here; take str(…) of it first")
        self._searching.tried(self._pattern, self._is_linear, name, text)
        return text

    def _replacement(self, repl: Any, text: Any) -> Any:
        """What replaces a match: a text where all of it together cannot be much, else a function that counts."""
        if isinstance(repl, str):
            repl = str.__str__(repl)
        if type(repl) in (str, bytes) and type(text) in (str, bytes):
            if (len(text) + 1) * (len(repl) + _marks(repl) * len(text)) <= MAX_TEXT:
                return repl
            self._pattern.sub(repl, text[:0])  # Python says what is wrong with it
        return self._searching.counted(repl)


class _PatternType(type):
    """Tells a script's patterns without being their class."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, SearchPattern)

    def __getitem__(cls, kind: object) -> _PatternType:
        return cls


class Pattern(metaclass=_PatternType):
    """Stands for `re.Pattern` in isinstance and in annotations."""

    def __new__(cls, *arguments: Any, **options: Any) -> Pattern:
        raise TypeError("make a pattern with re.compile here")
