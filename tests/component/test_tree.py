"""The expanded component: reproducible, and committed as the source says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import build_tox
import pytest

from policyguard_cli.component import SOURCE, component_spec, policyguard, tree
from policyguard_cli.component.spec import ComponentSpec, Kind, OperatorSpec, Setting
from td_headless import Runtime, tdError
from td_headless.expanded import load_expanded

ROOT = Path(__file__).resolve().parent.parent.parent


def test_what_is_committed_is_what_the_source_says() -> None:
    """After a change of td_extension or policyguard_cli/component: `python scripts/build_tox.py`, and commit."""
    assert build_tox.main(["--check"]) == 0


def test_it_is_the_same_byte_for_byte_each_time(tmp_path: Path) -> None:
    tree.write(component_spec(), tmp_path / "a")
    tree.write(component_spec(), tmp_path / "b")
    first, second = (
        {path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()}
        for top in (tmp_path / "a", tmp_path / "b")
    )
    assert first == second
    assert len(first) > 100


def test_one_changed_character_of_the_source_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "td_extension"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    monkeypatch.setattr(build_tox, "component_spec", lambda: component_spec(source))
    assert build_tox.main(["--no-tox", "--folder", str(tmp_path)]) == 0
    assert build_tox.main(["--check", "--folder", str(tmp_path)]) == 0
    file = source / "values.py"
    file.write_text(file.read_text(encoding="utf-8").replace("guard-down", "guard-dowm"), encoding="utf-8", newline="\n")
    assert build_tox.main(["--check", "--folder", str(tmp_path)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "PolicyGuard.tox.dir/PolicyGuard/source/values.text is stale: run python scripts/build_tox.py",
        "policyguard_install.py is stale: run python scripts/build_tox.py",
    ]


@pytest.mark.parametrize("name", ["PolicyGuard.tox.dir/PolicyGuard/old.text", "PolicyGuard.tox.dir/more/old.n"])
def test_a_file_too_many_is_noticed_and_removed(tmp_path: Path, name: str) -> None:
    build_tox.main(["--no-tox", "--folder", str(tmp_path)])
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x")
    assert build_tox.main(["--check", "--folder", str(tmp_path)]) == 1
    build_tox.main(["--no-tox", "--folder", str(tmp_path)])
    assert not (tmp_path / name).exists()
    assert build_tox.main(["--check", "--folder", str(tmp_path)]) == 0


@pytest.mark.parametrize("data", [b"a\r\n", b"\xff", b"\xef\xbb\xbfa", b"a\0"])
def test_a_source_file_that_cannot_be_embedded_is_refused(tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "td_extension"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (source / "values.py").write_bytes(data)
    with pytest.raises(ValueError, match=r"values\.py"):
        component_spec(source)


# -- the reader of the stand-in ------------------------------------------------------------------------------------


def load(tmp_path: Path, change: Any = None) -> Any:
    """The component in an empty project, its tree changed before it is loaded."""
    tree.write(component_spec(), tmp_path)
    if change is not None:
        change(tmp_path / "PolicyGuard.tox.dir", tmp_path / "PolicyGuard.tox.toc")
    with Runtime() as runtime:
        return load_expanded(runtime.root, tmp_path / "PolicyGuard.tox.toc")


def test_the_tree_loads(tmp_path: Path) -> None:
    assert load(tmp_path).op("source/gate").text == (SOURCE / "gate.py").read_text(encoding="utf-8")


def _swap(contents: Path, first: str, second: str) -> None:
    text = contents.read_text(encoding="ascii")
    swapped = text.replace(f"{first}\n", "?\n").replace(f"{second}\n", f"{first}\n").replace("?\n", f"{second}\n")
    contents.write_text(swapped, encoding="ascii", newline="\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder, contents: (folder / "PolicyGuard/policy.table").unlink(),
        lambda folder, contents: (folder / "extra.n").write_text("x"),
        lambda folder, contents: _swap(contents, "PolicyGuard.n", "PolicyGuard.cparm"),
        lambda folder, contents: _swap(contents, "PolicyGuard.n", "PolicyGuard/policy.n"),
        lambda folder, contents: (folder / "PolicyGuard/policy.table").write_bytes(b"1\n*"),
        lambda folder, contents: (folder / "PolicyGuard.parm").write_bytes(b"?\nNothing 67108928 x\n?\n"),
        lambda folder, contents: (folder / "PolicyGuard.parm").write_bytes(b"?\nEnable 0 on\n?\n"),
    ],
)
def test_a_damaged_tree_does_not_load(tmp_path: Path, change: Any) -> None:
    with pytest.raises(tdError):
        load(tmp_path, change)


def test_an_expression_and_a_fifo_come_through(tmp_path: Path) -> None:
    settings = (Setting("parentshortcut", "", "'A' + 'b'"),)
    inside = (OperatorSpec("queue", Kind.FIFO, 0, 0, 130, 90, (0.5, 0.5, 0.5)),)
    root = OperatorSpec("Sample", Kind.BASE, 0, 0, 160, 130, (0.5, 0.5, 0.5), settings=settings, children=inside)
    tree.write(ComponentSpec(root, "1", (), (), ()), tmp_path)
    with Runtime() as runtime:
        made = load_expanded(runtime.root, tmp_path / "Sample.tox.toc")
        assert made.par.parentshortcut.eval() == "Ab"
        assert made.op("queue").OPType == "fifoDAT"


# -- the description -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "a b"}, "cannot be the name"),
        ({"kind": Kind.TEXT}, "holds text"),
        ({"rows": (("a",),)}, "a table has rows"),
        ({"children": (policyguard.component_spec().root,) * 2}, "the same name"),
        ({"pages": policyguard.component_spec().root.pages * 2}, "the same name"),
    ],
)
def test_a_description_that_contradicts_itself_is_refused(change: dict[str, Any], reason: str) -> None:
    plain: dict[str, Any] = {"name": "a", "kind": Kind.BASE, "x": 0, "y": 0, "width": 1, "height": 1, "colour": (0, 0, 0)}
    with pytest.raises(ValueError, match=reason):
        OperatorSpec(**(plain | change))
