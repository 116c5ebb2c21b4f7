"""Whatever a script does, it ends within its time, leaves nothing behind, and the next call is served.

The clock is the process's own CPU time: the bound holds for the work done, however busy the machine is.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from td_extension.policy.script_rule import PROFILES
from td_extension.script import run as run_module
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.report import first_refused
from td_extension.script.run import Executor
from td_extension.td_bridge import TdBridge

BOUND_S = 0.6
Outcome = Finished | Raised | Stopped
Run = Callable[[str, bool], Outcome]

ENDLESS = {
    "a loop that swallows everything": "while True:\n    try:\n        x = 1\n    except:\n        pass",
    "a loop that swallows the stop by its name": "while True:\n    try:\n        x = 1\n    except BaseException:\n        continue",
    "a finally that goes on": "while True:\n    try:\n        x = 1\n    finally:\n        continue",
    "a context manager that suppresses all":
        "class Calm:\n    def __enter__(self):\n        return self\n    def __exit__(self, *what):\n        return True\n"
        "while True:\n    with Calm():\n        x = 1",
    "handlers inside handlers":
        "def again():\n    while True:\n        try:\n            again()\n        except BaseException:\n            again()\nagain()",
    "a generator that swallows":
        "def numbers():\n    while True:\n        try:\n            yield 1\n        except BaseException:\n            pass\n"
        "for number in numbers():\n    pass",
    "a generator that C consumes": "def numbers():\n    while True:\n        yield 1\nsum(numbers())",
    "an iterator of the script's own":
        "class Endless:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return 1\n"
        "for number in Endless():\n    pass",
    "its own iterator, consumed by C":
        "class Endless:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return 1\nmax(Endless())",
    "the item protocol": "class Endless:\n    def __getitem__(self, key):\n        return key\nfor item in Endless():\n    pass",
    "the item protocol, consumed by C": "class Endless:\n    def __getitem__(self, key):\n        return key\nsum(Endless())",
    "comparisons that never tell":
        "class Never:\n    def __lt__(self, other):\n        while True:\n            pass\nsorted([Never(), Never()])",
    "an endless iterator in a loop": "for number in iter(int, 1):\n    pass",
    "an endless iterator in a comprehension": "[number for number in iter(int, 1)]",
    "a lambda that C calls": "list(map(lambda number: number, iter(int, 1)))",
    "mutual recursion that goes on":
        "def ping():\n    try:\n        pong()\n    except BaseException:\n        pong()\ndef pong():\n    try:\n        ping()\n"
        "    except BaseException:\n        ping()\nping()",
    "a million operators": "for number in range(10 ** 6):\n    op('/project1').create(nullTOP)",
    "a million copies": "for number in range(10 ** 6):\n    op('/project1').copy(op('/project1/noise1'))",
    "ten million lines": "for number in range(10 ** 7):\n    print('line', number)",
}  # fmt: skip
"""Scripts that never end by themselves. They run unjudged, where the judgement refuses them, and are stopped all the same."""


@pytest.fixture
def bounded(td: Any, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a script within `BOUND_S` of CPU time; judged under `edit`, or not."""
    monkeypatch.setattr(run_module, "TIME_LIMIT_S", BOUND_S)
    monkeypatch.setattr(sys, "unraisablehook", lambda told: None)
    return runner(td, catalog)


def runner(td: Any, catalog: Catalog) -> Run:
    me = td.op("/project1/mcp_webserver_base/mcp_webserver_script")
    bridge = TdBridge(td, td.op("/project1/PolicyGuard"))
    bridge.protect([td.op("/project1/mcp_webserver_base/webserver1"), me])
    executor = Executor(catalog, bridge, time.process_time)

    def run(text: str, judged: bool) -> Outcome:
        report = analyse(text, catalog, bridge.protected_paths())
        if judged:
            assert first_refused(report, PROFILES["edit"]) is None
        return executor.run(report, source=text, granted=PROFILES["edit"], allowed="edit", me=me)

    return run


def operators(td: Any) -> list[str]:
    return sorted(one.path for one in td.root.findChildren(includeUtility=True))


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=name) for name, text in ENDLESS.items()],
)
def test_what_never_ends_is_stopped_within_its_bound_and_the_next_call_is_served(
    bounded: Run, td: Any, text: str
) -> None:
    before = operators(td)

    def took_s() -> float:
        begin = time.process_time()
        outcome = bounded(text, False)
        took = time.process_time() - begin
        assert isinstance(outcome, Stopped), outcome
        return took

    # The best of three: a processor that others share goes slower for a while, also in its own time.
    assert any(took_s() <= 1.5 * BOUND_S for _ in range(3))
    assert operators(td) == before
    assert bounded("1 + 1", True) == Finished(2, "", "")


