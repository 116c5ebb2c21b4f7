"""Which files, hosts and modules a pattern covers: never one that any reading puts outside."""

from __future__ import annotations

import ntpath
import posixpath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from td_extension.policy.patterns import PatternError, host_pattern, module_pattern, path_pattern


def covers(pattern: str, path: str) -> bool:
    return path_pattern(pattern).covers(path)


# -- paths: what is covered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/project/data/**", "/project/data/a.csv"),
        ("/project/data/**", "/project/data/a/b/c.csv"),
        ("/project/data/**", "/project//data/./a.csv"),
        ("/project/./data//**", "/project/data/a"),
        ("/project/data/*", "/project/data/a.csv"),
        ("/project/data/*.csv", "/project/data/.csv"),
        ("/project/*/a*z.csv", "/project/x/abcz.csv"),
        ("/project/**/cues.csv", "/project/cues.csv"),
        ("/project/**/cues.csv", "/project/a/b/cues.csv"),
        ("/project/**/b/*/**", "/project/a/b/c/d"),
        ("/project/data", "/project/data"),
        ("/project/日本/**", "/project/日本/光.png"),
        ("C:/Shows/**", "c:\\shows\\A\\b.csv"),
        ("C:\\Shows\\**", "C:/Shows/a.csv"),
        ("c:/Program Files (x86)/x/*", "C:/PROGRAM FILES (X86)/X/y"),
    ],
)
def test_what_lies_inside_is_covered(pattern: str, path: str) -> None:
    assert covers(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/project/data/**", "/project/data"),
        ("/project/data/**", "/project/data/"),
        ("/project/data/**", "/project/database/a"),
        ("/project/data/**", "/Project/data/a"),
        ("/project/data/*", "/project/data/a/b"),
        ("/project/data/*.csv", "/project/data/a.csvx"),
        ("/project/*a*b", "/project/ba"),
        ("/project/ab*ba", "/project/aba"),
        ("/project/**/b/**/d", "/project/b"),
        ("C:/Shows/**", "D:/Shows/a"),
        ("C:/Shows/**", "/Shows/a"),
        ("/Shows/**", "C:/Shows/a"),
        ("C:/Straße/**", "C:/STRASSE/a"),
        ("C:/kilo/**", "C:/\u212ailo/a"),  # the sign for Kelvin
    ],
)
def test_what_lies_elsewhere_is_not(pattern: str, path: str) -> None:
    assert not covers(pattern, path)


OUTSIDE = [
    "..", "a/..", "../x", "a/../../x", ".. ", "...", "..\\x", "a\\..\\..\\x", "a..", "a.", "a ", "a./b", "a /b",
    "con", "CON.txt", "nul", "aux.tar.gz", "com1", "LPT9.x", "COM¹", "conin$", "a:b", "a.txt:stream", "a::$DATA", "SECRET~1.TXT",
    "a\0b", "a\nb", "a\x7fb", "a\u202eb", "a\u200db", "a\ud800b", "*", "a?", "a|b", "a\"b", "<a>", "$HOME", "${X}/b",
    "a／..／b", "‥/x", "．．/x", "a：b", "a∶b", "a＼b", "¥..¥x", "₩x", "a…",
]  # fmt: skip


@pytest.mark.parametrize("rest", OUTSIDE, ids=ascii)
@pytest.mark.parametrize("root", ["/project/data", "C:/project/data"])
def test_a_name_that_some_system_reads_otherwise_is_covered_by_nothing(root: str, rest: str) -> None:
    assert not covers(root + "/**", f"{root}/{rest}")


@pytest.mark.parametrize(
    "path",
    [
        "", ".", "project/data/a", "./project/data/a", "~/project/data/a", "//project/data/a", "\\\\project\\data\\a",
        "//server/project/data/a", "\\\\?\\C:\\project\\data\\a", "//?/C:/project/data/a", "\\\\.\\C:\\project\\data\\a",
        "C:project/data/a", "C:", "file:///project/data/a", " /project/data/a", "\\project\\data\\a", "/project\\data\\a",
        "/project/data/a" + "/b" * 3000,
    ],
)  # fmt: skip
def test_a_path_that_does_not_begin_at_the_root_or_a_drive_is_covered_by_nothing(path: str) -> None:
    assert not covers("/project/data/**", path)
    assert not covers("C:/project/data/**", path)


