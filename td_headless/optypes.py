"""The operator types: one class each, made from lists of names (Derivative's wiki has a class page for each)."""

from __future__ import annotations

from typing import Any

from td_headless.chops import CHOP
from td_headless.components import COMP
from td_headless.dats import DAT
from td_headless.docked import HELPERS, dock_helpers
from td_headless.operators import OP
from td_headless.panels import PanelCOMP
from td_headless.sops import SOP
from td_headless.special_components import AnnotateCOMP, GeometryCOMP, ObjectCOMP, TimeCOMP
from td_headless.tops import TOP
from td_headless.unbuilt import loud, unbuilt_members_of
from td_headless.webserver_dat import WebserverDAT


class MAT(OP):
    """A material. Only its parameters and wires exist here."""

    __slots__ = ()
    family = "MAT"


@loud("POP")
class POP(OP):
    """A point operator. Only its parameters and wires exist here."""

    __slots__ = ()
    family = "POP"


FAMILY_CLASSES: dict[str, type[OP]] = {
    "COMP": COMP, "TOP": TOP, "CHOP": CHOP, "SOP": SOP, "MAT": MAT, "DAT": DAT, "POP": POP,
}  # fmt: skip

_NAMES = {
    "COMP": """actor ambientlight animation annotate base blend bone bulletsolver button camera camerablend constraint
        container engine environmentlight fbx field force geometry geotext glsl handle impulseforce light list null
        nvidiaflexsolver opviewer parameter replicator select sharedmemin sharedmemout slider table text time usd
        widget window""",
    "TOP": """add analyze antialias blobtrack bloom blur cache cacheselect channelmix chopto chromakey circle composite
        constant convolve cornerpin cplusplus crop cross cubemap depth difference directdisplayout directxin
        directxout displace edge emboss feedback fit flex flip flow function glsl glslmulti hsvadjust hsvtorgb
        importselect in inside kinect kinectazure kinectazureselect layer layermix layout leapmotion lensdistort
        level limit lookup lumablur lumalevel math matte mirror monochrome mosys moviefilein moviefileout mpcdi
        multiply ncam ndiin ndiout noise normalmap notch null nvidiabackground nvidiadenoise nvidiaupscaler
        oakselect oculusrift opencolorio openvr opticalflow opviewer orbbec orbbecselect ouster ousterselect out
        outside over pack photoshopin pointfilein pointfileselect pointtransform popto prefiltermap projection ramp
        realsense rectangle remap render renderpass renderselect rendersimple renderstreamin renderstreamout reorder
        resolution rgbkey rgbtohsv screen screengrab script select sharedmemin sharedmemout sick slope spectrum ssao
        st2110in st2110out stype substance substanceselect subtract svg switch syphonspoutin syphonspoutout text
        texture3d threshold tile timemachine tonemap touchin touchout transform under videodevicein videodeviceout
        videostreamin videostreamout webrender zed zedselect""",
    "CHOP": """abletonlink analyze angle attribute audiobandeq audiobinaural audiodevicein audiodeviceout audiodynamics
        audiofilein audiofileout audiofilter audiomovie audiondi audiooscillator audioparaeq audioplay audiorender
        audiospectrum audiostreamin audiostreamout audiovst audiowebrender beat bind blacktrax blend blobtrack
        bodytrack bulletsolver clip clipblender clock composite constant copy count cplusplus cross cycle datto
        delay delete dmxin dmxout envelope etherdream event expression extend facetrack fan feedback filein fileout
        filter freed freedout function gesture handle heliosdac hog hokuyo hold importselect in info interpolate
        inversecurve inversekin join joystick keyboardin keyframe kinect kinectazure lag laser laserdevice
        leapmotion leuzerod4 lfo limit logic lookup ltcin ltcout math merge midiin midiinmap midiout mosys mousein
        mouseout ncam noise null oakdevice oakselect object oculusaudio oculusrift openvr optitrackin oscin oscout
        out override panel pangolin pantilt parameter pattern perform phaser pipein pipeout popto posistagenet pulse
        realsense record rename renderpick renderstreamin reorder replace resample scan script scurve select
        sequencer serial sharedmemin sharedmemout shift shuffle slope sopto sort speed splice spring st2110device
        stretch stype stypeout switch syncin syncout tablet timecode timeline timer timeslice topto touchin touchout
        trail transform transformxyz trigger trim warp wave wrnchai zed""",
    "SOP": """add alembic align arm attribute attributecreate basis blend bonegroup boolean box bridge cache cap capture
        captureregion carve chopto circle clay clip convert copy cplusplus creep curveclay curvesect datto deform
        delete divide extrude facet facetrack filein fillet fit font force fractal grid group hole importselect in
        inversecurve isosurface join joint kinect lattice limit line linethick lod lsystem magnet material merge
        metaball model noise null objectmerge oculusrift openvr out particle point polyloft polypatch polyreduce
        polyspline polystitch popto primitive profile project rails raster ray rectangle refine resample revolve
        script select sequenceblend skin sort sphere spring sprinkle sprite stitch subdivide superquad surfsect
        sweep switch text texture torus trace trail transform trim tristrip tube twist vertex wireframe zed""",
    "MAT": "constant depth glsl in line null out pbr phong pointsprite select switch wireframe",
    "DAT": """artnet audiodevices chopexecute chopto clip convert cplusplus datexecute error etherdream evaluate examine
        execute fifo filein fileout folder in indices info insert json keyboardin lookup mediafileinfo merge
        midievent midiin monitors mpcdi mqttclient multitouchin ndi null opexecute opfind oscin oscout out
        panelexecute parameter parameterexecute pargroupexecute perform popto renderpick reorder script select
        serial serialdevices socketio sopto sort substitute switch table tcpip text touchin touchout transpose
        tuioin udpin udpout udtin udtout videodevices web webclient webrtc webserver websocket xml""",
    "POP": """accumulate alembic analyze attribute attributecombine attributeconvert blend box cache cacheblend
        cacheselect chopto circle connectivity convert copy cplusplus curve datto delete dimension dmxfixture dmxout
        extrude facet feedback field filein fileout forceradial glsl glsladvanced glslcopy glslcreate glslselect
        grid group histogram importselect in limit line linebreak linedivide linemetrics lineresample linesmooth
        linethick lookupattribute lookupchannel lookuptexture math mathcombine mathmix merge neighbor noise normal
        normalize null oakselect out particle pattern phaser plane point pointfilein pointgenerator polygonize
        primitive projection proximity quantize random ray rectangle rerange revolve select skin skindeform sopto
        sort sphere sprinkle subdivide switch texturemap topology topto torus trail transform trig tube twist zed""",
}

