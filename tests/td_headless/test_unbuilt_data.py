"""What is not computed is never silently empty: filters pass their input on, everything else raises when it is read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from td_headless import tdError


@pytest.mark.parametrize(
    "kind", ["glslTOP", "scriptTOP", "videodeviceinTOP", "renderTOP", "webrenderTOP", "feedbackTOP"]
)
def test_an_image_that_is_not_computed_raises(project: Any, kind: str) -> None:
    top = project.create(kind)
    with pytest.raises(NotImplementedError, match=kind):
        top.numpyArray()
    with pytest.raises(NotImplementedError, match=kind):
        top.saveByteArray(".jpg")


def test_an_image_filter_passes_its_input_on_and_a_combination_raises(project: Any) -> None:
    ramp, edge, inside = (project.create(kind) for kind in ("rampTOP", "edgeTOP", "insideTOP"))
    edge.inputConnectors[0].connect(ramp)
    assert np.array_equal(edge.numpyArray(), ramp.numpyArray())
    inside.setInputs([ramp, edge])
    with pytest.raises(NotImplementedError, match="insideTOP"):
        inside.numpyArray()


def test_a_switch_shows_the_chosen_input(project: Any) -> None:
    dark, bright, switch = (project.create(kind) for kind in ("constantTOP", "constantTOP", "switchTOP"))
    dark.par.colorr = 0
    switch.setInputs([dark, bright])
    switch.par.index = 1
    assert switch.sample(x=0, y=0)[0] == 1


@pytest.mark.parametrize("kind", ["audiodeviceinCHOP", "scriptCHOP", "timerCHOP", "oscinCHOP", "speedCHOP"])
def test_channels_that_are_not_computed_raise(project: Any, kind: str) -> None:
    chop = project.create(kind)
    for read in (chop.chans, chop.numpyArray, lambda: chop.numChans):
        with pytest.raises(NotImplementedError, match=kind):
            read()


def test_a_channel_filter_passes_its_input_on_and_a_combination_raises(project: Any) -> None:
    wave, lag, override = (project.create(kind) for kind in ("waveCHOP", "lagCHOP", "overrideCHOP"))
    lag.inputConnectors[0].connect(wave)
    assert lag["chan1"].vals == wave["chan1"].vals
    override.setInputs([wave, lag])
    with pytest.raises(NotImplementedError, match="overrideCHOP"):
        override.chans()


@pytest.mark.parametrize(("function", "value"), [("maximum", 3), ("minimum", 1), ("average", 2), ("sum", 6)])
def test_analyze_gives_one_sample_for_each_channel(project: Any, function: str, value: float) -> None:
    merged, analyze = project.create("mergeCHOP"), project.create("analyzeCHOP")
    trail, wave = project.create("trailCHOP"), project.create("waveCHOP")
    wave.par.wavetype = "ramp"
    analyze.inputConnectors[0].connect(merged)
    merged.setInputs([wave])
    analyze.par.function = function
    curve = np.array(wave["chan1"].vals)
    expected = {"maximum": curve.max(), "minimum": curve.min(), "average": curve.mean(), "sum": curve.sum()}[function]
    assert analyze["chan1"].vals == pytest.approx([expected])
    assert (value, trail.numChans) == (value, 0)


def test_a_trail_is_what_the_input_was(runtime: Any, project: Any) -> None:
    wave, trail = project.create("waveCHOP"), project.create("trailCHOP")
    wave.par.wavetype = "ramp"
    trail.inputConnectors[0].connect(wave)
    trail.par.wlength, trail.par.wlengthunit = 3, "frames"
    for _ in range(10):
        runtime.step()
    assert trail["chan1"].vals == [wave["chan1"][frame] for frame in (8, 9, 10)]


def test_rename_takes_names_and_refuses_patterns(project: Any) -> None:
    wave, rename = project.create("waveCHOP"), project.create("renameCHOP")
    rename.inputConnectors[0].connect(wave)
    rename.par.renamefrom, rename.par.renameto = "chan1", "low"
    assert [channel.name for channel in rename.chans()] == ["low"]
    rename.par.renamefrom = "chan*"
    with pytest.raises(NotImplementedError, match="renameCHOP"):
        rename.chans()


@pytest.mark.parametrize("kind", ["folderDAT", "infoDAT", "mergeDAT", "opfindDAT", "scriptDAT", "evaluateDAT"])
def test_data_that_are_not_computed_raise(project: Any, kind: str) -> None:
    dat = project.create(kind)
    for read in (lambda: dat.text, lambda: dat.numRows, lambda: dat[0, 0]):
        with pytest.raises(NotImplementedError, match=kind):
            read()
    with pytest.raises(tdError, match="cannot be edited"):
        dat.clear()


@pytest.mark.parametrize("kind", ["fontSOP", "isosurfaceSOP", "booleanSOP"])
def test_geometry_that_is_not_computed_raises(project: Any, kind: str) -> None:
    geometry = project.create("geometryCOMP")
    sop = geometry.create("boxSOP"), geometry.create(kind)
    if kind == "booleanSOP":
        sop[1].setInputs([sop[0], geometry.create("sphereSOP")])
    with pytest.raises(NotImplementedError, match=kind):
        _ = sop[1].numPoints
