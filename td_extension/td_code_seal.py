"""Whether the guard's own code still stands as it started, and putting it back where it does not.

The texts of the component's DATs are compared with those that its extension was made from: the few that
TouchDesigner itself runs in the frame after a guarded call, and all of them one a frame, in turn. A change that is
found with such a call since the last look is taken for an attack by it. A changed text does not touch what runs
already; it would count when TouchDesigner makes the extension anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_ENTRY_POINTS = (
    "callbacks", "frame_callbacks", "parameter_callbacks", "policy_callbacks", "embedded", "PolicyGuardExt",
)  # fmt: skip
"""The DATs that TouchDesigner itself runs: what is changed there counts at once."""

_OF_THE_COMPONENT = (
    "ext0object", "ext0name", "ext0promote", "initextonstart", "externaltox", "enableexternaltox", "clone",
)  # fmt: skip
_OF_A_DAT = (
    "active", "framestart", "start", "create", "custom", "valuechange", "onpulse", "tablechange", "file", "syncfile",
    "loadonstart", "language",
)  # fmt: skip
"""Parameters by which an entry point is run, or gets its text."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was not as it was sealed.

    Attributes:
        parts: by their paths inside the component; put back where they could be.
        tampered: a guarded call ran since they were last seen whole.
    """

    parts: tuple[str, ...]
    tampered: bool


@dataclass(slots=True)
class _Part:
    """One DAT, or the component itself: its text, its parameters, and how many calls had run when it was last whole."""

    name: str
    operator: Any
    text: str | None
    parameters: dict[str, Any]
    calls: int = 0

    def is_whole(self) -> bool:
        operator = self.operator
        if not operator.valid or (self.text is not None and operator.text != self.text):
            return False
        return all(operator.par[name].eval() == value for name, value in self.parameters.items())

    def put_back(self) -> None:
        """Not where the operator is gone: then the guard is broken, and its servers refuse every call."""
        operator = self.operator
        if not operator.valid:
            return
        if self.text is not None and operator.text != self.text:
            operator.text = self.text
        for name, value in self.parameters.items():
            if operator.par[name].eval() != value:
                operator.par[name].val = value


class CodeSeal:
    """The seal of one guard, made as its extension starts.

    Args:
        guard: the PolicyGuard component.
    """

    def __init__(self, guard: Any) -> None:
        self._calls = 0
        dats = [guard.op(name) for name in _ENTRY_POINTS]
        entries = [_sealed(dat, dat.name, dat.text, _OF_A_DAT) for dat in dats if dat is not None]
        self._entries = [_sealed(guard, "the component", None, _OF_THE_COMPONENT), *entries]
        source = guard.op("source")
        inside = [] if source is None else _inside(source, "source")
        self._parts = [*self._entries, *(_sealed(dat, name, dat.text, ()) for name, dat in inside)]
        self._next = 0

    def called(self) -> None:
        """A guarded call has run."""
        self._calls += 1

    def on_frame(self, *, called: bool) -> Changed | None:
        """Look at the next part, or at the entry points where a guarded call ran in the frame before.

        Args:
            called: one did: what it left behind to run later may have changed something since.
        """
        if called:
            changed = self.look()
            return Changed(changed, True) if changed else None
        if not self._parts:
            return None
        self._next = (self._next + 1) % len(self._parts)
        part = self._parts[self._next]
        tampered = part.calls != self._calls
        changed = self._look_at([part])
        return Changed(changed, tampered) if changed else None

    def look(self) -> tuple[str, ...]:
        """What was changed of the entry points since the last look; put back."""
        return self._look_at(self._entries)

    def _look_at(self, parts: Sequence[_Part]) -> tuple[str, ...]:
        changed = tuple(part.name for part in parts if not part.is_whole())
        for part in parts:
            part.calls = self._calls
            if part.name in changed:
                part.put_back()
        if changed:  # what is gone is told of once
            self._parts = [part for part in self._parts if part.operator.valid]
            self._entries = [part for part in self._entries if part.operator.valid]
        return changed


def _inside(comp: Any, path: str) -> Iterator[tuple[str, Any]]:
    for child in comp.children:
        if child.isDAT:
            yield f"{path}/{child.name}", child
        elif child.isCOMP:
            yield from _inside(child, f"{path}/{child.name}")


def _sealed(operator: Any, name: str, text: str | None, parameters: tuple[str, ...]) -> _Part:
    held = {one: operator.par[one].eval() for one in parameters if operator.par[one] is not None}
    return _Part(name, operator, text, held)
