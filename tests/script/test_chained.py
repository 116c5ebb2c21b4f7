"""What C would walk along by calling itself, until the stack overflows and the process is gone, is not built."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from td_extension.script.chained import MAX_CHAINED
from td_extension.script.outcomes import Finished, Raised, Stopped

Run = Callable[..., Finished | Raised | Stopped]

DEEP = [
    "it = map(str, it)",
    "it = filter(None, it)",
    "it = zip(it)",
    "it = enumerate(it)",
    "it = slice(it)",
    "it = [enumerate][0](it)",
    "it = (x for x in enumerate(it))",
    "import itertools\n    it = itertools.chain(it)",
    "import itertools\n    it = itertools.islice(it, 5)",
    "from itertools import accumulate as more\n    it = more(it)",
    "import operator\n    it = operator.itemgetter(it)",
    "import csv\n    it = csv.reader(it)",
    "it = enumerate(Again(it))",
    "it = Key()[it:]",
    "import numpy as np\n    it = np.s_[it:]",
]
OWN = "class Again:\n    def __init__(self, it):\n        self.it = it\n    def __iter__(self):\n        return self.it\n"
KEY = "class Key:\n    def __getitem__(self, key):\n        return key\n"


@pytest.mark.parametrize("step", DEEP)
def test_iterators_and_slices_do_not_hold_each_other_without_bounds(run: Run, step: str) -> None:
    if "numpy" in step:
        pytest.importorskip("numpy")
    own = OWN if "Again" in step else KEY if "Key" in step else ""
    outcome = run(f"{own}it = iter(['1'])\nfor _ in range({2 * MAX_CHAINED}):\n    {step}")
    assert isinstance(outcome, Stopped)
    assert "in each other" in outcome.refusal.message


CHAINED_LATE = [
    ("f = itertools.chain.from_iterable([f])", "list(f)"),
    ("f = [itertools.chain.from_iterable(f)]", "list(f[0])"),
]


@pytest.mark.parametrize(("step", "read"), CHAINED_LATE)
def test_what_shows_its_next_iterator_only_when_it_is_reached_is_counted_by_python(
    run: Run, step: str, read: str
) -> None:
    outcome = run(f"import itertools\nf = [1]\nfor _ in range(5000):\n    {step}\n{read}")
    assert isinstance(outcome, Raised)
    assert "maximum recursion depth" in outcome.error


FREED = [
    "f = property(f)",
    "f = property(len).setter(f)",
    "f = staticmethod(f)",
    "f = classmethod(f)",
    "f = collections.deque([f])",
    "f = collections.defaultdict(list, {1: f})",
    "f = key(f)",
]


@pytest.mark.parametrize("step", FREED)
def test_what_is_deep_is_freed_in_pieces(run: Run, step: str) -> None:
    """Each of these overflowed a stack of 8 MB at a million, and one of 1 MB at less than a hundred thousand."""
    text = f"import collections, functools\nf, key = len, functools.cmp_to_key(len)\nfor _ in range(150_000):\n    {step}\nf = None\nresult = 1"
    assert run(text, deadline_s=20.0) == Finished(1, "", "")


ARRAYS = "import numpy as np\na = np.zeros(2, dtype=object)\nb = np.zeros(2, dtype=object)\n"
NESTED_ARRAYS = [
    "a[0] = b",
    "a[:] = [b, None]",
    "a.fill(b)",
    "f = a.fill\nf(b)",
    "np.array([b, None], dtype=object)",
    "np.frompyfunc(lambda x: b, 1, 1)(np.zeros(1))",
    "np.vectorize(lambda x: b, otypes=[object])(np.zeros(1))",
]


@pytest.mark.parametrize("use", NESTED_ARRAYS)
def test_arrays_of_objects_do_not_hold_each_other(run: Run, use: str) -> None:
    pytest.importorskip("numpy")
    outcome = run(ARRAYS + use)
    assert isinstance(outcome, Stopped)
    assert "into another array" in outcome.refusal.message


def test_arrays_of_objects_hold_what_is_no_array(run: Run) -> None:
    pytest.importorskip("numpy")
    text = """
a[0] = 'x'
a[1:] = [2]
c = np.zeros((2, 2))
c[0] = np.ones(2)
c.fill(3)
@np.vectorize
def double(x):
    return x * 2
result = [
    a.tolist(), c.tolist(), double(np.ones(2)).tolist(), np.frompyfunc(lambda x: x + 1, 1, 1)(np.ones(2)).tolist(),
    np.array(a).tolist(), np.array([np.ones(2), np.zeros(2)]).tolist(),
]
"""
    expected = [["x", 2], [[3.0, 3.0], [3.0, 3.0]], [2.0, 2.0], [2.0, 2.0], ["x", 2], [[1.0, 1.0], [0.0, 0.0]]]
    assert run(ARRAYS + text) == Finished(expected, "", "")


def test_the_methods_that_a_dataclass_gets_meet_the_deadline(run: Run) -> None:
    kind = "from dataclasses import dataclass\n@dataclass(frozen=True, order=True)\nclass D:\n    a: object\n    b: object\n"
    text = "d = e = D(1, 1)\nfor i in range(40):\n    d, e = D(d, d), D(e, e)\n"
    for use in ("{d}", "{}.get(d)", "[d].index(e)", "{d: 1}"):
        assert isinstance(run(kind + text + use, judged=False, deadline_s=0.3), Stopped)
    plain = "result = [D(1, 2) == D(1, 2), D(1, 2) < D(1, 3), str(D(1, 2)), len({D(1, 2), D(1, 2)})]"
    assert run(kind + plain) == Finished([True, True, "D(a=1, b=2)", 1], "", "")


def test_what_makes_them_gives_what_python_gives(run: Run) -> None:
    text = """
import csv, functools, itertools, operator
from collections import defaultdict, deque
class P:
    @property
    def x(self):
        'Told.'
        return self.y
    @x.setter
    def x(self, value):
        self.y = value
    @staticmethod
    def s(a):
        return a + 1
    @classmethod
    def c(cls):
        return cls.s(1)
p = P()
p.x = 4
d = defaultdict(list)
d['a'].append(1)
q = deque([1, 2, 3], maxlen=2)
q.appendleft(0)
it = iter(range(2, 50))
primes = []
for _ in range(10):
    n = next(it)
    primes.append(n)
    it = filter(lambda m, n=n: m % n, it)
rows = [[1, 2], [3, 4]]
result = [
    p.x, P.s(1), p.c(), dict(d), list(q), repr(deque([1])), isinstance(q, deque), list(deque([1, 2]) + deque([3])),
    primes, [list(r) for r in zip(*rows)], list(map(sum, zip(*rows))), str(dict(enumerate('ab', start=1))),
    [list(g) for _, g in itertools.groupby('aab')], list(itertools.chain.from_iterable(rows)),
    list(itertools.chain(*rows)), list(itertools.islice(itertools.count(), 2)), 'abc'[slice(1, None)],
    sorted(rows, key=operator.itemgetter(1), reverse=True), list(csv.reader(['a,b'])), operator.add(1, 2),
    sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)), functools.reduce(operator.add, [[1], [2]]),
    operator.sub(3, 1), operator.contains([1], 1), operator.countOf([1, 1], 1), operator.indexOf('ab', 'b'),
    [list(p) for p in zip([1], [2], strict=True)], operator.mod('%s', 1), operator.matmul is not None,
]
"""
    plain: dict[str, object] = {}
    exec(text, plain)
    result = plain["result"]
    assert isinstance(result, list)
    assert run(text) == Finished([list(part) if isinstance(part, tuple) else part for part in result], "", "")
