"""Scripts that come again: neither judged nor compiled twice, within bounds, and nothing of a caller is kept."""

from __future__ import annotations

import ast
from collections import OrderedDict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.script.analyse import analyse
from td_extension.script.cache import Basis, JudgedScripts
from td_extension.script.catalog import Catalog
from td_extension.script.execute import with_code
from td_extension.script.report import ScriptReport
from td_extension.values import Code

GUARD = ("/project1/PolicyGuard",)


def basis(text: str, tool: str = "execute_python_script", protected: tuple[str, ...] = GUARD) -> Basis:
    return Basis(text, tool, "catalog", protected)


def compiled(report: ScriptReport) -> ScriptReport:
    return with_code(report, frozenset())


class Judged:
    """A cache over a judge that counts."""

    def __init__(self, max_scripts: int = 4, max_bytes: int = 10**7) -> None:
        self.asked: list[Basis] = []
        self.scripts = JudgedScripts(self.judge, compiled, max_scripts=max_scripts, max_bytes=max_bytes)

    def judge(self, one: Basis) -> ScriptReport:
        self.asked.append(one)
        return ScriptReport(one.text, 1, (), (), ast.parse(one.text))

    def run(self, one: Basis) -> ScriptReport:
        return self.scripts.runnable(one, self.scripts.report(one))


def test_a_script_that_ran_is_neither_judged_nor_compiled_again() -> None:
    judged = Judged()
    first, second = judged.run(basis("1 + 1")), judged.run(basis("1 + 1"))
    assert len(judged.asked) == 1
    assert first.code is not None
    assert second.code is first.code


def test_a_refused_script_is_not_judged_again_and_its_tree_is_not_kept() -> None:
    judged = Judged()
    assert judged.scripts.report(basis("x")).tree is not None
    known = judged.scripts.report(basis("x"))
    assert len(judged.asked) == 1
    assert (known.tree, known.code) == (None, None)


def test_a_script_that_was_refused_before_is_judged_again_before_it_runs() -> None:
    judged = Judged()
    judged.scripts.report(basis("x = 1"))
    ready = judged.run(basis("x = 1"))
    assert len(judged.asked) == 2
    assert ready.code is not None


def test_the_code_is_that_of_the_tree_that_was_judged_and_used_up() -> None:
    judged = Judged()
    report = judged.scripts.report(basis("result = 6 * 7"))
    ready = judged.scripts.runnable(basis("result = 6 * 7"), report)
    names: dict[str, object] = {}
    assert ready.code is not None
    exec(ready.code, names)
    assert (names["result"], ready.tree) == (42, None)


@pytest.mark.parametrize(
    "other",
    [
        basis("1 + 2"),
        basis("1 + 1 "),
        basis("1 + 1", tool="get_top_image"),
        basis("1 + 1", protected=("/project1/other",)),
        replace(basis("1 + 1"), catalog="another"),
    ],
)
def test_a_judgement_counts_only_where_everything_is_the_same(other: Basis) -> None:
    judged = Judged()
    judged.run(basis("1 + 1"))
    judged.run(other)
    assert judged.asked == [basis("1 + 1"), other]


def test_what_does_not_compile_is_the_report_of_a_text_that_is_no_script() -> None:
    judged = Judged()
    ready = judged.run(basis("x = 1\nreturn x"))
    (use,) = ready.uses
    assert (use.code, use.line, use.needs, ready.code) == (Code.SCRIPT_SYNTAX, 2, None, None)
    assert judged.run(basis("x = 1\nreturn x")).code is None


def test_the_least_recently_used_script_is_dropped_first() -> None:
    judged = Judged(max_scripts=2)
    for text in ("1", "2", "1", "3", "1", "2"):
        judged.run(basis(text))
    assert [one.text for one in judged.asked] == ["1", "2", "3", "2"]


def test_what_is_larger_than_all_that_may_be_kept_is_not_kept() -> None:
    judged = Judged(max_bytes=2_000)
    judged.run(basis("1"))
    assert len(judged.scripts) == 1
    judged.run(basis("x = 1\n" * 500))
    assert [len(judged.scripts), judged.scripts.bytes < 2_000] == [1, True]


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=40), st.integers(0, 4), st.integers(0, 6_000))
def test_the_bounds_hold_and_the_last_used_are_kept_whatever_comes(
    calls: list[tuple[int, bool]], max_scripts: int, max_bytes: int
) -> None:
    judged = Judged(max_scripts, max_bytes)
    used: OrderedDict[int, None] = OrderedDict()
    for number, runs in calls:
        one = basis("x = 1\n" * number + str(number))
        report = judged.run(one) if runs else judged.scripts.report(one)
        assert report.sha256 == one.text
        used.pop(number, None)
        used[number] = None
        assert len(judged.scripts) <= max_scripts
        assert 0 <= judged.scripts.bytes <= max_bytes
    before = len(judged.asked)
    for number in list(used)[len(used) - len(judged.scripts) :] if max_bytes == 6_000 else ():
        judged.scripts.report(basis("x = 1\n" * number + str(number)))
    assert len(judged.asked) == before


def test_the_report_of_a_script_that_ran_says_the_same_as_before(catalog: Catalog) -> None:
    scripts = JudgedScripts(lambda one: analyse(one.text, catalog, one.protected), compiled, max_scripts=2)
    text = "class C:\n    def go(self):\n        return 1\nop('/project1').create(noiseTOP)\nC().go()"
    first = scripts.report(basis(text))
    assert scripts.runnable(basis(text), first) == first
    assert scripts.report(basis(text)) == first
