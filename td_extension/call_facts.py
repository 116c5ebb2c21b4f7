"""What a policy's conditions may ask about one call, looked up where they ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .case import Case
from .policy.facts import Facts, ScriptFacts, TargetFacts
from .policy.operator_path import normal_path
from .policy.tools import TOOLS
from .script.catalog import Catalog
from .script.report import ScriptReport
from .script.surroundings import Surroundings
from .show import Show
from .values import Capability, Json, ToolCall

_KINDS = {
    Capability.TD_WRITE: "value",
    Capability.TD_CODE: "code",
    Capability.FILE_READ: "file",
    Capability.FILE_WRITE: "file",
    Capability.NET: "net",
}
"""What a parameter holds, by the capability that setting it needs; every other does something: ``action``."""
_SETTING = {"update_td_node_parameters": "properties", "create_td_node": "parameters"}


OF_NO_CALL = frozenset({"tool", "risk", "caller", "grant", "perform_mode", "frame_rate", "hour"})
"""The facts that are known before a call says more than its tool."""


def facts_of_tool(case: Case, tool: str, show: Show) -> Facts:
    """The facts of `OF_NO_CALL`.

    Args:
        case: who speaks.
        tool: the tool that is asked about.
        show: the show at this moment.
    """
    return Facts(**_known_before(case, tool, show))


def _known_before(case: Case, tool: str, show: Show) -> dict[str, Any]:
    caller, risk = case.caller, TOOLS.get(tool)
    return {
        "tool": tool,
        "risk": risk.value if risk is not None else "",
        "caller": caller.peer if caller is not None else "",
        "grant": caller.grant if caller is not None else "",
        "perform_mode": show.perform_mode,
        "frame_rate": show.frame_rate,
        "hour": show.hour,
    }


def facts_of(
    case: Case,
    call: ToolCall,
    show: Show,
    *,
    catalog: Catalog,
    bridge: Surroundings,
    me: Any,
    judge: Callable[[ToolCall], ScriptReport],
) -> Facts:
    """The facts of a call.

    Args:
        case: who speaks.
        call: what is asked.
        show: the show at this moment.
        catalog: what needs which capability.
        bridge: looks operators up.
        me: the guarded server's callbacks DAT, from which paths are seen.
        judge: judges the call's script.
    """
    def operators() -> dict[str, Any]:
        return {path: bridge.operator_at(me, path) for path in call.targets}

    def arguments() -> dict[str, Json]:
        # A condition sees what would be acted on, and no other spelling of it.
        named = {
            path: one.path if one is not None else normal_path(path) or path for path, one in operators().items()
        }
        return {name: named.get(value, value) if isinstance(value, str) else value for name, value in call.args.items()}

    def script() -> ScriptFacts | None:
        return None if call.code is None else script_facts(judge(call))

    def targets() -> tuple[TargetFacts, ...]:
        return tuple([_target_facts(call, one, catalog) for one in operators().values() if one is not None])

    return Facts(
        **_known_before(case, call.tool, show),
        find_args=arguments,
        find_script=script,
        find_targets=targets,
    )


def script_facts(report: ScriptReport) -> ScriptFacts:
    """What a condition may ask about a script."""
    return ScriptFacts(frozenset(one.value for one in report.possible()), report.imports, report.lines)


def _target_facts(call: ToolCall, operator: Any, catalog: Catalog) -> TargetFacts:
    names = call.args.get(_SETTING.get(call.tool, ""), {})
    # What is created is of the type that the call names; what it lies in says nothing about its parameters.
    kind = str(call.args["nodeType"]) if call.tool == "create_td_node" else operator.OPType
    kinds = {_KINDS.get(catalog.parameter_rule(name, kind).needs, "action") for name in names}
    return TargetFacts(operator.path, operator.OPType, operator.family, frozenset(kinds))
