"""What a policy is, whichever way it was spelled. Frozen values.

A tool may have several rules. A rule with a condition of its own (`ToolRule.when`) applies where that holds, one
without always. Every rule that applies must let the call pass; so their order means nothing.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..values import Json
from .amounts import CALLS, Cost, FrameRateFloor
from .condition import Condition
from .nodes import NodeScope
from .problems import Problem
from .script_rule import ScriptGrants

if TYPE_CHECKING:  # few policies state one, and each module costs time at start
    from .argument_schema import ArgumentRule

MAX_LIMIT = 10_000
"""The largest `max` of a limit on calls: its sliding log keeps one instant a call (DESIGN section 4)."""

MIN_WINDOW_S = 0.001
MAX_WINDOW_S = 366 * 86_400.0
MAX_LIMITS = 16
"""The most limits that one rule, or all tools together, may have: each is looked at in every call."""

MAX_TOOLS = 1_000
MAX_REASON = 500


class Action(enum.Enum):
    """What a rule does with a call of its tool."""

    ALLOW = "allow"
    DENY = "deny"
    REQUIRE_APPROVAL = "require_approval"


class Scope(enum.Enum):
    """Whose calls a limit counts together."""

    GRANT = "grant"
    TOOL = "tool"
    GLOBAL = "global"

    __hash__ = object.__hash__  # an enum hashes its name in Python


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max` in any `window_s` seconds.

    Attributes:
        counter: name of the counter; limits of the same counter, scope and window count together.
        max: calls, 1 to `MAX_LIMIT`; or so much of what `cost` says.
        window_s: length of the sliding window in seconds.
        scope: whose calls are counted together.
        pointer: JSON pointer of the limit, e.g. ``/tools/execute_python_script/limits/0``.
        cost: what one call counts.
        on_deny: what an agent is told where it is used up; may be empty.
    """

    counter: str
    max: int
    window_s: float
    scope: Scope
    pointer: str
    cost: Cost = CALLS
    on_deny: str = ""


