"""What looks on while a script runs: the deadline, and every receiver that the judgement could not know.

Receivers are told apart by identity and type, as TouchDesigner gives them, never by a name in the text. Once a
watch has stopped a script it stays stopped: a script that swallows the stop meets it again at its next step.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

from ..values import Capability, Category, Code, Refusal
from .catalog import Catalog, Entry

_DESTROYING = frozenset({"destroy"})
_PARAMETER_VALUES = frozenset({"val", "expr", "bindExpr", "mode", "menuIndex", "pulse", "reset"})


class Bridge(Protocol):
    """What the watch needs to know of TouchDesigner's objects (`td_bridge.TdBridge`)."""

    def operator_of(self, value: object) -> Any | None:
        """The operator that `value` is, or is part of (parameter, page, cell, connector, channel); else None."""

    def is_parameter(self, value: object) -> bool:
        """Whether `value` is one parameter."""

    def is_parameter_collection(self, value: object) -> bool:
        """Whether `value` is what an operator's ``par`` gives."""

    def is_protected(self, operator: Any) -> bool:
        """Whether `operator` belongs to PolicyGuard or to the wiring of a server that it guards."""

    def holds_protected(self, operator: Any) -> bool:
        """Whether something protected lies inside `operator`."""

    def runs_its_text(self, operator: Any) -> bool:
        """Whether TouchDesigner runs the text of `operator` as code."""

    def operator_type(self, value: object) -> str | None:
        """The type name, e.g. ``noiseTOP``, of an operator or of an operator class; else None."""


class ScriptStopped(BaseException):
    """Stops a script. Not an Exception, and no name in a script's namespace leads to it."""


