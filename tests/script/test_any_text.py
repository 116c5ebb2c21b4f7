"""Whatever the text, it gets a report, and what is judged can be compiled.

Two thousand texts by default. ``-m slow`` tries texts for `POLICYGUARD_HOURS` hours (a quarter of an hour without it);
`scripts/fuzz.py` looks for them with coverage.
"""

from __future__ import annotations

import os
import random
import time
import warnings
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.instrument import watched_members
from td_extension.script.report import ScriptReport

from . import corpora
from .hostile_texts import machine_factor
from .invariants import broken_invariants, over_time
from .random_texts import cut_up, program

SCRIPTS = [script.text for script in [*corpora.given(), *corpora.own()] if script.text]
KINDS: dict[str, Callable[[random.Random], str]] = {
    "cut up": lambda source: cut_up(source, SCRIPTS),
    "program": program,
    "program cut up": lambda source: cut_up(source, [program(source), *source.choices(SCRIPTS, k=3)]),
}
BY_CHANCE = settings(max_examples=550, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


Check = Callable[[str], list[str]]
Judge = Callable[[str], ScriptReport]


# Functions, not the catalog itself: hypothesis prints what a failing test was given.


@pytest.fixture(scope="module")
def broken(catalog: Catalog) -> Check:
    """Tells which invariants a text breaks."""
    watched = watched_members(catalog)

    def check(text: str) -> list[str]:
        return broken_invariants(text, catalog, watched)

    return check


@pytest.fixture(scope="module")
def slow(catalog: Catalog) -> Check:
    """Tells whether judging a text takes too long."""
    factor = machine_factor()

    def check(text: str) -> list[str]:
        told = over_time(text, catalog, factor)
        return [told] if told else []

    return check


@pytest.fixture(scope="module")
def judge(catalog: Catalog) -> Judge:
    """Judges a text."""

    def report(text: str) -> ScriptReport:
        return analyse(text, catalog, corpora.GUARD)

    return report


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    """A text by chance may compare with `is`, or call a number: Python warns of that as it compiles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def test_a_use_in_an_f_string_of_several_lines_stands_inside_the_text(broken: Check) -> None:
    """Found by fuzzing: CPython 3.11 tells a column below 0 there."""
    assert broken('----f"""{\nimage\nimport numpy as np\nimage = np.zeros((2160, 3840, 4)--range--1}"""') == []
    assert broken('x = f"""{\nopen\n}"""') == []


def test_expressions_whose_parts_have_many_origins_are_judged_in_time(broken: Check, slow: Check) -> None:
    """Found by fuzzing: each part was read again for each origin of the text around it."""
    again = "factor = f'* {op(1).width}'\nrest = f'{factor} + 2'\nop('a').par.tx.expr = f'me.digits {rest}'\n"
    doubled = "\n".join(f"a{at} = f'{{a{at + 1}}}{{a{at + 1}}}'" for at in range(40))
    ends = f"{doubled}\nop('a').par.tx.expr = a0"
    for text in (again * 60, ends, f"a40 = '{'1' * 9000}'\n{ends}", f"a40 = op('n').width\n{ends}"):
        assert broken(text) == []
        assert slow(text) == []


PLACES_OF_NUMBERS = (
    "2**N", "2<<N", "x=1\nx<<=N", "x=1\nx**=N", "i=N\nwhile i > 0:\n    i -= 1", "i=0\nwhile i < N:\n    i += 0.5",
    "i=0\nwhile i < 1e300:\n    i += N", "for i in range(0, N, 3): pass", "[0]*N", "import math\nmath.factorial(N)",
    "import math\nmath.comb(N, 5)", "import math\nmath.perm(N, N)", "import numpy as np\nnp.zeros(N)",
    "import numpy as np\nnp.arange(0, N, N)", "import numpy as np\nnp.linspace(0, 1, N)", "'%Nd' % 3",
    "'{:N}'.format(1)", "round(1.5, N)", "'x'.ljust(N)", "N/3.0", "N//2.5", "N%2.5", "N**0.5", "0.5**N", "N*1.5",
    "N+1.5", "import time\ntime.sleep(N)", "int('N')", "float(N)", "float('N')", "pow(2, N)", "pow(N, 2.5)",
    "divmod(N, 2.5)", "op('a').par.resolutionw = N", "op('a').setSize(N, N)",
    "for a in range(N):\n for b in range(N):\n  op('x').create(noiseTOP)", "import itertools\nlist(itertools.repeat(1, N))",
    "import itertools\nitertools.product([1], repeat=N)", "import itertools\nitertools.combinations(range(N), N)",
    "()*N", "[]*N", "''*N", "b''*N", "[1]*N", "(1,)*N", "N*()", "import math\nmath.prod(range(N))", "sum(range(N))",
    "import math\nmath.prod([2]*N)", "x = []\nx *= N", "round(N)", "[0]*5*N", "range(0, 10, N)", "'a'[N:N:N]",
    "sum([N]*5)", "max([N, 1.5])", "min(range(N))", "sorted(range(N))", "enumerate([], N)", "print('a' * N)",
    "bytes(N)", "range(N)[N]", "[1][N]", "list(range(5))[::N]",
)  # fmt: skip


@pytest.mark.parametrize("number", ["1" * 400, "-" + "1" * 400, "1" * 400 + ".0", "1e-320", "-0.0", "10**20", "2**63", "float('nan')", "float('inf')"])
def test_a_number_that_no_float_holds_is_judged_wherever_it_stands(broken: Check, number: str) -> None:
    """Found by fuzzing: sizes are reckoned in floats."""
    assert [told for text in PLACES_OF_NUMBERS for told in broken(text.replace("N", number))] == []



@settings(max_examples=350)
@given(st.text(st.characters(codec=None), max_size=300) | st.text("()[]{}'\"\\\n #:;.,=-+*@_f0x\t", max_size=200))
@example("")
@example("\n")
@example("\\")
@example("f'{")
@example("*a")
@example("x = '\ud800'")
def test_any_characters_give_a_report(broken: Check, text: str) -> None:
    assert broken(text) == []


@pytest.mark.parametrize("kind", KINDS)
@BY_CHANCE
@given(seed=st.integers(0, 2**48))
def test_any_program_gives_a_report(broken: Check, slow: Check, kind: str, seed: int) -> None:
    text = KINDS[kind](random.Random(seed))
    note(text)
    assert broken(text) + slow(text) == []


@given(seed=st.integers(0, 2**48))
def test_the_same_text_gives_the_same_report(judge: Judge, seed: int) -> None:
    """Reports are kept by the hash of their text."""
    text = cut_up(random.Random(seed), SCRIPTS)
    assert judge(text) == judge(text)


@given(seed=st.integers(0, 2**48), ending=st.sampled_from(["\n", "\n\n# the end", "  "]))
def test_what_follows_the_last_line_changes_no_use(judge: Judge, seed: int, ending: str) -> None:
    text = program(random.Random(seed))
    report = judge(text)
    if report.tree is not None:
        assert judge(text + ending).uses == report.uses


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_texts_by_chance_for_hours(broken: Check, slow: Check) -> None:
    ends_at = time.monotonic() + 3600 * float(os.environ.get("POLICYGUARD_HOURS", "0.25"))
    seeds = random.Random()
    tried = 0
    while time.monotonic() < ends_at:
        for kind, make in KINDS.items():
            seed = seeds.getrandbits(48)
            text = make(random.Random(seed))
            assert broken(text) + slow(text) == [], f"{kind} of seed {seed}:\n{text}"
            tried += 1
    assert tried > 100
