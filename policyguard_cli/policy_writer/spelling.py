"""The languages that a policy can be written in."""

from __future__ import annotations

import enum


class Spelling(enum.Enum):
    """A language, by its word on the command line."""

    YAML = "yaml"
    JSON = "json"
    TABLE = "table"