def test_a_text_of_a_class_that_may_lie_is_covered_by_nothing() -> None:
    class Liar(str):
        __slots__ = ()

    assert covers("/project/data/**", "/project/data/a")
    assert not covers("/project/data/**", Liar("/project/data/a"))


pieces = st.sampled_from(
    ["/", "//", "\\", "..", ".", "...", " ", "a", "data", "project", "DATA", "secret", "C:", "c:", "*", "~1", ":", "\0",
     "$X", "con", "％", "／", "‥", "\u202e", "?"]
)  # fmt: skip
paths = st.lists(pieces, max_size=12).map("".join) | st.text(max_size=20)


@given(st.sampled_from(["/project/data/", "/", "C:/project/data/", "c:\\project\\data\\", ""]), paths)
def test_whatever_is_covered_lies_inside_by_the_rules_of_every_system(start: str, rest: str) -> None:
    path = start + rest
    for pattern, folder in (("/project/data/**", "/project/data"), ("C:/project/data/**", "c:\\project\\data")):
        if not path_pattern(pattern).covers(path):
            continue
        windows = ntpath.normcase(ntpath.normpath(path))
        assert windows.startswith(ntpath.normcase(ntpath.normpath(folder)) + "\\")
        assert ":" not in path[2:]
        if folder.startswith("/"):
            assert posixpath.normpath(path).startswith(folder + "/")
        # Windows drops dots and spaces at the end of each name.
        assert all(name == name.rstrip(". ") for name in path.replace("\\", "/").split("/") if name not in ("", "."))


names = st.text(st.characters(codec="ascii", categories=["Ll", "Nd"]), min_size=1, max_size=4)


@given(st.lists(names, min_size=1, max_size=5), st.lists(names, max_size=3))
def test_a_folder_covers_everything_below_it_and_nothing_beside_it(inside: list[str], beside: list[str]) -> None:
    assume(not any(name in ("con", "prn", "aux", "nul") for name in inside + beside))
    assume(beside[:1] != ["data"])
    assert covers("/data/**", "/data/" + "/".join(inside))
    assert not covers("/data/**", "/" + "/".join(beside))


parts = st.lists(st.sampled_from(["a", "b", "ab", "a*", "*b", "*", "**"]), min_size=1, max_size=6)


@given(parts, st.lists(st.sampled_from(["a", "b", "ab", "aab"]), max_size=6))
def test_parts_match_as_their_plainest_reading_says(pattern: list[str], path: list[str]) -> None:
    def plain(pattern: list[str], path: list[str]) -> bool:
        if not pattern:
            return not path
        if pattern[0] == "**":
            least = 1 if len(pattern) == 1 else 0
            return any(plain(pattern[1:], path[skip:]) for skip in range(len(path) + 1) if skip >= least)
        return bool(path) and name(pattern[0], path[0]) and plain(pattern[1:], path[1:])

    def name(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(name(pattern[1:], text[skip:]) for skip in range(len(text) + 1))
        return text[:1] == pattern[0] and name(pattern[1:], text[1:])

    while pattern[-2:] == ["**", "**"]:
        pattern = pattern[:-1]
    assert covers("/x/" + "/".join(pattern), "/x/" + "/".join(path)) == plain(pattern, path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "nothing"), (" /a/**", "nothing"), ("a/**", "where it begins"), ("../a", "where it begins"),
        ("~/a", "where it begins"), ("//server/a/**", "where it begins"), ("\\\\server\\a", "where it begins"),
        ("C:a", "where it begins"), ("/", "everything"), ("/**", "everything"), ("C:/", "everything"),
        ("C:/**/x", "everything"), ("/a/../b", "reads alike"), ("/a/b./**", "reads alike"), ("/a/con/**", "reads alike"),
        ("/a/b?", "reads alike"), ("/a/$X/**", "reads alike"), ("/a**/b", "mixes"), ("/a/***", "mixes"),
        ("/a\\b", "where it begins"), ("/a" * 40, "parts"), ("/" + "a" * 300, "characters"), ("/a\0b", "reads alike"),
    ],
)  # fmt: skip
def test_a_path_pattern_that_is_not_clear_is_refused_with_a_remedy(text: str, word: str) -> None:
    with pytest.raises(PatternError) as caught:
        path_pattern(text)
    assert word in caught.value.message
    assert caught.value.remedy


