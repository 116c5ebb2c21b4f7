"""What a TOP shows: a plausible image of each type, computed with numpy.

Not TouchDesigner's pixels: enough that an agent's picture of a network changes where the real one would. A filter that
is not listed passes its input on, or shows transparent black without one; a type that makes or combines images and is
not listed raises `NotImplementedError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Pixels = Any
"""A float32 array of shape (height, width, 4), top row first, values 0 to 1."""


def pixels_of(top: Any) -> Pixels:
    """Return the image of `top`; a TOP that is bypassed shows its input."""
    width, height = top._size()
    paint = None if top.bypass else _PAINT.get(top.OPType)
    if paint is None and not _passes_on(top):
        raise NotImplementedError(f"td_headless does not compute the image of {top.OPType} ({top.path})")
    pixels = _input(top, width, height) if paint is None else paint(top, width, height)
    return np.clip(pixels, 0.0, 1.0).astype(np.float32)


_SHADERS = frozenset({"glslTOP", "glslmultiTOP", "scriptTOP", "cplusplusTOP", "renderpassTOP", "feedbackTOP"})
"""Types whose image has nothing to do with their input's, or with what it shows in this frame."""


def _passes_on(top: Any) -> bool:
    if top.bypass or top.OPType in ("selectTOP", "switchTOP"):
        return True
    return top.OPType not in _SHADERS and top._max_inputs != 0 and len(top.inputs) <= 1


def _resized(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    image = Image.fromarray((pixels * 255 + 0.5).astype(np.uint8), "RGBA").resize(
        (width, height), Image.Resampling.BILINEAR
    )
    return np.asarray(image, dtype=np.float32) / 255


def _input(top: Any, width: int, height: int) -> Pixels:
    source = top._source()
    return np.zeros((height, width, 4), np.float32) if source is None else _resized(pixels_of(source), width, height)


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8), "RGBA")


def _array(image: Image.Image) -> Pixels:
    return np.asarray(image, dtype=np.float32) / 255


def _par(top: Any, *names: str) -> list[float]:
    return [float(top.par[name].eval()) for name in names]


def _filled(width: int, height: int, colour: list[float]) -> Pixels:
    return np.broadcast_to(np.array(colour, np.float32), (height, width, 4)).copy()


def _constant(top: Any, width: int, height: int) -> Pixels:
    return _filled(width, height, _par(top, "colorr", "colorg", "colorb", "alpha"))


def _noise(top: Any, width: int, height: int) -> Pixels:
    period, amp, offset, seed = _par(top, "period", "amp", "offset", "seed")
    tx, ty, tz = _par(top, "tx", "ty", "tz")
    mono = bool(top.par.mono.eval())
    layers = []
    for channel in range(1 if mono else 3):
        total = np.zeros((height, width))
        for octave in range(int(top.par.harmon.eval()) + 1):
            cells = max(2, min(256, round(4 * 2**octave / max(period, 0.05))))
            random = np.random.default_rng([int(seed * 1000) & 0xFFFF, channel, octave, int(tz * 1000) & 0xFFFFFFFF])
            grid = Image.fromarray(random.uniform(-1, 1, (cells, cells)).astype(np.float32))
            layer = np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
            total += np.roll(layer, (round(ty * height), round(-tx * width)), (0, 1)) * 0.7**octave
        layers.append(total * amp + offset)
    red, green, blue = layers * 3 if mono else layers
    return np.dstack([red, green, blue, np.ones((height, width))])


def _ramp(top: Any, width: int, height: int) -> Pixels:
    u, v = np.meshgrid(np.linspace(0, 1, width), np.linspace(1, 0, height))
    kind = top.par.type.eval()
    phase, period = _par(top, "phase", "period")
    if kind == "radial":
        value = (np.arctan2(v - 0.5, u - 0.5) / (2 * np.pi)) % 1.0
    elif kind == "circular":
        value = np.hypot(u - 0.5, v - 0.5) * 2
    else:
        value = v if kind == "vertical" else u
    value = np.clip(value / max(period, 1e-6) + phase, 0, 1)
    return np.dstack([value, value, value, np.ones_like(value)])


def _shape(top: Any, width: int, height: int) -> Pixels:
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, width), np.linspace(0.5, -0.5, height))
    x, y = _par(top, "centerx", "centery")
    fill = np.array(_par(top, "fillcolorr", "fillcolorg", "fillcolorb", "fillalpha"))
    ground = np.array(_par(top, "bgcolorr", "bgcolorg", "bgcolorb", "bgalpha"))
    if top.OPType == "circleTOP":
        rx, ry = _par(top, "radiusx", "radiusy")
        inside = ((u - x) / max(rx, 1e-6)) ** 2 + ((v - y) / max(ry, 1e-6)) ** 2 <= 1
    else:
        sx, sy = _par(top, "sizex", "sizey")
        inside = (np.abs(u - x) <= sx / 2) & (np.abs(v - y) <= sy / 2)
    return np.where(inside[..., None], fill, ground)


