"""Node scopes: on which operators a tool may act.

    "nodes": {"within": ["/project1/show", "/project1/lights/**"], "except": ["/project1/show/audio"], "strict": false}

A scope covers an operator that `within` covers and `except` does not. What is left out is compared whatever its case,
what is let in exactly, so that a spelling can only lose. A table writes the same in one cell: ``/project1/show
-/project1/show/audio``. Patterns: `operator_path.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..values import Json
from .json_text import Node
from .operator_path import OperatorPathError, OperatorPattern, folded, names_of, operator_pattern
from .reading import Reading

MAX_PATTERNS = 64
_EXAMPLE = '{"within": ["/project1/show"], "except": ["/project1/show/audio"]}'
_KEYS = ("within", "except", "strict")


@dataclass(frozen=True, slots=True)
class NodeScope:
    """The operators on which a tool may act.

    Attributes:
        within: what is let in; ``/`` is everything.
        except_: what is left out again.
        strict: whether a script is refused that names an operator in a way that cannot be resolved from its text.
    """

    within: tuple[OperatorPattern, ...]
    except_: tuple[OperatorPattern, ...]
    strict: bool = False

    def allows(self, path: str) -> bool:
        """Whether the tool may act on the operator of an absolute path. What is no such path is not allowed."""
        names = names_of(path)
        if names is None:
            return False
        lower = folded(names)
        if any(pattern.may_cover(lower) for pattern in self.except_):
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
    within: Iterable[OperatorPattern], except_: Iterable[OperatorPattern] = (), *, strict: bool = False
) -> NodeScope:
    """A scope; TouchDesigner's own operators are left out of it, but for those that `within` names by themselves."""
    inside = tuple(dict.fromkeys(within)) or EVERYWHERE.within
    named = {one.parts[0].lower() for one in inside if one.parts}
    own = [one for one in DEFAULT_EXCEPT if one.parts[0] not in named]
    return NodeScope(inside, tuple(dict.fromkeys([*except_, *own])), strict)


def parse_nodes(text: str) -> NodeScope:
    """Read a scope from one line, e.g. a cell of the table; the word ``strict`` may stand in it.

    Raises:
        OperatorPathError: with what was found and what to write instead.
    """
    words = text.split(None, MAX_PATTERNS)
    if len(words) > MAX_PATTERNS:
        raise OperatorPathError("a scope has too many patterns", f"keep to {MAX_PATTERNS}")
    patterns = [word for word in words if word.lower() != "strict"]
    within = [operator_pattern(word) for word in patterns if not word.startswith("-")]
    except_ = [operator_pattern(word[1:]) for word in patterns if word.startswith("-")]
    return node_scope(within, except_, strict=len(patterns) < len(words))


def read_nodes(reading: Reading, node: Node | None, pointer: str) -> NodeScope | None:
    """Read a scope from a document; None where there is none, or where it is wrong, which is noted.

    Args:
        reading: the document.
        node: the value of ``nodes``: an object, one pattern, or a list of what is let in.
        pointer: the JSON pointer of that value.
    """
    if node is None:
        return None
    reading.remember(pointer, node.at)
    if not isinstance(node.value, dict):
        return node_scope(_patterns(reading, node, "nodes"))
    members = reading.members(node, _KEYS, "nodes", _EXAMPLE)
    strict = members.get("strict")
    if strict is not None and not isinstance(strict.value, bool):
        reading.expected(strict, "true or false for strict", "true")
    within = _patterns(reading, members["within"], "within") if "within" in members else []
    except_ = _patterns(reading, members["except"], "except") if "except" in members else []
    scope = node_scope(within, except_, strict=strict is not None and strict.value is True)
    _warn(reading, pointer, scope)
    return scope


def _warn(reading: Reading, pointer: str, scope: NodeScope) -> None:
    for one in scope.within:
        if one.is_plain and any(other.may_cover(one.folded) for other in scope.except_):
            message = f"{one.text} is left out again by except"
            reading.findings.warning(message, reading.place_of(pointer), "remove one of the two")


def _patterns(reading: Reading, node: Node, what: str) -> list[OperatorPattern]:
    found: list[OperatorPattern] = []
    entries = node.value if isinstance(node.value, tuple) else (node,)
    if isinstance(node.value, tuple) and not reading.few(node, f"patterns in {what}", MAX_PATTERNS):
        return found
    if not entries:
        reading.error(node.at, f"{what} is empty", 'write at least one path, such as ["/project1/show"]')
    for entry in entries:
        if not isinstance(entry.value, str):
            reading.expected(entry, f"the path of an operator in {what}", '"/project1/show"')
            continue
        try:
            found.append(operator_pattern(entry.value))
        except OperatorPathError as error:
            reading.error(entry.at, error.message, error.remedy)
    return found
