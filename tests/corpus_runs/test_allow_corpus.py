"""The allowed scripts of the corpus run to their end on the stand-in, without any guard.

So a guard's verdict about them can be compared with what they really do, and a refusal at run time is the guard's own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime, tdError
from td_headless.finders import names_for
from tests.corpus_runs.project import build

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
ALLOWED = [entry for entry in json.loads((CORPUS / "manifest.json").read_text("utf-8")) if entry["expect"] == "allow"]

FAILS: dict[str, tuple[type[Exception], str]] = {
    "allow/b-create-container-ui.py": (
        tdError,
        "par.align has no item 'verttoptobottom': Derivative's Container COMP page has 'verttb' for top to bottom",
    ),
}
"""Scripts that do not run to their end here: what they raise, and why. One that begins to pass must leave the table."""


def run(file: str, runtime: Runtime) -> dict[str, Any]:
    """Run a script as a server of touchdesigner-mcp's kind does: TouchDesigner's names, and `parent` a path."""
    build(runtime)
    origin = runtime.root.op("project1")
    names = {**names_for(runtime.world, origin), "parent": "/project1", "result": None}
    source = (CORPUS / file).read_text(encoding="utf-8")
    with runtime.install(), runtime.world.inside(origin):
        exec(compile(source, file, "exec", dont_inherit=True), names)
    for _ in range(3):
        runtime.step()
    return names


@pytest.mark.parametrize("file", [entry["file"] for entry in ALLOWED])
def test_an_allowed_script_runs_to_its_end_or_is_known_not_to(file: str) -> None:
    with Runtime() as runtime:
        if file in FAILS:
            with pytest.raises(FAILS[file][0]):
                run(file, runtime)
        else:
            run(file, runtime)


def test_nearly_all_scripts_without_doubt_run() -> None:
    clear = {entry["file"] for entry in ALLOWED if not entry["grey"]}
    assert len(clear - set(FAILS)) >= 95
    assert set(FAILS) <= {entry["file"] for entry in ALLOWED}


@pytest.mark.parametrize(
    ("file", "result"),
    [
        ("allow/b-anim-timeline-range.py", [1.0, 600.0]),
        ("allow/b-chop-rename-expr.py", ["low", "high"]),
        ("allow/b-connect-set-inputs.py", ["/project1/wave1", "/project1/wave2"]),
        ("allow/b-iop-ipar.py", ["Cutoff", "Mono"]),
        ("allow/b-layout-docked.py", ["glsl1_pixel", "glsl1_compute", "glsl1_info"]),
        ("allow/b-par-bind.py", 0.4),
        ("allow/b-par-sequence.py", 3),
        ("allow/b-rename-nodes.py", ["shape_00", "shape_01", "shape_02"]),
        ("allow/b-sop-bounds.py", {"min": [-1.0, -1.0, -0.5], "max": [1.0, 1.0, 0.5], "size": [2.0, 2.0, 1.0]}),
        ("allow/b-type-hints.py", {"/project1/a": None, "/project1/geo1": "/project1/geo1"}),
        ("allow/b-ui-pane-home.py", "/project1"),
    ],
)
def test_a_script_finds_what_the_project_holds(file: str, result: Any) -> None:
    with Runtime() as runtime:
        found = run(file, runtime)["result"]
    assert found == result or found == pytest.approx(result, abs=1e-9)
