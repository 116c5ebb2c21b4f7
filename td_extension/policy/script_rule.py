"""What the scripts of a tool may do: a profile, and what a policy adds to it and takes from it.

    rule     := profile (" " change)*              edit +td.delete -td.create ?td.code +file.read(/project/data/**)
    change   := "+" use | "-" capability | "?" capability
    use      := capability | capability "(" pattern ")"

``+`` allows, ``-`` denies, ``?`` asks: a person approves each call that needs it, whether or not the profile has it.
Patterns (`patterns.py`) go with `file.read` and `file.write` (a path), `net` (a host) and `import` (a module). A module
that is named is trusted as a whole, whatever it does: nobody watches inside it. A document says the same in lists:

    {"profile": "edit", "allow": ["td.delete", "file.read(/project/data/**)"], "deny": ["td.create"],
     "ask": ["td.code"], "modules": ["scipy"]}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..values import Capability, Json
from .patterns import Pattern, PatternError, host_pattern, module_pattern, path_pattern
from .wording import plain_text, quoted, suggestion

_INSPECT = frozenset({Capability.TD_READ})
_EDIT = _INSPECT | {Capability.TD_WRITE, Capability.TD_CREATE}
_BUILD = _EDIT | {Capability.TD_DELETE, Capability.TD_CODE}
_NEVER_TRUSTED = {Capability.GUARD, Capability.PROCESS, Capability.REFLECTION, Capability.DYNAMIC}

PROFILES: Mapping[str, frozenset[Capability]] = MappingProxyType(
    {
        "inspect": _INSPECT,
        "edit": _EDIT,
        "build": _BUILD,
        "trusted": frozenset(Capability) - _NEVER_TRUSTED,
    }
)
"""What a script may do, by the name of its profile (DESIGN section 3)."""

DEFAULT_PROFILE = "edit"

UNBOUNDED = frozenset({Capability.PROCESS, Capability.REFLECTION, Capability.DYNAMIC})
"""What leads out of everything that the guard can see. Granted only where a policy names it by itself."""

MAX_PATTERNS = 32
"""The most patterns of one rule: each may be looked at whenever a script opens something."""
MAX_RULE = 2_000
_MAX_SHOWN = 200

_PATTERN_OF: Mapping[Capability, Callable[[str], Pattern]] = MappingProxyType(
    {
        Capability.FILE_READ: path_pattern,
        Capability.FILE_WRITE: path_pattern,
        Capability.NET: host_pattern,
        Capability.IMPORT: module_pattern,
    }
)
_BY_WORD: Mapping[str, Capability] = MappingProxyType({capability.value: capability for capability in Capability})
CHANGEABLE = tuple(word for word in _BY_WORD if word != Capability.GUARD.value)
"""The capabilities that a policy may name."""
_CHANGE = re.compile(r"([+?-])([^\s()]*)(?:\((.*?)\)(?=\s|$))?(?:\s+|$)")
_ADDITION = re.compile(r"([^\s()]*)(?:\((.*)\))?")


class RuleError(ValueError):
    """A rule that cannot be used.

    Attributes:
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Scopes:
    """The capabilities that are granted for some files, hosts or modules only, each with its patterns."""

    patterns: Mapping[Capability, tuple[Pattern, ...]]

    def allows(self, capability: Capability, resource: str) -> bool:
        """Whether a pattern of the capability certainly covers a path, a host or a module."""
        return any(pattern.covers(resource) for pattern in self.patterns.get(capability, ()))

    def told(self, capability: Capability) -> str:
        """The patterns of a capability, for people; empty where it has none."""
        return plain_text(", ".join(pattern.text for pattern in self.patterns.get(capability, ())), _MAX_SHOWN)


