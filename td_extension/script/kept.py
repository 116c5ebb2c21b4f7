"""What a script may keep on operators: plain data. Anything else may run when it is found there again.

`store` is judged as it is called. What is kept can also be changed in place, by whatever a list or a dictionary can
do, so an operator whose values are handed out is looked at again when the script has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..values import Capability
from .bridge import Bridge
from .permissions import Permissions

_MAX_DEPTH = 12
_MAX_PARTS = 200_000
_WHY = "what is no plain data may run when it is found there again"


class KeptValues:
    """Looks at what is kept on operators, on behalf of one watch.

    Args:
        permissions: stops the script.
        bridge: tells TouchDesigner's objects apart.
    """

    def __init__(self, permissions: Permissions, bridge: Bridge) -> None:
        self._permissions = permissions
        self._bridge = bridge
        self._before: dict[int, tuple[Any, dict[Any, Any]]] = {}

    def stored(self, operator: Any, method: str, values: Sequence[Any]) -> None:
        """Stop where anything but plain data is to be kept on an operator."""
        if not all(map(self._is_plain, values)):
            self._permissions.require(Capability.TD_CODE, f".{method} on {operator.path}", _WHY)

    def hands_out(self, operator: Any) -> None:
        """Remember what is kept on `operator` and above it, and is no plain data, before it can be changed in place."""
        if self._permissions.permits(Capability.TD_CODE):
            return
        while operator is not None and operator.id not in self._before:
            self._before[operator.id] = operator, self._not_plain(operator)
            operator = operator.parent()

    def settle(self) -> None:
        """Take away what was put in place and is no plain data, and stop for it."""
        changed = []
        for operator, before in self._before.values():
            for key, value in (self._not_plain(operator) if operator.valid else {}).items():
                if key in before and before[key] is value:
                    continue
                changed.append(operator.path)
                del operator.storage[key]
                if key in before:
                    operator.storage[key] = before[key]
        for path in changed:
            self._permissions.require(Capability.TD_CODE, f"keeping a value in .storage of {path}", _WHY)

    def _not_plain(self, operator: Any) -> dict[Any, Any]:
        kept = operator.storage.items()
        return {key: value for key, value in kept if not (self._is_plain(key) and self._is_plain(value))}

    def _is_plain(self, value: Any) -> bool:
        """Whether a value is plain data in every part; each part is looked at once, and not too many of them."""
        seen: set[int] = set()
        parts, depth, count = [value], 0, 0
        while parts:
            inner: list[Any] = []
            for part in parts:
                kind = type(part)
                if part is None or kind in (bool, int, float, str, bytes) or self._bridge.is_touchdesigners(kind):
                    continue
                if kind not in (dict, list, tuple, set):
                    return False
                if id(part) in seen:
                    continue
                seen.add(id(part))
                count += len(part)
                if count > _MAX_PARTS:
                    return False
                inner += part
                if kind is dict:
                    inner += part.values()
            parts, depth = inner, depth + 1
            if depth > _MAX_DEPTH:
                return False
        return True
