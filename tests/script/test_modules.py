"""The modules a script may import: closed lists, compared with the modules themselves, and their safer members."""

from __future__ import annotations

import builtins
import importlib
import io
import platform
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import list_modules
from td_extension.script.bounds import Bounds
from td_extension.script.bridge import SCRIPT
from td_extension.script.catalog import Catalog, Module
from td_extension.script.catalog_text import load_catalog
from td_extension.script.media import MEDIA_SUFFIXES, is_media_inside
from td_extension.script.module_view import ModuleView
from td_extension.script.safe_members import SAFE_MEMBERS
from td_extension.script.world import module_view
from td_extension.values import Capability

ROOT = Path(__file__).resolve().parents[2]
CATALOG: Catalog = load_catalog((ROOT / "td_extension" / "script" / "catalog.json").read_text(encoding="utf-8"))

ONLY_IN_TOUCHDESIGNER = {"td", "tdu"}
ALLOWED = sorted(
    name for name, module in CATALOG.modules.items() if module.needs is None and name not in ONLY_IN_TOUCHDESIGNER
)

# --- the lists --------------------------------------------------------------------------------------------------------


def _live(name: str) -> types.ModuleType:
    if name.partition(".")[0] == "numpy":
        pytest.importorskip("numpy", reason="numpy is part of TouchDesigner, not of this Python")
    return importlib.import_module(name)


@pytest.mark.parametrize("name", ALLOWED)
def test_no_member_of_an_allowed_module_is_a_module(name: str) -> None:
    module = _live(name)
    for member in CATALOG.module(name).members:
        assert not isinstance(getattr(module, member, None), types.ModuleType), f"{name}.{member} is a module"


def test_an_inner_module_is_allowed_only_where_its_package_is() -> None:
    """``import a.b`` binds ``a``: were that not allowed, nobody would judge its members."""
    for name in ALLOWED:
        assert CATALOG.module(name.partition(".")[0]).needs is None, name


@pytest.mark.parametrize("name", ALLOWED)
def test_no_member_of_an_allowed_module_is_a_guarded_builtin(name: str) -> None:
    guarded = {n for n, entry in CATALOG.names.items() if entry.needs is not None and hasattr(builtins, n)}
    values = [getattr(builtins, n) for n in sorted(guarded)]
    module = _live(name)
    for member in CATALOG.module(name).members:
        assert not any(getattr(module, member, None) is value for value in values), f"{name}.{member}"


@pytest.mark.parametrize(
    ("module", "members"),
    [
        ("json", "codecs decoder encoder scanner dump load detect_encoding"),
        ("re", "enum functools copyreg _compiler Scanner template"),
        ("datetime", "sys"),
        ("random", "_os _urandom _inst"),
        ("collections", "abc _sys ChainMap UserDict UserList UserString"),
        ("collections.abc", "MutableMapping MutableSequence MutableSet"),
        ("functools", "wraps update_wrapper singledispatch cached_property partialmethod total_ordering"),
        ("operator", "attrgetter methodcaller call setitem delitem iadd"),
        ("string", "Formatter"),
        ("dataclasses", "make_dataclass sys inspect types keyword builtins functools abc"),
        ("enum", "bltns sys EnumMeta EnumType global_enum property member"),
        (
            "typing",
            "sys types contextlib get_type_hints ForwardRef Protocol runtime_checkable functools Annotated get_origin "
            "MutableMapping MutableSequence MutableSet ChainMap overload final",
        ),
        ("sys", "modules path stdin exc_info exit settrace argv displayhook meta_path"),
        ("io", "open open_code FileIO TextIOWrapper BufferedReader BufferedWriter"),
        ("traceback", "sys linecache walk_stack walk_tb extract_stack TracebackException print_tb print_last"),
        ("time", "sleep tzset"),
        ("hashlib", "file_digest pbkdf2_hmac scrypt"),
        ("uuid", "os sys getnode uuid1 bytes_ int_ Enum"),
        ("contextlib", "ExitStack closing redirect_stdout redirect_stderr chdir os sys"),
        ("pprint", "PrettyPrinter re"),
        ("csv", "register_dialect field_size_limit io"),
        ("statistics", "sys random numbers"),
        ("decimal", "getcontext setcontext localcontext DefaultContext"),
        ("struct", "pack_into"),
        ("zlib", "decompress decompressobj"),
        ("copy", "dispatch_table copyreg types weakref"),
        ("base64", "encode decode main re struct binascii"),
        ("tdu", "FileInfo PathInfo forceCrash expand"),
        (
            "numpy",
            "load save savez loadtxt savetxt genfromtxt fromfile memmap bmat r_ c_ matrix recarray void info test "
            "frombuffer f2py ctypeslib testing lib core char rec ma os sys seterr set_printoptions printoptions",
        ),
        ("numpy.random", "bit_generator mtrand BitGenerator set_bit_generator test"),
        ("numpy.linalg", "test"),
        ("numpy.fft", "test"),
    ],
)
def test_a_known_door_of_an_allowed_module_is_closed(module: str, members: str) -> None:
    assert not CATALOG.module(module).members & set(members.split())


