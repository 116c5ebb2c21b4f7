"""Build `td_extension/script/catalog.json` from `catalog.yaml`.

    python scripts/build_catalog.py            write the JSON
    python scripts/build_catalog.py --check    write nothing; exit 1 where the JSON is not what the YAML says

The YAML is for people: names may run over several lines and stand in any order, a module may be just its members.
The JSON is what is embedded: names sorted, one space apart, checked by the very loader that reads it in TouchDesigner.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from td_extension.script.catalog_text import CatalogError, load_catalog  # noqa: E402
from td_extension.values import Json  # noqa: E402

SOURCE = ROOT / "td_extension" / "script" / "catalog.yaml"
TARGET = ROOT / "td_extension" / "script" / "catalog.json"

_PROSE = {"why"}
"""The keys whose text is a phrase and not a list of names."""


class SourceError(ValueError):
    """The YAML cannot be built; the message begins with the line."""


def build(source: str) -> str:
    """The catalog's JSON text for a YAML text.

    Raises:
        SourceError: with the line (from 1) and what is wrong there.
    """
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SourceError(f"line {mark.line + 1 if mark else 1}: {error}") from error
    lines: dict[str, int] = {}
    document = _plain(root, "", lines)
    if isinstance(document, dict) and isinstance(document.get("modules"), dict):
        modules = document["modules"]
        document["modules"] = {
            name: {"members": listed} if isinstance(listed, str) else listed for name, listed in modules.items()
        }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    try:
        load_catalog(text)
    except CatalogError as error:
        place = error.place
        while place not in lines:
            place = place.rpartition("/")[0]
        raise SourceError(f"line {lines[place]}: {error}") from error
    return text


def _plain(node: yaml.Node | None, place: str, lines: dict[str, int], key: str = "") -> Json:
    """The node as dicts, lists and strings (`no` and `on` stay names), noting the line of every place."""
    if node is None:
        raise SourceError("line 1: the catalog is empty")
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        words = str(node.value).split()
        return " ".join(words if key in _PROSE else sorted(words))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, f"{place}/{index}", lines) for index, item in enumerate(node.value)]
    found: dict[str, Json] = {}
    for key_node, value_node in node.value:
        name = str(key_node.value)
        if name in found:
            raise SourceError(f"line {key_node.start_mark.line + 1}: the key {name!r} is given twice")
        found[name] = _plain(value_node, f"{place}/{name}", lines, name)
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build catalog.json from catalog.yaml.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 where the JSON is stale")
    check: bool = parser.parse_args(arguments).check
    try:
        text = build(SOURCE.read_text(encoding="utf-8"))
    except SourceError as error:
        print(f"{SOURCE.name}: {error}", file=sys.stderr)
        return 1
    if check:
        if TARGET.is_file() and TARGET.read_bytes() == text.encode("utf-8"):
            return 0
        print(f"{TARGET.name} is stale: run python scripts/build_catalog.py", file=sys.stderr)
        return 1
    TARGET.write_bytes(text.encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
