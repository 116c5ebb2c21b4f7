"""What the analysis of a script says: every use that matters, where it stands, and what it needs."""

from __future__ import annotations

import ast
import types
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..policy.script_rule import NO_SCOPES, UNBOUNDED, Scopes
from ..policy.wording import plain_text, quoted
from ..values import Capability, Category, Code, Refusal
from .lookups import Lookup

MAX_MESSAGE = 1_000
"""Characters of a refusal's message, whatever a script names its things."""

_MAX_WHAT, _MAX_WHY, _MAX_HINT = 120, 400, 200
_MAX_MORE = 5
_OUTSIDE = frozenset({Capability.FILE_READ, Capability.FILE_WRITE, Capability.NET})
"""What is used on things that are none of TouchDesigner's, which the watch does not look at."""
_IN_EVERY_MODE = frozenset({Code.SCRIPT_TOO_LARGE, Code.SCRIPT_TEXT, Code.SCRIPT_SYNTAX, Code.FORBIDDEN_SYNTAX})


class Use(NamedTuple):
    """One thing that a script does. A tuple, for it is made for every name of a script, at a third of the time.

    Attributes:
        line: counted from 1.
        column: counted from 1, in characters.
        what: the use as a person would name it, e.g. ``os.system``.
        needs: the capability that it certainly needs; None where it is refused whatever is granted.
        may: a stronger capability that it may need, which the run-time check decides; None where there is none.
        code: the stable code of the refusal it would cause.
        why: what it does or why it is refused, a short phrase.
        hint: what to do instead; may be empty.
        resource: the path or the host that it names, where the text tells it; None where it does not.
        module: the dotted name of the module that it imports; None where it imports none.
    """

    line: int
    column: int
    what: str
    needs: Capability | None
    may: Capability | None = None
    code: Code = Code.MISSING_CAPABILITY
    why: str = ""
    hint: str = ""
    resource: str | None = None
    module: str | None = None

    def certain(self) -> tuple[Capability, ...]:
        """The capabilities without which it is refused before anything runs, the weaker one first.

        The stronger one is among them where no run-time check can decide about it: the watch knows TouchDesigner's
        objects, and not the files and connections of Python.
        """
        both = (self.needs, self.may if self.needs in _OUTSIDE else None)
        return tuple(capability for capability in both if capability is not None)

    def refusal(self, allowed: str) -> Refusal:
        """The refusal that this use causes.

        Args:
            allowed: what is allowed here, e.g. ``edit +td.delete``.
        """
        return Refusal(Category.PERMISSION, self.code, self._told(allowed)[:MAX_MESSAGE], line=self.line)

    def in_short(self) -> str:
        """Line, use and capability, for a list of several."""
        what = plain_text(self.what, _MAX_WHAT // 2)
        needs = "is refused" if self.needs is None else f"needs '{self.needs.value}'"
        return f"line {self.line}: {what} {'touches PolicyGuard' if self.needs is Capability.GUARD else needs}"

    def _told(self, allowed: str) -> str:
        what, why = plain_text(self.what, _MAX_WHAT), plain_text(self.why, _MAX_WHY)
        hint = f". {plain_text(self.hint, _MAX_HINT)}" if self.hint else ""
        if self.needs is Capability.GUARD:
            return f"{what} touches PolicyGuard, which no policy can allow{hint}"
        if self.needs is None:
            return f"{what} is refused: {why}{hint}"
        return f"{what} needs capability '{self.needs.value}' ({why}). Allowed here: {allowed}{hint}"


@dataclass(frozen=True, slots=True)
class ScriptReport:
    """The judgement of one text.

    Attributes:
        sha256: of the text as it came in, as UTF-8.
        lines: number of lines.
        imports: the modules it imports, sorted.
        uses: everything it does that needs something, in the order of the text.
        tree: the tree that was judged, and that alone may run; None where the text is no script, where the tree was
            used up for `code`, and where the report is known from an earlier call.
        own_members: the members that its own classes define, and that nothing else has a right to.
        code: what the tree was compiled to (`execute.with_code`); None before.
        lookups: the operators that it names, where that was asked (`lookups.py`).
    """

    sha256: str
    lines: int
    imports: tuple[str, ...]
    uses: tuple[Use, ...]
    tree: ast.Module | None = field(default=None, compare=False, repr=False)
    own_members: frozenset[str] = frozenset()
    code: types.CodeType | None = field(default=None, compare=False, repr=False)
    lookups: tuple[Lookup, ...] = ()

    def compiled(self, code: types.CodeType) -> ScriptReport:
        """The report with its code in place of its tree."""
        own = self.own_members
        return ScriptReport(self.sha256, self.lines, self.imports, self.uses, None, own, code, self.lookups)

    def capabilities(self) -> frozenset[Capability]:
        """Everything it certainly needs."""
        return frozenset(use.needs for use in self.uses if use.needs is not None)

    def possible(self) -> frozenset[Capability]:
        """Everything it needs, or may need once it runs."""
        return frozenset(one for use in self.uses for one in (use.needs, use.may) if one is not None)


def refused_uses(report: ScriptReport, granted: frozenset[Capability], scopes: Scopes = NO_SCOPES) -> list[Use]:
    """The uses, in the order of the text, that are not granted; `Capability.GUARD` never is.

    Args:
        report: the judgement.
        granted: the capabilities that are granted everywhere.
        scopes: those that are granted for some files, hosts and modules. A use that does not tell which it means is
            refused, for nothing looks at it while the script runs.
    """
    refused = []
    for use in report.uses:
        lacking = [one for one in use.certain() if one not in granted and not _is_in_scope(use, one, scopes)]
        if use.needs is None or use.needs is Capability.GUARD:
            refused.append(use)
        elif lacking:
            refused.append(_explained(use, lacking[0], scopes))
    return refused


def _is_in_scope(use: Use, needed: Capability, scopes: Scopes) -> bool:
    if use.module is not None:
        # What leads past the guard is granted by its own name, never by that of a module.
        return needed not in UNBOUNDED and scopes.allows(Capability.IMPORT, use.module)
    return use.resource is not None and scopes.allows(needed, use.resource)


def _explained(use: Use, lacking: Capability, scopes: Scopes) -> Use:
    """The use, with what an agent must know where its capability is granted elsewhere, or another one is lacking."""
    why, hint, granted_for = use.why, use.hint, scopes.told(lacking)
    if lacking is not use.needs:
        why += f"; it may need '{lacking.value}' too, which nothing can check while the script runs"
    if granted_for and use.module is None:
        why += f"; it is allowed for {granted_for} only, and "
        if use.resource is not None:
            why += f"{quoted(use.resource)} is not that"
        else:
            why += "what this is used on cannot be read here"
            hint = hint or "Write it as a literal, right where it is used"
    return use._replace(why=why, hint=hint)


def first_refused(report: ScriptReport, granted: frozenset[Capability]) -> Use | None:
    """The first of `refused_uses`, or None."""
    return next(iter(refused_uses(report, granted)), None)


def first_standing(report: ScriptReport) -> Use | None:
    """The first use that is refused in every mode, also where the policy is only monitored.

    What is no script cannot run; what touches the guard, or could slip past the watch by its syntax, must not.
    """
    return next((use for use in report.uses if use.needs is Capability.GUARD or use.code in _IN_EVERY_MODE), None)


def refusal_of(uses: Sequence[Use], allowed: str, remedy: str = "") -> Refusal:
    """The refusal that several uses cause together: the first in full, the others in short.

    Args:
        uses: at least one use, in the order of the text.
        allowed: what is allowed here, e.g. ``edit +td.delete``.
        remedy: what the agent can do, which ends the message; may be empty.

    Returns:
        A refusal whose message has at most 1,000 characters.
    """
    refusal = uses[0].refusal(allowed)
    ending = f"; {remedy}" if remedy else ""
    others = list(dict.fromkeys(use.in_short() for use in uses[1:]))
    for count in range(min(len(others), _MAX_MORE), 0, -1):
        rest = f" and {len(others) - count} more" if len(others) > count else ""
        message = f"{refusal.message}. Also {', '.join(others[:count])}{rest}{ending}"
        if len(message) <= MAX_MESSAGE:
            return replace(refusal, message=message)
    return replace(refusal, message=refusal.message[: MAX_MESSAGE - len(ending)] + ending)
