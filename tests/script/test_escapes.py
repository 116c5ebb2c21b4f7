"""Ways out of a judged script that were found once: each stays shut where the script runs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import pytest

from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.values import Code

Run = Callable[..., Finished | Raised | Stopped]


def stopped(outcome: Finished | Raised | Stopped) -> str:
    assert isinstance(outcome, Stopped), outcome
    return outcome.refusal.message


def raised(outcome: Finished | Raised | Stopped) -> str:
    assert isinstance(outcome, Raised), outcome
    return outcome.error


def test_a_deep_copy_tells_nobody_what_lies_inside(run: Run) -> None:
    """Builtins are methods of the guard's: with a memo of its own, a script got hold of the watch's dictionary."""
    text = "from copy import deepcopy\nclass Memo(dict):\n    pass\ndeepcopy(pow, Memo())"
    assert "copied_deeply() takes 1 positional argument" in raised(run(text))
    assert "memo" in raised(run("import copy\ncopy.deepcopy(pow, memo={})"))
    assert run("import copy\nresult = copy.deepcopy([[1], {'a': 2}])") == Finished([[1], {"a": 2}], "", "")


@pytest.mark.parametrize("base", ["Type", "Type[int]"])
def test_what_stands_for_the_class_of_classes_is_no_base(run: Run, base: str) -> None:
    """`M('X', (), {'__del__': …})` would make a class with any special method, and of any module."""
    text = f"from typing import Type\nclass M({base}):\n    pass\nM('X', (), {{'__module__': 'td'}})"
    assert "cannot be made from type" in raised(run(text))


def test_generic_bases_are_still_bases(run: Run) -> None:
    text = "from typing import Generic, List, TypeVar\nT = TypeVar('T')\nclass A(Generic[T]):\n    pass\n"
    assert run(f"{text}class B(List[int]):\n    pass\nresult = len(B([1, 2]))") == Finished(2, "", "")


def test_a_template_has_no_subclasses(run: Run) -> None:
    text = "from string import Template\nclass T(Template):\n    pattern = '(a+)+b'\nT('a').safe_substitute()"
    assert "is no base here" in raised(run(text, judged=False))
    assert run("import string\nresult = string.Template('$a b').substitute(a=1)") == Finished("1 b", "", "")


STORED_BY_ALIAS = [
    "keep = op('/project1').store\nkeep('k', lambda: 1)",
    "getattr(op('/project1'), 'store')('k', lambda: 1)",
    "for keep in [op('/project1').store]:\n    keep('k', lambda: 1)",
    "@op('/project1').store\nclass A:\n    pass",
]


@pytest.mark.parametrize("text", STORED_BY_ALIAS)
def test_a_method_is_looked_at_also_where_it_is_called_by_another_name(run: Run, td: Any, text: str) -> None:
    outcome = run(text)
    assert not isinstance(outcome, Finished)
    assert "k" not in td.op("/project1").storage


@pytest.mark.parametrize("way", ["w = d.write\nw('\\n' + code)", "list(map(d.appendRow, [[code]]))"])
def test_a_text_that_is_run_is_looked_at_whatever_its_method_is_called(run: Run, td: Any, way: str) -> None:
    hook = td.op("/project1").create(td.executeDAT, "hook")
    hook.text = "x = 1"
    outcome = run(f"d = op('/project1/hook')\ncode = 'im' + 'port os'\n{way}", "build", judged=False)
    assert not isinstance(outcome, Finished)
    assert hook.text in ("x = 1", "")


def test_methods_taken_as_values_still_work(run: Run) -> None:
    text = """
join = ''.join
d = op('/project1').create(textDAT)
w = d.write
w('hello')
class Log:
    def write(self, line):
        return line
