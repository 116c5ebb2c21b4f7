"""The end-to-end tests on the component as it comes into TouchDesigner in other ways and surroundings than by default."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "surroundings",
    [{"POLICYGUARD_COMPONENT": "installer"}, {"POLICYGUARD_WITHOUT": "yaml,jsonschema"}],
    ids=["built by the installer", "without PyYAML and jsonschema"],
)
def test_the_end_to_end_tests_pass(surroundings: dict[str, str]) -> None:
    """By default they run on the component that is read from the expanded .tox, with every library there."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "tests/e2e"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("absent", ["", "yaml,jsonschema"])
def test_it_starts_without_its_source_folder(tmp_path: Path, absent: str) -> None:
    from tests.e2e.serving import serving

    os.environ["POLICYGUARD_WITHOUT"] = absent
    try:
        with serving(tmp_path / "audit") as served:
            assert served.script("1 + 1")["data"]["result"] == 2
            assert "import os needs capability" in served.script("import os")["error"]
    finally:
        del os.environ["POLICYGUARD_WITHOUT"]
