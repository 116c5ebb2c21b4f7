"""Each caller is told once a session how to ask what is allowed, with the first refusal that it reads.

A caller has no session that could be seen (mcp_servers.md section 2.7): one begins with a call after half an hour
without any refusal.
"""

from __future__ import annotations

from collections import OrderedDict

SESSION_S = 1800.0
"""Seconds without a refusal after which a caller's next one begins a new session."""
_MAX_CALLERS = 1_000

TEXT = "What is allowed here, and how to ask for more: get_td_module_help with moduleName policyguard"


class Hints:
    """Who has been told: at most 1,000 callers, past that the one refused longest ago is forgotten.

    A caller is any text that tells callers apart. The clock is an argument: monotonic seconds.
    """

    def __init__(self) -> None:
        self._refused_s: OrderedDict[str, float] = OrderedDict()

    def after_refusal(self, caller: str, now_s: float) -> str:
        """What a refusal of this caller ends with: `TEXT` for the first of a session, else nothing."""
        last_s = self._refused_s.pop(caller, None)
        self._refused_s[caller] = now_s
        if len(self._refused_s) > _MAX_CALLERS:
            self._refused_s.popitem(last=False)
        return TEXT if last_s is None or now_s - last_s >= SESSION_S else ""
