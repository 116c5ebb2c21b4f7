"""The `policyguard` command as a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import td_extension

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_the_version_is_shown() -> None:
    result = run("-m", "policyguard_cli", "--version")
    assert (result.returncode, result.stdout) == (0, f"policyguard {td_extension.__version__}\n")


def test_without_its_libraries_the_command_says_in_one_line_how_to_get_them() -> None:
    code = "import sys; sys.modules['typer'] = None; from policyguard_cli.main import run; run()"
    result = run("-c", code)
    assert result.returncode == 2
    assert result.stderr == "policyguard: typer not found: pip install 'policyguard[all]'\n"


def test_an_unknown_subcommand_is_a_usage_error() -> None:
    assert run("-m", "policyguard_cli", "approve").returncode == 2
