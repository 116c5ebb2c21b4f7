"""All checks: ruff, mypy, then the tests. Arguments go to pytest.

    python3 scripts/test.py -k audit -x

Two processes share the tests, a file each at a time; ``-n0`` runs them one after the other, for a debugger.
Exits with the code of the first check that failed; the later ones are run all the same.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

ROOT = Path(__file__).resolve().parent.parent
IN_PARALLEL = ("-n", "2", "--dist", "loadfile")
"""Not more, however many processors there are: the end-to-end tests start servers and browsers of their own."""


def main(arguments: list[str]) -> int:
    """Run the checks; the tests come last, so that their closing line is the last one."""
    checks = (["ruff", "check", "--quiet", str(ROOT)], ["mypy"], ["pytest", *IN_PARALLEL, *arguments])
    failures = []
    for check in checks:
        code = subprocess.call([sys.executable, "-m", *check], cwd=ROOT)
        if code != 0:
            failures.append(code)
    return failures[0] if failures else 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main(sys.argv[1:]))
