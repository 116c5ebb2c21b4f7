"""What may be made, out of what, and what it may be wired to: methods that bring operators into being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..values import Capability, Code
from .bridge import Bridge
from .catalog import Catalog
from .code_texts import CodeTexts
from .permissions import Permissions
from .protection import Protection


class Making:
    """Looks at the calls of `acting_members.MAKERS` before they happen, on behalf of one watch.

    Args:
        permissions: stops the script.
        catalog: what needs which capability.
        bridge: tells TouchDesigner's objects apart.
        protection: what must be spared.
        texts: looks at texts that TouchDesigner runs.
    """

    def __init__(
        self,
        permissions: Permissions,
        catalog: Catalog,
        bridge: Bridge,
        protection: Protection,
        texts: CodeTexts,
    ) -> None:
        self._permissions = permissions
        self._catalog = catalog
        self._bridge = bridge
        self._protection = protection
        self._texts = texts

    def before(self, receiver: Any, method: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
        """Look at what a call of `method` would make, out of what, and what it would be wired to."""
        operator = self._bridge.operator_of(receiver)
        if operator is None:
            return
        if method in ("copy", "copyParameters") and (operator is not receiver or method == "copyParameters"):
            self._permissions.require(
                Capability.TD_CODE, f".{method}", "parameters may carry expressions and code along"
            )
        for argument in (*arguments, *keywords.values()):
            for part in argument if type(argument) in (list, tuple) else (argument,):
                self._plain_argument(method, part)
                if method in ("connect", "setInputs"):
                    self._wired(operator, part)
                else:
                    self.copied(part)
        if method in ("create", "changeType"):
            kind = arguments[0] if arguments else keywords.get("OPtype", keywords.get("type"))
            name = kind if isinstance(kind, str) else self._bridge.operator_type(kind)
            if name is None:
                self._permissions.stop(Code.UNKNOWN_NAME, f"{method}() takes an operator type first, such as noiseTOP")
            self._permissions.require(
                self._catalog.operator_type(name), f"making a {name}", "this operator does more than show"
            )

    def copied(self, value: Any) -> None:
        """Stop where `value` is an operator that may not be copied: it brings its code along."""
        operator = self._bridge.operator_of(value)
        if operator is None or operator is not value:
            return
        self._protection.spare(operator, "copy")
        if self._bridge.holds_protected(operator):
            self._permissions.stop(
                Code.MISSING_CAPABILITY, f"{operator.path} holds what PolicyGuard protects and is not copied"
            )
        inside = operator.findChildren() if operator.isCOMP else []
        for one in (operator, *operator.docked, *inside):
            needs = self._catalog.operator_type(one.OPType)
            self._permissions.require(needs, f"copying {one.path}", "what this operator does needs more than td.create")
            if self._bridge.has_extensions(one):
                self._permissions.require(Capability.TD_CODE, f"copying {one.path}", "its extensions are code")

    def _plain_argument(self, method: str, value: Any) -> None:
        """Stop where an argument is none that can be looked at: TouchDesigner may take more out of it."""
        is_plain = value is None or isinstance(value, type | int | float) or type(value) is str
        if (not is_plain and not self._bridge.is_touchdesigners(type(value))) or (method == "copyOPs" and is_plain):
            self._permissions.stop(
                Code.FORBIDDEN_SYNTAX, f"{method}() here takes operators, or a list of them, and plain values"
            )

    def _wired(self, operator: Any, other: object) -> None:
        """What flows along a wire may be run at its other end."""
        for end in (operator, self._bridge.operator_of(other)):
            if end is not None:
                self._protection.spare(end, "connect")
                needs = self._catalog.operator_type(end.OPType)
                self._permissions.require(
                    needs, f"wiring {end.path}", "what this operator does needs more than td.create"
                )
        self._texts.wired(operator, self._bridge.operator_of(other))
