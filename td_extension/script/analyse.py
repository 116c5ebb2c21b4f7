"""What a script can do, where, and which capability each use needs: an allow list, never a hunt for evil.

A name is the script's own, or stands in the catalog, or is refused. A member is the script's own, a public member
of a builtin type, or stands in the catalog, or is refused, whatever object it is used on: no static check can know
the receiver. What depends on the receiver is marked *may need* and decided at run time by `watch`.
The analysis runs nothing, and keeps its own stack: no text can make it recurse.
"""

from __future__ import annotations

import ast
import gc
import hashlib
import operator

from ..values import Code
from .catalog import Catalog
from .judge import judge
from .report import ScriptReport, Use
from .text import misspelled_identifier, prepare

_PLACE = operator.attrgetter("line", "column")

NO_PYTHON = "it is no valid Python"
"""How the refusal of a text begins that is no program."""


def analyse(text: str, catalog: Catalog, protected: tuple[str, ...]) -> ScriptReport:
    """Judge a script. Total: every text gives a report.

    Args:
        text: the script as it came in.
        catalog: what needs which capability.
        protected: paths that no script may name: the guard's component and what it guards.
    """
    # The collector would take over half the time of a large text (script_guards.md section 2.5).
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _analysed(text, catalog, protected)
    except Exception as error:  # what cannot be judged does not run
        why = f"judging it met an error of the guard's own ({type(error).__name__})"
        hint = "Send it in smaller or simpler parts, and tell the operator"
        refused = Use(1, 1, "this script", None, code=Code.INTERNAL, why=why, hint=hint)
        return ScriptReport(_digest(text), text.count("\n") + 1, (), (refused,))
    finally:
        if collecting:
            gc.enable()


def _analysed(text: str, catalog: Catalog, protected: tuple[str, ...]) -> ScriptReport:
    digest = _digest(text)
    prepared = prepare(text)
    if isinstance(prepared, Use):
        return ScriptReport(digest, text.count("\n") + 1, (), (prepared,))
    lines = prepared.count("\n") + 1
    tree = _parse(prepared)
    if isinstance(tree, Use):
        return ScriptReport(digest, lines, (), (tree,))
    misspelled = misspelled_identifier(prepared)
    if misspelled is not None:
        return ScriptReport(digest, lines, (), (misspelled,))
    uses, imports, own_members = judge(tree, catalog, protected)
    # CPython 3.11 counts columns in an f-string of several lines from its first line, and so may come out below 0.
    uses = [use if use.column > 0 else use._replace(column=1) for use in uses]
    uses.sort(key=_PLACE)
    return ScriptReport(digest, lines, tuple(sorted(imports)), tuple(uses), tree, own_members)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parse(text: str) -> ast.Module | Use:
    try:
        return ast.parse(text)
    except (RecursionError, MemoryError):
        why, line, column = "it nests too deeply", 1, 1
    except SyntaxError as error:
        why, line, column = f"{NO_PYTHON}: {error.msg}", max(error.lineno or 1, 1), max(error.offset or 1, 1)
    except ValueError as error:
        why, line, column = f"{NO_PYTHON}: {error}", 1, 1
    return Use(line, column, "this script", None, code=Code.SCRIPT_SYNTAX, why=why)
