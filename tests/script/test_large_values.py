"""What C would make too large, or search too long, is stopped before it is begun."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from td_extension.script.outcomes import Finished, Raised, Stopped

Run = Callable[..., Finished | Raised | Stopped]


def stopped(outcome: Finished | Raised | Stopped) -> str:
    assert isinstance(outcome, Stopped), outcome
    return outcome.refusal.message


LARGE_TEXTS = [
    "big = 'x' * 5_000_000\nlen(''.join(b for b in [big] * 400))",
    "n = len('x' * 1000) * 1000\nlen(str.replace('a' * 1000, 'a', 'b' * n))",
    "n = len('x' * 1000) * 1000\nlen((b'a' * n).replace(b'a', bytes(bytearray(b'b' * n))))",
    "n = len('x' * 1000) * 1000\nlen(('a' * 1000).translate({97: 'b' * n}))",
    "class S(str):\n    def grow(self):\n        return super().replace('a', 'b' * 1_000_000)\nlen(S('a' * 1000).grow())",
    "n = len('x' * 1000) * 1000\nlen(('{0}' * 2000).format('x' * n))",
    "n = len('x' * 1000) * 1000\nlen(('%(a)s' * 2000) % {'a': 'x' * n})",
    "t = '{:>{}}'\nn = len('x' * 1000) ** 3\nt.format('a', n)",
    "import re\nlen(re.sub('a', 'b' * 100_000, 'a' * 10_000))",
    "import re\nlen(re.compile('a').sub(lambda m: 'b' * 1_000_000, 'a' * 1000))",
    "import re\nlen(re.match('(a*)', 'a' * 100_000).expand(r'\\1' * 1000))",
    "from collections import deque\nn = len('x' * 1000) ** 3\nlen(deque([1]) * n)",
    "from array import array\nn = len('x' * 1000) ** 3\nlen(array('b', b'a') * n)",
    "import hashlib\nn = len('x' * 1000) ** 3\nhashlib.shake_128(b'').digest(n)",
    "from collections import Counter\nn = len('x' * 1000) ** 3\nlen(list(Counter({'a': n}).elements()))",
]


@pytest.mark.parametrize("text", LARGE_TEXTS)
def test_what_is_too_large_is_not_made_whatever_makes_it(run: Run, text: str) -> None:
    assert "would stall the frame" in stopped(run(text, judged=False))


LONG_SEARCHES = [
    "import re\nre.search('x*y', 'x' * 200_000)",
    "import re\nre.compile('[ab]+c').findall('ab' * 100_000)",
    "import re\nre.compile('x*y').sub('', 'x' * 200_000)",
    "import re\nre.compile('x').search('x' * 1_000_000)",
]


@pytest.mark.parametrize("text", LONG_SEARCHES)
def test_a_search_meets_the_deadline(run: Run, text: str) -> None:
    began = time.monotonic()
    assert isinstance(run(text, judged=False, deadline_s=0.3), Stopped)
    assert time.monotonic() - began < 3.0


def test_searching_gives_what_python_gives(run: Run) -> None:
    text = r"""
