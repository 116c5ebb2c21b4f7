"""The texts that TouchDesigner runs: whatever becomes one is judged, as a script of this caller would be.

What is set up here runs later, when nothing watches, so what a script *may* need counts as needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..values import Capability, Code
from .audit_switch import unheard
from .bridge import Bridge
from .catalog import Catalog
from .permissions import Permissions
from .place import Admit, Settle

_EVALUATING = {"evaluateDAT"}
_READ_AS_DATA = {"scriptDAT"}
"""DATs whose own text is run, and which take what flows into them as data."""


class CodeTexts:
    """Looks at texts that TouchDesigner runs, or would run, on behalf of one watch.

    Args:
        permissions: stops the script.
        catalog: what needs which capability.
        bridge: tells TouchDesigner's objects apart.
    """

    def __init__(self, permissions: Permissions, catalog: Catalog, bridge: Bridge) -> None:
        self._permissions = permissions
        self._catalog = catalog
        self._bridge = bridge
        self._code: dict[int, bool] = {}

    def of_text(self, operator: Any) -> Admit | None:
        """How a text is looked at before it becomes that of `operator`; None where TouchDesigner does not run it."""
        if not self._runs(operator):
            return None

        def admit(value: Any) -> str:
            text = str.__str__(value) if isinstance(value, str) else str(value)
            self.judged(f"the text of {operator.path}, which TouchDesigner runs", text)
            return text

        return admit

    def of_content(self, operator: Any) -> Settle | None:
        """What is done after something in `operator` has changed; None where TouchDesigner does not run it."""
        if not self._runs(operator):
            return None
        before = operator.text

        def settle() -> None:
            why = self.why_refused(operator.text)
            if why is not None:
                operator.text = before
                what = f"the text of {operator.path}, which TouchDesigner runs"
                self._permissions.stop(Code.MISSING_CAPABILITY, f"{what}: {why}")

        return settle

    def of_name(self, operator: Any) -> Settle:
        """What is done after `operator` was renamed: under its new name its text may be one that is run."""
        before = operator.name

        def settle() -> None:
            self.forget()
            why = self._newly_run(operator)
            if why is not None:
                operator.name = before
                self._permissions.stop(Code.MISSING_CAPABILITY, why)

        return settle

    def made(self, operators: Sequence[Any]) -> None:
        """Look at new operators: a copy may bring a text to where it is run."""
        self.forget()
        for operator in operators:
            why = self._newly_run(operator) if operator.valid and operator.isDAT and operator.text else None
            if why is not None:
                operator.destroy()
                self._permissions.stop(Code.MISSING_CAPABILITY, why)

    def wired(self, operator: Any, other: Any) -> None:
        """Stop where `other` would flow into `operator`, or the other way, and be run there."""
        for end, source in ((operator, other), (other, operator)):
            if end is not None and end.isDAT and end.OPType not in _READ_AS_DATA and self.is_code(end):
                self._permissions.require(Capability.TD_CODE, f"wiring {end.path}", "TouchDesigner runs its text")
                if source is not None and source.isDAT:
                    self.judged(f"the text of {source.path}, which flows into {end.path}", source.text)

    def forget(self) -> None:
        """Something may have changed which texts are run."""
        self._code.clear()

    def is_code(self, operator: Any) -> bool:
        """Whether TouchDesigner runs the text of `operator`; found out once, until something may have changed it."""
        key = operator.id
        if key not in self._code:
            self._code[key] = self._bridge.runs_its_text(operator)
        return self._code[key]

    def of_settings(self, operator: Any) -> Settle | None:
        """A parameter of a DAT was set: where TouchDesigner runs its text, another text is judged as if written."""
        if not operator.isDAT or not self.is_code(operator):
            return None
        before = operator.text

        def settle() -> None:
            if operator.text != before:
                self._permissions.require(Capability.TD_CODE, f"the text of {operator.path}", "TouchDesigner runs it")
                self.judged(f"the text of {operator.path}, which TouchDesigner runs", operator.text)

        return settle

    def judged(self, what: str, text: str) -> None:
        """Stop where a text may not be left to TouchDesigner to run."""
        why = self.why_refused(text)
        if why is not None:
            self._permissions.stop(Code.MISSING_CAPABILITY, f"{what}: {why}")

    def before_change(self, operator: Any, method: str) -> None:
        """Stop where `method` would change a text that TouchDesigner runs, piece by piece and unseen."""
        if self._runs(operator):
            self._permissions.stop(
                Code.MISSING_CAPABILITY,
                f".{method} would change {operator.path}, which TouchDesigner runs: set its whole text in a script",
            )

    def _runs(self, operator: Any) -> bool:
        """Whether TouchDesigner runs the text of `operator`, which then needs td.code."""
        if not operator.isDAT or not self.is_code(operator):
            return False
        self._permissions.require(Capability.TD_CODE, f"the text of {operator.path}", "TouchDesigner runs it")
        if operator.OPType in _EVALUATING:
            self._permissions.require(
                Capability.DYNAMIC, f"the cells of {operator.path}", "each is evaluated by itself"
            )
        return True

    def _newly_run(self, operator: Any) -> str | None:
        """Why `operator` may not have the text that it has, where TouchDesigner runs it now."""
        if not operator.isDAT or not self.is_code(operator):
            return None
        if not self._permissions.permits(Capability.TD_CODE):
            return f"the text of {operator.path} would be run by TouchDesigner, which needs capability 'td.code'"
        why = self.why_refused(operator.text)
        return None if why is None else f"the text of {operator.path} would be run by TouchDesigner: {why}"

    def why_refused(self, text: str) -> str | None:
        """Why a text may not be left to TouchDesigner to run; None where it may, or where it is no Python."""
        from .analyse import NO_PYTHON, analyse  # only here: the judgement is no part of what is imported at start

        with unheard():  # for the message of a syntax error, CPython looks for a file of the text's name
            report = analyse(text, self._catalog, self._bridge.protected_paths())
        if report.tree is None and all(use.why.startswith(NO_PYTHON) for use in report.uses):
            return None
        for use in report.uses:
            for needed in (use.needs, use.may):
                if needed is None and use.needs is None:
                    return f"line {use.line}: {use.what} is refused: {use.why}"
                if needed is not None and not self._permissions.permits(needed, use.module or use.resource):
                    return f"line {use.line}: {use.what} needs capability '{needed.value}'"
        return None
