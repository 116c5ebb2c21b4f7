"""No text brings down, stalls or bloats the process that judges it, whatever stack its thread has.

The texts are judged in child processes: one that crashes is a failed test here, and not the end of the tests.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.values import Code

from .hostile_texts import CHAINS, GUARD, texts

ROOT = Path(__file__).parents[2]
MAX_PEAK_MB = 60.0
_MAX_CRASHES = 60

SMALL_STACKS = [(512, 1000), (1024, 1000), (512, 10_000)]
"""Stack in KB, and recursion limit. 1000 is Python's own; what runs in a project can raise it for all."""


@functools.cache
def outcomes(stack_kb: int, recursion_limit: int, memory: bool = False) -> dict[str, dict[str, Any]]:
    """What judging each text came to, by the text's name; a text that killed the process has ``crashed``."""
    found: dict[str, dict[str, Any]] = {}
    after: list[str] = []
    for _ in range(_MAX_CRASHES):
        command = [sys.executable, "-m", "tests.script.hostile_texts", str(stack_kb), str(recursion_limit), *after]
        child = subprocess.run(
            command + ["--memory"] * memory, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=240
        )
        lines = [json.loads(line) for line in child.stdout.splitlines()]
        found |= {line["ended"]: line for line in lines if "ended" in line}
        if child.returncode == 0:
            return found
        assert lines, child.stderr
        assert "begun" in lines[-1], child.stderr
        found[lines[-1]["begun"]] = {"crashed": child.returncode}
        after = ["--after", lines[-1]["begun"]]
    return found


def told(found: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
    return {name: outcome[key] for name, outcome in found.items() if key in outcome}


@pytest.mark.parametrize(("stack_kb", "recursion_limit"), SMALL_STACKS)
def test_no_text_crashes_a_thread_of_a_small_stack(stack_kb: int, recursion_limit: int) -> None:
    found = outcomes(stack_kb, recursion_limit)
    assert told(found, "crashed") == {}
    assert found.keys() == {name for name, _ in texts()}


@pytest.mark.parametrize(("stack_kb", "recursion_limit"), SMALL_STACKS)
def test_every_text_gives_a_report_and_no_exception(stack_kb: int, recursion_limit: int) -> None:
    assert told(outcomes(stack_kb, recursion_limit), "raised") == {}


@pytest.mark.parametrize(("stack_kb", "recursion_limit"), SMALL_STACKS)
def test_every_tree_that_is_judged_can_be_compiled_when_it_is_instrumented(stack_kb: int, recursion_limit: int) -> None:
    assert told(outcomes(stack_kb, recursion_limit), "compiled") == {}


def test_every_text_is_judged_within_its_time() -> None:
    found = outcomes(1024, 1000)
    timed = {name: outcome for name, outcome in found.items() if "took_ms" in outcome}
    assert len(timed) > len(CHAINS)
    assert {
        name: (outcome["took_ms"], outcome["limit_ms"])
        for name, outcome in timed.items()
        if outcome["took_ms"] > outcome["limit_ms"]
    } == {}


def test_no_text_takes_more_than_its_memory() -> None:
    peaks = told(outcomes(8192, 1000, memory=True), "peak_mb")
    assert len(peaks) > len(CHAINS)
    assert {name: peak for name, peak in peaks.items() if peak > MAX_PEAK_MB} == {}


@pytest.mark.parametrize(
    "name",
    ["unary minus", "not", "lambda", "members", "calls", "items", "plus", "power", "conditions", "elif", "members in a pattern"],
)  # fmt: skip
def test_a_chain_without_end_is_refused_as_nested_too_deeply(catalog: Catalog, name: str) -> None:
    report = analyse(CHAINS[name](1000), catalog, GUARD)
    assert report.tree is None
    assert report.uses[0].code is Code.SCRIPT_SYNTAX
    assert "too deep" in report.uses[0].why


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a'" + " + 'b'" * 60,
        "x = 1\n" + "if x == 0: pass\n" + "elif x == 1: pass\n" * 60,
        "x = " + "[" * 20 + "1" + "]" * 20,
        "x = ''" + ".replace('a', 'b')" * 40,
        "x = 1\nx = " + "'a' if x == 1 else " * 40 + "'b'",
        "# " + "-" * 200 + "\nx = '" + "-" * 200 + "'\nprint('=' * 40, '" + "not " * 300 + "')",
        '"""' + "~" * 300 + '\nlambda: lambda: lambda:\n"""\nx = 1',
        "x = [" + "-1, " * 900 + "]",
        "x = [" + "(1 + 2) * 3 - 4 / 5, " * 300 + "]",
        "x = {" + "".join(f"'k{i}': [-{i}.5, not 1]," for i in range(300)) + "}",
        "x = " + " and ".join(["not 1"] * 200),
        "x = 1" + " < 2" * 200,
        "".join(" " * i + "if 1:\n" for i in range(20)) + " " * 20 + "pass",
        "x = -1\n" * 900,
        "x = 1\n" + ("if x: pass\n" + "elif x: pass\n" * 8) * 16,
        "x = (" + "'%s - %s - %s.-'\n" * 90 + ") % (1, 2)",
        "x = '''void main() {\n" + "    a.xyz = b.xyz * 2.0 - c.xyz / 3.0;\n" * 200 + "}'''",
        "x = f'''\n" + "vec3 a{{}} = b.xyz * 2.0 - c.xyz / 3.0; // -----\n" * 60 + "'''",
        "i = 0\nx = f'''\n" + "out.a -= {i} * 0.5 - {i + 1}; // {{}}\n" * 60 + "'''",
    ],
)
def test_what_people_nest_is_not_refused(catalog: Catalog, text: str) -> None:
    assert analyse(text, catalog, GUARD).tree is not None
