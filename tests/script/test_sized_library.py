"""Classes and functions of the library that fill, join and draw as much as they are told."""

from __future__ import annotations

import io
import json
import textwrap
import time
from collections.abc import Callable

import pytest

from td_extension.script.outcomes import Finished, Raised, Stopped

Run = Callable[..., Finished | Raised | Stopped]

UNSEEN = "n = len(op('/project1').name) * 100_000_000\nlong = 'x' * 100_000\n"
"""Numbers and texts that the judge cannot know."""

TOO_MUCH = [
    "import io\nio.StringIO().seek(n)",
    "import io\nf = io.BytesIO()\nf.seek(n)\nf.write(b'x')",
    "import json\njson.JSONEncoder(indent=n).encode([[1]])",
    "import json\njson.JSONEncoder(separators=(long, long)).encode([1, 2])",
    "import textwrap\ntextwrap.TextWrapper(tabsize=n).wrap('a\\tb')",
    "import textwrap\ntextwrap.TextWrapper(subsequent_indent=long).fill('a ' * 1000)",
    "bytes(n)",
    "bytearray(n)",
    "from collections import deque\nd = deque([0])\nfor i in range(40):\n    d.extend(d)",
    "import struct\nstruct.pack('%dx' % n)",
    "import struct\nstruct.Struct('%dx' % n).pack()",
    "round(10 ** 4000, -n)",
    "round(10 ** 4000, ndigits=-n)",
]
TOO_LONG = [
    "import functools, operator\nfunctools.reduce(operator.add, [long] * 10_000)",
    "import itertools\nlist(itertools.accumulate([long] * 10_000))",
    "import heapq\nlist(heapq.merge(*[range(1000)] * 100_000))",
    "list(zip(*[range(1000)] * 100_000))",
    "list(map(max, *[range(1000)] * 100_000))",
]
NUMPY = [
    "np.concatenate([np.ones(1_000_000)] * 1000)",
    "np.stack([np.ones(1_000_000)] * 1000)",
    "np.block([[np.ones(1_000_000)] * 1000])",
    "np.hstack([1] + [np.ones(1_000_000)] * 1000)",
    "parts = [np.ones(1_000_000)]\nfor i in range(10):\n    parts += parts\nnp.array(parts)",
    "np.random.normal(0, 1, n)",
    "np.random.choice(n, 3, replace=False)",
    "np.random.rand(n)",
    "np.random.random((n, 2))",
    "np.random.default_rng(1).random(n)",
    "np.random.default_rng(1).normal(0, 1, n)",
    "np.random.default_rng(1).integers(0, 5, size=n)",
    "np.random.default_rng(1).permutation(n)",
    "np.random.RandomState(1).normal(size=n)",
    "list(np.ndindex(n, n))",
    "np.diag(np.ones(30_000)).sum()",
    "np.diagflat([1] * 30_000).sum()",
    "np.diag_indices(3, n)",
    "np.arange(0, 1, 1 / n)",
    "np.arange(n)",
    "np.ogrid[0:n]",
    "np.mgrid[0 : n / 10_000, 0 : n / 10_000]",
    "np.mgrid[0 : 1 : n * 1j]",
    "np.full(1_000_000, 'x' * 1000)",
    "np.histogram_bin_edges([0.0, 1.0], n)",
    "np.base_repr(1, 2, n)",
    "np.polyval(np.ones(900_000), np.ones(900_000))",
    "np.broadcast_arrays(np.ones((60_000, 1)), np.ones((1, 60_000)))[0].tolist()",
]


@pytest.mark.parametrize("text", TOO_MUCH)
def test_what_makes_too_much_is_refused_before_it_is_made(run: Run, text: str) -> None:
    begun = time.thread_time()
    assert isinstance(run(UNSEEN + text), Raised | Stopped)
    assert time.thread_time() - begun < 1.0


@pytest.mark.parametrize("text", TOO_LONG)
def test_what_the_library_repeats_by_itself_sees_the_deadline(run: Run, text: str) -> None:
    begun = time.thread_time()
    assert isinstance(run(UNSEEN + text, deadline_s=0.2), Stopped)
    assert time.thread_time() - begun < 1.0


@pytest.mark.parametrize("text", NUMPY)
def test_arrays_are_not_joined_or_drawn_larger_than_they_may_be(run: Run, text: str) -> None:
    pytest.importorskip("numpy")
    begun = time.thread_time()
    assert isinstance(run(f"import numpy as np\n{UNSEEN}{text}", deadline_s=0.2), Stopped)
    assert time.thread_time() - begun < 1.0


