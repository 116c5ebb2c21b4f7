"""A policy from the cells of a Table DAT: one row a rule.

    tool                   action  limit      scope  script  nodes  when  reason
    *                      deny
    get_td_nodes           allow
    execute_python_script  allow   10/minute  grant  edit
    delete_td_node         deny                                           it cannot be undone from outside

- ``tool``: the exact name of a tool; ``*`` for what holds for all tools; blank rows and names that begin with ``#`` are
  passed over.
- ``action``: ``allow``, ``deny``, ``hide`` (refused as if the tool did not exist) or ``ask`` (a person must approve).
  In the row ``*`` it is what is done with tools that have no row.
- ``limit``: empty, or rates such as ``10/minute; 100 / 1 h`` (grammar: `rate.py`). In the row ``*`` it counts the calls
  of all tools together.
- ``scope``: whose calls a limit counts together: ``grant`` (each grant its own; the default), ``tool`` (all grants; in
  the row ``*`` each tool its own), ``global`` (all grants and, in the row ``*``, all tools).
- ``script``: empty, or the profile of the tool's scripts and what is changed in it, e.g. ``edit +td.delete ?td.code``
  (grammar: `script_rule.py`).
- ``nodes``, ``when``: must be empty in this version.
- ``reason``: what an agent is told when the tool is refused.

Rows are numbered as TouchDesigner numbers them: the header is row 0, the first rule is row 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from . import lint
from .findings import Findings
from .load import TOOL_NAME
from .model import (
    MAX_LIMITS,
    MAX_REASON,
    MAX_TOOLS,
    Action,
    Limit,
    Loaded,
    Scope,
    ScriptRule,
    ToolRule,
    make_policy,
    pointer_to,
)
from .rate import RateError, parse_rates, rate_counter
from .script_rule import RuleError, parse_rule
from .wording import quoted, suggestion, unseen_character

COLUMNS = ("tool", "action", "limit", "scope", "script", "nodes", "when", "reason")
_REQUIRED = ("tool", "action")
_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {"allow": Action.ALLOW, "deny": Action.DENY, "ask": Action.REQUIRE_APPROVAL}
)
_HIDE = "hide"
_SCOPES: Mapping[str, Scope] = MappingProxyType({scope.value: scope for scope in Scope})
_MAX_CELL = 2_000


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, its cells stripped of outer white space, and where its problems go."""

    number: int
    cells: Mapping[str, str]
    findings: Findings

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def place(self, column: str) -> str:
        return f"row {self.number}, column {column}"

    def error(self, column: str, message: str, remedy: str) -> None:
        self.findings.error(message, self.place(column), remedy)


def load_table(rows: Sequence[Sequence[str]], origin: str) -> Loaded:
    """Read a policy from the cells of a table.

    Args:
        rows: the cells as text, row by row; the first row is the header. Rows may be of different length.
        origin: where it came from, for people, e.g. the path of the Table DAT.

    Raises:
        PolicyError: with every problem that was found. No other exception, whatever the cells.
    """
    findings = Findings()
    columns = _columns(rows, findings)
    if findings.failed:
        raise findings.failure()
    default, default_reason = Action.DENY, ""
    all_tools: tuple[Limit, ...] = ()
    tools: dict[str, ToolRule] = {}
    hide: dict[str, str] = {}
    rows_of: dict[str, _Row] = {}
    for row in _rules(rows, columns, findings):
        name = row["tool"]
        if not _is_new_tool(row, rows_of):
            continue
        rows_of[name] = row
        rule = _rule(row)
        if name == "*":
            default, default_reason, all_tools = rule.action, rule.reason, rule.limits
        elif row["action"].lower() == _HIDE:
            hide[name] = pointer_to("tools", name)
        else:
            tools[name] = rule
    if not rows_of and not findings.failed:
        findings.warning("the table has no rules, so every tool is denied", "row 0", "add a row for each tool to allow")

    def place_of(pointer: str) -> str:
        return _place_of(pointer, rows_of)

    lint.check(tools, all_tools, hide, place_of, findings)
    if findings.failed:
        raise findings.failure()
    policy = make_policy(
        default=default,
        default_reason=default_reason,
        tools=tools,
        all_tools=all_tools,
        hide=frozenset(hide),
        origin=origin,
    )
    return Loaded(policy, findings.warnings())


def _columns(rows: Sequence[Sequence[str]], findings: Findings) -> dict[int, str]:
    """What each column of the table is. A column without a single filled cell is none."""
    columns: dict[int, str] = {}
    if len(rows) > MAX_TOOLS + 1:
        findings.error(f"{len(rows):,} rows are too many", "row 0", f"keep to {MAX_TOOLS:,}")
        return columns
    for index, cell in enumerate(rows[0] if rows else ()):
        name = cell.strip().lower()
        place = f"row 0, column {index}"
        if not name and all(len(row) <= index or not row[index].strip() for row in rows):
            continue
        if name not in COLUMNS:
            findings.error(f"unknown column {quoted(cell)}", place, suggestion(name, COLUMNS))
        elif name in columns.values():
            findings.error(f"the column {name} occurs twice", place, "keep one of them")
        else:
            columns[index] = name
    for name in _REQUIRED:
        if name not in columns.values():
            remedy = "the first row names the columns: " + ", ".join(COLUMNS)
            findings.error(f"the column {name} is missing", "row 0", remedy)
    return columns


