"""The PolicyGuard component, described once: which operators it has and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import td_extension

SOURCE = Path(td_extension.__file__).parent
_ENTRY_POINTS = {"extension.py": "PolicyGuardExt", "callbacks.py": "callbacks"}
"""Modules that TouchDesigner itself calls; they stand in the component, the core under ``source``."""

_EVERY_FRAME = """\
def onFrameStart(frame):
    parent().ext.PolicyGuardExt.OnFrame()


def onStart():
    parent().ext.PolicyGuardExt.OnFrame()


def onCreate():
    parent().ext.PolicyGuardExt.OnFrame()
"""
"""Looks after the wiring. TouchDesigner calls ``onCreate`` when a .tox is dropped, and ``onStart`` when it starts."""


def build(parent: Any, name: str = "PolicyGuard") -> Any:
    """Create the component inside `parent`, a COMP of TouchDesigner or of the stand-in; return it.

    Uses only TouchDesigner's documented API: `create`, `par`, custom pages and texts.
    """
    guard = parent.create("baseCOMP", name)
    for file, dat_name in _ENTRY_POINTS.items():
        _text(guard, dat_name, (SOURCE / file).read_text(encoding="utf-8"))
    _package(guard.create("baseCOMP", "source"), SOURCE)
    policy = guard.create("tableDAT", "policy")
    rows = (SOURCE / "policy" / "presets" / "default.tsv").read_text(encoding="utf-8").splitlines()
    policy.clear()
    policy.appendRows([row.split("\t") for row in rows])
    for name in ("problems", "status"):
        guard.create("tableDAT", name).clear()
    every_frame = guard.create("executeDAT", "every_frame")
    every_frame.text = _EVERY_FRAME
    every_frame.par.framestart = True
    every_frame.par.start = True
    every_frame.par.create = True
    page = guard.appendCustomPage("Guard")
    mode = page.appendMenu("Mode", label="Mode")[0]
    mode.menuNames = ["enforce", "monitor", "lockdown"]
    mode.menuLabels = ["Enforce", "Monitor", "Lockdown"]
    page.appendToggle("Enable", label="Enable")[0].val = True
    page.appendStr("Servers", label="Servers")
    page.appendFile("Policyfile", label="Policy File")
    page.appendFolder("Folder", label="Audit Folder")
    page.appendStr("Status", label="Status")
    page.appendStr("Originals", label="Original Callbacks")
    guard.par.opshortcut = name
    guard.par.ext0object = "op('./PolicyGuardExt').module.PolicyGuardExt(me)"
    guard.par.ext0name = "PolicyGuardExt"
    guard.par.ext0promote = True
    guard.par.initextonstart = True
    return guard


def _text(comp: Any, name: str, text: str) -> None:
    dat = comp.create("textDAT", name)
    dat.par.language = "python" if not name.endswith(("_json", "_tsv")) else "text"
    dat.text = text


def _package(comp: Any, folder: Path) -> None:
    """A folder is a Base COMP, a module a Text DAT; the dot of a data file's name becomes an underscore."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and (path / "__init__.py").exists():
            _package(comp.create("baseCOMP", path.name), path)
        elif path.suffix == ".py" and not (folder == SOURCE and path.name in _ENTRY_POINTS):
            _text(comp, path.stem, path.read_text(encoding="utf-8"))
        elif path.suffix in (".json", ".tsv") and path.name != "schema.json":
            _text(comp, path.name.replace(".", "_"), path.read_text(encoding="utf-8"))
