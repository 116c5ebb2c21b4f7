"""Parameters of MATs (materials). Names: Derivative's wiki pages of the single MATs."""

from __future__ import annotations

from td_headless.par_tables.spec import ParSpec, SequenceSpec, number, operator, page, toggle, vector

COMMON: tuple[ParSpec, ...] = page(
    "Common",
    toggle("blending"),
    toggle("depthtest", True, "Depth Test"),
    toggle("depthwriting", True, "Write Depth Values"),
    toggle("wireframe", label="Wire Frame"),
)
COMMON_SEQUENCES: tuple[SequenceSpec, ...] = ()
SEQUENCES: dict[str, tuple[SequenceSpec, ...]] = {}
SINCE: dict[str, tuple[tuple[tuple[int, int], ParSpec], ...]] = {}

PARAMETERS: dict[str, tuple[ParSpec, ...]] = {
    "pbrMAT": page(
        "PBR",
        *vector("basecolor", "rgb", 1.0),
        number("specularlevel", 0.5, label="Specular Level"),
        number("metallic"),
        number("roughness", 0.5),
        number("ambientocclusion", 1.0, label="Ambient Occlusion"),
        *vector("emit", "rgb"),
        *vector("constant", "rgb"),
        operator("basecolormap", "TOP", label="Base Color Map"),
        operator("metallicmap", "TOP", label="Metallic Map"),
        operator("roughnessmap", "TOP", label="Roughness Map"),
        operator("normalmap", "TOP", label="Normal Map"),
    ),
    "phongMAT": page(
        "RGB",
        *vector("diff", "rgb", 1.0),
        *vector("amb", "rgb", 1.0),
        *vector("spec", "rgb"),
        *vector("emit", "rgb"),
        *vector("constant", "rgb"),
        number("shininess", 25, 500),
        operator("colormap", "TOP", label="Color Map"),
        operator("normalmap", "TOP", label="Normal Map"),
    ),
    "constantMAT": page(
        "RGB", *vector("color", "rgb", 1.0), number("alpha", 1.0), operator("colormap", "TOP", label="Color Map")
    ),
    "wireframeMAT": page("Wireframe", *vector("color", "rgb", 1.0), number("alpha", 1.0), number("linewidth", 1, 10)),
    "lineMAT": page("Line", number("widthnear", 1, 10), number("widthfar", 1, 10)),
    "pointspriteMAT": page("Point Sprite", operator("colormap", "TOP"), number("pscale", 1.0)),
    "glslMAT": page(
        "GLSL", operator("vdat", "DAT", label="Vertex Shader"), operator("pdat", "DAT", label="Pixel Shader")
    ),
    "selectMAT": page("Select", operator("mat", "MAT")),
}
