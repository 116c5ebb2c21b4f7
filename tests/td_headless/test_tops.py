from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from td_headless import tdError


def opened(data: bytearray) -> Image.Image:
    return Image.open(io.BytesIO(bytes(data)))


@pytest.mark.parametrize(("ending", "kind"), [(".jpg", "JPEG"), (".png", "PNG")])
def test_bytes_are_a_real_image_of_the_tops_size(project: Any, ending: str, kind: str) -> None:
    image = opened(project.create("noiseTOP").saveByteArray(ending))
    assert (image.format, image.size) == (kind, (256, 256))


def test_a_constant_shows_its_colour(project: Any) -> None:
    constant = project.create("constantTOP")
    constant.par.colorg = 0.5
    constant.par.colorb = 0
    red, green, blue, alpha = constant.sample(x=3, y=4)
    assert (red, blue, alpha) == (1, 0, 1)
    assert green == pytest.approx(0.5)
    assert opened(constant.saveByteArray(".png")).getpixel((0, 0)) == (255, 128, 0, 255)


def test_noise_changes_with_its_parameters_and_not_by_itself(project: Any) -> None:
    noise = project.create("noiseTOP")
    first = noise.numpyArray()
    assert (first.shape, first.dtype, first.std() > 0.01) == ((256, 256, 4), np.float32, True)
    assert np.array_equal(first, noise.numpyArray())
    noise.par.tx = 0.25
    assert not np.array_equal(first, noise.numpyArray())


def test_a_resolution_top_scales_its_input(project: Any) -> None:
    ramp, resolution, null = (project.create(kind) for kind in ("rampTOP", "resolutionTOP", "nullTOP"))
    resolution.inputConnectors[0].connect(ramp)
    null.inputConnectors[0].connect(resolution)
    resolution.par.outputresolution = "custom"
    resolution.par.resolutionw, resolution.par.resolutionh = 64, 32
    assert (null.width, null.height) == (64, 32)
    row = null.numpyArray()[0, :, 0]
    assert row[0] < 0.1 < 0.9 < row[-1]


def test_the_first_row_of_an_array_is_the_bottom(project: Any) -> None:
    ramp = project.create("rampTOP")
    ramp.par.type = "vertical"
    assert ramp.numpyArray()[0, 0, 0] < 0.1
    assert ramp.sample(u=0, v=1)[0] > 0.9


def test_filters_act_on_their_input(project: Any) -> None:
    ramp = project.create("rampTOP")
    for kind, settings in (("levelTOP", {"invert": 1}), ("blurTOP", {"size": 30}), ("transformTOP", {"tx": 0.3}),
                           ("flipTOP", {"flipx": True})):  # fmt: skip
        top = project.create(kind)
        top.inputConnectors[0].connect(ramp)
        for name, value in settings.items():
            top.par[name] = value
        assert not np.allclose(top.numpyArray(), ramp.numpyArray(), atol=0.01), kind
        top.bypass = True
        assert np.allclose(top.numpyArray(), ramp.numpyArray(), atol=0.01), kind


def test_a_composite_combines_and_refuses_what_it_cannot(project: Any) -> None:
    grey, composite = project.create("constantTOP"), project.create("compositeTOP")
    for name in ("colorr", "colorg", "colorb"):
        grey.par[name] = 0.5
    composite.inputConnectors[0].connect(grey)
    composite.inputConnectors[1].connect(grey)
    assert composite.sample(x=0, y=0)[0] == pytest.approx(0.25)
    composite.par.operand = "add"
    assert composite.sample(x=0, y=0)[0] == pytest.approx(1.0)
    composite.par.operand = "heat"
    with pytest.raises(NotImplementedError, match="heat"):
        composite.sample(x=0, y=0)


def test_text_and_shapes_paint_something(project: Any) -> None:
    for kind in ("textTOP", "circleTOP", "rectangleTOP"):
        assert project.create(kind).numpyArray().max() == 1.0


def test_a_movie_shows_its_file(project: Any, tmp_path: Path) -> None:
    file = tmp_path / "red.png"
    Image.new("RGB", (4, 4), "red").save(file)
    movie = project.create("moviefileinTOP")
    assert movie.sample(x=0, y=0) == (0, 0, 0, 0)
    movie.par.file = str(file)
    assert movie.sample(x=0, y=0) == (1, 0, 0, 1)


def test_saving_writes_a_file(project: Any, tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    project.create("noiseTOP").save(str(target))
    assert Image.open(target).size == (256, 256)


def test_bad_requests_are_refused(project: Any) -> None:
    noise = project.create("noiseTOP")
    with pytest.raises(tdError, match="Unknown image type"):
        noise.saveByteArray(".exe")
    with pytest.raises(tdError, match="outside"):
        noise.sample(x=999, y=0)
