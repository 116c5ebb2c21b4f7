from __future__ import annotations

from typing import Any

import pytest

from td_headless import Runtime, tdAttributeError, tdError


def test_identity_of_an_operator(project: Any) -> None:
    noise = project.create("noiseTOP")
    assert (noise.path, noise.name, noise.type, noise.OPType, noise.family) == (
        "/project1/noise1", "noise1", "noise", "noiseTOP", "TOP",
    )  # fmt: skip
    assert (noise.isTOP, noise.isDAT, noise.digits, noise.base, noise.valid) == (True, False, 1, "noise", True)
    assert str(noise) == "/project1/noise1"
    assert noise.id != project.id


def test_a_destroyed_operator_only_tells_that_it_is_invalid(project: Any) -> None:
    noise = project.create("noiseTOP")
    par = noise.par.period
    noise.destroy()
    assert noise.valid is False
    for touch in (lambda: noise.name, lambda: noise.par, lambda: str(noise), lambda: setattr(noise, "nodeX", 1)):
        with pytest.raises(tdError, match="destroyed"):
            touch()
    assert par.valid is False


def test_destroying_a_component_destroys_what_is_inside(project: Any, runtime: Runtime) -> None:
    inner = project.create("baseCOMP").create("noiseTOP")
    project.children[0].destroy()
    assert not inner.valid
    assert runtime.td.op("/project1/base1") is None


def test_the_root_cannot_be_destroyed_or_renamed(runtime: Runtime) -> None:
    with pytest.raises(tdError, match="root"):
        runtime.root.destroy()
    with pytest.raises(tdError, match="root"):
        runtime.root.name = "x"


def test_renaming_keeps_the_operator_and_its_wires(project: Any) -> None:
    noise, null = project.create("noiseTOP"), project.create("nullTOP")
    null.inputConnectors[0].connect(noise)
    noise.name = "clouds"
    assert project.op("clouds") is noise
    assert project.op("noise1") is None
    assert null.inputs == [noise]
    with pytest.raises(tdError, match="taken"):
        noise.name = "null1"


def test_an_unknown_member_raises_and_cannot_be_set(project: Any) -> None:
    with pytest.raises(tdAttributeError, match="nosuch"):
        project.nosuch  # noqa: B018
    with pytest.raises(AttributeError):
        project.create("noiseTOP").nosuch = 1


def test_a_known_but_unbuilt_member_says_so(project: Any) -> None:
    with pytest.raises(NotImplementedError, match=r"td_headless does not implement COMP.loadTox"):
        project.loadTox("x.tox")
    with pytest.raises(NotImplementedError, match=r"OP.changeType"):
        project.changeType("x")


def test_wires_are_seen_from_both_ends_and_can_be_cut(project: Any) -> None:
    noise, level = project.create("noiseTOP"), project.create("levelTOP")
    noise.outputConnectors[0].connect(level)
    assert (level.inputs, noise.outputs) == ([noise], [level])
    assert level.inputConnectors[0].connections[0].owner is noise
    assert noise.outputConnectors[0].connections[0].owner is level
    level.inputConnectors[0].disconnect()
    assert (level.inputs, noise.outputs) == ([], [])


def test_a_type_with_many_inputs_always_shows_a_free_one(project: Any) -> None:
    composite = project.create("compositeTOP")
    for _ in range(3):
        composite.inputConnectors[-1].connect(project.create("noiseTOP"))
    assert [source.name for source in composite.inputs] == ["noise1", "noise2", "noise3"]
    assert len(composite.inputConnectors) == 4


def test_wires_between_families_networks_and_generators_are_refused(project: Any) -> None:
    noise, chop = project.create("noiseTOP"), project.create("noiseCHOP")
    inner = project.create("baseCOMP").create("nullTOP")
    with pytest.raises(tdError, match="Cannot connect"):
        project.create("nullCHOP").inputConnectors[0].connect(noise)
    with pytest.raises(tdError, match="different networks"):
        inner.inputConnectors[0].connect(noise)
    assert chop.inputConnectors == []


def test_destroying_a_source_cuts_its_wires(project: Any) -> None:
    noise, null = project.create("noiseTOP"), project.create("nullTOP")
    null.inputConnectors[0].connect(noise)
    noise.destroy()
    assert null.inputs == []


def test_storage_is_found_upward(project: Any) -> None:
    noise = project.create("noiseTOP")
    project.store("theme", "dark")
    assert noise.fetch("theme") == "dark"
    assert noise.fetch("theme", "none", search=False) == "none"
    assert noise.fetch("count", 3, storeDefault=True) == 3
    assert noise.storage == {"count": 3}
    noise.unstore("c*")
    assert noise.storage == {}


def test_messages_carry_the_path_and_recurse(project: Any) -> None:
    noise = project.create("noiseTOP")
    noise.addError("No device")
    noise.addWarning("Slow")
    noise.addScriptError("Traceback")
    assert project.errors() == ""
    assert project.errors(recurse=True) == "No device (/project1/noise1)"
    assert project.warnings(recurse=True) == "Slow (/project1/noise1)"
    project.clearScriptErrors(recurse=True)
    assert noise.scriptErrors() == ""


def test_relative_paths_lead_back(project: Any) -> None:
    inner = project.create("baseCOMP").create("noiseTOP")
    other = project.create("nullTOP")
    path = inner.relativePath(other)
    assert path == "../../null1"
    assert inner.op(path) is other


def test_the_centre_moves_the_node(project: Any) -> None:
    noise = project.create("noiseTOP")
    noise.nodeCenterX = 100
    assert noise.nodeX + noise.nodeWidth / 2 == 100
