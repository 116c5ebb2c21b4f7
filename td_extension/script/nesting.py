"""How deep a text nests, told before it is parsed: CPython's parser recurses, and a small stack overflows in it.

Brackets it bounds itself (200, and 100 indents). Chains it does not: ``- - - 1``, ``not not 1``, ``a.b.c()()[0]``,
``1 + 1 + 1``, ``lambda: lambda: 1``, ``elif`` after ``elif``. Each link of a chain is one level (script_guards.md
section 2.6: 5,900 unary minuses crash a thread of 512 KB).
"""

from __future__ import annotations

import re

MAX_LINKS = 400
"""Links of all chains around one place: a third of what a stack of 512 KB bears."""

_MAX_ELIF, _MAX_LAMBDAS = 150, 100

_STRUCTURE = re.compile(
    r"""("{3}(?:[^\\"]|\\.|"(?!""))*"{3}|"(?:[^\\"\n]|\\.)*"|'{3}(?:[^\\']|\\.|'(?!''))*'{3}|'(?:[^\\'\n]|\\.)*'"""
    r"""|\#[^\n]*|\\\n|[()\[\]{},;\n])""",
    re.DOTALL,
)
"""Strings, comments, continued lines, brackets and what separates expressions."""

_LINK = re.compile(r"(?:not|lambda|if|else|await|yield)\b|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][-+]?\d+)?|[-+~.*/%@|&^<>]")
"""A link of a chain; or a number, whose point and sign are none. A keyword may stand right behind a number."""

_F_STRING = re.compile(r"[rR]?[fF][rR]?\Z")
_DOUBLED = re.compile(r"\{\{|\}\}")


def nests_too_deeply(text: str) -> bool:
    """Whether parsing `text` could overflow a small stack. Linear in its length; a text that is no Python may do so."""
    # Commas do not bound these: an `elif` nests in the one before, and a lambda has commas of its own.
    if text.count("elif") > _MAX_ELIF or text.count("lambda") > _MAX_LAMBDAS:
        return True
    coded = text.encode("utf-8", "surrogatepass")
    links = len(coded) - len(coded.translate(None, b"-+~.*/%@|&^<>(["))
    words = sum(map(text.count, ("not", "lambda", "if", "else", "await", "yield")))
    if links + words <= MAX_LINKS:
        return False
    return _exceeds(text)


def _exceeds(text: str) -> bool:
    counted = [0]  # for each open bracket, the links of the expression that it stands in, as far as they were counted
    waiting = [""]  # and what of it was not: a stretch has no more links than characters
    total = 0
    parts = _STRUCTURE.split(text)
    for stretch, found in zip(parts[::2], [*parts[1::2], "\n"], strict=True):
        if stretch:
            waiting[-1] += stretch
            total += len(stretch)
        if found in "([{":
            counted[-1] += 1
            total += 1
        if total > MAX_LINKS:
            total = _count(counted, waiting)
            if total > MAX_LINKS:
                return True
        if found in "([{":
            counted.append(0)
            waiting.append("")
        elif found in ")]}":
            if len(counted) > 1:
                total -= counted.pop() + len(waiting.pop())
        elif found in ",;" or (found == "\n" and len(counted) == 1):
            total -= counted[-1] + len(waiting[-1])
            counted[-1], waiting[-1] = 0, ""
        elif "{" in found and _F_STRING.search(stretch[-2:]) and _links_in_fields(found) > MAX_LINKS:
            return True
    return False


def _count(counted: list[int], waiting: list[str]) -> int:
    for level, stretch in enumerate(waiting):
        counted[level] += _links(stretch)
        waiting[level] = ""
    return sum(counted)


def _links_in_fields(f_string: str) -> int:
    """The links of the expressions in an f-string: what stands behind a brace, up to the last that could close it."""
    _, *pieces = _DOUBLED.sub("", f_string).split("{")
    return sum(_links(piece[: piece.rfind("}")] if "}" in piece else piece) for piece in pieces)


def _links(stretch: str) -> int:
    return sum(1 for link in _LINK.findall(stretch) if not link[0].isdigit())
