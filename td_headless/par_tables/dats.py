"""Parameters of DATs. Names: Derivative's wiki pages, and reference `td_runtime.md` sections 1 and 3."""

from __future__ import annotations

from td_headless.par_tables.spec import (
    ParSpec,
    SequenceSpec,
    integer,
    menu,
    operator,
    page,
    pulse,
    text,
    toggle,
)

COMMON: tuple[ParSpec, ...] = page(
    "Common",
    menu("language", "input text glsl json python xml tscript", label="Language"),
    menu("extension", "language custom", label="Edit/View Extension"),
    text("customext", label="Custom Extension"),
    toggle("wordwrap", label="Word Wrap"),
)
COMMON_SEQUENCES: tuple[SequenceSpec, ...] = ()
SEQUENCES: dict[str, tuple[SequenceSpec, ...]] = {}

_FILE = (
    text("file", style="File"),
    toggle("syncfile", label="Sync to File"),
    toggle("loadonstart", label="Load on Start"),
    pulse("loadonstartpulse", "Load File"),
    toggle("write", label="Write on Toe Save"),
    pulse("writepulse", "Write File"),
)
_DAT_FILE = page("DAT", *_FILE)
_NETWORK = (toggle("active", True), operator("callbacks", "DAT"), text("address"), integer("port", 7000, 0, 65535))


def _toggles(names: str) -> tuple[ParSpec, ...]:
    return tuple(toggle(name) for name in names.split())


PARAMETERS: dict[str, tuple[ParSpec, ...]] = {
    "textDAT": page(
        "Text", *_FILE, text("defaultreadencoding", "auto", style="StrMenu", label="Default Read Encoding")
    ),
    "tableDAT": page("Table", *_FILE, pulse("removeblank", "Remove Blank Lines")),
    "executeDAT": page(
        "Execute",
        toggle("active", True),
        toggle("start"),
        pulse("startpulse"),
        toggle("create"),
        pulse("createpulse"),
        toggle("exit"),
        pulse("exitpulse"),
        toggle("framestart", label="Frame Start"),
        toggle("frameend", label="Frame End"),
        toggle("playstatechange", label="Play State Change"),
        toggle("devicechange", label="Device Change"),
        toggle("projectpresave", label="Project Pre Save"),
        toggle("projectpostsave", label="Project Post Save"),
    )
    + _DAT_FILE,
    "datexecuteDAT": page(
        "DAT Execute",
        toggle("active", True),
        operator("dat", "DAT"),
        toggle("tablechange", label="Table Change"),
        toggle("rowchange", label="Row Change"),
        toggle("colchange", label="Column Change"),
        toggle("cellchange", label="Cell Change"),
        toggle("sizechange", label="Size Change"),
        menu("execute", "start end"),
    )
    + _DAT_FILE,
    "parameterexecuteDAT": page(
        "Parameter Execute",
        toggle("active", True),
        operator("op", label="OPs"),
        text("pars", "*", "Parameters"),
        toggle("valuechange", label="Value Change"),
        toggle("valueschanged", label="Values Changed"),
        toggle("onpulse", label="On Pulse"),
        toggle("expressionchange", label="Expression Change"),
        toggle("exportchange", label="Export Change"),
        toggle("enablechange", label="Enable Change"),
        toggle("modechange", label="Mode Change"),
        toggle("custom", True),
        toggle("builtin", label="Built-In"),
    )
    + _DAT_FILE,
    "chopexecuteDAT": page(
        "CHOP Execute",
        toggle("active", True),
        operator("chop", "CHOP"),
        text("channel", "*"),
        toggle("offtoon"),
        toggle("whileon"),
        toggle("ontooff"),
        toggle("whileoff"),
        toggle("valuechange"),
    )
    + _DAT_FILE,
    "opexecuteDAT": page(
        "OP Execute",
        toggle("active", True),
        operator("op", label="Monitor OPs"),
        *_toggles(
            "precook postcook opdelete flagchange wirechange namechange pathchange uichange numchildrenchange "
            "childrename currentchildchange extensionchange"
        ),
    )
    + _DAT_FILE,
    "panelexecuteDAT": page(
        "Panel Execute",
        toggle("active", True),
        operator("panels"),
        text("panelvalue", "select"),
        *_toggles("offtoon whileon ontooff whileoff valuechange"),
    )
    + _DAT_FILE,
    "pargroupexecuteDAT": page(
        "ParGroup Execute",
        toggle("active", True),
        operator("op", label="OPs"),
        text("pargroups", "*"),
        *_toggles("valuechange onpulse expressionchange exportchange enablechange modechange"),
        toggle("custom", True),
        toggle("builtin", label="Built-In"),
    )
    + _DAT_FILE,
    "webserverDAT": page(
        "Web Server",
        toggle("active"),
        pulse("restart"),
        integer("port", 9980, 0, 65535, clamp=True),
        toggle("secure"),
        text("privatekey", style="File", label="Private Key File Path"),
        text("certificate", style="File", label="Certificate File Path"),
        text("password"),
        operator("callbacks", "DAT", label="Callbacks DAT"),
    ),
    "webclientDAT": page(
        "Web Client",
        toggle("active", True),
        text("url", label="URL"),
        menu("reqmethod", "get post put patch delete head options", label="Request Method"),
        pulse("request"),
        operator("callbacks", "DAT"),
    ),
    "websocketDAT": page("WebSocket", *_NETWORK),
    "tcpipDAT": page("TCP/IP", menu("mode", "client server"), *_NETWORK),
    "udpinDAT": page("UDP In", *_NETWORK),
    "udpoutDAT": page("UDP Out", *_NETWORK),
    "oscinDAT": page("OSC In", *_NETWORK),
    "oscoutDAT": page("OSC Out", *_NETWORK),
    "serialDAT": page(
        "Serial", toggle("active", True), text("port"), integer("baudrate", 9600), operator("callbacks", "DAT")
    ),
    "folderDAT": page("Folder", text("rootfolder", style="Folder"), pulse("refreshpulse"), toggle("type", True)),
    "fileinDAT": page("File In", text("file", style="File"), pulse("refreshpulse")),
    "fileoutDAT": page("File Out", text("file", style="File"), pulse("write")),
    "scriptDAT": page("Script", operator("callbacks", "DAT"), pulse("setuppars")),
    "selectDAT": page("Select", operator("dat", "DAT")),
    "nullDAT": (),
    "opfindDAT": page("OP Find", operator("component", "COMP"), integer("maxdepth", 1)),
    "evaluateDAT": page("Evaluate", operator("dat", "DAT"), menu("output", "expressions expr strings")),
    "fifoDAT": page("FIFO", toggle("clamp", True), integer("maxlines", 100), toggle("firstrow"), pulse("clear")),
    "errorDAT": page(
        "Error", toggle("active", True), operator("callbacks", "DAT"), integer("maxlines", 100), pulse("clear")
    ),
    "jsonDAT": page("JSON", text("expression"), menu("output", "text table")),
    "infoDAT": page("Info", operator("op", label="Operator"), toggle("passive")),
}

SINCE: dict[str, tuple[tuple[tuple[int, int], ParSpec], ...]] = {
    # Exists only since the builds of July 2026; before, the server listens on all interfaces.
    "webserverDAT": (((2025, 33060), page("Web Server", text("localaddress", label="Local Address"))[0]),),
}
