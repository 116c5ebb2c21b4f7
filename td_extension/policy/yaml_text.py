"""YAML with the place of every value, read strictly: what JSON could say, in fewer signs, and nothing that surprises.

PyYAML's scanner and parser tell the text apart; nothing of what turns tags into objects is used. A plain word is a
text, unless it is one of JSON's words or numbers. What YAML 1.1 or 1.2 would take for anything else (``on``, ``~``,
``0o17``, ``1_000``, ``10:30``, a date) is refused with the advice to quote it, because readers disagree about it.
Refused as well: anchors, aliases and merge keys (a value that stands elsewhere is overlooked, and aliases of aliases
grow without bound), tags, directives, second documents, and line breaks and direction marks that editors hide.

This module imports PyYAML, so `document.py` imports it only where a document is YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.error import MarkedYAMLError
from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from .json_text import MAX_DEPTH, JsonTextError, Member, Node, Scalar
from .json_text import parse as parse_json
from .wording import quoted

MAX_CHARACTERS = 524_288
MAX_TOKENS = 30_000
"""Both bounds together keep any text below a second: PyYAML's scanner takes up to 1 µs a character, 12 µs a token."""

_HIDDEN = re.compile("\r(?!\n)|[\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_JSON_SCALAR = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TRUTH = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})
_NOTHING = frozenset({"~", "null"})
_LIKE_A_NUMBER = re.compile(
    r"[-+]?\.?[0-9][0-9_.:]*(?:e[-+]?[0-9_]*)?|[-+]?0x[0-9a-f_]+|[-+]?0[bo][0-9_]+|[-+]?\.(?:inf|nan)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[-+0-9:.z \t]+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a text: what was found, the offset where, and what is expected."""

    message: str
    at: int
    remedy: str


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A text that is YAML.

    Attributes:
        root: its value; null for an empty text.
        flaws: keys that occur twice, of which `root` holds the first, and words that can be read in two ways, which
            `root` holds as texts. A document that has any may not be used.
    """

    root: Node
    flaws: tuple[Flaw, ...]


class YamlTextError(Exception):
    """A text that is not YAML, not within the bounds, or that uses more of YAML than a policy may.

    Attributes:
        flaw: what is wrong.
    """

    def __init__(self, message: str, at: int, remedy: str) -> None:
        super().__init__(message)
        self.flaw = Flaw(message, at, remedy)


def parse(text: str) -> YamlDocument:
    """Read a text as one YAML document. One leading byte order mark is passed over.

    Raises:
        YamlTextError: for anything else; no other exception, whatever the text.
    """
    if len(text) > MAX_CHARACTERS:
        raise YamlTextError(
            f"{len(text):,} characters are too many for YAML", 0, f"keep it below {MAX_CHARACTERS:,}, or use JSON"
        )
    hidden = _HIDDEN.search(text)
    if hidden is not None:
        name = f"U+{ord(hidden.group()):04X}"
        raise YamlTextError(f"{name} moves text in ways that not every editor shows", hidden.start(), "remove it")
    try:
        events = yaml.parse(text, _StrictEvents)  # type: ignore[arg-type]  # the stubs know PyYAML's own loaders only
        return _Composition(events).document()
    except ReaderError as error:
        raise YamlTextError(f"U+{int(error.character):04X} cannot stand in YAML", error.position, "remove it") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _not_yaml(text, mark.index if mark is not None else 0, error.problem or "it cannot be read") from None


def _not_yaml(text: str, at: int, problem: str) -> YamlTextError:
    if text[at : at + 1] == "\t":
        return YamlTextError("a tab stands where only spaces may", at, "indent with spaces")
    remedy = "look at the indentation, the colons and the quotes on this line and the one before it"
    return YamlTextError(f"the text is not YAML here: {problem}", at, remedy)


class _StrictEvents(Reader, Scanner, Parser):
    """PyYAML's way from text to events, held to bounds and without what a policy may not use."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        self._fetched = 0

    def fetch_more_tokens(self) -> None:
        self._fetched += 1
        if self._fetched > MAX_TOKENS:
            raise YamlTextError(
                f"the text has more than {MAX_TOKENS:,} parts", self.index, "write a smaller policy, or use JSON"
            )
        super().fetch_more_tokens()

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:
        # Here and not only in `_Composition`: the scanner looks ahead, at a price that grows with the square of depth.
        if self.flow_level >= MAX_DEPTH:
            raise _too_deep(self.index)
        super().fetch_flow_collection_start(TokenClass)

    def fetch_double(self) -> None:
        at = self.index
        try:
            super().fetch_double()
        except (ValueError, OverflowError):
            raise YamlTextError("an escape in this text names no character", at, "write the character") from None

    def fetch_directive(self) -> None:
        raise YamlTextError("directives (%) are not supported", self.index, "remove the line")

    def fetch_tag(self) -> None:
        raise YamlTextError("tags (!) are not supported", self.index, "remove it; a text may stand in quotes")

    def fetch_anchor(self) -> None:
        raise YamlTextError(
            "anchors (&) are not supported", self.index, "write the value out; put a text that begins with & in quotes"
        )

    def fetch_alias(self) -> None:
        raise YamlTextError(
            "aliases (*) are not supported", self.index, 'write the value out; for a star itself write "*" in quotes'
        )


class _Composition:
    """Values out of events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._flaws: list[Flaw] = []

    def document(self) -> YamlDocument:
        next(self._events)  # the stream begins
        begin = next(self._events)
        if not isinstance(begin, yaml.DocumentStartEvent):
            return YamlDocument(Node(None, 0), ())
        root = self._node(next(self._events), 1)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise YamlTextError("a second document begins here", _at(after), "keep one of the two")
        return YamlDocument(root, tuple(self._flaws))

    def _node(self, event: Any, depth: int) -> Node:
        at = _at(event)
        if isinstance(event, ScalarEvent):
            return Node(self._scalar(event), at)
        if depth > MAX_DEPTH:
            raise _too_deep(at)
        if isinstance(event, SequenceStartEvent):
            items = self._until(SequenceEndEvent)
            return Node(tuple([self._node(item, depth + 1) for item in items]), at)
        members: dict[str, Member] = {}
        for key_event in self._until(MappingEndEvent):
            key, key_at = self._key(key_event), _at(key_event)
            member = Member(key, key_at, self._node(next(self._events), depth + 1))
            if members.setdefault(key, member) is not member:
                self._flaw(f"the key {quoted(key)} occurs twice in its object", key_at, "keep one of them")
        return Node(members, at)

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _key(self, event: Any) -> str:
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            at = _at(event)
            raise YamlTextError("a list or an object stands where a key is expected", at, "write key: value")
        text: str = event.value
        if event.style is not None:
            return self._quoted(event)
        if text == "<<":
            self._flaw("merge keys (<<) are not supported", _at(event), "write the keys out")
        elif not text:
            self._flaw("a key is missing here", _at(event), "write key: value")
        elif _JSON_SCALAR.fullmatch(text) or _meaning_elsewhere(text):
            remedy = f"write it in quotes: {quoted(text)}"
            self._flaw(f"the key {quoted(text)} is no text to every YAML reader", _at(event), remedy)
        return text

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        at: int = _at(event)
        if event.style is not None:
            return self._quoted(event)
        if not text:
            return None
        if _JSON_SCALAR.fullmatch(text):
            try:
                return parse_json(text).root.value  # type: ignore[return-value]  # it is a scalar
            except JsonTextError as error:
                raise YamlTextError(error.message, at, error.remedy) from None
        meaning = _meaning_elsewhere(text)
        if meaning:
            remedy = f"for the text write it in quotes: {quoted(text)}; else write {meaning[1]}"
            self._flaw(f"{quoted(text)} is a text to some YAML readers and {meaning[0]} to others", at, remedy)
        return text

    def _quoted(self, event: Any) -> str:
        """A text in quotes or in a block. A block's last line break belongs to the way it is written, not to it."""
        text: str = event.value
        if _SURROGATE.search(text):
            self._flaw("a text holds half a character (a lone surrogate)", _at(event), "write the whole character")
        return text.removesuffix("\n") if event.style in ("|", ">") else text

    def _flaw(self, message: str, at: int, remedy: str) -> None:
        self._flaws.append(Flaw(message, at, remedy))


def _at(event: Any) -> int:
    offset: int = event.start_mark.index
    return offset


def _too_deep(at: int) -> YamlTextError:
    return YamlTextError("it is nested too deeply", at, f"nest at most {MAX_DEPTH} levels")


def _meaning_elsewhere(text: str) -> tuple[str, str] | None:
    """What a plain word that is neither JSON's nor simply a text means to some reader, and how that is written here.

    Sources: yaml.org/type (bool, null, int, float, timestamp, merge, value) for 1.1; section 10.3.2 of YAML 1.2.2.
    """
    lower = text.lower()
    if lower in _TRUTH:
        return "true or false", "true or false"
    if lower in _NOTHING:
        return "no value", "null"
    if text in ("<<", "="):
        return "a mark of YAML's own", "something plainer"
    if _LIKE_A_NUMBER.fullmatch(text):
        return "a number, a time or a date", "a number such as 10 or 0.5"
    return None
