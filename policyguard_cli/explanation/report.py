"""An explanation for a person, and for a program. What the call or the policy holds cannot leave its line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import td_extension.script
from td_extension.policy.tools import HANDSHAKE_TOOL
from td_extension.policy.wording import plain_text
from td_extension.script.catalog_text import load_catalog
from td_extension.values import Json

from ..policy_file import PolicyFile
from ..policy_writer.json_text import with_escapes
from ..terminal import shown
from ..verdict import GUARD
from .call_change import ABSENT, CallChange, Nothing
from .call_file import DescribedCall
from .flips import CallFlip, PolicyFlip, call_flips, policy_flips
from .judgement import Judgement, Scripts, judge
from .places import Places, places_in
from .trace import Step, trace_of

_MAX_VALUE = 100
_MAX_LINE = 400


@dataclass(frozen=True, slots=True)
class Report:
    """Why a policy decides a call as it does.

    Attributes:
        call: the call.
        judgement: what becomes of it.
        steps: everything that was looked at.
        call_flips: the smallest changes of the call that would turn the decision.
        policy_flips: the same of the policy.
        file: the policy's file, as it is shown.
        places: where in it things stand.
    """

    call: DescribedCall
    judgement: Judgement
    steps: tuple[Step, ...]
    call_flips: tuple[CallFlip, ...]
    policy_flips: tuple[PolicyFlip, ...]
    file: str
    places: Places

    def as_json(self) -> str:
        """One object on one line, for a program."""
        judgement, flaw = self.judgement, self.judgement.flaw
        return json.dumps(
            {
                "decision": judgement.outcome.value,
                "code": judgement.code.value if judgement.code is not None else None,
                "reason": judgement.reason,
                "rule": judgement.rule,
                "place": self._place(judgement.rule),
                "tool": self.call.tool,
                "policy": judgement.policy.digest,
                "protocol": {"code": flaw.code.value, "message": flaw.message} if flaw is not None else None,
                "always_answered": self.call.tool == HANDSHAKE_TOOL,
                "trace": [self._step_json(step) for step in self.steps],
                "flips": {
                    "decision": "refused" if judgement.is_allowed else "allow",
                    "call": [[_change_json(change) for change in flip.changes] for flip in self.call_flips],
                    "policy": [
                        [
                            {"rule": one.pointer, "place": self._place(one.pointer), "change": one.text}
                            for one in flip.changes
                        ]
                        for flip in self.policy_flips
                    ],
                },
            }
        )

    def as_text(self) -> str:
        """Lines for a person."""
        return "\n".join(with_escapes(line).rstrip() for line in self._lines())

    def _lines(self) -> Iterator[str]:
        judgement = self.judgement
        code = f" ({judgement.code.value})" if judgement.code is not None else ""
        yield f"{judgement.outcome.value}: {plain_text(self.call.tool, _MAX_LINE)}{code}"
        if judgement.reason:
            yield f"  {plain_text(judgement.reason, _MAX_LINE)}"
        if judgement.rule:
            yield f"  {self._place(judgement.rule)}: rule {judgement.rule}"
        if judgement.flaw is not None:
            flaw = plain_text(judgement.flaw.message, _MAX_LINE)
            yield f"  beside the policy: touchdesigner-mcp does not take this call: {flaw}"
        if self.call.tool == HANDSHAKE_TOOL:
            yield f"  beside the policy: {HANDSHAKE_TOOL} is answered whatever it says"
        yield ""
        yield "How it was decided"
        for step in self.steps:
            yield from self._step_lines(step, 1)
        yield ""
        yield from self._flip_lines()

    def _step_lines(self, step: Step, depth: int) -> Iterator[str]:
        found = f", found {plain_text(step.found, _MAX_LINE)}" if step.found else ""
        asked = f"{step.kind}: {plain_text(step.text, _MAX_LINE)}"
        if step.kind == "rule":
            asked = f"rule {step.pointer} ({plain_text(step.text, _MAX_LINE)})"
        yield f"{'  ' * depth}{asked}: {step.answer}{found}"
        for part in step.parts:
            if part.text != step.text or part.parts:
                yield from self._step_lines(part, depth + 1)
            elif part.found:
                yield f"{'  ' * (depth + 1)}found {plain_text(part.found, _MAX_LINE)}"

    def _flip_lines(self) -> Iterator[str]:
        turned = "refused" if self.judgement.is_allowed else "allowed"
        if self.call_flips:
            yield f"It would be {turned} with"
            for flip in self.call_flips:
                yield from _together(map(_change_text, flip.changes))
        else:
            yield f"No small change of the call was found with which it would be {turned}"
        if self.policy_flips:
            yield f"It would be {turned} by a policy with"
            for flips in self.policy_flips:
                told = (f"{self._place(one.pointer)}: {one.pointer}: {one.text}" for one in flips.changes)
                yield from _together(told)
        else:
            yield f"No small change of the policy was found by which it would be {turned}"

    def _place(self, pointer: str) -> str:
        return f"{self.file}:{self.places(pointer)}" if pointer else ""

    def _step_json(self, step: Step) -> Json:
        return {
            "kind": step.kind,
            "text": step.text,
            "answer": step.answer,
            "found": step.found,
            "rule": step.pointer,
            "place": self._place(step.pointer),
            "parts": [self._step_json(part) for part in step.parts],
        }


def report_on(file: Path, read: PolicyFile, call: DescribedCall) -> Report:
    """Why a policy that loaded decides a call as it does.

    Args:
        file: the policy's file.
        read: what was found in it.
        call: the call.

    Raises:
        ValueError: if the policy did not load.
    """
    if read.policy is None:
        raise ValueError(f"{file} did not load")
    catalog = Path(td_extension.script.__file__).parent / "catalog.json"
    scripts = Scripts(load_catalog(catalog.read_text(encoding="utf-8")), GUARD)
    judgement = judge(read.policy, call, scripts)
    return Report(
        call,
        judgement,
        trace_of(call, judgement),
        call_flips(read.policy, call, judgement, scripts),
        policy_flips(call, judgement, scripts),
        shown(file),
        places_in(file, read),
    )


def _together(changes: Iterable[str]) -> Iterator[str]:
    """Changes that are made together, a line each."""
    yield from (f"  {'and ' if index else ''}{change}" for index, change in enumerate(changes))


def _change_json(change: CallChange) -> Json:
    """A change; without ``after`` the argument is removed, without ``before`` there was none, or several."""
    written: dict[str, Json] = {"path": change.path}
    if change.before is not ABSENT:
        written["before"] = change.before
    if change.after is not ABSENT:
        written["after"] = change.after
    return written


def _change_text(change: CallChange) -> str:
    if change.lines:
        return f"{change.path} without line {', '.join(map(str, change.lines))}"
    if change.after is ABSENT:
        return f"{change.path} removed"
    if change.before is ABSENT:
        return f"{change.path} = {_value(change.after)}"
    return f"{change.path}: {_value(change.before)} → {_value(change.after)}"


def _value(value: Json | Nothing) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]}…"
