"""One row of the table: its cells, and the rule that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from .amounts import FrameRateFloor
from .condition import Condition
from .condition_parts import ConditionError
from .findings import Findings
from .limit_cell import Rated, limits_of, parse_cell
from .model import MAX_LIMITS, MAX_REASON, Action, Limit, Scope, ScriptRule, ToolRule
from .nodes import NodeScope, parse_nodes
from .operator_path import OperatorPathError
from .rate import RateError
from .script_rule import RuleError, parse_rule
from .wording import quoted, suggestion, unseen_character

_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {"allow": Action.ALLOW, "deny": Action.DENY, "ask": Action.REQUIRE_APPROVAL}
)
HIDE = "hide"
_SCOPES: Mapping[str, Scope] = MappingProxyType({scope.value: scope for scope in Scope})
_MAX_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Known:
    """What cells mean that were read before: most rows of a table hold one of a few."""

    scopes: dict[str, NodeScope] = field(default_factory=dict)
    limits: dict[str, tuple[tuple[Rated, ...], tuple[float, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: as TouchDesigner numbers it.
        cells: its cells by their columns, without outer white space.
        findings: where its problems go.
        known: what was read from the cells of other rows.
    """

    number: int
    cells: Mapping[str, str]
    findings: Findings
    known: Known

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def place(self, column: str) -> str:
        """Where a cell stands, for people."""
        return f"row {self.number}, column {column}"

    def error(self, column: str, message: str, remedy: str) -> None:
        """Note that a cell is wrong."""
        self.findings.error(message, self.place(column), remedy)


def rule_of(row: Row, subject: str, pointer: str) -> ToolRule:
    """The rule of a row; `subject` names its counters."""
    limits, floors = _limits(row, subject, pointer)
    return ToolRule(
        action=_action(row),
        reason=_reason(row),
        limits=limits,
        script=_script(row, pointer),
        pointer=pointer,
        when=_when(row, pointer),
        floors=floors,
        nodes=_nodes(row, pointer),
    )


def _action(row: Row) -> Action:
    """The action of the row. A cell that is wrong and noted counts as denied."""
    cell, is_all = row["action"].lower(), row["tool"] == "*"
    if cell in _ACTIONS:
        return _ACTIONS[cell]
    _unexpected(row, "action", (*_ACTIONS,) if is_all else (*_ACTIONS, HIDE))
    return Action.DENY


def _when(row: Row, pointer: str) -> Condition | None:
    if not row["when"]:
        return None
    from .condition_text import parse_when  # a table without a condition does without: each module costs time at start

    try:
        return parse_when(row["when"], f"{pointer}/when")
    except ConditionError as error:
        row.error("when", error.message, error.remedy)
        return None


def _nodes(row: Row, pointer: str) -> NodeScope | None:
    if not row["nodes"]:
        return None
    cell, known = row["nodes"], row.known.scopes
    try:
        scope = known.get(cell) or known.setdefault(cell, parse_nodes(cell))
        return replace(scope, pointer=f"{pointer}/nodes")
    except OperatorPathError as error:
        row.error("nodes", error.message, error.remedy)
        return None


def _limits(row: Row, subject: str, pointer: str) -> tuple[tuple[Limit, ...], tuple[FrameRateFloor, ...]]:
    scope, cell, known = _scope(row), row["limit"], row.known.limits
    if len(cell) > _MAX_CELL:
        row.error("limit", f"the cell has {len(cell):,} characters", f"keep to {MAX_LIMITS} limits")
        return (), ()
    try:
        rated, floors = known.get(cell) or known.setdefault(cell, parse_cell(cell))
    except RateError as error:
        row.error("limit", error.message, error.remedy)
        return (), ()
    if len(rated) + len(floors) > MAX_LIMITS:
        row.error("limit", f"{len(rated) + len(floors)} limits are too many", f"keep to {MAX_LIMITS}")
        return (), ()
    if row["scope"] and not rated:
        message = "there is no limit, so the scope has no effect"
        row.findings.warning(message, row.place("scope"), "write a limit or clear the cell")
    return limits_of(rated, floors, subject, scope, f"{pointer}/limits")


def _scope(row: Row) -> Scope:
    cell = row["scope"].lower()
    if cell and cell not in _SCOPES:
        _unexpected(row, "scope", tuple(_SCOPES))
    return _SCOPES.get(cell, Scope.GRANT)


def _script(row: Row, pointer: str) -> ScriptRule | None:
    if not row["script"]:
        return None
    if row["tool"] == "*" and not row["when"]:
        row.error("script", "the row of all tools takes no profile", "write it in the row of execute_python_script")
        return None
    try:
        return ScriptRule(parse_rule(row["script"]), f"{pointer}/script")
    except RuleError as error:
        row.error("script", error.message, error.remedy)
        return None


def _reason(row: Row) -> str:
    reason = row["reason"]
    unseen = unseen_character(reason[:MAX_REASON])
    if len(reason) > MAX_REASON:
        row.error("reason", f"the reason has {len(reason):,} characters", f"keep it to {MAX_REASON}")
    elif unseen:
        row.error("reason", f"the reason holds {unseen}, which cannot be seen", "write one line of plain text")
    return reason


def _unexpected(row: Row, column: str, known: tuple[str, ...]) -> None:
    """Note that a cell holds none of the words that it may hold."""
    found = f"found {quoted(row[column])}" if row[column] else "the cell is empty"
    remedy = "" if row.findings.full else suggestion(row[column].lower(), known)
    row.error(column, f"{found}, expected " + ", ".join(known), remedy)
