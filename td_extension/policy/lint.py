"""What can be wrong with a policy as a whole, whichever way it was spelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .findings import Findings
from .model import CLIENT_TOOL, HANDSHAKE_TOOL, PROFILED_TOOLS, TOOLS, Action, Limit, Scope, ToolRule
from .script_rule import UNBOUNDED
from .wording import quoted, suggestion

_MAX_UNKNOWN = 10
"""Unknown tools that are named one by one: a policy for another server has many, and each costs a suggestion."""


def check(
    tools: Mapping[str, ToolRule],
    all_tools: tuple[Limit, ...],
    hide: Mapping[str, str],
    place_of: Callable[[str], str],
    findings: Findings,
) -> None:
    """Find conflicting counters (errors), and rules that do nothing or may be misspelled (warnings).

    Args:
        tools: the rules by the name of their tool.
        all_tools: the limits of all tools together.
        hide: the hidden names, each with the JSON pointer of its entry.
        place_of: turns a JSON pointer into a place that a person can find.
        findings: where problems go.
    """
    _counters(tools, all_tools, place_of, findings)
    _unknown_tools({**{name: rule.pointer for name, rule in tools.items()}, **hide}, place_of, findings)
    for name, rule in tools.items():
        _without_effect(name, rule, hide, place_of, findings)
    if HANDSHAKE_TOOL in hide:
        _handshake(place_of(hide[HANDSHAKE_TOOL]), findings)
    if CLIENT_TOOL in hide:
        _client_tool(place_of(hide[CLIENT_TOOL]), findings)


def _counters(
    tools: Mapping[str, ToolRule], all_tools: tuple[Limit, ...], place_of: Callable[[str], str], findings: Findings
) -> None:
    seen: dict[tuple[str, Scope, float], Limit] = {}
    for limits in (all_tools, *(rule.limits for rule in tools.values())):
        own: set[tuple[str, Scope, float]] = set()
        for limit in limits:
            key = (limit.counter, limit.scope, limit.window_s)
            other = seen.setdefault(key, limit)
            if key in own or other.max != limit.max:
                findings.error(
                    f"counter {quoted(limit.counter)} counts for {quoted(other.pointer)} already",
                    place_of(limit.pointer),
                    "give it another name, or let both have the same max and stand at different tools",
                )
            own.add(key)


def _unknown_tools(names: Mapping[str, str], place_of: Callable[[str], str], findings: Findings) -> None:
    unknown = [name for name in names if name not in TOOLS and name != "*"]
    for name in unknown[:_MAX_UNKNOWN]:
        findings.warning(
            f"{quoted(name)} is no tool of touchdesigner-mcp", place_of(names[name]), suggestion(name, TOOLS)
        )
    if len(unknown) > _MAX_UNKNOWN:
        findings.warning(
            f"{len(unknown) - _MAX_UNKNOWN} more tools are not of touchdesigner-mcp",
            place_of(names[unknown[_MAX_UNKNOWN]]),
            "check their spelling if this policy is meant for it",
        )


def _without_effect(
    name: str, rule: ToolRule, hide: Mapping[str, str], place_of: Callable[[str], str], findings: Findings
) -> None:
    restricts = rule.action is not Action.ALLOW or bool(rule.limits)
    if name == HANDSHAKE_TOOL and restricts:
        _handshake(place_of(rule.pointer), findings)
    if name == CLIENT_TOOL and restricts:
        _client_tool(place_of(rule.pointer), findings)
    if name in hide or "*" in hide:
        findings.warning(
            f"the rule of {name} has no effect, for the tool is hidden", place_of(rule.pointer), "keep one of the two"
        )
    elif rule.action is Action.DENY and (rule.limits or rule.script):
        findings.warning(
            f"{name} is denied, so its limit and script have no effect",
            place_of(rule.pointer),
            "nothing needs to be done; they count again once it is allowed",
        )
    if rule.script is not None and name in TOOLS and name not in PROFILED_TOOLS:
        findings.warning(
            f"{name} is not held to a profile, so it has no effect",
            place_of(rule.script.pointer),
            f"state it at one of {', '.join(PROFILED_TOOLS)}",
        )
    if rule.script is not None:
        grants = rule.script.grants
        for word in sorted(one.value for one in UNBOUNDED & (grants.granted | grants.ask)):
            findings.warning(
                f"with {word} a script of {name} can leave everything that PolicyGuard watches",
                place_of(rule.script.pointer),
                "take it away again unless you read every such script yourself",
            )


def _handshake(place: str, findings: Findings) -> None:
    findings.warning(
        f"{HANDSHAKE_TOOL} is answered whatever the policy says",
        place,
        "remove the rule or allow it; touchdesigner-mcp asks it before every session",
    )


def _client_tool(place: str, findings: Findings) -> None:
    findings.warning(
        f"{CLIENT_TOOL} is answered by the client and never reaches TouchDesigner",
        place,
        "remove the rule or allow it",
    )
