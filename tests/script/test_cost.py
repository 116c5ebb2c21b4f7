"""Whether a script can stall the frame, told from its text alone."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from td_extension.script.bindings import bindings_of
from td_extension.script.callees import Callees
from td_extension.script.constants import Constants
from td_extension.script.cost import CostJudge
from td_extension.script.flow import Flow
from td_extension.script.magnitudes import Many, Rough, Vague, Value
from td_extension.script.report import Use
from td_extension.script.tree import walked
from td_extension.values import Capability

OWN = Path(__file__).parents[1] / "corpus_own"


def uses(text: str) -> list[Use]:
    """What the judge of cost says of a script."""
    nodes, parents, by_type = walked(ast.parse(text))
    bound = bindings_of(by_type, parents)
    flow = Flow(nodes, parents, bound.binders)
    judge = CostJudge(parents, by_type, bound.modules, bound.imported, lambda name: name in bound.names, flow.sources)
    return judge.uses


def evaluate(text: str) -> Value:
    """The value of an expression without names of its own."""
    callees = Callees({}, {}, lambda name: False, lambda name: None)
    return Constants(callees, lambda name: None).evaluate(ast.parse(text, mode="eval").body)


# -- whole scripts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted((OWN / "deny-cost").glob("*.py")), ids=lambda file: file.stem)
def test_a_script_that_stalls_the_frame_is_found(file: Path) -> None:
    assert uses(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", sorted((OWN / "allow-cost").glob("*.py")), ids=lambda file: file.stem)
def test_honest_work_is_let_pass(file: Path) -> None:
    assert uses(file.read_text(encoding="utf-8")) == []


def test_there_are_enough_scripts_of_either_kind() -> None:
    assert len(list((OWN / "deny-cost").glob("*.py"))) >= 20
    assert len(list((OWN / "allow-cost").glob("*.py"))) >= 20


def test_a_use_says_where_why_and_what_to_do_instead() -> None:
    [use] = uses("x = 1\nwhile True:\n    x = 2")
    assert (use.line, use.column, use.needs) == (2, 1, Capability.BLOCK)
    assert use.what
    assert use.why
    assert use.hint


def test_only_the_innermost_of_several_operations_is_told_of() -> None:
    assert [use.column for use in uses("x = (10 ** 10 ** 10 + 1) * 2 + 3")] == [6]


# -- loops -----------------------------------------------------------------------------------------------------------

ENDLESS = [
    "True", "1", "not False", "not None", "1 < 2", "3 > 2 > 1", "[1]", "(0,)", "{1}", "{1: 2}", "'a'", "b'a'", "...",
    "-1", "1j", "(x := True)", "lambda: 0", "print", "'a' in 'abc'", "1 in [1]", "len('abc')", "str(1)", "int('1')",
    "any([1])", "all([])", "max(1, 2)", "f'{y}a'", "True if 1 else 0", "y or True", "not (y and False)", "[0, 1][1]",
    "y is y", "abs(-1)", "10 % 3", "~0",
]  # fmt: skip
OPEN = ["y", "y()", "y > 1", "y.z", "y[0]", "y or z", "[*y]", "f'{y}'", "y and True", "len(y)", "not y", "0", "[]"]


@pytest.mark.parametrize("condition", ENDLESS)
def test_a_condition_that_always_holds_makes_an_endless_loop(condition: str) -> None:
    assert uses(f"while {condition}:\n    n = op('a')")


@pytest.mark.parametrize("condition", OPEN)
def test_a_condition_that_may_fail_does_not(condition: str) -> None:
    assert uses(f"while {condition}:\n    n = op('a')") == []


EXITS = [
    "if y: break",
    "if y: pass\nelse: break",
    "try:\n    op('a')\nexcept Exception:\n    break",
    "try:\n    op('a')\nfinally:\n    break",
    "for a in y: pass\nelse: break",
    "with y: break",
    "match y:\n    case 1: break",
    "raise ValueError",
    "assert y",
    "try:\n    raise ValueError\nexcept KeyError:\n    pass",
    "try:\n    if y: raise ValueError\nexcept ValueError:\n    break",
    "while y:\n    raise ValueError",
]
NO_EXITS = [
    "if 0: break",
    "if 1: continue\nbreak",
    "continue\nbreak",
    "for a in y: break",
    "while y: break",
    "while True: pass\nbreak",
    "def f():\n    return 1",
    "class A:\n    x = 1",
    "lambda: (yield)",
    "try:\n    raise ValueError\nexcept ValueError:\n    pass",
    "try:\n    if y:\n        raise ValueError\nexcept (KeyError, ValueError):\n    pass",
    "try:\n    op('a')\nexcept BaseException:\n    continue",
    "try:\n    x = 1\nexcept Exception:\n    break",
    "try:\n    raise ValueError\nfinally:\n    continue",
    "with suppress(Exception):\n    raise ValueError",
    "assert True",
    "try:\n    pass\nexcept Exception:\n    break\nelse:\n    continue",
]


def _loop(body: str) -> str:
    return "while True:\n" + "".join(f"    {line}\n" for line in body.split("\n"))


@pytest.mark.parametrize("body", EXITS)
def test_a_way_out_that_can_be_reached_ends_a_loop(body: str) -> None:
    assert uses(_loop(body)) == []


@pytest.mark.parametrize("body", NO_EXITS)
def test_a_way_out_that_cannot_be_reached_does_not(body: str) -> None:
    assert uses(_loop(body))


def test_return_and_yield_end_a_loop_in_a_function() -> None:
    assert uses("def f():\n    while True:\n        if y: return 1") == []
    assert uses("def f():\n    while True:\n        yield 1") == []
    assert uses("def f():\n    while True:\n        x = 1")


@pytest.mark.parametrize(
    "text",
    [
        "N = 1\nwhile N: pass",
        "i = 0\nwhile i < 1:\n    x = i",
        "i = 0\nwhile i < 10:\n    i -= 1",
        "i = 5\nwhile 10 > i:\n    i = i - 1",
        "i = 0\nwhile i < 10 ** 9:\n    i += 1",
        "n = 10 ** 9\nwhile n:\n    n -= 1",
        "for i in range(10 ** 9): pass",
        "for i in enumerate(reversed(range(10 ** 9))): pass",
        "for i in range(5000):\n    for j in range(5000): pass",
        "for i in range(300):\n    for j in range(300):\n        for k in range(300): pass",
        "for i in range(10 ** 5):\n    x = [j for j in range(10 ** 5)]",
        "for c in 'a' * 10 ** 9: pass",
        "while absTime.frame < 10: pass",
        "while not op('a').par.Done.eval(): pass",
    ],
)
def test_a_loop_that_turns_too_often_or_waits_is_found(text: str) -> None:
    assert uses(text)


@pytest.mark.parametrize(
    "text",
    [
        "running = True\nwhile running:\n    running = False",
        "i = 0\nwhile i < 10:\n    i += 1",
        "x = [1]\nwhile x:\n    x.pop()",
        "for i in range(10 ** 9):\n    if y: break",
        "for i in range(10 ** 6): pass",
        "for i in range(y): pass",
        "def range(n): return []\nfor i in range(10 ** 9): pass",
        "for i in []:\n    for j in range(10 ** 6): pass",
        "n = 10 ** 9\nn = min(n, y)\nfor i in range(n): pass",
        "for i in x:\n    y.append(i)",
        "for i in list(x):\n    x.append(i)",
        "for i in x:\n    x.append(i)\n    if len(x) > 9: break",
    ],
)
def test_an_ordinary_loop_is_let_pass(text: str) -> None:
    assert uses(text) == []


# -- patterns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        "re.match('(a+)+$', y)",
        "re.compile('(a|' + 'aa)+$')",
        "re.sub(pattern='(x+x+)+y', repl='', string=y)",
        "re.findall(b'(a*)*b', y)",
        "re.compile(r'(a+ )+$', flags=re.VERBOSE | re.M)",
        "re.compile(r'(a+ )+$', y)",
        "re.compile(r'(a+ )+$', 64)",
        "re.search('a+b', 'a' * 10 ** 6)",
        "re.match(r'(a)\\1', y)",
    ],
)
def test_a_pattern_that_may_take_very_long_is_found(call: str) -> None:
    assert uses(f"import re\n{call}")
    assert uses(call) == []  # what is called re here is something else


def test_a_pattern_that_is_not_known_is_let_pass() -> None:
    assert uses("import re\nre.match(y, z)\nre.compile('a' + y)") == []


def test_a_script_with_more_patterns_than_can_be_vetted_is_refused() -> None:
    text = "import re\n" + "".join(f"re.match('a{number}', y)\n" for number in range(40))
    assert "too many patterns" in uses(text)[0].why


# -- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["10**10**10", "9**9**9**9", "1 << 10**18", "'a' * 10**18", "(2**511)**(2**511)"])
def test_what_is_large_is_measured_and_not_made(text: str) -> None:
    begun = time.perf_counter()
    value = evaluate(text)
    assert time.perf_counter() - begun < 0.1
    assert isinstance(value, Rough | Many)


@pytest.mark.parametrize(
    ("text", "bits"),
    [("2 ** 5000", 5000), ("1 << 9999", 9999), ("2 ** 600 * 2 ** 600", 1200), ("pow(2, 10 ** 6)", 1e6)],
)
def test_a_large_number_is_measured_by_its_bits(text: str, bits: float) -> None:
    value = evaluate(text)
    assert isinstance(value, Rough)
    assert value.bits == pytest.approx(bits, rel=0.01)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("range(3, 10 ** 7, 2)", 4_999_999),
        ("[0] * 10 ** 6", 10**6),
        ("list(map(str, range(10 ** 8)))", 10**8),
        ("zip(range(5), range(10 ** 9))", 5),
        ("[1, *range(100)]", 101),
        ("[x for x in range(1000) for y in range(1000)]", 10**6),
        ("bytes(12345678)", 12345678),
        ("('ab' * 10 ** 5).replace('a', 'x' * 10)", 2 * 10**6),
        ("iter(int, 1)", float("inf")),
    ],
)
def test_what_has_a_length_is_measured_by_it(text: str, length: float) -> None:
    value = evaluate(text)
    assert isinstance(value, Many)
    assert value.length == length


_NUMBERS = st.integers(-9, 9).map(str) | st.sampled_from(["2.5", "True", "3 ** 2"])
_EXPRESSIONS = st.recursive(
    _NUMBERS | st.sampled_from(["'ab'", "[1, 2]", "(3,)", "range(4)", "''"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "<", "==", "and", "or", ">>"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        st.tuples(st.sampled_from(["-", "not ", "len", "abs", "str", "bool", "min", "max", "list"]), inner).map(
            lambda parts: f"({parts[0]}({parts[1]}))"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(_EXPRESSIONS)
def test_what_is_reckoned_is_what_python_reckons(text: str) -> None:
    value = evaluate(text)
    try:
        real = eval(text)
    except (TypeError, ValueError, ArithmeticError):
        return
    if isinstance(value, Many):
        assert not value.certain or value.length == len(real)
    elif isinstance(value, Vague):
        assert value is Vague.UNKNOWN or real
    elif not isinstance(value, Rough):
        assert value == real


_LINES = st.sampled_from(
    [
        "x = 10 ** 9", "x = x * x", "x += x", "y = [x] * x", "for x in y: y.append(x)", "while x: x -= 1", "y = f'{x:{x}}'",
        "x = lambda x=x: x", "x, *y = y", "y = [y for y in x]", "x = y = x", "import re; re.match(x, y)",
        "from itertools import count as x", "y.extend(y)", "del x", "def x(y=10 ** 9): return x", "x = range(x)",
        "while x < y: x = y", "y = '%*d' % (x, x)", "class x: y = x", "x = max(x, y)", "x = y[x]", "x = list(y)",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES, max_size=12))
def test_every_script_is_judged_without_an_exception(lines: list[str]) -> None:
    uses("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "a0 = 1\n" + "".join(f"a{n + 1} = a{n} * 2\n" for n in range(800)) + "s = 'x' * a800\nbig = 10 ** 9",
        "big = 10 ** 9\na = b\nb = a\n" + "a(1)\n" * 900,
        "s = 'a'\nfor i in x:\n" + "    s += s\n" * 1000,
        "big = 10 ** 9\n" + "".join(" " * n + "for x in range(2):\n" for n in range(90)) + (" " * 90 + "y = 'a' * 200000\n") * 150,
        "import re\n" + "".join(f"re.match(r'(.*a.{{8}}b{n})', '')\n" for n in range(100)),
        "while True:\n" + "".join(" " * n + " try:\n" for n in range(90)) + " " * 92 + "x\n"
        + "".join(" " * (90 - n) + "except E: pass\n" for n in range(90)),
    ],
    ids=["names", "aliases", "growth", "loops", "patterns", "tries"],
)  # fmt: skip
def test_no_text_makes_the_judgement_slow(text: str) -> None:
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        uses(text)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.3
