"""What a text must be before it is parsed at all (DESIGN section 6, *Text*).

CPython's parser needs time and memory out of proportion for some texts (script_guards.md section 2.5), so the size
is capped before parsing; and a text may read otherwise to a person, to a text filter and to the parser, so whatever
makes such a difference is refused.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata

from ..values import Code
from .nesting import nests_too_deeply
from .report import Use

MAX_BYTES = 32 * 1024
MAX_TOKENS = 6000
MAX_BRACES = 500
"""Each ``{`` may open a field of an f-string, and CPython 3.11 parses f-strings in quadratic time."""

_TOKEN = re.compile(r"\w+|#+|[^\w\s#]")
_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_HARMLESS_COOKIES = {"utf-8", "utf8", "ascii", "us-ascii"}


def prepare(text: str) -> str | Use:
    """The text that may be parsed, or the reason why not.

    Carriage return before newline and a leading byte-order mark are dropped; nothing else is changed, so that line
    numbers stay those of the sender.
    """
    if len(text) > MAX_BYTES or (not text.isascii() and len(text.encode("utf-8", "replace")) > MAX_BYTES):
        return _refused(Code.SCRIPT_TOO_LARGE, f"it is larger than {MAX_BYTES // 1024} KB", "Send it in smaller parts")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for character, name in (("\r", "a lone carriage return"), ("\0", "a NUL character"), ("\f", "a form feed")):
        if character in text:
            line = text[: text.index(character)].count("\n") + 1
            return _refused(Code.SCRIPT_TEXT, f"it holds {name}", "Use plain newlines and spaces", line)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _refused(Code.SCRIPT_TEXT, "it holds half of a surrogate pair", "Send valid UTF-8")
    for number, line_text in enumerate(text.split("\n", 2)[:2], start=1):
        cookie = _COOKIE.match(line_text)
        if cookie and cookie.group(1).lower().replace("_", "-") not in _HARMLESS_COOKIES:
            return _refused(Code.SCRIPT_TEXT, "it declares an encoding other than UTF-8", "Remove the comment", number)
    # A short text cannot have so many tokens: it is not worth a count.
    if len(text) > MAX_TOKENS and len(_TOKEN.findall(text)) > MAX_TOKENS:
        return _refused(Code.SCRIPT_TOO_LARGE, f"it has more than {MAX_TOKENS} tokens", "Send it in smaller parts")
    if text.count("{") > MAX_BRACES:
        return _refused(Code.SCRIPT_TOO_LARGE, f"it has more than {MAX_BRACES} braces", "Send it in smaller parts")
    if nests_too_deeply(text):
        return _refused(Code.SCRIPT_SYNTAX, "it nests too deeply", "Put parts of it into variables or functions")
    return text


def program_of(text: str) -> ast.Module | None:
    """The tree of a text that stands in a script; None where it is no Python, or cannot safely be parsed."""
    if len(text) > MAX_BYTES or nests_too_deeply(text):
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def misspelled_identifier(text: str) -> Use | None:
    """The first identifier that Python would read as another one.

    The parser folds identifiers to NFKC: a full-width ``open`` is the name ``open`` to it, and looks like nothing of
    the kind to a text filter or a reader.

    Args:
        text: a text that parses.
    """
    if text.isascii():
        return None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and unicodedata.normalize("NFKC", token.string) != token.string:
                return Use(
                    token.start[0],
                    token.start[1] + 1,
                    f"the name {token.string!r}",
                    None,
                    code=Code.SCRIPT_TEXT,
                    why="Python reads it as " + repr(unicodedata.normalize("NFKC", token.string)),
                    hint="Write names in their plain form",
                )
    except (tokenize.TokenError, IndentationError):
        return _refused(Code.SCRIPT_TEXT, "its tokens cannot be told apart", "Use plain characters outside strings")
    return None


def _refused(code: Code, why: str, hint: str, line: int = 1) -> Use:
    return Use(line, 1, "this script", None, code=code, why=why, hint=hint)
