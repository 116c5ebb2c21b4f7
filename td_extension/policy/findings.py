"""The problems found while a policy is read: all of them are kept, up to a number that a person can read."""

from __future__ import annotations

from .problems import PolicyError, Problem, Severity

_MAX_PROBLEMS = 200


class Findings:
    """Collects problems. After 200 of a severity the rest are counted, so that hostile text costs little."""

    def __init__(self) -> None:
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []
        self._more_errors = 0
        self._more_warnings = 0

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return bool(self._errors)

    @property
    def full(self) -> bool:
        """Whether further errors are only counted."""
        return len(self._errors) >= _MAX_PROBLEMS

    @property
    def sated(self) -> bool:
        """Whether further warnings are only counted."""
        return len(self._warnings) >= _MAX_PROBLEMS

    def error(self, message: str, place: str, remedy: str) -> None:
        """Note what keeps the policy from loading."""
        if self.full:
            self._more_errors += 1
        else:
            self._errors.append(Problem(message, place, remedy, Severity.ERROR))

    def warning(self, message: str, place: str, remedy: str) -> None:
        """Note what a person should know although the policy loads."""
        if self.sated:
            self._more_warnings += 1
        else:
            self._warnings.append(Problem(message, place, remedy, Severity.WARNING))

    def failure(self) -> PolicyError:
        """What was found as an exception, errors before warnings; to be raised where `failed`."""
        return PolicyError((*self._errors, *_rest(self._more_errors, Severity.ERROR), *self.warnings()))

    def warnings(self) -> tuple[Problem, ...]:
        """The warnings that were found."""
        return (*self._warnings, *_rest(self._more_warnings, Severity.WARNING))


def _rest(count: int, severity: Severity) -> tuple[Problem, ...]:
    if not count:
        return ()
    return (Problem(f"{count} more problems like these", "the rest of it", "mend those above first", severity),)
