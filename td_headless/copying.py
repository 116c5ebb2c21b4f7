"""Copying operators: parameters, data, flags, storage and everything inside."""

from __future__ import annotations

import copy
from typing import Any

from td_headless.par_tables import ParSpec
from td_headless.parameters import Par

_PLAIN = (
    "allowCooking", "bypass", "cloneImmune", "color", "comment", "display", "expose", "lock", "nodeHeight", "nodeWidth",
    "nodeX", "nodeY", "render", "showCustomOnly", "showDocked", "viewer",
)  # fmt: skip
_PAR_DETAILS = (
    "_bind_expr", "_enable", "_enable_expr", "_expr", "_menu_labels", "_menu_names", "_mode", "_value", "clampMax",
    "clampMin", "default", "help", "label", "max", "min", "normMax", "normMin", "order", "password", "readOnly",
    "startSection",
)  # fmt: skip


def copy_into(network: Any, source: Any, name: str) -> Any:
    """Copy `source` with all that is inside into `network` under the free `name`, and return the copy."""
    made = network.create(source.OPType, name, initialize=False)
    for member in _PLAIN:
        setattr(made, member, getattr(source, member))
    made.tags = set(source.tags)
    made._storage = copy.deepcopy(source._storage)
    made._startup_storage = copy.deepcopy(source._startup_storage)
    for sequence in source.seq:
        made.seq[sequence.name].numBlocks = sequence.numBlocks
    for page in source.customPages:
        new_page = made.appendCustomPage(page.name)
        for par in page.pars:
            spec = ParSpec(par.name, par.label, par.style, par.default, group=par._group)
            new = Par(made, spec, new_page, custom=True)
            new_page.pars.append(new)
            made.par._add(new)
    for par in source.par:
        for detail in _PAR_DETAILS:
            setattr(made.par[par.name], detail, copy.copy(getattr(par, detail)))
    made._copy_data(source)
    copy_inside(made, source)
    return made


def copy_inside(made: Any, source: Any) -> None:
    """Copy everything inside `source` into `made`, with the wires; names that `made` has already are left alone."""
    copies = {
        child: copy_into(made, child, child.name) for child in source._children() if made._child(child.name) is None
    }
    for child, new in copies.items():
        new._wires = {index: copies[wired] for index, wired in child._wires.items() if wired in copies}
        new.dock = copies.get(child.dock)
