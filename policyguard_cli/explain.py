"""`policyguard check --explain`: a script for a person to read, with what each line does in the margin.

The script is hostile until it is read: what cannot be seen, and what changes the direction of a line, is escaped.
"""

from __future__ import annotations

import enum
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from td_extension.policy.script_rule import ScriptGrants
from td_extension.ruling import Ruling
from td_extension.script.report import Use
from td_extension.script.text import MAX_BYTES
from td_extension.values import Capability

_MAX_LINES_NAMED = 12
_MAX_MARKS = 2
"""Combining marks that may stand on one letter; more of them run into other lines."""
_TAB = 8
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class Mark(enum.Enum):
    """What stands in the margin, the gravest last: the sign, its meaning, and its style on a terminal."""

    NONE = (" ", "", "")
    GRANTED = (".", "needs what is granted", "green")
    WHILE_IT_RUNS = ("~", "may need more, decided while it runs", "yellow")
    ASKED = ("?", "a person approves it", "magenta")
    REFUSED = ("x", "refused", "bold red")

    @property
    def sign(self) -> str:
        """One character."""
        return self.value[0]

    @property
    def meaning(self) -> str:
        """A few words."""
        return self.value[1]

    @property
    def style(self) -> str:
        """A style of rich."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Remark:
    """One use, as it is decided: its mark, and the use with what there is to say about it."""

    mark: Mark
    use: Use


def explain(console: Console, text: str, ruling: Ruling, grants: ScriptGrants) -> None:
    """Print a script with its uses, and a summary of capabilities.

    Args:
        console: where to; without a terminal behind it, it prints plain text.
        text: the script; one that is larger than the guard reads is not printed.
        ruling: what was decided about it.
        grants: what it was decided by.
    """
    remarks = _remarks(ruling, grants)
    lines = _lines(text) if len(text.encode("utf-8", "replace")) <= MAX_BYTES else []
    if not lines and remarks:
        _say(console, Text(f"{len(text):,} characters are not shown"))
    for number in range(1, max(len(lines), *remarks, 1) + 1):
        _line(console, number, lines[number - 1] if number <= len(lines) else "", remarks.get(number, []))
    _say(console, Text())
    for line in _summary(remarks):
        _say(console, line)


def legend() -> Text:
    """What the marks mean, on one line."""
    text = Text()
    for mark in reversed(Mark):
        if mark.meaning:
            text.append(f"{mark.sign} ", mark.style).append(f"{mark.meaning}   ")
    text.rstrip()
    return text


def escaped(text: str) -> Text:
    """One line of hostile text: every character that cannot be seen, or turns its line, as an escape in reverse."""
    shown, marks = Text(), 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if character == "\t":
            shown.append(" " * (_TAB - len(shown) % _TAB))
        elif _is_hidden(character) or marks > _MAX_MARKS:
            shown.append(character.encode("unicode_escape").decode("ascii"), "reverse")
        else:
            shown.append(character)
    return shown


def _is_hidden(character: str) -> bool:
    return not character.isprintable() or unicodedata.bidirectional(character) in _RIGHT_TO_LEFT


def _lines(text: str) -> list[str]:
    """The lines as Python counts them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n").split("\n")


def _remarks(ruling: Ruling, grants: ScriptGrants) -> dict[int, list[Remark]]:
    """The uses of each line that has any, as they were decided."""
    decided = {_place(use): Remark(Mark.REFUSED, use) for use in ruling.refused}
    decided |= {_place(use): Remark(Mark.ASKED, use) for use in ruling.asked}
    remarks: dict[int, list[Remark]] = defaultdict(list)
    for use in ruling.report.uses:
        open_question = use.may is not None and use.may not in grants.granted
        granted = Remark(Mark.WHILE_IT_RUNS if open_question else Mark.GRANTED, use)
        remarks[use.line].append(decided.get(_place(use), granted))
    return remarks


def _place(use: Use) -> tuple[int, int, str, Capability | None]:
    return use.line, use.column, use.what, use.needs


def _line(console: Console, number: int, line: str, remarks: list[Remark]) -> None:
    gravest = max((remark.mark for remark in remarks), key=list(Mark).index, default=Mark.NONE)
    margin = Text().append(gravest.sign, gravest.style).append(f" {number:4} | ", "dim")
    _say(console, margin.append_text(escaped(line)))
    for remark in dict.fromkeys(remarks):
        told = Text().append("       |   ", "dim").append(f"{remark.use.column}: ")
        told.append(_decision(remark), remark.mark.style)
        _say(console, told.append_text(escaped(_about(remark.use))))


def _decision(remark: Remark) -> str:
    needs, may = remark.use.needs, remark.use.may
    words = {Mark.REFUSED: "refused", Mark.ASKED: "a person approves"}.get(remark.mark, "")
    needed = "" if needs is None else f"needs {needs.value}"
    possible = f"may need {may.value}" if may is not None else ""
    return ", ".join(part for part in (words, needed, possible) if part)


def _about(use: Use) -> str:
    why = f" ({use.why})" if use.why else ""
    hint = f". {use.hint}" if use.hint else ""
    return f": {use.what}{why}{hint}"


def _summary(remarks: dict[int, list[Remark]]) -> Iterator[Text]:
    """One line for each capability, and for what is refused whatever is granted."""
    lines: dict[tuple[str, Mark], set[int]] = defaultdict(set)
    for number, each in remarks.items():
        for remark in each:
            needs, may = remark.use.needs, remark.use.may
            certain = Mark.GRANTED if remark.mark is Mark.WHILE_IT_RUNS else remark.mark
            lines[needs.value if needs is not None else "no capability", certain].add(number)
            if may is not None and remark.mark is Mark.WHILE_IT_RUNS:
                lines[may.value, Mark.WHILE_IT_RUNS].add(number)
    if not lines:
        yield Text("it uses nothing that needs a capability")
    order = [*(one.value for one in Capability), "no capability"]
    for (word, mark), numbers in sorted(lines.items(), key=lambda item: order.index(item[0][0])):
        named = ", ".join(map(str, sorted(numbers)[:_MAX_LINES_NAMED]))
        more = f" and {len(numbers) - _MAX_LINES_NAMED} more" if len(numbers) > _MAX_LINES_NAMED else ""
        yield (
            Text()
            .append(f"{mark.sign} ", mark.style)
            .append(f"{word:14} ")
            .append(f"{mark.meaning}: line {named}{more}")
        )


def _say(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True, highlight=False)