import re
p = re.compile(r'(\w+)=(\d+)', re.I)
long = 'a=1 b=2 ' * 2000
result = [
    p.search('x=3').group(2), p.sub(r'\2=\1', 'a=1 b=2'), len(p.findall(long)), len(re.findall(p, long)),
    re.sub('a', lambda m: 'Q', 'banana', count=1), re.sub('a', 'Q', 'banana', 2), re.subn('a', 'Q', 'banana'),
    re.split(',', 'a,b,c', 1), re.split(',', 'a,b,c', maxsplit=1), re.sub(r'(a)', r'[\g<1>]', 'a' * 3000)[:6],
    [list(m.span()) for m in re.finditer('a|', 'ba')], re.search(b'a+', b'baa').group().decode(),
    re.match('A', 'a', re.I) is not None, re.match('A', 'a', flags=re.I) is not None, p.pattern, p.groups,
    re.fullmatch('a.c', 'abc').group(), p.match('-a=1', 1).group(), p.search('a=1', endpos=1),
]
"""
    plain: dict[str, Any] = {}
    exec(text, plain)
    result = [list(part) if isinstance(part, tuple) else part for part in plain["result"]]
    assert run(text) == Finished(result, "", "")
    assert run("import re\nresult = isinstance(re.compile('a'), re.Pattern)") == Finished(True, "", "")


def test_an_array_that_others_look_at_is_not_moved(run: Run) -> None:
    pytest.importorskip("numpy")
    text = "import numpy as np\na = np.zeros(1000)\nb = a[:]\na.resize(100_000, refcheck=False)"
    assert "use numpy.resize" in stopped(run(text))


LONG_CALLS = [
    "import math\nmath.prod([10 ** 1000] * 100_000)",
    "sum([[0] * 1000] * 5000, [])",
    "import json\nn = len('x' * 1000) ** 2\njson.dumps([1] * 2000, indent=n)",
    "import json\nn = len('x' * 1000) ** 2\njson.dumps([1] * 2000, separators=('x' * n, ':'))",
    "import textwrap\nn = len('x' * 1000) ** 2\ntextwrap.indent('a\\n' * 2000, 'x' * n)",
    "import pprint\nn = len('x' * 1000) ** 2\npprint.pformat([['a' * 90] * 9] * 2000, indent=n)",
    "import difflib\ndifflib.get_close_matches('ab' * 3000, ['ba' * 3000])",
    "import math\nmath.lcm(*[2 ** 100_000 + i for i in range(50)])",
    "pow(3, 2 ** 20_000, 7 ** 5_000)",
    "pow(3, exp=2 ** 20_000, mod=7 ** 5_000)",
    "import unicodedata\nunicodedata.normalize('NFD', '\\u0300\\u0316' * 100_000)",
    "import random\nf = random.Random(1).choices\nf([1], k=10 ** 9)",
    "import random\nf = random.Random(1).getrandbits\nf(10 ** 10)",
    "import statistics\nf = statistics.NormalDist(0, 1).samples\nf(10 ** 8)",
    "import statistics\nf = statistics.NormalDist(0, 1).quantiles\nf(10 ** 8)",
    "import numpy as np\nnp.polyfit(np.arange(300_000), np.arange(300_000), 200)",
    "import numpy as np\nnp.roots(np.arange(1, 4_000))",
    "import numpy as np\nnp.convolve(np.ones(100_000), np.ones(100_000))",
    "import numpy as np\nf = np.correlate\nf(np.ones(100_000), np.ones(100_000), 'full')",
    "import numpy as np\nnp.array2string(np.zeros(5_000_000), threshold=10 ** 9)",
    "import numpy as np\nnp.random.default_rng(1).multivariate_normal(np.zeros(1_500), np.eye(1_500))",
    "import numpy as np\na = np.ones((5000, 1000))\na @ a.T",
    "import numpy as np\na = np.ones((5000, 1000))\na @= np.ones((1000, 1000))",
    "import numpy as np\nnp.linalg.svd(np.ones((2500, 2500)))",
    "import numpy as np\na = np.ones((1100, 1100))\nnp.einsum('ij,jk->ik', a, a)",
    "import numpy as np\na = np.ones(20_000)\nnp.multiply.outer(a, a)",
    "import numpy as np\nn = len('x' * 1000) * 100\nnp.zeros(5000).astype('U' + str(n))",
    "import numpy as np\nn = len('x' * 1000) * 100\nnp.full(5000, 'x', dtype='U' + str(n))",
    "import numpy as np\nn = len('x' * 1000) * 100\nnp.ones(5000, 'U' + str(n))",
]


@pytest.mark.parametrize("text", LONG_CALLS)
def test_what_would_take_long_inside_a_library_is_not_begun(run: Run, text: str) -> None:
    if "numpy" in text:
        pytest.importorskip("numpy")
    assert "would stall the frame" in stopped(run(text, judged=False))


def test_a_library_in_a_safer_form_says_what_is_too_much(run: Run) -> None:
    outcome = run("import difflib\ndifflib.SequenceMatcher(None, 'ab' * 3000, 'ba' * 3000).ratio()")
    assert isinstance(outcome, Raised)
    assert "compare parts of them" in outcome.error
    outcome = run("from string import Template\nTemplate('$a' * 2000).substitute(a='x' * 1_000_000)")
    assert isinstance(outcome, Raised)
    assert "too large" in outcome.error


def test_libraries_give_what_they_give(run: Run) -> None:
    text = r"""
