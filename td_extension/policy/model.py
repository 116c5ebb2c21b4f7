"""What a policy is, whichever way it was spelled. Frozen values, the names of the tools, and the profiles."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .script_rule import DEFAULT_PROFILE as DEFAULT_PROFILE
from .script_rule import PROFILES as PROFILES
from .script_rule import ScriptGrants

MAX_LIMIT = 10_000
"""The largest `max` of a limit: its sliding log keeps one instant a call (DESIGN section 4)."""

MIN_WINDOW_S = 0.001
MAX_WINDOW_S = 366 * 86_400.0
MAX_LIMITS = 16
"""The most limits that one tool, or all tools together, may have: each is looked at in every call."""

MAX_TOOLS = 1_000
MAX_NAME = 128
MAX_REASON = 500


class Action(enum.Enum):
    """What a rule does with a call of its tool."""

    ALLOW = "allow"
    DENY = "deny"
    REQUIRE_APPROVAL = "require_approval"


class Scope(enum.Enum):
    """Whose calls a limit counts together."""

    GRANT = "grant"
    TOOL = "tool"
    GLOBAL = "global"


class Severity(enum.Enum):
    """Whether a problem keeps a policy from loading."""

    ERROR = "error"
    WARNING = "warning"


class Risk(enum.Enum):
    """What the worst call of a tool does."""

    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"
    DESTRUCTIVE = "destructive"


TOOLS: Mapping[str, Risk] = MappingProxyType(
    {
        "get_td_info": Risk.READ,
        "get_td_nodes": Risk.READ,
        "get_td_node_parameters": Risk.READ,
        "get_td_node_errors": Risk.READ,
        "get_td_classes": Risk.READ,
        "get_td_class_details": Risk.READ,
        "get_td_module_help": Risk.READ,
        "get_top_image": Risk.READ,
        "describe_td_tools": Risk.READ,
        "create_td_node": Risk.WRITE,
        "update_td_node_parameters": Risk.WRITE,
        "exec_node_method": Risk.EXECUTE,
        "execute_python_script": Risk.EXECUTE,
        "delete_td_node": Risk.DESTRUCTIVE,
    }
)
"""The 14 tools of 8beeeaaat/touchdesigner-mcp (mcp_servers.md section 2.2), with the risk class of each."""

HANDSHAKE_TOOL = "get_td_info"
"""Answered whatever the policy says, for without it the client gives up on every tool (DESIGN section 5)."""

CLIENT_TOOL = "describe_td_tools"
"""Answered by the client itself; it never reaches TouchDesigner (mcp_servers.md section 2.2)."""

PROFILED_TOOLS = ("execute_python_script", "exec_node_method", "update_td_node_parameters", "create_td_node")
"""The tools whose calls are held to a profile: a script by what it does, the others by what they do to their target."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max` calls in any `window_s` seconds.

    Attributes:
        counter: name of the counter; limits of the same counter, scope and window count together.
        max: calls, 1 to `MAX_LIMIT`.
        window_s: length of the sliding window in seconds.
        scope: whose calls are counted together.
        pointer: JSON pointer of the limit, e.g. ``/tools/execute_python_script/limits/0``.
    """

    counter: str
    max: int
    window_s: float
    scope: Scope
    pointer: str


@dataclass(frozen=True, slots=True)
class ScriptRule:
    """What the scripts of a tool may do.

    Attributes:
        grants: the profile and its changes.
        pointer: JSON pointer of the place where they are stated, or would be where the policy states none.
    """

    grants: ScriptGrants
    pointer: str

    @property
    def profile(self) -> str:
        """The name of the profile."""
        return self.grants.profile


@dataclass(frozen=True, slots=True)
class ToolRule:
    """What holds for one tool.

    Attributes:
        action: what is done with its calls.
        reason: why, as a person wrote it; may be empty.
        limits: how often it may be called.
        script: what its scripts may do; None where the policy does not say.
        pointer: JSON pointer of the rule, e.g. ``/tools/delete_td_node``.
    """

    action: Action
    reason: str
    limits: tuple[Limit, ...]
    script: ScriptRule | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that loaded without an error. Built by `make_policy`.

    Attributes:
        default: what is done with a tool that is not listed.
        default_reason: why, as a person wrote it; may be empty.
        tools: the rules, by the exact name of the tool.
        all_tools: the limits that count the calls of all tools together.
        hide: names of tools that are refused as if they did not exist; ``*`` stands for all.
        origin: where it came from, for people, e.g. ``policy.json``.
        digest: SHA-256 in lower-case hex over the content; the same for the same rules whatever their order.
    """

    default: Action
    default_reason: str
    tools: Mapping[str, ToolRule]
    all_tools: tuple[Limit, ...]
    hide: frozenset[str]
    origin: str
    digest: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a policy.

    Attributes:
        message: what was found.
        place: where, e.g. ``row 3, column limit`` or ``line 4, column 7``.
        remedy: what to do about it.
        severity: whether it keeps the policy from loading.
    """

    message: str
    place: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy, and the warnings that were found beside it."""

    policy: Policy
    warnings: tuple[Problem, ...]


class PolicyError(Exception):
    """A policy that does not load.

    Attributes:
        problems: all that was found, errors before warnings; never empty.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def pointer_to(*keys: str | int) -> str:
    """The JSON pointer (RFC 6901) that these keys make."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def make_policy(
    *,
    default: Action,
    default_reason: str,
    tools: Mapping[str, ToolRule],
    all_tools: tuple[Limit, ...],
    hide: frozenset[str],
    origin: str,
) -> Policy:
    """Build a policy and compute its digest. Places and the origin do not enter the digest; every rule does."""
    content = {
        "default": default.value,
        "default_reason": default_reason,
        "tools": {name: _rule_content(rule) for name, rule in tools.items()},
        "all_tools": [_limit_content(limit) for limit in all_tools],
        "hide": sorted(hide),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    digest = hashlib.sha256(canonical.encode("ascii")).hexdigest()
    return Policy(default, default_reason, MappingProxyType(dict(tools)), all_tools, hide, origin, digest)


def _rule_content(rule: ToolRule) -> dict[str, object]:
    return {
        "action": rule.action.value,
        "reason": rule.reason,
        "limits": [_limit_content(limit) for limit in rule.limits],
        "script": rule.script.grants.content() if rule.script else None,
    }


def _limit_content(limit: Limit) -> list[object]:
    return [limit.counter, limit.max, float(limit.window_s), limit.scope.value]
