"""A policy from the cells of a Table DAT: one row a rule.

    tool                   action  limit      scope  script  nodes           when            reason
    *                      deny
    *                      deny                                              perform_mode; risk != read   the show runs
    get_td_nodes           allow
    execute_python_script  allow   10/minute  grant  edit    /project1/show
    delete_td_node         deny                                                              it cannot be undone

- ``tool``: the exact name of a tool; ``*`` for what holds for all tools; blank rows and names that begin with ``#`` are
  passed over. A tool may have several rows; every row that applies must let the call pass (`decide.py`).
- ``action``: ``allow``, ``deny``, ``hide`` (refused as if the tool did not exist) or ``ask`` (a person must approve).
  In the row ``*`` without a condition it is what is done with tools that have no row.
- ``limit``: empty, or limits such as ``10/minute; 100 / 1 h`` (grammar: `limit_cell.py`). In the rows ``*`` it counts
  the calls of all tools together.
- ``scope``: whose calls a limit counts together: ``grant`` (each grant its own; the default), ``tool`` (all grants; in
  the rows ``*`` each tool its own), ``global`` (all grants and, in the rows ``*``, all tools).
- ``script``: empty, or the profile of the tool's scripts and what is changed in it, e.g. ``edit +td.delete ?td.code``
  (grammar: `script_rule.py`).
- ``nodes``: empty, or the operators on which the tool may act, e.g. ``/project1/show -/project1/show/audio``
  (grammar: `nodes.py`).
- ``when``: empty, or where the row applies, e.g. ``not perform_mode; hour < 18`` (grammar: `condition_text.py`).
- ``reason``: what an agent is told when the tool is refused.

Rows are numbered as TouchDesigner numbers them: the header is row 0, the first rule is row 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import lint
from .findings import Findings
from .model import MAX_TOOLS, Action, Loaded, Rules, ToolRule, make_policy
from .pointer import pointer_to
from .table_row import HIDE, Known, Row, rule_of
from .tools import TOOL_NAME
from .wording import quoted, suggestion

COLUMNS = ("tool", "action", "limit", "scope", "script", "nodes", "when", "reason")
_REQUIRED = ("tool", "action")
_ONE = "keep one of them"


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
    found = _Found({}, {}, [], [], {})
    for row in _rules(rows, columns, findings):
        if _names_a_tool(row):
            _take(row, found)
    if not found.row_of and not findings.failed:
        findings.warning("the table has no rules, so every tool is denied", "row 0", "add a row for each tool to allow")
    default = found.defaults[0] if found.defaults else _NO_DEFAULT
    rules = Rules(
        default.action,
        default.reason,
        {name: tuple(own) for name, own in found.tools.items()},
        default.limits,
        tuple(found.every_tool),
        frozenset(found.hide),
    )
    lint.check(rules, found.hide, lambda pointer: _place_of(pointer, found.row_of), findings)
    if findings.failed:
        raise findings.failure()
    return Loaded(make_policy(rules, origin), findings.warnings())


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rows read so far mean, and the row of each pointer."""

    tools: dict[str, list[ToolRule]]
    hide: dict[str, str]
    every_tool: list[ToolRule]
    defaults: list[ToolRule]
    row_of: dict[str, Row]


_NO_DEFAULT = ToolRule(Action.DENY, "", (), None, "/default")


def _take(row: Row, found: _Found) -> None:
    """Read one row into what was found."""
    name = row["tool"]
    if name == "*" and not row["when"]:
        if found.defaults:
            first = found.row_of["/all_tools"].number
            row.error("tool", f"row {first} says already what holds for all tools", "keep one of them, or add a when")
            return
        found.row_of["/all_tools"] = row
        default = rule_of(row, "*", "/all_tools")
        found.defaults.append(default)
        if default.nodes is not None or default.floors:
            beside = replace(default, action=Action.ALLOW, limits=(), reason="")
            found.every_tool.append(beside)
        return
    if row["action"].lower() == HIDE and name != "*":
        _hidden(row, found)
        return
    if name in found.hide:
        row.error("tool", f"{quoted(name)} is hidden in row {found.row_of[pointer_to('tools', name)].number}", _ONE)
        return
    own = found.every_tool if name == "*" else found.tools.setdefault(name, [])
    number = len(own) + 1
    top = "/all_tools" if name == "*" else pointer_to("tools", name)
    pointer = top if number == 1 and name != "*" else f"{top}/rules/{number - 1}"
    found.row_of[pointer] = row
    rule = rule_of(row, name if number == 1 and name != "*" else f"{name}#{number}", pointer)
    same = next((other for other in own if other.when is None and rule.when is None), None)
    if same is not None:
        first = found.row_of[same.pointer].number
        row.error("tool", f"{quoted(name)} has a rule in row {first} and in row {row.number}", _ONE)
    own.append(rule)


def _hidden(row: Row, found: _Found) -> None:
    """A tool that is refused as if it did not exist: nothing else can be said of it."""
    name = row["tool"]
    pointer = pointer_to("tools", name)
    if pointer in found.row_of:
        first = found.row_of[pointer].number
        row.error("tool", f"{quoted(name)} has a rule in row {first} and in row {row.number}", _ONE)
        return
    for column in ("limit", "scope", "script", "nodes", "when", "reason"):
        if row[column]:
            row.findings.warning(
                f"the tool is hidden, so {quoted(row[column])} has no effect",
                row.place(column),
                "nothing needs to be done; it counts again once the tool is shown",
            )
    found.row_of[pointer] = row
    found.hide[name] = pointer


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
            findings.error(f"the column {name} occurs twice", place, _ONE)
        else:
            columns[index] = name
    for name in _REQUIRED:
        if name not in columns.values():
            remedy = "the first row names the columns: " + ", ".join(COLUMNS)
            findings.error(f"the column {name} is missing", "row 0", remedy)
    return columns


def _rules(rows: Sequence[Sequence[str]], columns: Mapping[int, str], findings: Findings) -> list[Row]:
    """The rows that hold a rule: neither blank nor a comment."""
    found = []
    known = Known()
    for number, cells in enumerate(rows[1:], start=1):
        if not any(cell.strip() for cell in cells):
            continue
        named = {columns[index]: cell.strip() for index, cell in enumerate(cells) if index in columns}
        row = Row(number, named, findings, known)
        if row["tool"].startswith("#"):
            continue
        for index, cell in enumerate(cells):
            if index not in columns and cell.strip():
                row.error(str(index), f"{quoted(cell)} stands in no column", "clear it, or name its column in row 0")
        found.append(row)
    return found


def _names_a_tool(row: Row) -> bool:
    name = row["tool"]
    if name == "*" or TOOL_NAME.fullmatch(name):
        return True
    if not name:
        row.error("tool", "the row names no tool", "write the name of a tool, or * for all tools")
    else:
        row.error("tool", f"{quoted(name)} is no tool name", "write one tool's exact name, or * for all tools")
    return False


def _place_of(pointer: str, row_of: Mapping[str, Row]) -> str:
    """The cell of a pointer that `rule_of` has made."""
    top, inner = pointer, ""
    while top not in row_of:
        top, _, last = top.rpartition("/")
        inner = last
    return row_of[top].place({"": "tool", "limits": "limit"}.get(inner, inner))
