"""A policy as the rows of a table, or what of it a table cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from td_extension.policy.limit_cell import counter_of
from td_extension.policy.model import Action, Limit, Policy, Rules, Scope, ToolRule
from td_extension.policy.pointer import pointer_to
from td_extension.policy.table import COLUMNS
from td_extension.policy.table_row import HIDE
from td_extension.policy.wording import quoted

from .condition_line import NoLineError, condition_line
from .rule_json import in_written_order
from .table_cells import NoCellError, limit_cell, nodes_cell, plain_cell, rated, script_cell

_ACTIONS = {Action.ALLOW: "allow", Action.DENY: "deny", Action.REQUIRE_APPROVAL: "ask"}


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Something that a table cannot hold.

    Attributes:
        pointer: JSON pointer of it.
        reason: why.
    """

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A policy as a table.

    Attributes:
        rows: the cells, the header first.
        renamed: the counters that a table calls otherwise: each limit with its new name.
        not_held: what is missing; the rows may be used only where nothing is.
    """

    rows: tuple[tuple[str, ...], ...]
    renamed: tuple[tuple[Limit, str], ...]
    not_held: tuple[NotHeld, ...]


def table_of(policy: Policy) -> Table:
    """The rows of a policy. Where the row of all tools can stand at several places, the one that renames least."""
    writing = _Writing(policy)
    conditional = len([rule for rule in policy.every_tool if rule.when is not None])
    tables = [writing.table(default_at) for default_at in range(conditional + 1)]
    return min(tables, key=lambda table: (len(table.not_held), len(table.renamed)))


def renamed_rules(policy: Policy, renamed: Iterable[tuple[Limit, str]]) -> Rules:
    """What a policy states, with other names for some of its counters."""
    names = dict(renamed)

    def named(limits: Sequence[Limit]) -> tuple[Limit, ...]:
        return tuple(replace(limit, counter=names.get(limit, limit.counter)) for limit in limits)

    def all_named(rules: Sequence[ToolRule]) -> tuple[ToolRule, ...]:
        return tuple(replace(rule, limits=named(rule.limits)) for rule in rules)

    return Rules(
        policy.default,
        policy.default_reason,
        {name: all_named(rules) for name, rules in policy.tools.items()},
        named(policy.all_tools),
        all_named(policy.every_tool),
        policy.hide,
    )


class _Writing:
    """One policy while it is written."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        every = [*policy.every_tool, *(rule for rules in policy.tools.values() for rule in rules)]
        limits = [*policy.all_tools, *(limit for rule in every for limit in rule.limits)]
        self._users = Counter((limit.counter, limit.scope, limit.window_s) for limit in limits)
        self._not_held: list[NotHeld] = []
        self._renamed: list[tuple[Limit, str]] = []

    def table(self, default_at: int) -> Table:
        """The table with the row of all tools after so many rows that hold for all tools under a condition."""
        self._not_held, self._renamed = [], []
        policy = self._policy
        self._whole()
        always = [rule for rule in policy.every_tool if rule.when is None]
        conditional = in_written_order(rule for rule in policy.every_tool if rule.when is not None)
        rows = [self._default(always)]
        number = 1
        before: list[tuple[str, ...]] = []
        for index, rule in enumerate(conditional):
            if index == default_at:
                number += len(always[:1])
            row = self._row("*", rule, f"*#{number}")
            (before if index < default_at else rows).append(row)
            number += 1
        rows = [*before, *rows]
        for name, rules in policy.tools.items():
            rows += self._tool(name, in_written_order(rules))
        rows += [(name, HIDE, *[""] * (len(COLUMNS) - 2)) for name in sorted(policy.hide - {"*"})]
        return Table((COLUMNS, *rows), tuple(self._renamed), tuple(self._not_held))

    def _no(self, pointer: str, reason: str) -> None:
        self._not_held.append(NotHeld(pointer, reason))

    def _whole(self) -> None:
        policy = self._policy
        if policy.description:
            self._no("/description", "a table has no description")
        if "*" in policy.hide:
            self._no("/hide", "a table hides tools by their names, and not all of them")
        for name in sorted(policy.hide & policy.tools.keys()):
            self._no(pointer_to("tools", name), "the tool is hidden, and a table has no rule for a hidden tool")
        if policy.grants_required:
            self._no("/grants/required", "a table does not say that a key is needed")
        for name in policy.overlays:
            self._no(pointer_to("grants", "overlays", name), "a table has no overlays")

    def _default(self, always: Sequence[ToolRule]) -> tuple[str, ...]:
        """The row of all tools: the default, what limits all tools together, and where and when they may act."""
        policy = self._policy
        beside = always[0] if always else None
        for rule in always[1:]:
            self._no(rule.pointer, "a table has one row without a condition that holds for all tools")
        if beside is not None:
            self._only_where_and_when(beside)
        default = ToolRule(
            policy.default,
            policy.default_reason,
            policy.all_tools,
            None,
            "",
            floors=beside.floors if beside is not None else (),
            nodes=beside.nodes if beside is not None else None,
        )
        return self._row("*", default, "*")

    def _only_where_and_when(self, rule: ToolRule) -> None:
        says = {
            "action": rule.action is not Action.ALLOW,
            "reason": rule.reason,
            "limits": rule.limits,
            "script": rule.script,
        }
        for key, value in says.items():
            if value:
                self._no(f"{rule.pointer}/{key}", "a table says this of all tools only under a condition (when)")
        self._beyond(rule)
        if rule.nodes is None and not rule.floors:
            self._no(rule.pointer, "a table has no rule for all tools that says nothing of where or when")

    def _tool(self, name: str, rules: Sequence[ToolRule]) -> list[tuple[str, ...]]:
        rows = []
        always = [rule for rule in rules if rule.when is None]
        for rule in always[1:]:
            self._no(rule.pointer, "a table has one row for each tool without a condition (when)")
        for number, rule in enumerate(rules, start=1):
            self._beyond(rule)
            rows.append(self._row(name, rule, name if number == 1 else f"{name}#{number}"))
        return rows

    def _beyond(self, rule: ToolRule) -> None:
        """Note what no column holds."""
        if rule.name:
            self._no(f"{rule.pointer}/name", "a table's rules have no names")
        for clause in rule.require:
            self._no(clause.pointer, "a table has no require; write the opposite as a row that denies (when)")
        for clause in rule.deny_if:
            self._no(clause.pointer, "a table has no deny_if; write a row of its own that denies (when)")
        if rule.args is not None:
            self._no(rule.args.pointer, "a table has no schema of arguments")
        if rule.required_args:
            self._no(f"{rule.pointer}/validate", "a table does not ask for required arguments")

    def _row(self, tool: str, rule: ToolRule, subject: str) -> tuple[str, ...]:
        if tool == "*" and rule.when is not None:
            self._beyond(rule)
        for limit in rule.limits:
            self._name(limit, counter_of(subject, rated(limit)))
        scope = rule.limits[0].scope if rule.limits else Scope.GRANT
        reason_at = f"{rule.pointer}/reason" if rule.pointer else "/default_reason"
        script, nodes, when = rule.script, rule.nodes, rule.when
        return (
            tool,
            _ACTIONS[rule.action],
            self._cell(lambda: limit_cell(rule.limits, rule.floors), f"{rule.pointer}/limits"),
            "" if scope is Scope.GRANT else scope.value,
            self._cell(lambda: script_cell(script.grants), script.pointer) if script is not None else "",
            self._cell(lambda: nodes_cell(nodes), nodes.pointer) if nodes is not None else "",
            self._cell(lambda: condition_line(when), when.pointer) if when is not None else "",
            self._cell(lambda: plain_cell(rule.reason), reason_at),
        )

    def _cell(self, write: Callable[[], str], pointer: str) -> str:
        try:
            return write()
        except (NoCellError, NoLineError) as error:
            self._no(error.pointer or pointer, error.message)
            return ""

    def _name(self, limit: Limit, counter: str) -> None:
        """Note that a table calls a counter otherwise, where nothing else counts by its name."""
        if limit.counter == counter:
            return
        if self._users[limit.counter, limit.scope, limit.window_s] > 1:
            self._no(limit.pointer, f"the counter {quoted(limit.counter)} counts other limits too; a table's does not")
        else:
            self._renamed.append((limit, counter))
