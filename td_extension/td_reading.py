"""The tools that only look: how much they may look at, and what is described without being asked.

touchdesigner-mcp searches without an end, evaluates every parameter on the way, asks every property of ``ui``,
``project`` and ``app`` for its value to describe them, and imports what it is asked to explain (mcp_servers.md section
6.1). Here the size of a list is looked at before the list is made, objects are described by their class, and help is
given only on what TouchDesigner's own module holds.
"""

from __future__ import annotations

import inspect
import types
from typing import Any

from .values import Category, Code, Json, Refusal, ToolCall

MAX_LISTED = 1_000
"""Operators in one list."""
MAX_SEARCHED = 5_000
"""Operators inside the one that is searched."""
MAX_PARAMETERS = 10_000
"""Parameters that one call evaluates: each may have an expression."""
_MAX_PATTERN = 100
_MAX_STARS = 4
_SEARCHING = frozenset({"findChildren", "errors", "warnings", "scriptErrors"})
"""Methods of operators that look at everything inside."""
_MAX_DEPTH = 4


class TdReading:
    """What the reading tools may look at.

    Args:
        td: TouchDesigner's module.
    """

    def __init__(self, td: Any) -> None:
        self._td = td
        self._home = td.OP.__module__.partition(".")[0]

    # -- how much --------------------------------------------------------------------------------------------------

    def refused(self, call: ToolCall, target: Any) -> Refusal | None:
        """Why `call` would look at too much, where it looks at `target`; None where it may."""
        match call.tool:
            case "get_td_nodes":
                return self._refused_list(call, target)
            case "get_td_node_parameters":
                return _too_many_parameters([target])
            case "get_td_node_errors":
                return _too_large_inside(target)
            case "exec_node_method" if call.args["method"] in _SEARCHING:
                return _too_large_inside(target)
        return None

    def _refused_list(self, call: ToolCall, comp: Any) -> Refusal | None:
        if not comp.isCOMP:
            return None
        pattern = call.args.get("pattern")
        if pattern:
            if len(pattern) > _MAX_PATTERN or pattern.count("*") > _MAX_STARS:
                return _too_much(f"a pattern has at most {_MAX_PATTERN} characters and {_MAX_STARS} stars")
            if refusal := _too_large_inside(comp):
                return refusal
            found = comp.findChildren(name=pattern)
        else:
            found = comp.children
        if len(found) > MAX_LISTED:
            what = f"this would list {len(found):,} operators, and at most {MAX_LISTED:,} are listed at once"
            return _too_much(f"{what}; name a narrower pattern or a deeper parentPath")
        # The server takes any text at all for yes, "false" as well.
        return _too_many_parameters(found) if call.args.get("includeProperties") is not None else None

    # -- help ------------------------------------------------------------------------------------------------------

    def refused_help(self, call: ToolCall) -> Refusal | None:
        """Why help on a name is refused; None where it is something that TouchDesigner's own module holds."""
        name = call.args["moduleName"]
        if self._is_documented(name):
            return None
        return Refusal(
            Category.PERMISSION,
            Code.MISSING_CAPABILITY,
            f"help on {name[:60]!r} would import it; ask for td, tdu, policyguard, or a name of TouchDesigner such as "
            "noiseTOP",
        )

    def _is_documented(self, name: str) -> bool:
        """Whether the server finds `name` without an import, and without asking anything for a value on the way.

        What is a text is imported by ``pydoc`` as a module, so it must be none.
        """
        parts = name.split(".")
        if not all(part.isidentifier() and part.isascii() and not part.startswith("_") for part in parts):
            return False
        if len(parts) > _MAX_DEPTH or (len(parts) > 1 and parts[0] not in ("td", "tdu")):
            return False
        modules = {"td": self._td, "tdu": self._td.tdu}
        first = modules.get(parts[0])
        found = first if first is not None else getattr(self._td, parts[0], None)
        for part in parts[1:]:
            if isinstance(found, type):
                found = inspect.getattr_static(found, part, None)
            elif any(found is module for module in modules.values()):
                found = getattr(found, part, None)
            else:
                return False
        if isinstance(found, types.ModuleType):
            return any(found is module for module in modules.values())
        is_routine = inspect.isroutine(found) or inspect.isdatadescriptor(found)
        return isinstance(found, type) or is_routine or self._is_touchdesigners(found)

    # -- classes ---------------------------------------------------------------------------------------------------

    def class_details(self, name: str) -> dict[str, Json] | None:
        """What the guard itself tells of one of TouchDesigner's objects, by its class; None for what is a class.

        The server would ask ``project`` or ``ui`` for the value of each of its properties.

        Args:
            name: of something in TouchDesigner's module, or of nothing, which is left to the server to say.
        """
        found = getattr(self._td, name, None)
        is_module = any(found is module for module in (self._td, self._td.tdu))
        if found is None or is_module or isinstance(found, type) or inspect.isroutine(found):
            return None
        methods: list[Json] = []
        properties: list[Json] = []
        for member, value in inspect.getmembers_static(type(found)):
            if not member.startswith("_"):
                told = {"name": member, "description": inspect.getdoc(value) or "", "type": type(value).__name__}
                is_method = inspect.isroutine(value) or isinstance(value, staticmethod | classmethod)
                (methods if is_method else properties).append(told)
        kind = type(found)
        return {
            "name": name,
            "type": kind.__name__,
            "description": inspect.getdoc(kind) or "",
            "methods": methods,
            "properties": properties,
        }

    def _is_touchdesigners(self, value: object) -> bool:
        return str(type(value).__module__).partition(".")[0] in ("td", self._home)


def _too_large_inside(comp: Any) -> Refusal | None:
    """The refusal of a search inside an operator that holds too much; it is counted no further than needed."""
    waiting, seen = [comp] if comp.isCOMP else [], 0
    while waiting:
        inside = waiting.pop().children
        seen += len(inside)
        if seen > MAX_SEARCHED:
            what = f"{comp.path} holds more than {MAX_SEARCHED:,} operators, which is too much to search at once"
            return _too_much(f"{what}; name one deeper inside")
        waiting += [one for one in inside if one.isCOMP]
    return None


def _too_many_parameters(operators: list[Any]) -> Refusal | None:
    total = 0
    for one in operators:
        total += len(one.pars("*"))
        if total > MAX_PARAMETERS:
            what = f"this would evaluate more than {MAX_PARAMETERS:,} parameters"
            return _too_much(f"{what}; leave includeProperties out, or name fewer operators")
    return None


def _too_much(message: str) -> Refusal:
    return Refusal(Category.PERMISSION, Code.TOO_MUCH, message)
