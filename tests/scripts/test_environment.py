"""How the scripts decide whether their environment is there, and what they say when it cannot be made."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import environment
import pytest

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "scripts"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository, with a blank in its path, in which nothing was set up."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    (folder / "requirements.lock").write_text("typer==0.1\n")
    (folder / "pyproject.toml").write_text('[project]\nname = "policyguard"\n[tool.ruff]\nline-length = 120\n')
    return folder


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, root: Path) -> list[list[str]]:
    """The commands that a set-up ran; none of them is really run, but the interpreter appears."""
    ran: list[list[str]] = []

    def call(command: list[str], **options: Any) -> int:
        ran.append(command)
        python = environment.python_of(root / ".venv")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    return ran


def test_an_environment_that_was_set_up_is_ready(root: Path, commands: list[list[str]]) -> None:
    assert not environment.is_ready(root)
    environment.set_up(root)
    assert environment.is_ready(root)


def test_everything_is_installed_from_the_lock_and_by_its_hashes(root: Path, commands: list[list[str]]) -> None:
    environment.set_up(root)
    make, locked, project = commands
    assert make[1:] == ["-m", "venv", "--clear", str(root / ".venv")]
    assert locked[-3:] == ["--require-hashes", "-r", str(root / "requirements.lock")]
    assert {"--no-deps", "--no-build-isolation"} <= set(project)


def test_a_changed_lock_is_installed_anew(root: Path, commands: list[list[str]]) -> None:
    environment.set_up(root)
    (root / "requirements.lock").write_text("typer==0.2\n")
    assert not environment.is_ready(root)
    environment.set_up(root)
    assert environment.is_ready(root)


def test_a_moved_clone_is_installed_anew(root: Path, commands: list[list[str]]) -> None:
    environment.set_up(root)
    assert not environment.is_ready(root.rename(root.parent / "moved"))


def test_a_change_of_a_linters_settings_is_no_reason_to_install_anew(root: Path, commands: list[list[str]]) -> None:
    environment.set_up(root)
    project = root / "pyproject.toml"
    project.write_text(project.read_text().replace("120", "100"))
    assert environment.is_ready(root)
    project.write_text(project.read_text().replace("policyguard", "other"))
    assert not environment.is_ready(root)


def test_an_environment_whose_interpreter_is_gone_is_not_ready(root: Path, commands: list[list[str]]) -> None:
    environment.set_up(root)
    environment.python_of(root / ".venv").unlink()
    assert not environment.is_ready(root)


def test_a_set_up_that_was_interrupted_is_done_again(
    root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as interrupted:

        def call(command: list[str], **options: Any) -> int:
            (root / ".venv").mkdir(exist_ok=True)
            raise KeyboardInterrupt

        interrupted.setattr(subprocess, "call", call)
        with pytest.raises(KeyboardInterrupt):
            environment.set_up(root)
    assert not environment.is_ready(root)
    environment.set_up(root)
    assert environment.is_ready(root)


def test_a_failed_install_is_told_in_one_line_and_leaves_nothing_ready(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, **options: 1)
    with pytest.raises(SystemExit, match="1"):
        environment.set_up(root)
    assert "the set-up failed at: " in capsys.readouterr().err.splitlines()[-1]
    assert not environment.is_ready(root)


def test_somebody_elses_environment_is_not_deleted(
    root: Path, commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / ".venv").mkdir()
    with pytest.raises(SystemExit, match="1"):
        environment.set_up(root)
    assert commands == []
    assert "was not made by this script; move it away" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else found(name))
    with pytest.raises(SystemExit, match="1"):
        environment.set_up(root)
    (line,) = capsys.readouterr().err.splitlines()
    assert "apt install python3-venv" in line


def test_an_old_python_is_told_in_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "OLDEST", (9, 9))
    with pytest.raises(SystemExit, match="1"):
        environment.enter(root)
    (line,) = capsys.readouterr().err.splitlines()
    assert "needs Python 9.9 or newer, this is 3." in line


@pytest.mark.parametrize("script", ["environment.py", "test.py", "demo.py"])
def test_old_pythons_can_parse_what_tells_them_so(script: str) -> None:
    source = (SCRIPTS / script).read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 8)).body


def test_an_environment_that_leads_nowhere_does_not_start_itself_for_ever(
    root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.set_up(root)
    monkeypatch.setenv("POLICYGUARD_ENTERED", "1")
    with pytest.raises(SystemExit, match="1"):
        environment.enter(root)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process")
def test_a_ready_environment_takes_the_script_over_without_a_word(
    root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.set_up(root)
    capsys.readouterr()
    replaced: list[Any] = []
    monkeypatch.setattr(os, "execve", lambda *arguments: replaced.append(arguments))
    monkeypatch.setattr(sys, "argv", ["scripts/test.py", "-k", "a b"])
    environment.enter(root)
    (path, command, variables) = replaced[0]
    assert path == environment.python_of(root / ".venv")
    assert command == [str(path), "scripts/test.py", "-k", "a b"]
    assert variables["POLICYGUARD_ENTERED"] == "1"
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="on Windows a lock belongs to its process")
def test_the_lock_outlives_a_killed_set_up_until_its_commands_have_ended(
    root: Path,
) -> None:
    with environment._alone(root) as lock:
        command = [sys.executable, "-c", "input()"]
        installer = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=(lock,))
    with (root / ".venv.lock").open("a") as other:
        assert not environment._locked(other.fileno())
        installer.communicate()
        assert environment._locked(other.fileno())


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process")
def test_two_processes_set_up_one_after_the_other(
    root: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "execve", lambda *arguments: None)
    set_up, running, most = environment.set_up, [0], [0]

    def slow(folder: Path, *, held: tuple[int, ...]) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.1)
        set_up(folder, held=held)
        running[0] -= 1

    monkeypatch.setattr(environment, "set_up", slow)
    threads = [threading.Thread(target=environment.enter, args=(root,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert len(commands) == 3, "the second found it ready"
