"""Parameters of CHOPs (channels). Names: Derivative's wiki pages of the single CHOPs."""

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
    toggle("timeslice", label="Time Slice"),
    text("scope", "*"),
    menu("srselect", "rate err max min first", "max", "Sample Rate Match"),
    menu("exportmethod", "datindex datname autoname", label="Export Method"),
    operator("autoexportroot", label="Export Root"),
    operator("exporttable", "DAT", label="Export Table"),
)
COMMON_SEQUENCES: tuple[SequenceSpec, ...] = ()
SEQUENCES: dict[str, tuple[SequenceSpec, ...]] = {
    "constantCHOP": (
        SequenceSpec(
            "const", "Constant", "Constant", (text("const{}name", label="Name"), number("const{}value", label="Value"))
        ),
    ),
}
SINCE: dict[str, tuple[tuple[tuple[int, int], ParSpec], ...]] = {}

_CHANNEL = page(
    "Channel",
    text("channelname", "chan1", "Channel Names"),
    number("start", 0, 600),
    number("end", 599, 600),
    number("rate", 60, 240, label="Sample Rate"),
    menu("left", "hold slope cycle mirror default"),
    menu("right", "hold slope cycle mirror default"),
    number("defval"),
)
_WAVES = "const sin gaussian tri ramp square pulse expr"

PARAMETERS: dict[str, tuple[ParSpec, ...]] = {
    "constantCHOP": page("Constant", toggle("single", True, "Single Sample"), number("rate", 60, 240)),
    "noiseCHOP": page(
        "Noise",
        menu(
            "function",
            "sparse hermite harmonic brownian alligator random perlin2d perlin3d simplex2d simplex3d",
            "simplex3d",
        ),
        number("seed", 1.0, 10),
        number("period", 1.0, 10),
        integer("harmon", 2),
        number("rough", 0.5),
        number("exp", 1.0),
        number("amp", 1.0, label="Amplitude"),
        number("offset"),
    )
    + page("Transform", *vector("t", "xyz"), *vector("r", "xyz", high=360), *vector("s", "xyz", 1.0))
    + _CHANNEL,
    "lfoCHOP": page(
        "LFO",
        menu("wavetype", "sin gaussian tri ramp square pulse const normal"),
        menu("play", "sequential locked"),
        number("frequency", 1.0, 10),
        number("octave", 0, 4),
        number("offset"),
        number("amp", 1.0),
        number("bias"),
        number("phase"),
        toggle("reset"),
        pulse("resetpulse"),
    )
    + page("Channel", text("channelname", "chan1"), number("rate", 60, 240)),
    "waveCHOP": page(
        "Wave",
        menu("wavetype", _WAVES, "sin"),
        number("period", 1.0),
        menu("periodunit", "samples frames seconds", "seconds"),
        number("phase"),
        number("bias"),
        number("offset"),
        number("amp", 1.0),
        number("decay"),
        number("exprs"),
    )
    + _CHANNEL,
    "mathCHOP": page(
        "OP",
        menu("preop", "off negate positive root square inverse"),
        menu("chanop", "off add sub mul div average min max length"),
        menu("chopop", "off add sub mul div average min max length"),
        menu("postop", "off negate positive root square inverse"),
    )
    + page("Mult-Add", number("preoff"), number("gain", 1.0), number("postoff"))
    + page("Range", *vector("fromrange", "12"), *vector("torange", "12")),
    "nullCHOP": page("Null", menu("cooktype", "automatic selective")),
    "selectCHOP": page(
        "Select", operator("chop", "CHOP"), text("channames"), text("renamefrom", "*"), text("renameto")
    ),
    "mergeCHOP": page(
        "Merge", menu("align", "automatic extend shift trim stretch"), menu("duplicate", "uniquify keepfirst keeplast")
    ),
    "timerCHOP": page(
        "Timer",
        toggle("active", True),
        pulse("initialize"),
        pulse("start"),
        number("length", 1.0, 100),
        menu("lengthunits", "samples frames seconds", "seconds"),
        toggle("play", True),
        toggle("cycle"),
        operator("callbacks", "DAT"),
        operator("segdat", "DAT", label="Segments DAT"),
        menu("segmethod", "serial parallel", label="Segment Method"),
    ),
    "renameCHOP": page("Rename", text("renamefrom", "*", "From"), text("renameto", label="To")),
    "trailCHOP": page(
        "Trail",
        toggle("active", True),
        number("wlength", 4.0, label="Window Length"),
        menu("wlengthunit", "samples frames seconds", "seconds"),
        pulse("resetpulse"),
    ),
    "speedCHOP": page("Speed", menu("order", "first second third"), pulse("resetpulse")),
    "lagCHOP": page("Lag", number("lag1", 0.2), number("lag2", 0.2)),
    "filterCHOP": page("Filter", menu("type", "gauss left oneeuro"), number("width", 1.0)),
    "analyzeCHOP": page("Analyze", menu("function", "average maximum minimum sum rmspower")),
    "audiodeviceinCHOP": page("Device", toggle("active", True), text("device", style="StrMenu")),
    "audiodeviceoutCHOP": page(
        "Device", toggle("active", True), text("device", style="StrMenu"), number("volume", 1.0)
    ),
    "audiofileinCHOP": page("Play", text("file", style="File"), toggle("play", True), number("volume", 1.0)),
    "oscinCHOP": page("OSC In", toggle("active", True), integer("port", 10000)),
    "oscoutCHOP": page("OSC Out", toggle("active", True), text("netaddress", "localhost"), integer("port", 10000)),
    "midiinCHOP": page("MIDI In", toggle("active", True), text("device", style="StrMenu")),
    "scriptCHOP": page("Script", operator("callbacks", "DAT"), pulse("setuppars")),
    "fileinCHOP": page("File In", text("file", style="File"), pulse("refreshpulse")),
    "fileoutCHOP": page("File Out", text("file", style="File"), pulse("write")),
    "countCHOP": page("Count", menu("output", "off loop clamp"), number("limitmin"), number("limitmax", 1.0)),
    "triggerCHOP": page("Trigger", number("threshold"), pulse("triggerpulse"), number("attack", 0.5)),
}
