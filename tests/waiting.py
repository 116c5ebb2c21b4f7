"""For tests whose calls are mostly refused: nobody has to wait for it."""

from __future__ import annotations

import sys
from typing import Any


def without_waiting(component: Any) -> None:
    """Let no caller of this guard wait after refusals; that it must is the business of `test_policy_stage.py`."""
    name = f"policyguard_{component.id}"
    sys.modules[f"{name}.backoff"].FREE = 10**9  # type: ignore[attr-defined]
    sys.modules[f"{name}.refusal_cost"].FREE_S = 10**9  # type: ignore[attr-defined]
