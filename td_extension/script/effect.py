"""What a call without a script would do, as its caller is told; `effects.py` finds it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..values import Category, Code, Refusal

CHANGING = frozenset({"exec_node_method", "update_td_node_parameters", "create_td_node", "delete_td_node"})
"""The tools without a script that change what they name."""


def nothing_to_settle() -> Refusal | None:
    """What is asked after a call that changes nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call without a script would do.

    Attributes:
        refusal: why it may not happen; None where it may.
        settled: to be asked once it has happened: undoes what must not stand, and says why; None where all may stand.
    """

    refusal: Refusal | None
    settled: Callable[[], Refusal | None] = nothing_to_settle


def unresolved(path: str) -> Refusal:
    """The refusal of a path that names nothing here, and could be read otherwise by the server."""
    return Refusal(
        Category.PERMISSION,
        Code.UNRESOLVED_PATH,
        f"{path[:120]!r} names no operator here; name it by its absolute path, such as /project1/noise1",
    )