@pytest.mark.parametrize("name", ALLOWED)
def test_no_private_member_of_a_module_is_listed(name: str) -> None:
    module = CATALOG.module(name)
    assert not [member for member in module.members | module.needing.keys() if member.startswith("_")]


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("os", Capability.PROCESS),
        ("os.path", Capability.PROCESS),
        ("subprocess", Capability.PROCESS),
        ("threading", Capability.PROCESS),
        ("socket", Capability.NET),
        ("urllib.request", Capability.NET),
        ("requests", Capability.NET),
        ("pathlib", Capability.FILE_WRITE),
        ("shutil", Capability.FILE_WRITE),
        ("importlib", Capability.REFLECTION),
        ("ctypes", Capability.REFLECTION),
        ("inspect", Capability.REFLECTION),
        ("gc", Capability.REFLECTION),
        ("sys.monitoring", Capability.IMPORT),
        ("builtins", Capability.REFLECTION),
        ("types", Capability.REFLECTION),
        ("__main__", Capability.REFLECTION),
        ("pickle", Capability.DYNAMIC),
        ("TDFunctions", Capability.TD_RUN),
        ("numpy.f2py", Capability.IMPORT),
        ("json.decoder", Capability.IMPORT),
        ("a_module_that_nobody_knows", Capability.IMPORT),
        ("", Capability.IMPORT),
    ],
)
def test_a_module_that_is_not_allowed_needs_its_capability(name: str, needs: Capability) -> None:
    module = CATALOG.module(name)
    assert module.needs is needs
    assert not module.members


def test_every_module_of_the_standard_library_is_allowed_or_needs_something() -> None:
    for name in sys.stdlib_module_names:
        module = CATALOG.module(name)
        assert (module.needs is None) == bool(module.members), name


# --- compared with the modules themselves -----------------------------------------------------------------------------

on_cpython_3_11 = pytest.mark.skipif(
    sys.version_info[:2] != list_modules.PYTHON or platform.python_implementation() != "CPython",
    reason="the lists are reviewed for TouchDesigner's Python",
)


def _verdicts(module: str, listed: Module, review: list_modules.Review) -> dict[str, str]:
    """The verdict on every member of a module, by a catalog that knows that module only."""
    catalog = Catalog({}, {module: listed}, {}, {}, frozenset(), {}, (), (), {}, {}, "")
    return {member.name: member.verdict for member in list_modules.survey(catalog, review)}


NOTHING_REVIEWED = list_modules.Review({}, {})


@on_cpython_3_11
def test_every_public_member_of_an_allowed_module_is_allowed_or_refused_for_a_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("numpy", reason="numpy is part of TouchDesigner, not of this Python")
    wrong = list_modules.main(["--check"])
    assert not capsys.readouterr().err
    assert wrong == 0


@on_cpython_3_11
def test_the_listing_tells_what_each_member_is(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("numpy", reason="numpy is part of TouchDesigner, not of this Python")
    list_modules.main([])
    told = capsys.readouterr().out.splitlines()
    assert "math.pi: constant, allowed" in told
    assert "math.factorial: function, allowed (may need block)" in told
    assert "numpy.empty: function, allowed (may need block, in a safer form)" in told
    assert "decimal.Decimal: class, allowed (may need block, in a safer form)" in told
    assert "random.SystemRandom: class, allowed" in told
    assert "fnmatch.os: submodule, refused (a module is never handed out)" in told
    assert "operator.attrgetter: class, refused (needs reflection)" in told


def test_a_member_that_nobody_has_read_is_told() -> None:
    listed = Module(frozenset({"rgb_to_hsv"}), None, {}, {})
    assert _verdicts("colorsys", listed, NOTHING_REVIEWED)["hsv_to_rgb"] == "unreviewed"
    reviewed = list_modules.Review({"colorsys": {"hsv_to_rgb": "for this test"}}, {})
    assert _verdicts("colorsys", listed, reviewed)["hsv_to_rgb"] == "refused"


def test_a_member_that_does_not_exist_is_told_unless_it_is_known_to_exist_elsewhere() -> None:
    pytest.importorskip("numpy", reason="the message names numpy's version")
    listed = Module(frozenset({"rgb_to_lab"}), None, {}, {})
    assert _verdicts("colorsys", listed, NOTHING_REVIEWED)["rgb_to_lab"] == "dead"
    elsewhere = list_modules.Review({}, {"colorsys": {"rgb_to_lab": "some other Python"}})
    assert _verdicts("colorsys", listed, elsewhere)["rgb_to_lab"] == "allowed"


def test_a_member_that_is_both_allowed_and_refused_is_told() -> None:
    listed = Module(frozenset({"rgb_to_hsv"}), None, {}, {})
    review = list_modules.Review({"colorsys": {"rgb_to_hsv": "for this test"}}, {})
    assert _verdicts("colorsys", listed, review)["rgb_to_hsv"] == "dead"


def test_another_python_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(list_modules, "PYTHON", (3, 2))
    assert list_modules.main(["--check"]) == 2
    assert "CPython 3.11" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "refused: {}",
        "[",
        "refused: []\nelsewhere: {}",
        "refused: {json: why}\nelsewhere: {}",
        "refused: {json: [{why: x}]}\nelsewhere: {}",
        "refused: {json: [{why: '', names: a}]}\nelsewhere: {}",
        "refused: {json: [{why: x, names: a a}]}\nelsewhere: {}",
    ],
)
def test_a_faulty_review_is_refused(text: str) -> None:
    with pytest.raises(list_modules.ReviewError):
        list_modules.read_review(text)


