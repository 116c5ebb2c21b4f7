"""Node scopes: on which operators a tool may act.

    "nodes": {"within": ["/project1/show", "/project1/lights/**"], "except": ["/project1/show/audio"], "strict": false}

A scope covers an operator that `within` covers and `except` does not. What is left out is compared whatever its case,
what is let in exactly, so that a spelling can only lose. A table writes the same in one cell: ``/project1/show
-/project1/show/audio``. Patterns: `operator_path.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..values import Json
from .operator_path import OperatorPathError, OperatorPattern, folded, names_of, operator_pattern

MAX_PATTERNS = 64


@dataclass(frozen=True, slots=True)
class NodeScope:
    """The operators on which a tool may act.

    Attributes:
        within: what is let in; ``/`` is everything.
        except_: what is left out again.
        strict: whether a script is refused that names an operator in a way that cannot be resolved from its text.
        pointer: JSON pointer of the place where it is stated; empty for what holds where nothing is.
    """

    within: tuple[OperatorPattern, ...]
    except_: tuple[OperatorPattern, ...]
    strict: bool = False
    pointer: str = field(default="", compare=False)

    def allows(self, path: str) -> bool:
        """Whether the tool may act on the operator of an absolute path. What is no such path is not allowed."""
        names = names_of(path)
        if names is None:
            return False
        lower = folded(names)
        for pattern in self.except_:  # every call comes by here, and any() takes twice as long
            if pattern.may_cover(lower):
                return False
        return any(pattern.covers(names) for pattern in self.within)

    def allows_whole(self, path: str) -> bool:
        """Whether the tool may act on that operator and on whatever lies inside it, as one that deletes it does."""
        names = names_of(path)
        if names is None:
            return False
        lower = folded(names)
        if any(pattern.may_reach_into(lower) for pattern in self.except_):
            return False
        return any(pattern.covers(names) and pattern.covers_inside() for pattern in self.within)

    @property
    def text(self) -> str:
        """The scope for people and for a cell of the table, e.g. ``/project1/show -/sys``."""
        return " ".join([*(one.text for one in self.within), *(f"-{one.text}" for one in self.except_)])

    def content(self) -> Json:
        """All of the scope, in one spelling, for a policy's digest."""
        return {
            "within": sorted(one.text for one in self.within),
            "except": sorted(one.text for one in self.except_),
            "strict": self.strict,
        }


DEFAULT_EXCEPT = tuple(operator_pattern(path) for path in ("/sys", "/ui", "/local"))
"""TouchDesigner's own operators: left out of every scope unless `within` names them (DESIGN section 3)."""
EVERYWHERE = NodeScope((operator_pattern("/"),), DEFAULT_EXCEPT)
"""What holds where a policy says nothing."""


def node_scope(
    within: Iterable[OperatorPattern],
    except_: Iterable[OperatorPattern] = (),
    *,
    strict: bool = False,
    pointer: str = "",
) -> NodeScope:
    """A scope; TouchDesigner's own operators are left out of it, but for those that `within` names by themselves."""
    inside = tuple(dict.fromkeys(within)) or EVERYWHERE.within
    named = {one.parts[0].lower() for one in inside if one.parts}
    own = [one for one in DEFAULT_EXCEPT if one.parts[0] not in named]
    return NodeScope(inside, tuple(dict.fromkeys([*except_, *own])), strict, pointer)


def parse_nodes(text: str, pointer: str = "") -> NodeScope:
    """Read a scope from one line, e.g. a cell of the table; the word ``strict`` may stand in it.

    Args:
        text: the line.
        pointer: JSON pointer of the place where it stands.

    Raises:
        OperatorPathError: with what was found and what to write instead.
    """
    words = text.split(None, MAX_PATTERNS)
    if len(words) > MAX_PATTERNS:
        raise OperatorPathError("a scope has too many patterns", f"keep to {MAX_PATTERNS}")
    patterns = [word for word in words if word.lower() != "strict"]
    within = [operator_pattern(word) for word in patterns if not word.startswith("-")]
    except_ = [operator_pattern(word[1:]) for word in patterns if word.startswith("-")]
    return node_scope(within, except_, strict=len(patterns) < len(words), pointer=pointer)
