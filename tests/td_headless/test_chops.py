from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_a_constant_has_a_channel_for_each_name(project: Any) -> None:
    constant = project.create("constantCHOP")
    constant.seq.const.numBlocks = 2
    constant.par.const0name, constant.par.const0value = "speed", 2
    constant.par.const1name, constant.par.const1value = "size", 0.5
    assert (constant.numChans, constant.numSamples) == (2, 1)
    assert constant["speed"].eval() == 2
    assert constant[1].name == "size"
    assert constant["speed"] + 1 == 3
    assert [channel.name for channel in constant.chans("s*")] == ["speed", "size"]
    assert constant.chan("nosuch") is None


@pytest.mark.parametrize("kind", ["noiseCHOP", "lfoCHOP", "waveCHOP"])
def test_generators_have_samples_that_change(project: Any, kind: str) -> None:
    array = project.create(kind).numpyArray()
    assert (array.dtype, array.shape) == (np.float32, (1, 600))
    assert array.std() > 0.1


def test_math_merge_select_and_null_pass_on(project: Any) -> None:
    lfo, wave, merge, math, null, select = (
        project.create(kind) for kind in ("lfoCHOP", "waveCHOP", "mergeCHOP", "mathCHOP", "nullCHOP", "selectCHOP")
    )
    wave.par.channelname = "other"
    merge.setInputs([lfo, wave])
    math.inputConnectors[0].connect(merge)
    math.par.gain = 2
    null.inputConnectors[0].connect(math)
    select.par.chop, select.par.channames = null, "oth*"
    assert [channel.name for channel in null.chans()] == ["chan1", "other"]
    assert np.allclose(null["chan1"].numpyArray(), 2 * lfo["chan1"].numpyArray())
    assert [channel.name for channel in select.chans()] == ["other"]


def test_what_is_not_computed_says_so(project: Any) -> None:
    math = project.create("mathCHOP")
    math.par.chanop = "add"
    with pytest.raises(NotImplementedError, match="mathCHOP"):
        math.numChans  # noqa: B018
