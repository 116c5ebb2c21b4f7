from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from td_headless import Runtime


@pytest.fixture
def geometry(project: Any) -> Any:
    made = project.create("geometryCOMP", "geo1")
    made.op("torus1").destroy()
    return made


def test_a_new_geometry_component_holds_a_torus_that_is_shown(project: Any) -> None:
    torus = project.create("geometryCOMP").op("torus1")
    assert (torus.OPType, torus.display, torus.render) == ("torusSOP", True, True)


@pytest.mark.parametrize(
    ("kind", "points", "prims", "size"),
    [
        ("boxSOP", 8, 6, (1, 1, 1)),
        ("gridSOP", 100, 81, (1, 1, 0)),
        ("rectangleSOP", 4, 1, (1, 1, 0)),
        ("circleSOP", 40, 1, (2, 2, 0)),
        ("lineSOP", 2, 1, (1, 1, 1)),
        ("torusSOP", 288, 288, (2, 2, 1)),
        ("sphereSOP", 312, 288, (2, 2, 2)),
    ],
)
def test_generators_make_points_and_primitives(
    geometry: Any, kind: str, points: int, prims: int, size: tuple[float, ...]
) -> None:
    sop = geometry.create(kind)
    assert (sop.numPoints, sop.numPrims, len(sop.points), len(sop.prims)) == (points, prims, points, prims)
    assert tuple(sop.size) == pytest.approx(size)
    assert sop.numVertices == sum(len(prim) for prim in sop.prims)


def test_points_and_primitives_have_places(geometry: Any) -> None:
    box = geometry.create("boxSOP")
    box.par.tx = 10
    point, prim = box.points[0], box.prims[0]
    assert (point.index, point.owner, point.x, tuple(point.P)) == (0, box, 9.5, (9.5, -0.5, -0.5))
    assert (prim[1].point.index, prim[1].index, tuple(prim.center)) == (2, 1, (10, 0, -0.5))
    assert [attribute.name for attribute in box.pointAttribs] == ["P"]
    assert len(box.points[:3]) == 3


def test_a_transform_scales_turns_and_moves(geometry: Any) -> None:
    line, transform = geometry.create("lineSOP"), geometry.create("transformSOP")
    line.par.pax, line.par.pbx, line.par.pby, line.par.pbz = 0, 1, 0, 0
    transform.inputConnectors[0].connect(line)
    transform.par.sx, transform.par.rz, transform.par.ty = 2, 90, 5
    end = transform.points[1]
    assert (end.x, end.y, end.z) == pytest.approx((0, 7, 0))
    transform.par.rz, transform.par.ry = 0, 90
    assert (transform.points[1].x, transform.points[1].z) == pytest.approx((0, -2))
    transform.par.xord = "trs"
    with pytest.raises(NotImplementedError, match="xord"):
        _ = transform.numPoints


def test_a_merge_and_a_null_hold_what_comes_in(geometry: Any) -> None:
    box, grid, merge, null = (geometry.create(kind) for kind in ("boxSOP", "gridSOP", "mergeSOP", "nullSOP"))
    merge.setInputs([box, grid])
    null.inputConnectors[0].connect(merge)
    assert (null.numPoints, null.numPrims) == (108, 87)


def test_bounds_follow_the_flags(geometry: Any) -> None:
    box = geometry.create("boxSOP")
    assert tuple(geometry.computeBounds().size) == (0, 0, 0)
    assert tuple(box.bounds().size) == (1, 1, 1)
    box.display = box.render = True
    assert tuple(geometry.bounds().max) == (0.5, 0.5, 0.5)


def test_geometry_is_saved_as_obj_only(geometry: Any, tmp_path: Path) -> None:
    box = geometry.create("boxSOP")
    lines = Path(box.save(str(tmp_path / "box.obj"))).read_text(encoding="utf-8").splitlines()
    assert (sum(line.startswith("v ") for line in lines), sum(line.startswith("f ") for line in lines)) == (8, 6)
    with pytest.raises(NotImplementedError, match=r"\.bgeo"):
        box.save(str(tmp_path / "box.bgeo"))


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(-5, 30), cols=st.integers(-5, 30), kind=st.sampled_from(["sphereSOP", "torusSOP", "gridSOP"]))
def test_every_primitive_names_points_that_exist(rows: int, cols: int, kind: str) -> None:
    with Runtime() as runtime:
        sop = runtime.root.create(kind)
        sop.par.rows, sop.par.cols = rows, cols
        shape = sop._geometry()
        assert {index for prim in shape.prims for index in prim} <= set(range(len(shape.points)))
        assert len(shape.closed) == len(shape.prims) > 0
