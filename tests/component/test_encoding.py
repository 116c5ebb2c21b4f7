"""The files of an expanded .tox: as td_runtime.md §6.2 quotes them, and read back as they were written."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyguard_cli.component import encoding
from policyguard_cli.component.encoding import Definition, Limits, UnknownForm
from policyguard_cli.component.spec import CustomParameter, Kind, OperatorSpec, Page, Setting, Style
from td_headless import expanded_files as reading
from td_headless.parameters import ParMode

# -- quoted --------------------------------------------------------------------------------------------------------


def test_the_build_block_is_the_quoted_one() -> None:
    quoted = b"version 099\nbuild 2025.32460\ntime Thu Oct  1 15:32:57 2026\nosname Windows\nosversion 10\n"
    assert encoding.build_block("2025.32460", "Thu Oct  1 15:32:57 2026", "Windows", "10") == quoted


def test_a_text_has_the_quoted_prologue_of_27_bytes() -> None:
    written = encoding.text("ä")
    assert written[:27] == b"2\n*" + struct.pack(">6I", 1, 1, 1, 1, 2, 2)
    assert written[27:] == "ä".encode()


def test_an_empty_text_is_the_quoted_19_bytes() -> None:
    assert encoding.text("") == b"2\n*" + struct.pack(">4I", 1, 0, 0, 1)
    assert len(encoding.text("")) == 19


def test_a_table_has_the_quoted_header_rows_before_columns() -> None:
    written = encoding.table([["a", "b", "c"], ["", "日", "x"]])
    assert written[:19] == b"1\n*" + struct.pack(">4I", 1, 2, 3, 0)
    assert written[19:28] == struct.pack(">2I", 2, 1) + b"a"


def test_an_empty_fifo_is_the_quoted_one() -> None:
    written = encoding.EMPTY_FIFO
    assert written == b"1\n0\n*" + struct.pack(">4I", 1, 0, 1, 0)


def test_the_quoted_toggle_line() -> None:
    line = '772804867 Enable Enable 1 1 0 0 1 1 10 2 0 "" "" "UI Fixes" 0'
    toggle = Definition(772804867, "Enable", "Enable", "UI Fixes", 0, limits=Limits(slider_high=10))
    assert encoding.definition_line(toggle) == line


def test_the_quoted_menu_line() -> None:
    items = (("gamepad", "Gamepad & Actions"), ("b", "B"), ("c", "C"), ("d", "D"), ("e", "E"))
    menu = Definition(772804879, "Profile", "Controller Profile", "TDBridge", 5, menu=items)
    assert encoding.definition_line(menu) == (
        '772804879 Profile "Controller Profile" 1 1 0 0 1 1 1 2 0 "" "" TDBridge 4097 5 gamepad "Gamepad & Actions" '
        "b B c C d D e E 5"
    )


def test_the_quoted_integer_line() -> None:
    limits = Limits(16, 2000, 16, 2000, is_clamped=True)
    number = Definition(772804866, "Numpoints", "Num Points", "Knot", 0, number=200, limits=limits)
    assert encoding.definition_line(number) == (
        '772804866 Numpoints "Num Points" 1 3 16 16 3 2000 2000 2 200 "" "" Knot 0'
    )


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        (Setting("ext0object", "op('./fx_ext').module.FxExt(me)"), "ext0object 0 op('./fx_ext').module.FxExt(me)"),
        (Setting("ext0name", "FxExt"), "ext0name 0 FxExt"),
        (Setting("ext0promote", True), "ext0promote 0 on"),
        (Setting("active", False), "active 0 off"),
        (Setting("callbacks", "callbacks"), "callbacks 0 callbacks"),
        (Setting("language", "python"), "language 0 python"),
        (Setting("op", ".."), "op 0 .."),
        (Setting("pars", "*"), "pars 0 *"),
        (Setting("framestart", True), "framestart 0 on"),
        (Setting("enableexternaltox", False), "enableexternaltox 0 off"),
        (Setting("opshortcut", "PolicyGuard"), "opshortcut 0 PolicyGuard"),
    ],
)
def test_the_quoted_value_lines(setting: Setting, line: str) -> None:
    assert encoding.value_line(setting) == line


def test_the_quoted_flags_of_custom_parameters() -> None:
    assert encoding.custom_value_line(CustomParameter("Enabled", "Enabled", Style.TOGGLE, True)) == "Enabled 67108928 on"
    status = CustomParameter("Status", "Status", Style.STR, is_read_only=True)
    assert encoding.custom_value_line(status) == 'Status 67109184 ""'


def test_a_node_is_written_in_the_quoted_order() -> None:
    spec = OperatorSpec("a", Kind.BASE, 1, -2, 160, 130, (0.67, 0.67, 0.67), "hello", is_viewer_on=True)
    assert encoding.node(spec) == (
        b'COMP:base\ntile 1 -2 160 130\nflags =  viewer 1 parlanguage 0\ncomment "hello"\ncolor 0.67 0.67 0.67 \nend\n'
    )


def test_the_table_of_contents_begins_with_the_quoted_line() -> None:
    assert encoding.table_of_contents([".build", "a.n"]) == b"# 4 0 0 0 1\n.build\na.n\n"


# -- not known -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a\\b", 'a"b', "a\rb", "a\0b"])
def test_a_value_whose_form_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(UnknownForm):
        encoding.word(text)


@pytest.mark.parametrize("comment", ['a "b"', "a\nb", "a\\b", "ä"])
def test_a_comment_whose_form_is_not_known_is_refused(comment: str) -> None:
    with pytest.raises(UnknownForm, match="comment"):
        encoding.node(OperatorSpec("a", Kind.BASE, 0, 0, 1, 1, (0, 0, 0), comment))


@pytest.mark.parametrize("rows", [[], [[]]])
def test_an_empty_table_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(UnknownForm, match="without a cell"):
        encoding.table(rows)


def test_a_colour_with_more_decimals_is_refused() -> None:
    with pytest.raises(UnknownForm, match="two decimals"):
        encoding.node(OperatorSpec("a", Kind.BASE, 0, 0, 1, 1, (0.123, 0, 0)))


# -- round trips ---------------------------------------------------------------------------------------------------

any_text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\\r\0")).filter(
    lambda text: '"' not in text or any(character.isspace() for character in text)
)
labels = st.text("abc XYZ&日本", max_size=12)
names = st.from_regex(r"[A-Z][a-z0-9]{0,8}", fullmatch=True)


@given(any_text)
def test_every_text_is_read_back(text: str) -> None:
    assert reading.read_text(encoding.text(text)) == text


@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(any_text, min_size=width, max_size=width), min_size=1)))
def test_every_table_is_read_back(rows: list[list[str]]) -> None:
    assert reading.read_table(encoding.table(rows)) == rows


@given(st.lists(st.tuples(names, st.booleans() | values, values)))
def test_every_value_is_read_back(settings: list[tuple[str, bool | str, str]]) -> None:
    given = [Setting(*one) for one in settings]
    read = reading.read_values(encoding.values([*map(encoding.value_line, given), "end 0 on"]))[:-1]
    plain = [one.value if isinstance(one.value, str) else ("on" if one.value else "off") for one in given]
    assert [(one.name, one.value, one.expression) for one in read] == [
        (one.name, value, one.expression) for one, value in zip(given, plain, strict=True)
    ]
    assert [one.mode is ParMode.EXPRESSION for one in read] == [bool(one.expression) for one in given]


@st.composite
def custom_parameters(draw: st.DrawFn) -> CustomParameter:
    style = draw(st.sampled_from(Style))
    menu: tuple[tuple[str, str], ...] = ()
    default: bool | str = draw(labels)
    if style in (Style.TOGGLE, Style.PULSE):
        default = draw(st.booleans())
    elif style is Style.MENU:
        menu = tuple(draw(st.lists(st.tuples(st.from_regex("[a-z]+", fullmatch=True), labels), min_size=1)))
        default = draw(st.sampled_from(menu))[0]
    return CustomParameter(draw(names), draw(labels), style, default, menu, draw(st.booleans()))


@given(st.lists(st.lists(custom_parameters(), max_size=4), min_size=1, max_size=3))
def test_every_definition_is_read_back(pages: list[list[CustomParameter]]) -> None:
    given = [Page(f"Page {number}", tuple(inside)) for number, inside in enumerate(pages)]
    names_read, read = reading.read_definitions(encoding.values(encoding.definition_lines(given)))
    assert names_read == [page.name for page in given]
    written = [(page.name, order, one) for page in given for order, one in enumerate(page.parameters)]
    assert [(one.page, one.order, one.name, one.label, one.style, one.menu) for one in read] == [
        (page, order, one.name, one.label, one.style.value, one.menu) for page, order, one in written
    ]
    for line, (_, _, parameter) in zip(read, written, strict=True):
        assert (bool(line.number) if isinstance(parameter.default, bool) else line.text) == parameter.default


@given(
    st.integers(-9999, 9999), st.tuples(*[st.integers(0, 100).map(lambda part: part / 100)] * 3), st.booleans(),
    st.text(st.characters(codec="ascii", exclude_characters='"\\', exclude_categories=["Cc"])),
)  # fmt: skip
def test_every_node_is_read_back(x: int, colour: tuple[float, float, float], viewer: bool, comment: str) -> None:
    spec = OperatorSpec("a", Kind.TEXT, x, -x, 130, 90, colour, comment, viewer, text="")
    read = reading.read_node(encoding.node(spec))
    assert (read.family, read.kind, read.tile) == ("DAT", "text", (x, -x, 130, 90))
    assert (read.color, read.comment, read.flags.get("viewer") == "1") == (colour, comment, viewer)


# -- the reader ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (reading.read_contents, b"# 4 0 0 0 1\r\n.build\r\n"),
        (reading.read_contents, b".build\n"),
        (reading.read_contents, b"# 4 0 0 0 1\n.build\na.n\na.n\n"),
        (reading.read_node, b"COMP:base\ntile 0 0 1 1\nflags =  parlanguage 0\ncolor 0 0 0 \n"),
        (reading.read_node, b"COMP:base\ntile 0 0 1 1\nflags = parlanguage 0\ncolor 0 0 0 \nend\n"),
        (reading.read_node, b"COMP:base\ndict 80049500\ntile 0 0 1 1\nflags =  parlanguage 0\ncolor 0 0 0 \nend\n"),
        (reading.read_values, b"a 0 b\n"),
        (reading.read_values, b"?\na 17 b\n?\n"),
        (reading.read_values, b"?\na 0 b c\n?\n"),
        (reading.read_values, b"?\npassword 1024 x\n?\n"),
        (reading.read_values, b"?\na 3 b\n?\n"),
        (reading.read_values, b'?\na 0 "b\n?\n'),
        (reading.read_definitions, b"?\npages 2 A\n?\n"),
        (reading.read_definitions, b'?\npages 1 A\n772804867 B B 1 1 0 0 1 1 1 2 0 "" "" C 0\n?\n'),
        (reading.read_definitions, b'?\npages 1 A\n772804867 B B 1 1 0 0 1 1 1 2 0 "" "" A 0 1 help\n?\n'),
        (reading.read_text, b"2\n*" + struct.pack(">6I", 1, 1, 1, 1, 2, 5) + b"abc"),
        (reading.read_text, b"2\n*" + struct.pack(">6I", 1, 1, 1, 1, 2, 2) + b"abc"),
        (reading.read_table, b"1\n*" + struct.pack(">4I", 1, 1, 1, 1)),
        (reading.read_fifo, b""),
    ],
)
def test_what_is_not_as_quoted_is_not_read(read: object, data: bytes) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"."):
        read(data)
