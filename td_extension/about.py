"""What an agent may know before it is refused: ``get_td_module_help`` with ``moduleName: policyguard``.

The guard answers it itself, also where the policy denies that tool: what each tool may do here, what is left of its
limits, and how to ask a person for more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .policy.decide import Decision
from .policy.model import Limit
from .values import Code, Mode, Outcome, ToolCall

NAME = "policyguard"

_MODES = {
    Mode.ENFORCE: "enforce: what the policy does not allow is refused",
    Mode.MONITOR: "monitor: what the policy would refuse runs, and is recorded",
    Mode.LOCKDOWN: "lockdown: every call but get_td_info is refused",
}
_ASKING = """
A refusal names the line, the use, the capability it needs and the rule that decided; nothing of a refused call has
run. RATE_LIMITED says when to repeat it. APPROVAL_REQUIRED has an id: ask the operator to approve that id in
TouchDesigner, then repeat the very same call, once. What is denied here only the operator can change, in the policy
of the PolicyGuard component: say which tool and which capability you need, and what for.
A script is judged before it runs: give names, members, paths and modules as they are, not put together at run time.
"""


def is_asked(call: ToolCall) -> bool:
    """Whether a call asks for this."""
    return call.tool == "get_td_module_help" and str(call.args.get("moduleName")).strip().lower() == NAME


def answer(
    *,
    mode: Mode,
    grant: str,
    tools: Iterable[str],
    decision_of: Callable[[str], Decision] | None,
    left_of: Callable[[str, Sequence[Limit]], Sequence[int]],
) -> str:
    """The answer, as text.

    Args:
        mode: how far the guard goes.
        grant: of the caller.
        tools: the dialect's tools, in the order in which they are told.
        decision_of: what the policy says about a tool, by its name; None where no policy has loaded.
        left_of: how many calls of a tool each of its limits leaves.
    """
    lines = [f"PolicyGuard guards this TouchDesigner project. Mode {_MODES[mode]}. Your grant: {grant}.", ""]
    if decision_of is None:
        lines.append("No policy has loaded, so every call but get_td_info is refused: tell the operator.")
    else:
        lines += [line for tool in tools if (line := _line(tool, decision_of(tool), left_of))]
    return "\n".join(lines) + "\n" + _ASKING


def _line(tool: str, decision: Decision, left_of: Callable[[str, Sequence[Limit]], Sequence[int]]) -> str:
    if decision.code is Code.TOOL_HIDDEN:
        return ""
    if decision.outcome is Outcome.DENY:
        return f"- {tool}: denied: {decision.reason}"
    told = ["a person approves every call" if decision.outcome is Outcome.PENDING else "allowed"]
    for limit, left in zip(decision.limits, left_of(tool, decision.limits), strict=True):
        what = f" {limit.cost.text}" if limit.cost.text else ""
        told.append(f"{left} of {limit.max:g}{what} left in {limit.window_s:g} s")
    if tool in _JUDGED:
        grants = decision.script.grants
        told.append(f"may use {grants.text} ({', '.join(sorted(one.value for one in grants.granted))})")
        if grants.ask:
            told.append(f"a person is asked for {', '.join(sorted(one.value for one in grants.ask))}")
    told += [f"only on operators in {scope.text}" for scope in decision.nodes if scope.pointer]
    if not decision.is_final:
        told.append("the policy also looks at what each call says, or at the show")
    return f"- {tool}: {'; '.join(told)}"


_JUDGED = frozenset({"execute_python_script", "exec_node_method", "update_td_node_parameters", "create_td_node"})
"""The tools whose calls are held to capabilities."""
