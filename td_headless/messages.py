"""Errors, warnings and script errors of an operator."""

from __future__ import annotations

from typing import Any


class Messages:
    """The part of an operator that collects messages. Each line ends in the operator's path, as in TouchDesigner."""

    __slots__ = ()
    _errors: list[str]
    _warnings: list[str]
    _script_errors: list[str]

    def errors(self, recurse: bool = False) -> str:
        """Return the errors, one a line; with `recurse` also those of everything inside.

        A parameter expression that fails to evaluate counts as an error.
        """
        return _lines(self, recurse, lambda operator: operator._errors + operator._broken_expressions())

    def warnings(self, recurse: bool = False) -> str:
        """Return the warnings, one a line; with `recurse` also those of everything inside."""
        return _lines(self, recurse, lambda operator: operator._warnings)

    def scriptErrors(self, recurse: bool = False) -> str:
        """Return the errors of scripts that ran in this operator; with `recurse` also those of everything inside."""
        return _lines(self, recurse, lambda operator: operator._script_errors)

    def addError(self, message: str) -> None:
        """Add an error."""
        self._errors.append(str(message))

    def addWarning(self, message: str) -> None:
        """Add a warning."""
        self._warnings.append(str(message))

    def addScriptError(self, message: str) -> None:
        """Add a script error."""
        self._script_errors.append(str(message))

    def clearScriptErrors(self, recurse: bool = False, error: str = "*") -> None:
        """Forget the script errors; with `recurse` also those of everything inside."""
        self._script_errors.clear()
        if recurse:
            for child in self._children():  # type: ignore[attr-defined]
                child.clearScriptErrors(recurse=True)


def _lines(operator: Any, recurse: bool, of: Any) -> str:
    lines = [f"{message} ({operator.path})" for message in of(operator)]
    if recurse:
        lines += [text for child in operator._children() if (text := _lines(child, True, of))]
    return "\n".join(lines)
