"""Parameters: `Par` and `ParMode`.

Semantics from reference `td_runtime.md` section 3 (Derivative's Par Class): assigning ``.val`` puts a parameter in
CONSTANT mode, assigning ``.expr`` in EXPRESSION mode, ``.val`` reads the constant value and ``.eval()`` the real one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from td_headless.coercion import OPERATOR_STYLES, PULSE_STYLES, coerce
from td_headless.errors import tdError
from td_headless.par_groups import ParGroup
from td_headless.par_kinds import ParKinds
from td_headless.par_tables import ParSpec
from td_headless.unbuilt import loud
from td_headless.value_like import ValueLike, plain


class ParMode(enum.Enum):
    """Where a parameter takes its value from."""

    CONSTANT = 0
    EXPRESSION = 1
    EXPORT = 2
    BIND = 3


@loud("Par")
class Par(ParKinds, ValueLike):
    """One parameter of one operator. Compares and computes like its value."""

    __slots__ = (
        "_bind_expr", "_enable", "_enable_expr", "_expr", "_group", "_mode", "_prev_mode",
        "_value", "clampMax", "clampMin", "default", "defaultBindExpr", "defaultExpr", "defaultMode", "help", "hidden",
        "isCustom", "label", "max", "min", "name", "normMax", "normMin", "order", "owner", "page", "password",
        "readOnly", "startSection", "style",
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
        self.defaultBindExpr = ""
        self.defaultMode = ParMode.CONSTANT
        self._menu_names = list(spec.menu)
        self._menu_labels = [token.capitalize() for token in spec.menu]
        self.min = self.normMin = spec.low
        self.max = self.normMax = spec.high
        self.clampMin = spec.clamp_low
        self.clampMax = spec.clamp_high
        self.readOnly = False
        self._enable = True
        self._enable_expr = ""
        self.hidden = False
        self.password = False
        self.startSection = False
        self.help = ""
        self.order = 0.0
        self._value = spec.default
        self._expr = ""
        self._bind_expr = ""
        self._mode = self._prev_mode = ParMode.CONSTANT
        self._group = spec.group or spec.name

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
        self._switch(ParMode.CONSTANT)
        if new != before:
            self._announce(before)

    @property
    def expr(self) -> str:
        """The expression; assigning it also switches to EXPRESSION mode."""
        return self._expr

    @expr.setter
    def expr(self, source: str) -> None:
        before, old = self._current(), self._expr
        self._expr = str(source)
        self._switch(ParMode.EXPRESSION)
        if self._expr != old:
            self._announce_detail("expression", self._expr, old)
        self._announce(before)

    @property
    def bindExpr(self) -> str:
        """The expression that names the bind master; assigning it also switches to BIND mode."""
        return self._bind_expr

    @bindExpr.setter
    def bindExpr(self, source: str) -> None:
        before = self._current()
        self._bind_expr = str(source)
        self._switch(ParMode.BIND)
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
        self._switch(mode)
        self._announce(before)

    prevMode = property(lambda self: self._prev_mode, doc="The mode before the present one.")

    def _switch(self, mode: ParMode) -> None:
        if mode is not self._mode:
            self._prev_mode, self._mode = self._mode, mode
            self._announce_detail("mode", mode, self._prev_mode)

    @property
    def enable(self) -> bool:
        """Whether the parameter can be edited in the dialog; since 2023.30000 of each parameter, not of its group."""
        return bool(self.owner._evaluate(self._enable_expr)) if self._enable_expr else self._enable

    @enable.setter
    def enable(self, enabled: bool) -> None:
        before, self._enable = self._enable, bool(enabled)
        if self._enable != before:
            self._announce_detail("enable", self._enable, before)

    @property
    def enableExpr(self) -> str:
        """An expression that decides about `enable`; empty for none."""
        return self._enable_expr

    @enableExpr.setter
    def enableExpr(self, source: str | None) -> None:
        self._enable_expr = source or ""

    def eval(self) -> Any:
        """Return the current value: an operator or None for operator styles, else a plain Python value.

        Raises whatever the expression raises.
        """
        if self._mode is ParMode.EXPRESSION:
            return self._typed(coerce(self.style, plain(self.evalExpression()), self._menu_names))
        if self._mode is ParMode.BIND:
            return self._typed(coerce(self.style, plain(self.owner._evaluate(self._bind_expr)), self._menu_names))
        return self._typed(self._value)

    def evalExpression(self) -> Any:
        """Evaluate the expression whatever the mode is, and return its result unconverted."""
        return self.owner._evaluate(self._expr)

    def evalOPs(self) -> list[Any]:
        """Return all operators that an operator parameter names."""
        return list(self.owner._resolve_all(self._text())) if self.style in OPERATOR_STYLES else []

    def _text(self) -> str:
        return str(self._value if self._mode is ParMode.CONSTANT else plain(self.evalExpression()))

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

    def _announce_detail(self, what: str, now: Any, before: Any) -> None:
        for observer in self.owner._world.par_detail_observers:
            observer(self, what, now, before)

    @property
    def bindMaster(self) -> Any:
        """What the parameter is bound to, e.g. another parameter; None outside BIND mode."""
        return self.owner._evaluate(self._bind_expr) if self._mode is ParMode.BIND else None

    @property
    def normVal(self) -> float:
        """The value as a fraction of the slider's range."""
        return self.evalNorm()

    @normVal.setter
    def normVal(self, fraction: float) -> None:
        self.val = self.normMin + fraction * (self.normMax - self.normMin)

    def evalNorm(self) -> float:
        """Return the value as a fraction of the slider's range; 0.0 of a parameter that holds no number."""
        span, value = self.normMax - self.normMin, self.eval()
        return (float(value) - self.normMin) / span if span and isinstance(value, int | float) else 0.0

    parGroup = property(lambda self: ParGroup(self.owner, self._group), doc="The group the parameter belongs to.")
    index = property(lambda self: _place(self, self.owner.par), doc="Position among the operator's parameters.")
    vecIndex = property(lambda self: _place(self, self.parGroup), doc="Position in its group.")
    sequence = property(lambda self: self.owner.seq._of(self), doc="The sequence it belongs to, or None.")
    sequenceBlock = property(lambda self: self.owner.seq._block_of(self), doc="The sequence block, or None.")

    def isSamePar(self, other: Par) -> bool:
        """Say whether `other` is this very parameter; ``==`` compares values."""
        return self is other

    def copy(self, par: Par) -> None:
        """Take over value, expression, bind expression and mode of another parameter."""
        self._value = coerce(self.style, par._value, self._menu_names)
        self._expr, self._bind_expr = par._expr, par._bind_expr
        before = self._current()
        self._switch(par._mode)
        self._announce(before)

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
        self.page._remove(self)

    def __repr__(self) -> str:
        return f"type:Par owner:{self.owner.path} name:{self.name}"

    def __hash__(self) -> int:
        return hash((id(self.owner), self.name))


def _place(par: Par, among: Iterable[Any]) -> int:
    """Return the position of this very parameter; ``==`` would compare values."""
    return next(place for place, other in enumerate(among) if other is par)
