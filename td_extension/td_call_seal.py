"""What no guarded call may change: looked at before each, compared right after it, and put back.

A call runs on TouchDesigner's main thread, so between the two nobody else can have changed anything: what differs was
changed by the call, whichever way it found.
"""

from __future__ import annotations

from typing import Any

_OF_THE_GUARD = ("Enable", "Mode", "Originals", "Folder", "Source", "File", "Preset", "Requirekey", "Hosts", "Peers")
_OF_THE_SERVER = ("callbacks", "port", "active", "localaddress")


def settings_of(guard: Any) -> tuple[Any, ...]:
    """The parameters of a PolicyGuard component that no call may change."""
    return tuple(guard.par[name] for name in _OF_THE_GUARD)


class CallSeal:
    """The seal of one call (`containment.Seal`).

    Args:
        settings: the guard's own, as `settings_of` gives them.
        server: the Web Server DAT to which the call came.
        policy: the Table DAT of the policy, and the text that stands in it; None where another policy is in force.

    Attributes:
        changed: the names of what the call has changed.
    """

    def __init__(self, settings: tuple[Any, ...], server: Any, policy: tuple[Any, str] | None) -> None:
        own = [server.par[name] for name in _OF_THE_SERVER]
        self._parameters = [*settings, *(one for one in own if one is not None)]
        self._policy = policy
        self._values: list[Any] = []
        self.changed: list[str] = []

    def before(self) -> None:
        """The call is about to be carried out."""
        self._values = [one.eval() for one in self._parameters]

    def after(self) -> None:
        """It has ended: `changed` tells what it changed, and all of it is put back that still can be."""
        try:
            is_whole = [one.eval() for one in self._parameters] == self._values
            if is_whole and (self._policy is None or self._policy[0].text == self._policy[1]):
                return
        except Exception:
            self.changed.append("what cannot be read any more")
        for parameter, value in zip(self._parameters, self._values, strict=True):
            self._put_back(parameter.name, parameter, "val", value)
        if self._policy is not None:
            self._put_back("policy", self._policy[0], "text", self._policy[1])

    def _put_back(self, name: str, holder: Any, member: str, value: Any) -> None:
        """What is gone cannot be put back: then the guard is broken, and refuses every call."""
        try:
            if (holder.eval() if member == "val" else holder.text) != value:
                self.changed.append(name)
                setattr(holder, member, value)
        except Exception as error:
            self.changed.append(f"{name} ({type(error).__name__})")
