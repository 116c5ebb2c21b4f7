"""The PolicyGuard component, described once (`policyguard`), and everything a person drops into TouchDesigner from it.

`tree` writes the expanded .tox, `collapse` has TouchDesigner's own program turn it into PolicyGuard.tox, `installer`
writes a script that builds it inside TouchDesigner; `build` builds it on the stand-in with that script's code.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from . import building
from .description import described
from .policyguard import SOURCE, component_spec

__all__ = ["SOURCE", "build", "component_spec"]


def build(parent: Any, name: str = "PolicyGuard") -> Any:
    """Create the component inside `parent`, a COMP of TouchDesigner or of the stand-in; return it."""
    return building.build(parent, _described(), name)


@cache
def _described() -> dict[str, Any]:
    return described(component_spec().root)
