"""A TouchDesigner stand-in in plain Python: operators, parameters, frame loop, Web Server DAT on real HTTP.

What TouchDesigner has and this has not raises `NotImplementedError`; what TouchDesigner has not raises as there.
"""

from __future__ import annotations

from td_headless.errors import tdAttributeError, tdError
from td_headless.runtime import Runtime

__all__ = ["Runtime", "tdAttributeError", "tdError"]
