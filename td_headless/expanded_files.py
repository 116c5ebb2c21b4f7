"""The files of an expanded .tox, read (reference `td_runtime.md` section 6.2).

Every function takes the bytes of one file and raises `ValueError` with what is wrong and where. Read are the forms that
the reference quotes from real files; anything else is an error rather than a guess.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from td_headless.parameters import ParMode

_STYLES = {
    772804865: "Float", 772804866: "Int", 772804867: "Toggle", 772804868: "Str", 772804869: "Pulse",
    772804874: "TOP", 772804875: "DAT", 772804877: "OP", 772804879: "Menu", 772804880: "File",
}  # fmt: skip
_MENU = "4097"
_CUSTOM_BITS = 0x04000040
_READ_ONLY_BIT = 0x100
_EXPRESSION_BIT = 0x10
_KNOWN_BITS = 0x3 | _EXPRESSION_BIT | _READ_ONLY_BIT | _CUSTOM_BITS
_CLAMPED = {"1": False, "3": True}


@dataclass(frozen=True, slots=True)
class NodeFile:
    """A ``.n``: what an operator is and how its node looks."""

    family: str
    kind: str
    tile: tuple[int, int, int, int]
    flags: Mapping[str, str]
    color: tuple[float, float, float]
    comment: str = ""
    inputs: Mapping[int, str] = field(default_factory=dict)
    dock: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One line of a ``.parm``."""

    name: str
    mode: ParMode
    value: str
    expression: str
    is_custom: bool
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """One parameter of a ``.cparm``."""

    name: str
    label: str
    style: str
    page: str
    order: int
    number: float
    text: str
    clamp_low: bool
    low: float
    norm_low: float
    clamp_high: bool
    high: float
    norm_high: float
    menu: tuple[tuple[str, str], ...]


def read_contents(data: bytes) -> list[str]:
    """The paths that a ``.toc`` lists, in its order.

    A carriage return makes TouchDesigner's own program write an empty file, so it is an error here.
    """
    if b"\r" in data:
        raise ValueError("the table of contents has carriage returns")
    first, *paths = data.decode("latin-1").removesuffix("\n").split("\n")
    if first != "# 4 0 0 0 1":
        raise ValueError(f"the table of contents begins with {first!r}")
    if paths[:1] != [".build"] or len(set(paths)) < len(paths):
        raise ValueError("the table of contents lists .build first, and nothing twice")
    return paths


def read_node(data: bytes) -> NodeFile:
    """Read a ``.n``."""
    lines = data.decode("utf-8").split("\n")
    if lines[-2:] != ["end", ""]:
        raise ValueError("a node ends with the line end")
    family, colon, kind = lines[0].partition(":")
    if not colon:
        raise ValueError(f"a node begins with FAMILY:type, not {lines[0]!r}")
    found: dict[str, str] = {}
    inputs: dict[int, str] = {}
    rest = iter(lines[1:-2])
    for line in rest:
        key, _, value = line.partition(" ")
        if key in found:
            raise ValueError(f"{key} stands twice")
        found[key] = value
        if key == "inputs":
            inputs = dict(_inputs(rest))
    unknown = found.keys() - {"v", "tags", "tile", "flags", "comment", "inputs", "dock", "color", "view"}
    if unknown:
        # `dict` among them: it is a pickle, which TouchDesigner would load.
        raise ValueError(f"lines that are not read here: {', '.join(sorted(unknown))}")
    x, y, width, height = map(int, found["tile"].split())
    red, green, blue = map(float, found["color"].split())
    return NodeFile(
        family,
        kind,
        (x, y, width, height),
        _flags(found["flags"]),
        (red, green, blue),
        comment=_words(found["comment"])[0] if "comment" in found else "",
        inputs=inputs,
        dock=found.get("dock", ""),
        tags=tuple(found.get("tags", "").split()[1:]),
    )