@dataclass(frozen=True, slots=True)
class ScriptRule:
    """What the scripts of a tool may do.

    Attributes:
        grants: the profile and its changes.
        pointer: JSON pointer of the place where they are stated, or would be where the policy states none.
    """

    grants: ScriptGrants
    pointer: str

    @property
    def profile(self) -> str:
        """The name of the profile."""
        return self.grants.profile


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition that a rule asks of a call.

    Attributes:
        condition: what is asked.
        on_deny: what an agent is told where the call is refused for it; may be empty.
        pointer: JSON pointer of the clause, e.g. ``/tools/create_td_node/require/0``.
    """

    condition: Condition
    on_deny: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ToolRule:
    """One rule for one tool, or for all tools.

    Attributes:
        action: what is done with the calls that it applies to.
        reason: why, as a person wrote it; may be empty.
        limits: how often, or how much.
        script: what scripts may do; None where the rule does not say.
        pointer: JSON pointer of the rule, e.g. ``/tools/delete_td_node``.
        name: what a person calls it; may be empty.
        when: where it applies; None for always.
        require: what must hold, else the call is refused.
        deny_if: what must not hold.
        floors: how many frames TouchDesigner must draw.
        nodes: the operators on which the tool may act; None where the rule does not say.
        args: what the arguments must be; None where the rule does not say.
        required_args: whether every argument must be there that the tool's own schema requires.
    """

    action: Action
    reason: str
    limits: tuple[Limit, ...]
    script: ScriptRule | None
    pointer: str
    name: str = ""
    when: Condition | None = None
    require: tuple[Clause, ...] = ()
    deny_if: tuple[Clause, ...] = ()
    floors: tuple[FrameRateFloor, ...] = ()
    nodes: NodeScope | None = None
    args: ArgumentRule | None = None
    required_args: bool = False

    @property
    def asks(self) -> bool:
        """Whether anything must be known of a call before the rule can be decided."""
        return bool(self.when or self.require or self.deny_if or self.args or self.required_args)

    def facts(self) -> frozenset[str]:
        """The names of the facts that the rule's conditions look at; those of a schema are the arguments."""
        conditions = [clause.condition for clause in (*self.require, *self.deny_if)]
        conditions += [self.when] if self.when is not None else []
        of_schema = frozenset({"args"} if self.args is not None or self.required_args else ())
        return of_schema.union(*(condition.facts() for condition in conditions))

    def reads_script(self) -> bool:
        """Whether a condition of the rule looks at what the call's script does."""
        return any(fact.startswith("script.") for fact in self.facts())


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that loaded without an error. Built by `make_policy`.

    Attributes:
        default: what is done with a tool that is not listed.
        default_reason: why, as a person wrote it; may be empty.
        tools: the rules of each tool by its exact name; at least one.
        all_tools: the limits that count the calls of all tools together.
        every_tool: the rules that hold for every tool that is listed or allowed by default, beside its own.
        hide: names of tools that are refused as if they did not exist; ``*`` stands for all.
        origin: where it came from, for people, e.g. ``policy.json``.
        digest: SHA-256 in lower-case hex over the content; the same for the same rules whatever their order.
        overlays: what holds in its place for the grants that name an overlay, by the overlay's name.
        grants_required: whether a caller must show a key.
        description: what it is for, as a person wrote it; may be empty.
    """

    default: Action
    default_reason: str
    tools: Mapping[str, tuple[ToolRule, ...]]
    all_tools: tuple[Limit, ...]
    every_tool: tuple[ToolRule, ...]
    hide: frozenset[str]
    origin: str
    digest: str
    overlays: Mapping[str, Policy]
    grants_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a policy, or an overlay of one, states; `make_policy` makes a `Policy` of it.

    Attributes:
        default, default_reason, tools, all_tools, every_tool, hide: as of `Policy`.
    """

    default: Action = Action.DENY
    default_reason: str = ""
    tools: Mapping[str, tuple[ToolRule, ...]] = field(default_factory=dict)
    all_tools: tuple[Limit, ...] = ()
    every_tool: tuple[ToolRule, ...] = ()
    hide: frozenset[str] = frozenset()

    def every_rule(self) -> Iterable[ToolRule]:
        """All rules, of whatever tool."""
        yield from self.every_tool
        for rules in self.tools.values():
            yield from rules


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy, and the warnings that were found beside it."""

    policy: Policy
    warnings: tuple[Problem, ...]


def make_policy(
    rules: Rules,
    origin: str,
    *,
    overlays: Mapping[str, Rules] = MappingProxyType({}),
    grants_required: bool = False,
    description: str = "",
) -> Policy:
    """Build a policy and compute its digest. Places, names, texts for people and the origin do not enter the digest,
    but for what an agent is told; every rule does.

    Args:
        rules: what it states.
        origin: where it came from, for people.
        overlays: for each overlay all that holds with it (`with_overlay`).
        grants_required: whether a caller must show a key.
        description: what it is for.
    """
    made = {name: _policy(with_it, origin, {}, grants_required, description) for name, with_it in overlays.items()}
    return _policy(rules, origin, made, grants_required, description)


def with_overlay(rules: Rules, overlay: Rules) -> Rules:
    """What holds for a grant with an overlay: the tools that it lists have its rules in place of the document's; what
    it says of all tools, and what it hides, comes on top."""
    return Rules(
        rules.default,
        rules.default_reason,
        {**rules.tools, **overlay.tools},
        rules.all_tools + overlay.all_tools,
        rules.every_tool + overlay.every_tool,
        rules.hide | overlay.hide,
    )


def _policy(
    rules: Rules, origin: str, overlays: Mapping[str, Policy], grants_required: bool, description: str
) -> Policy:
    content = {
        "default": rules.default.value,
        "default_reason": rules.default_reason,
        "tools": {name: _rules_content(own) for name, own in rules.tools.items()},
        "all_tools": _limits_content(rules.all_tools),
        "every_tool": _rules_content(rules.every_tool),
        "hide": sorted(rules.hide),
        "overlays": {name: overlay.digest for name, overlay in overlays.items()},
        "grants_required": grants_required,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    digest = hashlib.sha256(canonical.encode("ascii")).hexdigest()
    return Policy(
        rules.default,
        rules.default_reason,
        MappingProxyType({name: _late_scripts(own) for name, own in rules.tools.items()}),
        rules.all_tools,
        _late_scripts(rules.every_tool),
        rules.hide,
        origin,
        digest,
        MappingProxyType(dict(overlays)),
        grants_required,
        description,
    )


def _late_scripts(rules: tuple[ToolRule, ...]) -> tuple[ToolRule, ...]:
    """The rules in an order in which those that need a script's judgement are asked last."""
    return tuple(sorted(rules, key=ToolRule.reads_script)) if len(rules) > 1 else rules


def _rules_content(rules: Iterable[ToolRule]) -> list[str]:
    # All that a rule's content holds is in one spelling and one order, so that its text is the same.
    return sorted(ascii(_rule_content(rule)) for rule in rules)


def _rule_content(rule: ToolRule) -> dict[str, Json]:
    return {
        "action": rule.action.value,
        "reason": rule.reason,
        "limits": _limits_content(rule.limits),
        "script": rule.script.grants.content() if rule.script else None,
        "when": rule.when.content() if rule.when else None,
        "require": _clauses_content(rule.require),
        "deny_if": _clauses_content(rule.deny_if),
        "floors": sorted(floor.minimum for floor in rule.floors),
        "nodes": rule.nodes.content() if rule.nodes else None,
        "args": rule.args.text if rule.args else None,
        "required_args": rule.required_args,
    }


def _limits_content(limits: Iterable[Limit]) -> list[Json]:
    return sorted(
        [limit.counter, limit.max, float(limit.window_s), limit.scope.value, limit.cost.text, limit.on_deny]
        for limit in limits
    )


def _clauses_content(clauses: Iterable[Clause]) -> list[Json]:
    return sorted(([clause.condition.content(), clause.on_deny] for clause in clauses), key=repr)
