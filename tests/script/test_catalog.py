"""The capability catalog: what it promises about Python, about TouchDesigner, and about its own text."""

from __future__ import annotations

import ast
import builtins
import copy
import hashlib
import json
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import build_catalog
from td_extension.script.catalog import Catalog
from td_extension.script.catalog_text import CatalogError, load_catalog
from td_extension.values import Capability

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "td_extension" / "script" / "catalog.json").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
CATALOG = load_catalog(TEXT)
HONEST_SCRIPTS = ROOT / "tests" / "corpus" / "allow"

ONLY_IN_TOUCHDESIGNER = {"td", "tdu"}


def _edited(pointer: str, value: Any) -> str:
    """The catalog's text with another value at a place."""
    document = copy.deepcopy(DOCUMENT)
    *way, last = pointer.lstrip("/").split("/")
    target: Any = document
    for step in way:
        target = target[int(step) if isinstance(target, list) else step]
    target[int(last) if isinstance(target, list) else last] = value
    return json.dumps(document)


def _group(**changes: Any) -> dict[str, Any]:
    return {"needs": "td.read", "why": "looks", "names": "one two"} | changes


# --- its own text ---------------------------------------------------------------------------------------------------


def test_the_embedded_json_is_what_the_yaml_says() -> None:
    assert build_catalog.main(["--check"]) == 0


def test_a_stale_json_fails_the_check_and_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "catalog.json"
    target.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(build_catalog, "TARGET", target)
    assert build_catalog.main(["--check"]) == 1
    assert "python scripts/build_catalog.py" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "{}"


def test_building_writes_the_text_that_the_check_accepts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_catalog, "TARGET", tmp_path / "catalog.json")
    assert build_catalog.main([]) == 0
    assert build_catalog.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("find", "put", "line"),
    [
        ("needs: td.read\n", "needs: td.raed\n", "needs: td.raed"),
        ("    why: opens a file\n", "    why: ''\n", "why: ''"),
        ("\nbuiltins:\n", "\nbuiltins:\n  - {needs: free, why: twice, names: abs abs}\n", "abs abs"),
        ("\nmembers_of:\n", "\nmembers:\n", None),
    ],
    ids=["capability", "phrase", "name", "section"],
)
def test_a_mistake_in_the_yaml_is_reported_with_its_line(find: str, put: str, line: str | None) -> None:
    source = build_catalog.SOURCE.read_text(encoding="utf-8")
    broken = source.replace(find, put, 1)
    assert broken != source
    with pytest.raises(build_catalog.SourceError) as caught:
        build_catalog.build(broken)
    found = re.match(r"line (\d+): ", str(caught.value))
    assert found is not None
    if line is not None:
        assert line in broken.splitlines()[int(found[1]) - 1]


@pytest.mark.parametrize("source", ["", "a: [", "- 1\n- 2\n", "just text"])
def test_yaml_that_is_no_catalog_is_refused(source: str) -> None:
    with pytest.raises(build_catalog.SourceError, match=r"^line \d+: "):
        build_catalog.build(source)


@pytest.mark.parametrize(
    ("pointer", "value", "place"),
    [
        ("/members", {}, "/members"),
        ("/members/0", "destroy", "/members/0"),
        ("/members/0/needs", "td.everything", "/members/0/needs"),
        ("/members/0/needs", "guard", "/members/0/needs"),
        ("/members/0/needs", ["td.read"], "/members/0/needs"),
        ("/members/0/why", " ", "/members/0/why"),
        ("/members/0/names", "a  b", "/members/0/names"),
        ("/members/0/names", "a.b", "/members/0/names"),
        ("/members/0/names", "\uff4f\uff50en", "/members/0/names"),
        ("/members/0/names", 1, "/members/0/names"),
        ("/members/0", _group(names="one one"), "/members/0/names"),
        ("/members/0", _group(may="td.read"), "/members/0/may"),
        ("/members/0", _group(stores="td.write"), "/members/0/stores"),
        ("/members_of/Undo/0/names", "neverheardof", "/members_of/Undo"),
        ("/modules/math/members", "sin sin-1", "/modules/math/members"),
        ("/modules/math", {}, "/modules/math"),
        ("/modules/math/needing", {"block": "sin"}, "/modules/math/needing"),
        ("/modules/td", {"members": "run"}, "/modules/td"),
        ("/refused_modules/net", "math", "/refused_modules/net"),
        ("/refused_modules/everything", "math", "/refused_modules/everything"),
        ("/parameters/0", _group(media="td.read"), "/parameters/0/media"),
        ("/parameters/0", _group(media="everything"), "/parameters/0/media"),
        ("/parameters/0/names", "ext0object", "/parameters/0/names"),
        ("/parameters/0/names", "Callbacks", "/parameters/0/names"),
        ("/parameters/0/names", "a*b*c", "/parameters/0/names"),
        ("/operator_types/td.create/BOP", "noise", "/operator_types/td.create/BOP"),
        ("/operator_types/net/TOP", "noise", "/operator_types/"),
    ],
)
def test_a_faulty_catalog_is_refused_with_its_place(pointer: str, value: Any, place: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load_catalog(_edited(pointer, value))
    assert caught.value.place.startswith(place)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"members": [], "members": []}', "NaN", "[" * 100_000])
