"""Format templates: their fields are attribute accesses that no attribute node shows (``'{0.__class__}'``)."""

from __future__ import annotations

import string


def only_plain_fields(template: str) -> bool:
    """Whether no field of a format template, at any depth, walks an attribute or an index."""
    try:
        for _, field, specification, _ in string.Formatter().parse(template):
            if field is not None and ("." in field or "[" in field):
                return False
            if specification and not only_plain_fields(specification):
                return False
    except ValueError:
        return True  # str.format refuses it as well
    return True
