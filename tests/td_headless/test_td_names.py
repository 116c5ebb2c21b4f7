"""Every documented member of a TouchDesigner class either works here or says that it is not built; others do not exist.

The names are in ``tests/data/td_names.json`` (facts, from Derivative's public class pages). Classes that the stand-in
does not have at all are listed in `WITHOUT`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime, tdError
from td_headless.unbuilt_members import UNBUILT

NAMES: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "td_names.json").read_text(encoding="utf-8")
)["classes"]

_WITHOUT = """ArcBall AttributeData Bezier Body CUDAMemory CUDAMemoryShape Camera Color Colors Dongle DongleList Group
    InputPoint License Licenses ListAttribute Matrix Mesh Monitor Monitors Options Pane ParGroupPulse ParGroupUnit Peer
    Poly Preferences ProductEntry Quaternion Segment SysInfo TextLine Timecode"""
WITHOUT = set(_WITHOUT.split())
"""Classes without a stand-in: whatever would give one of them raises `NotImplementedError` itself."""


def objects(runtime: Runtime) -> dict[str, Any]:
    """Return an object of every class of the stand-in that is no operator type, by TouchDesigner's class name."""
    td = runtime.td
    project = runtime.root.create("baseCOMP", "project1")
    table = project.create("tableDAT")
    table.appendRow(["a", "b"])
    constant = project.create("constantCHOP")
    constant.par.const0name = "chan1"
    container = project.create("containerCOMP")
    box = project.create("geometryCOMP").create("boxSOP")
    page = project.appendCustomPage("Page")
    page.appendXYZ("Place")
    return {
        "OP": project.create("textDAT"),
        "COMP": project,
        "DAT": table,
        "CHOP": constant,
        "TOP": project.create("rampTOP"),
        "SOP": box,
        "POP": project.create("boxPOP"),
        "panelCOMP": container,
        "objectCOMP": project.create("cameraCOMP"),
        "Par": project.par.Placex,
        "ParGroup": project.parGroup.Place,
        "ParCollection": project.par,
        "ParGroupCollection": project.parGroup,
        "Page": page,
        "Cell": table[0, 0],
        "Channel": constant[0],
        "Connector": project.create("levelTOP").inputConnectors[0],
        "Run": td.run("pass", delayFrames=5),
        "App": td.app,
        "Project": td.project,
        "UI": td.ui,
        "Undo": td.ui.undo,
        "AbsTime": td.absTime,
        "VFS": project.vfs,
        "VFSFile": project.vfs.addByteArray(b"x", "x"),
        "Sequence": constant.seq.const,
        "SequenceBlock": constant.seq.const[0],
        "SequenceCollection": constant.seq,
        "TDU": td.tdu,
        "Panes": td.ui.panes,
        "NetworkEditor": td.ui.panes.current,
        "Panel": container.panel,
        "PanelValue": container.panel.u,
        "Points": box.points,
        "Point": box.points[0],
        "Prims": box.prims,
        "Prim": box.prims[0],
        "Vertex": box.prims[0][0],
        "Attributes": box.pointAttribs,
        "Attribute": box.pointAttribs["P"],
        "Dependency": td.tdu.Dependency(1),
        "Position": td.tdu.Position(1, 2, 3),
        "Vector": td.tdu.Vector(1, 2, 3),
    }


@pytest.fixture(scope="module")
def living() -> Iterator[dict[str, Any]]:
    with Runtime() as runtime:
        found = objects(runtime)
        home = runtime.root.create("baseCOMP", "types")
        for name in NAMES:
            if name in runtime.td.__dict__ and isinstance(vars(runtime.td)[name], type) and name[0].islower():
                found[name] = home.create(name, initialize=False)
        yield found


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_a_documented_member_works_or_says_that_it_is_not_built(kind: str, living: dict[str, Any]) -> None:
    if kind in WITHOUT:
        assert kind not in living
        return
    for word in NAMES[kind]:
        member = word.removesuffix("()")
        not_built = f"td_headless does not implement {kind}.{member}"
        if word in UNBUILT.get(kind, "").split():
            with pytest.raises(NotImplementedError, match=f"^{re.escape(not_built)}$"):
                use(living[kind], member, word.endswith("()"))
        elif word.endswith("()"):
            assert callable(getattr(living[kind], member)), word
        else:
            read(living[kind], member)


def use(target: Any, member: str, is_method: bool) -> None:
    value = getattr(target, member)
    if is_method:
        value()


def read(target: Any, member: str) -> None:
    """Read a member; what it gives may depend on data that the object lacks, but it must exist."""
    assert hasattr(type(target), member) or member in vars(target) or getattr(target, member) is not None


def test_the_list_of_what_is_not_built_names_documented_members_only() -> None:
    for kind, words in UNBUILT.items():
        assert set(words.split()) <= set(NAMES[kind]), kind


def test_every_class_has_an_object_here_or_is_listed(living: dict[str, Any]) -> None:
    assert set(NAMES) - WITHOUT <= set(living)


def test_an_unbuilt_data_member_cannot_be_assigned_either(living: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=r"COMP\.pickable"):
        living["COMP"].pickable = True


@pytest.mark.parametrize("kind", sorted(set(NAMES) - WITHOUT))
def test_an_unknown_member_does_not_exist(kind: str, living: dict[str, Any]) -> None:
    with pytest.raises((AttributeError, tdError)):
        _ = living[kind].noSuchMemberAnywhere
    if kind != "TDU":
        with pytest.raises((AttributeError, tdError)):
            living[kind].noSuchMemberAnywhere = 1


def test_every_listed_member_can_be_read(living: dict[str, Any]) -> None:
    for kind in ("COMP", "TOP", "Par", "App", "UI"):
        for name in dir(living[kind]):
            getattr(living[kind], name)


def test_an_unknown_global_does_not_exist(runtime: Runtime) -> None:
    with pytest.raises(AttributeError, match="noSuchGlobal"):
        _ = runtime.td.noSuchGlobal


@pytest.mark.parametrize("name", ["monitors", "sysinfo", "licenses", "Matrix", "families"])
def test_a_documented_global_that_is_not_built_says_so(runtime: Runtime, name: str) -> None:
    with pytest.raises(NotImplementedError, match=f"td.{name}"):
        getattr(runtime.td, name)
