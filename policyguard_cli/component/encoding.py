"""The files of an expanded .tox, byte by byte. Source of every form: td_runtime.md §6.2, which decoded real files.

Only forms that are quoted there are written; what would need another one is refused (`UnknownForm`). Known there:

- the 27 bytes before a text, the 19 before a table's cells, the 19 of an empty text, the 21 of an empty FIFO;
- a value stands in double quotes if it is empty or has whitespace in it, and a double quote in it is written ``\\"``;
- the flags of a parameter: 0 constant, 17 expression; with 0x04000040 if it is custom, and 0x100 if it is read-only.

Not known there, and therefore refused: a backslash in a value; a double quote in a value without whitespace; a comment
with a double quote, a backslash or a line end; custom parameters with an enable expression or a help text. Not known
and taken as likely: that the order of the lines of a .parm does not matter; that a file ends with a line end.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .spec import Colour, CustomParameter, Kind, OperatorSpec, Page, Setting, Style

BUILD = "2025.32460"
"""The build whose saved files the forms were taken from."""
EMPTY_TEXT = b"2\n*" + struct.pack(">4I", 1, 0, 0, 1)
EMPTY_FIFO = b"1\n0\n*" + struct.pack(">4I", 1, 0, 1, 0)

_CUSTOM = 0x04000040
_READ_ONLY = 0x100
_EXPRESSION = 17
_MENU_FOLLOWS = 4097

TYPES = {
    Kind.BASE: "COMP:base",
    Kind.TEXT: "DAT:text",
    Kind.TABLE: "DAT:table",
    Kind.EXECUTE: "DAT:execute",
    Kind.DAT_EXECUTE: "DAT:datexec",
    Kind.PARAMETER_EXECUTE: "DAT:parexec",
    Kind.FIFO: "DAT:fifo",
}
STYLES = {
    Style.TOGGLE: 772804867,
    Style.STR: 772804868,
    Style.PULSE: 772804869,
    Style.MENU: 772804879,
    Style.FILE: 772804880,
}


class UnknownForm(ValueError):
    """What is to be written needs a form that was seen in no real file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of a custom parameter that is a number.

    Attributes:
        low: smallest value, where `is_clamped`.
        high: largest value, where `is_clamped`.
        slider_low: left end of the slider.
        slider_high: right end.
        is_clamped: whether `low` and `high` hold.
    """

    low: int = 0
    high: int = 1
    slider_low: int = 0
    slider_high: int = 1
    is_clamped: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """One line of a .cparm.

    Attributes:
        type_id: the number of its style.
        name: its name.
        label: its label.
        page: the page it is on.
        order: its place there.
        number: its default, of a style that is a number.
        text: its default, of a style that is text; of a menu a token.
        limits: its range.
        menu: token and label of each item; None where it is no menu.
    """

    type_id: int
    name: str
    label: str
    page: str
    order: int
    number: int = 0
    text: str = ""
    limits: Limits = Limits()
    menu: tuple[tuple[str, str], ...] | None = None


def word(text: str) -> str:
    """A value as it stands in a line.

    Raises:
        UnknownForm: as the module says.
    """
    if "\\" in text or "\0" in text or "\r" in text:
        raise UnknownForm(f"{text!r}: how a backslash, a zero byte or a carriage return is written is not known")
    if text and not re.search(r"\s", text):
        if '"' in text:
            raise UnknownForm(f"{text!r}: how a double quote without whitespace is written is not known")
        return text
    return '"' + text.replace('"', '\\"') + '"'


def table_of_contents(paths: Iterable[str]) -> bytes:
    """The .toc: its first line, then one path a line."""
    return "".join(f"{line}\n" for line in ("# 4 0 0 0 1", *paths)).encode("ascii")


def build_block(build: str, time: str, os_name: str, os_version: str) -> bytes:
    """The file .build: which build wrote the tree, and when (``Thu Oct  1 15:32:57 2026``)."""
    lines = ("version 099", f"build {build}", f"time {time}", f"osname {os_name}", f"osversion {os_version}")
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def node(spec: OperatorSpec) -> bytes:
    """The .n of an operator.

    Raises:
        UnknownForm: its comment cannot be written.
    """
    if re.search(r'["\\\r\n]', spec.comment) or not spec.comment.isascii():
        raise UnknownForm(f"{spec.name}: how this comment is written is not known: {spec.comment!r}")
    viewer = "viewer 1 " if spec.is_viewer_on else ""
    lines = [
        TYPES[spec.kind],
        f"tile {spec.x} {spec.y} {spec.width} {spec.height}",
        f"flags =  {viewer}parlanguage 0",
        *([f'comment "{spec.comment}"'] if spec.comment else []),
        f"color {_colour(spec.colour)} ",
        "end",
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _colour(colour: Colour) -> str:
    if any(round(part, 2) != part or not 0 <= part <= 1 for part in colour):
        raise UnknownForm(f"{colour}: a colour is written with two decimals, from 0 to 1")
    return " ".join(f"{part:g}" for part in colour)


def values(lines: Iterable[str]) -> bytes:
    """A .parm, or with the same marks around it a .cparm."""
    return "".join(f"{line}\n" for line in ("?", *lines, "?")).encode("utf-8")


def value_line(setting: Setting) -> str:
    """The line of a built-in parameter in a .parm."""
    line = f"{setting.name} {_EXPRESSION if setting.expression else 0} {word(_plain(setting.value))}"
    return f"{line} {word(setting.expression)}" if setting.expression else line


def custom_value_line(parameter: CustomParameter) -> str:
    """The line of a custom parameter in a .parm. It is needed only where something differs from the definition."""
    flags = _CUSTOM | (_READ_ONLY if parameter.is_read_only else 0)
    return f"{parameter.name} {flags} {word(_plain(parameter.default))}"


def _plain(value: str | bool) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else value


def definition_lines(pages: Sequence[Page]) -> Iterable[str]:
    """The lines of a .cparm: the pages, then every custom parameter."""
    yield " ".join(["pages", str(len(pages)), *(word(page.name) for page in pages)])
    for page in pages:
        for order, parameter in enumerate(page.parameters):
            yield definition_line(definition(parameter, page.name, order))


def definition(parameter: CustomParameter, page: str, order: int) -> Definition:
    """What a .cparm says of a custom parameter."""
    is_menu = parameter.style is Style.MENU
    return Definition(
        STYLES[parameter.style],
        parameter.name,
        parameter.label,
        page,
        order,
        number=int(parameter.default) if isinstance(parameter.default, bool) else 0,
        text="" if isinstance(parameter.default, bool) else parameter.default,
        menu=parameter.menu if is_menu else None,
    )


def definition_line(given: Definition) -> str:
    """One line of a .cparm, of a parameter with one component."""
    limits, flag = given.limits, 3 if given.limits.is_clamped else 1
    parts = [
        f"{given.type_id} {given.name} {word(given.label)} 1",
        f"{flag} {limits.low} {limits.slider_low} {flag} {limits.high} {limits.slider_high}",
        f'2 {given.number} {word(given.text)} ""',
        word(given.page),
    ]
    if given.menu is not None:
        items = [word(part) for item in given.menu for part in item]
        parts.append(" ".join([str(_MENU_FOLLOWS), str(len(given.menu)), *items]))
    return " ".join([*parts, str(given.order)])


def text(content: str) -> bytes:
    """A .text."""
    if not content:
        return EMPTY_TEXT
    data = content.encode("utf-8")
    return b"2\n*" + struct.pack(">6I", 1, 1, 1, 1, 2, len(data)) + data


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """A .table; all rows have one width.

    Raises:
        UnknownForm: it has no cell: what stands for an empty table is not known.
    """
    if not rows or not rows[0]:
        raise UnknownForm("how a table without a cell is written is not known")
    cells = [cell.encode("utf-8") for row in rows for cell in row]
    head = b"1\n*" + struct.pack(">4I", 1, len(rows), len(rows[0]), 0)
    return head + b"".join(struct.pack(">2I", 2, len(cell)) + cell for cell in cells)