def test_text_that_is_no_catalog_is_refused(text: str) -> None:
    with pytest.raises(CatalogError):
        load_catalog(text)


@pytest.mark.parametrize("section", sorted(DOCUMENT))
def test_a_catalog_that_lacks_a_section_is_refused(section: str) -> None:
    with pytest.raises(CatalogError, match=section):
        load_catalog(json.dumps({name: value for name, value in DOCUMENT.items() if name != section}))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(sorted(DOCUMENT)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(DOCUMENT)), _JSON)
def test_no_value_in_any_section_raises_anything_but_a_catalog_error(section: str, value: Any) -> None:
    try:
        load_catalog(json.dumps(DOCUMENT | {section: value}))
    except CatalogError as error:
        place = error.place
    else:
        place = ""
    assert place == "" or place.startswith("/")


def test_the_digest_is_that_of_the_text() -> None:
    assert CATALOG.digest == hashlib.sha256(TEXT.encode("utf-8")).hexdigest()
    assert load_catalog(TEXT + "\n").digest != CATALOG.digest


def test_the_catalog_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CATALOG.members["destroy"] = CATALOG.members["name"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        CATALOG.digest = ""  # type: ignore[misc]


def test_every_capability_but_guard_is_needed_by_something() -> None:
    entries = [*CATALOG.names.values(), *CATALOG.members.values()]
    found = {word for entry in entries for word in (entry.needs, entry.store, entry.may)}
    found |= {module.needs for module in CATALOG.modules.values()}
    assert found >= set(Capability) - {Capability.GUARD}
    assert Capability.GUARD not in found


# --- names ----------------------------------------------------------------------------------------------------------


def test_every_public_builtin_is_decided() -> None:
    undecided = {"aiter", "anext", "False", "None", "True"}  # no async code runs here; the constants are no names
    newer = {"PythonFinalizationError", "WindowsError"}  # 3.13; Windows
    assert {n for n in dir(builtins) if not n.startswith("_")} - CATALOG.names.keys() <= undecided | newer


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("eval", Capability.DYNAMIC),
        ("exec", Capability.DYNAMIC),
        ("compile", Capability.DYNAMIC),
        ("__import__", Capability.IMPORT),
        ("open", Capability.FILE_READ),
        ("globals", Capability.REFLECTION),
        ("vars", Capability.REFLECTION),
        ("__builtins__", Capability.REFLECTION),
        ("input", Capability.BLOCK),
        ("run", Capability.TD_CODE),
        ("mod", Capability.TD_RUN),
        ("project", Capability.TD_READ),
        ("licenses", Capability.TD_PROJECT),
    ],
)
def test_a_dangerous_name_needs_its_capability(name: str, needs: Capability) -> None:
    assert CATALOG.names[name].needs is needs


@pytest.mark.parametrize("name", ["getattr", "setattr", "hasattr", "type"])
def test_attribute_access_by_string_may_need_reflection(name: str) -> None:
    assert CATALOG.names[name].may is Capability.REFLECTION


def test_a_member_of_the_td_module_needs_what_the_global_needs() -> None:
    module = CATALOG.module("td")
    assert module.needs is None
    assert {"op", "ParMode", "COMP"} <= module.members
    assert module.needing["run"] is Capability.TD_CODE
    assert not module.members & module.needing.keys()
    assert "sys" not in module.members | module.needing.keys()


# --- members --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "needs", "store", "may"),
    [
        ("path", Capability.TD_READ, None, None),
        ("nodeX", Capability.TD_READ, Capability.TD_WRITE, None),
        ("val", Capability.TD_READ, Capability.TD_WRITE, Capability.TD_CODE),
        ("expr", Capability.TD_READ, Capability.TD_WRITE, Capability.TD_CODE),
        ("text", Capability.TD_READ, Capability.TD_WRITE, Capability.TD_CODE),
        ("pulse", Capability.TD_WRITE, None, Capability.TD_CODE),
        ("create", Capability.TD_CREATE, None, Capability.TD_CODE),
        ("copy", Capability.TD_CREATE, None, Capability.TD_CODE),
        ("destroy", Capability.TD_DELETE, None, None),
        ("loadTox", Capability.TD_CODE, None, None),
        ("initializeExtensions", Capability.TD_CODE, None, None),
        ("run", Capability.TD_RUN, None, None),
        ("module", Capability.TD_RUN, None, None),
        ("cookRate", Capability.TD_READ, Capability.TD_PROJECT, None),
        ("quit", Capability.TD_PROJECT, None, None),
        ("messageBox", Capability.TD_UI, None, None),
        ("clipboard", Capability.TD_UI, Capability.TD_UI, None),
        ("status", Capability.TD_READ, Capability.TD_WRITE, None),
        ("saveByteArray", Capability.TD_READ, None, None),
        ("saveExternalTox", Capability.FILE_WRITE, None, None),
        ("send", Capability.NET, None, None),
        ("viewFile", Capability.PROCESS, None, None),
        ("locals", Capability.REFLECTION, None, None),
    ],
)
def test_a_member_needs_what_it_does(
    name: str, needs: Capability | None, store: Capability | None, may: Capability | None
) -> None:
    entry = CATALOG.members[name]
    assert (entry.needs, entry.store, entry.may) == (needs, store, may)
    assert entry.why


