"""Reads the catalog from its JSON text.

It opens no file, and checks every word, so that a catalog that was tampered with or half written is refused as a whole
instead of being believed in part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType

from ..values import Capability, Json
from .catalog import Catalog, Entry, Module, Parameter, parameter_key, refused_module

FREE = "free"
"""How the catalog spells that something needs no capability."""

FAMILIES = ("CHOP", "COMP", "DAT", "MAT", "POP", "SOP", "TOP")
"""The operator families of TouchDesigner 2025; a type's name ends with its family (``noiseTOP``)."""

_SECTIONS = (
    "builtins",
    "td_globals",
    "members",
    "members_of",
    "modules",
    "refused_modules",
    "parameters",
    "operator_types",
)
_CAPABILITIES: Mapping[str, Capability] = MappingProxyType({capability.value: capability for capability in Capability})


class CatalogError(ValueError):
    """The catalog's text cannot be used.

    Attributes:
        place: JSON pointer of the faulty value, e.g. ``/members/4/needs``; empty for the whole text.
    """

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"catalog{place or ' text'}: {message}")
        self.place = place


def load_catalog(text: str) -> Catalog:
    """Read a catalog from its JSON text.

    Raises:
        CatalogError: the text is no catalog; the message and `CatalogError.place` say where and what to change.
    """
    try:
        document = json.loads(text, object_pairs_hook=_unique_keys)
    except CatalogError:
        raise
    except (ValueError, RecursionError) as error:
        raise CatalogError("", f"is not JSON: {error}") from error
    _fields(document, "", required=_SECTIONS)
    builtins = _entries(document["builtins"], "/builtins")
    td_globals = _entries(document["td_globals"], "/td_globals")
    for name in builtins.keys() & td_globals.keys():
        raise CatalogError("/td_globals", f"{name!r} is listed under builtins too")
    members = _entries(document["members"], "/members")
    modules = _modules(document["modules"], document["refused_modules"])
    if "td" in modules:
        raise CatalogError("/modules/td", "must not be listed: its members are the td_globals")
    modules["td"] = _td_module(td_globals)
    members_of = _members_of(document["members_of"], members)
    anywhere, globs, by_type = _parameters(document["parameters"])
    return Catalog(
        names=MappingProxyType(builtins | td_globals),
        modules=MappingProxyType(modules),
        members=MappingProxyType(members),
        members_of=MappingProxyType(members_of),
        varying_members=frozenset().union(*members_of.values()),
        parameters=MappingProxyType(anywhere),
        parameter_globs=tuple(globs),
        parameter_ends=tuple(end for _, end, _ in globs),
        parameters_of=MappingProxyType({kind: MappingProxyType(rules) for kind, rules in by_type.items()}),
        operator_types=MappingProxyType(_operator_types(document["operator_types"])),
        digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CatalogError("", f"the key {twice!r} is given twice in one object")
    return found


def _fields(value: Json, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    if not isinstance(value, dict):
        raise CatalogError(place, "must be an object")
    for key in required:
        if key not in value:
            raise CatalogError(place, f"lacks {key!r}")
    for key in value:
        if key not in required and key not in optional:
            raise CatalogError(f"{place}/{key}", f"is not known here; known: {', '.join((*required, *optional))}")


def _groups(value: Json, place: str) -> list[Json]:
    if not isinstance(value, list):
        raise CatalogError(place, "must be a list of groups")
    return value


def _capability(value: Json, place: str) -> Capability:
    found = _CAPABILITIES.get(value) if isinstance(value, str) else None
    if found is None:
        raise CatalogError(place, f"{value!r} is no capability; known: {', '.join(_CAPABILITIES)}")
    if found is Capability.GUARD:
        raise CatalogError(place, "'guard' is decided by which operator is touched, never by a name")
    return found


def _optional(group: Mapping[str, Json], key: str, place: str) -> Capability | None:
    return _capability(group[key], f"{place}/{key}") if key in group else None


def _words(value: Json, place: str, also: str = "") -> list[str]:
    """The identifiers that the text lists, which may hold the characters of `also` too."""
    words: list[str] = value.split(" ") if isinstance(value, str) and value.isascii() else [""]
    plain = words
    for character in also:
        plain = [word.replace(character, "_") for word in plain]
    if not all(map(str.isidentifier, plain)):
        raise CatalogError(place, "must be names separated by single spaces")
    return words


def _why(group: Mapping[str, Json], place: str) -> str:
    why = group["why"]
    if not isinstance(why, str) or not why.strip():
        raise CatalogError(f"{place}/why", "must be a phrase")
    return why


def _entries(value: Json, place: str) -> dict[str, Entry]:
    """Every name of the groups with the entry of its group; the names of one group share one entry."""
    entries: dict[str, Entry] = {}
    for index, group in enumerate(_groups(value, place)):
        here = f"{place}/{index}"
        _fields(group, here, required=("needs", "why", "names"), optional=("store", "may"))
        needs = None if group["needs"] == FREE else _capability(group["needs"], f"{here}/needs")
        store, may = _optional(group, "store", here), _optional(group, "may", here)
        if may is not None and may is needs:
            raise CatalogError(f"{here}/may", "must differ from needs: it is the stronger capability")
        names = _words(group["names"], f"{here}/names")
        expected = len(entries) + len(names)
        entries.update(dict.fromkeys(names, Entry(needs, store, may, _why(group, here))))
        if len(entries) != expected:
            raise CatalogError(f"{here}/names", f"{_first_repeated(value[: index + 1])!r} is listed twice")
    return entries


def _first_repeated(groups: list[Json]) -> str:
    names: list[str] = [name for group in groups for name in group["names"].split(" ")]
    return next(name for name in names if names.count(name) > 1)


def _members_of(value: Json, members: Mapping[str, Entry]) -> dict[str, Mapping[str, Entry]]:
    if not isinstance(value, dict):
        raise CatalogError("/members_of", "must be an object of class names")
    found: dict[str, Mapping[str, Entry]] = {}
    for kinds, groups in value.items():
        here = f"/members_of/{kinds}"
        entries = _entries(groups, here)
        for name in entries:
            if name not in members:
                raise CatalogError(here, f"{name!r} must be listed under members too: a script's text has no types")
        for kind in _words(kinds, here):
            if kind in found:
                raise CatalogError(here, f"the class {kind!r} is listed twice")
            found[kind] = MappingProxyType(entries)
    return found


def _modules(allowed: Json, refused: Json) -> dict[str, Module]:
    modules: dict[str, Module] = {}
    if not isinstance(allowed, dict):
        raise CatalogError("/modules", "must be an object")
    for name, listed in allowed.items():
        here = f"/modules/{name}"
        _words(name, here, also=".")
        _fields(listed, here, required=(), optional=("members", "may", "needing"))
        members = frozenset(_words(listed["members"], f"{here}/members") if "members" in listed else ())
        may = _by_capability(listed.get("may", {}), f"{here}/may")
        needing = _by_capability(listed.get("needing", {}), f"{here}/needing")
        for key, names in (("may", members & may.keys()), ("needing", (members | may.keys()) & needing.keys())):
            if names:
                raise CatalogError(f"{here}/{key}", f"{min(names)!r} is listed twice")
        if not members and not may:
            raise CatalogError(here, "allows nothing: list it under refused_modules")
        modules[name] = Module(members | may.keys(), None, MappingProxyType(needing), MappingProxyType(may))
    if not isinstance(refused, dict):
        raise CatalogError("/refused_modules", "must be an object")
    for word, text in refused.items():
        here = f"/refused_modules/{word}"
        module = refused_module(_capability(word, here))
        for name in _words(text, here, also="."):
            if name in modules:
                raise CatalogError(here, f"{name!r} is listed twice")
            modules[name] = module
    return modules


def _by_capability(value: Json, place: str) -> dict[str, Capability]:
    if not isinstance(value, dict):
        raise CatalogError(place, "must be an object of capability words")
    found: dict[str, Capability] = {}
    for word, text in value.items():
        here = f"{place}/{word}"
        capability = _capability(word, here)
        for name in _words(text, here):
            if name in found:
                raise CatalogError(here, f"{name!r} is listed twice")
            found[name] = capability
    return found


def _td_module(td_globals: Mapping[str, Entry]) -> Module:
    """``td.X`` is the global ``X``: a member where looking at it is enough, else a member that needs what X needs."""
    looking = (None, Capability.TD_READ)
    return Module(
        members=frozenset(name for name, entry in td_globals.items() if entry.needs in looking),
        needs=None,
        needing=MappingProxyType({n: e.needs for n, e in td_globals.items() if e.needs and e.needs not in looking}),
        may=MappingProxyType({n: e.may for n, e in td_globals.items() if e.may and e.needs in looking}),
    )


def _parameters(
    value: Json,
) -> tuple[dict[str, Parameter], list[tuple[str, str, Parameter]], dict[str, dict[str, Parameter]]]:
    """The rules for exact names, for names with a ``*``, and for one operator type only."""
    anywhere: dict[str, Parameter] = {}
    globs: list[tuple[str, str, Parameter]] = []
    by_type: dict[str, dict[str, Parameter]] = {}
    for index, group in enumerate(_groups(value, "/parameters")):
        here = f"/parameters/{index}"
        _fields(group, here, required=("needs", "why", "names"), optional=("types", "media"))
        needs, media = _capability(group["needs"], f"{here}/needs"), _optional(group, "media", here)
        if media is needs:
            raise CatalogError(f"{here}/media", "must differ from needs: it is the weaker capability")
        rule = Parameter(needs, _why(group, here), media)
        names = _words(group["names"], f"{here}/names", also="#*")
        if group["names"] != parameter_key(group["names"]):
            name = next(name for name in names if name != parameter_key(name))
            raise CatalogError(f"{here}/names", f"{name!r} must be written {parameter_key(name)!r}")
        targets = [anywhere]
        if "types" in group:
            kinds = _words(group["types"], f"{here}/types")
            targets = [by_type.setdefault(kind.lower(), {}) for kind in kinds]
        for name in names:
            beginning, star, end = name.partition("*")
            if star:
                if "types" in group or "*" in end:
                    raise CatalogError(f"{here}/names", f"{name!r}: one '*' at most, and none beside 'types'")
                globs.append((beginning, end, rule))
                continue
            for target in targets:
                if name in target:
                    raise CatalogError(f"{here}/names", f"{name!r} is listed twice")
                target[name] = rule
    return anywhere, globs, by_type


def _operator_types(value: Json) -> dict[str, Capability]:
    types: dict[str, Capability] = {}
    if not isinstance(value, dict):
        raise CatalogError("/operator_types", "must be an object of capability words")
    for word, families in value.items():
        capability = _capability(word, f"/operator_types/{word}")
        _fields(families, f"/operator_types/{word}", required=(), optional=FAMILIES)
        for family, text in families.items():
            here = f"/operator_types/{word}/{family}"
            for stem in _words(text, here):
                name = (stem + family).lower()
                if name in types:
                    raise CatalogError(here, f"{stem}{family} is listed twice")
                types[name] = capability
    return types