NO_SCOPES = Scopes(MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that a rule allows: a capability, everywhere or where a pattern says."""

    capability: Capability
    pattern: Pattern | None


@dataclass(frozen=True, slots=True)
class ScriptGrants:
    """What scripts may do. Built by `script_grants`.

    Attributes:
        profile: a name in `PROFILES`.
        granted: the capabilities that are granted everywhere.
        scopes: those that are granted somewhere.
        ask: those that a person grants, call by call; none of them is in `granted`.
        text: the rule for people, e.g. ``edit +td.delete ?td.code``, at most 200 characters.
    """

    profile: str
    granted: frozenset[Capability]
    scopes: Scopes
    ask: frozenset[Capability]
    text: str

    def allows(self, capability: Capability, resource: str) -> bool:
        """Whether a script may use the capability on a path, a host or a module, without a person being asked."""
        return capability in self.granted or self.scopes.allows(capability, resource)

    def content(self) -> Json:
        """All of the rule, in one spelling, for a policy's digest."""
        if not self.scopes.patterns and not self.ask and self.granted == PROFILES[self.profile]:
            return self.profile
        return {
            "profile": self.profile,
            "granted": sorted(one.value for one in self.granted),
            "ask": sorted(one.value for one in self.ask),
            "scopes": {
                one.value: sorted(pattern.text for pattern in patterns)
                for one, patterns in self.scopes.patterns.items()
            },
        }


def script_grants(
    profile: str,
    allow: Iterable[Addition] = (),
    deny: Iterable[Capability] = (),
    ask: Iterable[Capability] = (),
) -> ScriptGrants:
    """What a profile and its changes come to. What is asked for is not granted, whoever else allows it.

    Args:
        profile: a name in `PROFILES`.
        allow: what is added.
        deny: what is taken away.
        ask: what a person approves call by call.

    Raises:
        RuleError: where the changes contradict each other, or name what no policy can grant.
    """
    additions, denied, asked = list(allow), frozenset(deny), frozenset(ask)
    everywhere = frozenset(one.capability for one in additions if one.pattern is None)
    if Capability.GUARD in everywhere | denied | asked:
        raise _no_guard()
    for one in _in_order(denied & (everywhere | asked)):
        raise RuleError(f"{one.value} is denied, and allowed or asked for as well", "keep one of the two")
    granted = (PROFILES[profile] | everywhere) - denied - asked
    patterns: dict[Capability, tuple[Pattern, ...]] = {}
    for addition in additions:
        one, pattern = addition.capability, addition.pattern
        if pattern is None:
            continue
        if one in granted:
            message = f"{one.value} is allowed everywhere, so {quoted(pattern.text)} has no effect"
            raise RuleError(message, f"remove it, or deny {one.value} everywhere else")
        known = patterns.get(one, ())
        patterns[one] = known if pattern in known else (*known, pattern)
    if sum(map(len, patterns.values())) > MAX_PATTERNS:
        raise RuleError("the rule has too many patterns", f"keep to {MAX_PATTERNS}")
    scopes = Scopes(MappingProxyType({one: patterns[one] for one in _in_order(patterns)}))
    return ScriptGrants(profile, granted, scopes, asked, _told(profile, granted, scopes, asked))


def both(one: ScriptGrants, other: ScriptGrants) -> ScriptGrants:
    """What scripts may do that two rules hold to at once; of patterns, what both name in the same words."""
    may_one, may_other = one.granted | one.ask, other.granted | other.ask
    patterns: dict[Capability, tuple[Pattern, ...]] = {}
    for capability in _in_order({*one.scopes.patterns, *other.scopes.patterns}):
        mine, others = one.scopes.patterns.get(capability, ()), other.scopes.patterns.get(capability, ())
        if capability in other.granted:
            patterns[capability] = mine
        elif capability in one.granted:
            patterns[capability] = others
        else:
            patterns[capability] = tuple(pattern for pattern in mine if pattern in others)
    scopes = Scopes(MappingProxyType({capability: found for capability, found in patterns.items() if found}))
    ask = (one.ask | other.ask) & may_one & may_other
    text = one.text if one.text == other.text else plain_text(f"{one.text} and {other.text}", _MAX_SHOWN)
    return ScriptGrants(one.profile, one.granted & other.granted, scopes, ask, text)


def parse_rule(text: str) -> ScriptGrants:
    """Read a rule from one line, e.g. a cell of the table.

    Raises:
        RuleError: with what was found and what to write instead.
    """
    if len(text) > MAX_RULE:
        raise RuleError(f"the rule has {len(text):,} characters", f"keep it to {MAX_RULE:,}")
    profile, *others = text.split(maxsplit=1) or [""]
    if not others and profile.lower() in UNCHANGED:
        return UNCHANGED[profile.lower()]
    if profile[:1] in ("+", "-", "?"):
        remedy = f"write the profile first, such as {DEFAULT_PROFILE} +td.delete"
        raise RuleError(f"{quoted(profile)} changes no profile", remedy)
    if profile.lower() not in PROFILES:
        known = ", ".join(PROFILES)
        raise RuleError(f"found {quoted(profile)}, expected {known}", suggestion(profile.lower(), tuple(PROFILES)))
    allow: list[Addition] = []
    deny: list[Capability] = []
    ask: list[Capability] = []
    rest, at = "".join(others).strip(), 0
    while at < len(rest):
        change = _CHANGE.match(rest, at)
        if change is None:
            found = quoted(rest[at:].split()[0])
            remedy = "write + - or ? and a capability, such as +td.delete or +file.read(/project/data/**)"
            raise RuleError(f"{found} is no change of a profile", remedy)
        sign, word, pattern = change[1], change[2].lower(), change[3]
        if sign == "+":
            allow.append(_addition(word, pattern))
        else:
            (deny if sign == "-" else ask).append(_capability(word, pattern))
        at = change.end()
    return script_grants(profile.lower(), allow, deny, ask)


def parse_addition(text: str) -> Addition:
    """Read what a document allows: ``td.delete`` or ``file.read(/project/data/**)``.

    Raises:
        RuleError: with what was found and what to write instead.
    """
    found = _ADDITION.fullmatch(text)
    if found is None or len(text) > MAX_RULE:
        raise RuleError(f"{quoted(text)} is no capability", "write one such as td.delete or net(api.example.com)")
    return _addition(found[1], found[2])


def parse_capability(text: str) -> Capability:
    """Read what a document denies or asks for: ``td.delete``, without a pattern.

    Raises:
        RuleError: with what was found and what to write instead.
    """
    found = _ADDITION.fullmatch(text)
    if found is None or len(text) > MAX_RULE:
        raise RuleError(f"{quoted(text)} is no capability", "write one such as td.delete")
    return _capability(found[1], found[2])


def parse_module(text: str) -> Addition:
    """Read the name of a module that may be imported.

    Raises:
        RuleError: with what was found and what to write instead.
    """
    return _addition(Capability.IMPORT.value, text)


def _addition(word: str, pattern: str | None) -> Addition:
    capability = _known(word)
    if pattern is None:
        return Addition(capability, None)
    if capability not in _PATTERN_OF:
        known = ", ".join(one.value for one in _PATTERN_OF)
        raise RuleError(f"{word} takes no pattern", f"write it without parentheses; patterns go with {known}")
    try:
        return Addition(capability, _PATTERN_OF[capability](pattern))
    except PatternError as error:
        raise RuleError(f"{word}: {error.message}", error.remedy) from None


def _capability(word: str, pattern: str | None) -> Capability:
    if pattern is not None:
        raise RuleError(f"{word}({quoted(pattern)}) has a pattern", "patterns go only with what is allowed, after +")
    return _known(word)


def _known(word: str) -> Capability:
    capability = _BY_WORD.get(word)
    if capability is None:
        raise RuleError(f"{quoted(word)} is no capability", suggestion(word, CHANGEABLE))
    if capability is Capability.GUARD:
        raise _no_guard()
    return capability


def _no_guard() -> RuleError:
    return RuleError("guard can never be granted", "remove it; no policy lets a script touch PolicyGuard")


def _in_order(capabilities: Iterable[Capability]) -> list[Capability]:
    return sorted(capabilities, key=list(Capability).index)


def _told(profile: str, granted: frozenset[Capability], scopes: Scopes, ask: frozenset[Capability]) -> str:
    own = PROFILES[profile]
    changes = [
        *(f"+{one.value}" for one in _in_order(granted - own)),
        *(f"+{one.value}({pattern.text})" for one, patterns in scopes.patterns.items() for pattern in patterns),
        *(f"-{one.value}" for one in _in_order(own - granted - ask)),
        *(f"?{one.value}" for one in _in_order(ask)),
    ]
    return plain_text(" ".join([profile, *changes]), _MAX_SHOWN)


UNCHANGED: Mapping[str, ScriptGrants] = MappingProxyType({profile: script_grants(profile) for profile in PROFILES})
"""What each profile grants without a change."""
