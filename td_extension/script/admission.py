"""What may be stored in parameters: values, expressions, bindings, and the names of texts that TouchDesigner runs.

What is set up here takes effect later, when nothing watches: it is judged as a script of this caller would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..values import Capability, Code
from .acting_members import BINDINGS, EXPRESSIONS
from .bridge import Bridge
from .catalog import Catalog, Parameter
from .code_texts import CodeTexts
from .expression import is_plain_binding, is_plain_expression
from .media import host_of, is_media_inside
from .permissions import Permissions
from .place import Admit, Settle
from .protection import Protection

Rules = Sequence[tuple[Parameter, str]]
"""What setting some parameters means, and which they are."""

_COPIED: Mapping[str, frozenset[str]] = {"replicatorCOMP": frozenset({"master"})}
"""Parameters that name what their operator copies, by its type."""

_BY_VALUE = frozenset({Capability.FILE_READ, Capability.FILE_WRITE, Capability.NET})
"""Capabilities that a policy may grant for some names only."""


class Admission:
    """Looks at what is stored in parameters, on behalf of one watch.

    Args:
        permissions: stops the script.
        catalog: what needs which capability.
        bridge: tells TouchDesigner's objects apart.
        protection: what must be spared.
        texts: looks at texts that TouchDesigner runs.
        copied: stops the script where an operator may not be copied.
    """

    def __init__(
        self,
        permissions: Permissions,
        catalog: Catalog,
        bridge: Bridge,
        protection: Protection,
        texts: CodeTexts,
        copied: Callable[[Any], None],
    ) -> None:
        self._permissions = permissions
        self._catalog = catalog
        self._bridge = bridge
        self._protection = protection
        self._texts = texts
        self._copied = copied

    def pressed(self, operator: Any, name: str, parameters: Sequence[Any]) -> None:
        """Stop where pressing a parameter needs more than is granted, or undoes the guard."""
        self._spare(operator, parameters)
        for rule, what in self._rules(operator, name, parameters):
            self._permissions.require(rule.needs, what, rule.why)

    def of_parameter(self, operator: Any, member: str, parameters: Sequence[Any]) -> tuple[Admit | None, Settle | None]:
        """How a value is looked at that is stored in `parameters`, or in `member` of one, and what has come of it."""
        self._spare(operator, parameters)
        by_value = []
        for rule, what in self._rules(operator, member, parameters):
            if rule.needs in _BY_VALUE:
                by_value.append((rule, what))
            else:
                self._permissions.require(rule.needs, what, rule.why)
        copies = [one for one in parameters if one.name in _COPIED.get(operator.OPType, ())]
        if copies and member != "pulse":
            return (self._expression(operator, member, by_value) if member in EXPRESSIONS else None), self._template(
                copies[0]
            )
        if member in EXPRESSIONS:
            bound = self._bound(parameters) if member in BINDINGS else None
            return self._expression(operator, member, by_value), bound
        if member == "mode":
            return self._mode(operator, parameters, by_value), self._bound(parameters)
        runs = [one for one in parameters if self._names_code(operator, one)]
        if runs:
            self._texts.forget()
        settle = self._pointed(operator, runs[0]) if runs else self._texts.of_settings(operator)
        return self._outside(by_value) if by_value else None, settle

    def pointing(self, operator: Any, name: str, value: Any) -> None:
        """Stop where the parameter `name`, set to the path `value`, would run a text that is refused."""
        parameter = operator.par[name]
        if parameter is None:
            return
        copies, runs = parameter.name in _COPIED.get(operator.OPType, ()), self._names_code(operator, parameter)
        for start in (operator, operator.parent()) if copies or runs else ():
            named = start.op(str(value)) if start is not None else None
            if copies:
                self._copied(named)
            elif named is not None and named.isDAT:
                self._texts.judged(f".par.{name} of {operator.path} would run the text of {named.path}", named.text)

    def copying(self, start: Any, operator_type: str, name: str, value: Any) -> None:
        """Stop where the parameter `name` of a new operator beside `start` would have something copied that may not."""
        if name in _COPIED.get(operator_type, ()):
            self._copied(start.op(str(value)))

    # -- how it decides --------------------------------------------------------------------------------------------

    def _spare(self, operator: Any, parameters: Sequence[Any]) -> None:
        """Stop where setting a parameter would undo the guard, here or where the parameter is bound to."""
        for one in parameters:
            self._protection.spare(operator, one.name)
            self._spare_master(one)

    def _spare_master(self, parameter: Any) -> None:
        """A parameter that is bound sets the one that it is bound to."""
        try:
            master = parameter.bindMaster
        except Exception:  # a binding that leads nowhere sets nothing
            return
        owner = self._bridge.operator_of(master)
        if owner is not None and owner is not parameter.owner:
            self._protection.spare(owner, str(getattr(master, "name", "")))

    def _rules(self, operator: Any, name: str, parameters: Sequence[Any]) -> Iterator[tuple[Parameter, str]]:
        """What setting the parameters means, where it is more than setting a value: custom ones only hold values."""
        for each, is_custom in [(one.name, bool(one.isCustom)) for one in parameters] or [(name, False)]:
            rule = self._catalog.parameter_rule(each, operator.OPType)
            if not is_custom and rule.needs is not Capability.TD_WRITE:
                yield rule, f".par.{each} of {operator.path}"

    def _outside(self, rules: Rules) -> Admit:
        """The name decides: files of media inside the project folder pass, and what a policy grants by its patterns."""

        def admit(value: Any) -> Any:
            if not isinstance(value, str):
                for rule, what in rules:
                    self._permissions.require(rule.needs, what, rule.why)
                return value
            named = str.__str__(value)
            self._protection.spare_files(rules[0][1], (named,))
            inside = self._bridge.in_project(named)
            for rule, what in rules:
                is_media = rule.media is not None and self._permissions.permits(rule.media) and is_media_inside(inside)
                if not is_media:
                    resource = host_of(named) if rule.needs is Capability.NET else self._bridge.on_disk(named)
                    self._permissions.require(rule.needs, what, rule.why, resource)
            return named

        return admit

    def _expression(self, operator: Any, member: str, by_value: Rules) -> Admit:
        def admit(value: Any) -> Any:
            if isinstance(value, list | tuple):  # one for each parameter of a group
                return tuple(admit(part) for part in tuple(value))
            text = str.__str__(value) if isinstance(value, str) else str(value)
            plain = is_plain_binding if member in BINDINGS else is_plain_expression
            if text.strip():
                self._whatever_the_value(by_value)
                if member == "defaultBindExpr":
                    what = f".{member} on {operator.path}"
                    self._permissions.require(
                        Capability.TD_CODE, what, "what it binds to is known only when it is reset"
                    )
            if text.strip() and not plain(text, self._catalog):
                self._permissions.require(
                    Capability.TD_CODE, f".{member} on {operator.path}", "it is evaluated as code"
                )
                self._texts.judged(f".{member} on {operator.path}", text)
            return text

        return admit

    def _whatever_the_value(self, rules: Rules) -> None:
        """What an expression will give is not known: what needs a capability by its value needs it always."""
        for rule, what in rules:
            self._permissions.require(rule.needs, what, f"{rule.why}; an expression may give any value")

    def _mode(self, operator: Any, parameters: Sequence[Any], by_value: Rules) -> Admit:
        """An expression that was kept beside a constant comes into force."""

        def admit(value: Any) -> Any:
            is_constant = self._bridge.is_touchdesigners(type(value)) and value.name == "CONSTANT"
            for one in parameters:
                for text in (one.expr, one.bindExpr):
                    if text and not is_constant:
                        self._whatever_the_value(by_value)
                    if text and not is_plain_expression(text, self._catalog):
                        what = f".mode on {operator.path}"
                        self._permissions.require(
                            Capability.TD_CODE, what, "the expression kept there is more than plain"
                        )
            return value

        return admit

    def _bound(self, parameters: Sequence[Any]) -> Settle:
        """A parameter was bound to another, which takes its values from now on: the guard's own takes none."""
        before = [_state(one) | {"bindExpr": one.bindExpr} for one in parameters]

        def settle() -> None:
            for one, state in zip(parameters, before, strict=True):
                master = self._bridge.operator_of(_master(one))
                try:
                    if master is not None:
                        self._protection.spare(master, "bindExpr")
                except BaseException:
                    _restore(one, {"bindExpr": "", **state})
                    raise

        return settle

    def _names_code(self, operator: Any, parameter: Any) -> bool:
        rule = self._catalog.parameter(parameter.name, operator.OPType)
        return not parameter.isCustom and rule in (Capability.TD_CODE, Capability.TD_RUN)

    def _pointed(self, operator: Any, parameter: Any) -> Settle:
        """A parameter that says which text is run was set: judge what it now points at, or holds."""
        before = _state(parameter)

        def settle() -> None:
            pointed = self._bridge.operator_of(parameter.eval())
            if pointed is None or not pointed.isDAT:
                return
            why = self._texts.why_refused(pointed.text)
            if why is not None:
                _restore(parameter, before)
                what = f".par.{parameter.name} of {operator.path} would run the text of {pointed.path}"
                self._permissions.stop(Code.MISSING_CAPABILITY, f"{what}: {why}")

        return settle

    def _template(self, parameter: Any) -> Settle:
        """A parameter that says what is copied was set: judge what it now names as if it were copied."""
        before = _state(parameter)

        def settle() -> None:
            try:
                self._copied(self._bridge.operator_of(parameter.eval()))
            except BaseException:
                _restore(parameter, before)
                raise

        return settle


def _state(parameter: Any) -> dict[str, Any]:
    return {"expr": parameter.expr, "val": parameter.val, "mode": parameter.mode}


def _restore(parameter: Any, state: Mapping[str, Any]) -> None:
    for member, value in state.items():
        setattr(parameter, member, value)


def _master(parameter: Any) -> Any | None:
    """What a parameter is bound to; None where that leads nowhere, and so not to the guard, which keeps its path."""
    try:
        return parameter.bindMaster
    except Exception:
        return None
