from __future__ import annotations

from typing import Any

import pytest

from td_headless import Runtime, tdError


def test_panel_values_are_numbers_by_name(project: Any) -> None:
    slider = project.create("sliderCOMP")
    slider.panel.u = 0.25
    assert (slider.panel.u.val, slider.panel.u + 1, slider.panel.state.val) == (0.25, 1.25, 0.0)
    with pytest.raises(AttributeError, match="nosuch"):
        _ = slider.panel.nosuch
    with pytest.raises(AttributeError, match="nosuch"):
        slider.panel.nosuch = 1


def test_a_panel_has_a_size_and_knows_its_panels(project: Any) -> None:
    outer = project.create("containerCOMP", "outer")
    inner = outer.create("buttonCOMP", "inner")
    outer.par.w, outer.par.h = 320, 200
    assert (outer.width, outer.height, outer.panelChildren) == (320, 200, [inner])
    assert (inner.panelParent(), inner.panelRoot, outer.panelParent()) == (outer, outer, None)


def test_the_current_pane_shows_a_component(runtime: Runtime, project: Any) -> None:
    pane = runtime.td.ui.panes.current
    assert (pane.owner, pane.type) == (runtime.root, runtime.td.PaneType.NETWORKEDITOR)
    noise = project.create("noiseTOP")
    noise.nodeX, noise.nodeY = 100, 200
    pane.owner = project
    pane.zoom = 3
    pane.home(zoom=False)
    assert (pane.x, pane.y, pane.zoom) == (165, 245, 3)
    project.destroy()
    assert pane.owner is runtime.root


def test_a_pane_shows_nothing_but_components(runtime: Runtime, project: Any) -> None:
    with pytest.raises(tdError, match="component"):
        runtime.td.ui.panes.current.owner = project.create("noiseTOP")
    with pytest.raises(tdError, match="nosuch"):
        _ = runtime.td.ui.panes["nosuch"]


def test_an_annotation_frames_the_operators_inside(project: Any) -> None:
    note = project.create("annotateCOMP")
    noise, far = project.create("noiseTOP"), project.create("noiseTOP")
    far.nodeX = 5000
    note.nodeX, note.nodeY, note.nodeWidth, note.nodeHeight = -50, -50, 600, 400
    note.par.Titletext = "Sources"
    assert note.enclosedOPs == [noise]
    assert note not in project.findChildren()
    assert note in project.findChildren(includeUtility=True)


def test_time_members_are_parameters(runtime: Runtime) -> None:
    runtime.create_system_components()
    time = runtime.root.time
    time.rangeStart, time.rangeEnd = 1, 4
    assert (time.par.rangeend.eval(), time.rate, time.frame) == (4, 60, 1)
    for _ in range(5):
        runtime.step()
    assert time.frame == 2
    with pytest.raises(tdError, match="exists already"):
        runtime.create_system_components()


def test_docked_helpers_come_with_a_shader_and_go_with_it(project: Any) -> None:
    shader = project.create("glslTOP")
    pixel = shader.par.pixeldat.eval()
    assert [dat.name for dat in shader.docked] == ["glsl1_pixel", "glsl1_compute", "glsl1_info"]
    assert "fragColor" in pixel.text
    shader.destroy()
    assert not pixel.valid
