"""Text that people see: quoted so that nothing in it can hide, and helped along with a suggestion."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
"""Format characters that scripts such as Persian, and many emoji, need; they do not change the order of text."""

_MAX_QUOTED = 60
_MAX_GUESSED = 64
_SIMILAR = 0.7


def quoted(value: object) -> str:
    """A value as it is shown in a message: on one line, at most 60 characters, invisible characters escaped."""
    if isinstance(value, str) and len(value) > _MAX_QUOTED:
        return repr(value[:_MAX_QUOTED]) + "…"
    shown = repr(value)
    return shown if len(shown) <= 4 * _MAX_QUOTED else shown[:_MAX_QUOTED] + "…"


def suggestion(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not known: ``did you mean 'x'?``, or the words that are known."""
    choices = list(known)
    if len(word) <= _MAX_GUESSED:
        close = difflib.get_close_matches(word.lower(), choices, n=1, cutoff=_SIMILAR)
        if close:
            return f"did you mean {close[0]!r}?"
    return "known are: " + ", ".join(choices)


def unseen_character(text: str) -> str:
    """The first character that cannot be seen or that turns the direction of the text, as ``U+202E``; else empty."""
    if text.isascii() and text.isprintable():
        return ""
    for character in text:
        if _is_unseen(character):
            return f"U+{ord(character):04X}"
    return ""


def plain_text(text: str, max_length: int) -> str:
    """The text on one line, without control and bidirectional characters, at most `max_length` characters."""
    # Four times the length is looked at, so that a text of a megabyte costs no more than a short one.
    kept = "".join(" " if character.isspace() else character for character in text[: 4 * max_length])
    kept = " ".join("".join(character for character in kept if not _is_unseen(character)).split())
    return kept if len(kept) <= max_length else kept[: max_length - 1] + "…"


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN and character not in _JOINERS
