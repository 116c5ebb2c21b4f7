"""How many numbers the functions of `numpy.random` draw, and the methods of its generators."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .bounds import Bounds
from .library_sizes import why_too_much
from .measures import size

_BEFORE_SIZE: Mapping[str, int] = {
    **dict.fromkeys(
        ("random", "random_sample", "ranf", "sample", "standard_normal", "standard_exponential", "standard_cauchy"), 0
    ),
    **dict.fromkeys(
        (
            "choice", "chisquare", "dirichlet", "exponential", "geometric", "logseries", "pareto", "poisson", "power",
            "rayleigh", "standard_gamma", "standard_t", "weibull", "zipf",
        ), 1,
    ),
    **dict.fromkeys(("triangular", "hypergeometric", "noncentral_f"), 3),
}  # fmt: skip
"""How many arguments stand before the size; two where the name is not here."""
_PERMUTING = {"choice", "permutation", "bytes"}
"""Those whose first argument is a size as well: of what they draw from, or how long a text they make."""
_SHAPED = {"rand", "randn"}

MAKING = {"Generator", "RandomState", "default_rng"}
"""What makes a generator."""


class Drawing:
    """A generator of `numpy.random`, with a look at how much its methods draw.

    Args:
        bounds: looks at sizes.
        generator: the real one.
    """

    __slots__ = ("_bounds", "_generator")

    def __init__(self, bounds: Bounds, generator: Any) -> None:
        self._bounds = bounds
        self._generator = generator

    def __deepcopy__(self, memo: dict[int, Any]) -> Drawing:
        return Drawing(self._bounds, copy.deepcopy(self._generator))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # also what `copy` asks for before there is anything to copy
            raise AttributeError(name)
        member = getattr(self._generator, name)
        if not callable(member):
            return member

        def draw(*arguments: Any, **keywords: Any) -> Any:
            before_draw(self._bounds, name, arguments, keywords)
            return member(*arguments, **keywords)

        return draw


def before_draw(bounds: Bounds, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Look at how much is drawn.

    Args:
        bounds: stops the script.
        name: the function's name, or the method's.
        arguments: what it is given.
        keywords: the same.
    """
    bounds.unless(why_too_much("numpy.random", name, arguments, keywords))
    if name in _SHAPED:
        drawn = size(arguments)
    else:
        before = _BEFORE_SIZE.get(name, 2)
        drawn = size(keywords["size"] if "size" in keywords else arguments[before] if len(arguments) > before else 1)
    if name in _PERMUTING:
        named = [keywords[word] for word in ("a", "x", "length") if word in keywords]
        drawn = max(drawn, *map(size, (*arguments[:1], *named, 1)))
    bounds.elements(name, (drawn,), {})
