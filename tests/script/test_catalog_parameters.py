"""The catalog against TouchDesigner's own names: members, operator types and parameters of the public documentation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.script.catalog import Catalog, Parameter
from td_extension.script.catalog_text import FAMILIES, load_catalog
from td_extension.values import Capability
from td_headless.optypes import TYPES

ROOT = Path(__file__).resolve().parents[2]
CATALOG: Catalog = load_catalog((ROOT / "td_extension" / "script" / "catalog.json").read_text(encoding="utf-8"))
NAMES: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "td_names.json").read_text(encoding="utf-8"))


# --- everything that is documented has been decided -------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(NAMES["classes"]))
def test_every_documented_member_is_known_and_has_a_reason(kind: str) -> None:
    tdu = CATALOG.module("tdu")
    for documented in NAMES["classes"][kind]:
        name = documented.removesuffix("()")
        if kind == "TDU":
            assert name in tdu.members or name in tdu.needing, f"tdu.{name}"
        else:
            entry = CATALOG.member(name, [kind])
            assert entry is not None, f"{kind}.{name}"
            assert entry.why


def _documented_types() -> set[str]:
    return {(stem + family).lower() for family, stems in NAMES["operator_types"].items() for stem in stems.split()}


def test_every_documented_operator_type_is_known() -> None:
    assert not _documented_types() - CATALOG.operator_types.keys()


def test_every_operator_type_of_the_stand_in_is_known() -> None:
    assert not {name.lower() for name in TYPES} - CATALOG.operator_types.keys()


def test_every_known_operator_type_is_documented() -> None:
    on_older_pages = {"dmxmapdat", "forcepop", "natnetinchop"}  # names of the 2023 builds, or of help from before 2026
    assert not CATALOG.operator_types.keys() - _documented_types() - on_older_pages


def _documented_parameters() -> Iterator[tuple[str, str]]:
    for kind, own in NAMES["parameters"].items():
        family = next(family for family in FAMILIES if kind.endswith(family))
        for name in [*own.split(), *NAMES["common_parameters"].get(family, "").split()]:
            yield kind, name


SUSPICIOUS = re.compile(
    "file|folder|dir|path|script|callback|expr|url|addr|host|port|device|driver|plugin|dll|lib|exec|cmd|command|save|"
    "write|export|record|tox|html|load|launch|password|license|import|module|python|perform|server|socket|config|"
    "manifest|schema|quit|^run|onstart"
)
"""Parts of names that speak of code, files, the network, processes or the show."""

READ_AND_HARMLESS = {
    "directions": """conedir continuousdir dir direction dirf dirnext dirprev dodirf forwarddir liftdirection linedir
        normaldirection partdir pointdir pointliftdirection primdir raydir raydirmode readingdirection sampledirs
        source0directivity tangentdirection tricolldir usedir cdldirection filedirection""",
    "what happens on the graphics card": "asyncupload directtogpu downloadtype gpudirect indirect topdirect curl2d curl3d",
    "paths of operators, curves or objects inside a file": """bonepaths instancerottox moviefileintop objectpath parentpath
        path pathcol pathfilter pathgrp pathorient pathsop pcaptpath pointfileintop relpath relpathcol skelrootpath
        smoothpath tox wirepathcol wirepathfilter""",
    "columns of a listing and channels of a meter": """activeexpressions cachedexpressions optimizedexpression expression
        export logexport logscript logviewport parexpressionfilter perform performfocus performmode alldrivers driver""",
    "how a file that is named elsewhere is read": """alwaysloadinitial importmethod importscale loadingerrorimage
        predownloadhttp reload reloadconfig reloadpulse shiftanimationstart usefiletransform""",
    "numbers and switches": """attenuationstart highperformance loaduniformnames mapexports record resetonstart runvalues
        savedur writecameradepthtoalpha""",
    "where relative paths of code start that is named elsewhere": "executeloc",
}


def test_every_parameter_with_a_suspicious_name_has_a_rule_or_has_been_read() -> None:
    read = {name for names in READ_AND_HARMLESS.values() for name in names.split()}
    found = {
        name
        for kind, name in _documented_parameters()
        if SUSPICIOUS.search(name.lower())
        and CATALOG.operator_type(kind) is Capability.TD_CREATE
        and CATALOG.parameter(name, kind) is Capability.TD_WRITE
    }
    assert found == read


def test_every_rule_about_parameters_decides_one_that_is_documented() -> None:
    deciding = {id(CATALOG.parameter_rule(name, kind)) for kind, name in _documented_parameters()}
    rules: list[Parameter] = [
        *CATALOG.parameters.values(),
        *(rule for _, _, rule in CATALOG.parameter_globs),
        *(rule for by_name in CATALOG.parameters_of.values() for rule in by_name.values()),
    ]
    assert not {rule.why for rule in rules} - {rule.why for rule in rules if id(rule) in deciding}


# --- parameters -------------------------------------------------------------------------------------------------------


ORDINARY_PARAMETERS = """tx ty tz rx sx scale period amp value0 const0value const0name resolutionw colorr alpha speed
    rate length play cue index gain blackheight format opacity active filter extend viewport export teleport profile
    dat op top chop template master text font order samples start frequency type seed blend operand vertexdat pixeldat
    value0x reset initialize segdat align alignorder w h lookat basecolormap renamefrom gamma1
    contrast Cutoff Titletext"""


@pytest.mark.parametrize("name", ORDINARY_PARAMETERS.split())
def test_an_ordinary_parameter_is_only_a_value(name: str) -> None:
    assert CATALOG.parameter(name) is Capability.TD_WRITE


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("callbacks", Capability.TD_CODE),
        ("dragdropcallbacks", Capability.TD_CODE),
        ("Callbackdat", Capability.TD_CODE),
        ("ext0object", Capability.TD_CODE),
        ("ext12object", Capability.TD_CODE),
        ("extension1", Capability.TD_CODE),
        ("reinitextensions", Capability.TD_CODE),
        ("externaltox", Capability.TD_CODE),
        ("enableexternaltoxpulse", Capability.TD_CODE),
        ("clone", Capability.TD_CODE),
        ("opshortcut", Capability.TD_CODE),
        ("tscript", Capability.TD_CODE),
        ("dropscript", Capability.TD_CODE),
        ("datexpr", Capability.TD_CODE),
        ("expr3expr", Capability.TD_CODE),
        ("fills0expr", Capability.TD_CODE),
        ("customformatting", Capability.TD_CODE),
        ("file", Capability.FILE_READ),
        ("lutfile", Capability.FILE_READ),
        ("rootfolder", Capability.FILE_READ),
        ("syncfile", Capability.FILE_WRITE),
        ("writepulse", Capability.FILE_WRITE),
        ("record", Capability.FILE_WRITE),
        ("url", Capability.NET),
        ("netaddress", Capability.NET),
        ("port", Capability.NET),
        ("plugin", Capability.PROCESS),
        ("winopen", Capability.TD_PROJECT),
    ],
)
def test_a_parameter_that_does_more_than_hold_a_value_needs_its_capability(name: str, needs: Capability) -> None:
    assert CATALOG.parameter(name) is needs
    assert CATALOG.parameter_rule(name).why


@pytest.mark.parametrize(
    ("name", "operator_type", "needs"),
    [
        ("file", "moviefileoutTOP", Capability.FILE_WRITE),
        ("file", "moviefileinTOP", Capability.FILE_READ),
        ("file", "engineCOMP", Capability.PROCESS),
        ("file", "executeDAT", Capability.TD_CODE),
        ("file", "audiovstCHOP", Capability.PROCESS),
        ("file", "textDAT", Capability.FILE_READ),
        ("config", "opencolorioTOP", Capability.FILE_READ),
        ("texdir", "fbxCOMP", Capability.FILE_READ),
        ("savesel", "captureSOP", Capability.FILE_WRITE),
        ("record", "fileoutPOP", Capability.FILE_WRITE),
        ("options", "webrenderTOP", Capability.PROCESS),
        ("headerdat", "webrenderTOP", Capability.NET),
        ("allowscripts", "pipeinCHOP", Capability.TD_CODE),
        ("exportmethod", "constantCHOP", Capability.TD_CODE),
        ("autoexportroot", "nullCHOP", Capability.TD_CODE),
        ("script0callback", "serialDAT", Capability.TD_CODE),
        ("scriptmenu", "replicatorCOMP", Capability.TD_CODE),
        ("reinitnet", "impulseforceCOMP", Capability.TD_CODE),
        ("reloadtoxonstart", "impulseforceCOMP", Capability.TD_CODE),
        ("iop", "baseCOMP", Capability.TD_CODE),
        ("callbacks", "oakselectCHOP", Capability.TD_CODE),
        ("setuppars", "oakselectCHOP", Capability.TD_RUN),
        ("valuechange", "parameterexecuteDAT", Capability.TD_RUN),
        ("valuechange", "pargroupexecuteDAT", Capability.TD_RUN),
        ("frameloop", "clipDAT", Capability.TD_RUN),
        ("edit", "executeDAT", Capability.PROCESS),
        ("performance", "windowCOMP", Capability.TD_PROJECT),
        ("device", "audioplayCHOP", Capability.TD_PROJECT),
        ("outputshader", "pbrMAT", Capability.TD_UI),
        ("imp", "usdCOMP", Capability.TD_CREATE),
        ("username", "mqttclientDAT", Capability.NET),
        ("allowui", "engineCOMP", Capability.PROCESS),
        ("licensedir", "realsenseTOP", Capability.FILE_READ),
        ("record", "recordCHOP", Capability.TD_WRITE),
        ("active", "webserverDAT", Capability.NET),
        ("active", "WEBSERVERDAT", Capability.NET),
        ("active", "executeDAT", Capability.TD_RUN),
        ("active", "audiodeviceinCHOP", Capability.TD_PROJECT),
        ("active", "lfoCHOP", Capability.TD_WRITE),
        ("master", "replicatorCOMP", Capability.TD_CREATE),
        ("dat", "evaluateDAT", Capability.TD_CODE),
        ("callbacks", "timerCHOP", Capability.TD_CODE),
    ],
)
def test_the_operator_type_decides_where_it_is_known(name: str, operator_type: str, needs: Capability) -> None:
    assert CATALOG.parameter(name, operator_type) is needs


# What honest scripts set all day, by the operator's type; several names at once.
HONEST_SETTINGS = {
    "moviefileinTOP": "play speed cue cuepulse cuepoint index indexunit playmode trim reloadpulse predownloadhttp interp",
    "webrenderTOP": "resolutionw resolutionh transparent alwayscook format dpiscale",
    "ndiinTOP": "resolutionw outputresolution format",
    "timerCHOP": "active length play start initialize speed cycle cuepulse gotodone gotonextseg",
    "audiodeviceoutCHOP": "volume pan",
    "audiodeviceinCHOP": "rate timeslice",
    "videodeviceinTOP": "deinterlace resolutionw format",
    "moviefileoutTOP": "type videocodec fps quality imagefiletype",
    "oscinCHOP": "resetchannels addscope",
    "noiseTOP": "period amp t4d tx rough seed mono monochrome",
    "glslTOP": "pixeldat vertexdat computedat vec0name vec0valuex const0name loaduniformnames glslversion",
    "textTOP": "text font fontsizex alignx bold dat chop",
    "tableDAT": "rows cols fill removeblank extension language",
    "textDAT": "extension language wordwrap",
    "parameterDAT": "expression mode eval path",
    "constantCHOP": "const0name const0value timeslice",
    "selectDAT": "dat extractrows rownames",
    "opfindDAT": "pathfilter namefilter parvaluefilter",
    "performCHOP": "fps optimizedexpression activeexpressions",
    "keyboardinDAT": "keys active perform maxlines clear",
    "containerCOMP": "w h align bgcolorr opacity display enable",
    "buttonCOMP": "buttontype value0 display",
    "windowCOMP": "winop winw winh borders justifyh title",
    "geometryCOMP": "tx ry scale material render instancing instanceop instancetx",
    "cameraCOMP": "tx fov near far projection lookat",
    "lightCOMP": "dimmer cr shadowmap",
    "replicatorCOMP": "numreplicants template opprefix method layout",
    "recordCHOP": "record",
    "feedbackTOP": "top reset resetpulse",
    "audiodevicesDAT": "driver",
    "lfoCHOP": "frequency amp offset wavetype",
    "jsonDAT": "filter output",
    "fbxCOMP": "importscale lights playmode",
}


@pytest.mark.parametrize(
    ("name", "operator_type"), [(name, kind) for kind, names in HONEST_SETTINGS.items() for name in names.split()]
)
def test_what_honest_scripts_set_is_only_a_value(name: str, operator_type: str) -> None:
    assert CATALOG.parameter(name, operator_type) is Capability.TD_WRITE


@pytest.mark.parametrize(
    ("value", "needs"),
    [
        ("media/loop.mov", Capability.TD_WRITE),
        ("Banana.tif", Capability.TD_WRITE),
        ("", Capability.TD_WRITE),
        ("http://192.168.0.1/a.png", Capability.FILE_READ),
        ("/etc/passwd", Capability.FILE_READ),
        (None, Capability.FILE_READ),
    ],
)
def test_media_inside_the_project_folder_may_be_loaded_by_whoever_may_set_values(
    value: object, needs: Capability
) -> None:
    assert CATALOG.parameter("file", "moviefileinTOP", value) is needs
    assert CATALOG.parameter("file", "textDAT", value) is Capability.FILE_READ
    assert CATALOG.parameter("file", "executeDAT", value) is Capability.TD_CODE


@given(st.sampled_from(sorted(k for k, needs in CATALOG.operator_types.items() if needs is not Capability.TD_CREATE)))
def test_an_unknown_parameter_of_a_type_that_does_more_needs_what_the_type_needs(operator_type: str) -> None:
    assert CATALOG.parameter("neverheardof", operator_type) is CATALOG.operator_type(operator_type)


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_is_a_parameter_name_and_case_does_not_matter(name: str, operator_type: str) -> None:
    assert CATALOG.parameter(name, operator_type) in Capability
    if name.isascii():
        assert CATALOG.parameter(name.upper()) is CATALOG.parameter(name.lower())


@given(st.sampled_from(["ext{}object", "extension{}", "expr{}expr", "iop{}"]), st.integers(0, 10**6))
def test_every_block_of_a_sequence_is_judged_like_the_first(name: str, number: int) -> None:
    assert CATALOG.parameter(name.format(number)) is CATALOG.parameter(name.format(0))


def test_every_type_with_rules_of_its_own_is_a_known_operator_type() -> None:
    file_names = {"parexecdat", "chopexecdat", "datexecdat", "panelexecdat", "opexecdat"}  # as .tox files write them
    assert CATALOG.parameters_of.keys() - file_names <= CATALOG.operator_types.keys()


# --- operator types -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("noiseTOP", Capability.TD_CREATE),
        ("NOISETOP", Capability.TD_CREATE),
        ("replicatorCOMP", Capability.TD_CREATE),
        ("moviefileinTOP", Capability.TD_CREATE),
        ("glslTOP", Capability.TD_CREATE),
        ("layerTOP", Capability.TD_CREATE),
        ("clipDAT", Capability.TD_CODE),
        ("fileoutPOP", Capability.FILE_WRITE),
        ("st2110outTOP", Capability.NET),
        ("zedPOP", Capability.TD_PROJECT),
        ("particlePOP", Capability.TD_CREATE),
        ("executeDAT", Capability.TD_CODE),
        ("parameterexecuteDAT", Capability.TD_CODE),
        ("scriptSOP", Capability.TD_CODE),
        ("evaluateDAT", Capability.TD_CODE),
        ("cplusplusTOP", Capability.PROCESS),
        ("engineCOMP", Capability.PROCESS),
        ("fileinDAT", Capability.FILE_READ),
        ("moviefileoutTOP", Capability.FILE_WRITE),
        ("webserverDAT", Capability.NET),
        ("oscoutCHOP", Capability.NET),
        ("videodeviceinTOP", Capability.TD_PROJECT),
    ],
)
def test_creating_an_operator_needs_what_its_type_does(name: str, needs: Capability) -> None:
    assert CATALOG.operator_type(name) is needs


@pytest.mark.parametrize("name", ["", "noise", "TOP", "brandnewTOP", "noiseTOP ", "noise TOP", "parexecDAT"])
def test_a_type_that_is_not_known_needs_td_code(name: str) -> None:
    assert CATALOG.operator_type(name) is Capability.TD_CODE
