"""`policyguard audit verify`: its exit codes and what it prints."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from policyguard_cli.application import app
from tests.audit_samples import written


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_whole_log_is_one_line_and_exit_0(tmp_path: Path) -> None:
    written(tmp_path, 4)
    written(tmp_path, 2)
    result = run("audit", "verify", str(tmp_path))
    assert (result.exit_code, result.output) == (0, "whole: 2 segments, 8 records\n")


def test_each_problem_is_one_line_and_the_exit_is_1(tmp_path: Path) -> None:
    path = written(tmp_path, 4)
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":7') + b"torn")
    result = run("audit", "verify", str(tmp_path))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{path.name}:4: the line before it is not the one it was written after",
        f"{path.name}:6: torn: it has no end",
    ]


def test_an_empty_folder_is_not_taken_for_a_whole_log(tmp_path: Path) -> None:
    result = run("audit", "verify", str(tmp_path))
    assert (result.exit_code, result.output) == (1, f"{tmp_path}: no audit segment is here\n")


def test_a_missing_folder_is_exit_2(tmp_path: Path) -> None:
    result = run("audit", "verify", str(tmp_path / "missing"))
    assert result.exit_code == 2
    assert "missing" in result.stderr
    assert result.stdout == ""


def test_a_file_in_the_folders_place_is_exit_2(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert run("audit", "verify", str(path)).exit_code == 2
