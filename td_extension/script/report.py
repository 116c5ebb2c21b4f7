"""What the analysis of a script says: every use that matters, where it stands, and what it needs."""

from __future__ import annotations

import ast
import types
from dataclasses import dataclass, field

from ..values import Capability, Category, Code, Refusal


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that a script does.

    Attributes:
        line: counted from 1.
        column: counted from 1, in characters.
        what: the use as a person would name it, e.g. ``os.system``.
        needs: the capability that it certainly needs; None where it is refused whatever is granted.
        may: a stronger capability that it may need, which the run-time check decides; None where there is none.
        code: the stable code of the refusal it would cause.
        why: what it does or why it is refused, a short phrase.
        hint: what to do instead; may be empty.
    """

    line: int
    column: int
    what: str
    needs: Capability | None
    may: Capability | None = None
    code: Code = Code.MISSING_CAPABILITY
    why: str = ""
    hint: str = ""

    def refusal(self, allowed: str) -> Refusal:
        """The refusal that this use causes.

        Args:
            allowed: what is allowed here, e.g. the name of the profile.
        """
        needed = self.needs
        if needed is Capability.GUARD:
            message = f"{self.what} touches PolicyGuard, which no policy can allow"
        elif needed is not None:
            message = f"{self.what} needs capability '{needed.value}' ({self.why}). Allowed here: {allowed}"
        else:
            message = f"{self.what} is refused: {self.why}"
        if self.hint:
            message += f". {self.hint}"
        return Refusal(Category.PERMISSION, self.code, message, line=self.line)


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
    """

    sha256: str
    lines: int
    imports: tuple[str, ...]
    uses: tuple[Use, ...]
    tree: ast.Module | None = field(default=None, compare=False, repr=False)
    own_members: frozenset[str] = frozenset()
    code: types.CodeType | None = field(default=None, compare=False, repr=False)

    def capabilities(self) -> frozenset[Capability]:
        """Everything it certainly needs."""
        return frozenset(use.needs for use in self.uses if use.needs is not None)


def first_refused(report: ScriptReport, granted: frozenset[Capability]) -> Use | None:
    """The first use, in the order of the text, that `granted` does not cover; `Capability.GUARD` never is."""
    for use in report.uses:
        if use.needs is None or use.needs is Capability.GUARD or use.needs not in granted:
            return use
    return None


def first_standing(report: ScriptReport) -> Use | None:
    """The first use that is refused in every mode, also where the policy is only monitored.

    What is no script cannot run; what touches the guard, or could slip past the watch by its syntax, must not.
    """
    for use in report.uses:
        if report.tree is None or use.needs is Capability.GUARD or use.code is Code.FORBIDDEN_SYNTAX:
            return use
    return None
