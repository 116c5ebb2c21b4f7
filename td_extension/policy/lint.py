"""What can be wrong with a policy as a whole, whichever way it was spelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from . import rule_lint
from .findings import Findings
from .model import Action, Limit, Rules, Scope, ToolRule
from .script_rule import UNBOUNDED
from .tools import CLIENT_TOOL, HANDSHAKE_TOOL, PROFILED_TOOLS, TOOLS
from .wording import quoted, suggestion

_MAX_UNKNOWN = 10
"""Unknown tools that are named one by one: a policy for another server has many, and each costs a suggestion."""


def check(rules: Rules, hide: Mapping[str, str], place_of: Callable[[str], str], findings: Findings) -> None:
    """Find conflicting counters (errors), and rules that do nothing or may be misspelled (warnings).

    Args:
        rules: what the policy states.
        hide: the hidden names, each with the JSON pointer of its entry.
        place_of: turns a JSON pointer into a place that a person can find.
        findings: where problems go.
    """

    def place_of_warning(pointer: str) -> str:
        # Finding a place may cost a pass over the text, so it is not done for warnings that are only counted.
        return "" if findings.sated else place_of(pointer)

    check_counters(rules, place_of, findings)
    rule_lint.check(rules, lambda found, at, remedy: findings.warning(found, place_of_warning(at), remedy))
    names = {name: own[0].pointer for name, own in rules.tools.items() if own}
    _unknown_tools({**names, **hide}, place_of_warning, findings)
    for name, own in rules.tools.items():
        _without_effect(name, own, hide, place_of_warning, findings)
        for rule in own:
            _script(name, rule, place_of_warning, findings)
    if "*" in hide and len(hide) > 1:
        found = "every tool is hidden, so the other names say nothing"
        findings.warning(found, place_of(hide["*"]), "keep one of the two")
    if HANDSHAKE_TOOL in hide:
        _handshake(place_of(hide[HANDSHAKE_TOOL]), findings)
    if CLIENT_TOOL in hide:
        _client_tool(place_of(hide[CLIENT_TOOL]), findings)


def check_counters(rules: Rules, place_of: Callable[[str], str], findings: Findings) -> None:
    """Find the limits that cannot count as they say: of one counter, with different bounds, or twice at one tool."""
    seen: dict[tuple[str, Scope, float], Limit] = {}
    groups: list[Iterable[Limit]] = [rules.all_tools]
    groups += [[limit for rule in own for limit in rule.limits] for own in (rules.every_tool, *rules.tools.values())]
    for limits in groups:
        own: dict[tuple[str, Scope, float] | str, Limit] = {}
        for limit in limits:
            key = (limit.counter, limit.scope, limit.window_s)
            # Intercept's counters have one window each (policy_engines.md section 1.1).
            name = limit.counter if limit.pointer.endswith("/state") else key
            other = own.get(name) or seen.setdefault(key, limit)
            differs = other is not limit and (other.max != limit.max or other.cost != limit.cost)
            if name in own or differs:
                findings.error(
                    f"counter {quoted(limit.counter)} counts for {quoted(other.pointer)} already",
                    "" if findings.full else place_of(limit.pointer),
                    "give it another name, or let both have the same max and stand at different tools",
                )
            own[name] = limit


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
    name: str,
    rules: tuple[ToolRule, ...],
    hide: Mapping[str, str],
    place_of: Callable[[str], str],
    findings: Findings,
) -> None:
    first = rules[0]
    restricts = any(rule.action is not Action.ALLOW or rule.limits or rule.asks for rule in rules)
    if name == HANDSHAKE_TOOL and restricts:
        _handshake(place_of(first.pointer), findings)
    if name == CLIENT_TOOL and restricts:
        _client_tool(place_of(first.pointer), findings)
    if name in hide or "*" in hide:
        findings.warning(
            f"the rule of {name} has no effect, for the tool is hidden", place_of(first.pointer), "keep one of the two"
        )
        return
    denied = next((rule for rule in rules if rule.action is Action.DENY and rule.when is None), None)
    if denied is not None and (denied.limits or denied.script):
        findings.warning(
            f"{name} is denied, so its limit and script have no effect",
            place_of(denied.pointer),
            "nothing needs to be done; they count again once it is allowed",
        )
    for other in rules if denied is not None else ():
        if other is not denied:
            findings.warning(
                f"{name} is denied whatever this rule says", place_of(other.pointer), "remove one of the two rules"
            )
    if all(rule.when is not None and rule.action is not Action.ALLOW for rule in rules):
        findings.warning(
            f"nothing is said of {name} where this rule's condition does not hold, so the default decides there",
            place_of(first.pointer),
            f"add a rule that allows {name} if that is meant",
        )


def _script(name: str, rule: ToolRule, place_of: Callable[[str], str], findings: Findings) -> None:
    if rule.script is None:
        return
    if name in TOOLS and name not in PROFILED_TOOLS:
        findings.warning(
            f"{name} is not held to a profile, so it has no effect",
            place_of(rule.script.pointer),
            f"state it at one of {', '.join(PROFILED_TOOLS)}",
        )
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
