"""One rule of a document, in every spelling: PolicyLayer's two, Intercept's, and PolicyGuard's own keys beside them.

    {"require": [{"conditions": […], "on_deny": "…"}], "deny_if": […], "limits": […]}     hosted policy.json
    {"rules": [{"name": "…", "conditions": […], "on_deny": "…"}, {"rate_limit": "10/hour"}]}     Intercept
    {"action": "allow", "rate_limit": {"max": 10, "window": 60}, "validate": {"required_args": true}}   tool pages
    {"action": "deny", "when": {"perform_mode": true}, "nodes": {…}, "args": {…}, "script": {…}}        our own

All of them may stand directly at a tool or in its list ``rules``. Facts about the others: policy_engines.md sections
1.1, 1.4 and 1.5.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .condition import Condition
from .condition_document import read_conditions, read_when
from .json_text import Node
from .limits_document import counter_conditions, read_limits, read_rate_limit, read_state
from .model import MAX_REASON, Action, Clause, ToolRule
from .nodes_document import read_nodes
from .pointer import pointer_to
from .reading import Reading
from .script_document import read_script

if TYPE_CHECKING:
    from .argument_schema import ArgumentRule

_EVALUATE = "evaluate"
"""Intercept's word for a rule that lets pass what fulfils its conditions."""
_KEYS = (
    *("name", "action", "reason", "on_deny", "when", "conditions", "require", "deny_if", "limits", "rate_limit"),
    *("state", "script", "nodes", "args", "validate"),
)
_NAMING = frozenset({"name", "on_deny"})
"""Intercept's keys that a rule of its cannot do with alone."""
_EXAMPLE = '{"action": "allow"}'
_CLAUSE_EXAMPLE = '{"conditions": [{"path": "args.nodePath", "op": "exists", "value": true}], "on_deny": "…"}'
_MAX_RULES = 100
_MAX_CLAUSES = 100


def read_rules(reading: Reading, tool: str, node: Node, pointer: str) -> tuple[ToolRule, ...]:
    """The rules of one tool; at least one, for a tool that is listed is allowed unless it says otherwise.

    Args:
        reading: the document.
        tool: the tool's name; ``*`` for what holds for every tool.
        node: what stands at the tool.
        pointer: its JSON pointer, whose place is known to `reading`.
    """
    if not isinstance(node.value, dict) or "rules" not in node.value:
        return (_rule(reading, tool, node, pointer, _KEYS),)
    listed = node.value["rules"].node
    found: list[ToolRule] = []
    if set(node.value) - {"rules"}:
        found.append(_rule(reading, tool, node, pointer, (*_KEYS, "rules")))
    if not isinstance(listed.value, tuple):
        reading.expected(listed, "a list for rules", f"[{_EXAMPLE}]")
    elif reading.few(listed, "rules", _MAX_RULES):
        found += [
            _listed(reading, tool, one, pointer + pointer_to("rules", index)) for index, one in enumerate(listed.value)
        ]
    approving = found and all(rule.action is Action.REQUIRE_APPROVAL and rule.when for rule in found)
    # Intercept's approval under a condition leaves the other calls allowed (policy_engines.md section 1.4).
    if not found or (approving and all("conditions" in _keys(one) for one in _entries(listed))):
        found.append(ToolRule(Action.ALLOW, "", (), None, pointer))
    return tuple(found)


def read_every_tool(reading: Reading, node: Node | None, pointer: str) -> tuple[ToolRule, ...]:
    """What ``all_tools`` says beside its limits: rules that hold for every tool. Arguments as of `read_rules`."""
    if node is None or not isinstance(node.value, dict):
        return ()
    members = {key: member for key, member in node.value.items() if key != "limits"}
    if not members:
        return ()
    return read_rules(reading, "*", replace(node, value=members), pointer)


def _entries(listed: Node) -> tuple[Node, ...]:
    return listed.value if isinstance(listed.value, tuple) else ()


def _keys(node: Node) -> set[str]:
    return set(node.value) if isinstance(node.value, dict) else set()


def _listed(reading: Reading, tool: str, node: Node, pointer: str) -> ToolRule:
    """One entry of ``rules``. One that has lost its conditions would let every call pass, so it is refused."""
    reading.remember(pointer, node.at)
    if _keys(node) and _keys(node) <= _NAMING:
        found = "the rule says neither what is done nor what is asked"
        reading.error(node.at, found, f"write {_EXAMPLE}, or conditions")
    return _rule(reading, tool, node, pointer, _KEYS)