_PANELS = """button container field glsl list opviewer parameter select slider table text widget"""
_OBJECTS = """ambientlight blend bone camera camerablend environmentlight handle light null sharedmemin sharedmemout"""
_SPECIAL: dict[str, type[OP]] = {
    "webserverDAT": WebserverDAT,
    "geometryCOMP": GeometryCOMP,
    "timeCOMP": TimeCOMP,
    "annotateCOMP": AnnotateCOMP,
    **{f"{stem}COMP": PanelCOMP for stem in _PANELS.split()},
    **{f"{stem}COMP": ObjectCOMP for stem in _OBJECTS.split()},
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
        sharedmemin substance svg syphonspoutin text videodevicein videostreamin webrender opviewer blobtrack
        cacheselect chopto directxin flex importselect kinect kinectazure kinectazureselect leapmotion mosys ncam notch
        oakselect oculusrift openvr orbbec orbbecselect ouster ousterselect photoshopin pointfilein pointfileselect
        pointgenerator popto realsense renderselect rendersimple renderstreamin sick st2110in stype substanceselect
        touchin zed zedselect""",
    "CHOP": """audiodevicein audiofilein audiooscillator clock constant gesture info joystick keyboardin lfo midiin
        mousein noise object oscin panel parameter pattern perform select timeline touchin wave in abletonlink
        audiomovie audiondi audioplay audiostreamin audiowebrender beat blacktrax blobtrack bodytrack bulletsolver
        clipblender datto dmxin event facetrack filein freed handle hokuyo importselect keyframe kinect kinectazure
        laserdevice leapmotion leuzerod4 ltcin mosys ncam oakdevice oakselect oculusaudio oculusrift openvr optitrackin
        pipein popto posistagenet pulse realsense renderpick renderstreamin scan sequencer serial sharedmemin sopto
        st2110device stype syncin tablet timecode timer topto wrnchai zed""",
    "SOP": """add alembic box chopto circle datto facetrack filein font grid importselect isosurface kinect model
        objectmerge oculusrift openvr polyspline popto rectangle zed line in lsystem metaball select sphere
        superquad text torus tube""",
}
_MANY_INPUTS = {
    "TOP": """add average composite difference glsl inside layer math multiply outside over pack screen script
        subtract switch under layout layermix""",
    "CHOP": "merge math composite replace script switch copy override",
    "SOP": "merge switch copy script",
    "DAT": "merge switch script join insert",
}
_TWO_INPUTS = {
    "TOP": "chromakey cross displace lookup matte remap reorder timemachine",
    "CHOP": "cross blend lookup warp",
    "SOP": "boolean copy noise",
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
    parent: type[OP] = _SPECIAL.get(name, FAMILY_CLASSES[family])
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
    if name in HELPERS:
        members["_initialise"] = dock_helpers
    members.update(unbuilt_members_of(name))
    return type(name, (parent,), members)


TYPES: dict[str, type[OP]] = {
    stem + family: _make(stem, family) for family, stems in _NAMES.items() for stem in stems.split()
}
"""Every operator type by its name, e.g. ``noiseTOP``."""
