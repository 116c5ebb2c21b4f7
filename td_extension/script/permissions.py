"""What one run of a script may do, and the stop of a script that does more.

A script that was stopped stays stopped: one that swallows the stop meets it again at its next step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from ..policy.script_rule import Scopes
from ..values import Capability, Category, Code, Refusal
from .ticker import ticks

_FILES = frozenset({Capability.FILE_READ, Capability.FILE_WRITE})
_MAX_MESSAGE = 1_000
"""Characters of a refusal: it may quote a name or a text of any length."""


class ScriptStopped(BaseException):
    """Stops a script. Not an Exception, and no name in a script's namespace leads to it."""


class Permissions:
    """What one run may do.

    Args:
        granted: what the script may do.
        scopes: what it may do to some files, hosts and modules only.
        allowed: what is allowed here, for the refusal's text.
        clock: monotonic seconds.
        deadline_s: the instant, on `clock`, after which the script is stopped.

    Attributes:
        granted: what the script may do.
        stopped: why the script was stopped; None while it was not.
        lacking: the capability for want of which it was stopped, which a policy may let a person grant.
        ticks: what carries the deadline.
    """

    def __init__(
        self,
        granted: frozenset[Capability],
        scopes: Scopes,
        allowed: str,
        clock: Callable[[], float],
        deadline_s: float,
    ) -> None:
        self.granted = granted
        self._scopes = scopes
        self._allowed = allowed
        self.ticks = ticks(clock, deadline_s, self._late)
        self.stopped: Refusal | None = None
        self.lacking: Capability | None = None

    def permits(self, needed: Capability, resource: str | None = None) -> bool:
        """Whether `needed` is granted: everywhere, or for the file, the host or the module that `resource` names."""
        if needed in self.granted:
            return needed is not Capability.GUARD
        return resource is not None and self._scopes.allows(needed, resource)

    def require(self, needed: Capability, what: str, why: str, resource: str | None = None) -> None:
        """Stop unless `permits` says that `needed` is granted."""
        if not self.permits(needed, resource):
            if self.stopped is None:
                self.lacking = needed
            self.stop(
                Code.MISSING_CAPABILITY,
                f"{what} needs capability '{needed.value}' ({why}). Allowed here: {self._allowed}",
            )

    @property
    def opens_files(self) -> bool:
        """Whether some file may be opened."""
        return not (_FILES.isdisjoint(self.granted) and _FILES.isdisjoint(self._scopes.patterns))

    def stop(self, code: Code, message: str) -> NoReturn:
        """Stop the script, for good."""
        if self.stopped is None:
            told = message if len(message) <= _MAX_MESSAGE else message[:_MAX_MESSAGE] + " …"
            self.stopped = Refusal(Category.PERMISSION, code, told)
            self.ticks.expire()
        raise ScriptStopped

    def stop_as_too_large(self, why: str) -> NoReturn:
        """Stop the script at something that would take too long, or too much memory."""
        self.stop(Code.MISSING_CAPABILITY, f"this would stall the frame: {why}. It needs capability 'block'")

    def end(self) -> None:
        """The run is over: whatever is left of the script is stopped at its next step."""
        if self.stopped is None:
            self.stopped = Refusal(Category.PERMISSION, Code.DEADLINE, "the script has ended")
        self.ticks.expire()

    def _late(self) -> NoReturn:
        self.stop(Code.DEADLINE, "the script ran longer than it may and was stopped. Do less at once")
