"""Parameters of TOPs (images). Names: Derivative's wiki pages of the single TOPs."""

from __future__ import annotations

from td_headless.par_tables.spec import (
    ParSpec,
    SequenceSpec,
    integer,
    menu,
    number,
    operator,
    page,
    pulse,
    text,
    toggle,
    vector,
)

COMMON: tuple[ParSpec, ...] = page(
    "Common",
    menu(
        "outputresolution", "useinput eighth quarter half 2x 4x 8x fit limit custom parpanel", label="Output Resolution"
    ),
    integer("resolutionw", 256, 1, 16384, "Resolution W", clamp=True),
    integer("resolutionh", 256, 1, 16384, "Resolution H", clamp=True),
    toggle("resmult", True, "Use Global Res Multiplier"),
    menu("outputaspect", "useinput resolution custom", label="Output Aspect"),
    number("aspect1", 1.0),
    number("aspect2", 1.0),
    menu("armode", "useinput usefirst"),
    menu("inputfiltertype", "nearest linear mipmap", "linear", "Input Smoothness"),
    menu("fillmode", "useinput fill width height best outside", label="Fill Viewer"),
    menu("filtertype", "nearest linear mipmap", "linear", "Viewer Smoothness"),
    integer("npasses", 1, 1, 100, "Passes", clamp=True),
    menu("chanmask", "rgba rgb r g b a", label="Channel Mask"),
    menu("format", "useinput rgba8fixed srgba8fixed rgba16float rgba32float mono8fixed", label="Pixel Format"),
)
COMMON_SEQUENCES: tuple[SequenceSpec, ...] = ()
SEQUENCES: dict[str, tuple[SequenceSpec, ...]] = {}
SINCE: dict[str, tuple[tuple[tuple[int, int], ParSpec], ...]] = {}

_XFORM = page(
    "Transform",
    *vector("t", "xy"),
    number("rotate", 0, 360),
    *vector("s", "xy", 1.0),
    *vector("p", "xy"),
)
_OPERANDS = (
    "add atop average brightest burncolor burnlinear chromadifference color darkercolor difference dimmest "
    "divide dodge exclude freeze glow hardlight hardmix heat hue inside insideluminance inverse lightercolor "
    "luminancedifference maximum minimum multiply negate outside outsideluminance over overlay pinlight "
    "reflect screen softlight linearlight stencilluminance subtract subtractive under vividlight xor yfilm "
    "zfilm"
)
_COLOR_ALPHA = (*vector("color", "rgb", 1.0), number("alpha", 1.0))

