"""Parameters of components (COMPs). Names: Derivative's wiki pages of Base, Container, Geometry and Camera COMP."""

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
    "Extensions",
    pulse("reinitextensions", "Re-Init Extensions"),
    toggle("initextonstart", label="Initialize Extensions on Start"),
) + page(
    "Common",
    text("parentshortcut", label="Parent Shortcut"),
    text("opshortcut", label="Global OP Shortcut"),
    menu("nodeview", "default alt opviewer", label="Node View"),
    operator("opviewer", label="Operator Viewer"),
    operator("clone", "COMP", label="Clone Master"),
    toggle("enablecloning", True, "Enable Cloning"),
    pulse("enablecloningpulse", "Enable Cloning Pulse"),
    menu("loadondemand", "off on", label="Load on Demand"),
    toggle("enableexternaltox", label="Enable External .tox"),
    pulse("enableexternaltoxpulse", "Re-Load External .tox"),
    text("externaltox", label="External .tox Path", style="File"),
    toggle("reloadcustom", True, "Reload Custom Parameters"),
    toggle("reloadbuiltin", True, "Reload Built-In Parameters"),
    toggle("savebackup", True, "Save Backup of External"),
    text("subcompname", label="Sub-Component to Load"),
    menu("relpath", "project off externaltox", label="Relative File Path Behavior"),
)

COMMON_SEQUENCES = (
    SequenceSpec(
        "ext",
        "Extension",
        "Extensions",
        (text("ext{}object", label="Object"), text("ext{}name", label="Name"), toggle("ext{}promote", label="Promote")),
    ),
)

SEQUENCES: dict[str, tuple[SequenceSpec, ...]] = {}
SINCE: dict[str, tuple[tuple[tuple[int, int], ParSpec], ...]] = {}

_OBJECT = page(
    "Xform",
    menu("xord", "srt str rst rts tsr trs", label="Transform Order"),
    menu("rord", "xyz xzy yxz yzx zxy zyx", label="Rotate Order"),
    *vector("t", "xyz"),
    *vector("r", "xyz", high=360),
    *vector("s", "xyz", 1.0),
    *vector("p", "xyz"),
    number("scale", 1.0, label="Uniform Scale"),
    operator("lookat", "Object", label="Look At"),
) + page("Render", toggle("render", True), toggle("drawpriority"))

_PANEL = (
    page(
        "Layout",
        number("x", 0, 1000),
        number("y", 0, 1000),
        number("w", 100, 1000, label="Width"),
        number("h", 100, 1000, label="Height"),
        menu("hmode", "fixed fill anchors", label="Horizontal Mode"),
        menu("vmode", "fixed fill anchors", label="Vertical Mode"),
        menu("align", "none horizlr horizrl vertbt verttb gridrows gridcols nodes", label="Align"),
        number("alignorder", 0, 100, label="Align Order"),
        number("spacing", 0, 100),
    )
    + page(
        "Panel",
        toggle("display", True),
        toggle("enable", True),
        text("helpdat", label="Help DAT"),
    )
    + page(
        "Look",
        *vector("bgcolor", "rgb"),
        number("bgalpha", 0.0),
        operator("top", "TOP", label="Background TOP"),
        number("opacity", 1.0),
    )
)

PARAMETERS: dict[str, tuple[ParSpec, ...]] = {
    "glslCOMP": _PANEL,
    "parameterCOMP": _PANEL,
    "selectCOMP": _PANEL,
    "tableCOMP": _PANEL,
    "containerCOMP": _PANEL,
    "buttonCOMP": _PANEL
    + page("Button", menu("buttontype", "momentary toggledown toggleup radio", label="Button Type"), text("label")),
    "sliderCOMP": _PANEL + page("Slider", menu("slidertype", "u v uv", label="Slider Type")),
    "widgetCOMP": _PANEL,
    "fieldCOMP": _PANEL + page("Field", text("text"), menu("fieldtype", "string integer float")),
    "listCOMP": _PANEL + page("List", integer("rows", 10), integer("cols", 2), operator("callbacks", "DAT")),
    "textCOMP": _PANEL + page("Text", text("text"), number("fontsize", 12, 100)),
    "opviewerCOMP": _PANEL + page("OP Viewer", operator("opviewer")),
    "windowCOMP": page(
        "Window",
        operator("winop", label="Window Operator"),
        text("title"),
        number("winw", 256, 4096),
        number("winh", 256, 4096),
        toggle("borders", True),
        pulse("winopen", "Open as Separate Window"),
        pulse("winclose", "Close"),
        pulse("setperform", "Set as Perform Window"),
    ),
    "geometryCOMP": _OBJECT + page("Render", operator("material", "MAT")) + page("Instance", toggle("instancing")),
    "cameraCOMP": _OBJECT
    + page(
        "View",
        menu("projection", "perspective ortho perspectivetoortho custom customdat"),
        number("fov", 45, 180),
        number("near", 0.1),
        number("far", 1000, 10000),
    )
    + page("Settings", *vector("bgcolor", "rgb"), number("bgcolora")),
    "lightCOMP": _OBJECT
    + page(
        "Light",
        *vector("c", "rgb", 1.0),
        number("dimmer", 1.0),
        menu("lighttype", "point cone distant", label="Light Type"),
        number("coneangle", 45, 180),
    ),
    "nullCOMP": _OBJECT,
    "blendCOMP": _OBJECT,
    "boneCOMP": _OBJECT,
    "camerablendCOMP": _OBJECT,
    "handleCOMP": _OBJECT,
    "environmentlightCOMP": _OBJECT,
    "ambientlightCOMP": page("Light", *vector("c", "rgb", 1.0), number("dimmer", 1.0)),
    "timeCOMP": page(
        "Time",
        toggle("play", True),
        number("rate", 60, 240),
        number("start", 1, 600),
        number("end", 600, 6000),
        number("rangestart", 1, 600),
        number("rangeend", 600, 6000),
        toggle("loop", True),
        number("tempo", 120, 240),
        integer("signature1", 4),
        integer("signature2", 4),
        toggle("independent"),
    ),
    "animationCOMP": page("Animation", menu("playmode", "locked sequential specify"), toggle("play", True)),
    "replicatorCOMP": page(
        "Replicator",
        menu("method", "bytable bynumber"),
        integer("numreplicants", 1),
        text("opprefix", "item", "Operator Prefix"),
        operator("template", "DAT"),
        operator("master", "OP"),
        operator("callbacks", "DAT"),
        pulse("recreateall"),
    ),
    "engineCOMP": page("Engine", text("file", style="File"), pulse("reload"), pulse("initialize"), pulse("start")),
}
