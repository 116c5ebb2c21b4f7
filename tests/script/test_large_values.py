"""What C would make too large, or search too long, is stopped before it is begun."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from td_extension.script.execute import Finished, Raised, Stopped

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
