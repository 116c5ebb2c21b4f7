"""Where the policy in force comes from: it keeps the last good one, and says what is wrong with a newer one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from .json_text import MAX_CHARACTERS
from .model import Loaded, Policy
from .problems import PolicyError, Problem
from .table import load_table

_MAX_BYTES = 4 * MAX_CHARACTERS
"""What the longest text takes in UTF-8."""


class PolicySource:
    """The policy in force.

    Attributes:
        current: the last policy that loaded, or None where none ever did: then everything is refused.
        problems: what was found when the policy was last loaded, errors and warnings.
        status: one line for a person.
    """

    def __init__(self) -> None:
        self.current: Policy | None = None
        self.problems: tuple[Problem, ...] = ()
        self.status = "no policy yet: every call is refused"

    def load_table(self, rows: Sequence[Sequence[str]], origin: str) -> bool:
        """Load from the cells of a Table DAT; return whether it took effect."""
        return self._take(lambda: load_table(rows, origin), origin)

    def load_file(self, file: Path) -> bool:
        """Load from a JSON or YAML file; return whether it took effect."""
        from .document import load_document  # only here: most policies are tables, and each module costs time at start

        return self._take(lambda: load_document(text_of(file), str(file)), str(file))

    def _take(self, load: Callable[[], Loaded], origin: str) -> bool:
        try:
            loaded = load()
        except PolicyError as error:
            self.problems = error.problems
        except (OSError, UnicodeError) as error:
            self.problems = (Problem(f"cannot be read: {error}", origin, "check the path and its encoding (UTF-8)"),)
        else:
            self.current, self.problems = loaded.policy, loaded.warnings
            warned = f", {len(loaded.warnings)} warnings" if loaded.warnings else ""
            self.status = f"policy of {origin} in force{warned}"
            return True
        first = self.problems[0]
        kept = "the last good policy stays in force" if self.current is not None else "every call is refused"
        self.status = f"{origin}: {first.place}: {first.message}; {kept}"
        return False


def text_of(file: Path) -> str:
    """The text of a policy file; of a huge one just enough for a loader to see that it is too large.

    Line ends stay as they are, because a lone carriage return hides text in some editors, and YAML refuses it.

    Raises:
        OSError: where the file cannot be read.
        UnicodeDecodeError: where it is not UTF-8.
    """
    with file.open("rb") as stream:
        data = stream.read(_MAX_BYTES + 1)
    return data.decode("utf-8", "strict" if len(data) <= _MAX_BYTES else "replace")
