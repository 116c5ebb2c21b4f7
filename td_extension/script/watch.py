"""What looks on while a script runs: the deadline, and every receiver that the judgement could not know.

Receivers are told apart by identity and type, as TouchDesigner gives them, never by a name in the text. Once a
watch has stopped a script it stays stopped: a script that swallows the stop meets it again at its next step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from ..policy.nodes import NodeScope
from ..policy.script_rule import NO_SCOPES, Scopes
from ..values import Capability, Category, Code, Refusal
from .acting_members import FILLING, LIVE, LOADING_ANEW, MAKERS, OF_THE_GUARDS_PARENT, SAVING, SIZED, STORING
from .admission import Admission
from .bounds import Bounds
from .bridge import Bridge
from .catalog import Catalog, Entry
from .formats import only_plain_fields
from .kept import KeptValues
from .large_operators import MAX_CREATED
from .place import Item, Member, Settle
from .receivers import defines, exact, inherits, is_of_the_script
from .ticker import ticks

_HARMLESS_TO_THE_GUARD = frozenset(
    {"nodeX", "nodeY", "nodeCenterX", "nodeCenterY", "selected", "current", "viewer", "cook", "color"}
)
"""Members that move or look at the component's tile: a script that lays a network out need not spare it."""

_FILES = frozenset({Capability.FILE_READ, Capability.FILE_WRITE})
_MAX_MESSAGE = 1_000
"""Characters of a refusal: it may quote a name or a text of any length."""
_OF_A_HOLDER = OF_THE_GUARDS_PARENT | LOADING_ANEW
_BY_PARAMETER = frozenset({"pulse", "reset"})


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
        own_members: the members that the script's own classes define.
        scopes: what the script may do to some files, hosts and modules only.
        nodes: the operators on which it may act lie in each of these.

    Attributes:
        granted: what the script may do.
        stopped: why the script was stopped; None while it was not.
        lacking: the capability for want of which it was stopped, which a policy may let a person grant.
        created: the operators that the script has made.
        ticks: what carries the deadline.
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
        self.granted = granted
        self._scopes = scopes
        self._nodes = nodes
        self._inside: set[tuple[int, bool]] = set()
        self._catalog = catalog
        self._bridge = bridge
        self._allowed = allowed
        self._own_members = own_members
        self.ticks = ticks(clock, deadline_s, self._late)
        self.stopped: Refusal | None = None
        self.lacking: Capability | None = None
        self.created: list[Any] = []
        self._entries: dict[tuple[type, str], Entry | None] = {}
        self.bounds = Bounds(self._too_large, self.ticks.tick)
        self._admission = Admission(self, catalog, bridge, self._made_from)
        self._kept = KeptValues(self, bridge)

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
        self.spare_the_guard(operator, member)
        parameters = self._bridge.parameters_of(receiver, member)
        if parameters is not None:
            return Member(receiver, member, *self._admission.of_parameter(operator, member, parameters))
        entry = self._stored(receiver, member, f".{member} of {operator.path}")
        if entry is not None and entry.may is Capability.TD_CODE:
            return Member(receiver, member, self._admission.of_text(operator))
        return Member(receiver, member, None, self._admission.of_name(operator) if member == "name" else None)

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
            return Item(receiver, real)
        self.spare_the_guard(operator, "[]")
        parameters = self._bridge.parameters_of(receiver, str(real))
        if parameters == [] and type(real) is not str:
            self.stop(Code.FORBIDDEN_SYNTAX, "a parameter is named by a text here")
        if parameters is None:
            return Item(receiver, real, None, self._admission.of_content(operator))
        return Item(receiver, real, *self._admission.of_parameter(operator, str(real), parameters))

    def make(self, receiver: Any, method: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call one of `acting_members.MAKERS` on `receiver`, and remember the operators that come into being."""
        arguments = tuple(exact(argument) for argument in arguments)
        keywords = {name: exact(argument) for name, argument in keywords.items()}
        self.before_making(receiver, method, arguments, keywords)
        made = getattr(receiver, method)(*arguments, **keywords)
        if method != "changeType" and self._bridge.operator_of(receiver) is receiver:
            results = made if isinstance(made, list | tuple) else (made,)
            new = [one for one in results if one is not None and self._bridge.operator_of(one) is one]
            self.created += new
            if len(self.created) > MAX_CREATED:
                self._too_large(f"it makes more than {MAX_CREATED:,} operators")
            self._admission.made(new)
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
            self.spare_the_files(method, (*arguments, *keywords.values()))
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
        self.spare_the_guard(operator, method)
        return self._admission.of_content(operator)

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

    # -- also for calls without a script (`effects`) ---------------------------------------------------------------

    def before_making(self, receiver: Any, method: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
        """Look at what `make` would make, out of what, and what it would be wired to."""
        self.read(receiver, method)
        operator = self._bridge.operator_of(receiver)
        if operator is None:
            return
        if method in ("copy", "copyParameters") and (operator is not receiver or method == "copyParameters"):
            self.require(Capability.TD_CODE, f".{method}", "parameters may carry expressions and code along")
        for argument in (*arguments, *keywords.values()):
            for part in argument if type(argument) in (list, tuple) else (argument,):
                self._plain_argument(method, part)
                if method in ("connect", "setInputs"):
                    self._wired(operator, part)
                else:
                    self._made_from(part)
        if method in ("create", "changeType"):
            kind = arguments[0] if arguments else keywords.get("OPtype", keywords.get("type"))
            name = kind if isinstance(kind, str) else self._bridge.operator_type(kind)
            if name is None:
                self.stop(Code.UNKNOWN_NAME, f"{method}() takes an operator type first, such as noiseTOP")
            self.require(self._catalog.operator_type(name), f"making a {name}", "this operator does more than show")

    def spare_code(self, operator: Any, method: str) -> None:
        """Stop where `method` would change a text that TouchDesigner runs, piece by piece and unseen."""
        if self._admission.of_content(operator) is not None:
            self.stop(
                Code.MISSING_CAPABILITY,
                f".{method} would change {operator.path}, which TouchDesigner runs: set its whole text in a script",
            )

    def would_point_at(self, operator: Any, name: str, value: Any) -> None:
        """Stop where a parameter that says which text is run would name one that is refused."""
        self._admission.pointing(operator, name, value)

    def look_at_made(self, operators: Sequence[Any]) -> None:
        """Look at operators that were just made elsewhere: what must not stand is destroyed, and the call stopped."""
        self._admission.made(operators)

    def would_copy(self, parent: Any, operator_type: str, name: str, value: Any) -> None:
        """Stop where a parameter of an operator that is to be made in `parent` names what may not be copied."""
        self._admission.copying(parent, operator_type, name, value)

    def is_touchdesigners(self, kind: type) -> bool:
        """Whether a class is one of TouchDesigner's."""
        return self._bridge.is_touchdesigners(kind)

    def guards(self, operator: Any) -> bool:
        """Whether `operator` is protected, or something protected lies inside it."""
        return self._bridge.is_protected(operator) or self._bridge.holds_protected(operator)

    # -- how it decides --------------------------------------------------------------------------------------------

    def _read_of_touchdesigner(self, receiver: Any, member: str) -> None:
        entry = self._entry(receiver, member)
        operator = self._bridge.operator_of(receiver)
        # Where a member can be assigned, its stronger capability belongs to the assignment.
        may = None if entry is None or entry.store is not None else entry.may
        acts = entry is None or may is not None or entry.needs not in (None, Capability.TD_READ)
        if member == "destroy" and operator is receiver and self._made(operator):
            self.spare_the_guard(operator, member)
            return
        if entry is not None and entry.needs is not None:
            self.require(entry.needs, f".{member}", entry.why)
        if operator is None:
            return
        if member in LIVE:
            self._kept.hands_out(operator)
        if acts:
            self.spare_the_guard(operator, member)
        parameters = self._bridge.parameters_of(receiver, "") if member in _BY_PARAMETER else None
        if parameters is not None:
            self._admission.pressed(operator, member, parameters)
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

    def _made(self, operator: Any) -> bool:
        """Whether the script has created the operator, or one that it lies in."""
        made = {one.id for one in self.created if one.valid}
        while operator is not None and made:
            if operator.id in made:
                return True
            operator = operator.parent()
        return False

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
            if self._admission.is_code(operator):
                self.require(may, what, "TouchDesigner runs this text")
        elif may is not None:
            self.require(may, what, "on an operator it does more")

    def spare_the_guard(self, operator: Any, member: str) -> None:
        """Stop where using `member` on `operator` would undo the guard."""
        inside = member in _OF_A_HOLDER and self._bridge.holds_protected(operator)
        if inside or (member not in _HARMLESS_TO_THE_GUARD and self._bridge.is_protected(operator)):
            self.stop(
                Code.MISSING_CAPABILITY,
                f".{member} on {operator.path} touches PolicyGuard or the server it guards, which no policy can allow",
            )
        if self._nodes and (operator.id, member == "destroy") not in self._inside:
            self._stay_inside(operator, member)

    def _stay_inside(self, operator: Any, member: str) -> None:
        """Stop where `operator` lies outside the policy's node scopes. An operator that was let in stays let in."""
        path, whole = operator.path, member == "destroy"
        for scope in self._nodes:
            if not (scope.allows_whole(path) if whole else scope.allows(path)) and not self._made(operator):
                told = f".{member} on {path} acts outside the operators that may be used here: {scope.text}"
                self.stop(Code.OUTSIDE_NODES, told)
        self._inside.add((operator.id, whole))

    def _plain_argument(self, method: str, value: Any) -> None:
        """Stop where an argument is none that can be looked at: TouchDesigner may take more out of it."""
        is_plain = value is None or isinstance(value, type | int | float) or type(value) is str
        if (not is_plain and not self._bridge.is_touchdesigners(type(value))) or (method == "copyOPs" and is_plain):
            self.stop(Code.FORBIDDEN_SYNTAX, f"{method}() here takes operators, or a list of them, and plain values")

    def spare_the_files(self, what: str, paths: Iterable[object]) -> None:
        """Stop where a path, as TouchDesigner reads it, leads to a file of the guard's."""
        for path in paths:
            if isinstance(path, str) and path and self._bridge.is_guards_file(self._bridge.on_disk(path)):
                self.stop_at_files(what)

    def stop_at_files(self, what: str) -> NoReturn:
        """Stop at a file of the guard's: its audit, its grants, the policy."""
        self.stop(
            Code.MISSING_CAPABILITY,
            f"{what} on a file of its own touches PolicyGuard or the server it guards, which no policy can allow",
        )

    def leads_to_the_guard(self, path: str) -> bool:
        """Whether a path, absolute and with its links resolved, is one of the guard's files."""
        return self._bridge.is_guards_file(path)

    def _made_from(self, value: Any) -> None:
        """An operator that is copied brings its code along."""
        operator = self._bridge.operator_of(value)
        if operator is None or operator is not value:
            return
        self.spare_the_guard(operator, "copy")
        if self._bridge.holds_protected(operator):
            self.stop(Code.MISSING_CAPABILITY, f"{operator.path} holds what PolicyGuard protects and is not copied")
        inside = operator.findChildren() if operator.isCOMP else []
        for one in (operator, *operator.docked, *inside):
            needs = self._catalog.operator_type(one.OPType)
            self.require(needs, f"copying {one.path}", "what this operator does needs more than td.create")
            if self._bridge.has_extensions(one):
                self.require(Capability.TD_CODE, f"copying {one.path}", "its extensions are code")

    def _wired(self, operator: Any, other: object) -> None:
        """What flows along a wire may be run at its other end."""
        for end in (operator, self._bridge.operator_of(other)):
            if end is not None:
                self.spare_the_guard(end, "connect")
                needs = self._catalog.operator_type(end.OPType)
                self.require(needs, f"wiring {end.path}", "what this operator does needs more than td.create")
        self._admission.wired(operator, self._bridge.operator_of(other))

    @property
    def opens_files(self) -> bool:
        """Whether some file may be opened."""
        return not (_FILES.isdisjoint(self.granted) and _FILES.isdisjoint(self._scopes.patterns))

    def permits(self, needed: Capability, resource: str | None = None) -> bool:
        """Whether `needed` is granted: everywhere, or for the file, the host or the module that `resource` names."""
        if needed in self.granted:
            return needed is not Capability.GUARD
        return resource is not None and self._scopes.allows(needed, resource)

    def require(self, needed: Capability, what: str, why: str, resource: str | None = None) -> None:
        """Stop unless `permits` says that `needed` is granted."""
        if not self.permits(needed, resource):
            if self.stopped is None:
                self.lacking = needed
            self.stop(
                Code.MISSING_CAPABILITY,
                f"{what} needs capability '{needed.value}' ({why}). Allowed here: {self._allowed}",
            )

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

    def _too_large(self, why: str) -> None:
        self.stop(Code.MISSING_CAPABILITY, f"this would stall the frame: {why}. It needs capability 'block'")

    def _late(self) -> NoReturn:
        self.stop(Code.DEADLINE, "the script ran longer than it may and was stopped. Do less at once")

    def settle(self) -> None:
        """Look, when the script has come to its end, at what it may have left in place; put back what may not stay."""
        self._kept.settle()

    def end(self) -> None:
        """The run is over: whatever is left of the script is stopped at its next step."""
        if self.stopped is None:
            self.stopped = Refusal(Category.PERMISSION, Code.DEADLINE, "the script has ended")
        self.ticks.expire()

    def stop(self, code: Code, message: str) -> NoReturn:
        """Stop the script, for good."""
        if self.stopped is None:
            told = message if len(message) <= _MAX_MESSAGE else message[:_MAX_MESSAGE] + " …"
            self.stopped = Refusal(Category.PERMISSION, code, told)
            self.ticks.expire()
        raise ScriptStopped
