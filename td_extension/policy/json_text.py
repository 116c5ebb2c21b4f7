"""JSON with the place of every value, read strictly: bounded in size and depth, duplicate keys found."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TypeAlias

MAX_CHARACTERS = 1_048_576
MAX_DEPTH = 32
_MAX_NUMBER = 40

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: tuple[tuple[str, bool | None], ...] = (("true", True), ("false", False), ("null", None))


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the offset where it begins."""

    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object, the offset where the key begins, and its value."""

    key: str
    at: int
    node: Node


Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = Scalar | tuple[Node, ...] | dict[str, Member]


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is JSON.

    Attributes:
        root: its value.
        repeated: the members whose key occurs in their object already; `root` holds the first.
    """

    root: Node
    repeated: tuple[Member, ...]


class JsonTextError(ValueError):
    """A text that is not JSON, or not within the bounds.

    Attributes:
        message: what was found.
        at: offset where it was found.
        remedy: what is expected.
    """

    def __init__(self, message: str, at: int, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.remedy = remedy


def place(text: str, at: int) -> str:
    """An offset as people count: ``line 4, column 7``, both from 1, columns in characters."""
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def parse(text: str) -> Document:
    """Read a text as RFC 8259 JSON. One leading byte order mark is passed over.

    Raises:
        JsonTextError: for anything else; no other exception, whatever the text.
    """
    if len(text) > MAX_CHARACTERS:
        raise JsonTextError(f"{len(text):,} characters are too many", 0, f"keep it below {MAX_CHARACTERS:,}")
    repeated: list[Member] = []
    root, end = _value(text, _blank(text, 1 if text.startswith("\ufeff") else 0), 1, repeated)
    end = _blank(text, end)
    if end != len(text):
        raise JsonTextError("there is more after the end of the document", end, "remove it")
    return Document(root, tuple(repeated))


def _blank(text: str, at: int) -> int:
    matched = _SPACE.match(text, at)
    return matched.end() if matched else at


def _value(text: str, at: int, depth: int, repeated: list[Member]) -> tuple[Node, int]:
    first = text[at : at + 1]
    if first in ("{", "["):
        if depth > MAX_DEPTH:
            raise JsonTextError("it is nested too deeply", at, f"nest at most {MAX_DEPTH} levels")
        return _object(text, at, depth, repeated) if first == "{" else _array(text, at, depth, repeated)
    if first == '"':
        string, end = _string(text, at)
        return Node(string, at), end
    for word, meaning in _WORDS:
        if text.startswith(word, at):
            return Node(meaning, at), at + len(word)
    return _number(text, at)


def _object(text: str, at: int, depth: int, repeated: list[Member]) -> tuple[Node, int]:
    members: dict[str, Member] = {}
    position = _blank(text, at + 1)
    if text.startswith("}", position):
        return Node(members, at), position + 1
    while True:
        if not text.startswith('"', position):
            raise JsonTextError("a key is missing here", position, 'write a key in double quotes, such as "tools"')
        key_at = position
        key, position = _string(text, key_at)
        position = _blank(text, position)
        if not text.startswith(":", position):
            raise JsonTextError("a colon is missing after the key", position, "write key: value")
        node, position = _value(text, _blank(text, position + 1), depth + 1, repeated)
        member = Member(key, key_at, node)
        if members.setdefault(key, member) is not member:
            repeated.append(member)
        position, done = _next(text, position, "}")
        if done:
            return Node(members, at), position


def _array(text: str, at: int, depth: int, repeated: list[Member]) -> tuple[Node, int]:
    items: list[Node] = []
    position = _blank(text, at + 1)
    if text.startswith("]", position):
        return Node((), at), position + 1
    while True:
        item, position = _value(text, position, depth + 1, repeated)
        items.append(item)
        position, done = _next(text, position, "]")
        if done:
            return Node(tuple(items), at), position


def _next(text: str, at: int, closing: str) -> tuple[int, bool]:
    """Pass over the comma or the closing bracket; say whether it was the bracket."""
    at = _blank(text, at)
    if text.startswith(closing, at):
        return at + 1, True
    if not text.startswith(",", at):
        raise JsonTextError("the text is not JSON here", at, f"a comma or {closing} is expected")
    return _blank(text, at + 1), False


def _string(text: str, at: int) -> tuple[str, int]:
    matched = _STRING.match(text, at)
    if matched is None:
        raise JsonTextError("a text is not closed on its line", at, "close it with a double quote")
    literal = matched.group()
    try:
        string = json.loads(literal) if "\\" in literal else literal[1:-1]
    except json.JSONDecodeError as error:
        raise JsonTextError("a backslash begins no escape here", at + error.pos, r"write \\ for a backslash") from None
    if _SURROGATE.search(string):
        raise JsonTextError("a text holds half a character (a lone surrogate)", at, "write the whole character")
    return str(string), matched.end()


def _number(text: str, at: int) -> tuple[Node, int]:
    matched = _NUMBER.match(text, at)
    if matched is None:
        raise JsonTextError("the text is not JSON here", at, "a value is expected")
    literal = matched.group()
    number: int | float | None = None
    if len(literal) <= _MAX_NUMBER:
        number = int(literal) if matched.group(1) is None and matched.group(2) is None else float(literal)
    if number is None or not math.isfinite(number):
        raise JsonTextError("the number is too long or too large", at, "write a smaller number")
    return Node(number, at), matched.end()
