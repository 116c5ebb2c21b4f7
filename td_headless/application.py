"""``app``, ``project`` and ``ui``: what a script can learn and change about the program around it."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from td_headless.errors import tdError
from td_headless.panes import Panes
from td_headless.unbuilt import loud


@loud("App")
class App:
    """``td.app`` (Derivative's App Class)."""

    __slots__ = ("_build",)

    def __init__(self, build: str) -> None:
        self._build = build

    version = property(lambda self: "099", doc="The product version.")
    build = property(lambda self: self._build, doc="The build, e.g. 2025.32460.")
    product = property(lambda self: "TouchDesigner", doc="The product.")
    architecture = property(lambda self: platform.machine(), doc="The processor's architecture.")
    osName = property(lambda self: platform.system(), doc="The operating system.")
    osVersion = property(lambda self: platform.release(), doc="The operating system's version.")
    experimental = property(lambda self: False, doc="Whether this is an experimental build.")
    pythonExecutable = property(lambda self: sys.executable, doc="The Python program beside TouchDesigner.")
    binFolder = property(lambda self: Path(sys.executable).parent.as_posix(), doc="The folder of the program.")
    installFolder = property(lambda self: Path(sys.prefix).as_posix(), doc="The folder of the installation.")
    tempFolder = property(lambda self: Path(tempfile.gettempdir()).as_posix(), doc="The folder for temporary files.")
    processId = property(lambda self: os.getpid(), doc="The number of this process.")
    power = property(lambda self: True, doc="Whether the timeline is powered on.")


@loud("Project")
class Project:
    """``td.project`` (Derivative's Project Class)."""

    __slots__ = ("_build", "_folder", "_rate", "paths", "performOnStart", "realTime")

    def __init__(self, folder: Path, rate: float, build: str) -> None:
        self._folder = folder
        self._rate = rate
        self._build = build
        self.paths: dict[str, str] = {}
        self.performOnStart = False
        self.realTime = True

    folder = property(lambda self: self._folder.as_posix(), doc="The folder of the project file.")
    name = property(lambda self: "headless.toe", doc="The name of the project file.")
    cookRate = property(lambda self: self._rate, doc="Frames a second.")
    saveVersion = property(lambda self: "099", doc="The version that saved the project.")
    saveBuild = property(lambda self: self._build, doc="The build that saved the project.")
    saveOSName = property(lambda self: platform.system(), doc="The operating system that saved the project.")
    saveOSVersion = property(lambda self: platform.release(), doc="The version of that operating system.")
    isPrivate = property(lambda self: False, doc="Whether the project is private.")


@loud("Undo")
class Undo:
    """``ui.undo`` (Derivative's Undo Class). It keeps the blocks and their callbacks, not the state of operators."""

    __slots__ = ("_blocks", "_open", "globalState", "redoStack", "undoStack")

    def __init__(self) -> None:
        self.globalState = True
        self.undoStack: list[str] = []
        self.redoStack: list[str] = []
        self._open: list[str] = []
        self._blocks: dict[str, list[tuple[Callable[..., Any], Any]]] = {}

    @property
    def state(self) -> bool:
        """Whether a block is open."""
        return bool(self._open)

    def startBlock(self, name: str, enable: bool = True) -> None:
        """Open a block; blocks may be nested."""
        self._open.append(str(name))

    def endBlock(self) -> None:
        """Close the innermost block; the outermost one becomes an entry of ``undoStack``."""
        if not self._open:
            raise tdError("No undo block is open")
        name = self._open.pop()
        if not self._open:
            self.undoStack.append(name)
            self.redoStack.clear()

    def addCallback(self, callback: Callable[..., Any], info: Any = None) -> None:
        """Note a function that undo would call; a block must be open."""
        if not self._open:
            raise tdError("No undo block is open")
        self._blocks.setdefault(self._open[0], []).append((callback, info))

    def clear(self) -> None:
        """Forget all blocks."""
        self.undoStack.clear()
        self.redoStack.clear()
        self._blocks.clear()

    def _close_all(self) -> None:
        """Close what a script callback left open, as TouchDesigner does at its end."""
        while self._open:
            self.endBlock()


def _modal(name: str) -> Callable[..., Any]:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise tdError(f"ui.{name} would open a modal dialog and freeze the show; td_headless has no one to close it")

    refuse.__name__ = name
    refuse.__doc__ = "Modal in TouchDesigner; always raises here."
    return refuse


@loud("UI")
class UI:
    """``td.ui`` (Derivative's UI Class)."""

    __slots__ = ("_panes", "_undo", "masterVolume", "performMode", "redrawMainWindow", "showPaletteBrowser", "status")

    def __init__(self, world: Any) -> None:
        self._undo = Undo()
        self._panes = Panes(world)
        self.masterVolume = 1.0
        self.redrawMainWindow = True
        self.showPaletteBrowser = False
        self.performMode = False
        self.status = ""

    undo = property(lambda self: self._undo, doc="The undo stack.")
    panes = property(lambda self: self._panes, doc="The panes of the main window.")
    messageBox = _modal("messageBox")
    chooseFile = _modal("chooseFile")
    chooseFolder = _modal("chooseFolder")
