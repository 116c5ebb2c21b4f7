"""`CHOP` and `Channel`: named rows of numbers.

Common types are computed. Other filters pass their input on, or have no channels without one; types that make or
combine channels and are not computed raise `NotImplementedError` when their channels are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np

from td_headless.errors import tdError
from td_headless.names import matches
from td_headless.operators import OP
from td_headless.unbuilt import loud

_LENGTH = 600
"""Samples of a generator with TouchDesigner's default range (frames 0 to 599)."""

_OTHER = """audiobandeq audiospectrum composite count cplusplus cycle delete envelope event expression fan function
    logic pattern record resample script sequencer shift shuffle sort speed splice stretch timer trigger trim"""
_OTHER_RESULT = frozenset(_OTHER.split())
"""Filters whose channels have little to do with their input's; they are not computed."""

Curves = dict[str, Any]
"""Samples by channel name, in order; each a float array of shape (samples,)."""


@loud("Channel")
class Channel:
    """One channel of a CHOP (Derivative's Channel Class)."""

    __slots__ = ("_samples", "index", "name", "owner")

    def __init__(self, owner: Any, index: int, name: str, samples: Any) -> None:
        self.owner = owner
        self.index = index
        self.name = name
        self._samples = samples

    @property
    def valid(self) -> bool:
        """Whether the CHOP still has a channel of this name."""
        return bool(self.owner.valid) and self.owner.chan(self.name) is not None

    @property
    def vals(self) -> list[float]:
        """All samples. They can be assigned in a Script CHOP only, which is not built here."""
        return [float(sample) for sample in self._samples]

    @vals.setter
    def vals(self, values: Any) -> None:
        raise tdError(f"{self.owner.path}: samples can be changed in a Script CHOP only")

    def evalFrame(self, frame: float | None = None) -> float:
        """Return the sample at `frame`, or at the present one."""
        return self.eval(None if frame is None else round(frame))

    def evalSeconds(self, secs: float | None = None) -> float:
        """Return the sample at that many seconds, or at the present time."""
        return self.eval(None if secs is None else round(secs * self.owner.rate))

    def eval(self, index: int | None = None) -> float:
        """Return the sample at `index`, or the one at the present frame."""
        frame = self.owner._world.clock.frame if index is None else index
        return float(self._samples[frame % len(self._samples)])

    def average(self) -> float:
        """Return the mean of the samples."""
        return float(np.mean(self._samples))

    def min(self) -> float:
        """Return the smallest sample."""
        return float(np.min(self._samples))

    def max(self) -> float:
        """Return the largest sample."""
        return float(np.max(self._samples))

    def numpyArray(self) -> Any:
        """Return the samples as a float32 array of shape (samples,)."""
        return np.array(self._samples, dtype=np.float32)

    def __getitem__(self, index: int) -> float:
        return float(self._samples[index])

    def __len__(self) -> int:
        return len(self._samples)

    def __iter__(self) -> Iterator[float]:
        return iter(self.vals)

    def __float__(self) -> float:
        return self.eval()

    def __int__(self) -> int:
        return int(self.eval())

    def __add__(self, other: Any) -> float:
        return self.eval() + float(other)

    def __mul__(self, other: Any) -> float:
        return self.eval() * float(other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"type:Channel owner:{self.owner.path} name:{self.name} value:{self.eval()}"


@loud("CHOP")
class CHOP(OP):
    """An operator that holds channels."""

    __slots__ = ()
    family: ClassVar[str] = "CHOP"

    def _curves(self) -> Curves:
        compute = _COMPUTE.get(self.OPType)
        if compute is not None and not (self.bypass and self.inputs):
            return compute(self)
        if not self.bypass and (self._max_inputs == 0 or len(self.inputs) > 1 or self.type in _OTHER_RESULT):
            raise NotImplementedError(f"td_headless does not compute the channels of {self.OPType} ({self.path})")
        return self.inputs[0]._curves() if self.inputs else {}

    numChans = property(lambda self: len(self._curves()), doc="How many channels there are.")
    rate = property(lambda self: float(self._world.clock.rate), doc="Samples a second.")
    start = property(lambda self: 0.0, doc="First sample.")
    isTimeSlice = property(lambda self: bool(self.par.timeslice), doc="Whether only the last frame is computed.")

    @property
    def numSamples(self) -> int:
        """How many samples each channel has."""
        return max((len(samples) for samples in self._curves().values()), default=0)

    end = property(lambda self: float(max(self.numSamples - 1, 0)), doc="Last sample.")

    def chan(self, *nameOrIndex: str | int, caseSensitive: bool = True) -> Channel | None:
        """Return the first channel named by name, pattern or position, or None."""
        found = self.chans(*nameOrIndex, caseSensitive=caseSensitive)
        return found[0] if found else None

    def chans(self, *nameOrIndex: str | int, caseSensitive: bool = True) -> list[Channel]:
        """Return the channels named by names, patterns or positions, or all."""
        self.cook()
        channels = [Channel(self, i, name, samples) for i, (name, samples) in enumerate(self._curves().items())]
        if not nameOrIndex:
            return channels
        return [channel for wanted in nameOrIndex for channel in channels if _is(channel, wanted, caseSensitive)]

    def __getitem__(self, nameOrIndex: str | int) -> Channel | None:
        return self.chan(nameOrIndex)

    def numpyArray(self) -> Any:
        """Return all samples as a float32 array of shape (channels, samples)."""
        self.cook()
        return np.array(list(self._curves().values()), dtype=np.float32).reshape(self.numChans, self.numSamples)


def _is(channel: Channel, wanted: str | int, case_sensitive: bool) -> bool:
    if isinstance(wanted, int):
        return channel.index == wanted
    name = channel.name if case_sensitive else channel.name.lower()
    return matches(wanted if case_sensitive else wanted.lower(), name)


def _value(chop: Any, name: str) -> float:
    return float(chop.par[name].eval())


def _named(chop: Any, samples: Any) -> Curves:
    names = chop.par.channelname.eval().split() or ["chan1"]
    return dict.fromkeys(names, samples)


def _constant(chop: Any) -> Curves:
    pairs = [
        (chop.par[f"const{n}name"].eval(), chop.par[f"const{n}value"].eval()) for n in range(chop.par["const"].val)
    ]
    return {name: np.array([value], dtype=np.float64) for name, value in pairs if name}


def _noise(chop: Any) -> Curves:
    seconds = np.arange(_LENGTH) / chop.rate
    curves: Curves = {}
    for index, name in enumerate(chop.par.channelname.eval().split() or ["chan1"]):
        random = np.random.default_rng(int(_value(chop, "seed") * 1000) + index)
        knots = random.uniform(-1, 1, 64)
        position = seconds / max(_value(chop, "period"), 1e-3) % 63
        wave = np.interp(position, np.arange(64), knots)
        curves[name] = wave * _value(chop, "amp") + _value(chop, "offset")
    return curves


def _periodic(chop: Any) -> Curves:
    seconds = np.arange(_LENGTH) / chop.rate
    cycles = (
        seconds * _value(chop, "frequency") if "frequency" in chop.par else seconds / max(_value(chop, "period"), 1e-6)
    )
    phase = (cycles + _value(chop, "phase")) % 1.0
    shape = chop.par.wavetype.eval()
    if shape == "sin":
        wave = np.sin(phase * 2 * np.pi)
    elif shape == "ramp":
        wave = phase
    elif shape == "tri":
        wave = 1 - 4 * np.abs(phase - 0.5)
    elif shape in ("square", "pulse"):
        wave = np.where(phase < 0.5, 1.0, -1.0 if shape == "square" else 0.0)
    elif shape == "const":
        wave = np.ones(_LENGTH)
    elif shape == "gaussian":
        wave = np.exp(-(((phase - 0.5) / 0.15) ** 2))
    else:
        raise NotImplementedError(f"td_headless does not implement {chop.OPType}.par.wavetype '{shape}'")
    return _named(chop, wave * _value(chop, "amp") + _value(chop, "offset"))


def _merged(chop: Any) -> Curves:
    curves: Curves = {}
    for source in chop.inputs:
        for name, samples in source._curves().items():
            free, number = name, 1
            while free in curves:
                free, number = f"{name}{number}", number + 1
            curves[free] = samples
    return curves


def _selected(chop: Any) -> Curves:
    source = chop.par.chop.eval()
    pattern = chop.par.channames.eval() or "*"
    return {} if source is None else {name: curve for name, curve in source._curves().items() if matches(pattern, name)}


def _math(chop: Any) -> Curves:
    if any(chop.par[name].eval() != "off" for name in ("preop", "chanop", "chopop", "postop")):
        raise NotImplementedError("td_headless does not implement mathCHOP operations other than Mult-Add")
    curves = chop.inputs[0]._curves() if chop.inputs else {}
    pre, gain, post = (_value(chop, name) for name in ("preoff", "gain", "postoff"))
    return {name: (samples + pre) * gain + post for name, samples in curves.items()}


def _renamed(chop: Any) -> Curves:
    """Rename by two lists of names of the same length; patterns that need TouchDesigner's substitution raise."""
    curves = chop.inputs[0]._curves() if chop.inputs else {}
    before, after = chop.par.renamefrom.eval().split(), chop.par.renameto.eval().split()
    if not after:
        return dict(curves)
    if len(before) != len(after) or any(char in word for word in before + after for char in "*?[("):
        raise NotImplementedError("td_headless does not implement renameCHOP patterns")
    names = dict(zip(before, after, strict=True))
    return {names.get(name, name): samples for name, samples in curves.items()}


def _analyzed(chop: Any) -> Curves:
    """One sample for each channel of the input."""
    measures: dict[str, Callable[[Any], Any]] = {
        "average": np.mean,
        "maximum": np.max,
        "minimum": np.min,
        "sum": np.sum,
        "rmspower": _rms,
    }
    measure = measures[chop.par.function.eval()]
    curves = chop.inputs[0]._curves() if chop.inputs else {}
    return {name: np.array([measure(samples)]) for name, samples in curves.items()}


def _rms(samples: Any) -> Any:
    return np.sqrt(np.mean(np.square(samples)))


def _trail(chop: Any) -> Curves:
    """What the input was at each frame of the window; the inputs built here are functions of the frame."""
    per_unit = {"samples": 1.0, "frames": 1.0, "seconds": chop.rate}[chop.par.wlengthunit.eval()]
    length = max(1, round(_value(chop, "wlength") * per_unit))
    frames = np.arange(chop._world.clock.frame - length + 1, chop._world.clock.frame + 1)
    curves = chop.inputs[0]._curves() if chop.inputs else {}
    return {name: np.asarray(samples)[frames % len(samples)] for name, samples in curves.items()}


_COMPUTE = {
    "analyzeCHOP": _analyzed,
    "renameCHOP": _renamed,
    "trailCHOP": _trail,
    "constantCHOP": _constant,
    "noiseCHOP": _noise,
    "lfoCHOP": _periodic,
    "waveCHOP": _periodic,
    "mergeCHOP": _merged,
    "selectCHOP": _selected,
    "mathCHOP": _math,
}
