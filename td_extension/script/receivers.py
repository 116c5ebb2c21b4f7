"""What a value is to a script: its own, or not; and what it is exactly, whatever it says of itself."""

from __future__ import annotations

from typing import Any

from .bridge import SCRIPT


def is_of_the_script(value: object) -> bool:
    """Whether `value` is a class that the script defines, or an instance of one."""
    kind = value if isinstance(value, type) else type(value)
    return any(vars(one).get("__module__") == SCRIPT for one in kind.__mro__)


def defines(value: object, member: str) -> bool:
    """Whether it is the script's own class, or the instance itself, that gives `value` the member."""
    kind = value if isinstance(value, type) else type(value)
    own = [one for one in kind.__mro__ if vars(one).get("__module__") == SCRIPT]
    if any(member in vars(one) or member in vars(one).get("_member_map_", ()) for one in own):
        return True
    try:
        return bool(own) and member in object.__getattribute__(value, "__dict__")
    except AttributeError:
        return False


def inherits(value: Any, member: str) -> bool:
    """Whether what ``super()`` finds under a member's name is the script's own, or the making of an object."""
    if member == "__init__":
        return True
    classes = value.__self_class__.__mro__
    for one in classes[classes.index(value.__thisclass__) + 1 :]:
        if member in vars(one):
            return bool(vars(one).get("__module__") == SCRIPT)
    return False


def exact(value: Any) -> Any:
    """`value` as TouchDesigner will take it: a subclass of str, list or tuple may tell a check something else."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list):
        return list(list.__iter__(value))
    if isinstance(value, tuple):
        return tuple(tuple.__iter__(value)) if type(value) is tuple or is_of_the_script(value) else value
    return value
