"""Operator names: which are legal, how they are numbered, and how patterns match them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Container

from td_headless.errors import tdError

_LEGAL = re.compile(r"[A-Za-z0-9_]+")
_TRAILING_DIGITS = re.compile(r"\d+$")
_WILD = re.compile(r"[*?\[^ ]")


def check_name(name: object) -> str:
    """Return `name` if it is a legal operator name (ASCII letters, digits, underscore); else raise `tdError`."""
    if not isinstance(name, str) or not _LEGAL.fullmatch(name):
        raise tdError(f"Invalid operator name {name!r}: use ASCII letters, digits and underscores only")
    return name


def legal_name(name: str) -> str:
    """Return `name` with every illegal character replaced by an underscore, as ``tdu.validName`` does."""
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def base_of(name: str) -> str:
    """Return `name` without its trailing digits."""
    return _TRAILING_DIGITS.sub("", name)


def digits_of(name: str) -> int | None:
    """Return the trailing digits of `name` as a number, or None when it has none."""
    found = _TRAILING_DIGITS.search(name)
    return int(found.group()) if found else None


def free_name(wanted: str, taken: Container[str]) -> str:
    """Return `wanted`, or when it is taken the same base with the next free number (`noise1`, then `noise2`)."""
    if wanted not in taken:
        return wanted
    base, number = base_of(wanted), (digits_of(wanted) or 0) + 1
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


def is_pattern(text: str) -> bool:
    """Say whether `text` holds wildcards or several names, so that it can match more than one operator."""
    return _WILD.search(text) is not None


def matches(pattern: str, text: str) -> bool:
    """Match `text` against TouchDesigner's pattern syntax: names separated by blanks, ``* ? [a-z]``, ``^`` excludes.

    Later words win over earlier ones: ``* ^null*`` is everything that does not start with ``null``.
    """
    verdict = False
    for word in pattern.split():
        if word.startswith("^"):
            verdict = verdict and not fnmatch.fnmatchcase(text, word[1:])
        else:
            verdict = verdict or fnmatch.fnmatchcase(text, word)
    return verdict
