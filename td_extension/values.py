"""The values that travel along the way of a call. Frozen, plain, and free of behaviour.

Every other module of the core imports downward to this one; it imports nothing of ours. Strings exist at
the borders only: inside, an outcome, a mode, a capability or a refusal's code is a member of an enum here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A value that `json.loads` can return: None, bool, int, float, str, list, dict with str keys."""

ANONYMOUS = "anonymous"
"""The grant of a caller that shows no key."""


class Capability(enum.Enum):
    """What an action can do, in the words a person allows or denies (DESIGN section 3)."""

    TD_READ = "td.read"
    TD_WRITE = "td.write"
    TD_CREATE = "td.create"
    TD_DELETE = "td.delete"
    TD_CODE = "td.code"
    TD_RUN = "td.run"
    TD_PROJECT = "td.project"
    TD_UI = "td.ui"
    FILE_READ = "file.read"
    FILE_WRITE = "file.write"
    NET = "net"
    PROCESS = "process"
    IMPORT = "import"
    REFLECTION = "reflection"
    DYNAMIC = "dynamic"
    BLOCK = "block"
    GUARD = "guard"
    """Touches PolicyGuard itself. No profile holds it and no policy can grant it."""


EVERYTHING = frozenset(Capability) - {Capability.GUARD}
"""All that can be granted at all."""


class Mode(enum.Enum):
    """How far the guard goes (DESIGN section 3, *Mode*)."""

    ENFORCE = "enforce"
    MONITOR = "monitor"
    LOCKDOWN = "lockdown"


class Outcome(enum.Enum):
    """What was decided about one tool call."""

    ALLOW = "allow"
    DENY = "deny"
    PENDING = "pending"
    LIMITED = "limited"


class Category(enum.Enum):
    """The first word of a refusal, by which an agent knows what kind of answer would help."""

    PERMISSION = "PERMISSION"
    RATE_LIMITED = "RATE_LIMITED"
    APPROVAL_REQUIRED = "APPROVAL_REQUIRED"
    GUARD_DOWN = "GUARD_DOWN"


class Code(enum.Enum):
    """Stable codes of refusals: they appear in replies and in the audit, and do not change between releases."""

    # 1 Transport
    BODY_TOO_LARGE = "body-too-large"
    BROWSER_REQUEST = "browser-request"
    FOREIGN_HOST = "foreign-host"
    FOREIGN_PEER = "foreign-peer"
    RESERVED_HEADER = "reserved-header"
    MALFORMED_REQUEST = "malformed-request"
    UNKNOWN_GRANT = "unknown-grant"
    REPEATED_HEADER = "repeated-header"
    MISSING_HOST = "missing-host"
    CONTENT_TYPE = "content-type"
    # 2 Protocol
    UNKNOWN_ROUTE = "unknown-route"
    MALFORMED_BODY = "malformed-body"
    AMBIGUOUS_ARGUMENT = "ambiguous-argument"
    UNKNOWN_ARGUMENT = "unknown-argument"
    MISSING_ARGUMENT = "missing-argument"
    MISTYPED_ARGUMENT = "mistyped-argument"
    MISPLACED_ARGUMENT = "misplaced-argument"
    MISSPELLED_ARGUMENT = "misspelled-argument"
    BODY_IN_QUERY = "body-in-query"
    DUPLICATE_KEY = "duplicate-key"
    UNRESOLVED_PATH = "unresolved-path"
    TOO_MUCH = "too-much"
    # 3 Script
    SCRIPT_TOO_LARGE = "script-too-large"
    SCRIPT_TEXT = "script-text"
    SCRIPT_SYNTAX = "script-syntax"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_MEMBER = "unknown-member"
    FORBIDDEN_SYNTAX = "forbidden-syntax"
    MISSING_CAPABILITY = "missing-capability"
    DEADLINE = "deadline"
    # 4 Policy
    TOOL_DENIED = "tool-denied"
    TOOL_HIDDEN = "tool-hidden"
    DEFAULT_DENY = "default-deny"
    RATE_LIMIT = "rate-limit"
    APPROVAL_NEEDED = "approval-needed"
    NO_POLICY = "no-policy"
    NO_OVERLAY = "no-overlay"
    CONDITION_NOT_MET = "condition-not-met"
    VALUE_TOO_LONG = "value-too-long"
    VALUE_MISTYPED = "value-mistyped"
    FACT_UNKNOWN = "fact-unknown"
    OUTSIDE_NODES = "outside-nodes"
    UNCOUNTABLE_AMOUNT = "uncountable-amount"
    FRAME_RATE_LOW = "frame-rate-low"
    BACK_OFF = "back-off"
    LIMITS_UNKNOWN = "limits-unknown"
    LOCKDOWN = "lockdown"
    # 5 Audit
    AUDIT_FAILED = "audit-failed"
    # the guard itself
    GUARD_DOWN = "guard-down"
    INTERNAL = "internal-error"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool call, as the guarded server would understand it.

    Attributes:
        tool: the tool's MCP name, e.g. ``get_td_nodes``; never a route.
        args: the effective arguments under their MCP names, e.g. ``{"nodePath": "/project1"}``.
        code: the Python text the call carries, or None.
        targets: the operator paths the call names, as written.
    """

    tool: str
    args: Mapping[str, Json]
    code: str | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks.

    Attributes:
        peer: address of the peer without its port, e.g. ``127.0.0.1``.
        grant: name of the grant whose key was shown, or `ANONYMOUS`.
        protocol: name of the dialect, e.g. ``touchdesigner-mcp``.
    """

    peer: str
    grant: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is not carried out, in words a person or an agent can act on.

    Attributes:
        category: the kind of answer.
        code: the stable code.
        message: one sentence, without a trailing full stop, that says what was refused and what would help.
        rule: JSON pointer of the rule that decided, e.g. ``/tools/delete_td_node``; empty before stage 4.
        retry_after_s: seconds until the same call may pass, or None where waiting does not help.
        line: the line of the script that was refused, counted from 1, or None.
    """

    category: Category
    code: Code
    message: str
    rule: str = ""
    retry_after_s: float | None = None
    line: int | None = None
