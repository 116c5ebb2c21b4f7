"""Judges what a script does with attributes: of modules' values, of operators, of its own objects.

One namespace over all classes: a text has no types. Where `kinds` can tell the receiver, the class's own meaning
counts; where it cannot, the weaker meaning is certain and the stronger is left to the watch.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from ..values import Capability, Code
from .acting_members import CONTENT, EXPRESSIONS, MAKERS, OF_THE_GUARDS_PARENT
from .catalog import Entry
from .formats import only_plain_fields
from .hooks import HELD_BY_TOUCHDESIGNER, OWNED_BY_THE_SCRIPT
from .kinds import OWN
from .notes import UNDERSCORE, Notes, is_private
from .parameters import ParameterJudge
from .subject import Subject
from .written import WrittenTexts

_NAME_OF_A_TYPE = {"__name__", "__qualname__"}
_OF_NAMED_TUPLES = {"_asdict", "_replace", "_fields"}
"""Public in all but the name: `collections.namedtuple` keeps its fields' names apart by the underscore."""
_OWN = frozenset({OWN})
_HOLDERS = {"par", "parGroup", "seq"}
_TEXTS = CONTENT | {"text"}
_COPYING = {"copy", "copyOPs"}


class MemberJudge:
    """Judges the attributes of one script.

    Args:
        subject: the script.
        notes: where uses are noted.
        written: judges texts that may become code.
        parameters: judges parameters.
    """

    def __init__(self, subject: Subject, notes: Notes, written: WrittenTexts, parameters: ParameterJudge) -> None:
        self._subject = subject
        self._notes = notes
        self._written = written
        self._parameters = parameters
        self._members = subject.catalog.members

    # -- reading ---------------------------------------------------------------------------------------------------

    def read(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        """Judge that `member` of `receiver` is read, or called, at `node`."""
        if member.startswith("_"):
            self._underscore(node, receiver, member)
        elif member in MAKERS and not self._subject.is_called(node):
            why = "it may only be called where it stands"
            self._notes.refuse(node, f".{member}", why, f"Write .{member}(…) itself")
        elif isinstance(receiver, ast.Attribute) and self._holds_any(receiver.attr):
            self._held(node, f".{receiver.attr}.{member}")
        elif member in self._members:
            self._known(node, receiver, member)
        elif member in ("format", "format_map"):
            self._format(node, receiver, member)
        elif member not in self._subject.bound.attributes:
            self._unknown(node, receiver, member)

    def _holds_any(self, holder: str) -> bool:
        """Whether any name may stand behind `holder`: the script's own `par` is an attribute like any other."""
        return holder in _HOLDERS and holder not in self._subject.bound.attributes

    def _held(self, node: ast.AST, what: str) -> None:
        """Behind `.par` and its kin stands any name; the watch looks whether the receiver is TouchDesigner's."""
        setattr(node, HELD_BY_TOUCHDESIGNER, True)
        self._notes.add(node, what, Capability.TD_READ, "looks at a parameter or a value")

    def _underscore(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        if is_private(member) and member in self._subject.bound.attributes:
            return  # the watch looks whether the script's own class or object has it
        match receiver:
            case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]) if member == "__init__":
                if not self._subject.is_own("super"):
                    return
        if isinstance(node, ast.Attribute) and (self._tells_a_name(node) or member in _OF_NAMED_TUPLES):
            return
        hint = "Write type(x).__name__" if member == "__class__" else ""
        self._notes.add(node, member, Capability.REFLECTION, UNDERSCORE, hint=hint)

    def _tells_a_name(self, node: ast.Attribute) -> bool:
        """Whether it is ``x.__name__``, or the class in ``x.__class__.__name__``: a text, whatever x is."""
        if node.attr in _NAME_OF_A_TYPE:
            return True
        outer = self._subject.parents.get(node)
        is_read = isinstance(outer, ast.Attribute) and isinstance(outer.ctx, ast.Load) and outer.attr in _NAME_OF_A_TYPE
        return node.attr == "__class__" and is_read

    def _known(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        if member in self._subject.bound.attributes and self._subject.kinds.of(receiver) == _OWN:
            setattr(node, OWNED_BY_THE_SCRIPT, True)  # the watch looks whether it is
            return
        entry = self._entry(receiver, member)
        if member in OF_THE_GUARDS_PARENT and entry.store is None:
            self._from_above(node, receiver, member)
        if member == "destroy" and self._may_be_made_here(receiver):
            why = "destroys an operator that the script has made"
            self._notes.add(node, ".destroy", Capability.TD_CREATE, why, may=Capability.TD_DELETE)
        elif member == "pulse":
            self._parameters.value(node, receiver, entry, None, ".pulse()")
        elif member == "evalExpression" and self._subject.kinds.is_operator(receiver):
            self._notes.add(node, ".evalExpression", Capability.TD_CODE, "on an operator it runs a text as code")
        elif member == "cook" and self._written.cooks_a_script(receiver):
            self._notes.add(node, ".cook", Capability.TD_RUN, "cooking a Script operator runs its code")
        elif entry.may is Capability.TD_CODE and self._brings_code(node, receiver, member):
            copied = "what it copies does more than show: it runs code, or reaches out of the project"
            why = copied if member in _COPYING else "what it is given is code that TouchDesigner runs"
            self._notes.add(node, f".{member}", Capability.TD_CODE, why)
        else:
            self._notes.entry(node, f".{member}", entry)

    def _may_be_made_here(self, receiver: ast.AST) -> bool:
        """Whether the script made the operator, as far as can be told; the watch looks at the operator itself."""
        if self._subject.kinds.may_be_made_here(receiver):
            return True
        return self._subject.makes_operators and self._subject.kinds.of(receiver) is None

    def _entry(self, receiver: ast.AST, member: str) -> Entry:
        """What the member means: on the receiver's class, where that is known and there is only one meaning."""
        general = self._members[member]
        if member not in self._subject.catalog.varying_members:
            return general
        kinds = self._subject.kinds.of(receiver) or ()
        meanings = {self._subject.catalog.member(member, (kind,)) or general for kind in kinds}
        return meanings.pop() if len(meanings) == 1 else general

    def _brings_code(self, node: ast.AST, receiver: ast.AST, member: str) -> bool:
        """Whether a call certainly puts code where TouchDesigner runs it."""
        call = self._subject.parents[node]
        if not isinstance(call, ast.Call) or call.func is not node:
            return False
        if member in _TEXTS:
            return self._written.is_code(receiver, call.args)
        if member == "copy" and self._written.runs(receiver):
            return True
        return member in _COPYING and any(map(self._written.brings_code, call.args))

    def _from_above(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        for root in self._subject.flow.roots(receiver) or ():
            paths: AbstractSet[str] = frozenset()
            match root:
                case ast.Call(func=ast.Name(id="op"), args=[path]) if not self._subject.is_own("op"):
                    paths = self._subject.folding.texts(path) or paths
                case ast.Name(id="root") if not self._subject.is_own("root"):
                    paths = frozenset({"/"})
            if any(map(self._subject.holds_the_guard, paths)):
                self._notes.add(node, f".{member} of what holds the guard", Capability.GUARD, "")

    def _format(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        """`str.format` walks attributes by text. The watch looks at the real text; here at what is known of it."""
        if isinstance(receiver, ast.Name) and not self._subject.is_own(receiver.id):
            why = "format fields can walk attributes"
            self._notes.add(node, f"{receiver.id}.{member}", Capability.REFLECTION, why)
        elif not self._subject.is_called(node) and isinstance(node, ast.Attribute):
            why = "it may only be called where it stands"
            self._notes.add(node, f".{member}", Capability.REFLECTION, why, hint="Use an f-string")
        elif not all(map(only_plain_fields, self._subject.folding.texts(receiver) or ())):
            why = "a field of the template reaches into its value"
            self._notes.add(node, f".{member}", Capability.REFLECTION, why, hint="Use an f-string")

    def _unknown(self, node: ast.AST, receiver: ast.AST, member: str) -> None:
        if self._parameters.are(receiver) or (isinstance(receiver, ast.Attribute) and receiver.attr == "panel"):
            self._held(node, f".{member}")
        elif isinstance(receiver, ast.Name) and receiver.id == "op" and not self._subject.is_own("op"):
            self._shortcut(node, member)
        elif member in self._subject.asked_for and member[:1].islower() and isinstance(node, ast.Attribute):
            setattr(node, OWNED_BY_THE_SCRIPT, True)  # where there is such a member, the watch stops at it
            self._notes.add(node, f".{member}", Capability.TD_READ, "a member that the script asks for before")
        elif member[:1].isupper() and self._subject.is_called(node):
            why = "a promoted method runs code that is in the project"
            self._notes.add(node, f".{member}()", Capability.TD_RUN, why)
        else:
            hint = self._notes.hint(member, [*self._members, *self._subject.bound.attributes], ".{}")
            self._notes.refuse(node, f".{member}", "this member is not known", hint, Code.UNKNOWN_MEMBER)

    def _shortcut(self, node: ast.AST, name: str) -> None:
        if any(name == path.rpartition("/")[2] for path in self._subject.protected):
            self._notes.add(node, f"op.{name}", Capability.GUARD, "")
        else:
            self._notes.add(node, f"op.{name}", Capability.TD_READ, "looks up a global shortcut")

    # -- assigning and deleting ------------------------------------------------------------------------------------

    def write(self, node: ast.AST, receiver: ast.AST, member: str, value: ast.AST | None) -> None:
        """Judge that `member` of `receiver` is assigned, or deleted, at `node`.

        Args:
            node: where it stands.
            receiver: whose member it is.
            member: its name.
            value: what is assigned, where one expression says it.
        """
        entry = self._members.get(member)
        if member.startswith("_") and not (is_private(member) and member in self._subject.bound.attributes):
            self._notes.add(node, member, Capability.REFLECTION, UNDERSCORE)
        elif self._parameters.are(receiver):
            self._parameters.set(node, receiver, member, value)
        elif member in self._subject.bound.attributes and self._subject.kinds.of(receiver) == _OWN:
            return
        elif entry is not None and entry.store is not None:
            self._store(node, receiver, member, entry, entry.store, value)
        elif member not in self._subject.bound.attributes:
            hint = "Set a parameter as op(…).par.name = value" if entry is None else ""
            self._notes.refuse(node, f".{member} =", "this member cannot be assigned", hint, Code.UNKNOWN_MEMBER)

    def _store(
        self, node: ast.AST, receiver: ast.AST, member: str, entry: Entry, store: Capability, value: ast.AST | None
    ) -> None:
        what = f".{member} ="
        if member in OF_THE_GUARDS_PARENT:
            self._from_above(node, receiver, member)
        if member in EXPRESSIONS:
            needs, may = self._written.expression(member, value)
            self._notes.add(node, what, needs, entry.why, may=may)
        elif member == "val":
            self._parameters.value(node, receiver, entry, value, what)
        elif member in _TEXTS and self._written.is_code(receiver, self._put(node, value)):
            self._notes.add(node, what, Capability.TD_CODE, "what it is given is code that TouchDesigner runs")
        else:
            self._notes.add(node, what, store, entry.why, may=entry.may)

    def write_text(self, node: ast.AST, receiver: ast.AST, parts: Sequence[ast.AST]) -> None:
        """Judge that ``print(…, file=receiver)`` writes `parts` into an operator."""
        what, code = "print(file=…)", Capability.TD_CODE
        if self._written.is_code(receiver, parts):
            self._notes.add(node, what, code, "what it is given is code that TouchDesigner runs")
        else:
            self._notes.add(node, what, Capability.TD_WRITE, "writes into a DAT", may=code)

    def _put(self, target: ast.AST, value: ast.AST | None) -> list[ast.AST]:
        """What is assigned to a text, or added to it."""
        match self._subject.parents.get(target):
            case ast.AugAssign(value=added):
                return [added]
        return [] if value is None else [value]

    def write_item(self, node: ast.Subscript, value: ast.AST | None) -> None:
        """Judge that an item is assigned or deleted: a parameter by name, or a cell of a table."""
        holder = node.value
        if self._parameters.are(holder):
            self._parameters.set_by_name(node, holder, node.slice, value)
        elif self._subject.kinds.is_operator(holder):
            if self._written.is_code(holder, [] if value is None else [value]):
                self._notes.add(node, "[…] =", Capability.TD_CODE, "what it is given is code that TouchDesigner runs")
            else:
                self._notes.add(node, "[…] =", Capability.TD_WRITE, "sets a cell", may=Capability.TD_CODE)
