"""`TOP`: images. What they show is computed in `images` when it is read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from td_headless.errors import tdError
from td_headless.images import pixels_of
from td_headless.operators import OP
from td_headless.unbuilt import loud

_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP"}
_SCALES = {"eighth": 0.125, "quarter": 0.25, "half": 0.5, "2x": 2.0, "4x": 4.0, "8x": 8.0}


_PIXEL_BYTES = {"rgba16float": 8, "rgba32float": 16, "mono8fixed": 1}


@loud("TOP")
class TOP(OP):
    """An operator that makes an image."""

    __slots__ = ()
    family: ClassVar[str] = "TOP"

    def _size(self) -> tuple[int, int]:
        chosen = self.par.outputresolution.eval()
        custom = (int(self.par.resolutionw.eval()), int(self.par.resolutionh.eval()))
        if chosen == "custom":
            return custom
        source = self._source()
        width, height = source._size() if source is not None else (256, 256)
        scale = _SCALES.get(chosen, 1.0)
        if chosen in ("fit", "limit"):
            scale = min(custom[0] / width, custom[1] / height)
            scale = min(scale, 1.0) if chosen == "limit" else scale
        return max(1, round(width * scale)), max(1, round(height * scale))

    def _source(self) -> Any:
        """The TOP this one takes its image or its size from, or None."""
        if self.OPType == "selectTOP":
            return self.par.top.eval()
        if self.OPType == "switchTOP" and self.inputs:
            return self.inputs[min(max(int(self.par.index.eval()), 0), len(self.inputs) - 1)]
        return self.inputs[0] if self.inputs else None

    width = property(lambda self: self._size()[0], doc="Width in pixels.")
    height = property(lambda self: self._size()[1], doc="Height in pixels.")
    depth = property(lambda self: 1, doc="Slices of a 3D texture; always 1 here.")
    aspect = property(lambda self: self.width / self.height, doc="Width divided by height.")
    aspectWidth = property(lambda self: float(self.width), doc="Horizontal part of the aspect ratio.")
    aspectHeight = property(lambda self: float(self.height), doc="Vertical part of the aspect ratio.")

    def numpyArray(self, delayed: bool = False, writable: bool = False, neverNone: bool = False) -> Any:
        """Return the image as a float32 array of shape (height, width, 4), bottom row first, values 0 to 1."""
        self.cook()
        return np.ascontiguousarray(pixels_of(self)[::-1])

    def sample(
        self, x: int | None = None, y: int | None = None, u: float | None = None, v: float | None = None
    ) -> tuple[float, float, float, float]:
        """Return red, green, blue and alpha of the pixel at x, y (from the lower left), or at u, v (0 to 1)."""
        width, height = self._size()
        column = x if x is not None else int((0.0 if u is None else u) * (width - 1))
        row = y if y is not None else int((0.0 if v is None else v) * (height - 1))
        if not (0 <= column < width and 0 <= row < height):
            raise tdError(f"Pixel {column}, {row} is outside the image of {width} x {height}")
        red, green, blue, alpha = (float(value) for value in self.numpyArray()[row, column])
        return red, green, blue, alpha

    def saveByteArray(self, filetype: str = ".tiff", quality: float = 1.0, metadata: Any = ()) -> bytearray:
        """Return the image as a file in memory; `filetype` is an ending such as ``.jpg`` or ``.png``."""
        return bytearray(self._encoded(filetype, quality))

    def save(
        self,
        filepath: str,
        asynchronous: bool = False,
        createFolders: bool = False,
        quality: float = 1.0,
        metadata: Any = (),
    ) -> str:
        """Write the image to a file and return its path; the ending names the format."""
        target = Path(filepath)
        if createFolders:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self._encoded(target.suffix, quality))
        return str(target)

    def _encoded(self, filetype: str, quality: float) -> bytes:
        kind = _FORMATS.get(filetype.lower())
        if kind is None:
            raise tdError(f"Unknown image type {filetype!r}: use one of {', '.join(_FORMATS)}")
        self.cook()
        image = Image.fromarray((pixels_of(self) * 255 + 0.5).astype(np.uint8), "RGBA")
        out = io.BytesIO()
        if kind == "JPEG":
            image.convert("RGB").save(out, kind, quality=max(1, round(quality * 95)))
        else:
            image.save(out, kind)
        return out.getvalue()

    @property
    def gpuMemory(self) -> int:
        """Bytes of the image at its pixel format; what a video card keeps beside it is not counted."""
        width, height = self._size()
        return width * height * _PIXEL_BYTES.get(self._format(), 4)

    def _format(self) -> str:
        chosen = str(self.par.format.eval())
        source = self._source()
        return source._format() if chosen == "useinput" and source is not None else chosen

    curPass = property(lambda self: 0, doc="The pass being rendered; 0 outside a render.")
