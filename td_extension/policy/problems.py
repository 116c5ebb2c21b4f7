"""What is wrong with a policy, with the place and the remedy."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """Whether a problem keeps a policy from loading."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a policy.

    Attributes:
        message: what was found.
        place: where, e.g. ``row 3, column limit`` or ``line 4, column 7``.
        remedy: what to do about it.
        severity: whether it keeps the policy from loading.
    """

    message: str
    place: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.remedy}"


class PolicyError(Exception):
    """A policy that does not load.

    Attributes:
        problems: all that was found, errors before warnings; never empty.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
