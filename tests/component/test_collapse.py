"""PolicyGuard.tox comes only from a `toecollapse` that made a good one: here stand programs that lie in every way."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import build_tox
import pytest

from policyguard_cli.component import collapse

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for the programs are scripts with a first line")

GOOD_COLLAPSE = """
import json, struct
top = pathlib.Path(sys.argv[1] + ".dir")
files = {p.relative_to(top).as_posix(): p.read_bytes().hex() for p in top.rglob("*") if p.is_file()}
body = json.dumps([pathlib.Path(sys.argv[1] + ".toc").read_text(), files]).encode()
body += b" " * (-len(body) % 8)
pathlib.Path(sys.argv[1]).write_bytes(bytes([0, 0, 0, 1]) + b"10" + struct.pack(">2I", len(body), 7) + body)
sys.exit(0)
"""
GOOD_EXPAND = """
import json
toc, files = json.loads(pathlib.Path(sys.argv[1]).read_bytes()[14:])
for name, data in files.items():
    file = pathlib.Path(sys.argv[1] + ".dir", name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes.fromhex(data) if name != ".build" else b"build 2099")
pathlib.Path(sys.argv[1] + ".toc").write_text(toc)
sys.exit(1)
"""
"""As Derivative's: 1 means success. It writes a .build of its own."""
HEADER = "pathlib.Path(sys.argv[1]).write_bytes(bytes([0, 0, 0, 1]) + b'10' + "
LIES = {
    "exit 0 and no file": ("sys.exit(0)", GOOD_EXPAND, "made no file"),
    "exit 1 and no file": ("sys.exit(1)", GOOD_EXPAND, "made no file"),
    "a text": ("pathlib.Path(sys.argv[1]).write_text('PolicyGuard, for TouchDesigner')", GOOD_EXPAND, "which no .tox does"),
    "an empty file": ("pathlib.Path(sys.argv[1]).touch()", GOOD_EXPAND, "a file of 0 bytes"),
    "four bytes": ("pathlib.Path(sys.argv[1]).write_bytes(b'0123')", GOOD_EXPAND, "a file of 4 bytes"),
    "a header alone": (HEADER + "bytes(8))", GOOD_EXPAND, "a file of 14 bytes"),
    "a wrong size": (HEADER + "bytes([0, 0, 0, 9, 0, 0, 0, 9]) + bytes(8))", GOOD_EXPAND, "whose header says 9 and 9"),
    "an odd size": (HEADER + "bytes([0, 0, 0, 7, 0, 0, 0, 9]) + bytes(7))", GOOD_EXPAND, "whose header says 7 and 9"),
    "nothing unpacked": (HEADER + "bytes([0, 0, 0, 8, 0, 0, 0, 0]) + bytes(8))", GOOD_EXPAND, "whose header says 8 and 0"),
    "another component": (GOOD_COLLAPSE, GOOD_EXPAND.replace("bytes.fromhex(data)", "bytes.fromhex(data)[:-1]"), "another component back"),
    "a file more": (GOOD_COLLAPSE, GOOD_EXPAND.replace("sys.exit(1)", "file.with_name('x.n').touch()"), "another component back"),
    "an expand that does nothing": (GOOD_COLLAPSE, "sys.exit(1)", "another component back"),
}  # fmt: skip


def program(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    folder.mkdir(exist_ok=True)
    file.write_text(f"#!{sys.executable}\nimport pathlib, sys\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def build(tmp_path: Path, collapsing: str, expanding: str) -> int:
    programs = tmp_path / "bin"
    program(programs, "toeexpand", expanding)
    path = program(programs, "toecollapse", collapsing)
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    return build_tox.main(["--folder", str(out), "--toecollapse", str(path)])


def test_a_good_one_is_taken(tmp_path: Path) -> None:
    assert build(tmp_path, GOOD_COLLAPSE, GOOD_EXPAND) == 0
    made = (tmp_path / "out" / "PolicyGuard.tox").read_bytes()
    assert made.startswith(b"\x00\x00\x00\x0110")
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize(("collapsing", "expanding", "told"), LIES.values(), ids=LIES)
def test_a_lie_is_found_and_no_tox_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], collapsing: str, expanding: str, told: str
) -> None:
    assert build(tmp_path, collapsing, expanding) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("no PolicyGuard.tox: ")
    assert told in line
    assert not (tmp_path / "out" / "PolicyGuard.tox").exists()


def test_a_lie_leaves_an_earlier_tox_as_it_was(tmp_path: Path) -> None:
    build(tmp_path, GOOD_COLLAPSE, GOOD_EXPAND)
    before = (tmp_path / "out" / "PolicyGuard.tox").read_bytes()
    assert build(tmp_path, "sys.exit(0)", GOOD_EXPAND) == 1
    assert (tmp_path / "out" / "PolicyGuard.tox").read_bytes() == before


def test_a_program_that_does_not_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(tmp_path, GOOD_COLLAPSE, GOOD_EXPAND) == 0
    for name in ("toecollapse", "toeexpand"):
        (tmp_path / "bin" / name).write_text("#!/nowhere/python\n")
    out = tmp_path / "out2"
    out.mkdir()
    assert build_tox.main(["--folder", str(out), "--toecollapse", str(tmp_path / "bin" / "toecollapse")]) == 1
    assert "did not run" in capsys.readouterr().err


def test_without_the_program_one_line_names_the_other_ways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build_tox.main(["--folder", str(tmp_path), "--toecollapse", str(tmp_path / "nowhere")]) == 3
    [line] = capsys.readouterr().err.splitlines()
    assert "policyguard_install.py" in line
    assert "--toecollapse PATH" in line
    assert not (tmp_path / "PolicyGuard.tox").exists()
    assert (tmp_path / "PolicyGuard.tox.toc").exists()


# -- finding it ----------------------------------------------------------------------------------------------------


def test_it_is_found_on_the_path(tmp_path: Path) -> None:
    program(tmp_path, "toeexpand", "")
    found = program(tmp_path, "toecollapse", "")
    tools = collapse.find_tools(environment={"PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert tools == collapse.Tools((str(found),), (str(tmp_path / "toeexpand"),))


def test_the_newest_is_found_where_derivative_installs_it(tmp_path: Path) -> None:
    for name in ("TouchDesigner.2023.12370", "TouchDesigner.2025.32460"):
        folder = tmp_path / "Derivative" / name / "bin"
        folder.mkdir(parents=True)
        for tool in ("toecollapse.exe", "toeexpand.exe"):
            (folder / tool).touch()
    wine = program(tmp_path / "bin", "wine", "")
    environment = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "ProgramFiles": str(tmp_path)}
    tools = collapse.find_tools(environment=environment)
    assert tools is not None
    assert tools.collapse[0] == str(wine)
    assert "TouchDesigner.2025.32460" in tools.collapse[1]


def test_wines_own_drive_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / ".wine" / "drive_c" / "Program Files" / "Derivative" / "TouchDesigner" / "bin"
    folder.mkdir(parents=True)
    for tool in ("toecollapse.exe", "toeexpand.exe"):
        (folder / tool).touch()
    program(tmp_path / "bin", "wine", "")
    assert collapse.find_tools(environment={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) is not None
    assert collapse.find_tools(environment={"PATH": str(tmp_path), "HOME": str(tmp_path)}) is None


def test_a_collapse_without_its_expand_is_none(tmp_path: Path) -> None:
    path = program(tmp_path, "toecollapse", "")
    assert collapse.find_tools(path) is None
