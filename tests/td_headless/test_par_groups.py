from __future__ import annotations

from typing import Any

import pytest

from td_headless import Runtime, tdError


def test_a_group_reads_and_writes_its_parameters_together(project: Any) -> None:
    geometry = project.create("geometryCOMP")
    geometry.parGroup.t = (1, 2, 3)
    group = geometry.parGroup.t
    assert (group.val, group.eval(), geometry.par.ty.eval()) == ((1, 2, 3), (1, 2, 3), 2)
    assert (group.size, group.suffixes, [par.name for par in group]) == (3, ("x", "y", "z"), ["tx", "ty", "tz"])
    group.expr = "me.nodeX"
    assert group.mode == (geometry.par.tx.mode,) * 3
    group.reset()
    assert (group.val, group.isDefault) == ((0, 0, 0), True)


def test_a_parameter_knows_its_group_and_place(project: Any) -> None:
    par = project.create("geometryCOMP").par.tz
    assert (par.parGroup.name, par.vecIndex, par.parGroup == par.owner.parGroup["t"]) == ("t", 2, True)
    assert par.owner.parGroup["nosuch"] is None
    with pytest.raises(AttributeError, match="nosuch"):
        _ = par.owner.parGroup.nosuch


def test_a_custom_group_is_found_copied_and_destroyed(project: Any) -> None:
    project.appendCustomPage("Guard").appendXYZ("Place")
    project.parGroup.Place = 4
    assert [group.name for group in project.customParGroups] == ["Place"]
    twin = project.parent().copy(project, name="twin")
    assert twin.parGroup.Place.val == (4, 4, 4)
    group = project.parGroup.Place
    group.destroy()
    assert (project.par["Placey"], group.valid) == (None, False)


def test_parameters_tell_and_take_a_share_of_their_range(project: Any) -> None:
    period = project.create("noiseTOP").par.period
    period.normVal = 0.5
    assert (period.val, period.normVal, project.create("textDAT").par.file.normVal) == (5, 0.5, 0)


def test_parameters_are_copied_between_operators(project: Any) -> None:
    first, second = project.create("noiseTOP"), project.create("noiseTOP")
    first.par.period.expr = "1 + 2"
    first.par.mono = False
    second.copyParameters(first)
    assert (second.par.period.eval(), second.par.mono.eval()) == (3, False)


def test_blocks_of_a_sequence_are_inserted_moved_and_removed(runtime: Runtime, project: Any) -> None:
    chop = project.create("constantCHOP")
    sequence = chop.seq.const
    sequence.numBlocks = 3
    for index, block in enumerate(sequence):
        block.par.name, block.par.value = f"c{index}", index
    sequence.moveBlock(2, 0)
    assert [channel.name for channel in chop.chans()] == ["c2", "c0", "c1"]
    sequence.insertBlock(1)
    assert [par.eval() for par in (block.par.name for block in sequence)] == ["c2", "", "c0", "c1"]
    sequence[0].destroy()
    sequence.reorderBlocks(2, 0, 1)
    assert [block.par["name"].eval() for block in sequence] == ["c1", "", "c0"]
    assert chop.par.const2value.sequenceBlock.index == 2
    assert chop.par.const2value.sequence.name == "const"
    with pytest.raises(tdError, match="each of the 3 blocks once"):
        sequence.reorderBlocks(0, 1)
    with pytest.raises(IndexError):
        _ = sequence[3]


def test_cooks_are_counted_when_something_changed_or_forced(runtime: Runtime, project: Any) -> None:
    noise, null = project.create("noiseTOP"), project.create("nullTOP")
    null.inputConnectors[0].connect(noise)
    project.cook(recurse=True)
    project.cook(recurse=True)
    assert (noise.totalCooks, null.totalCooks, null.cookedThisFrame) == (1, 1, True)
    runtime.step()
    noise.par.period = 2
    assert (null.cookedThisFrame, null.cookedPreviousFrame) == (False, True)
    null.cook()
    assert (null.totalCooks, null.cookFrame, noise.totalCooks) == (2, 1.0, 1)
    null.cook(force=True)
    assert null.totalCooks == 3
    null.allowCooking = False
    null.cook(force=True)
    assert null.totalCooks == 3