# --- views and safer members ------------------------------------------------------------------------------------------


def _too_large(why: str) -> None:
    raise AssertionError(why)


BOUNDS = Bounds(_too_large, lambda: None)


def _view(name: str) -> ModuleView:
    _live(name)
    return module_view(name, CATALOG, frozenset(), BOUNDS)


def _raising() -> str:
    """What `format_exc` tells of an exception in a script."""
    code = compile("def f():\n    raise ValueError('no')\nf()", SCRIPT, "exec")
    try:
        exec(code, {})
    except ValueError:
        return str(_view("traceback").format_exc())
    return ""


def _script_class(body: str) -> type:
    namespace: dict[str, Any] = {"__name__": SCRIPT}
    exec(compile(body, SCRIPT, "exec", dont_inherit=True), namespace)
    found: type = namespace["Own"]
    return found


@pytest.mark.parametrize("name", sorted(SAFE_MEMBERS))
def test_every_safer_member_is_listed(name: str) -> None:
    assert SAFE_MEMBERS[name].keys() <= CATALOG.module(name).members


def test_a_table_of_a_module_is_handed_out_as_a_copy() -> None:
    import hashlib

    _view("hashlib").algorithms_available.clear()
    assert "sha256" in hashlib.algorithms_available


def test_sys_shows_versions_and_streams_and_nothing_else() -> None:
    view = _view("sys")
    assert view.version_info == sys.version_info
    for door in ("modules", "stdin", "path", "_getframe", "exc_info"):
        with pytest.raises(AttributeError):
            getattr(view, door)


def test_a_stream_of_sys_writes_and_does_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    view = _view("sys")
    view.stderr.write("to the agent")
    assert capsys.readouterr().err == "to the agent"
    assert [name for name in dir(view.stderr) if not name.startswith("_")] == ["flush", "write"]
    assert view.stderr is not sys.stderr


def test_a_dataclass_can_be_made_of_the_script_s_own_class_only() -> None:
    import json

    dataclass = _view("dataclasses").dataclass
    own = dataclass(_script_class("class Own:\n    x: int = 1"))
    assert own(2).x == 2
    before = json.JSONEncoder.__init__
    with pytest.raises(TypeError, match="the script itself"):
        dataclass(json.JSONEncoder)
    assert json.JSONEncoder.__init__ is before


def test_a_dataclass_may_have_annotations_that_are_texts() -> None:
    dataclass = _view("dataclasses").dataclass
    future = "from __future__ import annotations\nclass Own:\n    x: int = 1"
    assert dataclass(_script_class(future))(3).x == 3
    with pytest.raises(TypeError, match="__future__"):
        dataclass(_script_class(future + "\n    y: ClassVar[int] = 2"))


def test_a_namedtuple_belongs_to_the_script() -> None:
    view = _view("collections")
    point = view.namedtuple("Point", "x y", defaults=[0])
    assert point(1) == (1, 0)
    assert point.__module__ == SCRIPT
    with pytest.raises(TypeError):
        view.namedtuple("Point", "x y", module="td")


