"""How a value that is assigned to a parameter becomes the parameter's own kind of value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from td_headless.errors import tdError

OPERATOR_STYLES = frozenset({"OP", "COMP", "DAT", "TOP", "CHOP", "SOP", "MAT", "POP", "Object", "PanelCOMP"})
NUMBER_STYLES = frozenset({"Float", "XY", "XYZ", "XYZW", "UV", "UVW", "WH", "RGB", "RGBA"})
TEXT_STYLES = frozenset({"Str", "StrMenu", "File", "FileSave", "Folder", "Python", "Header"})
PULSE_STYLES = frozenset({"Pulse", "Momentary"})
_FALSE_WORDS = frozenset({"", "0", "off", "false", "no"})


def coerce(style: str, value: Any, menu: Sequence[str] = ()) -> Any:
    """Return `value` as a parameter of `style` stores it.

    Args:
        style: the parameter's style, e.g. ``Float`` or ``DAT``.
        value: what was assigned. Operators become their path, lists of operators their paths joined by blanks.
        menu: the menu tokens of a ``Menu`` parameter; an int picks one by position.

    Raises:
        tdError: the value cannot be one of that style.
    """
    if style in OPERATOR_STYLES:
        return _operator_text(value)
    if style in TEXT_STYLES:
        return value.path if hasattr(value, "OPType") else "" if value is None else str(value)
    if style == "Menu":
        return _menu_token(value, menu)
    if style == "Toggle":
        return value.strip().lower() not in _FALSE_WORDS if isinstance(value, str) else bool(_number(value))
    number = _number(value)
    if style in PULSE_STYLES:
        return bool(number)
    return number if style in NUMBER_STYLES else int(number)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise tdError(f"Cannot convert {value!r} to a number") from error


def _operator_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return " ".join(_operator_text(item) for item in value)
    path = getattr(value, "path", value)
    if not isinstance(path, str):
        raise tdError(f"Cannot convert {value!r} to an operator")
    return path


def _menu_token(value: Any, menu: Sequence[str]) -> str:
    token = str(value)
    if token in menu:
        return token
    if isinstance(value, (int, float)) and 0 <= int(value) < len(menu):
        return menu[int(value)]
    raise tdError(f"Invalid menu item {value!r}: use one of {', '.join(menu)}")
