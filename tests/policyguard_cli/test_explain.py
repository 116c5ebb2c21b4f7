"""`policyguard check --explain`: a hostile script, made readable, with what each line does."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner, Result

import td_extension.script
from policyguard_cli.application import app
from policyguard_cli.explain import escaped, explain
from policyguard_cli.verdict import Judge
from td_extension.policy.script_rule import parse_rule
from td_extension.script.catalog_text import load_catalog

Explain = Callable[..., str]


@pytest.fixture(scope="module")
def explained() -> Explain:
    """Judges a script by a rule, and gives what is printed about it."""
    file = Path(td_extension.script.__file__).parent / "catalog.json"
    catalog = load_catalog(file.read_text(encoding="utf-8"))

    def explain_script(text: str, rule: str = "edit", terminal: bool = False) -> str:
        verdict = Judge(catalog, parse_rule(rule), "/project1/PolicyGuard").verdict("-", text.encode())
        out = io.StringIO()
        console = Console(file=out, force_terminal=terminal, color_system="standard" if terminal else "auto")
        explain(console, text, verdict.ruling, verdict.grants)
        return out.getvalue()

    return explain_script


def run(text: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", "--explain", *arguments, "-"], input=text.encode())


def test_every_line_stands_there_with_the_mark_of_its_gravest_use(explained: Explain) -> None:
    text = "x = 1\nop('a').name\nop('t').text = 'x'\nop('a').destroy()\nimport os\n"
    told = explained(text, "edit ?td.delete +process").splitlines()
    lines = [line for line in told if line[2:6].strip().isdigit()]
    assert [line[:9] for line in lines] == [f"{mark}    {n} | " for n, mark in enumerate(" .~?.", 1)]
    assert [line[9:] for line in lines] == text.splitlines()


def test_a_use_is_told_with_its_column_its_capability_its_reason_and_its_hint(explained: Explain) -> None:
    told = explained("op('a').destroy()\nop('a').colour\n")
    assert re.search(r"\|   9: refused, needs td\.delete: \.destroy \(.+\)", told)
    assert re.search(r"\|   9: refused: \.colour \(.+\)\. Did you mean \.color\?", told)


def test_the_capabilities_are_summed_up_at_the_end(explained: Explain) -> None:
    told = explained("op('a').destroy()\nop('t').text = 'x'\nop('b').destroy()\n")
    summary = told[told.rindex("\n\n") :]
    assert "x td.delete      refused: line 1, 3\n" in summary
    assert "~ td.code        may need more, decided while it runs: line 2\n" in summary
    assert ". td.read        needs what is granted: line 1, 2, 3\n" in summary


def test_a_script_that_uses_nothing_says_so(explained: Explain) -> None:
    assert explained("x = 1\n").endswith("\n\nit uses nothing that needs a capability\n")


def test_colours_are_for_terminals_only(explained: Explain) -> None:
    assert "\x1b" not in explained("import os")
    assert "\x1b[1;31mx" in explained("import os", terminal=True)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\u202e", "\\u202e"), ("\u2066", "\\u2066"), ("\x1b[2J", "\\x1b[2J"), ("\u200b", "\\u200b"), ("\u200d", "\\u200d"),
        ("א", "\\u05d0"), ("\u00a0", "\\xa0"), ("\u2028", "\\u2028"), ("[bold]x[/]", "[bold]x[/]"), ("日本", "日本"),
        ("e\u0301", "e\u0301"), ("e\u0301\u0301\u0301", "e\u0301\u0301\\u0301"),
    ],
)  # fmt: skip
def test_what_hides_or_turns_text_is_escaped_and_markup_is_text(explained: Explain, hidden: str, shown: str) -> None:
    told = explained(f"x = 1  # {hidden}")
    assert f"     1 | x = 1  # {shown}\n" in told


def test_a_tab_goes_to_the_next_multiple_of_eight_as_python_counts_it() -> None:
    assert escaped("if x:\ty").plain == "if x:   y"
    assert escaped("\ty").plain == "        y"


def test_names_that_a_script_chooses_are_escaped_in_the_notes_too(explained: Explain) -> None:
    told = explained("op('/project1/PolicyGuard\u202e').par")
    assert "\u202e" not in told


@given(st.text(max_size=60))
def test_whatever_a_script_holds_only_what_can_be_seen_is_printed(explained: Explain, text: str) -> None:
    told = explained(text.encode("utf-8", "replace").decode())
    for line in told.split("\n"):
        assert line.isprintable()
        assert not {unicodedata.bidirectional(character) for character in line} & {"R", "AL", "AN", "RLO", "RLE", "LRO"}


def test_the_exit_code_is_that_of_the_verdict_and_the_marks_are_explained() -> None:
    result = run("import os")
    assert result.exit_code == 1
    assert result.stdout.startswith("x refused   ? a person approves it   ~ may need more, decided while it runs   . ")
    assert "-:1:1: deny: import os needs capability 'process'" in result.stdout
    assert run("x = 1").exit_code == 0


def test_a_text_that_is_too_large_is_not_printed() -> None:
    result = run("x" * 40_000)
    assert "32,769 characters are not shown" in result.stdout
    assert len(result.stdout) < 1_000


def test_explaining_to_a_program_is_a_usage_error() -> None:
    assert run("x", "--format", "json").exit_code == 2
