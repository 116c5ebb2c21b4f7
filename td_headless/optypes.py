"""The operator types: one class each, made from lists of names, in the order of TouchDesigner's OP Create dialog."""

from __future__ import annotations

from typing import Any

from td_headless.chops import CHOP
from td_headless.components import COMP
from td_headless.dats import DAT
from td_headless.operators import OP
from td_headless.tops import TOP
from td_headless.webserver_dat import WebserverDAT


class SOP(OP):
    """Geometry. Only its parameters and wires exist here."""

    __slots__ = ()
    family = "SOP"


class MAT(OP):
    """A material. Only its parameters and wires exist here."""

    __slots__ = ()
    family = "MAT"


class POP(OP):
    """A point operator. Only its parameters and wires exist here."""

    __slots__ = ()
    family = "POP"


FAMILY_CLASSES: dict[str, type[OP]] = {
    "COMP": COMP, "TOP": TOP, "CHOP": CHOP, "SOP": SOP, "MAT": MAT, "DAT": DAT, "POP": POP,
}  # fmt: skip

_NAMES = {
    "COMP": """ambientlight animation annotate base blend bone button camera camerablend container engine
        environmentlight field geometry geotext handle light list null opviewer parameter replicator select
        slider table text time widget window""",
    "TOP": """add analyze blob blur cache cacheselect channelmix chopto chromakey circle composite constant
        convolve corner crop cross cube depth difference displace edge emboss feedback fit flip function
        glsl hsvadjust hsvtorgb import in inside layer lensdistort level limit lookup lumablur lumalevel
        math matte mirror monochrome moviefilein moviefileout multiply ndiin ndiout noise normalmap null
        opviewer out outside over pack point projection ramp rectangle remap render renderpass renderselect
        reorder resolution rgbkey rgbtohsv screen screengrab script select sharedmemin sharedmemout slope
        ssao sub substance svg switch syphonspoutin syphonspoutout text texture3d threshold tile time
        transform under videodevicein videodeviceout videostreamin videostreamout webrender""",
    "CHOP": """analyze angle attribute audiobandeq audiodevicein audiodeviceout audiofilein audiofileout
        audiofilter audiooscillator audiospectrum beat blend clip clock composite constant copy count cross
        cycle dattochop delay delete envelope event expression extend fan feedback filein fileout filter
        function gesture hold in info interpolate joystick keyboardin lag lfo limit logic lookup math merge
        mergechop midiin midiout mousein noise null object oscin oscout out override panel parameter pattern
        perform phaser pipein rename reorder replace resample script select sequencer shift shuffle slope
        sort soptochop speed splice spring stretch switch timeline timer timeslice toptochop touchin
        touchout trail transform trigger trim udpin warp wave""",
    "SOP": """add attribute attributecreate bone box boolean cache carve circle clip convert copy delete divide
        extrude facet file font grid group hole in lattice line lsystem magnet material merge metaball noise
        normal null object out particle point polyreduce primitive ray rectangle resample revolve script
        select skin sort sphere spring subdivide superquad sweep switch tetrahedron text texture trail
        transform tristrip tube twist wireframe torus""",
    "MAT": "constant depth glsl in line null out pbr phong pointsprite select switch wireframe",
    "DAT": """art chopexecute chopto clip convert datexecute error evaluate examine execute fifo filein fileout
        folder in indices info insert join json keyboardin lookup merge midiin monitors mqttclient
        multitouchin null opexecute opfind oscin oscout out panelexecute parameter parameterexecute perform
        render reorder script select serial socketio sopto sort substitute switch table tcpip text timer
        touchin touchout transpose tuioin udpin udpout udtin udtout web webclient webrtc webserver websocket
        xml""",
    "POP": "box circle grid in line noise null out particle point sphere transform",
}

_DEFAULT_NAMES = {
    "datexecuteDAT": "datexec1",
    "chopexecuteDAT": "chopexec1",
    "opexecuteDAT": "opexec1",
    "panelexecuteDAT": "panelexec1",
    "parameterexecuteDAT": "parexec1",
    "geometryCOMP": "geo1",
    "cameraCOMP": "cam1",
    "compositeTOP": "comp1",
    "resolutionTOP": "res1",
    "rectangleTOP": "rectangle1",
    "parameterCHOP": "parameter1",
    "hsvadjustTOP": "hsvadj1",
}

_GENERATORS = {
    "TOP": """circle constant cube in moviefilein ndiin noise ramp rectangle render renderpass screengrab select
        sharedmemin substance svg syphonspoutin text videodevicein videostreamin webrender import opviewer""",
    "CHOP": """audiodevicein audiofilein audiooscillator clock constant gesture info joystick keyboardin lfo midiin
        mousein noise object oscin panel parameter pattern perform select timeline touchin udpin wave in""",
    "SOP": """add box circle file font grid in line lsystem metaball rectangle select sphere superquad tetrahedron
        text torus tube""",
}
_MANY_INPUTS = {
    "TOP": """add average composite difference glsl inside layer math multiply outside over pack screen script sub
        switch under""",
    "CHOP": "merge math composite replace script switch copy override",
    "SOP": "merge switch copy script",
    "DAT": "merge switch script join insert",
}
_TWO_INPUTS = {
    "TOP": "displace cross lookup remap matte reorder",
    "CHOP": "cross blend lookup warp",
    "SOP": "copy noise",
}
_ONE_INPUT_DATS = """null convert sort substitute transpose reorder json evaluate lookup fifo out chopto sopto select"""
_TABLE_DATS = (
    """table folder info monitors opfind error fifo examine keyboardin parameter perform indices timer oscin udpin"""
)


def _max_inputs(stem: str, family: str) -> int | None:
    if family == "COMP":
        return None
    if stem in _MANY_INPUTS.get(family, "").split():
        return None
    if stem in _TWO_INPUTS.get(family, "").split():
        return 2
    if family == "DAT":
        return 1 if stem in _ONE_INPUT_DATS.split() else 0
    return 0 if stem in _GENERATORS.get(family, "").split() or family == "MAT" else 1


def _make(stem: str, family: str) -> type[OP]:
    name = stem + family
    parent: type[OP] = WebserverDAT if name == "webserverDAT" else FAMILY_CLASSES[family]
    members: dict[str, Any] = {
        "__slots__": (),
        "__module__": "td",
        "__doc__": f"The operator type {name}.",
        "OPType": name,
        "_default_name": _DEFAULT_NAMES.get(name, f"{stem}1"),
        "_max_inputs": _max_inputs(stem, family),
    }
    if family == "DAT":
        members["_holds_table"] = stem in _TABLE_DATS.split()
    return type(name, (parent,), members)


TYPES: dict[str, type[OP]] = {
    stem + family: _make(stem, family) for family, stems in _NAMES.items() for stem in stems.split()
}
"""Every operator type by its name, e.g. ``noiseTOP``."""