def _rule(reading: Reading, tool: str, node: Node, pointer: str, known: tuple[str, ...]) -> ToolRule:
    members = reading.members(node, known, f"the rule of {tool}", _EXAMPLE)
    word = reading.choice(members.get("action"), "action", [*(one.value for one in Action), _EVALUATE])
    action = Action.ALLOW if word in (None, _EVALUATE) else Action(word)
    on_deny = reading.text(members.get("on_deny"), "on_deny", MAX_REASON)
    reason = reading.text(members.get("reason"), "reason", MAX_REASON)
    if on_deny and reason:
        reading.error(members["on_deny"].at, "there is a reason beside on_deny", "keep one of the two")
    when = read_when(reading, members.get("when"), pointer + "/when")
    limits, floors = read_limits(reading, members.get("limits"), pointer + "/limits")
    rate = read_rate_limit(reading, members.get("rate_limit"), tool, pointer + "/rate_limit", on_deny)
    _alone(reading, word, members)
    require = _clauses(reading, members.get("require"), pointer + "/require")
    counters = counter_conditions(members.get("conditions")) if "state" in members else {}
    condition = _conditions(reading, members.get("conditions"), pointer, frozenset(counters))
    if condition is not None and action is Action.REQUIRE_APPROVAL:
        when = condition  # they say which calls a person approves
    elif condition is not None:
        require = (*require, Clause(condition, on_deny, condition.pointer))
    if "state" in members:
        counted = read_state(reading, members["state"], counters, tool, pointer + "/state", on_deny)
        limits += [counted] if counted is not None else []
    return ToolRule(
        action=action,
        reason=reason or ("" if condition is not None else on_deny),
        limits=(*limits, *((rate,) if rate is not None else ())),
        script=read_script(reading, members.get("script"), pointer + "/script"),
        pointer=pointer,
        name=reading.text(members.get("name"), "name", MAX_REASON),
        when=when,
        require=require,
        deny_if=_clauses(reading, members.get("deny_if"), pointer + "/deny_if"),
        floors=tuple(floors),
        nodes=read_nodes(reading, members.get("nodes"), pointer + "/nodes"),
        args=_args(reading, members.get("args"), pointer + "/args"),
        required_args=_validate(reading, members.get("validate"), pointer + "/validate"),
    )


def _alone(reading: Reading, word: str | None, members: dict[str, Node]) -> None:
    """What Intercept refuses to stand together (policy_engines.md section 1.1)."""
    rate = members.get("rate_limit")
    for key in ("conditions", "state") if rate is not None else ():
        if rate is not None and key in members:
            reading.error(rate.at, f"there is a rate_limit beside {key}", "write it as a rule of its own in rules")
    for key in ("conditions", "rate_limit") if word == Action.DENY.value else ():
        if key in members:
            remedy = "keep one of the two, or deny under a condition with when or deny_if"
            reading.error(members[key].at, f"a rule that denies takes no {key}", remedy)
    if word == Action.REQUIRE_APPROVAL.value and "when" in members and "conditions" in members:
        reading.error(
            members["conditions"].at, "there is a when beside the conditions of an approval", "keep one of them"
        )
    if word == _EVALUATE and rate is None and "conditions" not in members:
        reading.error(members["action"].at, "there are no conditions to evaluate", "write conditions, or action: allow")


def _conditions(reading: Reading, node: Node | None, pointer: str, passed_over: frozenset[int]) -> Condition | None:
    """The conditions of a rule but for those on its own counter, which are a limit."""
    if node is not None and passed_over and len(passed_over) == len(_entries(node)):
        return None
    return read_conditions(reading, node, pointer + "/conditions", passed_over)


def _clauses(reading: Reading, node: Node | None, pointer: str) -> tuple[Clause, ...]:
    if node is None:
        return ()
    reading.remember(pointer, node.at)
    if not isinstance(node.value, tuple):
        reading.expected(node, "a list of clauses", f"[{_CLAUSE_EXAMPLE}]")
        return ()
    if not reading.few(node, "clauses", _MAX_CLAUSES):
        return ()
    found = [_clause(reading, one, pointer + pointer_to(index)) for index, one in enumerate(node.value)]
    return tuple(clause for clause in found if clause is not None)


def _clause(reading: Reading, node: Node, pointer: str) -> Clause | None:
    reading.remember(pointer, node.at)
    members = reading.members(node, ("conditions", "on_deny"), "a clause", _CLAUSE_EXAMPLE)
    on_deny = reading.text(members.get("on_deny"), "on_deny", MAX_REASON)
    if isinstance(node.value, dict) and "conditions" not in members:
        reading.error(node.at, "the clause has no conditions", f"write {_CLAUSE_EXAMPLE}")
    condition = read_conditions(reading, members.get("conditions"), pointer + "/conditions", frozenset())
    return Clause(condition, on_deny, pointer) if condition is not None else None


def _args(reading: Reading, node: Node | None, pointer: str) -> ArgumentRule | None:
    if node is None:
        return None
    from .argument_document import read_schema  # few policies state one, and each module costs time at start

    return read_schema(reading, node, pointer)


def _validate(reading: Reading, node: Node | None, pointer: str) -> bool:
    if node is None:
        return False
    reading.remember(pointer, node.at)
    wanted = reading.members(node, ("required_args",), "validate", '{"required_args": true}').get("required_args")
    if wanted is not None and not isinstance(wanted.value, bool):
        reading.expected(wanted, "true or false for required_args", "true")
    return wanted is not None and wanted.value is True
