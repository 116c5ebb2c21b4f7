"""How a built-in parameter is described, and short constructors that keep the tables readable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class ParSpec:
    """One built-in parameter.

    Attributes:
        name: the Python name, e.g. ``resolutionw``.
        label: the name shown in the dialog.
        style: TouchDesigner's style word, e.g. ``Float``, ``Menu``, ``OP``.
        default: the default in the style's own type.
        menu: menu tokens; empty for styles without a menu.
        low: lower end of the slider; also the hard limit when `clamp_low`.
        high: upper end of the slider; also the hard limit when `clamp_high`.
        page: name of the page it is shown on.
        group: name of its group; empty when it is a group of its own.
    """

    name: str
    label: str
    style: str
    default: Any
    menu: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    clamp_low: bool = False
    clamp_high: bool = False
    page: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class SequenceSpec:
    """Parameters that repeat in numbered blocks, e.g. ``ext0object``; names in `blocks` hold ``{}`` for the number."""

    name: str
    label: str
    page: str
    blocks: tuple[ParSpec, ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class TypeParameters:
    """All parameters of one operator type."""

    pars: tuple[ParSpec, ...] = ()
    sequences: tuple[SequenceSpec, ...] = ()


def number(name: str, default: float = 0.0, high: float = 1.0, low: float = 0.0, label: str = "") -> ParSpec:
    """A Float parameter with an open range."""
    return ParSpec(name, label or name.capitalize(), "Float", float(default), low=low, high=high)


def integer(
    name: str, default: int = 0, low: int = 0, high: int = 100, label: str = "", clamp: bool = False
) -> ParSpec:
    """An Int parameter; with `clamp` its lower end is a hard limit."""
    return ParSpec(name, label or name.capitalize(), "Int", default, low=low, high=high, clamp_low=clamp)


def toggle(name: str, default: bool = False, label: str = "") -> ParSpec:
    """A Toggle parameter."""
    return ParSpec(name, label or name.capitalize(), "Toggle", default)


def text(name: str, default: str = "", label: str = "", style: str = "Str") -> ParSpec:
    """A Str parameter, or another style that holds text (File, Folder, Python, StrMenu)."""
    return ParSpec(name, label or name.capitalize(), style, default)


def menu(name: str, tokens: str, default: str = "", label: str = "") -> ParSpec:
    """A Menu parameter; `tokens` are separated by blanks and the first is the default unless given."""
    words = tuple(tokens.split())
    return ParSpec(name, label or name.capitalize(), "Menu", default or words[0], menu=words, high=len(words) - 1)


def pulse(name: str, label: str = "") -> ParSpec:
    """A Pulse parameter."""
    return ParSpec(name, label or name.capitalize(), "Pulse", False)


def operator(name: str, style: str = "OP", default: str = "", label: str = "") -> ParSpec:
    """A parameter that names operators (OP, COMP, DAT, TOP, CHOP, SOP, MAT, Object)."""
    return ParSpec(name, label or name.capitalize(), style, default)


def vector(stem: str, suffixes: str, default: float = 0.0, high: float = 1.0) -> tuple[ParSpec, ...]:
    """Float parameters that share a stem, e.g. ``tx ty tz``."""
    return tuple(replace(number(stem + suffix, default, high), group=stem) for suffix in suffixes)


def page(name: str, *specs: ParSpec) -> tuple[ParSpec, ...]:
    """Put parameters on one page."""
    return tuple(replace(spec, page=name) for spec in specs)
