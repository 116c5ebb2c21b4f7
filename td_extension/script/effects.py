"""What a call without a script does to operators, judged by the same watch and the same catalog as a script.

`exec_node_method`, `update_td_node_parameters`, `create_td_node` and `delete_td_node` are other ways to the same
effects (mcp_servers.md section 6.1): each is looked at as the use that a script would make of it, before it happens;
and what has come of it is looked at right after, before TouchDesigner's next frame could run it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..values import Capability, Refusal, ToolCall
from .acting_members import CONTENT, MAKERS, SAVING
from .catalog import Catalog
from .effect import Effect
from .permissions import ScriptStopped
from .place import Settle
from .watch import Watch


def effect_of(call: ToolCall, target: Any, watch: Watch, catalog: Catalog) -> Effect:
    """What `call` would do to the operator `target`.

    Args:
        call: a call of one of touchdesigner-mcp's tools that names an operator and carries no script.
        target: the operator that it names.
        watch: a watch that grants what the caller may do.
        catalog: what needs which capability.
    """
    settles: list[Settle] = []

    def settled() -> Refusal | None:
        try:
            for settle in settles:
                settle()
        except ScriptStopped:
            return watch.stopped
        return None

    try:
        match call.tool:
            case "exec_node_method":
                arguments, keywords = call.args.get("args", []), call.args.get("kwargs", {})
                _method(target, call.args["method"], arguments, keywords, watch, catalog)
                if call.args["method"] in MAKERS:
                    settles.append(_look_at_new(target, {}, watch))
            case "update_td_node_parameters":
                for name, value in call.args["properties"].items():
                    settles.append(_property(target, name, value, watch, catalog))
            case "create_td_node":
                watch.before_making(target, "create", [call.args["nodeType"]], {})
                parameters = call.args.get("parameters", {})
                for name, value in parameters.items():
                    _property_of_type(call.args["nodeType"], name, value, watch, catalog)
                    watch.admission.copying(target, call.args["nodeType"], name, value)
                settles.append(_look_at_new(target, parameters, watch))
            case "delete_td_node":
                # Deletion as such has been decided with its tool; a profile says nothing about it.
                watch.protection.spare(target, "destroy")
    except ScriptStopped:
        return Effect(watch.stopped)
    return Effect(None, settled)


def _look_at_new(comp: Any, parameters: Mapping[str, Any], watch: Watch) -> Settle:
    """What is done after operators were made inside `comp`: none may stand there as code that is refused."""
    before = {one.id for one in comp.children} if comp.isCOMP else set()

    def settle() -> None:
        new = [one for one in comp.children if one.id not in before] if comp.isCOMP else []
        try:
            watch.texts.made(new)
            for one in new:
                for name, value in parameters.items():
                    watch.admission.pointing(one, name, value)
        except ScriptStopped:
            for one in new:
                if one.valid:
                    one.destroy()
            raise

    return settle


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
    if name in SAVING:
        watch.protection.spare_files(f".{name}", [*arguments, *keywords.values()])
    if name in MAKERS:
        watch.before_making(target, name, arguments, keywords)
        if name not in ("create", "changeType"):
            watch.before_making(target, name, list(_named(target, [*arguments, *keywords.values()])), {})
    elif name in CONTENT:
        watch.read(target, name)
        watch.texts.before_change(target, name)
        if name == "setSize":
            watch.bounds.cells((*arguments, *keywords.values()))
    else:
        watch.read(target, name)


def _named(target: Any, values: list[Any]) -> Iterator[Any]:
    """The operators that texts among the arguments name: TouchDesigner takes paths in some places for operators."""
    for value in values:
        for text in value if isinstance(value, list) else [value]:
            for start in (target, target.parent()):
                found = start.op(text) if isinstance(text, str) and text and start is not None else None
                if found is not None:
                    yield found


def _property(target: Any, name: str, value: Any, watch: Watch, catalog: Catalog) -> Settle:
    """The server sets a parameter of that name, else a member of the operator."""
    if target.par[name] is not None:
        parameter = watch.write(target.par, name)
        parameter.admit(value)
        watch.admission.pointing(target, name, value)
        return parameter.settle
    entry = catalog.member(name, [kind.__name__ for kind in type(target).__mro__])
    if entry is None or entry.store is None:
        watch.require(Capability.REFLECTION, f".{name} =", "this member cannot be assigned")
    else:
        watch.require(entry.store, f".{name} =", entry.why)
    member = watch.write(target, name)
    member.admit(value)
    return member.settle


def _property_of_type(operator_type: str, name: str, value: Any, watch: Watch, catalog: Catalog) -> None:
    member = catalog.member(name, [operator_type])
    if member is not None and member.store is not None:
        watch.require(member.store, f".{name} of a new {operator_type}", member.why)
    needs = catalog.parameter(name, operator_type, value)
    watch.require(needs, f".par.{name} of a new {operator_type}", "this parameter does more than hold a value")
