"""The verdict on one script: the guard's own analysis, of the bytes of a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from td_extension.policy.script_rule import ScriptGrants
from td_extension.policy.wording import plain_text
from td_extension.ruling import Ruling, ruling_on
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.execute import with_code
from td_extension.script.instrument import watched_members
from td_extension.script.report import ScriptReport, Use
from td_extension.script.text import MAX_BYTES
from td_extension.values import Code, Outcome

from .terminal import count, shown

GUARD = "/project1/PolicyGuard"
"""Where the component is, unless it is said; no script may touch it."""
_MAX_MESSAGE = 1_000


@dataclass(frozen=True, slots=True)
class Judge:
    """What scripts are judged by.

    Attributes:
        catalog: what needs which capability.
        grants: what is granted.
        guard: the path of the PolicyGuard component, which no script may touch.
        watched: the members whose receivers the guard would look at.
    """

    catalog: Catalog
    grants: ScriptGrants
    guard: str
    watched: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "watched", watched_members(self.catalog))

    def verdict(self, path: str, data: bytes) -> Verdict:
        """Judge a script by its bytes, without running it."""
        ruling = ruling_on(self._report(data), self.grants)
        if not ruling.refused:
            # As the guard does: what Python parses it may still not compile.
            ruling = ruling_on(with_code(ruling.report, self.watched), self.grants)
        return Verdict(path, self.grants, ruling)

    def _report(self, data: bytes) -> ScriptReport:
        try:
            # What is too large is refused for its size, even where it was cut within a character.
            text = data.decode("utf-8", "strict" if len(data) <= MAX_BYTES else "replace")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            use = Use(
                before.count("\n") + 1,
                len(before) - before.rfind("\n"),
                "this script",
                None,
                code=Code.SCRIPT_TEXT,
                why="it is not UTF-8",
                hint="Save it as UTF-8",
            )
            return ScriptReport("", 0, (), (use,))
        return analyse(text, self.catalog, (self.guard,))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about one script.

    Attributes:
        path: the path of its file as it was given; ``-`` for standard input.
        grants: what it was judged by.
        ruling: what was decided.
    """

    path: str
    grants: ScriptGrants
    ruling: Ruling

    @property
    def outcome(self) -> Outcome:
        """Allow, deny, or pending where a person would be asked."""
        if self.ruling.refused:
            return Outcome.DENY
        return Outcome.PENDING if self.ruling.asked else Outcome.ALLOW

    @property
    def findings(self) -> tuple[Use, ...]:
        """The uses that are refused, or else asked for, in the order of the text."""
        return tuple(self.ruling.refused or self.ruling.asked)

    def as_json(self) -> str:
        """One line for a program."""
        found = [
            {
                "line": use.line,
                "column": use.column,
                "capability": use.needs.value if use.needs is not None else None,
                "code": use.code.value,
                "message": self._message(use._replace(hint="")),
                "hint": use.hint,
            }
            for use in self.findings
        ]
        capabilities = sorted(capability.value for capability in self.ruling.report.capabilities())
        return json.dumps(
            {"path": self.path, "decision": self._word(), "capabilities": capabilities, "findings": found}
        )

    def as_text(self) -> str:
        """One line for a person: the first finding, and how many more there are."""
        if not self.findings:
            return f"{shown(self.path)}: {self._word()}"
        first, more = self.findings[0], len(self.findings) - 1
        rest = f" (and {count(more, 'more finding')})" if more else ""
        message = plain_text(self._message(first), _MAX_MESSAGE)
        return f"{shown(self.path)}:{first.line}:{first.column}: {self._word()}: {message}{rest}"

    def _word(self) -> str:
        return {Outcome.ALLOW: "allow", Outcome.DENY: "deny"}.get(self.outcome, "ask")

    def _message(self, use: Use) -> str:
        return use.refusal(self.grants.text).message
