"""The switch that says whether a script's audit events are looked at, for whoever must turn it off for a moment."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

AUDIT_SWITCH = "policyguard_audit_switch"
"""The module that holds the switch. A hook cannot be removed, so there is one in a process, whatever is reloaded."""


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Do work of the guard's own, or of a library on its behalf, that a script's events do not count for."""
    switch: Any = sys.modules.get(AUDIT_SWITCH)
    if switch is None:  # nobody has listened yet
        yield
        return
    before, switch.looker = switch.looker, None
    try:
        yield
    finally:
        switch.looker = before
