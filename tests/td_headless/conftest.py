"""What the tests of td_headless share: a runtime, and a frame loop that serves while a client talks to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest

from td_headless import Runtime

T = TypeVar("T")


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    with Runtime() as made:
        yield made


@pytest.fixture
def project(runtime: Runtime) -> Any:
    return runtime.root.create("baseCOMP", "project1")


def talk(runtime: Runtime, client: Callable[[], T], timeout_s: float = 60.0) -> T:
    """Run `client` in a thread while the frame loop runs on this one; return what it returns."""
    stop = threading.Event()
    outcome: Future[T] = Future()

    def work() -> None:
        try:
            outcome.set_result(client())
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            stop.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    watchdog = threading.Timer(timeout_s, stop.set)
    watchdog.start()
    runtime.run_until(stop)
    watchdog.cancel()
    return outcome.result(timeout=1.0)


def web_server(network: Any, code: str) -> Any:
    """Create a listening Web Server DAT with this callbacks text."""
    callbacks = network.create("textDAT", "callbacks")
    callbacks.text = code
    server = network.create("webserverDAT", "server", initialize=False)
    server.par.callbacks = "callbacks"
    server.par.port = 0
    server.par.active = True
    return server