@given(paths)
def test_any_text_is_a_path_pattern_or_an_error(text: str) -> None:
    try:
        pattern = path_pattern(text)
    except PatternError:
        return
    assert path_pattern(pattern.text) == pattern


# -- hosts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("api.example.com", "API.example.com"),
        ("API.Example.com", "api.example.com:8080"),
        ("*.example.com", "a.b.example.com"),
        ("api.example.com:443", "api.example.com:443"),
        ("api.example.com:443", "https://api.example.com/v1?x=1#y"),
        ("api.example.com", "http://api.example.com"),
        ("localhost:8080", "ws://localhost:8080/socket"),
        ("127.0.0.1", "http://127.0.0.1:9981/api"),
    ],
)
def test_a_host_that_is_meant_is_covered(pattern: str, host: str) -> None:
    assert host_pattern(pattern).covers(host)


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("api.example.com", "api.example.com.evil.net"), ("api.example.com", "xapi.example.com"),
        ("*.example.com", "example.com"), ("*.example.com", "evilexample.com"), ("api.example.com:443", "api.example.com"),
        ("api.example.com:443", "http://api.example.com/"), ("api.example.com", "https://api.example.com@evil.net/"),
        ("api.example.com", "https://evil.net\\@api.example.com/"), ("api.example.com", "https://evil.net#@api.example.com"),
        ("api.example.com", "https://evil.net?.api.example.com"), ("api.example.com", "//api.example.com/"),
        ("api.example.com", "https:api.example.com"), ("api.example.com", "https:///api.example.com"),
        ("api.example.com", "api.example.com."), ("api.example.com", "api.example.com\n"), ("api.example.com", " api.example.com"),
        ("api.example.com", "api%2eexample.com"), ("api.example.com", "api。example.com"), ("api.example.com", "аpi.example.com"),
        ("api.example.com", "api.example.com:0"), ("api.example.com", "api.example.com:99999"),
        ("api.example.com", "api.example.com/evil"), ("api.example.com", "https://[::1]/"),
        ("127.0.0.1", "2130706433"), ("127.0.0.1", "127.1"), ("127.0.0.1", "0x7f.0.0.1"),
        ("api.example.com", "https://api.example.com\t.evil.net/"), ("api.example.com", ""),
    ],
)  # fmt: skip
def test_a_host_that_is_not_certainly_meant_is_not_covered(pattern: str, host: str) -> None:
    assert not host_pattern(pattern).covers(host)


@given(st.text(st.sampled_from("ap.exmlco:/@\\?# *%0-_\n") | st.characters(), max_size=30))
def test_only_names_below_the_pattern_are_covered(host: str) -> None:
    assert not host_pattern("*.example.com").covers(host) or "example.com" in host.lower()
    if host_pattern("api.example.com").covers(host):
        assert "api.example.com" in host.lower()


@pytest.mark.parametrize(
    "text", ["", "*", "*.com", "*.0.0.1", "a b", "a.", ".a", "http://a.b", "a.b/c", "a@b", "a.b:0", "a.b:x", "1.2.3", "7",
             "a_b.c", "ä.de", "*.*.de", "a*.de", "[::1]", "-a.b"]
)  # fmt: skip
def test_a_host_pattern_that_is_not_clear_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        host_pattern(text)


# -- modules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "module", "covered"),
    [
        ("scipy", "scipy", True), ("scipy", "scipy.signal", True), ("scipy.signal", "scipy.signal.windows", True),
        ("scipy", "scipyx", False), ("scipy.signal", "scipy", False), ("scipy", "Scipy", False),
        ("scipy", "scipy._lib", False), ("scipy", "scipy.", False), ("scipy", "scipy..x", False), ("scipy", "", False),
        ("scipy", "scipy.ｓignal", False),
    ],
)  # fmt: skip
def test_a_module_covers_itself_and_what_lies_in_it(pattern: str, module: str, covered: bool) -> None:
    assert module_pattern(pattern).covers(module) is covered


@pytest.mark.parametrize("text", ["", "a b", "_x", "a._b", "a.", "*", "a.*", "ä", "a-b", "1a", "a\n"])
def test_what_is_no_module_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        module_pattern(text)
