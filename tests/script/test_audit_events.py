"""The last line: what Python itself reports while a judged script runs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from td_extension.script import safe_members
from td_extension.script.audit_events import listening
from td_extension.script.audit_switch import unheard
from td_extension.script.outcomes import Finished, Raised, Stopped

Run = Callable[..., Finished | Raised | Stopped]


@pytest.fixture
def hole(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """Puts a function of the library's kind within a script's reach, as a hole that nobody thought of."""

    def dig(function: Callable[..., Any]) -> None:
        members = {**safe_members.SAFE_MEMBERS["pprint"], "pformat": function}
        monkeypatch.setitem(safe_members.SAFE_MEMBERS, "pprint", members)

    return dig


def stopped(outcome: Finished | Raised | Stopped) -> str:
    assert isinstance(outcome, Stopped), outcome
    return outcome.refusal.message


def of_a_library(body: str) -> Callable[..., Any]:
    """A function that stands in the standard library, as far as its code tells."""
    names: dict[str, Any] = {"subprocess": subprocess, "sys": sys}
    exec(compile(f"def function(path):\n    {body}", os.__file__, "exec"), names)
    function: Callable[..., Any] = names["function"]
    return function


EFFECTS = {
    "file.read": of_a_library("open(path).close()"),
    "file.write": of_a_library("open(path, 'w').close()"),
    "process": of_a_library("subprocess.run([sys.executable, '-c', ''], check=False)"),
}


@pytest.mark.parametrize("needed", EFFECTS)
def test_an_effect_through_a_hole_is_stopped(run: Run, hole: Any, tmp_path: Path, needed: str) -> None:
    marker = tmp_path / "marker"
    marker.write_text("before", encoding="utf-8")
    hole(EFFECTS[needed])
    message = stopped(run(f"import pprint\ntry:\n    pprint.pformat({str(marker)!r})\nexcept BaseException:\n    pass"))
    assert f"capability '{needed}'" in message
    assert marker.read_text(encoding="utf-8") == "before"


def test_other_threads_and_the_guard_itself_are_not_heard(tmp_path: Path) -> None:
    heard: list[str] = []
    (tmp_path / "x").write_text("", encoding="utf-8")

    def read() -> None:
        open(tmp_path / "x").close()

    with listening(lambda event, arguments: heard.append(event)):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        assert "open" not in heard
        with unheard():
            read()
        assert "open" not in heard
        read()
        assert "open" in heard
    heard.clear()
    read()
    assert heard == []


def test_the_project_s_own_code_is_none_of_its_business(run: Run, td: Any, hole: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "log.txt")
    source = f"def write():\n    open({path!r}, 'w').close()\n"
    code: dict[str, Any] = {}
    exec(compile(source, "/project1/logger", "exec"), code)
    hole(lambda: code["write"]())
    assert isinstance(run("import pprint\npprint.pformat()"), Finished)
    assert os.path.exists(path)


def test_what_a_policy_grants_is_let_pass(run: Run, hole: Any, tmp_path: Path) -> None:
    hole(EFFECTS["file.write"])
    path = tmp_path.resolve() / "log.txt"
    outcome = run(f"import pprint\npprint.pformat({str(path)!r})", f"edit +file.write({path.parent}/**)")
    assert isinstance(outcome, Finished), outcome
    assert path.exists()
