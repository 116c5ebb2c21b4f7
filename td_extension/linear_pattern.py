"""Which regular expressions cannot backtrack out of proportion.

A pattern is taken apart by the standard library's own parser, built into an automaton of its characters, and run over
all texts at once: a state is how many ways there are to have read a text and stand at each place of the pattern.
Where those ways stay few whatever the text, the matcher has little to try again; where they grow with the text, or
the answer takes too long to find, the pattern is refused. Constructs are an allow list: no back reference, no
conditional, no look around but at a fixed text.

The promise of `why_not_linear` is about *one* start position: `re.fullmatch` and `re.match` take at most
`pattern_automaton.MAX_WAYS` steps for each character, times the size of the pattern. `re.search` and its kin try every
start position, so that they are at worst quadratic in the text (``a+b`` on a row of ``a``): bound the text, or use the
other two.
"""

from __future__ import annotations

import functools
import importlib
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from .character_sets import SINGLE, CharacterSets, NotVetted
from .pattern_automaton import REPEATS, Places, read_all_texts

# The parser behind `re.compile` of this very interpreter; `sre_parse`, its public name, is deprecated since 3.11.
_parser: Any = importlib.import_module("re._parser")

MAX_LENGTH = 1000
"""Characters of a pattern."""
_MAX_GROUPS = 60


def why_not_linear(pattern: str, flags: int = 0) -> str | None:
    """Why a pattern may take more than linear time from one start position.

    Args:
        pattern: a regular expression for texts.
        flags: as `re.compile` takes them.

    Returns:
        The reason, a short phrase; None where the pattern is safe.
    """
    return _why_not(pattern, flags, repeats_spared=0)


def why_not_tame(pattern: str, flags: int = 0) -> str | None:
    """Why a pattern may take more than cubic time from one start position.

    For texts that are known to be short, such as the names in a project. Beside what is linear it accepts patterns
    that are so but for the two repeats they end with, as ``.*noise.*``, ``^(.*?)(\\d+)$`` or ``(\\w+) = (.*?)\\s*$``:
    whatever such a repeat gives back is tried once for each way to have come to it.

    Args:
        pattern: a regular expression for texts.
        flags: as `re.compile` takes them.
    """
    if why_not_linear(pattern, flags) is None:
        return None
    return _why_not(pattern, flags, repeats_spared=2)


@functools.lru_cache(maxsize=256)
def _why_not(pattern: str, flags: int, *, repeats_spared: int) -> str | None:
    if len(pattern) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    if pattern.count("(") > _MAX_GROUPS:
        return f"it has more than {_MAX_GROUPS} groups"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(pattern, flags)
    except (re.error, ValueError, OverflowError) as error:
        return f"it is no valid pattern: {error}"
    except RecursionError:
        return "it nests too deeply"
    items: list[Any] = list(parsed)
    try:
        within = _flags_within(items, parsed.state.flags)
        for _ in range(repeats_spared):
            _drop_tail(items)
        places = Places(CharacterSets(_all_parts(items), within))
        read_all_texts(places, places.sequence(items))
    except NotVetted as refused:
        return str(refused)
    except RecursionError:
        return "it nests too deeply"
    return None


def _drop_tail(items: list[Any]) -> None:
    """Cut a last repeat of single characters down to what it must match, in place."""
    while items:
        operation, argument = items[-1]
        if operation.name == "AT":
            items.pop()
        elif operation.name == "SUBPATTERN":
            items[-1:] = list(argument[3])
        elif operation.name == "BRANCH":
            branches = [list(branch) for branch in argument[1]]
            for branch in branches:
                _drop_tail(branch)
            items[-1] = (operation, (argument[0], branches))
            return
        elif operation.name in REPEATS:
            least, most, body = argument
            if len(body) == 1 and body[0][0].name in SINGLE:
                items[-1:] = [(operation, (least, least, body))] if least else []
            elif most == 1:
                inner = list(body)
                _drop_tail(inner)
                items[-1] = (operation, (least, most, inner))
            return
        else:
            return


def _all_parts(items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Every operation in a parsed pattern, at any depth."""
    waiting = [*items]
    while waiting:
        operation, argument = waiting.pop()
        yield operation, argument
        match operation.name:
            case "IN":
                waiting += argument
            case "SUBPATTERN":
                waiting += argument[3]
            case "ATOMIC_GROUP":
                waiting += argument
            case "BRANCH":
                for branch in argument[1]:
                    waiting += branch
            case name if name in REPEATS:
                waiting += argument[2]


def _flags_within(items: Iterable[Any], flags: int) -> int:
    """The flags that hold somewhere in the pattern: a group may set some for itself."""
    for operation, argument in _all_parts(items):
        if operation.name == "SUBPATTERN":
            if argument[2]:
                raise NotVetted("a group takes a flag back")
            if argument[1] & re.ASCII:
                raise NotVetted("a group has an alphabet of its own")
            flags |= argument[1]
    return flags
