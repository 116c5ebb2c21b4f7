"""What a call without a script does to operators, judged by the same watch and the same catalog as a script.

`exec_node_method`, `update_td_node_parameters`, `create_td_node` and `delete_td_node` are other ways to the same
effects (mcp_servers.md section 6.1): each is looked at as the use that a script would make of it.
"""

from __future__ import annotations

from typing import Any

from ..values import Capability, Category, Code, Refusal, ToolCall
from .acting_members import CONTENT, MAKERS
from .catalog import Catalog
from .watch import ScriptStopped, Watch

CHANGING = frozenset({"exec_node_method", "update_td_node_parameters", "create_td_node", "delete_td_node"})
"""The tools without a script that change what they name."""


def refused_effect(call: ToolCall, target: Any, watch: Watch, catalog: Catalog) -> Refusal | None:
    """Why the effect of `call` on the operator `target` is refused; None where it may happen.

    Args:
        call: a call of one of touchdesigner-mcp's tools that names an operator and carries no script.
        target: the operator that it names.
        watch: a watch that grants what the caller may do.
        catalog: what needs which capability.
    """
    try:
        match call.tool:
            case "exec_node_method":
                arguments, keywords = call.args.get("args", []), call.args.get("kwargs", {})
                _method(target, call.args["method"], arguments, keywords, watch, catalog)
            case "update_td_node_parameters":
                for name, value in call.args["properties"].items():
                    _property(target, name, value, watch, catalog)
            case "create_td_node":
                watch.before_making(target, "create", [call.args["nodeType"]], {})
                for name, value in call.args.get("parameters", {}).items():
                    _property_of_type(call.args["nodeType"], name, value, watch, catalog)
            case "delete_td_node":
                # Deletion as such has been decided with its tool; a profile says nothing about it.
                watch.spare_the_guard(target, "destroy")
    except ScriptStopped:
        return watch.stopped
    return None


def _method(
    target: Any, name: str, arguments: list[Any], keywords: dict[str, Any], watch: Watch, catalog: Catalog
) -> None:
    entry = catalog.member(name, [kind.__name__ for kind in type(target).__mro__])
    if name.startswith("_"):
        watch.require(Capability.REFLECTION, f".{name}", "what starts with an underscore is Python's own")
    elif entry is None and not name[:1].isupper():
        watch.require(Capability.REFLECTION, f".{name}", "this member is not known")
    elif entry is not None and entry.needs is not None:
        watch.require(entry.needs, f".{name}", entry.why)
    if name in MAKERS:
        watch.before_making(target, name, arguments, keywords)
    elif name in CONTENT:
        watch.read(target, name)
        watch.spare_code(target, name)
    else:
        watch.read(target, name)


def _property(target: Any, name: str, value: Any, watch: Watch, catalog: Catalog) -> None:
    """The server sets a parameter of that name, else a member of the operator."""
    if target.par[name] is not None:
        watch.write(target.par, name).admit(value)
        watch.would_point_at(target, name, value)
        return
    entry = catalog.member(name, [kind.__name__ for kind in type(target).__mro__])
    if entry is None or entry.store is None:
        watch.require(Capability.REFLECTION, f".{name} =", "this member cannot be assigned")
    else:
        watch.require(entry.store, f".{name} =", entry.why)
    watch.write(target, name).admit(value)


def _property_of_type(operator_type: str, name: str, value: Any, watch: Watch, catalog: Catalog) -> None:
    needs = catalog.parameter(name, operator_type, value)
    watch.require(needs, f".par.{name} of a new {operator_type}", "this parameter does more than hold a value")


def refused_help(call: ToolCall, catalog: Catalog) -> Refusal | None:
    """Why help on a module is refused: the server imports whatever name it is given, and importing runs code."""
    name = call.args["moduleName"]
    first, *rest = name.split(".")
    known = first in ("td", "tdu") or (
        not rest and (first in catalog.names or first.lower() in catalog.operator_types)
    )
    if known and all(part.isidentifier() and not part.startswith("_") for part in (first, *rest)):
        return None
    return Refusal(
        Category.PERMISSION,
        Code.MISSING_CAPABILITY,
        f"help on {name[:60]!r} would import it; ask for td, tdu, or a name of TouchDesigner such as noiseTOP",
    )


def unresolved(path: str) -> Refusal:
    """The refusal of a relative path that names nothing as seen from the guarded server."""
    return Refusal(
        Category.PERMISSION,
        Code.AMBIGUOUS_ARGUMENT,
        f"{path[:120]!r} names no operator here; name it by its absolute path, such as /project1/noise1",
    )
