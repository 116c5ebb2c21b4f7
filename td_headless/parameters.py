"""Parameters: `Par` and `ParMode`.

Semantics from reference `td_runtime.md` section 3 (Derivative's Par Class): assigning ``.val`` puts a parameter in
CONSTANT mode, assigning ``.expr`` in EXPRESSION mode, ``.val`` reads the constant value and ``.eval()`` the real one.
"""

from __future__ import annotations

import enum
import operator as operators
from collections.abc import Callable
from typing import Any

from td_headless.coercion import NUMBER_STYLES, OPERATOR_STYLES, PULSE_STYLES, coerce
from td_headless.errors import tdError
from td_headless.par_tables import ParSpec


class ParMode(enum.Enum):
    """Where a parameter takes its value from."""

    CONSTANT = 0
    EXPRESSION = 1
    EXPORT = 2
    BIND = 3


class Par:
    """One parameter of one operator. Compares and computes like its value."""

    __slots__ = (
        "_bind_expr", "_expr", "_menu_labels", "_menu_names", "_mode", "_value", "clampMax", "clampMin", "default",
        "defaultExpr", "defaultMode", "enable", "help", "isCustom", "label", "max", "min", "name", "normMax", "normMin",
        "order", "owner", "page", "password", "readOnly", "startSection", "style",
    )  # fmt: skip

    def __init__(self, owner: Any, spec: ParSpec, page: Any = None, custom: bool = False) -> None:
        self.owner = owner
        self.page = page
        self.isCustom = custom
        self.name = spec.name
        self.label = spec.label
        self.style = spec.style
        self.default = spec.default
        self.defaultExpr = ""
        self.defaultMode = ParMode.CONSTANT
        self._menu_names = list(spec.menu)
        self._menu_labels = [token.capitalize() for token in spec.menu]
        self.min = self.normMin = spec.low
        self.max = self.normMax = spec.high
        self.clampMin = spec.clamp_low
        self.clampMax = spec.clamp_high
        self.readOnly = False
        self.enable = True
        self.password = False
        self.startSection = False
        self.help = ""
        self.order = 0.0
        self._value = spec.default
        self._expr = ""
        self._bind_expr = ""
        self._mode = ParMode.CONSTANT

    @property
    def valid(self) -> bool:
        """Whether the parameter and its operator still exist."""
        return bool(self.owner.valid) and self.owner.par[self.name] is self

    @property
    def val(self) -> Any:
        """The constant value; assigning it also switches to CONSTANT mode."""
        return self._value

    @val.setter
    def val(self, value: Any) -> None:
        if isinstance(value, Par):
            value = value.eval()
        before = self._current()
        new = coerce(self.style, value, self._menu_names)
        if self.clampMin and new < self.min:
            new = coerce(self.style, self.min)
        if self.clampMax and new > self.max:
            new = coerce(self.style, self.max)
        self._value = new
        self._mode = ParMode.CONSTANT
        if new != before:
            self._announce(before)

    @property
    def expr(self) -> str:
        """The expression; assigning it also switches to EXPRESSION mode."""
        return self._expr

    @expr.setter
    def expr(self, source: str) -> None:
        before = self._current()
        self._expr = str(source)
        self._mode = ParMode.EXPRESSION
        self._announce(before)

    @property
    def bindExpr(self) -> str:
        """The expression that names the bind master; assigning it also switches to BIND mode."""
        return self._bind_expr

    @bindExpr.setter
    def bindExpr(self, source: str) -> None:
        before = self._current()
        self._bind_expr = str(source)
        self._mode = ParMode.BIND
        self._announce(before)

    @property
    def mode(self) -> ParMode:
        """Where the value comes from."""
        return self._mode

    @mode.setter
    def mode(self, mode: ParMode) -> None:
        if not isinstance(mode, ParMode):
            raise tdError(f"Invalid parameter mode {mode!r}: use ParMode.CONSTANT, EXPRESSION, EXPORT or BIND")
        before = self._current()
        self._mode = mode
        self._announce(before)

    def eval(self) -> Any:
        """Return the current value: an operator or None for operator styles, else a plain Python value.

        Raises whatever the expression raises.
        """
        if self._mode is ParMode.EXPRESSION:
            return self._typed(coerce(self.style, _plain(self.evalExpression()), self._menu_names))
        if self._mode is ParMode.BIND:
            return self._typed(coerce(self.style, _plain(self.owner._evaluate(self._bind_expr)), self._menu_names))
        return self._typed(self._value)

    def evalExpression(self) -> Any:
        """Evaluate the expression whatever the mode is, and return its result unconverted."""
        return self.owner._evaluate(self._expr)

    def evalOPs(self) -> list[Any]:
        """Return all operators that an operator parameter names."""
        return list(self.owner._resolve_all(self._text())) if self.style in OPERATOR_STYLES else []

    def _text(self) -> str:
        return str(self._value if self._mode is ParMode.CONSTANT else _plain(self.evalExpression()))

    def _typed(self, value: Any) -> Any:
        return self.owner._resolve(value) if self.style in OPERATOR_STYLES else value

    def _current(self) -> Any:
        if self._mode is ParMode.CONSTANT:
            return self._value
        try:
            return self.eval()
        except Exception:
            # A broken expression has no value that a callback could be told about.
            return self._value

    def _announce(self, before: Any) -> None:
        self.owner._parameter_changed(self, before)

    @property
    def menuNames(self) -> list[str]:
        """The menu's tokens; empty without a menu."""
        return self._menu_names

    @menuNames.setter
    def menuNames(self, tokens: list[str]) -> None:
        self._menu_names = [str(token) for token in tokens]
        if len(self._menu_labels) != len(self._menu_names):
            self._menu_labels = list(self._menu_names)
        if self.style == "Menu" and self._menu_names and self._value not in self._menu_names:
            self._value = self.default = self._menu_names[0]

    @property
    def menuLabels(self) -> list[str]:
        """What the menu shows, one entry for each token."""
        return self._menu_labels

    @menuLabels.setter
    def menuLabels(self, labels: list[str]) -> None:
        self._menu_labels = [str(label) for label in labels]

    @property
    def menuIndex(self) -> int | None:
        """Position of the chosen token; None without a menu or when the text is none of the tokens."""
        value = self.eval() if self._menu_names else None
        return self._menu_names.index(value) if value in self._menu_names else None

    @menuIndex.setter
    def menuIndex(self, index: int) -> None:
        self.val = self._menu_names[index]

    isMenu = property(lambda self: self.style in ("Menu", "StrMenu"), doc="Whether it has a menu.")
    isToggle = property(lambda self: self.style == "Toggle", doc="Whether it is a toggle.")
    isPulse = property(lambda self: self.style == "Pulse", doc="Whether it is a pulse button.")
    isMomentary = property(lambda self: self.style == "Momentary", doc="Whether it is a momentary button.")
    isString = property(lambda self: isinstance(self._value, str) and not self.isMenu, doc="Whether it holds text.")
    isNumber = property(lambda self: self.style in NUMBER_STYLES or self.style == "Int", doc="Whether it is a number.")
    isFloat = property(lambda self: self.style in NUMBER_STYLES, doc="Whether it is a float.")
    isInt = property(lambda self: self.style == "Int", doc="Whether it is an int.")
    isOP = property(lambda self: self.style in OPERATOR_STYLES, doc="Whether it names operators.")
    isPython = property(lambda self: self.style == "Python", doc="Whether it holds a Python value.")
    isSequence = property(lambda self: self.style == "Sequence", doc="Whether it heads a sequence.")
    isDefault = property(
        lambda self: self._mode is self.defaultMode and self._value == self.default, doc="Whether it was never changed."
    )

    def pulse(self, value: Any = 1, frames: float = 0, seconds: float = 0) -> None:
        """Press the parameter once. On a style that is no button, set `value` and put the old value back.

        The way back happens at once: `frames` and `seconds` other than 0 are not built.
        """
        if frames or seconds:
            raise NotImplementedError("td_headless does not implement Par.pulse with frames or seconds")
        if self.style not in PULSE_STYLES and self.style != "Toggle":
            before = self._value
            self.val = value
            self.val = before
        self.owner._parameter_pulsed(self)

    def reset(self) -> bool:
        """Put the default back and say whether that changed anything."""
        changed = not self.isDefault
        self.val = self.default
        return changed

    def destroy(self) -> None:
        """Remove a custom parameter; a built-in one raises `tdError`."""
        if not self.isCustom:
            raise tdError(f"Cannot destroy built-in parameter {self.name}")
        self.owner.par._remove(self.name)
        self.page.pars.remove(self)

    def __repr__(self) -> str:
        return f"type:Par owner:{self.owner.path} name:{self.name}"

    def __str__(self) -> str:
        value = self.eval()
        return "" if value is None else str(value)

    def __bool__(self) -> bool:
        return bool(self.eval())

    def __float__(self) -> float:
        return float(self.eval())

    def __int__(self) -> int:
        return int(self.eval())

    def __index__(self) -> int:
        return operators.index(self.eval())

    def __hash__(self) -> int:
        return hash((id(self.owner), self.name))

    def __neg__(self) -> Any:
        return -self.eval()

    def __abs__(self) -> Any:
        return abs(self.eval())

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.eval(), digits)

    def __len__(self) -> int:
        return len(self.eval())

    def __contains__(self, item: Any) -> bool:
        return item in self.eval()


def _plain(value: Any) -> Any:
    return value.eval() if isinstance(value, Par) else value


def _forward(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: compute(self.eval(), _plain(other))


def _backward(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: compute(_plain(other), self.eval())


for _word in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Par, f"__{_word}__", _forward(getattr(operators, _word)))
for _word in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(Par, f"__{_word}__", _forward(getattr(operators, _word)))
    setattr(Par, f"__r{_word}__", _backward(getattr(operators, _word)))
