"""The part of a parameter that tells its kind and holds its menu."""

from __future__ import annotations

from typing import Any

from td_headless.coercion import NUMBER_STYLES, OPERATOR_STYLES


class ParKinds:
    """Members of `Par` that depend on its style alone."""

    __slots__ = ("_menu_labels", "_menu_names")
    style: str
    default: Any
    val: Any
    _value: Any
    _menu_names: list[str]
    _menu_labels: list[str]

    def eval(self) -> Any:
        """Return the current value."""
        raise NotImplementedError

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
