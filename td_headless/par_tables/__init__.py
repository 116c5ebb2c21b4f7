"""The built-in parameters of operator types, as data. One module a family; parameter names as in TouchDesigner."""

from __future__ import annotations

from td_headless.par_tables.spec import ParSpec, SequenceSpec, TypeParameters
from td_headless.par_tables.tables import parameters_of

__all__ = ["ParSpec", "SequenceSpec", "TypeParameters", "parameters_of"]
