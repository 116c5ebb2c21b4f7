"""What is known of a call when its policy is decided: the facts that conditions look at, and the paths that name them.

    args.nodePath   args.items[0].name   args.items[*]   args["a.b"]      the call's arguments
    tool  risk  caller  grant                                             who asks for what
    perform_mode  frame_rate  hour                                        the show
    target  op_type  op_family  parameter_kind                            the operators and parameters it acts on
    script.capabilities  script.imports  script.lines                     what its script does

``[*]`` stands for some entry of a list, ``[all]`` for every entry of a list that has one.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from ..values import Json
from .wording import quoted, suggestion

MAX_PATH = 200
_MAX_KEYS = 16
_STEP = re.compile(r'\.([^.\[\]"]+)|\[(-?[0-9]{1,6})\]|\[(\*|all)\]|\["([^"]+)"\]')


class Missing(enum.Enum):
    """Why a path leads to no value."""

    ABSENT = "absent"
    UNKNOWN = "unknown"
    """TouchDesigner could not tell."""


class Entries(enum.Enum):
    """Which entries of a list a path means."""

    SOME = "*"
    EVERY = "all"


Step: TypeAlias = str | int | Entries


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What a script does.

    Attributes:
        capabilities: the words of all that it needs or may need, e.g. ``td.write``.
        imports: the modules that it imports.
        lines: how many lines it has.
    """

    capabilities: frozenset[str]
    imports: tuple[str, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One operator that a call acts on.

    Attributes:
        path: its own path.
        op_type: its type, e.g. ``textDAT``.
        op_family: its family, e.g. ``DAT``.
        parameter_kinds: what the parameters that are set hold, e.g. ``value``, ``file``, ``code``.
    """

    path: str
    op_type: str = ""
    op_family: str = ""
    parameter_kinds: frozenset[str] = frozenset()


def _no_arguments() -> Mapping[str, Json]:
    return {}


def _no_script() -> ScriptFacts | None:
    return None


def _no_targets() -> tuple[TargetFacts, ...]:
    return ()


@dataclass(frozen=True)
class Facts:
    """What is known of one call. Whatever takes a look at TouchDesigner or at its script is looked up only where a
    condition asks, and then once.

    Attributes:
        tool: the tool's exact MCP name.
        risk: its class: ``read``, ``write``, ``execute``, ``destructive``; empty where it is not known.
        caller: the peer's address.
        grant: the grant's name.
        perform_mode: whether TouchDesigner is in Perform Mode; None where it could not be told.
        frame_rate: frames a second that are really drawn; None where it could not be told.
        hour: local time of day in hours, 0 to 24; None where it could not be told.
        find_args: its arguments.
        find_script: what its script does; None for a call without one.
        find_targets: the operators that it acts on.
    """

    tool: str = ""
    risk: str = ""
    caller: str = ""
    grant: str = ""
    perform_mode: bool | None = None
    frame_rate: float | None = None
    hour: float | None = None
    find_args: Callable[[], Mapping[str, Json]] = _no_arguments
    find_script: Callable[[], ScriptFacts | None] = _no_script
    find_targets: Callable[[], tuple[TargetFacts, ...]] = _no_targets

    @functools.cached_property
    def args(self) -> Mapping[str, Json]:
        """Its arguments."""
        return self.find_args()

    @functools.cached_property
    def script(self) -> ScriptFacts | None:
        """What its script does."""
        return self.find_script()

    @functools.cached_property
    def targets(self) -> tuple[TargetFacts, ...]:
        """The operators that it acts on."""
        return self.find_targets()


class Kind(enum.Enum):
    """What a fact is."""

    TEXT = "a text"
    NUMBER = "a number"
    TRUTH = "true or false"
    LIST = "a list of texts"
    ANY = "any value"

    __hash__ = object.__hash__  # an enum hashes its name in Python


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its name.

    Attributes:
        kind: what it is.
        find: looks it up; None where TouchDesigner could not tell.
    """

    kind: Kind
    find: Callable[[Facts], Json | Missing]


def _of_script(find: Callable[[ScriptFacts], Json]) -> Callable[[Facts], Json | Missing]:
    return lambda facts: Missing.ABSENT if facts.script is None else find(facts.script)


def _or_unknown(value: Json) -> Json | Missing:
    return Missing.UNKNOWN if value is None else value


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "args": Fact(Kind.ANY, lambda facts: facts.args),
        "tool": Fact(Kind.TEXT, lambda facts: facts.tool),
        "risk": Fact(Kind.TEXT, lambda facts: facts.risk or Missing.UNKNOWN),
        "caller": Fact(Kind.TEXT, lambda facts: facts.caller),
        "grant": Fact(Kind.TEXT, lambda facts: facts.grant),
        "perform_mode": Fact(Kind.TRUTH, lambda facts: _or_unknown(facts.perform_mode)),
        "frame_rate": Fact(Kind.NUMBER, lambda facts: _or_unknown(facts.frame_rate)),
        "hour": Fact(Kind.NUMBER, lambda facts: _or_unknown(facts.hour)),
        "target": Fact(Kind.LIST, lambda facts: [one.path for one in facts.targets]),
        "op_type": Fact(Kind.LIST, lambda facts: [one.op_type for one in facts.targets]),
        "op_family": Fact(Kind.LIST, lambda facts: [one.op_family for one in facts.targets]),
        "parameter_kind": Fact(
            Kind.LIST, lambda facts: sorted({kind for one in facts.targets for kind in one.parameter_kinds})
        ),
        "script.capabilities": Fact(Kind.LIST, _of_script(lambda script: sorted(script.capabilities))),
        "script.imports": Fact(Kind.LIST, _of_script(lambda script: list(script.imports))),
        "script.lines": Fact(Kind.NUMBER, _of_script(lambda script: script.lines)),
    }
)
"""The facts that a condition may name. Only ``args`` has something inside."""