@pytest.mark.parametrize("fields", ["a-b", "class", ["x", "a b"], "_cls", "\uff43ls", ["x):print(1"], [1]])
def test_a_namedtuple_takes_no_field_that_is_no_plain_name(fields: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        _view("collections").namedtuple("Point", fields)


@given(st.text(max_size=20))
def test_a_namedtuple_s_fields_are_what_they_say(field: str) -> None:
    try:
        made = _view("collections").namedtuple("Point", [field])
    except (TypeError, ValueError):
        return
    assert made._fields == (field,)
    assert getattr(made(1), field) == 1


def test_an_exception_is_told_with_the_script_s_own_lines_alone() -> None:
    told = _raising()
    assert told.startswith("Traceback (most recent call last):\n")
    assert f'File "{SCRIPT}", line 2, in f\n' in told
    assert told.endswith("ValueError: no\n")
    assert __file__ not in told


def test_without_an_exception_there_is_none_to_tell() -> None:
    assert _view("traceback").format_exc() == "NoneType: None\n"


def test_an_exception_is_printed_to_the_captured_output(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        _view("traceback").print_exc()
    assert capsys.readouterr().err.endswith("KeyError: 'x'\n")


def test_pprint_prints_to_the_captured_output_only(capsys: pytest.CaptureFixture[str]) -> None:
    view = _view("pprint")
    view.pprint({"b": 1, "a": 2})
    view.pp({"b": 1, "a": 2})
    assert capsys.readouterr().out == "{'a': 2, 'b': 1}\n{'b': 1, 'a': 2}\n"
    with pytest.raises(TypeError):
        view.pprint(1, stream=io.StringIO())


class _Dat:
    def write(self, text: str) -> None:
        raise AssertionError("a DAT must not be written to")


class _LikeAText(io.StringIO):
    def write(self, text: str) -> int:
        raise AssertionError("nor anything that only looks like a text")


@pytest.mark.parametrize(
    "make", [lambda view, file: view.writer(file), lambda view, file: view.DictWriter(file, ["a"])]
)
def test_a_csv_writer_writes_to_a_text_in_memory_and_to_nothing_else(
    make: Callable[[ModuleView, object], Any],
) -> None:
    for file in (_Dat(), _LikeAText()):
        with pytest.raises(TypeError, match=r"io\.StringIO"):
            make(_view("csv"), file)
    text = io.StringIO()
    make(_view("csv"), text)
    rows = _view("csv").writer(text)
    rows.writerow([1, "a,b"])
    assert text.getvalue() == '1,"a,b"\r\n'


def test_an_array_is_told_by_numpy_ndarray_and_not_made_by_it() -> None:
    numpy = pytest.importorskip("numpy")
    view = _view("numpy")
    assert isinstance(numpy.zeros(3), view.ndarray)
    assert not isinstance([1], view.ndarray)
    with pytest.raises(TypeError, match=r"numpy\.zeros"):
        view.ndarray((3,), buffer=b"123")


def test_an_empty_array_shows_nothing_of_the_memory() -> None:
    pytest.importorskip("numpy")
    view = _view("numpy")
    assert not view.empty((64, 64), dtype="uint8").any()
    assert not view.empty_like(view.ones((8, 8))).any()


def test_errors_of_numpy_are_logged_to_no_object() -> None:
    pytest.importorskip("numpy")
    view = _view("numpy")
    with view.errstate(divide="ignore", invalid="ignore"):
        assert view.isinf(view.array([1.0]) / 0).all()
    with pytest.raises(TypeError):
        view.errstate(all="log", call=_Dat())
    with pytest.raises(TypeError):
        view.errstate(all="call")


# --- media ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["", "a.png", "media/a b.MOV", "deep/er/x.1.exr", "ordner\\bild.jpg", "./a.wav", "日本.png"]
)
def test_media_of_the_project_is_told_by_its_path(value: str) -> None:
    assert is_media_inside(value)


@pytest.mark.parametrize(
    "value",
    [
        "/etc/a.png", "\\\\host\\share\\a.png", "//host/a.png", "C:/a.png", "C:a.png", "http://host/a.png",
        "file:a.png", "../a.png", "media/../../a.png", "media/.. /a.png", "~/a.png", "$HOME/a.png", "%TEMP%/a.png",
        "samples:a.png", "`x`.png", "a.png\n", "a.tox", "a.py", "a.svg", "a.sbsar", "png", ".png", "a.", "a//b.png",
        "media/", "a*.png", "x" * 600 + ".png", None, 3, b"a.png", ["a.png"],
    ],
)  # fmt: skip
def test_any_other_value_is_not_taken_for_media_of_the_project(value: object) -> None:
    assert not is_media_inside(value)


@given(st.text(max_size=30))
def test_a_text_that_is_media_of_the_project_stays_in_its_folder(value: str) -> None:
    if value and is_media_inside(value):
        assert value.rpartition(".")[2].lower() in MEDIA_SUFFIXES
        assert not Path(value).is_absolute()
        assert ".." not in Path(value).parts
        assert ":" not in value