def test_the_classes_do_what_they_do_elsewhere(run: Run) -> None:
    text = """
import functools, heapq, io, itertools, json, operator, textwrap
f = io.StringIO('abc')
f.seek(0, 2)
f.write('d')
b = io.BytesIO()
b.write(b'xyz')
b.seek(1)
print('e', file=f, end='')
class Own(json.JSONEncoder):
    def default(self, o):
        return sorted(o)
result = [
    f.getvalue(), b.read().decode(), isinstance(f, io.StringIO), json.JSONEncoder(indent=1).encode([1, {'a': 2}]),
    json.JSONEncoder(sort_keys=True, separators=(',', ':')).encode({'b': 1, 'a': [None]}), json.dumps({3, 1}, cls=Own),
    textwrap.TextWrapper(width=5, subsequent_indent=' ').wrap('a b c d e f g'), textwrap.TextWrapper(tabsize=4).fill('a\\tb'),
    list(heapq.merge([1, 4], [2, 3])), list(heapq.merge(['b', 'aa'], ['ccc'], key=len)), round(1234, -2), round(2.5), round(1.234, 2),
    round(number=1.26, ndigits=1), list(itertools.accumulate([1, 2, 3])), list(itertools.accumulate('ab', initial='x')),
    list(itertools.accumulate([], initial=7)), list(itertools.accumulate([])), list(itertools.accumulate([2, 3], operator.mul)),
    list(itertools.accumulate([3, 1, 2], max)), functools.reduce(operator.add, [1, 2]), list(bytes(3)), list(bytearray([1])),
    list(bytes('a', 'ascii')), list(zip(*[range(2)] * 60))[1][59],
]
"""
    plain: dict[str, object] = {}
    exec(text, plain)
    outcome = run(text)
    assert outcome == Finished(plain["result"], "", "")


def test_generators_of_random_numbers_draw_what_they_draw_elsewhere(run: Run) -> None:
    numpy = pytest.importorskip("numpy")
    rng = numpy.random.default_rng(1)
    drawn = [rng.random(2).tolist(), rng.normal(0, 1, 3).tolist(), int(rng.integers(0, 2**32)), rng.choice([1, 2], size=2).tolist()]
    items = [1, 2, 3, 4]
    rng.shuffle(items)
    text = (
        "import numpy as np\nrng = np.random.default_rng(1)\n"
        "drawn = [rng.random(2).tolist(), rng.normal(0, 1, 3).tolist(), int(rng.integers(0, 2**32)), "
        "rng.choice([1, 2], size=2).tolist()]\nitems = [1, 2, 3, 4]\nrng.shuffle(items)\nresult = [drawn, items]"
    )
    assert run(text) == Finished([drawn, items], "", "")
    copied = "import copy\nresult = 0 <= copy.deepcopy(np.random.default_rng(1)).random() < 1"
    assert run("import numpy as np\n" + copied) == Finished(True, "", "")
    whole = "result = [np.random.randint(0, 2**31) >= 0, np.random.uniform(0, 10**9) >= 0, len(np.random.rand(2, 3))]"
    assert run("import numpy as np\n" + whole) == Finished([True, True, 2], "", "")
    joined = "result = [np.append([10**6, 10**6], 5).size, np.concatenate([[10**6, 10**6], [1]]).size, np.vstack([np.ones(3)] * 2).size]"
    assert run("import numpy as np\n" + joined) == Finished([3, 3, 6], "", "")
    made = (
        "import struct\nresult = [np.arange(3).size, np.arange(1, 9, 2).size, np.arange(stop=4).size, np.arange(5, 1, -1).size, "
        "np.mgrid[0:3, 0:4].shape, np.ogrid[0:1:5j].size, np.ogrid[0:6:2].size, np.diag([1, 2]).tolist(), "
        "np.diag(np.ones((2, 3))).size, np.diag(np.ones(2), k=-1).shape, np.diagflat(np.ones((2, 2))).shape, "
        "len(np.diag_indices(2)), np.full((2, 2), 7).sum(), np.full(2, 'ab').tolist(), np.polyval([1, 2], 3), "
        "np.polyder([1, 2]).tolist(), np.broadcast_arrays(np.ones((2, 1)), np.ones((1, 3)))[0].shape, "
        "np.base_repr(5, 2), np.arange(2.5).size, struct.pack('<2h', 1, 2) == b'\\x01\\x00\\x02\\x00', "
        "struct.Struct('h').size]\nresult = [int(x) if hasattr(x, 'ndim') else list(x) if type(x) is tuple else x for x in result]"
    )
    plain: dict[str, object] = {}
    exec("import numpy as np\n" + made, plain)
    assert run("import numpy as np\n" + made) == Finished(plain["result"], "", "")


def test_the_plain_classes_are_left_as_they_were() -> None:
    assert io.StringIO("a").seek(2**40) == 2**40
    assert json.JSONEncoder().encode([1]) == "[1]"
    assert textwrap.TextWrapper().wrap("a") == ["a"]
