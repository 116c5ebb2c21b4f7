"""Shares with their uncertainty."""

from __future__ import annotations

import math

_Z = 1.959963984540054
"""The two-sided 95 % quantile of the normal distribution."""


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927).

    Args:
        hits: how many of `count` it was.
        count: at least 1.

    Raises:
        ValueError: for a count below 1, or hits outside it.
    """
    if count < 1 or not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no share")
    share, square = hits / count, _Z**2 / count
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
