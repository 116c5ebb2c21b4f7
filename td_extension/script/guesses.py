"""What an operator probably is, by the name that TouchDesigner or convention gives it.

A guess can only make the judgement stricter: a name decides nothing at run time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .catalog import Catalog
from .catalog_text import FAMILIES

_DIGITS = re.compile(r"[0-9]*$")
_DEFAULT_NAMES: Mapping[str, str] = {
    "chopexec": "chopexecuteDAT", "datexec": "datexecuteDAT", "opexec": "opexecuteDAT",
    "panelexec": "panelexecuteDAT", "parexec": "parameterexecuteDAT", "pargroupexec": "pargroupexecuteDAT",
}  # fmt: skip
"""The default names that are not the type's own (docs.derivative.ca, pages of the operators)."""
_OF_CODE = ("callbacks", "callback", "_exec", "_ext", "_extension")
CALLBACKS = "executeDAT"
"""The type that stands for a DAT whose name says that it holds callbacks or an extension."""


_TOUCHDESIGNERS = ("/sys", "/ui", "/local")
"""The components that belong to TouchDesigner and no policy covers by itself (DESIGN section 3)."""


def is_touchdesigners(path: str) -> bool:
    """Whether an absolute path names one of TouchDesigner's own components, or an operator inside."""
    return any((path + "/").startswith(own + "/") for own in _TOUCHDESIGNERS)


def likely_types(path: str, catalog: Catalog) -> frozenset[str]:
    """The operator types that the last part of `path` speaks of: ``a/noise1`` may be a noiseTOP or a noiseCHOP …"""
    name = path.rpartition("/")[2]
    if name.lower().endswith(_OF_CODE):
        return frozenset({CALLBACKS})
    stem = _DIGITS.sub("", name).lower()
    if stem in _DEFAULT_NAMES:
        return frozenset({_DEFAULT_NAMES[stem]})
    return frozenset(stem + family for family in FAMILIES if (stem + family).lower() in catalog.operator_types)
