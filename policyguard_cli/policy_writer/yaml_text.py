"""A document's text in YAML, written so that no reader can take a text for anything else.

A text stands without quotes only where it is a plain ASCII word or path; everything else is a JSON string, which YAML
reads in the same way (`td_extension/policy/yaml_text.py` reads what is written here).
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from td_extension.values import Json

from .json_text import json_string

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./]*(?: [A-Za-z0-9_./]+)*")
_TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What readers of YAML 1.1 or 1.2 take for a truth value or nothing, in lower case."""
_BEYOND = re.compile(r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}")
_WIDTH = 120


def yaml_text(document: Json) -> str:
    """The document as YAML, its keys in their order; lists and objects of few words stand on one line."""
    # Derived from PyYAML's safe dumper: it writes plain data only.
    written: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH
    )
    return written


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        is_plain = _PLAIN.fullmatch(text) and text.lower() not in _TAKEN
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain else '"')

    def write_plain(self, text: str, split: bool = True) -> None:
        super().write_plain(text, False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        # YAML has no surrogate pairs: an escape names the whole character.
        one_line = _BEYOND.sub(lambda pair: f"\\U{ord(_character(pair[0])):08X}", json_string(text))
        self.write_indicator(one_line, True)


def _character(pair: str) -> str:
    return pair.encode("ascii").decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16")


_Dumper.add_representer(str, _Dumper.represent_text)
