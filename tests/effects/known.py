"""What the measurement cannot show, and what the guard does not keep from its effect, each with its reason.

Every entry is checked: one that is no longer an exception fails a test.
"""

from __future__ import annotations

NOT_MEASURED: dict[str, str] = {
    "m-direct-assert-msg": "the message of an assertion that holds is never evaluated",
    "m-dunder-name-mangling": "the method that would reach a loader is never called",
    "m-ns-shadow-tick": "it only defines a function, named like another guard's hook",
    "m-ns-shadow-import": "it only renames a module, to the name of another guard's hook",
    "m-uni-def-name": "it only defines a function, named like another guard's hook when normalised",
    "m-enc-unicode-escape-cookie": "the comment is code only to who reads the script as bytes; a server gets a text",
    "m-parse-elif-900": "its harm is the time and the stack of parsing: tests/script/test_hostile_text.py measures it",
    "m-parse-wide-list": "its harm is the time and the memory of parsing: tests/script/test_hostile_text.py measures it",
    "m-parse-deep-binop": "Python does not compile it",
    "m-parse-memoryerror-not": "Python does not parse it",
    "m-parse-syntaxerror-eval-fallback": "Python does not parse it; the server it aims at is not touchdesigner-mcp",
    "m-parse-bad-utf8": "its bytes are no UTF-8, so no server gets a text",
    "m-parse-tab-space": "Python does not parse it",
    "m-dos-recursion": "Python ends the recursion within a millisecond",
    "m-dos-selfref-result": "touchdesigner-mcp's reading of the result ends in a RecursionError",
}
"""Scripts to deny that reach no sink even unguarded: that they reach none under the guard shows nothing."""

NOT_STOPPED: dict[str, str] = {}
"""Scripts to deny that reach a sink under the guard: what Python in the same process cannot stop, and defects."""

GREY_REACHED: dict[str, str] = {
    "m-td-bypass-all": "allowed: a flag, which can be set back; what was set before the stop stays set",
}
"""Scripts on which reasonable policies differ that reach a sink under the guard."""

ONLY_JUDGED: dict[str, str] = {
    "m-td-op-class": "classes are read by instructions of the interpreter: no check stands at an attribute of that name",
}
"""Vectors of TouchDesigner that the run-time layer alone lets through: the judgement alone stops them."""