def _text(top: Any, width: int, height: int) -> Pixels:
    source = top.par.dat.eval()
    words = source.text if source is not None else top.par.text.eval()
    ground = _filled(width, height, _par(top, "bgcolorr", "bgcolorg", "bgcolorb", "bgalpha"))
    image = _image(ground)
    colour = tuple(round(255 * value) for value in _par(top, "fontcolorr", "fontcolorg", "fontcolorb", "fontalpha"))
    size = max(1.0, _par(top, "fontsizex")[0])
    ImageDraw.Draw(image).text((width / 2, height / 2), words, fill=colour, anchor="mm", font_size=size)
    return _array(image)


def _movie(top: Any, width: int, height: int) -> Pixels:
    try:
        with Image.open(top.par.file.eval()) as image:
            return _resized(_array(image.convert("RGBA")), width, height)
    except (OSError, ValueError):
        return np.zeros((height, width, 4), np.float32)


def _level(top: Any, width: int, height: int) -> Pixels:
    pixels = _input(top, width, height).copy()
    invert, black, bright, gamma, contrast, opacity, bright2, gamma2 = _par(
        top, "invert", "blacklevel", "brightness1", "gamma1", "contrast", "opacity", "brightness2", "gamma2"
    )
    rgb = pixels[..., :3]
    rgb = rgb * (1 - invert) + (1 - rgb) * invert
    rgb = np.clip((rgb - black) / max(1 - black, 1e-6), 0, 1) * bright
    rgb = (np.clip(rgb, 0, None) ** (1 / max(gamma, 1e-3)) - 0.5) * contrast + 0.5
    rgb = np.clip(rgb * bright2, 0, 1) ** (1 / max(gamma2, 1e-3))
    pixels[..., :3] = rgb * opacity
    pixels[..., 3] *= opacity
    return pixels


def _blur(top: Any, width: int, height: int) -> Pixels:
    radius = _par(top, "size")[0] / 2
    return _array(_image(_input(top, width, height)).filter(ImageFilter.GaussianBlur(min(radius, max(width, height)))))


def _transform(top: Any, width: int, height: int) -> Pixels:
    tx, ty, angle, sx, sy = _par(top, "tx", "ty", "rotate", "sx", "sy")
    turned = _image(_input(top, width, height)).rotate(angle, Image.Resampling.BILINEAR)
    scale = (1 / (sx or 1e-6), 1 / (sy or 1e-6))
    centre = (width / 2 + tx * width, height / 2 - ty * height)
    matrix = (scale[0], 0, width / 2 - centre[0] * scale[0], 0, scale[1], height / 2 - centre[1] * scale[1])
    return _array(turned.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _over(front: Pixels, back: Pixels) -> Pixels:
    return front + back * (1 - front[..., 3:4])


_BLEND: dict[str, Callable[[Pixels, Pixels], Pixels]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "screen": lambda a, b: 1 - (1 - a) * (1 - b),
    "difference": lambda a, b: np.abs(a - b),
    "average": lambda a, b: (a + b) / 2,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "over": _over,
    "under": lambda a, b: _over(b, a),
}


def _composite(top: Any, width: int, height: int) -> Pixels:
    operand = top.par.operand.eval() if top.OPType == "compositeTOP" else top.type
    blend = _BLEND.get(operand)
    if blend is None:
        raise NotImplementedError(f"td_headless does not implement compositeTOP.par.operand '{operand}'")
    layers = [_resized(pixels_of(source), width, height) for source in top.inputs]
    if not layers:
        return np.zeros((height, width, 4), np.float32)
    total = layers[0]
    for layer in layers[1:]:
        total = blend(total, layer)
    return total


def _flip(top: Any, width: int, height: int) -> Pixels:
    pixels = _input(top, width, height)
    pixels = pixels[:, ::-1] if top.par.flipx.eval() else pixels
    return pixels[::-1] if top.par.flipy.eval() else pixels


def _monochrome(top: Any, width: int, height: int) -> Pixels:
    pixels = _input(top, width, height).copy()
    pixels[..., :3] = (pixels[..., :3] @ np.array([0.2126, 0.7152, 0.0722]))[..., None]
    return pixels


_PAINT: dict[str, Callable[[Any, int, int], Pixels]] = {
    "constantTOP": _constant,
    "noiseTOP": _noise,
    "rampTOP": _ramp,
    "circleTOP": _shape,
    "rectangleTOP": _shape,
    "textTOP": _text,
    "moviefileinTOP": _movie,
    "levelTOP": _level,
    "blurTOP": _blur,
    "transformTOP": _transform,
    "compositeTOP": _composite,
    "addTOP": _composite,
    "subtractTOP": _composite,
    "multiplyTOP": _composite,
    "overTOP": _composite,
    "underTOP": _composite,
    "screenTOP": _composite,
    "differenceTOP": _composite,
    "flipTOP": _flip,
    "monochromeTOP": _monochrome,
}