import difflib, json, math, pprint, random, textwrap, unicodedata
from string import Template
result = [
    math.lcm(4, 10 ** 9), pow(3, 10 ** 9, 10 ** 9 + 7), pow(3, -1, 7), pow(base=3, exp=2), pow(3, exp=2, mod=5),
    unicodedata.normalize('NFD', '\u00e9' * 20_000)[:2], len(random.Random(1).choices([1, 2], weights=[1, 10 ** 12], k=2)),
    sum([1, 2]), sum([[1], [2]], []), sum((x for x in [1, 2]), start=3), math.prod([2, 3]), math.prod((2, 3), start=4),
    json.dumps({'a': [1]}, indent=2), json.dumps([1, 2], separators=(',', ':')),
    difflib.get_close_matches('noise', ['noise1', 'level']), difflib.SequenceMatcher(None, 'ab', 'ac').ratio(),
    list(difflib.unified_diff(['a'], ['b'], lineterm='')), list(difflib.Differ().compare(['a'], ['b'])),
    textwrap.indent('a\nb', '  '), textwrap.fill('a b c d', 3), pprint.pformat([1, 2], indent=4),
    Template('$x ${y}').substitute({'x': 1}, y=2), Template('$x $z').safe_substitute(x=1),
]
"""
    plain: dict[str, Any] = {}
    exec(text, plain)
    assert run(text) == Finished(plain["result"], "", "")


def test_arrays_of_ordinary_size_are_reckoned_with(run: Run) -> None:
    pytest.importorskip("numpy")
    text = """
import numpy as np
a = np.arange(6.0).reshape(2, 3)
many = np.ones((20_000, 3, 3))
image = np.ones((1080, 1920, 4), dtype='uint8')
result = [
    (a @ a.T).tolist(), np.dot([1, 2], [3, 4]), float(np.linalg.norm(image)), np.linalg.inv(np.eye(2) * 2).tolist(),
    (many @ many).shape, np.linalg.det(many).shape, np.einsum('ij->i', a).tolist(), image.astype('float32').shape,
    np.multiply.outer([1, 2], [1, 2]).tolist(), np.dot(np.ones(100_000), np.ones(100_000)),
]
"""
    assert isinstance(run(text), Finished)


SHARED = "a, b = [], []\nfor i in range(40):\n    a = [a, a]\n    b = [b, b]\n"
HASHED = "a = int\nfor i in range(40):\n    a = "
WALKS = [
    *(SHARED + use for use in (
        "str(a)", "print(a)", "f'{a}'", "'%s' % (a,)", "'{}'.format(a)", "format(a)", "repr([a])", "a == b",
        "a in [b]", "a < b", "sorted([a, b])", "[a, b].sort()", "max(a, b)", "max(x for x in (a, b))",
        "list(map(str, [a]))", "list(map(repr, [a]))", "sorted([a], key=str)", "import json\njson.dumps(a)",
        "import pprint\npprint.pformat(a)", "import numpy as np\nnp.array(a)", "str(ValueError(a))",
        "[a].index(b)", "[a].count(b)", "[a].remove(b)", "import operator\noperator.eq(a, b)",
        "op('/project1').create(tableDAT, 'told').appendRow([a])", "debug(a)", "f = str\nf(a)", "[f(a) for f in [str]]",
        "def f(g):\n    return g(a)\nf(str)", "class C:\n    f = str\nC.f(a)", "{'s': str}['s'](a)",
        "op('/project1').create(textDAT, 'told').text = a", "op('/project1/noise1').par.period = a",
        "setattr(op('/project1/noise1').par, 'period', a)", "op('/project1/noise1').par['period'] = a",
        "op('/project1/noise1').par.period.val = a", "import operator\noperator.contains([a], b)",
        "import operator\noperator.countOf([a], b)", "from operator import indexOf\nindexOf([a], b)",
    )),
    *(HASHED + made for made in ("(a, a)", "(a,) * 2", "(a,) + (a,)", "tuple([a, a])")),
    "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: object\n    b: object\n"
    "d = D(1, 1)\nfor i in range(40):\n    d = D(d, d)\nprint(d)",
    "big = 'x' * 5_000_000\nstr([big] * 400)",
]  # fmt: skip


@pytest.mark.parametrize("text", WALKS)
def test_what_shares_its_parts_is_not_walked_through_in_c(run: Run, text: str) -> None:
    if "numpy" in text:
        pytest.importorskip("numpy")
    began = time.monotonic()
    assert "would stall the frame" in stopped(run(text, judged=False))
    assert time.monotonic() - began < 3.0


def test_the_text_of_an_exception_is_no_way_around(run: Run) -> None:
    outcome = run(SHARED + "raise ValueError(a)", judged=False)
    assert isinstance(outcome, Raised)
    assert "goes through more than" in outcome.error


def test_what_is_compared_hashed_and_told_is_what_python_gives(run: Run) -> None:
    text = """
