"""A project on the stand-in that holds every operator the allowed scripts of the corpus name."""

from __future__ import annotations

from typing import Any

from td_headless import Runtime

_SYNTH = """class Synth:
    def __init__(self, ownerComp):
        self.ownerComp = ownerComp

    def SetPreset(self, name):
        self.ownerComp.store('preset', name)
"""
_FRAGMENT = """out vec4 fragColor;
void main()
{
    float speed = 0.25;
    fragColor = TDOutputSwizzle(vec4(speed));
}
"""


def build(runtime: Runtime) -> Any:
    """Build ``/project1`` and return it."""
    runtime.create_system_components()
    project = runtime.root.create("baseCOMP", "project1")
    runtime.td.ui.panes.current.owner = project
    _images(project)
    _channels(project)
    _tables(project)
    _scene(project)
    _components(project)
    for position, operator in enumerate(project.children):
        operator.nodeX, operator.nodeY = position % 10 * 200, -(position // 10) * 150
    return project


def _images(project: Any) -> None:
    for name in ("noise1", "noise2"):
        project.create("noiseTOP", name)
    project.op("noise1").par.tx.expr = "absTime.seconds * 0.1"
    project.op("noise2").par.period = 2.5
    movie = project.create("moviefileinTOP", "movie1")
    level = project.create("levelTOP", "level1")
    level.par.opacity = 0.8
    level.inputConnectors[0].connect(movie)
    null, out = project.create("nullTOP", "null1"), project.create("outTOP", "out1")
    null.inputConnectors[0].connect(project.op("noise1"))
    out.inputConnectors[0].connect(null)
    null.tags.add("fx")
    cross = project.create("crossTOP", "cross1")
    cross.setInputs([project.op("noise1"), project.op("noise2")])
    project.create("rampTOP", "ramp1")
    for number in range(3):
        project.create("constantTOP", f"const{number}")
        project.create("circleTOP", f"circle{number + 1}")
    shader = project.create("glslTOP", "glsl1")
    project.op("glsl1_pixel").text = _FRAGMENT
    shader.inputConnectors[0].connect(project.op("noise1"))


def _channels(project: Any) -> None:
    waves = [project.create("waveCHOP", name) for name in ("wave1", "wave2", "audio1")]
    project.create("mergeCHOP", "merge1").setInputs(waves[:1])
    trail = project.create("trailCHOP", "trail1")
    trail.par.wlength = 1
    trail.inputConnectors[0].connect(waves[0])
    trigger = project.create("waveCHOP", "trigger1")
    trigger.par.wavetype = "square"
    trigger.par.channelname = "trig"
    pair = project.create("waveCHOP", "pair1")
    pair.par.channelname = "chan1 chan2"
    project.create("renameCHOP", "rename1").inputConnectors[0].connect(pair)
    project.create("constantCHOP", "constant1")
    project.create("timerCHOP", "timer_scene")


def _tables(project: Any) -> None:
    tables: dict[str, list[list[Any]]] = {
        "scenes": [["name", "duration", "color"], ["intro", 10, "blue"], ["drop", 22, "red"]],
        "labels": [["play"], ["stop"]],
        "segments": [["name", "length"]],
        "log": [["time", "message"]],
        "menu": [["item"]],
        "notes_table": [],
        "points": [],
        "ramp1_keys": [["pos", "r", "g", "b", "a"]],
        "ramp_table": [],
    }
    for name, rows in tables.items():
        project.create("tableDAT", name).appendRows(rows)
    texts = {
        "text_a": "one\ntwo\n",
        "text_b": "one\nthree\n",
        "notes": "",
        "config_json": '{"speed": 1, "scene": "intro"}',
    }
    for name, text in texts.items():
        project.create("textDAT", name).text = text


def _scene(project: Any) -> None:
    geometry = project.create("geometryCOMP", "geo1")
    for kind in ("sphereSOP", "boxSOP"):
        geometry.create(kind)
    for number in range(8):
        project.create("geometryCOMP", f"geo_{number}")
    project.create("cameraCOMP", "cam1")
    project.create("lightCOMP", "light1")


def _components(project: Any) -> None:
    synth = project.create("baseCOMP", "synth")
    synth.create("textDAT", "Synth").text = _SYNTH
    synth.par.ext0object = "op('./Synth').module.Synth(me)"
    synth.par.ext0promote = True
    page = synth.appendCustomPage("Synth")
    page.appendFloat("Cutoff")[0].val = 0.4
    page.appendToggle("Mono")
    project.create("containerCOMP", "controls").create("sliderCOMP", "slider0")
    for name, kinds in (("v1", ("noiseTOP", "levelTOP")), ("v2", ("noiseTOP", "blurTOP"))):
        version = project.create("baseCOMP", name)
        for kind in kinds:
            version.create(kind)
