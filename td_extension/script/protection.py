"""Keeps a script away from PolicyGuard itself, from the servers it guards, and from operators outside the node scopes.

Operators are told apart by identity, as TouchDesigner gives them, never by a name in the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from ..policy.nodes import NodeScope
from ..values import Code
from .acting_members import LOADING_ANEW, OF_THE_GUARDS_PARENT
from .bridge import Bridge
from .permissions import Permissions

_HARMLESS_TO_THE_GUARD = frozenset(
    {"nodeX", "nodeY", "nodeCenterX", "nodeCenterY", "selected", "current", "viewer", "cook", "color"}
)
"""Members that move or look at the component's tile: a script that lays a network out need not spare it."""

_OF_A_HOLDER = OF_THE_GUARDS_PARENT | LOADING_ANEW


class Protection:
    """What one run must spare.

    Args:
        permissions: stops the script.
        bridge: tells TouchDesigner's objects apart.
        nodes: the operators on which the script may act lie in each of these.

    Attributes:
        created: the operators that the script has made, on which it may act wherever they lie.
    """

    def __init__(self, permissions: Permissions, bridge: Bridge, nodes: tuple[NodeScope, ...]) -> None:
        self._permissions = permissions
        self._bridge = bridge
        self._nodes = nodes
        self._inside: set[tuple[int, bool]] = set()
        self.created: list[Any] = []

    def spare(self, operator: Any, member: str) -> None:
        """Stop where using `member` on `operator` would undo the guard, or act outside the node scopes."""
        inside = member in _OF_A_HOLDER and self._bridge.holds_protected(operator)
        if inside or (member not in _HARMLESS_TO_THE_GUARD and self._bridge.is_protected(operator)):
            self._permissions.stop(
                Code.MISSING_CAPABILITY,
                f".{member} on {operator.path} touches PolicyGuard or the server it guards, which no policy can allow",
            )
        if self._nodes and (operator.id, member == "destroy") not in self._inside:
            self._stay_inside(operator, member)

    def _stay_inside(self, operator: Any, member: str) -> None:
        """Stop where `operator` lies outside the policy's node scopes. An operator that was let in stays let in."""
        path, whole = operator.path, member == "destroy"
        for scope in self._nodes:
            if not (scope.allows_whole(path) if whole else scope.allows(path)) and not self.made_here(operator):
                told = f".{member} on {path} acts outside the operators that may be used here: {scope.text}"
                self._permissions.stop(Code.OUTSIDE_NODES, told)
        self._inside.add((operator.id, whole))

    def made_here(self, operator: Any) -> bool:
        """Whether the script has created the operator, or one that it lies in."""
        made = {one.id for one in self.created if one.valid}
        while operator is not None and made:
            if operator.id in made:
                return True
            operator = operator.parent()
        return False

    def guards(self, operator: Any) -> bool:
        """Whether `operator` is protected, or something protected lies inside it."""
        return self._bridge.is_protected(operator) or self._bridge.holds_protected(operator)

    def spare_files(self, what: str, paths: Iterable[object]) -> None:
        """Stop where a path, as TouchDesigner reads it, leads to a file of the guard's."""
        for path in paths:
            if isinstance(path, str) and path and self._bridge.is_guards_file(self._bridge.on_disk(path)):
                self.stop_at_files(what)

    def stop_at_files(self, what: str) -> NoReturn:
        """Stop at a file of the guard's: its audit, its grants, the policy."""
        self._permissions.stop(
            Code.MISSING_CAPABILITY,
            f"{what} on a file of its own touches PolicyGuard or the server it guards, which no policy can allow",
        )

    def leads_to_the_guard(self, path: str) -> bool:
        """Whether a path, absolute and with its links resolved, is one of the guard's files."""
        return self._bridge.is_guards_file(path)