def _inputs(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    if next(lines, None) != "{":
        raise ValueError("inputs stand in braces")
    for line in lines:
        if line == "}":
            return
        index, _, name = line.partition("\t")
        yield int(index), name
    raise ValueError("inputs are not closed")


def _flags(text: str) -> dict[str, str]:
    head, _, pairs = text.partition("=  ")
    words = pairs.split(" ")
    if head or len(words) % 2 or words[-2:] != ["parlanguage", "0"]:
        raise ValueError(f"flags are '=', two blanks and pairs, parlanguage 0 last: {text!r}")
    return dict(zip(words[::2], words[1::2], strict=True))


def read_values(data: bytes) -> list[ValueLine]:
    """Read a ``.parm``."""
    return [_value_line(words) for words in _lines(data)]


def _value_line(words: list[str]) -> ValueLine:
    if not 3 <= len(words) <= 4:
        raise ValueError(f"a value has a name, flags, the value and perhaps an expression: {words}")
    name, flags = words[0], int(words[1])
    is_custom = flags & _CUSTOM_BITS == _CUSTOM_BITS
    if flags & ~_KNOWN_BITS or (flags & _CUSTOM_BITS and not is_custom):
        raise ValueError(f"{name}: flags {flags} are not read here")
    mode = ParMode(flags & 0x3)
    has_expression = bool(flags & _EXPRESSION_BIT)
    if mode in (ParMode.EXPORT, ParMode.BIND) or has_expression is not (len(words) == 4):
        raise ValueError(f"{name}: flags {flags} do not fit {len(words)} words")
    if mode is ParMode.EXPRESSION and not has_expression:
        raise ValueError(f"{name}: there is no expression")
    expression = words[3] if has_expression else ""
    return ValueLine(name, mode, words[2], expression, is_custom, bool(flags & _READ_ONLY_BIT))


def read_definitions(data: bytes) -> tuple[list[str], list[DefinitionLine]]:
    """Read a ``.cparm``: the names of the pages, and the parameters."""
    lines = list(_lines(data))
    if not lines or lines[0][:1] != ["pages"] or int(lines[0][1]) != len(lines[0]) - 2:
        raise ValueError("definitions begin with the pages and how many there are")
    pages = lines[0][2:]
    found = [_definition_line(words) for words in lines[1:]]
    astray = [one.name for one in found if one.page not in pages]
    if astray:
        raise ValueError(f"{astray[0]} is on a page that there is not")
    return pages, found


def _definition_line(words: list[str]) -> DefinitionLine:
    style = _STYLES.get(int(words[0]))
    name = words[1]
    if style is None or words[3] != "1" or words[10] != "2":
        raise ValueError(f"{name}: a parameter of this style or size is not read here")
    low_flag, low, norm_low, high_flag, high, norm_high = words[4:10]
    number, text, expression, page = words[11:15]
    rest, menu = words[15:], []
    if rest[0] == _MENU:
        count = int(rest[1])
        items = rest[2 : 2 + 2 * count]
        menu, rest = list(zip(items[::2], items[1::2], strict=True)), rest[2 + 2 * count :]
    if len(rest) != 1 or expression:
        raise ValueError(f"{name}: default expressions, menu sources, enable expressions and help are not read here")
    return DefinitionLine(
        name, words[2], style, page, int(rest[0]), float(number), text,
        _CLAMPED[low_flag], float(low), float(norm_low), _CLAMPED[high_flag], float(high), float(norm_high),
        tuple(menu),
    )  # fmt: skip


def _lines(data: bytes) -> Iterator[list[str]]:
    """The words of each line between the two lines ``?``. A quoted word may hold line ends."""
    text = data.decode("utf-8")
    if not text.startswith("?\n") or not text.endswith("\n?\n"):
        raise ValueError("parameters stand between two lines with a question mark")
    words: list[str] = []
    for word, ends_line in _split(text[2:-2]):
        words.append(word)
        if ends_line:
            yield words
            words = []


def _words(line: str) -> list[str]:
    return [word for word, _ in _split(line + "\n")]


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Every word, and whether its line ends behind it."""
    place = 0
    while place < len(text):
        if text[place] == '"':
            word, place = _quoted(text, place + 1)
        else:
            end = min(found for mark in " \n" if (found := text.find(mark, place)) >= 0)
            word, place = text[place:end], end
        if text[place] not in " \n":
            raise ValueError(f"after {word!r} a blank or a line end is missing")
        yield word, text[place] == "\n"
        place += 1


def _quoted(text: str, place: int) -> tuple[str, int]:
    word = ""
    while place < len(text):
        if text.startswith('\\"', place):
            word, place = word + '"', place + 2
        elif text[place] == "\\":
            raise ValueError(f"what a backslash means in {text[max(0, place - 20) : place + 20]!r} is not known")
        elif text[place] == '"':
            return word, place + 1
        else:
            word, place = word + text[place], place + 1
    raise ValueError("a quoted word is not closed")


def read_text(data: bytes) -> str:
    """Read a ``.text``: a version, a size of one by one, the mark for text, then one cell."""
    if not data.startswith(b"2\n*"):
        raise ValueError("a text begins with 2, a line end and *")
    if data[3:] == struct.pack(">4I", 1, 0, 0, 1):
        return ""
    if data[3:23] != struct.pack(">5I", 1, 1, 1, 1, 2):
        raise ValueError("what stands before the text is not what stands before one")
    (cell,) = _cells(data, 19, 1)
    return cell


def read_table(data: bytes) -> list[list[str]]:
    """Read a ``.table``: a version, rows, columns, the mark for a table, then the cells row by row."""
    if not data.startswith(b"1\n*"):
        raise ValueError("a table begins with 1, a line end and *")
    version, rows, columns, is_text = struct.unpack(">4I", data[3:19])
    if version != 1 or is_text:
        raise ValueError("what stands before the cells is not what stands before a table")
    cells = list(_cells(data, 19, rows * columns))
    return [cells[start : start + columns] for start in range(0, len(cells), columns)]


def _cells(data: bytes, place: int, count: int) -> list[str]:
    cells = []
    for _ in range(count):
        mark, length = struct.unpack(">2I", data[place : place + 8])
        place += 8
        if mark != 2 or place + length > len(data):
            raise ValueError(f"at byte {place - 8} there is no cell")
        cells.append(data[place : place + length].decode("utf-8"))
        place += length
    if place != len(data):
        raise ValueError(f"{len(data) - place} bytes follow the last cell")
    return cells


def read_fifo(data: bytes) -> None:
    """Check that a ``.fifo`` is an empty one: no other was ever seen."""
    if data != b"1\n0\n*" + struct.pack(">4I", 1, 0, 1, 0):
        raise ValueError("a FIFO that is not empty is not read here")