def _rules(rows: Sequence[Sequence[str]], columns: Mapping[int, str], findings: Findings) -> list[_Row]:
    """The rows that hold a rule: neither blank nor a comment."""
    found = []
    for number, cells in enumerate(rows[1:], start=1):
        if not any(cell.strip() for cell in cells):
            continue
        named = {columns[index]: cell.strip() for index, cell in enumerate(cells) if index in columns}
        row = _Row(number, named, findings)
        if row["tool"].startswith("#"):
            continue
        for index, cell in enumerate(cells):
            if index not in columns and cell.strip():
                row.error(str(index), f"{quoted(cell)} stands in no column", "clear it, or name its column in row 0")
        found.append(row)
    return found


def _is_new_tool(row: _Row, rows_of: Mapping[str, _Row]) -> bool:
    name = row["tool"]
    if name in rows_of:
        first = rows_of[name].number
        row.error("tool", f"{quoted(name)} has a rule in row {first} and in row {row.number}", "keep one of them")
    elif name == "*" or TOOL_NAME.fullmatch(name):
        return True
    elif not name:
        row.error("tool", "the row names no tool", "write the name of a tool, or * for all tools")
    else:
        row.error("tool", f"{quoted(name)} is no tool name", "write one tool's exact name, or * for all tools")
    return False


def _rule(row: _Row) -> ToolRule:
    name = row["tool"]
    for column in ("nodes", "when"):
        if row[column]:
            row.error(
                column,
                f"{quoted(row[column])} is not supported by this version of PolicyGuard yet",
                "clear the cell; a policy is never applied in part",
            )
    pointer = pointer_to("tools", name)
    return ToolRule(
        action=_action(row),
        reason=_reason(row),
        limits=_limits(row, "/all_tools" if name == "*" else pointer),
        script=_script(row, pointer),
        pointer=pointer,
    )


def _action(row: _Row) -> Action:
    """The action of the row. A hidden tool, and a cell that is wrong and noted, count as denied."""
    cell, is_all = row["action"].lower(), row["tool"] == "*"
    if cell == _HIDE and not is_all:
        for column in ("limit", "scope", "script", "reason"):
            if row[column]:
                row.findings.warning(
                    f"the tool is hidden, so {quoted(row[column])} has no effect",
                    row.place(column),
                    "nothing needs to be done; it counts again once the tool is shown",
                )
        return Action.DENY
    if cell in _ACTIONS:
        return _ACTIONS[cell]
    _unexpected(row, "action", (*_ACTIONS,) if is_all else (*_ACTIONS, _HIDE))
    return Action.DENY


def _limits(row: _Row, pointer: str) -> tuple[Limit, ...]:
    scope = _scope(row)
    if len(row["limit"]) > _MAX_CELL:
        row.error("limit", f"the cell has {len(row['limit']):,} characters", f"keep to {MAX_LIMITS} limits")
        return ()
    try:
        rates = parse_rates(row["limit"])
    except RateError as error:
        row.error("limit", error.message, error.remedy)
        return ()
    if len(rates) > MAX_LIMITS:
        row.error("limit", f"{len(rates)} limits are too many", f"keep to {MAX_LIMITS}")
        return ()
    if row["scope"] and not rates:
        message = "there is no limit, so the scope has no effect"
        row.findings.warning(message, row.place("scope"), "write a limit or clear the cell")
    return tuple(
        Limit(rate_counter(row["tool"], rate.window_s), rate.max, rate.window_s, scope, f"{pointer}/limits/{index}")
        for index, rate in enumerate(rates)
    )


def _scope(row: _Row) -> Scope:
    cell = row["scope"].lower()
    if cell and cell not in _SCOPES:
        _unexpected(row, "scope", tuple(_SCOPES))
    return _SCOPES.get(cell, Scope.GRANT)


def _script(row: _Row, pointer: str) -> ScriptRule | None:
    if not row["script"]:
        return None
    if row["tool"] == "*":
        row.error("script", "the row of all tools takes no profile", "write it in the row of execute_python_script")
        return None
    try:
        return ScriptRule(parse_rule(row["script"]), f"{pointer}/script")
    except RuleError as error:
        row.error("script", error.message, error.remedy)
        return None


def _reason(row: _Row) -> str:
    reason = row["reason"]
    unseen = unseen_character(reason[:MAX_REASON])
    if len(reason) > MAX_REASON:
        row.error("reason", f"the reason has {len(reason):,} characters", f"keep it to {MAX_REASON}")
    elif unseen:
        row.error("reason", f"the reason holds {unseen}, which cannot be seen", "write one line of plain text")
    return reason


def _unexpected(row: _Row, column: str, known: tuple[str, ...]) -> None:
    """Note that a cell holds none of the words that it may hold."""
    found = f"found {quoted(row[column])}" if row[column] else "the cell is empty"
    remedy = "" if row.findings.full else suggestion(row[column].lower(), known)
    row.error(column, f"{found}, expected " + ", ".join(known), remedy)


def _place_of(pointer: str, rows_of: Mapping[str, _Row]) -> str:
    """The cell of a pointer that `_rule` has made."""
    section, _, rest = pointer[1:].partition("/")
    name, _, inner = rest.partition("/")
    row = rows_of["*"] if section == "all_tools" else rows_of[name.replace("~1", "/").replace("~0", "~")]
    part = rest if section == "all_tools" else inner
    return row.place({"": "tool", "script": "script"}.get(part, "limit"))
