"""What TouchDesigner creates beside some new operators and docks to them, e.g. a GLSL TOP's shader DATs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_FRAGMENT = """out vec4 fragColor;
void main()
{
    fragColor = TDOutputSwizzle(vec4(1.0));
}
"""
_CALLBACKS = "# me - this DAT\n"


@dataclass(frozen=True, slots=True)
class Helper:
    """A DAT docked to a new operator.

    Attributes:
        suffix: what follows the operator's name, e.g. ``callbacks``.
        kind: the DAT's type.
        par: the operator's parameter that names the DAT; empty for none.
        text: what the DAT holds at first.
    """

    suffix: str
    kind: str = "textDAT"
    par: str = ""
    text: str = ""


_WITH_CALLBACKS = """scriptDAT scriptCHOP scriptTOP scriptSOP timerCHOP replicatorCOMP webclientDAT websocketDAT
    tcpipDAT udpinDAT oscinDAT serialDAT errorDAT"""

HELPERS: dict[str, tuple[Helper, ...]] = {
    "glslTOP": (
        Helper("pixel", par="pixeldat", text=_FRAGMENT),
        Helper("compute", par="computedat", text="void main()\n{\n}\n"),
        Helper("info", "infoDAT"),
    ),
    **{name: (Helper("callbacks", par="callbacks", text=_CALLBACKS),) for name in _WITH_CALLBACKS.split()},
}
"""By operator type. The texts are comments or the shortest shader, not TouchDesigner's templates."""


def dock_helpers(operator: Any) -> None:
    """Create what belongs to a new operator of this type, below it in its network."""
    for position, helper in enumerate(HELPERS.get(operator.OPType, ())):
        made = operator.parent().create(helper.kind, f"{operator.name}_{helper.suffix}")
        made.dock = operator
        made.nodeX, made.nodeY = operator.nodeX + position * 120, operator.nodeY - 120
        if helper.text:
            made.text = helper.text
        if helper.kind == "infoDAT":
            made.par.op = operator.name
        if helper.par:
            operator.par[helper.par].val = made.name