log = Log().write
result = [join(['a', 'b']), list(map('x'.ljust, [2, 3])), d.text, log('own'), getattr([1], 'copy')()]
"""
    assert run(text) == Finished(["ab", ["x ", "x  "], "hello", "own", [1]], "", "")


LEFT_IN_PLACE = [
    "op('/project1').storage['k'] = lambda: 1",
    "op('/project1').storage.update(k=lambda: 1)\n1 / 0",
    "op('/project1/noise1').fetch('kept').append(op)",
    "op('/project1').fetch('kept').append(iter([]))",
    "op('/project1').storage['kept'] = [[[lambda: 1]]]",
]


@pytest.mark.parametrize("text", LEFT_IN_PLACE)
def test_what_is_no_plain_data_is_not_left_in_a_live_container(run: Run, td: Any, text: str) -> None:
    project = td.op("/project1")
    project.store("kept", [1])
    assert "needs capability 'td.code'" in stopped(run(text))
    assert "k" not in project.storage
    assert "kept" not in project.storage or project.storage["kept"] == [1]


def test_plain_data_may_be_changed_in_place_and_what_was_there_stays(run: Run, td: Any) -> None:
    project = td.op("/project1")
    project.store("theirs", iter([]))
    text = "s = op('/project1').storage\ns['a'] = [1]\ns['a'].append({'b': (2,)})\nresult = s['a']"
    assert run(text) == Finished([1, {"b": [2]}], "", "")
    assert "theirs" in project.storage


def test_data_that_shares_its_parts_is_looked_at_once_and_kept_if_others_can_walk_through_it(run: Run) -> None:
    text = "a = [1] * 100\nfor _ in range(LEVELS):\n    a = [a] * 100\nop('/project1').store('k', a)\nresult = 1"
    assert isinstance(run(text.replace("LEVELS", "1")), Finished)
    assert "shared counted as often as they are met" in stopped(run(text.replace("LEVELS", "9")))


def test_a_generator_does_nothing_after_the_call(run: Run, td: Any) -> None:
    """In a cycle it is closed when the collector comes by, long after the call."""
    text = """
def late(box, find):
    try:
        yield 1
    finally:
        setattr(find('/project1/noise1').par, 'period', 7)
box = []
box.append(late(box, op))
next(box[0])
"""
    before = td.op("/project1/noise1").par.period.eval()
    assert isinstance(run(text), Finished)
    gc.collect()
    assert td.op("/project1/noise1").par.period.eval() == before


@pytest.mark.parametrize("member", ["expr", "bindExpr"])
def test_a_parameter_that_names_a_file_takes_no_expression(run: Run, td: Any, member: str) -> None:
    made = td.op("/project1").create(td.moviefileinTOP, "movie")
    outcome = run(f"op('/project1/movie').par.file.{member} = \"op('/project1').par.Where\"")
    assert "needs capability 'file.read'" in stopped(outcome)
    assert getattr(made.par.file, member) in ("", None)
    assert isinstance(run(f"op('/project1/movie').par.file.{member} = ''"), Finished)


def test_an_expression_that_was_kept_does_not_come_into_force_on_a_file(run: Run, td: Any) -> None:
    made = td.op("/project1").create(td.moviefileinTOP, "movie")
    made.par.file.expr = "'a.mov'"
    made.par.file.mode = td.ParMode.CONSTANT
    text = "op('/project1/movie').par.file.mode = ParMode."
    assert isinstance(run(text + "CONSTANT"), Finished)
    assert "needs capability 'file.read'" in stopped(run(text + "EXPRESSION"))


@pytest.mark.parametrize("source", ["{a}", "(a,)[0] and {a: 1}", "(x for x in [a])", "map(op, ['/project1/noise1'])"])
def test_only_what_can_be_looked_into_is_copied(run: Run, source: str) -> None:
    text = f"a = op('/project1/noise1')\nop('/project1').copyOPs({source})"
    assert "takes operators, or a list of them" in stopped(run(text))


def test_nothing_flows_into_a_text_that_is_run(run: Run, td: Any) -> None:
    project = td.op("/project1")
    code, evil = project.create(td.nullDAT, "code"), project.create(td.textDAT, "evil")
    evil.text = "import os"
    project.create(td.timerCHOP, "timer9").par.callbacks = "code"
    text = "op('/project1/code').inputConnectors[0].connect(op('/project1/evil'))"
    assert "needs capability 'td.code'" in stopped(run(text))
    assert "import os" in stopped(run(text, "build"))
    code.inputConnectors[0].connect(evil)
    assert "needs capability 'td.code'" in stopped(run("op('/project1/evil').text = '1'"))
    text = "t = 'import ' + 'ctypes'\nop('/project1/evil').text = t"
    assert "import ctypes" in stopped(run(text, "build", judged=False))


def test_nothing_is_selected_into_a_text_that_is_run(run: Run, td: Any) -> None:
    project = td.op("/project1")
    project.create(td.textDAT, "evil")
    code = project.create(td.selectDAT, "code")
    project.create(td.timerCHOP, "timer9").par.callbacks = "code"
    code.par.dat = "evil"
    assert "needs capability 'td.code'" in stopped(run("op('/project1/evil').text = '1'"))


STRAIGHT = [
    "result = [" + "sum(R), " * 300 + "]",
    "sum(R)\n" * 300,
    "if R:\n    try:\n        " + "sum(R); " * 300 + "\n    finally:\n        pass",
    "def f():\n    " + "sum(R); " * 300 + "\nf()",
    "[(" + "sum(R), " * 300 + ") for _ in [1]]",
    "if R:\n" + "    if 0: sum(R); sum(R); sum(R)\n    sum(R)\n" * 150,
    "result = 0" + " or 0 and sum(R) or 3 in L" * 300,
    "for _ in [1]:\n" + "    L == M\n" * 300,
]


@pytest.mark.parametrize("text", STRAIGHT)
def test_straight_code_meets_the_deadline(run: Run, text: str) -> None:
    before = "R = range(2_000_000)\nL = [0] * 2_000_000\nM = L[:]\n"
    began = time.monotonic()
    outcome = run(before + text, judged=False, deadline_s=0.2)
    assert isinstance(outcome, Stopped)
    assert outcome.refusal.code is Code.DEADLINE
    assert time.monotonic() - began < 3.0


def test_ticks_in_straight_code_change_nothing_that_it_does(run: Run) -> None:
    text = """
