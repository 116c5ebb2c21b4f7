"""Code in texts: what a script writes where TouchDesigner may run it later, with all of Python and no watch."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from ..values import Capability
from .acting_members import BINDINGS
from .expression import is_plain_binding, is_plain_expression
from .guesses import CALLBACKS, is_touchdesigners, likely_types
from .kinds import OPERATOR, OWN
from .report import Use
from .subject import Subject
from .text import program_of

_EDITING = {Capability.TD_READ, Capability.TD_WRITE, Capability.TD_CREATE, None}
_STATES_CODE = (ast.Call, ast.Import, ast.ImportFrom)
_SAFE_IN_A_HOLE = {"name", "path", "digits"}
"""Members of operators whose text is made of letters, digits, underscores and slashes."""

_MAX_PARTS = 200
_MAX_GROUP, _MAX_JOINED, _MAX_ALTERNATIVES = 8, 12, 64
_MAX_STEPS = 3_000
"""Parts of texts that are read in one script; each may have several origins, each of them parts of its own."""
_MAX_LENGTH = 10_000
"""Characters of a text that is put together."""
_FILLED, _NAMED = frozenset({"1"}), frozenset({"n1"})
_SCRIPTS = {"scriptchop", "scriptdat", "scriptsop", "scripttop"}
_CALLBACK = re.compile(r"^def on[A-Z][A-Za-z]*\(", re.MULTILINE)
"""A function that TouchDesigner calls by its name when something happens (td_runtime.md section 3)."""
_FIELD = re.compile(r"%[srdif]|%\.?[0-9]{1,2}[fdg]|%0?[0-9]?\.[0-9]{1,2}f")


class WrittenTexts:
    """Judges texts that may become code.

    Args:
        subject: the script that writes them.
        nested: what a text does when it is code; None where it does not parse as Python or is not looked at.
    """

    def __init__(self, subject: Subject, nested: Callable[[str], Sequence[Use] | None]) -> None:
        self._subject = subject
        self._nested = nested
        self._guessed: dict[ast.AST | str, frozenset[str]] = {}
        self._joining: set[ast.AST] = set()
        self._steps = _MAX_STEPS

    def expression(self, member: str, value: ast.AST | None) -> tuple[Capability, Capability | None]:
        """What making `value` an expression of a parameter, which `member` keeps, needs, and may need.

        Harmless only where its text can be read here; where numbers and operators' names are filled into a text that
        can be read, the watch looks at the whole before it is set.
        """
        match value:
            case ast.Tuple(elts=[*parts]) | ast.List(elts=[*parts]) if parts:  # one for each parameter of a group
                each = [self.expression(member, part) for part in parts[:_MAX_GROUP]]
                return next((one for one in each if one[0] is Capability.TD_CODE), each[0])
        is_plain = is_plain_binding if member in BINDINGS else is_plain_expression
        texts = self._subject.folding.texts(value) if value is not None else None
        if texts is not None:
            plain = all(not text.strip() or is_plain(text, self._subject.catalog) for text in texts)
            return (Capability.TD_WRITE if plain else Capability.TD_CODE), None
        filled = self._alternatives(value, _MAX_JOINED) if value is not None else None
        if filled and all(not text.strip() or is_plain(text, self._subject.catalog) for text in filled):
            return Capability.TD_WRITE, Capability.TD_CODE
        return Capability.TD_CODE, None

    def is_code(self, receiver: ast.AST, arguments: Sequence[ast.AST]) -> bool:
        """Whether a DAT that TouchDesigner surely runs is changed, or a text that is surely code is put into a DAT."""
        texts = [text for argument in arguments for text in self._texts_in(argument)]
        if self.runs(receiver):
            return not texts or any(program_of(text) is not None for text in texts)
        if self._is_inert(receiver):
            return False
        return any(map(self.does_more, texts))

    def runs(self, operator: ast.AST) -> bool:
        """Whether TouchDesigner surely runs what is in `operator`, by its type or its name."""
        return any(self._is_executing(kind) for kind in self._types(operator))

    def brings_code(self, copied: ast.AST) -> bool:
        """Whether what is copied, an operator or a list of them, surely brings code or a connection along."""
        parts = copied.elts if isinstance(copied, ast.List | ast.Tuple) else [copied]
        return any(self.runs(part) or self._is_of_touchdesigner(part) for part in parts[:_MAX_PARTS])

    def cooks_a_script(self, operator: ast.AST) -> bool:
        """Whether cooking `operator` surely runs a script, by its type or its name."""
        types = self._types(operator) - {OPERATOR}
        return bool(types) and all(kind.lower() in _SCRIPTS for kind in types)

    def _is_of_touchdesigner(self, operator: ast.AST) -> bool:
        """Whether an operator is in one of TouchDesigner's own components, which are full of code, or talks."""
        containers = self._subject.flow.iterated(operator.id) if isinstance(operator, ast.Name) else None
        for root in containers or self._subject.flow.roots(operator) or (operator,):
            match root:
                case ast.Attribute(value=outer) | ast.Call(func=ast.Attribute(value=outer)) if containers:
                    if self._is_of_touchdesigner(outer):
                        return True
                case ast.Call(func=ast.Name(id="op") | ast.Attribute(attr="op"), args=[path]):
                    if any(map(is_touchdesigners, self._subject.folding.texts(path) or ())):
                        return True
        needs = {self._subject.catalog.operator_type(kind) for kind in self.guessed_types(operator)}
        return bool(needs) and needs.isdisjoint(_EDITING)

    def _types(self, operator: ast.AST) -> frozenset[str]:
        kinds = self._subject.kinds.of(operator) or frozenset()
        return kinds | self.guessed_types(operator)

    def guessed_types(self, operator: ast.AST) -> frozenset[str]:
        """The types that the names of `operator` speak of, where it is looked up by a name."""
        # All mentions of a name are one question.
        is_own = isinstance(operator, ast.Name) and self._subject.is_own(operator.id)
        key = operator.id if isinstance(operator, ast.Name) and is_own else operator
        if key not in self._guessed:
            self._guessed[key] = self._guess(operator)
        return self._guessed[key]

    def _guess(self, operator: ast.AST) -> frozenset[str]:
        found: set[str] = set()
        for root in self._subject.flow.roots(operator) or (operator,):
            match root:
                case ast.Call(func=ast.Attribute(value=ast.Attribute(value=holder, attr=name), attr="eval")):
                    is_named = isinstance(holder, ast.Attribute) and holder.attr == "par"
                    if is_named and self._subject.catalog.parameter(name) is Capability.TD_CODE:
                        found.add(CALLBACKS)
                case ast.Call(func=ast.Name(id="op") | ast.Attribute(attr="op"), args=[path]):
                    for text in self._subject.folding.texts(path) or ():
                        found |= likely_types(text, self._subject.catalog)
        return frozenset(found)

    def _is_executing(self, kind: str) -> bool:
        return kind.endswith("DAT") and self._subject.catalog.operator_types.get(kind.lower()) is Capability.TD_CODE

    def _is_inert(self, receiver: ast.AST) -> bool:
        kinds = self._subject.kinds.of(receiver)
        return bool(kinds) and all(self._subject.is_operator_type(kind) for kind in kinds or ())

    def _texts_in(self, argument: ast.AST) -> Iterator[str]:
        """The known texts that an argument is, or holds as the cells of a row."""
        match argument:
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                for part in parts[:_MAX_PARTS]:
                    yield from self._subject.folding.texts(part) or ()
            case ast.BinOp(op=ast.Add(), left=left, right=right) if self._subject.folding.texts(argument) is None:
                yield from self._texts_in(right)  # what is added to a text; a chain grows to the left
                if not isinstance(left, ast.BinOp):
                    yield from self._texts_in(left)
            case _:
                yield from self._subject.folding.texts(argument) or ()

    def does_more(self, text: str) -> bool:
        """Whether a text is a program, and not a word or a number that happens to parse, and does more than edit."""
        if "(" not in text and "import" not in text:
            return False
        if _CALLBACK.search(text):
            return program_of(text) is not None
        uses = self._nested(text) or ()
        if all(use.needs in _EDITING for use in uses):
            return False
        tree = program_of(text)
        return tree is not None and any(isinstance(node, _STATES_CODE) for node in ast.walk(tree))

    def _alternatives(self, value: ast.AST, depth: int) -> frozenset[str] | None:
        """The texts that `value` may be, with a number or a name for each harmless part that is not known.

        None where that cannot be told.
        """
        folded = self._subject.folding.texts(value)
        if folded is not None:
            return folded
        if value in self._joining:
            return _FILLED  # a text that is put together of itself
        self._steps -= 1
        if self._steps < 0:
            return None
        self._joining.add(value)
        found: set[str] = set()
        for root in self._subject.flow.roots(value) or (value,):
            texts = self._joined(root, depth) if depth else None
            if texts is None:
                found.clear()
                break
            found |= texts
        self._joining.discard(value)
        return frozenset(found) if found and len(found) <= _MAX_ALTERNATIVES else None

    def _joined(self, root: ast.AST, depth: int) -> frozenset[str] | None:
        match root:
            case ast.Constant(value=str(text)):
                return frozenset({text})
            case ast.JoinedStr(values=parts):
                return self._products([self._alternatives(part, depth - 1) for part in parts])
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._products([self._alternatives(part, depth - 1) for part in (left, right)])
            case ast.BinOp(op=ast.Mod(), left=template, right=ast.Tuple(elts=parts)):
                return self._formatted(template, parts, depth)
            case ast.BinOp(op=ast.Mod(), left=template, right=part):
                return self._formatted(template, [part], depth)
            case ast.FormattedValue(conversion=114, format_spec=None):
                return _FILLED  # a representation is a literal; the watch looks at the whole
            case ast.FormattedValue(value=value, format_spec=None):
                return self._alternatives(value, depth - 1)
            case ast.FormattedValue(value=value, format_spec=spec) if self._is_safe(value) and _is_plain_spec(spec):
                return _FILLED
            case ast.Call(func=ast.Name(id="repr"), args=[_], keywords=[]) if not self._subject.is_own("repr"):
                return _FILLED
            case ast.Call(func=ast.Name(id="str"), args=[value], keywords=[]) if not self._subject.is_own("str"):
                return self._alternatives(value, depth - 1)
            case ast.Attribute(attr="name" | "path") if self._is_safe(root):
                return _NAMED
        return _FILLED if self._is_safe(root) else None

    def _formatted(self, template: ast.AST, parts: Sequence[ast.AST], depth: int) -> frozenset[str] | None:
        """A template with ``%`` fields, filled."""
        text = self._subject.folding.text(template)
        pieces = _FIELD.split(text) if text is not None else []
        if len(pieces) != len(parts) + 1 or any("%" in piece for piece in pieces):
            return None
        mixed: list[frozenset[str] | None] = [frozenset({pieces[0]})]
        for part, piece in zip(parts, pieces[1:], strict=True):
            mixed += [self._alternatives(part, depth - 1), frozenset({piece})]
        return self._products(mixed)

    def _products(self, parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
        """Every text that one of each of the parts makes, joined."""
        joined = {""}
        for texts in parts:
            if texts is None or len(joined) * len(texts) > _MAX_ALTERNATIVES:
                return None
            if max(map(len, joined), default=0) + max(map(len, texts), default=0) > _MAX_LENGTH:
                return None
            joined = {one + other for one in joined for other in texts}
        return frozenset(joined)

    def _is_safe(self, value: ast.AST) -> bool:
        match value:
            case ast.Attribute(value=owner, attr=member) if member in _SAFE_IN_A_HOLE:
                return OWN not in (self._subject.kinds.of(owner) or ())
        return self._subject.kinds.is_number(value)


def _is_plain_spec(spec: ast.expr | None) -> bool:
    match spec:
        case None:
            return True
        case ast.JoinedStr(values=[ast.Constant(value=str(text))]):
            return len(text) <= 4
    return False
