"""Judges what a script does to parameters: most hold a value, some run code, open files or start something."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..values import Capability
from .catalog import Entry, Parameter
from .kinds import PARAMETERS
from .large_operators import why_too_large_a_side
from .media import host_of, is_media_inside
from .notes import Notes
from .subject import Subject
from .written import WrittenTexts

_WHATEVER_THE_OPERATOR = {Capability.TD_CODE, Capability.PROCESS, Capability.TD_PROJECT}
"""What a parameter opens depends on its operator; what it executes or switches is told by its name.

Custom parameters begin with a capital (td_runtime.md section 1), so a name in lower case is TouchDesigner's own.
"""

_HOLDERS = ("par", "parGroup", "seq")
_NAMED = {Capability.FILE_READ, Capability.FILE_WRITE, Capability.NET}
"""What a policy may grant for some files and hosts only, which the value names."""

_COLLECTION = frozenset({PARAMETERS})


class ParameterJudge:
    """Judges the parameters of one script.

    Args:
        subject: the script.
        notes: where uses are noted.
        written: judges texts that may become code.
    """

    def __init__(self, subject: Subject, notes: Notes, written: WrittenTexts) -> None:
        self._subject = subject
        self._notes = notes
        self._written = written

    def are(self, node: ast.AST) -> bool:
        """Whether `node` is an operator's collection of parameters."""
        if isinstance(node, ast.Attribute):
            return node.attr in _HOLDERS
        return isinstance(node, ast.Name) and self._subject.kinds.of(node) == _COLLECTION

    def set(self, node: ast.AST, holder: ast.AST, name: str, value: ast.AST | None, how: str = " =") -> None:
        """Judge that the parameter `name` of the collection `holder` is set to `value`, or pressed."""
        if value is not None:
            large = why_too_large_a_side(name, value, self._subject.flow)
            if large is not None:
                self._notes.add(node, f".par.{name}{how}", Capability.BLOCK, large, hint="Use a smaller size")
        needs, may, why = self._meaning(holder, name, value)
        text = self._subject.folding.text(value) if value is not None and needs in _NAMED else None
        resource = host_of(text) if text is not None and needs is Capability.NET else text
        self._notes.add(node, f".par.{name}{how}", needs, why, may=may, resource=resource)

    def set_by_name(self, node: ast.AST, holder: ast.AST, key: ast.AST, value: ast.AST | None) -> None:
        """Judge that a parameter is set whose name an expression tells."""
        names = self._subject.folding.texts(key)
        for name in names or ():
            self.set(node, holder, name, value)
        if not names:
            why = "sets a parameter by a name that is not written out"
            self._notes.add(node, ".par[…] =", Capability.TD_WRITE, why, may=Capability.TD_CODE)

    def value(self, node: ast.AST, parameter: ast.AST, entry: Entry, value: ast.AST | None, how: str) -> None:
        """Judge that the value of one parameter is set, or that it is pressed.

        Args:
            node: where it stands.
            parameter: the parameter.
            entry: what that means where it is not known which parameter it is.
            value: what it is set to, where one expression says it.
            how: ``.val =`` or ``.pulse()``.
        """
        named = self._named(parameter)
        needs = entry.store or entry.needs
        if named is not None:
            self.set(node, *named, value, how)
        elif needs is not None:
            self._notes.add(node, how, needs, entry.why, may=entry.may)

    def _named(self, parameter: ast.AST) -> tuple[ast.AST, str] | None:
        """The collection and the name of a parameter, where the script's text tells both."""
        match self._subject.flow.roots(parameter) or (parameter,):
            case [ast.Attribute(value=holder, attr=name)] if self.are(holder):
                return holder, name
            case [ast.Subscript(value=holder, slice=key)] if self.are(holder):
                text = self._subject.folding.text(key)
                return (holder, text) if text is not None else None
            case [ast.Call(func=ast.Name(id="getattr"), args=[holder, key, *_])] if self.are(holder):
                text = self._subject.folding.text(key)
                return (holder, text) if text is not None else None
        return None

    def _meaning(
        self, holder: ast.AST, name: str, value: ast.AST | None
    ) -> tuple[Capability, Capability | None, str]:
        owners = list(self._owners(holder))
        known = self._types(owners)
        if known:
            return self._weakest([self._subject.catalog.parameter_rule(name, kind) for kind in known], value)
        rule = self._subject.catalog.parameter_rule(name)
        guessed = frozenset().union(*map(self._written.guessed_types, owners))
        rules = [self._subject.catalog.parameter_rule(name, kind) for kind in guessed]
        stronger = [one for one in rules if one.needs is not Capability.TD_WRITE]
        if rules and len(stronger) == len(rules):
            return self._weakest(rules, value)
        if rule.needs in _NAMED and name[:1].islower() and rule.media is None and self._is_never_media(value):
            return rule.needs, None, rule.why
        if rule.needs in _WHATEVER_THE_OPERATOR and name[:1].islower():
            return rule.needs, None, rule.why
        if any(one.needs is Capability.TD_CODE for one in stronger) and value is not None:
            texts = self._subject.folding.texts(value) or ()
            if any(map(self._written.does_more, texts)):
                return Capability.TD_CODE, None, stronger[0].why
        may = stronger[0].needs if stronger and rule.needs is Capability.TD_WRITE else rule.needs
        return Capability.TD_WRITE, may, "sets a parameter"

    def _is_never_media(self, value: ast.AST | None) -> bool:
        """Whether a value is a path or an address that names no file of media in the project folder."""
        texts = self._subject.folding.texts(value) if value is not None else None
        return bool(texts) and not any(map(_may_be_of_the_project, texts or ()))

    def _owners(self, holder: ast.AST) -> Iterator[ast.AST]:
        for root in self._subject.flow.roots(holder) or (holder,):
            if isinstance(root, ast.Attribute):
                yield root.value

    def _types(self, owners: list[ast.AST]) -> frozenset[str]:
        """The types of the operators, where all of them are known."""
        found: set[str] = set()
        for owner in owners:
            kinds = self._subject.kinds.of(owner)
            if not kinds or not all(map(self._subject.is_operator_type, kinds)):
                return frozenset()
            found |= kinds
        return frozenset(found)

    def _weakest(
        self, rules: list[Parameter], value: ast.AST | None
    ) -> tuple[Capability, Capability | None, str]:
        """What all of the rules certainly need, and what one of them may."""
        stronger = [rule for rule in rules if rule.needs is not Capability.TD_WRITE]
        if not stronger:
            return Capability.TD_WRITE, None, rules[0].why
        first = stronger[0]
        if len({rule.needs for rule in rules}) > 1:
            return Capability.TD_WRITE, first.needs, first.why
        if first.media is None or value is None:
            return first.needs, None, first.why
        texts = self._subject.folding.texts(value)
        if texts is not None and not all(map(_may_be_of_the_project, texts)):
            return first.needs, None, first.why
        # Whether a path lies in the project folder is known when it is set.
        return first.media, first.needs, first.why


def _may_be_of_the_project(path: str) -> bool:
    """Whether a path may name a file of media in the project folder, wherever that is.

    A share of the network is not: whoever opens one signs in there with the user's own account.
    """
    whole = path.replace("\\", "/")
    name = whole.rpartition("/")[2]
    return ".." not in path and not whole.startswith("//") and "://" not in path and (not path or is_media_inside(name))
