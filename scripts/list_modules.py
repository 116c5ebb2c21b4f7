"""List the public members of every module that a script may import, and compare them with the catalog.

    python scripts/list_modules.py            every member, what it is and what the catalog says of it
    python scripts/list_modules.py --check    only what is wrong; exit 1 where something is

A member must be allowed (catalog.yaml), or be refused for a reason (catalog.yaml or module_review.yaml): what a newer
Python or numpy adds is neither, and fails the check until somebody has read it. It runs on CPython 3.11, which is
TouchDesigner's, with numpy installed.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from td_extension.script.catalog import Catalog  # noqa: E402
from td_extension.script.catalog_text import load_catalog  # noqa: E402
from td_extension.script.safe_members import SAFE_MEMBERS  # noqa: E402

CATALOG = ROOT / "td_extension" / "script" / "catalog.json"
REVIEW = ROOT / "scripts" / "module_review.yaml"
PYTHON = (3, 11)

_ONLY_IN_TOUCHDESIGNER = {"td", "tdu"}


class ReviewError(ValueError):
    """The review cannot be used; the message says where and what to change."""


@dataclass(frozen=True, slots=True)
class Review:
    """What people have decided about members that the catalog does not list.

    Attributes:
        refused: the reason of each refused member, by module and member.
        elsewhere: where each member exists that the modules at hand lack, by module and member.
    """

    refused: Mapping[str, Mapping[str, str]]
    elsewhere: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Member:
    """One public member of an allowed module.

    Attributes:
        module: the module's dotted name.
        name: the member.
        kind: ``function``, ``class``, ``constant``, ``submodule``, or ``missing`` where the module has none.
        verdict: ``allowed``, ``refused``, ``unreviewed`` or ``dead``.
        note: the capability, the reason, or what is wrong.
    """

    module: str
    name: str
    kind: str
    verdict: str
    note: str

    @property
    def is_wrong(self) -> bool:
        """Whether somebody must decide, or correct a list."""
        return self.verdict in ("unreviewed", "dead")


def read_review(text: str) -> Review:
    """Read the review from its YAML text.

    Raises:
        ReviewError: it is no review, or a member stands in it twice.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ReviewError(f"the review is not YAML: {error}") from error
    if not isinstance(document, dict) or document.keys() != {"refused", "elsewhere"}:
        raise ReviewError("the review must hold 'refused' and 'elsewhere', and nothing else")
    return Review(_section(document, "refused", "why"), _section(document, "elsewhere", "where"))


def _section(document: Mapping[str, Any], section: str, note: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if not isinstance(document[section], dict):
        raise ReviewError(f"{section}: must be an object of modules")
    for module, groups in document[section].items():
        notes = found.setdefault(module, {})
        for group in groups if isinstance(groups, list) else [None]:
            if not isinstance(group, dict) or group.keys() != {note, "names"} or not all(map(_is_text, group.values())):
                raise ReviewError(f"{section}.{module}: each group must hold {note!r} and 'names', both texts")
            for name in group["names"].split():
                if name in notes:
                    raise ReviewError(f"{section}.{module}: {name!r} is listed twice")
                notes[name] = group[note]
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def survey(catalog: Catalog, review: Review) -> Iterator[Member]:
    """Every public member of every allowed module, in order, with what has been decided about it.

    Raises:
        ImportError: an allowed module cannot be imported.
    """
    for module in sorted(catalog.modules):
        if catalog.modules[module].needs is None and module not in _ONLY_IN_TOUCHDESIGNER:
            yield from _members(module, catalog, review)


def _members(module: str, catalog: Catalog, review: Review) -> Iterator[Member]:
    listed = catalog.modules[module]
    refused, elsewhere = review.refused.get(module, {}), review.elsewhere.get(module, {})
    safer = SAFE_MEMBERS.get(module, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a deprecated name warns when it is looked at
        live = importlib.import_module(module)
        kinds = {name: _kind(getattr(live, name)) for name in _public(live)}
    for name in sorted(kinds.keys() | listed.members | listed.needing.keys()):
        kind = kinds.get(name, "missing")
        if kind == "submodule" and name not in listed.members:
            yield Member(module, name, kind, "refused", "a module is never handed out")
        elif name in refused and (name in listed.members or name in listed.needing):
            yield Member(module, name, kind, "dead", "is refused in module_review.yaml and listed in the catalog")
        elif kind == "missing" and name not in elsewhere:
            yield Member(module, name, kind, "dead", f"is listed, but does not exist in {_versions()}")
        elif name in listed.needing:
            yield Member(module, name, kind, "refused", f"needs {listed.needing[name].value}")
        elif name in listed.members:
            notes = [f"may need {listed.may[name].value}"] if name in listed.may else []
            notes += ["in a safer form"] if name in safer else []
            yield Member(module, name, kind, "allowed", ", ".join([*notes, *filter(None, [elsewhere.get(name)])]))
        elif name in refused:
            yield Member(module, name, kind, "refused", refused[name])
        else:
            yield Member(module, name, kind, "unreviewed", "is neither allowed nor refused for a reason")


def _public(module: ModuleType) -> set[str]:
    names = {*dir(module), *getattr(module, "__all__", ())}
    return {name for name in names if not name.startswith("_")}


def _kind(value: object) -> str:
    if isinstance(value, ModuleType):
        return "submodule"
    if isinstance(value, type):
        return "class"
    return "function" if callable(value) else "constant"


def _versions() -> str:
    numpy = importlib.import_module("numpy")
    return f"CPython {platform.python_version()} with numpy {numpy.__version__}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="List the members of the modules that a script may import.")
    parser.add_argument("--check", action="store_true", help="tell only what is wrong; exit 1 where something is")
    check: bool = parser.parse_args(arguments).check
    if sys.version_info[:2] != PYTHON or sys.implementation.name != "cpython":
        print(f"this must run on CPython 3.11, which is TouchDesigner's, not on {platform.python_version()}",
              file=sys.stderr)  # fmt: skip
        return 2
    try:
        catalog = load_catalog(CATALOG.read_text(encoding="utf-8"))
        members = list(survey(catalog, read_review(REVIEW.read_text(encoding="utf-8"))))
    except (ReviewError, ImportError) as error:
        print(error, file=sys.stderr)
        return 2
    for member in members:
        if member.is_wrong:
            print(f"{member.module}.{member.name} {member.note}", file=sys.stderr)
        elif not check:
            note = f" ({member.note})" if member.note else ""
            print(f"{member.module}.{member.name}: {member.kind}, {member.verdict}{note}")
    wrong = sum(member.is_wrong for member in members)
    if wrong:
        print(f"{wrong} of {len(members)} members: decide in catalog.yaml or in scripts/module_review.yaml",
              file=sys.stderr)  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