'''a docstring'''
from __future__ import annotations
class A(list):
    def __init__(self, *parts):
        super().__init__(parts)
a = [1, 2, 3]
b = A(*a, *a, *a, *[-x for x in a], a[0] + a[1] * a[2], len(a), max(a), min(a), a[-1], a[:2] == [1, 2], not a, -a[0])
b[0] += b[1] + b[2] + b[3] + b[4] + b[5] + b[6] + b[7] + b[8] + b[9] + b[10] + b[11] + b[12] + b[13] + b[14] + b[15]
first, *rest = b
result = f'{first} {len(rest)} {rest[0]} {rest[1]} {rest[2]} {rest[3]} {rest[4]} {rest[5]} {rest[6]} {rest[7]} {rest[8]}'
"""
    plain: dict[str, Any] = {}
    exec(compile(text, "plain", "exec", dont_inherit=True), plain)
    assert run(text) == Finished(plain["result"], "", "")


def test_super_reaches_what_classes_of_the_script_define(run: Run) -> None:
    text = """
class A(list):
    def __init__(self, *parts):
        super().__init__(parts)
    def first(self):
        return self[0]
class B(A):
    def __init__(self, *parts):
        super().__init__(*parts)
    def first(self):
        return super().first() + 1
result = B(1, 2).first()
"""
    assert run(text) == Finished(2, "", "")


def test_super_does_not_reach_into_a_library(run: Run) -> None:
    text = """
from json import JSONEncoder
class A(JSONEncoder):
    def iterencode(self, value):
        return super().iterencode(value)
result = list(A().iterencode([1]))
"""
    assert "not the script's own" in stopped(run(text, judged=False))


def test_no_parameter_is_bound_to_one_of_the_guard(run: Run, td: Any) -> None:
    td.op("/project1/PolicyGuard").name = "Watcher"
    project = td.op("/project1")
    project.appendCustomPage("P").appendStr("Foo")
    text = "op('/project1').par.Foo.bindExpr = \"op('/project1/Watcher').par.Mode\""
    assert "no policy can allow" in stopped(run(text, judged=False))
    assert not project.par.Foo.bindExpr
    assert isinstance(run(text.replace("Watcher", "nothing"), judged=False), Finished)


@pytest.mark.parametrize("owner", ["op('/project1/P*')", "op(17)", "op('a b')", "op(me.name)"])
def test_a_binding_names_one_operator(run: Run, td: Any, owner: str) -> None:
    td.op("/project1").appendCustomPage("P").appendStr("Foo")
    outcome = run(f'op("/project1").par.Foo.bindExpr = """{owner}.par.Mode"""', judged=False)
    assert "needs capability 'td.code'" in stopped(outcome)


def test_what_a_replicator_copies_is_looked_at(run: Run, td: Any) -> None:
    made = td.op("/project1").create(td.replicatorCOMP, "rep")
    text = "op('/project1/rep').par.master = op('/project1/mcp_webserver_base')"
    assert "is not copied" in stopped(run(text))
    assert made.par.master.eval() is None
    td.op("/project1").create(td.executeDAT, "code")
    assert "needs capability 'td.code'" in stopped(run("op('/project1/rep').par.master = '/project1/code'"))
    assert isinstance(run("op('/project1/rep').par.master = op('/project1/noise1')"), Finished)


def test_a_table_is_not_made_too_large(run: Run) -> None:
    text = "n = len('x' * 3000) * 1000\nop('/project1').create(tableDAT).setSize(n, n)"
    assert "would stall the frame" in stopped(run(text))


def test_a_parameter_of_a_collection_is_named_by_a_text(run: Run, td: Any) -> None:
    assert "named by a text" in stopped(run("op('/project1/noise1').par[3] = 1"))
    text = "class K:\n    def __str__(self):\n        return 'period'\nop('/project1/noise1').par[K()] = 1"
    assert not isinstance(run(text), Finished)
    td.op("/project1").create(td.geometryCOMP, "geo9")
    assert isinstance(run("g = op('/project1/geo9').parGroup.t\ng[0] = 2"), Finished | Raised)