class Watch:
    """The watch over one run of one script.

    Args:
        granted: what the script may do.
        catalog: what needs which capability.
        bridge: tells TouchDesigner's objects apart.
        clock: monotonic seconds.
        deadline_s: the instant, on `clock`, after which the script is stopped.
        allowed: what is allowed here, for the refusal's text.
    """

    def __init__(
        self,
        *,
        granted: frozenset[Capability],
        catalog: Catalog,
        bridge: Bridge,
        clock: Callable[[], float],
        deadline_s: float,
        allowed: str,
    ) -> None:
        self._granted = granted
        self._catalog = catalog
        self._bridge = bridge
        self.tick, self._expire = _ticker(clock, deadline_s, self._late)
        self._allowed = allowed
        self._collections: list[Any] = []
        self.stopped: Refusal | None = None
        self.created: list[Any] = []

    def _late(self) -> NoReturn:
        if self.stopped is not None:
            raise ScriptStopped
        self._stop(Code.DEADLINE, "the script ran longer than it may and was stopped. Do less at once")

    def read(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before its `member` is read; return it unchanged."""
        if member in ("format", "format_map"):
            self._plain_format(receiver, member)
            return receiver
        operator = self._operator_of(receiver)
        if operator is None:
            return receiver
        if self._acts(receiver, member):
            self._spare_the_guard(operator, member)
        if self._bridge.is_parameter(receiver) and member in _PARAMETER_VALUES - {"val", "expr", "bindExpr", "mode"}:
            self._parameter(operator, receiver.name, receiver.isCustom)
        elif (entry := self._entry(receiver, member)) is not None and entry.store is None:
            self._stronger(operator, receiver, member, entry.may)
        elif member[:1].isupper() and self._bridge.operator_type(receiver) is not None:
            self._require(Capability.TD_RUN, f".{member}", "a promoted method runs code that is in the project")
        return receiver

    def write(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before its `member` is assigned or deleted; return it unchanged."""
        operator = self._operator_of(receiver)
        if operator is None:
            return receiver
        self._spare_the_guard(operator, member)
        if self._bridge.is_parameter_collection(receiver):
            self._parameter(operator, member, self._is_custom(operator, member))
        elif self._bridge.is_parameter(receiver):
            self._parameter(operator, receiver.name, receiver.isCustom)
        else:
            entry = self._entry(receiver, member)
            self._stronger(operator, receiver, member, None if entry is None else entry.may)
        return receiver

    def item(self, receiver: Any) -> Any:
        """Look at `receiver` before one of its items is assigned or deleted; return it unchanged."""
        self._collections.append(receiver)
        return self.write(receiver, "[]") if self._operator_of(receiver) is not None else receiver

    def key(self, key: Any) -> Any:
        """Look at the key under which the last `item` is assigned: behind ``par`` it names a parameter."""
        receiver = self._collections.pop()
        exact = _exact(key)
        if self._bridge.is_parameter_collection(receiver):
            self.write(receiver, str(exact))
        return exact

    def make(self, receiver: Any, method: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call one of `instrument.MAKERS`, and remember the operators that come into being."""
        arguments = tuple(_exact(argument) for argument in arguments)
        keywords = {name: _exact(argument) for name, argument in keywords.items()}
        self.before_making(receiver, method, arguments, keywords)
        made = getattr(receiver, method)(*arguments, **keywords)
        for one in made if isinstance(made, list | tuple) else (made,):
            if self._bridge.operator_type(one) is not None:
                self.created.append(one)
        return made

    def before_making(
        self, receiver: Any, method: str, arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> None:
        """Look at what `make` would make, and out of what."""
        self.read(receiver, method)
        if self._operator_of(receiver) is None:
            return
        for argument in (*arguments, *keywords.values()):
            for part in argument if type(argument) in (list, tuple) else (argument,):
                self._made_from(part)
        if method in ("create", "changeType"):
            kind = arguments[0] if arguments else next(iter(keywords.values()), None)
            name = kind if isinstance(kind, str) else self._bridge.operator_type(kind)
            if name is None:
                self._stop(Code.UNKNOWN_NAME, f"{method}() takes an operator type first, such as noiseTOP")
            self._require(self._catalog.operator_type(name), f"making a {name}", "this operator does more than show")

    def require(self, needed: Capability, what: str, why: str) -> None:
        """Stop unless `needed` is granted."""
        self._require(needed, what, why)

    # -- how it decides ------------------------------------------------------------------------------------------

    def _operator_of(self, value: object) -> Any | None:
        if self.stopped is not None:
            raise ScriptStopped
        return self._bridge.operator_of(value)

    def _entry(self, receiver: object, member: str) -> Entry | None:
        return self._catalog.member(member, [kind.__name__ for kind in type(receiver).__mro__])

    def _acts(self, receiver: object, member: str) -> bool:
        entry = self._entry(receiver, member)
        return entry is None or entry.needs not in (None, Capability.TD_READ) or entry.may is not None

    def _spare_the_guard(self, operator: Any, member: str) -> None:
        inside = member in _DESTROYING and self._bridge.holds_protected(operator)
        if inside or self._bridge.is_protected(operator):
            self._stop(
                Code.MISSING_CAPABILITY,
                f".{member} on {operator.path} touches PolicyGuard or the server it guards, which no policy can allow",
            )

    def _made_from(self, value: object) -> None:
        """An operator that is copied brings its code along."""
        kind = self._bridge.operator_type(value)
        operator = None if kind is None else self._bridge.operator_of(value)
        if operator is None or kind is None:
            return
        self._spare_the_guard(operator, "copy")
        if self._bridge.holds_protected(operator):
            self._stop(Code.MISSING_CAPABILITY, f"{operator.path} holds what PolicyGuard protects and is not copied")
        inside = operator.findChildren() if operator.isCOMP else []
        for one in (operator, *inside):
            needs = self._catalog.operator_type(one.OPType)
            self._require(needs, f"copying {one.path}", "what this operator does needs more than td.create")

    def _parameter(self, operator: Any, name: str, is_custom: bool) -> None:
        if name == "[]":
            return  # the key decides
        needs = Capability.TD_WRITE if is_custom else self._catalog.parameter(name, operator.OPType)
        if needs is not Capability.TD_WRITE:
            self._require(needs, f".par.{name} of {operator.path}", "this parameter does more than hold a value")

    def _is_custom(self, operator: Any, name: str) -> bool:
        parameter = operator.par[name] if name.isidentifier() else None
        return parameter is not None and bool(parameter.isCustom)

    def _stronger(self, operator: Any, receiver: Any, member: str, may: Capability | None) -> None:
        """The stronger capability of a *may need*, where the receiver is of the kind that needs it."""
        what = f".{member} of {operator.path}"
        if member == "evalExpression" and not self._bridge.is_parameter(receiver):
            self._require(Capability.TD_CODE, what, "it runs a text as code")
        elif may in (Capability.TD_CODE, Capability.TD_RUN) or member == "[]":
            if self._bridge.runs_its_text(operator):
                self._require(may or Capability.TD_CODE, what, "TouchDesigner runs this text")
        elif may is not None:
            self._require(may, what, "on an operator it does more")

    def _require(self, needed: Capability, what: str, why: str) -> None:
        if needed is Capability.GUARD or needed not in self._granted:
            self._stop(
                Code.MISSING_CAPABILITY,
                f"{what} needs capability '{needed.value}' ({why}). Allowed here: {self._allowed}",
            )

    def _plain_format(self, receiver: Any, member: str) -> None:
        unbound = isinstance(receiver, type) and issubclass(receiver, str)
        if unbound or (isinstance(receiver, str) and not _only_plain_fields(str.__str__(receiver))):
            self._stop(Code.MISSING_CAPABILITY, f".{member} with a field that reaches into its value needs capability "
                       f"'{Capability.REFLECTION.value}'. Use an f-string")  # fmt: skip

    def _stop(self, code: Code, message: str) -> NoReturn:
        if self.stopped is None:
            self.stopped = Refusal(Category.PERMISSION, code, message)
            self._expire()
        raise ScriptStopped


def _ticker(
    clock: Callable[[], float], deadline_s: float, late: Callable[[], NoReturn]
) -> tuple[Callable[[], None], Callable[[], None]]:
    """The tick at the head of every loop, function, lambda and comprehension, and what makes every tick too late.

    A closure, because it is called in every turn of every loop: attribute look-ups would cost as much as its work.
    """

    def tick() -> None:
        if clock() > deadline_s:
            late()

    def expire() -> None:
        nonlocal deadline_s
        deadline_s = -math.inf

    return tick, expire


def _exact(value: Any) -> Any:
    """`value` as TouchDesigner will take it: a subclass of str, list or tuple may tell a check something else."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return list(list.__iter__(value))
    if isinstance(value, tuple):
        return tuple(tuple.__iter__(value))
    return value


def _only_plain_fields(template: str) -> bool:
    """Whether no field of a format template, at any depth, walks an attribute or an index."""
    try:
        for _, field, specification, _ in string.Formatter().parse(template):
            if field is not None and ("." in field or "[" in field):
                return False
            if specification and not _only_plain_fields(specification):
                return False
    except ValueError:
        return True  # str.format refuses it as well
    return True
