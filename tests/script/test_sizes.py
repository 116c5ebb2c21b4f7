"""Sizes that only show when the script runs are looked at just before something is made of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from td_extension.script.outcomes import Finished, Raised, Stopped

Run = Callable[..., Finished | Raised | Stopped]

UNKNOWN = "n = int(op('/project1/notes').text)\n"
"""A number that no judgement knows; the DAT says which."""

LARGE = [
    "x = 'a' * n",
    "x = [0] * n",
    "x = (0,) * n",
    "x = n * 'a'",
    "x = 'a'\nx *= n",
    "x = b'a' * n",
    "x = 10 ** n",
    "x = 2\nx **= n",
    "x = 1 << n",
    "x = 1\nx <<= n",
    "x = pow(10, n)",
    "for i in range(n):\n    pass",
    "x = list(range(n))",
    "x = sum(range(0, -n, -1))",
    "x = 'a'.ljust(n)",
    "x = 'a'.center(n)",
    "x = '7'.zfill(n)",
    "x = f'{1:>{n}}'",
    "w = str(n)\nx = f'{1:{w}}'",
    "x = format(1, '>' + str(n))",
    "x = '%*d' % (n, 1)",
    "t = '%' + str(n) + 'd'\nx = t % 1",
    "x = ('a' * 1000).replace('a', 'b' * 100000)",
    "x = 'a'.join(['b' * 1000000] * 1000)",
    "x = (1).to_bytes(n, 'big')",
    "import math\nx = math.factorial(n)",
    "import math\nx = math.comb(n, n // 2)",
    "import numpy as np\nx = np.zeros(n)",
    "import numpy as np\nx = np.ones((n, 2))",
    "import numpy as np\nx = np.eye(n // 1000)",
    "import numpy as np\nx = np.random.rand(n)",
    "import numpy as np\nx = np.random.normal(0, 1, (n, 3))",
    "import numpy as np\nx = 'a' * np.int64(n)",
    "x = [0]\nwhile len(x) < n:\n    x = x + x",
    "x = [0]\nwhile len(x) < n:\n    x += x",
    "def twice(v):\n    return v + v\nx = 'ab'\nwhile len(x) < n:\n    x = twice(x)",
    "def square(v):\n    return v * v\nx = n\nfor i in range(64):\n    x = square(x)",
    "class I(int):\n    def __gt__(self, other):\n        return False\nx = 'a'.ljust(I(n))",
    "class L(list):\n    def __len__(self):\n        return 1\nx = L([0] * 1000) * n",
    "class I(int):\n    def bit_length(self):\n        return 1\nx = I(10) ** n",
    "import operator\nx = operator.mul('a', n)",
    "import re\np = op('/project1/pattern').text\nx = re.search(p, 'a' * 40)",
    "import re\nx = re.sub('a', 'b', 'a' * 300000)",
    "import itertools\nx = list(itertools.count())",
    "import itertools\nx = sum(itertools.repeat(1))",
    "import itertools\nx = n in itertools.cycle([1])",
    "import itertools\nx = max(itertools.product(range(300), repeat=4))",
    "def f():\n    return 1\nx = list(iter(f, 2))",
    "x = ','.join(str(i) for i in iter(lambda: 1, 2))",
]


@pytest.mark.parametrize("text", LARGE)
def test_what_would_stall_the_frame_is_stopped_before_it_is_made(run: Run, td: Any, text: str) -> None:
    td.op("/project1/notes").text = "100000000000"
    td.op("/project1").create(td.textDAT, "pattern").text = "(a+)+$"
    begun = time.monotonic()
    outcome = run(UNKNOWN + text, judged=False, deadline_s=0.5)
    assert time.monotonic() - begun < 2
    assert isinstance(outcome, Stopped | Raised), outcome
    assert isinstance(outcome, Stopped) or "OverflowError" in outcome.error


ORDINARY = [
    ("x = [0] * 1000 + [1] * 1000\nresult = len(x)", 2000),
    ("a, b = 'ab', 'cd'\nresult = (a + b) * 3", "abcdabcdabcd"),
    ("result = sum(i * i for i in range(100000))", 333328333350000),
    ("w = 8\nresult = f'{3.14159:{w}.2f}' + format(7, '>4') + '%5d' % 3", "    3.14   7    3"),
    ("x = 2\nx **= 10\nx <<= 3\nx *= 2\nx %= 1000\nx += 1\nresult = x", 385),
    ("x = [1]\nx += [2]\nresult = x", [1, 2]),
    ("class V:\n    def __init__(self, a):\n        self.a1 = a\n    def __mul__(self, k):\n        return V(self.a1 * k)\n"
     "result = (V(2) * 3).a1", 6),
    ("import numpy as np\nresult = [int(np.zeros((10, 10)).size), len(np.arange(0, 1000, 2)), int(np.linspace(0, 1e6, 50).size)]",
     [100, 500, 50]),
    ("import numpy as np\na = np.ones(3)\nb = np.ones(3)\nresult = float((a * b + a ** b).sum())", 6.0),
    ("import itertools\nresult = [next(itertools.count(5)), list(itertools.islice(itertools.cycle('ab'), 3)), "
     "len(list(itertools.product('ab', repeat=3)))]", [5, ["a", "b", "a"], 8]),
    ("import re\nresult = re.findall(r'(\\w+)_(\\d+)', 'a_1 b_2')", [["a", "1"], ["b", "2"]]),
    ("import math, random\nresult = [math.factorial(10), math.comb(5, 2), len(random.sample(range(100), 5))]",
     [3628800, 10, 5]),
    ("result = ' / '.join(['a', 'b']).replace('a', 'c').ljust(8) + '|'", "c / b   |"),
    ("result = [list(range(10, 0, -3)), len(range(0)), next(iter([7]))]", [[10, 7, 4, 1], 0, 7]),
    ("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\nresult = fact(20)", 2432902008176640000),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ORDINARY)
def test_ordinary_sizes_give_what_python_gives(run: Run, text: str, expected: object) -> None:
    outcome = run(text)
    assert isinstance(outcome, Finished), outcome
    assert outcome.result == expected
