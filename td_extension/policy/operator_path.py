"""Paths of operators, and the patterns that cover them. Text alone decides: nothing is looked up.

    path     := "/" (name ("/" name)*)?       names of ASCII letters, digits and underscores (td_runtime.md section 1)
    pattern  := "/" part ("/" part)*          "*" within a part: any characters of one name
                                              "**" as a whole part: any number of names, also none

``/project1/show`` covers that operator and everything inside it; ``/project1/show/**`` what is inside it;
``/project1/show/*`` what is directly inside it; ``/`` covers everything.

A path is read as TouchDesigner resolves it: ``.`` and empty names are nothing, ``..`` is the parent. A path that climbs
above the root, is relative, or holds a wildcard (``td.op`` takes one: mcp_servers.md section 2.3) is no path here.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

from .wording import quoted

MAX_PATH = 1_024
MAX_DEPTH = 64
_NAME = re.compile(r"[A-Za-z0-9_]+")
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_]+)+")
_PART = re.compile(r"\*\*|[A-Za-z0-9_*]+")
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class OperatorPathError(ValueError):
    """A pattern that cannot be used.

    Attributes:
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


def names_of(path: str) -> tuple[str, ...] | None:
    """The names that an absolute path comes to, the root as none; None for what is no such path."""
    if len(path) > MAX_PATH or not path.startswith("/"):
        return None
    if _PLAIN.fullmatch(path):  # every call comes by here, and nearly every path is one of these
        plain = path[1:].split("/")
        return tuple(plain) if len(plain) <= MAX_DEPTH else None
    names: list[str] = []
    for name in path.split("/"):
        if name in ("", "."):
            continue
        if name == "..":
            if not names:
                return None
            names.pop()
        elif _NAME.fullmatch(name):
            names.append(name)
        else:
            return None
    return tuple(names) if len(names) <= MAX_DEPTH else None


def normal_path(path: str) -> str | None:
    """The one spelling of an absolute path; None for what is no such path."""
    names = names_of(path)
    return None if names is None else "/" + "/".join(names)


@dataclass(frozen=True, slots=True)
class OperatorPattern:
    """Operators, by their path. Built by `operator_pattern`.

    Attributes:
        text: the pattern in its one spelling.
        parts: its parts.
        folded: its parts with A to Z as a to z.
        is_plain: whether it holds no wildcard.
    """

    text: str
    parts: tuple[str, ...]
    folded: tuple[str, ...]
    is_plain: bool

    def covers(self, names: tuple[str, ...]) -> bool:
        """Whether the operator of these names, as `names_of` gives them, is covered; case matters."""
        if self.is_plain:
            return names[: len(self.parts)] == self.parts
        return _matches(self.parts, names)

    def may_cover(self, lower: tuple[str, ...]) -> bool:
        """The same whatever the case: for what is to be kept out. The names are as `folded` gives them."""
        if self.is_plain:
            return lower[: len(self.folded)] == self.folded
        return _matches(self.folded, lower)

    def may_reach_into(self, lower: tuple[str, ...]) -> bool:
        """Whether something inside the operator may be covered, or the operator itself; names as of `may_cover`."""
        return self.may_cover(lower) or bool(_reached(self.folded, lower))

    def covers_inside(self) -> bool:
        """Whether whatever lies inside an operator that is covered is covered too."""
        return self.is_plain or self.parts[-1] == "**"


def folded(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names with A to Z as a to z."""
    return tuple(name.translate(_LOWER) for name in names)


def operator_pattern(text: str) -> OperatorPattern:
    """Read a pattern.

    Raises:
        OperatorPathError: with what was found and what to write instead.
    """
    if len(text) > MAX_PATH:
        raise OperatorPathError(f"a path has {len(text):,} characters", f"keep it to {MAX_PATH:,}")
    if not text.startswith("/"):
        raise OperatorPathError(f"{quoted(text)} does not begin with /", "write the whole path, such as /project1/show")
    parts = tuple(part for part in text.split("/") if part not in ("", "."))
    if len(parts) > MAX_DEPTH:
        raise OperatorPathError(f"{quoted(text)} has {len(parts)} parts", f"keep it to {MAX_DEPTH}")
    for part in parts:
        if part == "..":
            raise OperatorPathError(f"{quoted(text)} climbs with ..", "write the path that it comes to")
        if not _PART.fullmatch(part):
            remedy = "names are letters, digits and underscores; * stands for any of them, ** alone for any names"
            raise OperatorPathError(f"{quoted(part)} is no operator's name", remedy)
        if "**" in part and part != "**":
            raise OperatorPathError(f"{quoted(part)} mixes ** with a name", "write ** alone between slashes")
    return OperatorPattern("/" + "/".join(parts), parts, folded(parts), "*" not in text)


def _matches(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    whole = (*parts, "*") if parts[-1] == "**" else parts  # what lies in an operator, and not the operator itself
    return len(whole) in _reached(whole, names)


def _reached(parts: Sequence[str], names: Sequence[str]) -> set[int]:
    """How many parts may have been read once the names are; empty where they do not match. No path is read twice."""
    reached = _with_skips({0}, parts)
    for name in names:
        onward = set()
        for at in reached:
            if at == len(parts):
                continue
            if parts[at] == "**":
                onward.add(at)
            elif _name_matches(parts[at], name):
                onward.add(at + 1)
        reached = _with_skips(onward, parts)
    return reached


def _with_skips(reached: set[int], parts: Sequence[str]) -> set[int]:
    """The parts that may come next, where ``**`` may stand for no name."""
    for at in sorted(reached):
        while at < len(parts) and parts[at] == "**":
            at += 1
            reached.add(at)
    return reached


def _name_matches(part: str, name: str) -> bool:
    first, *rest = part.split("*")
    if not rest:
        return name == part
    *middle, last = rest
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in middle:
        found = name.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
