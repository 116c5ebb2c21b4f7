"""The names under which the watch stands in a script's namespace, and the marks by which the judge asks for a look.

The hooks are names with a blank in them, which no Python text can spell, shadow or delete. A mark is an attribute of a
node: the judge sets it where it had to guess, and `instrument` puts the look there.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from .acting_members import CONTENT, FILLING, MAKERS, SAVING, SIZED, STORING


class Hook(enum.Enum):
    """What the watch does when the script comes there; `execute` says with which method."""

    NEXT = "policyguard next"
    UNSEEN = "policyguard unseen"
    TICK = "policyguard tick"
    READ = "policyguard read"
    WRITE = "policyguard write"
    PLACE = "policyguard place"
    SLICE = "policyguard slice"
    MAKE = "policyguard make"
    CHANGE = "policyguard change"
    HELD = "policyguard held"
    OWNED = "policyguard owned"
    SIZED = "policyguard sized"
    METHOD = "policyguard method"
    PRODUCT = "policyguard product"
    POWER = "policyguard power"
    SHIFT = "policyguard shift"
    TOTAL = "policyguard total"
    REMAINDER = "policyguard remainder"
    MATRIX = "policyguard matrix"
    BEFORE_PRODUCT = "policyguard before product"
    BEFORE_POWER = "policyguard before power"
    BEFORE_SHIFT = "policyguard before shift"
    BEFORE_TOTAL = "policyguard before total"
    BEFORE_REMAINDER = "policyguard before remainder"
    BEFORE_MATRIX = "policyguard before matrix"
    SPECIFICATION = "policyguard specification"
    COMPARED = "policyguard compared"
    BUILT = "policyguard built"
    TEXT = "policyguard text"
    WALKED = "policyguard walked"
    TUPLED = "policyguard tupled"
    SPREAD = "policyguard spread"
    LAST = "policyguard last"


HELD_BY_TOUCHDESIGNER = "held_by_touchdesigner"
"""The mark that the judge sets on an attribute node which it let pass because a parameter or a panel value seems meant.

Any name may stand there; whether its receiver really is TouchDesigner's is looked at when it runs.
"""

OWNED_BY_THE_SCRIPT = "owned_by_the_script"
"""The mark of an attribute that the judge let pass because its object seems to be of a class of the script's own."""

MAY_BE_LARGE = "may_be_large"
"""The mark of an operation whose operands are to be looked at when it runs."""

CALLED_THROUGH: Mapping[str, Hook] = {
    **dict.fromkeys(MAKERS, Hook.MAKE),
    **dict.fromkeys(CONTENT | FILLING | STORING | SAVING, Hook.CHANGE),
    **dict.fromkeys(SIZED, Hook.SIZED),
}
"""Methods that are called through a hook, which sees their arguments or what has come of them.

Where one is not called but taken as a value, the value calls through the hook.
"""

BUILDING = frozenset({"str", "set", "frozenset", "dict", "tuple", "bytes", "bytearray"})
"""Classes that walk through what they are given, look up each part of it, or are as long as a number says."""