@pytest.mark.parametrize(
    "text",
    ["import itertools\nsum(itertools.count())", "import itertools\nlist(itertools.cycle([1]))",
     "import itertools\nlist(itertools.repeat(1))", "sum(iter(int, 1))", "list(iter(int, 1))", "max(iter(int, 1))"],
)  # fmt: skip
def test_an_endless_iterator_that_c_consumes_is_refused_before_it_runs(catalog: Catalog, text: str) -> None:
    """Nothing of the script's runs meanwhile: no tick could end it."""
    assert first_refused(analyse(text, catalog, ()), PROFILES["edit"]) is not None


def test_plain_recursion_ends_with_python_s_own_error(bounded: Run) -> None:
    outcome = bounded("def ping():\n    pong()\ndef pong():\n    ping()\nping()", True)
    assert isinstance(outcome, Raised)
    assert "RecursionError" in outcome.error
    assert bounded("1 + 1", True) == Finished(2, "", "")


@pytest.mark.parametrize(
    "text",
    ["import threading\nthreading.Thread(target=print).start()", "import _thread\n_thread.start_new_thread(print, ())",
     "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor(1).submit(print)",
     "import asyncio\nasyncio.to_thread(print)"],
)  # fmt: skip
def test_no_thread_is_started_whether_judged_or_not(bounded: Run, catalog: Catalog, text: str) -> None:
    before = threading.active_count()
    assert first_refused(analyse(text, catalog, ()), PROFILES["edit"]) is not None
    assert not isinstance(bounded(text, False), Finished)
    assert threading.active_count() == before
    assert bounded("1 + 1", True) == Finished(2, "", "")


def test_a_stopped_script_says_nothing_past_its_captured_output(bounded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda one: told.append(one.exc_type.__name__))
    waiting = "def numbers():\n    while True:\n        try:\n            yield 1\n        except BaseException:\n            pass\n"
    outcome = bounded(waiting + "kept = numbers()\nnext(kept)\nwhile True:\n    pass", False)
    assert isinstance(outcome, Stopped)
    gc.collect()
    assert told == []


# -- many calls ----------------------------------------------------------------------------------------------------

_MANY = (
    "for number in range(10 ** 6):\n    op('/project1').create(nullTOP)",
    "kept = []\nwhile True:\n    kept.append([kept])",
    "class Node:\n    def __init__(self, next):\n        self.next = next\nnode = None\nwhile True:\n    node = Node(node)",
    "def numbers():\n    while True:\n        yield 1\nfor number in numbers():\n    print(number)",
    "while True:\n    try:\n        op('/project1/notes').text = 'x'\n    except BaseException:\n        pass",
)


def leftovers(td: Any) -> dict[str, int]:
    """What a call could leave behind, counted."""
    for _ in range(3):
        gc.collect()
    handles = Path("/proc/self/fd")
    return {
        "operators": len(operators(td)),
        "threads": threading.active_count(),
        "handles": len(os.listdir(handles)) if handles.exists() else 0,
        "scheduled": len(td.runs),
        "streams": int(sys.stdout is not sys.__stdout__),
        "objects": len(gc.get_objects()),
    }


def served(run: Run, count: int) -> None:
    for number in range(count):
        outcome = run(_MANY[number % len(_MANY)], False)
        assert isinstance(outcome, Stopped), outcome


def nothing_is_left(td: Any, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(run_module, "TIME_LIMIT_S", 0.001)
    run = runner(td, catalog)
    served(run, 25)  # what is kept once is kept by then
    before = leftovers(td)
    served(run, count)
    after = leftovers(td)
    grown = after.pop("objects") - before.pop("objects")
    assert after == before
    assert grown < 200 + count // 100, f"{grown} objects more after {count} calls"


def test_a_few_hundred_calls_with_a_deadline_of_a_millisecond_leave_nothing_behind(
    td: Any, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_left(td, catalog, monkeypatch, 300)


@pytest.mark.slow
def test_ten_thousand_calls_with_a_deadline_of_a_millisecond_leave_nothing_behind(
    td: Any, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_left(td, catalog, monkeypatch, 10_000)
