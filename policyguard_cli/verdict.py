"""The verdict on one script: the guard's own analysis, of the bytes of a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from td_extension.policy.model import PROFILES
from td_extension.policy.wording import plain_text
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.report import ScriptReport, Use, first_refused
from td_extension.script.text import MAX_BYTES
from td_extension.values import Code

from .terminal import count, shown

_MAX_MESSAGE = 1_000


@dataclass(frozen=True, slots=True)
class Judge:
    """What scripts are judged by.

    Attributes:
        catalog: what needs which capability.
        profile: a name in `PROFILES`: what is granted.
        guard: the path of the PolicyGuard component, which no script may touch.
    """

    catalog: Catalog
    profile: str
    guard: str

    def verdict(self, path: str, data: bytes) -> Verdict:
        """Judge a script by its bytes, without running it."""
        report = self._report(data)
        granted = PROFILES[self.profile]
        # Asked use by use, so that one decision, the guard's own, says of each whether it is refused.
        refused = (first_refused(replace(report, uses=(use,)), granted) for use in report.uses)
        capabilities = tuple(sorted(capability.value for capability in report.capabilities()))
        return Verdict(path, self.profile, capabilities, tuple(use for use in refused if use is not None))

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
        profile: the name of the profile that it was judged by.
        capabilities: what it certainly needs, sorted.
        findings: the uses that are refused, in the order of the text; none where the script is allowed.
    """

    path: str
    profile: str
    capabilities: tuple[str, ...]
    findings: tuple[Use, ...]

    @property
    def allowed(self) -> bool:
        """Whether the script may run."""
        return not self.findings

    def as_json(self) -> str:
        """One line for a program."""
        found = [
            {
                "line": use.line,
                "column": use.column,
                "capability": use.needs.value if use.needs is not None else None,
                "code": use.code.value,
                "message": self._message(replace(use, hint="")),
                "hint": use.hint,
            }
            for use in self.findings
        ]
        decision = "allow" if self.allowed else "deny"
        return json.dumps(
            {"path": self.path, "decision": decision, "capabilities": self.capabilities, "findings": found}
        )

    def as_text(self) -> str:
        """One line for a person: the first finding, and how many more there are."""
        if self.allowed:
            return f"{shown(self.path)}: allow"
        first, more = self.findings[0], len(self.findings) - 1
        rest = f" (and {count(more, 'more finding')})" if more else ""
        message = plain_text(self._message(first), _MAX_MESSAGE)
        return f"{shown(self.path)}:{first.line}:{first.column}: deny: {message}{rest}"

    def _message(self, use: Use) -> str:
        return use.refusal(self.profile).message