def _frame_members() -> Iterator[str]:
    kinds = (types.FrameType, types.CodeType, types.TracebackType, types.GeneratorType, types.CoroutineType)
    for kind in (*kinds, types.AsyncGeneratorType, types.CellType):
        yield from (name for name in dir(kind) if re.match(r"(f|co|tb|gi|cr|ag)_|cell_", name))


@pytest.mark.parametrize("name", sorted({*_frame_members(), "mro", "obj", "with_traceback", "fget", "ctypes"}))
def test_a_member_that_reaches_frames_or_code_needs_reflection(name: str) -> None:
    entry = CATALOG.members.get(name)
    # A newer Python's members may be unknown, which is refused too.
    assert entry is None or (entry.needs is Capability.REFLECTION and entry.store is None)


def test_the_frame_members_of_cpython_3_11_are_known_for_what_they_are() -> None:
    for name in ("gi_frame", "cr_frame", "ag_frame", "tb_frame", "f_back", "f_globals", "f_builtins", "co_code"):
        assert CATALOG.members[name].needs is Capability.REFLECTION


@pytest.mark.parametrize("name", ["format", "format_map"])
def test_a_template_is_not_judged_by_its_method_name(name: str) -> None:
    assert name not in CATALOG.members


def test_no_member_begins_with_an_underscore() -> None:
    assert not [name for name in CATALOG.members if name.startswith("_")]


@pytest.mark.parametrize(
    ("member", "classes", "needs"),
    [
        ("clear", ["Undo"], Capability.TD_PROJECT),
        ("clear", ["tableDAT", "DAT", "OP"], Capability.TD_WRITE),
        ("clear", ["dict", "object"], None),
        ("copy", ["Counter", "dict", "object"], None),
        ("copy", ["baseCOMP", "COMP", "OP"], Capability.TD_CREATE),
        ("save", ["Project"], Capability.TD_PROJECT),
        ("save", ["TOP", "OP"], Capability.FILE_WRITE),
        ("save", [], Capability.FILE_WRITE),
    ],
)
def test_a_known_class_decides_what_a_member_means(member: str, classes: list[str], needs: Capability | None) -> None:
    entry = CATALOG.member(member, classes)
    assert entry is not None
    assert entry.needs is needs


def test_a_class_does_not_make_an_unknown_member_known() -> None:
    assert CATALOG.member("neverheardof", ["Undo", "dict"]) is None


# --- honest scripts -------------------------------------------------------------------------------------------------


def _honest_scripts() -> list[Path]:
    return sorted(HONEST_SCRIPTS.glob("*.py")) if HONEST_SCRIPTS.is_dir() else []


def _module_path(node: ast.expr, modules: dict[str, str], catalog: Catalog) -> str | None:
    if isinstance(node, ast.Name):
        return modules.get(node.id)
    if isinstance(node, ast.Attribute):
        path = f"{_module_path(node.value, modules, catalog)}.{node.attr}"
        return path if path in catalog.modules else None
    return None


def unknown_words(source: str, catalog: Catalog) -> set[str]:
    """The names and members that a script loads and that neither it nor the catalog explains."""
    nodes = list(ast.walk(ast.parse(source)))
    modules = {name: name for name in ONLY_IN_TOUCHDESIGNER}
    own: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            modules.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            own.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            own.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
    unknown = set()
    for node in nodes:
        if isinstance(node, ast.Name) and node.id not in own and node.id not in modules:
            if node.id not in catalog.names and node.id.lower() not in catalog.operator_types:
                unknown.add(node.id)
        elif isinstance(node, ast.Attribute) and node.attr not in own:
            module = _module_path(node.value, modules, catalog)
            if module is not None:
                inner = f"{module}.{node.attr}"
                known = node.attr in catalog.module(module).members or inner in catalog.modules
                if not known and node.attr.lower() not in catalog.operator_types:
                    unknown.add(inner)
            elif getattr(node.value, "attr", "") not in ("par", "seq") and node.attr not in catalog.members:
                unknown.add("." + node.attr)
    return unknown


@pytest.mark.skipif(not _honest_scripts(), reason="tests/corpus/allow is not in this tree")
@pytest.mark.parametrize("path", _honest_scripts(), ids=lambda path: path.stem)
def test_what_honest_scripts_use_is_known(path: Path) -> None:
    judged_elsewhere = {".format"}
    unknown = unknown_words(path.read_text(encoding="utf-8"), CATALOG) - judged_elsewhere
    # A capitalised member is a promoted one: code of the project, whatever its name.
    assert not {word for word in unknown if not word[1:2].isupper()}