t, n = (1, 2), 3
x, y = n, t
node = {'parent': None, 'children': []}
node['children'] += [{'parent': node}, {'parent': node}]
d = {(x, y): 1, (t, t): 2}
result = [
    str(node), d[x, y], d[t, t], x == y, t in d, t not in d, isinstance(3, (int, float)), f'{t} {n:>5} {t!r}',
    '%s' % (t,), max(t), max(1, 2), min([3]), max([], default=0), max(i for i in t), sorted('ba'), str(t),
    str(b'a', 'ascii'), len(set('a')), dict(a=1), len(tuple('ab')), tuple() == (), list(map(str, t)),
    sorted([3, 10], key=str), 1 < n < 5, x < n <= n, not x == y, repr(t), hash(t) == hash((1, 2)), n - x, t + t == t * 2,
]
"""
    plain: dict[str, Any] = {}
    exec(text, plain)
    assert run(text) == Finished(plain["result"], "", "")


def test_whole_numbers_that_collide_are_no_keys(run: Run) -> None:
    numbers = "m = 2 ** 61 - 1\nnumbers = [i * m for i in range(20_000)]\n"
    uses = (
        "set(numbers)", "frozenset(numbers)", "dict.fromkeys(numbers)", "set().update(numbers)", "{1}.union(numbers)",
        "f = set\nf(numbers)", "dict([(n, 1) for n in numbers])", "{}.update([(n, 1) for n in numbers])",
        "set(range(m, m * 20_000, m))", "set([complex(-1000003 * i, i) for i in range(20_000)])",
    )  # fmt: skip
    for use in uses:
        assert "of its keys have the hash of another one" in stopped(run(numbers + use, judged=False))


def test_keys_that_are_many_large_or_the_same_are_keys(run: Run) -> None:
    text = """
s = set(['a', 'b'] * 20_000)
s.update([1, 2] * 20_000, range(3))
result = [
    len(s), len(set(range(50_000))), len(dict([('a', 1)] * 20_000)), len(set([2 ** 70 + i for i in range(20_000)])),
    len({1}.union([2] * 20_000)), len(dict.fromkeys([(i, i) for i in range(20_000)])),
]
"""
    assert run(text) == Finished([5, 50_000, 1, 20_000, 2, 20_000], "", "")


def test_classes_that_are_handed_on_still_are_what_they_were(run: Run) -> None:
    text = """
kinds = {'a': int, 'b': str, 'c': tuple, 'd': dict}
def read(kind, value):
    return kind(value)
class Reader:
    def __init__(self, kind: type = str) -> None:
        self.kind = kind
    def read(self, value):
        return self.kind(value)
result = [
    read(str, 1), kinds['a']('3'), kinds['c']('ab') == ('a', 'b'), [kind('1') for kind in (int, str)],
    read(lambda x: x + 1, 2), read(kind=str, value=[1]), Reader().read(2), isinstance('a', kinds['b']), kinds['d'](a=1),
]
"""
    plain: dict[str, Any] = {}
    exec(text, plain)
    assert run(text) == Finished(plain["result"], "", "")


def test_arrays_are_not_spread_over_each_other_without_bounds(run: Run) -> None:
    pytest.importorskip("numpy")
    arrays = "import numpy as np\na = np.arange(16_000.0)\n"
    for operation in ("-", "/", "+", "*", "<", "==", "//", "%", "**"):
        message = stopped(run(f"{arrays}a[:, None] {operation} a[None, :]", judged=False))
        assert "it makes more than 50,000,000 elements" in message
    assert run(arrays + "result = float((a[:10, None] - a[None, :10]).sum())") == Finished(0.0, "", "")


def test_a_text_that_goes_round_between_two_names_is_looked_at_before_it_is_repeated(run: Run) -> None:
    text = "first, second = 'x' * 1000, 0\nfor turn in range(2):\n    first = second or first\n    second = first or 5\n"
    assert "characters" in stopped(run(text.replace("'x'", "op('/project1').name[:1]") + "    first * 1\n    second * 90000\n"))
