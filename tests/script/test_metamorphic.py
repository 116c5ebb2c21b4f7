"""No rule is keyed to a script: what a script says may change, and what it does decides.

Every script whose verdict is known is rewritten, and its verdict must stay.
"""

from __future__ import annotations

import functools

import pytest

from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog

from .corpora import GUARD, Script, given, own
from .transformations import ALL

ABOUT_THE_TEXT = {"parser", "dos-parse", "unparsable", "unicode", "namespace"}
"""Families whose technique lies in the spelling itself: rewritten, they are other scripts."""

AT_LEAST = {"reordered": 30, "renamed": 250, "in_a_function": 350}
"""How many scripts a rewriting has to apply to. Without this, one that never applies would pass."""

ABOUT_THE_REPLY = {"deny-cost/c-last-expression-large"}
"""Scripts whose last expression is what is wrong: it is the reply no more where it stands in a function or a block."""


@functools.cache
def scripts() -> list[Script]:
    return [
        script
        for script in [*given(), *own()]
        if script.family not in ABOUT_THE_TEXT and script.id not in ABOUT_THE_REPLY and _parses(script.text)
    ]


def _parses(text: str | None) -> bool:
    try:
        compile(text or "", "script", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(text)


def refusals(text: str, catalog: Catalog) -> set[str]:
    """What is refused under `edit`: each capability that is missing, or the code where none would help."""
    report = analyse(text, catalog, GUARD)
    missing = {use.needs.value for use in report.uses if use.needs is not None and use.needs not in PROFILES["edit"]}
    return missing | {use.code.value for use in report.uses if use.needs is None}


@pytest.mark.parametrize("name", ALL)
def test_a_script_that_is_rewritten_keeps_its_verdict(catalog: Catalog, name: str) -> None:
    changed: list[str] = []
    applied = 0
    for script in scripts():
        assert script.text is not None
        rewritten = ALL[name](script.text, catalog)
        if rewritten is None:
            continue
        applied += 1
        before, after = refusals(script.text, catalog), refusals(rewritten, catalog)
        if before != after:
            changed.append(f"{script.id} {name}: {sorted(before) or 'allowed'} became {sorted(after) or 'allowed'}")
    assert changed == []
    assert applied >= AT_LEAST.get(name, 400)


COMPUTING = [
    "import math as m\nfrom json import dumps\nx = 2\ny = 3\ndef f(a, b=1):\n    return a * b + m.floor(2.5)\nresult = dumps(f(x, b=y))",
    "class Cue:\n    kinds = 0\n    def __init__(self, label):\n        self.label = label\n        self.kinds += 1\nresult = Cue(label='a').label * Cue('b').kinds",
    "total = 0\ndef add(n):\n    global total\n    total += n\nfor i in range(4):\n    add(i)\nresult = total",
    "def counter():\n    seen = 0\n    def step():\n        nonlocal seen\n        seen += 1\n        return seen\n    return step\nstep = counter()\nstep()\nresult = step()",
    "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    told = str(error)\nresult = [c for c in told if (d := c) > 'm' and d]",
    "match {'a': [1, 2, 3], 'b': 4}:\n    case {'a': [first, *others], **left}:\n        result = (first, others, left)",
    "label = 'x'\nrow = {'label': label}\nresult = '{label} {0}'.format(1, label=row['label']) + f'{label!r:>5}'",
    "one = 1\ntwo = 2\nprint(one)\nthree = one, two\nresult = three",
]  # fmt: skip


@pytest.mark.parametrize("text", COMPUTING)
@pytest.mark.parametrize("name", [name for name in ALL if name != "without_its_first_line"])
def test_a_script_that_is_rewritten_computes_the_same(catalog: Catalog, name: str, text: str) -> None:
    """Else the verdict of the rewritten script would say nothing about the first."""
    rewritten = ALL[name](text, catalog)
    assert result_of(rewritten or text) == result_of(text)


def result_of(text: str) -> object:
    # `in_a_function` makes `result` a local name, which its last line can hand out.
    if text.endswith("\neverything()"):
        head, _, _ = text.rpartition("\neverything()")
        text = head + "\n    return result\nresult = everything()"
    names: dict[str, object] = {"__name__": "script"}
    exec(compile(text, "script", "exec"), names)
    return names["result"]
