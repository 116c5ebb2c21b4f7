"""What looks on while a script runs: every receiver that the judgement could not know.

Receivers are told apart by identity and type, as TouchDesigner gives them, never by a name in the text. Here are the
hooks through which the script comes; what they find is looked at in parts of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from ..policy.nodes import NodeScope
from ..policy.script_rule import NO_SCOPES, Scopes
from ..values import Capability, Code
from .acting_members import FILLING, LIVE, MAKERS, SAVING, SIZED, STORING
from .admission import Admission
from .bounds import Bounds
from .bridge import Bridge
from .catalog import Catalog, Entry
from .code_texts import CodeTexts
from .formats import only_plain_fields
from .kept import KeptValues
from .limits_of_cost import MAX_CREATED
from .making import Making
from .permissions import Permissions, ScriptStopped
from .place import Item, Member, Settle
from .protection import Protection
from .receivers import defines, exact, inherits, is_of_the_script

_BY_PARAMETER = frozenset({"pulse", "reset"})


class Watch(Permissions):
    """The watch over one run of one script.

    Args:
        granted: what the script may do.
        catalog: what needs which capability.
        bridge: tells TouchDesigner's objects apart.
        clock: monotonic seconds.
        deadline_s: the instant, on `clock`, after which the script is stopped.
        allowed: what is allowed here, for the refusal's text.
        own_members: the members that the script's own classes define.
        scopes: what the script may do to some files, hosts and modules only.
        nodes: the operators on which it may act lie in each of these.

    Attributes:
        bounds: looks at sizes. (What is granted, and why it was stopped: see `Permissions`.)
        protection: what the script must spare, and the operators that it has made.
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
        own_members: frozenset[str] = frozenset(),
        scopes: Scopes = NO_SCOPES,
        nodes: tuple[NodeScope, ...] = (),
    ) -> None:
        super().__init__(granted, scopes, allowed, clock, deadline_s)
        self._catalog = catalog
        self._bridge = bridge
        self._own_members = own_members
        self._entries: dict[tuple[type, str], Entry | None] = {}
        self.bounds = Bounds(self.stop_as_too_large, self.ticks.tick)
        self.protection = Protection(self, bridge, nodes)
        self._kept = KeptValues(self, bridge)

    # Made when they are first asked: many a script only looks, and a call should cost no more than it needs.

    @cached_property
    def texts(self) -> CodeTexts:
        """Looks at texts that TouchDesigner runs."""
        return CodeTexts(self, self._catalog, self._bridge)

    @cached_property
    def making(self) -> Making:
        """Looks at what is made."""
        return Making(self, self._catalog, self._bridge, self.protection, self.texts)

    @cached_property
    def admission(self) -> Admission:
        """Looks at what is stored in parameters."""
        return Admission(self, self._catalog, self._bridge, self.protection, self.texts, self.making.copied)

    # -- the hooks -------------------------------------------------------------------------------------------------

    def read(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before its `member` is read; return it unchanged."""
        if self.stopped is not None:
            raise ScriptStopped
        kind = type(receiver)
        of_class = receiver.__self_class__ if kind is super else receiver
        if isinstance(of_class, type) and self._is_class_of_touchdesigner(of_class):
            self.stop(Code.MISSING_CAPABILITY, f".{member} is used on an operator, not on its class or super()")
        if member in ("format", "format_map"):
            self._plain_format(receiver, member)
        elif self._bridge.is_touchdesigners(kind):
            self._read_of_touchdesigner(receiver, member)
        elif member in self._own_members and not (inherits if kind is super else defines)(receiver, member):
            self._unknown(receiver, member)
        return receiver

    def held(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before `member`, any name at all, is read as a parameter or a value of a panel."""
        if self.stopped is not None:
            raise ScriptStopped
        if not self._bridge.is_touchdesigners(type(receiver)):
            self._unknown(receiver, member)
        return self.read(receiver, member)

    def read_by_name(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before a member is read whose name the judgement may not have known."""
        self.read(receiver, member)
        if not self._bridge.is_touchdesigners(type(receiver)) and not defines(receiver, member):
            entry = self._entry(receiver, member)
            if entry is None:
                self._unknown(receiver, member)
            elif entry.needs is not None:
                self.require(entry.needs, f".{member}", entry.why)
        return receiver

    def read_known(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before a member is read that the judgement did not know; only the script's own passes."""
        if not self.knows(receiver, member):
            self._unknown(receiver, member)
        return self.read_by_name(receiver, member)

    def knows(self, receiver: Any, member: str) -> bool:
        """Whether `member` is anything that a script could get of `receiver`; if not, it gets the default it gave."""
        if self._entry(receiver, member) is not None or defines(receiver, member):
            return True
        return bool(self._bridge.parameters_of(receiver, member))

    def look(self, receiver: Any, member: str) -> Any:
        """Look at `receiver` before it is asked whether it has `member`; return it unchanged."""
        entry = self._entry(receiver, member)
        if entry is not None and entry.needs not in (Capability.TD_RUN, Capability.REFLECTION, Capability.DYNAMIC):
            return receiver
        return self.read(receiver, member)

    def write(self, receiver: Any, member: str) -> Member:
        """Look at `receiver` before its `member` is assigned or deleted; return the member as a target."""
        if self.stopped is not None:
            raise ScriptStopped
        operator = self._bridge.operator_of(receiver)
        if operator is None:
            if self._bridge.is_touchdesigners(type(receiver)):
                self._stored(receiver, member, f".{member} of a {type(receiver).__name__}")
            elif not is_of_the_script(receiver):
                self._unknown(receiver, member)
            return Member(receiver, member)
        self.protection.spare(operator, member)
        parameters = self._bridge.parameters_of(receiver, member)
        if parameters is not None:
            admit, settle = self.admission.of_parameter(operator, member, parameters)
            return Member(receiver, member, admit, settle, self.bounds.walked)
        entry = self._stored(receiver, member, f".{member} of {operator.path}")
        if entry is not None and entry.may is Capability.TD_CODE:
            return Member(receiver, member, self.texts.of_text(operator), None, self.bounds.walked)
        renamed = self.texts.of_name(operator) if member == "name" else None
        return Member(receiver, member, None, renamed, self.bounds.walked)

    def _stored(self, receiver: Any, member: str, what: str) -> Entry | None:
        """Stop unless `member` may be assigned; return what the catalog says of it."""
        entry = self._entry(receiver, member)
        if entry is None or entry.store is None:
            self._unknown(receiver, member)
        else:
            self.require(entry.store, what, entry.why)
        return entry

    def place(self, receiver: Any, key: Any) -> Item:
        """Look at `receiver` before its item `key` is assigned or deleted; return the item as a target."""
        if self.stopped is not None:
            raise ScriptStopped
        real = exact(key)
        operator = self._bridge.operator_of(receiver)
        if operator is None:
            is_array = type(receiver).__module__ == "numpy"
            return Item(receiver, real, look=self.bounds.held_by_an_array if is_array else None)
        self.protection.spare(operator, "[]")
        parameters = self._bridge.parameters_of(receiver, str(real))
        if parameters == [] and type(real) is not str:
            self.stop(Code.FORBIDDEN_SYNTAX, "a parameter is named by a text here")
        if parameters is None:
            return Item(receiver, real, None, self.texts.of_content(operator), self.bounds.walked)
        return Item(receiver, real, *self.admission.of_parameter(operator, str(real), parameters), self.bounds.walked)

    def make(self, receiver: Any, method: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call one of `acting_members.MAKERS` on `receiver`, and remember the operators that come into being."""
        arguments = tuple(exact(argument) for argument in arguments)
        keywords = {name: exact(argument) for name, argument in keywords.items()}
        self.before_making(receiver, method, arguments, keywords)
        made = getattr(receiver, method)(*arguments, **keywords)
        if method != "changeType" and self._bridge.operator_of(receiver) is receiver:
            results = made if isinstance(made, list | tuple) else (made,)
            new = [one for one in results if one is not None and self._bridge.operator_of(one) is one]
            created = self.protection.created
            created += new
            if len(created) > MAX_CREATED:
                self.stop_as_too_large(f"it makes more than {MAX_CREATED:,} operators")
            self.texts.made(new)
        return made

    def change(self, receiver: Any, method: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call a method that changes what `receiver` holds, and judge that where it is code; or that opens a file."""
        operator = self._bridge.operator_of(self.read(receiver, method))
        if operator is not None and method in STORING:
            self._kept.stored(operator, method, (*arguments, *keywords.values()))
        if method == "setSize":
            self.bounds.cells((*arguments, *keywords.values()))
        self.bounds.walked((arguments, keywords))
        settled: list[Settle | None] = []
        if method in SAVING:
            arguments = tuple(exact(argument) for argument in arguments)
            keywords = {name: exact(argument) for name, argument in keywords.items()}
            self.protection.spare_files(method, (*arguments, *keywords.values()))
        else:
            targets = (receiver,) if method not in FILLING else (*arguments, *keywords.values())
            settled = [self._before_change(target, method) for target in targets]
        result = getattr(receiver, method)(*arguments, **keywords)
        for settle in settled:
            if settle is not None:
                settle()
        return result

    def _before_change(self, target: Any, method: str) -> Settle | None:
        operator = self._bridge.operator_of(target)
        if operator is None or operator is not target:
            return None
        self.protection.spare(operator, method)
        return self.texts.of_content(operator)

    def method(self, receiver: Any, name: str) -> Any:
        """A method of `acting_members` as a value, whose calls are looked at as if it were called where it stands."""
        self.read(receiver, name)
        found = getattr(receiver, name)
        if not callable(found) or defines(receiver, name):
            return found
        if name in SIZED:
            call: Callable[..., Any] = self.bounds.method
        elif self._bridge.is_touchdesigners(type(receiver)):
            call = self.make if name in MAKERS else self.change
        else:
            return found
        # No bound method and no partial: those hand on what they hold.
        return lambda *arguments, **keywords: call(receiver, name, *arguments, **keywords)

    # -- also for others than the script ---------------------------------------------------------------------------

    def before_making(self, receiver: Any, method: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
        """Look at what `make` would make, out of what, and what it would be wired to."""
        self.read(receiver, method)
        self.making.before(receiver, method, arguments, keywords)

    def is_touchdesigners(self, kind: type) -> bool:
        """Whether a class is one of TouchDesigner's."""
        return self._bridge.is_touchdesigners(kind)

    # -- how it decides --------------------------------------------------------------------------------------------

    def _read_of_touchdesigner(self, receiver: Any, member: str) -> None:
        entry = self._entry(receiver, member)
        operator = self._bridge.operator_of(receiver)
        # Where a member can be assigned, its stronger capability belongs to the assignment.
        may = None if entry is None or entry.store is not None else entry.may
        acts = entry is None or may is not None or entry.needs not in (None, Capability.TD_READ)
        if member == "destroy" and operator is receiver and self.protection.made_here(operator):
            self.protection.spare(operator, member)
            return
        if entry is not None and entry.needs is not None:
            self.require(entry.needs, f".{member}", entry.why)
        if operator is None:
            return
        if member in LIVE:
            self._kept.hands_out(operator)
        if acts:
            self.protection.spare(operator, member)
        parameters = self._bridge.parameters_of(receiver, "") if member in _BY_PARAMETER else None
        if parameters is not None:
            self.admission.pressed(operator, member, parameters)
        elif may is not None:
            self._stronger(operator, member, may)
        elif entry is None and member[:1].isupper() and operator is receiver:
            self.require(Capability.TD_RUN, f".{member}", "a promoted method runs code that is in the project")

    def _is_class_of_touchdesigner(self, kind: type) -> bool:
        """Whether a class is one of TouchDesigner's, or made from one; its lists of choices are none."""
        if not any(map(self._bridge.is_touchdesigners, kind.__mro__)):
            return False
        entry = self._catalog.names.get(kind.__name__)
        return entry is None or entry.needs is not None

    def _entry(self, receiver: object, member: str) -> Entry | None:
        key = type(receiver), member
        if key not in self._entries:
            self._entries[key] = self._catalog.member(member, [kind.__name__ for kind in type(receiver).__mro__])
        return self._entries[key]

    def _stronger(self, operator: Any, member: str, may: Capability | None) -> None:
        """The stronger capability of a *may need*, where the receiver is of the kind that needs it."""
        what = f".{member} of {operator.path}"
        if member == "evalExpression":
            self.require(Capability.TD_CODE, what, "it runs a text as code")
        elif may in (Capability.TD_CODE, Capability.TD_RUN):
            if self.texts.is_code(operator):
                self.require(may, what, "TouchDesigner runs this text")
        elif may is not None:
            self.require(may, what, "on an operator it does more")

    def _plain_format(self, receiver: Any, member: str) -> None:
        plain = isinstance(receiver, str) and only_plain_fields(str.__str__(receiver))
        if not plain and not (is_of_the_script(receiver) and not isinstance(receiver, str | type)):
            self.stop(
                Code.MISSING_CAPABILITY,
                f".{member} with a field that reaches into its value needs capability "
                f"'{Capability.REFLECTION.value}'. Use an f-string",
            )

    def _unknown(self, receiver: object, member: str) -> None:
        if receiver is not None:  # Python's own AttributeError says it better
            kind = type(receiver).__name__
            self.stop(Code.UNKNOWN_MEMBER, f".{member} of a {kind} is not the script's own and not known")

    def settle(self) -> None:
        """Look, when the script has come to its end, at what it may have left in place; put back what may not stay."""
        self._kept.settle()
