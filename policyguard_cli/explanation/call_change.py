"""One change of a described call: of an argument, or of what is known of the show and the caller."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from td_extension.policy.facts import Entries, Step, TargetFacts
from td_extension.values import Json

from .call_file import DescribedCall

_OF_TARGETS = {"target": "path", "op_type": "op_type", "op_family": "op_family", "parameter_kind": "parameter_kinds"}
SHOW = ("grant", "caller", "perform_mode", "frame_rate", "hour")
"""What can be changed beside the arguments and the targets."""


class Nothing(enum.Enum):
    """In place of a value."""

    ABSENT = "absent"
    """There was none, or there is to be none."""


ABSENT = Nothing.ABSENT


@dataclass(frozen=True, slots=True)
class CallChange:
    """One change.

    Attributes:
        fact: ``args``, one of `SHOW`, or a fact about the targets: all of them are changed.
        steps: where in the arguments; entries of a list are all changed.
        before: what is there; `ABSENT` for nothing, and for several.
        after: what is to be there; `ABSENT` removes an argument.
        lines: of a script, the lines that are taken out.
    """

    fact: str
    steps: tuple[Step, ...]
    before: Json | Nothing
    after: Json | Nothing
    lines: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """The path for people and programs, e.g. ``args.kwargs.x`` or ``frame_rate``."""
        return self.fact + "".join(map(_written, self.steps))

    def applied_to(self, call: DescribedCall) -> DescribedCall | None:
        """The call with the change; None where it has no room for it."""
        if self.fact == "args":
            args = with_value(dict(call.args), self.steps, self.after)
            return replace(call, args=args) if isinstance(args, dict) else None
        if self.fact in SHOW:
            known: dict[str, Any] = {self.fact: self.after}
            return replace(call, **known)
        value = frozenset([self.after]) if self.fact == "parameter_kind" else self.after
        stated: dict[str, Any] = {_OF_TARGETS[self.fact]: value}
        targets = call.targets or (TargetFacts("/project1"),)
        return replace(call, stated_targets=tuple(replace(one, **stated) for one in targets))

    @property
    def rank(self) -> tuple[object, ...]:
        """What makes a change small, for `sorted`: an argument before the show, a value before adding and removing,
        the same kind of value, the nearest number, the shortest text."""
        kind = 2 if self.after is ABSENT else 1 if self.before is ABSENT else 0
        distance = float(len(self.lines))
        if _is_number(self.before) and _is_number(self.after):
            distance = abs(float(self.after) - float(self.before))  # type: ignore[arg-type]
        is_other_kind = kind == 0 and type(self.before) is not type(self.after)
        text = repr(self.after)
        return self.fact != "args", kind, is_other_kind, distance, len(text), self.path, text


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _written(step: Step) -> str:
    if isinstance(step, Entries):
        return f"[{step.value}]"
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f'["{step}"]'


def value_at(value: Json | Nothing, steps: Sequence[Step]) -> Json | Nothing:
    """What stands at the end of the steps; `ABSENT` where nothing does, and where they lead to several."""
    for step in steps:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step, ABSENT)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return ABSENT
    return value


def with_value(value: Json | Nothing, steps: Sequence[Step], new: Json | Nothing) -> Json | Nothing:
    """The value with another one at the end of the steps, in a copy; `ABSENT` where that cannot be."""
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        return _with_member({} if value is ABSENT else value, step, rest, new)
    entries = [ABSENT] if value is ABSENT or value == [] else value
    if not isinstance(entries, list):
        return ABSENT
    if isinstance(step, int):
        if not -len(entries) <= step < len(entries):
            return ABSENT
        changed = [with_value(one, rest, new) if index == step % len(entries) else one
                   for index, one in enumerate(entries)]  # fmt: skip
    else:
        changed = [with_value(one, rest, new) for one in entries]
    return [one for one in changed if one is not ABSENT] if not rest else changed if ABSENT not in changed else ABSENT


def _with_member(value: Json, key: str, rest: Sequence[Step], new: Json | Nothing) -> Json | Nothing:
    if not isinstance(value, dict):
        return ABSENT
    changed = with_value(value.get(key, ABSENT), rest, new)
    if changed is not ABSENT:
        return {**value, key: changed}
    return {name: one for name, one in value.items() if name != key} if not rest and key in value else ABSENT
