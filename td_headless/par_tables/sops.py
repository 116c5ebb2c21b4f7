"""Parameters of SOPs (geometry). Names: Derivative's wiki pages of the single SOPs."""

from __future__ import annotations

from td_headless.par_tables.spec import ParSpec, SequenceSpec, integer, menu, number, operator, page, text, vector

COMMON: tuple[ParSpec, ...] = ()
COMMON_SEQUENCES: tuple[SequenceSpec, ...] = ()
SEQUENCES: dict[str, tuple[SequenceSpec, ...]] = {}
SINCE: dict[str, tuple[tuple[tuple[int, int], ParSpec], ...]] = {}

PARAMETERS: dict[str, tuple[ParSpec, ...]] = {
    "boxSOP": page("Box", *vector("size", "xyz", 1.0), *vector("t", "xyz"), number("scale", 1.0)),
    "sphereSOP": page(
        "Sphere", *vector("rad", "xyz", 1.0), *vector("t", "xyz"), integer("rows", 13), integer("cols", 24)
    ),
    "torusSOP": page("Torus", *vector("rad", "xy", 0.5), *vector("t", "xyz"), integer("rows", 12), integer("cols", 24)),
    "gridSOP": page("Grid", *vector("size", "xy", 1.0), *vector("t", "xyz"), integer("rows", 10), integer("cols", 10)),
    "circleSOP": page("Circle", *vector("rad", "xy", 1.0), *vector("t", "xyz"), integer("divs", 40)),
    "tubeSOP": page(
        "Tube", *vector("rad", "12", 1.0), number("height", 1.0, 10), integer("rows", 2), integer("cols", 12)
    ),
    "lineSOP": page("Line", *vector("pa", "xyz"), *vector("pb", "xyz", 1.0), integer("points", 2)),
    "rectangleSOP": page("Rectangle", *vector("size", "xy", 1.0), *vector("t", "xyz")),
    "transformSOP": page(
        "Transform",
        menu("xord", "srt str rst rts tsr trs"),
        *vector("t", "xyz"),
        *vector("r", "xyz", high=360),
        *vector("s", "xyz", 1.0),
        number("scale", 1.0),
    ),
    "noiseSOP": page("Noise", number("period", 1.0), number("amp", 1.0), integer("harmon", 2), number("rough", 0.5)),
    "textSOP": page("Text", text("text", "derivative"), text("font", "Arial")),
    "selectSOP": page("Select", operator("sop", "SOP")),
    "mergeSOP": (),
    "nullSOP": (),
}
