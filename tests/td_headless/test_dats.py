from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime, tdError


def test_a_module_runs_once_until_its_text_changes(project: Any) -> None:
    dat = project.create("textDAT")
    dat.text = "me.parent().store('runs', me.parent().fetch('runs', 0) + 1)\nvalue = 1"
    assert dat.module is dat.module
    assert project.fetch("runs") == 1
    dat.text = dat.text + "\nvalue = 2"
    assert dat.module.value == 2
    assert project.fetch("runs") == 2


def test_a_module_has_touchdesigners_names(project: Any) -> None:
    dat = project.create("textDAT")
    dat.text = "names = (op, parent, me, absTime, tdu, ui, noiseTOP, ParMode, run, root, project, app, mod, ops, debug)"
    assert dat.module.names[2] is dat


def test_a_module_that_fails_raises_each_time(project: Any) -> None:
    dat = project.create("textDAT")
    dat.text = "1 / 0"
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            dat.module  # noqa: B018


def test_run_executes_the_text_with_its_arguments(project: Any, runtime: Runtime) -> None:
    dat = project.create("textDAT")
    dat.text = "parent().store('got', (args, me.name))"
    dat.run(1, 2)
    assert project.fetch("got") == ((1, 2), "text1")
    dat.run(3, delayFrames=2)
    runtime.step()
    assert project.fetch("got") == ((1, 2), "text1")
    runtime.step()
    assert project.fetch("got") == ((3,), "text1")


def test_a_file_is_loaded_by_pulse_by_sync_and_at_start(project: Any, runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text("value = 'é'\n", encoding="utf-8")
    pulsed, synced, started = (project.create("textDAT") for _ in range(3))
    pulsed.par.file = str(file)
    assert pulsed.text == ""
    pulsed.par.loadonstartpulse.pulse()
    synced.par.syncfile = True
    synced.par.file = str(file)
    started.par.file = str(file)
    started.par.loadonstart = True
    runtime.start_project()
    assert [dat.text for dat in (pulsed, synced, started)] == ["value = 'é'\n"] * 3


def test_a_missing_file_is_a_warning(project: Any) -> None:
    dat = project.create("textDAT")
    dat.par.file = "/nosuch/file.py"
    dat.par.loadonstartpulse.pulse()
    assert "Cannot load file" in dat.warnings()


def test_a_null_shows_its_input_and_cannot_be_edited(project: Any) -> None:
    text, null, select = project.create("textDAT"), project.create("nullDAT"), project.create("selectDAT")
    text.text = "hello"
    null.inputConnectors[0].connect(text)
    select.par.dat = null
    assert (null.text, select.text) == ("hello", "hello")
    with pytest.raises(tdError, match="cannot be edited"):
        null.text = "x"


def test_saving_writes_the_text(project: Any, tmp_path: Path) -> None:
    dat = project.create("textDAT")
    dat.text = "a\nß"
    target = tmp_path / "new" / "a.txt"
    assert dat.save(str(target), createFolders=True) == str(target)
    assert target.read_bytes() == "a\nß".encode()


def test_basic_authentication_of_a_web_server(project: Any) -> None:
    server = project.create("webserverDAT")
    token = "Basic " + "YWdlbnQ6c2VjcmV0"
    assert server.authenticateBasic(token, {"agent": "secret"}) is True
    assert server.authenticateBasic(token, {"agent": "other"}) is False
    assert server.authenticateBasic("Basic ???", {"agent": "secret"}) is False
    assert server.authenticateBasic("", {}) is False
