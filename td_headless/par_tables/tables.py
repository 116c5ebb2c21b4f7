"""Look-up of the parameters of an operator type, for one build."""

from __future__ import annotations

from functools import cache

from td_headless.par_tables import chops, comps, dats, mats, sops, tops
from td_headless.par_tables.spec import TypeParameters

_FAMILIES = {
    "COMP": comps,
    "DAT": dats,
    "TOP": tops,
    "CHOP": chops,
    "SOP": sops,
    "MAT": mats,
}


@cache
def parameters_of(op_type: str, family: str, build: tuple[int, int]) -> TypeParameters:
    """Return the built-in parameters of `op_type` (e.g. ``noiseTOP``) of `family` in a build, e.g. ``(2025, 32460)``.

    A type without a table of its own has its family's common parameters only.
    """
    table = _FAMILIES.get(family)
    if table is None:
        return TypeParameters()
    own = table.PARAMETERS.get(op_type, ())
    sequences = table.SEQUENCES.get(op_type, ()) + table.COMMON_SEQUENCES
    since = tuple(spec for first, spec in table.SINCE.get(op_type, ()) if build >= first)
    return TypeParameters(own + since + table.COMMON, sequences)
