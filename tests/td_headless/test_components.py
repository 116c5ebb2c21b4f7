from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime, tdError


@pytest.mark.parametrize("spelling", ["textTOP", "textTop", "TEXTTOP"])
def test_a_type_is_named_in_any_case_or_given_as_class(runtime: Runtime, project: Any, spelling: str) -> None:
    assert project.create(spelling).OPType == "textTOP"
    made = project.create(runtime.td.textTOP)
    assert isinstance(made, runtime.td.textTOP)
    assert isinstance(made, runtime.td.TOP)
    assert isinstance(made, runtime.td.OP)


@pytest.mark.parametrize("kind", ["nosuchTOP", "text", "", None, 3, int])
def test_an_unknown_type_is_refused_by_name(project: Any, kind: Any) -> None:
    with pytest.raises(tdError, match="Unknown operator type"):
        project.create(kind)
    assert project.children == []


def test_names_are_numbered(project: Any) -> None:
    names = [project.create("noiseTOP").name for _ in range(2)] + [project.create("noiseTOP", "noise1").name]
    assert names == ["noise1", "noise2", "noise3"]


def test_a_web_server_comes_with_docked_callbacks(project: Any) -> None:
    server = project.create("webserverDAT")
    callbacks = server.par.callbacks.eval()
    assert callbacks.name == "webserver1_callbacks"
    assert server.docked == [callbacks]
    server.destroy()
    assert not callbacks.valid


def test_find_children_by_depth_name_type_tag_and_key(runtime: Runtime, project: Any) -> None:
    noise = project.create("noiseTOP")
    inner = project.create("baseCOMP")
    deep = inner.create("noiseTOP", "deep")
    deep.tags.add("fx")
    assert project.findChildren(depth=1) == [noise, inner]
    assert project.findChildren(depth=2) == [deep]
    assert project.findChildren(maxDepth=2) == [noise, inner, deep]
    assert project.findChildren(name="noise*") == [noise]
    assert project.findChildren(type=runtime.td.noiseTOP) == [noise, deep]
    assert project.findChildren(tags=["f*"]) == [deep]
    assert project.findChildren(key=lambda op: op.name == "deep") == [deep]


def test_find_children_by_parameter(project: Any) -> None:
    plain, bright, moved = (project.create("constantTOP", name) for name in ("plain", "bright", "moved"))
    bright.par.colorr = 0.25
    moved.par.colorg.expr = "absTime.seconds"
    assert project.findChildren(parName="colorr", parValue="0.25") == [bright]
    assert project.findChildren(parExpr="absTime*") == [moved]
    assert project.findChildren(onlyNonDefaults=True) == [bright, moved]
    assert project.findChildren(parName="nosuch") == []
    assert plain.valid


def test_a_copy_takes_parameters_data_storage_and_the_inside(project: Any) -> None:
    inner = project.create("baseCOMP", "rig")
    inner.appendCustomPage("Rig").appendFloat("Speed")
    inner.par.Speed = 3
    inner.store("note", ["a"])
    table = inner.create("tableDAT", "data")
    table.appendRow(["x", 1])
    noise, null = inner.create("noiseTOP"), inner.create("nullTOP")
    noise.par.period.expr = "2 + 2"
    null.inputConnectors[0].connect(noise)
    made = project.copy(inner, name="twin")
    assert (made.name, made.par.Speed.eval(), made.fetch("note")) == ("twin", 3.0, ["a"])
    assert made.op("data")["x", 1] == 1
    assert made.op("noise1").par.period.eval() == 4.0
    assert made.op("null1").inputs == [made.op("noise1")]
    made.fetch("note").append("b")
    made.op("data")["x", 1] = 2
    assert inner.fetch("note") == ["a"]
    assert table["x", 1] == 1


def test_copying_several_keeps_the_wires_among_them(project: Any) -> None:
    noise, null = project.create("noiseTOP"), project.create("nullTOP")
    null.inputConnectors[0].connect(noise)
    copies = project.copyOPs([noise, null])
    assert [made.name for made in copies] == ["noise2", "null2"]
    assert copies[1].inputs == [copies[0]]


def test_the_virtual_file_system_keeps_and_gives_out_files(project: Any, tmp_path: Path) -> None:
    (tmp_path / "logo.bin").write_bytes(b"\x00\x01")
    project.vfs.addFile(str(tmp_path / "logo.bin"))
    note = project.vfs.addByteArray(bytearray(b"hello"), "note.txt")
    assert (note.virtualPath, note.size, list(project.vfs)) == ("vfs:/project1:note.txt", 5, ["logo.bin", "note.txt"])
    assert [file.name for file in project.vfs.find("*.bin")] == ["logo.bin"]
    (tmp_path / "out").mkdir()
    assert Path(project.vfs.export(str(tmp_path / "out"), "n*")[0]).read_bytes() == b"hello"
    note.destroy()
    with pytest.raises(tdError, match=r"note\.txt"):
        project.vfs["note.txt"]


@pytest.mark.parametrize("name", ["", "../x", "a\\b"])
def test_a_virtual_file_has_a_plain_name(project: Any, name: str) -> None:
    with pytest.raises(tdError, match="Invalid name"):
        project.vfs.addByteArray(b"", name)


def test_a_clone_takes_the_inside_of_its_master(project: Any) -> None:
    master, clone = project.create("baseCOMP", "master"), project.create("baseCOMP", "clone")
    noise = master.create("noiseTOP")
    clone.par.clone = "master"
    assert [child.name for child in clone.children] == ["noise1"]
    assert master.clones == [clone]
    noise.par.period = 3
    clone.par.enablecloningpulse.pulse()
    assert clone.op("noise1").par.period.eval() == 3