class FactPathError(ValueError):
    """A path that names no fact.

    Attributes:
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class FactPath:
    """Where a value is found.

    Attributes:
        text: the path as it was written.
        fact: a name in `FACTS`.
        steps: what leads on from there: a key, an index, or entries of a list.
    """

    text: str
    fact: str
    steps: tuple[Step, ...]

    def start(self, facts: Facts) -> Json | Missing:
        """The value of the fact itself."""
        return FACTS[self.fact].find(facts)


def dotted_path(text: str) -> FactPath:
    """Read a path as Intercept does: ``args.a.b`` goes down through objects, and nothing in a key is special.

    Raises:
        FactPathError: with what was found and what to write instead.
    """
    _bounded(text)
    fact, *keys = text.split(".")
    if fact != "args" or not keys or "" in keys or len(keys) > _MAX_KEYS:
        raise FactPathError(f"{quoted(text)} names no argument", "write args. and the argument's name")
    return FactPath(text, fact, tuple(keys))


@functools.lru_cache(maxsize=256)
def fact_path(text: str) -> FactPath:
    """Read a path of PolicyGuard's own.

    Raises:
        FactPathError: with what was found and what to write instead.
    """
    _bounded(text)
    fact = re.split(r"[.\[]", text, maxsplit=1)[0]
    if fact == "script":
        fact = re.split(r"\[", text, maxsplit=1)[0]
    if fact not in FACTS:
        raise FactPathError(f"{quoted(text)} names no fact", suggestion(fact, FACTS))
    steps: list[Step] = []
    at = len(fact)
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            remedy = 'write .name, ["name"], [0], [*] for some entry or [all] for every entry'
            raise FactPathError(f"{quoted(text[at:])} leads nowhere in {quoted(text)}", remedy)
        name, index, entries, key = step.groups()
        steps.append(name or key or (int(index) if index is not None else Entries(entries)))
        at = step.end()
    _sensible(text, fact, steps)
    return FactPath(text, fact, tuple(steps))


def _sensible(text: str, fact: str, steps: list[Step]) -> None:
    if fact == "args":
        if not steps or not isinstance(steps[0], str):
            raise FactPathError(f"{quoted(text)} names no argument", "write args. and the argument's name")
        if len(steps) > _MAX_KEYS:
            raise FactPathError(f"{quoted(text)} has {len(steps)} steps", f"keep it to {_MAX_KEYS}")
    elif len(steps) > (FACTS[fact].kind is Kind.LIST) or any(isinstance(step, str) for step in steps):
        raise FactPathError(f"there is nothing inside {fact}", f"write {fact}")


def _bounded(text: str) -> None:
    if len(text) > MAX_PATH:
        raise FactPathError(f"a path has {len(text):,} characters", f"keep it to {MAX_PATH}")
