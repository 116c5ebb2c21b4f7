"""`Runtime`: one headless TouchDesigner with its frame loop."""

from __future__ import annotations

import copy
import importlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from td_headless.callback_dats import CallbackDats
from td_headless.errors import tdError
from td_headless.file_sync import FileSync
from td_headless.finders import SYSTEM_MODULES
from td_headless.http_exchange import RepeatedHeaders
from td_headless.optypes import TYPES
from td_headless.schedule import Schedule
from td_headless.td_module import build_module
from td_headless.webservers import WebServers
from td_headless.world import World


class Runtime:
    """A TouchDesigner stand-in.

    Args:
        build: the build to pretend to be; it decides which parameters exist and how some callbacks are called.
        header_wins: what an HTTP header named like a reserved key does, see `http_exchange.request_dict`.
        frame_rate: frames a second.
        folder: what ``project.folder`` tells; the working directory by default.
        repeated_headers: how a header that was sent several times is handed over.

    Attributes:
        td: the module ``td``.
        world: what the operators share.
    """

    def __init__(
        self,
        build: str = "2025.32460",
        header_wins: bool = False,
        frame_rate: float = 60.0,
        folder: Path | None = None,
        repeated_headers: RepeatedHeaders = RepeatedHeaders.LAST,
    ) -> None:
        self.world = World(build, frame_rate)
        self.world.types = {name.lower(): kind for name, kind in TYPES.items()}
        self.world.root = TYPES["baseCOMP"](self.world, None, "")
        self._schedule = Schedule(self.world)
        self.world.schedule = self._schedule
        self._callback_dats = CallbackDats(self.world)
        self._file_sync = FileSync(self.world)
        self._servers = WebServers(self.world, header_wins, repeated_headers)
        self.td = build_module(self.world, self._schedule, folder or Path.cwd())

    @property
    def root(self) -> Any:
        """The operator ``/``."""
        return self.world.root

    @contextmanager
    def install(self) -> Iterator[Any]:
        """Make ``import td`` and TouchDesigner's names in ``__main__`` work inside the block.

        On exit ``sys.path`` is as before, modules from folders added to it are forgotten, and modules that were
        replaced or dropped are back. Names of ``__main__`` that TouchDesigner has too (``op``, ``app``, ``run`` …) are
        TouchDesigner's inside the block. Yields the module ``td``.
        """
        main = sys.modules["__main__"]
        modules, path, before = dict(sys.modules), list(sys.path), dict(vars(main))
        self.world.main_thread = threading.get_ident()
        vars(main).update(self.world.names)
        sys.modules["td"] = self.td
        sys.modules["tdu"] = self.world.names["tdu"]
        for name in SYSTEM_MODULES:
            sys.modules[name] = importlib.import_module(f"td_headless.palette.{name}")
        try:
            yield self.td
        finally:
            for name, value in self.world.names.items():
                if vars(main).get(name) is value:
                    del vars(main)[name]
                    if name in before:
                        vars(main)[name] = before[name]
            added = [folder for folder in sys.path if folder not in path]
            sys.path[:] = path
            for name, module in list(sys.modules.items()):
                replaced = modules.get(name) is not module and _is_under(module, added)
                if replaced or name in ("td", "tdu", *SYSTEM_MODULES):
                    del sys.modules[name]
            sys.modules.update(modules)
            importlib.invalidate_caches()

    def server_address(self, webserver_dat: Any) -> tuple[str, int]:
        """Return the address and port a Web Server DAT listens on; raise `tdError` when it does not."""
        return self._servers.address(webserver_dat)

    def step(self, timeout_s: float = 0.0) -> None:
        """Advance one frame.

        Args:
            timeout_s: how long to wait for a request, in seconds, before the frame goes on without one.
        """
        self._serve_request(timeout_s)
        # Those that come meanwhile wait for the next frame, so that a flood does not hold this one up.
        for _ in range(self._servers.waiting):
            self._serve_request(0.0)
        self._frame()

    def run_until(self, stop: threading.Event) -> None:
        """Run the frame loop on this thread until `stop` is set; requests are served as they come, between frames."""
        self.world.main_thread = threading.get_ident()
        length = self.world.clock.stepSeconds
        due = time.monotonic() + length
        while not stop.is_set():
            wait = due - time.monotonic()
            if wait > 0:
                self._serve_request(wait)
                continue
            self._frame()
            due = max(due + length, time.monotonic())

    def create_system_components(self) -> None:
        """Create what every real project has beside its own: ``/local/time`` and ``op.TDModules``.

        Raises:
            tdError: the root holds ``local`` or ``sys`` already.
        """
        for name in ("local", "sys"):
            if self.root.op(name) is not None:
                raise tdError(f"/{name} exists already")
        self.root.create("baseCOMP", "local").create("timeCOMP", "time")
        modules = self.root.create("baseCOMP", "sys").create("baseCOMP", "TDModules")
        modules.par.opshortcut = "TDModules"

    def start_project(self) -> None:
        """Do what TouchDesigner does when it has loaded a project: load files, run ``onCreate``, ``onStart``."""
        self.announce_created(self.root)
        self._callback_dats.event("start", "onStart")

    def announce_created(self, component: Any) -> None:
        """Do what TouchDesigner does when a component came into being, e.g. after dropping a ``.tox``."""
        for operator in [component, *component.findChildren(includeUtility=True)]:
            operator._storage.update(copy.deepcopy(operator._startup_storage))
            if operator.isDAT and operator.par["loadonstart"] and operator.par.file:
                operator._load_file()
            if operator.isCOMP and operator.par.initextonstart:
                operator.initializeExtensions()
        self._callback_dats.event("create", "onCreate", within=component)

    def exit_project(self) -> None:
        """Run ``onExit`` as TouchDesigner does before it closes; the servers keep running until `close`."""
        self._callback_dats.event("exit", "onExit")

    def close(self) -> None:
        """Stop all servers."""
        self._servers.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _renew_extensions(self) -> None:
        """Start extensions anew whose source was edited, as TouchDesigner does by itself."""
        for operator in list(self.world.by_id.values()):
            if operator.isCOMP and operator.extensionsReady:
                operator._extensions._ready()

    def _serve_request(self, timeout_s: float) -> bool:
        served = self._servers.serve_next(timeout_s)
        if served:
            self.td.ui.undo._close_all()
        return served

    def _frame(self) -> None:
        self.world.clock.frame += 1
        self._callback_dats.event("framestart", "onFrameStart", self.world.clock.frame)
        self._schedule.run_due()
        self._file_sync.update()
        self._renew_extensions()
        self._callback_dats.report_changes()
        self._callback_dats.event("frameend", "onFrameEnd", self.world.clock.frame)
        calls, self.world.end_of_frame = self.world.end_of_frame, []
        for call in calls:
            call()
        self.td.ui.undo._close_all()


def _is_under(module: Any, folders: list[str]) -> bool:
    """Say whether a module was loaded from a file in one of `folders`."""
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and any(Path(file).is_relative_to(folder) for folder in folders if folder)
