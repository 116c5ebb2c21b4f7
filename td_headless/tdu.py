"""``tdu``: TouchDesigner's helper functions."""

from __future__ import annotations

import itertools
import random
import re
import shlex
import types
from collections.abc import Callable
from typing import Any

from td_headless.names import base_of, digits_of, legal_name, matches
from td_headless.tdu_vectors import Position, Vector
from td_headless.unbuilt import loud, unbuilt_members_of

_BRACKETS = re.compile(r"\[([^\]]*)\]")
_RANGE = re.compile(r"(\d+)-(\d+)")
MAX_EXPANDED = 100_000
"""Most names that `expand` returns."""


@loud("Dependency")
class Dependency:
    """A value that others can depend on. Here only callbacks learn of changes; nothing cooks because of one."""

    __slots__ = ("_val", "callbacks")

    def __init__(self, val: Any = None) -> None:
        self._val = val
        self.callbacks: list[Callable[..., Any]] = []

    @property
    def val(self) -> Any:
        """The value; assigning another one calls the callbacks."""
        return self._val

    @val.setter
    def val(self, val: Any) -> None:
        before, self._val = self._val, val
        if before is not val and before != val:
            self._report(before)

    @property
    def peekVal(self) -> Any:
        """The value, read without becoming dependent on it."""
        return self._val

    def modified(self) -> None:
        """Call the callbacks, e.g. after a change inside the value."""
        self._report(self._val)

    def setVal(self, val: Any, setInfo: Any = None) -> None:
        """Set the value; the callbacks are told `setInfo`."""
        before, self._val = self._val, val
        self._report(before, setInfo)

    def _report(self, before: Any, info: Any = None) -> None:
        for callback in self.callbacks:
            callback({"dependency": self, "prevVal": before, "val": self._val, "callback": callback, "setInfo": info})


def base(name: str) -> str:
    """Return a name without its trailing digits."""
    return base_of(name)


def digits(name: str) -> int | None:
    """Return the trailing digits of a name as a number, or None."""
    return digits_of(name)


def validName(name: str) -> str:
    """Return a legal operator name made from `name`."""
    return legal_name(name)


def validPath(path: str) -> str:
    """Return a legal operator path made from `path`."""
    return re.sub(r"[^A-Za-z0-9_/]", "_", path)


def clamp(value: float, low: float, high: float) -> float:
    """Return `value` limited to `low` … `high`."""
    return min(max(value, low), high)


def remap(value: float, from1: float, from2: float, to1: float, to2: float) -> float:
    """Map `value` linearly from one range to another."""
    return to1 + (value - from1) / (from2 - from1) * (to2 - to1)


def rand(seed: Any) -> float:
    """Return a number from 0 to 1 that depends on `seed` alone."""
    return random.Random(str(seed)).random()


def match(pattern: str, names: list[str], caseSensitive: bool = True) -> list[str]:
    """Return the names that match a pattern."""
    if caseSensitive:
        return [name for name in names if matches(pattern, name)]
    return [name for name in names if matches(pattern.lower(), name.lower())]


def split(text: str, eval: bool = False) -> list[str]:
    """Split text at blanks, keeping quoted parts together."""
    return shlex.split(text)


def expand(pattern: str) -> list[str]:
    """Return the names that ``A[1-3]`` and ``A[XYZ]`` stand for, at most `MAX_EXPANDED`."""
    found: list[str] = []
    for word in pattern.split():
        parts = _BRACKETS.split(word)
        choices = [[part] if index % 2 == 0 else _choices(part) for index, part in enumerate(parts)]
        for names in itertools.product(*choices):
            if len(found) >= MAX_EXPANDED:
                raise ValueError(f"Pattern {pattern!r} stands for more than {MAX_EXPANDED} names")
            found.append("".join(names))
    return found


def _choices(text: str) -> list[str]:
    span = _RANGE.fullmatch(text)
    if not span:
        return text.split(",") if "," in text else list(text)
    first, last = int(span[1]), int(span[2])
    if last - first >= MAX_EXPANDED:
        raise ValueError(f"Range {text!r} stands for more than {MAX_EXPANDED} names")
    return [str(number) for number in range(first, last + 1)]


def tryExcept(function: Callable[[], Any], fallback: Any) -> Any:
    """Return ``function()``, or `fallback` (called if it can be) when it raises."""
    try:
        return function()
    except Exception:
        return fallback() if callable(fallback) else fallback


def module() -> types.ModuleType:
    """Return a new ``tdu`` module."""
    made = types.ModuleType("tdu", "Helper functions of TouchDesigner.")
    for function in (base, digits, validName, validPath, clamp, remap, rand, match, split, expand, tryExcept):
        setattr(made, function.__name__, function)
    vars(made)["Dependency"] = Dependency
    vars(made).update(Position=Position, Vector=Vector)
    known = unbuilt_members_of("TDU")

    def missing(name: str) -> Any:
        if name in known:
            raise NotImplementedError(f"td_headless does not implement TDU.{name}")
        raise AttributeError(f"module 'tdu' has no attribute '{name}'")

    vars(made)["__getattr__"] = missing
    return made
