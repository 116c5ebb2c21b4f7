"""Build what is dropped into TouchDesigner: the expanded component, the installer, and PolicyGuard.tox.

    python scripts/build_tox.py              write PolicyGuard.tox.dir, PolicyGuard.tox.toc, policyguard_install.py and,
                                             with TouchDesigner's toecollapse, PolicyGuard.tox; 3 where there is none
    python scripts/build_tox.py --check      write nothing; exit 1 where the first three are not what td_extension says
    python scripts/build_tox.py --no-tox     write the first three only

Exits with 0; with 1 where something is stale or toecollapse made no good file; with 3 where there is no toecollapse.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from policyguard_cli.component import component_spec, tree  # noqa: E402
from policyguard_cli.component.collapse import CollapseError, find_tools, make_tox  # noqa: E402
from policyguard_cli.component.installer import FILE_NAME, installer  # noqa: E402
from policyguard_cli.component.spec import ComponentSpec  # noqa: E402

_OTHER_WAYS = (
    "no toecollapse found, so no PolicyGuard.tox: run policyguard_install.py inside TouchDesigner, which saves one, or "
    "run this again where TouchDesigner is installed, or with --toecollapse PATH"
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description="Build what is dropped into TouchDesigner.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 where something is stale")
    parser.add_argument("--no-tox", action="store_true", help="do not look for toecollapse")
    parser.add_argument("--toecollapse", type=Path, metavar="PATH", help="where TouchDesigner's program is")
    parser.add_argument("--folder", type=Path, default=ROOT, help="where everything is written")
    given = parser.parse_args(arguments)
    spec = component_spec()
    if given.check:
        return _check(spec, given.folder)
    tree.write(spec, given.folder)
    (given.folder / FILE_NAME).write_bytes(installer(spec).encode("utf-8"))
    return 0 if given.no_tox else _make_tox(spec, given.folder, given.toecollapse)


def _check(spec: ComponentSpec, folder: Path) -> int:
    stale = tree.stale(spec, folder)
    file = folder / FILE_NAME
    if not file.is_file() or file.read_bytes() != installer(spec).encode("utf-8"):
        stale.append(FILE_NAME)
    for path in stale:
        print(f"{path} is stale: run python scripts/build_tox.py", file=sys.stderr)
    return 1 if stale else 0


def _make_tox(spec: ComponentSpec, folder: Path, toecollapse: Path | None) -> int:
    tools = find_tools(toecollapse)
    if tools is None:
        print(_OTHER_WAYS, file=sys.stderr)
        return 3
    try:
        make_tox(spec, tools, folder / f"{spec.root.name}.tox")
    except CollapseError as error:
        print(f"no PolicyGuard.tox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
