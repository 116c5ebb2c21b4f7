"""A description as plain data, for code that stands alone inside TouchDesigner (`building`)."""

from __future__ import annotations

from typing import Any

from .spec import ComponentSpec, OperatorSpec


def described_component(spec: ComponentSpec) -> dict[str, Any]:
    """A component as `building.install` takes it."""
    return {
        "version": spec.version,
        "kept": list(spec.kept),
        "kept_tables": list(spec.kept_tables),
        "marks": list(spec.marks),
        **described(spec.root),
    }


def described(spec: OperatorSpec) -> dict[str, Any]:
    """An operator as `building.build` takes it."""
    return {
        "name": spec.name,
        "type": spec.kind.value,
        "tile": [spec.x, spec.y, spec.width, spec.height],
        "colour": list(spec.colour),
        "comment": spec.comment,
        "viewer": spec.is_viewer_on,
        "settings": [[setting.name, setting.value, setting.expression] for setting in spec.settings],
        "text": spec.text,
        "rows": None if spec.rows is None else [list(row) for row in spec.rows],
        "pages": [
            {
                "name": page.name,
                "parameters": [
                    {
                        "name": parameter.name,
                        "label": parameter.label,
                        "style": parameter.style.value,
                        "default": parameter.default,
                        "menu": [list(item) for item in parameter.menu],
                        "readonly": parameter.is_read_only,
                    }
                    for parameter in page.parameters
                ],
            }
            for page in spec.pages
        ],
        "children": [described(child) for child in sorted(spec.children, key=lambda one: (len(one.name), one.name))],
    }
