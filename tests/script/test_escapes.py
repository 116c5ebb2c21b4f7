"""Ways out of a judged script that were found once: each stays shut where the script runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from td_extension.script.execute import Finished, Raised, Stopped

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
    assert "is no base here" in raised(run(text))
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
