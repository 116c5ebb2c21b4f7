from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime, tdError
from tests.td_headless.conftest import talk, web_server


def test_install_offers_td_and_its_names_and_takes_them_back(runtime: Runtime) -> None:
    main = sys.modules["__main__"]
    before = dict(vars(main))
    with runtime.install() as td:
        assert sys.modules["td"] is td
        assert vars(main)["noiseTOP"] is td.noiseTOP
        assert vars(main)["absTime"] is td.absTime
    assert "td" not in sys.modules
    assert dict(vars(main)) == before


def test_install_restores_the_path_and_forgets_modules_from_it(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "some_td_side_module.py").write_text("value = 1", encoding="utf-8")
    path = list(sys.path)
    with runtime.install():
        sys.path.insert(0, str(tmp_path))
        __import__("some_td_side_module")
    assert "some_td_side_module" not in sys.modules
    assert sys.path == path


def test_install_puts_back_a_module_that_was_dropped(runtime: Runtime) -> None:
    import json

    with runtime.install():
        del sys.modules["json"]
    assert sys.modules["json"] is json


def test_two_runtimes_do_not_share_operators() -> None:
    with Runtime() as first, Runtime() as second:
        first.root.create("baseCOMP", "project1")
        assert second.td.op("/project1") is None


def test_a_step_advances_one_frame(runtime: Runtime) -> None:
    runtime.step()
    runtime.step()
    assert (runtime.td.absTime.frame, runtime.td.absTime.seconds) == (2, pytest.approx(2 / 60))


def test_a_step_serves_what_waits(runtime: Runtime, project: Any) -> None:
    import http.client

    address = runtime.server_address(
        web_server(project, "def onHTTPRequest(d, q, r):\n    r['statusCode'] = 200\n    return r")
    )
    statuses: list[int] = []

    def client() -> None:
        connection = http.client.HTTPConnection(*address, timeout=10)
        connection.request("GET", "/")
        statuses.append(connection.getresponse().status)

    thread = threading.Thread(target=client)
    thread.start()
    runtime.step(timeout_s=10)
    thread.join(10)
    assert statuses == [200]


def test_run_until_keeps_the_frame_rate(runtime: Runtime) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    runtime.run_until(stop)
    assert 15 <= runtime.td.absTime.frame <= 32


def test_the_build_is_told(runtime: Runtime) -> None:
    assert (runtime.td.app.version, runtime.td.app.build) == ("099", "2025.32460")


def test_the_main_thread_is_the_one_of_the_frame_loop(runtime: Runtime) -> None:
    assert runtime.td.isMainThread() is True
    assert talk(runtime, runtime.td.isMainThread) is False


def test_dialogs_raise_instead_of_freezing(runtime: Runtime) -> None:
    for dialog in (runtime.td.ui.messageBox, runtime.td.ui.chooseFile):
        with pytest.raises(tdError, match="freeze"):
            dialog("Title", "Text")


def test_undo_blocks_are_noted_and_closed_at_the_end_of_a_frame(runtime: Runtime) -> None:
    undo = runtime.td.ui.undo
    undo.startBlock("decision 1")
    undo.startBlock("inner")
    undo.endBlock()
    assert undo.undoStack == []
    runtime.step()
    assert undo.undoStack == ["decision 1"]
    with pytest.raises(NotImplementedError):
        undo.undo()
    with pytest.raises(tdError, match="open"):
        undo.endBlock()


def test_an_unknown_name_of_td_raises(runtime: Runtime) -> None:
    assert not hasattr(runtime.td, "nosuch")
    assert runtime.td.me is runtime.root