PARAMETERS: dict[str, tuple[ParSpec, ...]] = {
    "noiseTOP": page(
        "Noise",
        menu(
            "type",
            "sparse hermite harmonic random perlin2d perlin3d perlin4d simplex2d simplex3d simplex4d",
            "simplex3d",
        ),
        number("seed", 1.0, 10),
        number("period", 1.0, 10),
        integer("harmon", 2, 0, 10, "Harmonics", clamp=True),
        number("spread", 2.0, 10, label="Harmonic Spread"),
        number("gain", 0.7, label="Harmonic Gain"),
        number("rough", 0.5, label="Roughness"),
        number("exp", 1.0, 10, label="Exponent"),
        number("amp", 0.5, label="Amplitude"),
        number("offset", 0.5),
        toggle("mono", True, "Monochrome"),
        toggle("aspectcorrect", True, "Aspect Correct"),
    )
    + page(
        "Transform",
        *vector("t", "xyz"),
        number("t4d"),
        *vector("r", "xyz", high=360),
        *vector("s", "xyz", 1.0),
        *vector("p", "xyz"),
    )
    + page("Output", menu("rgb", "noise dx dy"), menu("alpha", "one zero noise")),
    "constantTOP": page("Constant", *_COLOR_ALPHA, toggle("multrgbbyalpha", True)),
    "levelTOP": page(
        "Pre",
        toggle("clampinput", True),
        number("invert"),
        number("blacklevel"),
        number("brightness1", 1.0, 2),
        number("gamma1", 1.0, 2),
        number("contrast", 1.0, 2),
    )
    + page("Post", number("opacity", 1.0), number("brightness2", 1.0, 2), number("gamma2", 1.0, 2)),
    "blurTOP": page(
        "Blur",
        menu("method", "horzvert horz vert"),
        menu("type", "catrom box gaussian"),
        menu("extend", "hold zero repeat mirror"),
        integer("preshrink", 0),
        integer("size", 5, 0, 1000, "Filter Size", clamp=True),
        number("offset1"),
        number("offset2"),
        number("rotate", 0, 360),
        number("dither"),
    ),
    "transformTOP": _XFORM
    + page("Transform", menu("extend", "zero hold repeat mirror"), *vector("bgcolor", "rgb"), number("bgcolora")),
    "compositeTOP": page("Composite", operator("top", "TOP"), menu("operand", _OPERANDS, "multiply", "Operation")),
    "overTOP": _XFORM,
    "addTOP": _XFORM,
    "multiplyTOP": _XFORM,
    "crossTOP": page("Cross", number("cross")),
    "switchTOP": page("Switch", number("index", 0, 10), toggle("blend")),
    "rampTOP": page(
        "Ramp",
        menu("type", "horizontal vertical radial circular"),
        number("phase"),
        number("period", 1.0),
        operator("dat", "DAT"),
    ),
    "circleTOP": page(
        "Circle",
        *vector("radius", "xy", 0.45),
        *vector("center", "xy"),
        number("rotate", 0, 360),
        *vector("fillcolor", "rgb", 1.0),
        number("fillalpha", 1.0),
        *vector("bgcolor", "rgb"),
        number("bgalpha"),
        number("softness"),
    ),
    "rectangleTOP": page(
        "Rectangle",
        *vector("size", "xy", 0.5),
        *vector("center", "xy"),
        number("rotate", 0, 360),
        *vector("fillcolor", "rgb", 1.0),
        number("fillalpha", 1.0),
        *vector("bgcolor", "rgb"),
        number("bgalpha"),
    ),
    "textTOP": page(
        "Text",
        operator("dat", "DAT"),
        text("text", "derivative"),
        text("font", "Arial", style="StrMenu"),
        number("fontsizex", 26, 200, label="Font Size"),
        *vector("fontcolor", "rgb", 1.0),
        number("fontalpha", 1.0),
        *vector("bgcolor", "rgb"),
        number("bgalpha"),
        menu("alignx", "left center right", "center"),
        menu("aligny", "top center bottom", "center"),
        toggle("wordwrap"),
    ),
    "moviefileinTOP": page(
        "Play",
        text("file", style="File"),
        pulse("reloadpulse"),
        toggle("play", True),
        menu("playmode", "locked index sequential"),
        number("speed", 1.0, 2),
        pulse("cuepulse"),
        toggle("cue"),
    ),
    "moviefileoutTOP": page(
        "Movie",
        menu("type", "movie image imagesequence"),
        text("file", style="FileSave"),
        toggle("record"),
        pulse("addframe"),
    ),
    "feedbackTOP": page("Feedback", operator("top", "TOP", label="Target TOP"), toggle("reset"), pulse("resetpulse")),
    "selectTOP": page("Select", operator("top", "TOP")),
    "nullTOP": (),
    "resolutionTOP": page("Resolution", toggle("highqresize", label="High Quality Resize")),
    "cropTOP": page("Crop", number("cropleft"), number("cropright", 1.0), number("cropbottom"), number("croptop", 1.0)),
    "fitTOP": page("Fit", menu("fit", "fill fithorz fitvert fitbest fitoutside nativeres"), *vector("bgcolor", "rgb")),
    "flipTOP": page("Flip", toggle("flipx"), toggle("flipy"), menu("flop", "off bl tl")),
    "hsvadjustTOP": page(
        "HSV Adjust", number("hueoffset", 0, 360), number("saturationmult", 1.0, 2), number("valuemult", 1.0, 2)
    ),
    "thresholdTOP": page("Threshold", menu("comparator", "greater less"), number("threshold", 0.5), number("soften")),
    "displaceTOP": page("Displace", *vector("displaceweight", "xy", 0.1), *vector("midpoint", "xy", 0.5)),
    "edgeTOP": page("Edge", number("blacklevel"), number("strength", 10, 100), *vector("offset", "xy", 1.0)),
    "lookupTOP": page("Lookup", menu("method", "horizontal vertical")),
    "monochromeTOP": page("Monochrome", menu("rgb", "lum r g b a"), number("mono", 1.0)),
    "cacheTOP": page("Cache", toggle("active", True), integer("cachesize", 32), pulse("resetpulse")),
    "glslTOP": page(
        "GLSL", operator("pixeldat", "DAT"), operator("computedat", "DAT"), menu("mode", "vertexpixel compute")
    ),
    "renderTOP": page(
        "Render",
        operator("camera", "Object", "cam1"),
        operator("geometry", "Object", "*"),
        operator("lights", "Object", "*"),
    ),
    "videodeviceinTOP": page("Device", toggle("active"), text("device", style="StrMenu"), menu("driver", "default")),
    "videodeviceoutTOP": page("Device", toggle("active"), text("device", style="StrMenu")),
    "ndiinTOP": page("NDI", toggle("active", True), text("name", style="StrMenu")),
    "ndioutTOP": page("NDI", toggle("active", True), text("name", "TouchDesigner")),
    "syphonspoutoutTOP": page("Spout", toggle("active", True), text("sendername", "TDSyphonSpoutOut")),
    "scriptTOP": page("Script", operator("callbacks", "DAT"), pulse("setuppars")),
    "webrenderTOP": page("Web Render", toggle("active", True), text("url", style="File"), pulse("reloadsrc")),
}
