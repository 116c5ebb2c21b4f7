"""The ``td`` module: every name that TouchDesigner puts into the globals of its scripts."""

from __future__ import annotations

import threading
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from td_headless import tdu
from td_headless.application import UI, App, Project
from td_headless.cells import Cell
from td_headless.chops import Channel
from td_headless.connectors import Connector
from td_headless.errors import tdAttributeError, tdError
from td_headless.finders import AllFinder, Finder, ModuleFinder, ParentFinder, StrictFinder
from td_headless.operators import OP
from td_headless.optypes import FAMILY_CLASSES, TYPES
from td_headless.pages import Page
from td_headless.panels import Panel, PanelCOMP, PanelValue
from td_headless.panes import NetworkEditor, Panes, PaneType
from td_headless.par_collection import ParCollection
from td_headless.par_groups import ParGroup, ParGroupCollection
from td_headless.parameters import Par, ParMode
from td_headless.schedule import Run, Schedule
from td_headless.sequences import Sequence, SequenceBlock
from td_headless.sops import Attribute, Bounds, Point, Prim, Vertex
from td_headless.special_components import ObjectCOMP
from td_headless.vfs import VFS, VFSFile
from td_headless.world import World

_UNBUILT_GLOBALS = """Actors ArcBall AttributeData Bezier Bodies Body CUDAMemory CUDAMemoryShape Camera Color Colors
    Dongle DongleList Group JustifyType License Licenses ListAttribute ListAttributes MOD Matrix Mesh Monitor Monitors
    Options Peer Poly Preferences ProductEntry Quaternion Segment SysInfo TextLine Timecode clear ext families
    fetchStamp iop ipar licenses monitors passive sysinfo textport var varExists varOwner"""
"""Names that TouchDesigner's module has and this one has not."""


def build_module(world: World, schedule: Schedule, folder: Path) -> types.ModuleType:
    """Return a new module ``td`` for `world`, and put its names where code in DATs finds them.

    Args:
        world: the project.
        schedule: where ``run`` puts its calls.
        folder: what ``project.folder`` tells.
    """
    td = types.ModuleType("td", "TouchDesigner's Python module, as built by td_headless.")
    names: dict[str, Any] = {
        "op": Finder(world),
        "ops": AllFinder(world),
        "opex": StrictFinder(world),
        "parent": ParentFinder(world),
        "mod": ModuleFinder(world),
        "root": world.root,
        "app": App(world.build),
        "project": Project(folder, world.clock.rate, world.build),
        "ui": UI(world),
        "absTime": world.clock,
        "tdu": tdu.module(),
        "run": schedule.run,
        "runs": schedule.runs,
        "debug": _debug(world),
        "isMainThread": lambda: threading.get_ident() == world.main_thread,
        "OP": OP,
        "ParMode": ParMode,
        "Par": Par,
        "ParCollection": ParCollection,
        "ParGroup": ParGroup,
        "ParGroupCollection": ParGroupCollection,
        "PaneType": PaneType,
        "NetworkEditor": NetworkEditor,
        "Panes": Panes,
        "Panel": Panel,
        "PanelValue": PanelValue,
        "Point": Point,
        "Prim": Prim,
        "Vertex": Vertex,
        "Attribute": Attribute,
        "Bounds": Bounds,
        "Sequence": Sequence,
        "SequenceBlock": SequenceBlock,
        "VFS": VFS,
        "VFSFile": VFSFile,
        "PanelCOMP": PanelCOMP,
        "ObjectCOMP": ObjectCOMP,
        "Page": Page,
        "Cell": Cell,
        "Channel": Channel,
        "Connector": Connector,
        "Run": Run,
        "tdError": tdError,
        "tdAttributeError": tdAttributeError,
        **FAMILY_CLASSES,
        **TYPES,
    }
    vars(td).update(names)

    def missing(name: str) -> Any:
        if name == "me":
            return world.running
        if name in _UNBUILT_GLOBALS.split():
            raise NotImplementedError(f"td_headless does not implement td.{name}")
        raise tdAttributeError(f"module 'td' has no attribute '{name}'")

    vars(td)["__getattr__"] = missing
    world.names = {**names, "td": td}
    return td


def _debug(world: World) -> Callable[..., None]:
    def debug(*args: Any) -> None:
        """Print with the operator the call came from."""
        print(*args, f"(Debug - DAT:{world.running.path})")

    return debug
