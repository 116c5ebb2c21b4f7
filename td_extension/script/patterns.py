"""Judges the regular expressions that stand in a script: whether one can hold the thread that draws the show."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from .callees import Callees
from .constants import Constants
from .magnitudes import as_many

_TEXT_AND_FLAGS: Mapping[str, tuple[int | None, int]] = {
    "re.compile": (None, 1),
    "re.search": (1, 2),
    "re.match": (1, 2),
    "re.fullmatch": (1, 2),
    "re.findall": (1, 2),
    "re.finditer": (1, 2),
    "re.split": (1, 3),
    "re.sub": (2, 4),
    "re.subn": (2, 4),
}
"""Where a function of `re` takes the text and the flags; each takes the pattern first."""
PATTERN_FUNCTIONS = frozenset(_TEXT_AND_FLAGS)
_MAX_TEXT = 20_000
"""Characters of a text whose every start is tried."""
_MAX_PATTERNS, _MAX_CHARACTERS = 32, 2000
_FLAGS = {name: int(getattr(re, name)) for name in dir(re) if isinstance(getattr(re, name), re.RegexFlag)}
_UNKNOWN_FLAGS = (0, int(re.IGNORECASE), int(re.VERBOSE), int(re.IGNORECASE | re.VERBOSE))
_MAX_FLAG_PARTS = 16


class PatternJudge:
    """Judges the patterns of one script.

    Args:
        constants: the values of its expressions.
        callees: how what is called is named.
    """

    def __init__(self, constants: Constants, callees: Callees) -> None:
        self._constants = constants
        self._callees = callees
        self._seen: set[tuple[str, tuple[int, ...]]] = set()
        self._characters = 0
        self._refused = False

    def why_refused(self, node: ast.Call, function: str) -> str | None:
        """Why a call of a function of `re` is refused; None where it is not.

        Args:
            node: the call.
            function: one of `PATTERN_FUNCTIONS`.
        """
        if self._refused:  # one is enough to refuse the script, and each costs time
            return None
        text_at, flags_at = _TEXT_AND_FLAGS[function]
        given = self._argument(node, 0, "pattern")
        pattern = self._constants.evaluate(given) if given is not None else None
        if isinstance(pattern, bytes):
            why = self._why(pattern.decode("latin-1"), (int(re.ASCII),))
        elif isinstance(pattern, str):
            why = self._why(pattern, self._flags(self._argument(node, flags_at, "flags")))
            why = why or self._why_text(pattern, None if text_at is None else self._argument(node, text_at, "string"))
        else:
            why = None
        self._refused = why is not None
        return why

    def _argument(self, node: ast.Call, index: int, name: str) -> ast.expr | None:
        if index < len(node.args):
            return node.args[index]
        return next((word.value for word in node.keywords if word.arg == name), None)

    def _why(self, pattern: str, flags: tuple[int, ...]) -> str | None:
        if (pattern, flags) in self._seen:
            return None
        self._seen.add((pattern, flags))
        self._characters += len(pattern) * len(flags)
        if len(self._seen) > _MAX_PATTERNS or self._characters > _MAX_CHARACTERS:
            return "there are too many patterns to vet"
        for each in flags:
            from ..linear_pattern import why_not_tame  # only here: few scripts have a pattern

            why = why_not_tame(pattern, each)
            if why is not None:
                return why
        return None

    def _why_text(self, pattern: str, text: ast.expr | None) -> str | None:
        many = as_many(self._constants.evaluate(text)) if text is not None else None
        if many is not None and many.length > _MAX_TEXT and any(sign in pattern for sign in "*+{"):
            return f"the text has more than {_MAX_TEXT} characters"
        return None

    def _flags(self, node: ast.expr | None) -> tuple[int, ...]:
        """The flags an expression names; each of those that matter where they cannot be told."""
        flags = 0
        waiting = [] if node is None else [node]
        for count, part in enumerate(waiting):  # the list grows while it is read
            match part:
                case ast.BinOp(op=ast.BitOr(), left=left, right=right) if count < _MAX_FLAG_PARTS:
                    waiting += [left, right]
                case ast.Constant(value=int(number)):
                    flags |= number
                case ast.Name() | ast.Attribute():
                    known = _FLAGS.get((self._callees.named(part) or "").removeprefix("re."))
                    if known is None:
                        return _UNKNOWN_FLAGS
                    flags |= known
                case _:
                    return _UNKNOWN_FLAGS
        return (flags,)
