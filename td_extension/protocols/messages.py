"""What every dialect shares: the reply that goes back, and strict reading of JSON."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, NoReturn

from ..values import Category, Code, Json, Refusal


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply, ready to be written into the Web Server DAT's response dict."""

    status: int
    reason: str
    body: str


EMPTY_FORBIDDEN = Reply(403, "Forbidden", "")
"""The answer to a web page: nothing to read, and no CORS header that would let it be read."""


class _Duplicate(ValueError):
    pass


def read_object(text: str) -> dict[str, Json] | Refusal:
    """Parse a JSON object strictly: no duplicate keys, no NaN, no text that UTF-8 cannot hold.

    Servers disagree with each other, and with guards, on exactly these points, so they are refused rather than
    read one way or the other.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        # Finds infinities (1e999) and lone surrogates (escapes that decode to half a character).
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except _Duplicate as error:
        return Refusal(
            Category.PERMISSION, Code.DUPLICATE_KEY, f"the JSON key {error.args[0][:60]!r} occurs twice; send it once"
        )
    except RecursionError:
        return malformed("the body nests too deeply")
    except UnicodeError:
        return malformed("the body holds half of a surrogate pair")
    except ValueError as error:
        return malformed(f"the body is not valid JSON ({error})")
    if not isinstance(value, dict):
        return malformed("the body must be one JSON object")
    return value


def malformed(what: str) -> Refusal:
    """A refusal for a body that cannot be read in exactly one way."""
    return Refusal(Category.PERMISSION, Code.MALFORMED_BODY, what)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        raise _Duplicate(next(key for key, count in counted.items() if count > 1))
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_VERBS = {
    Category.PERMISSION: "denied",
    Category.RATE_LIMITED: "limited",
    Category.APPROVAL_REQUIRED: "holds",
    Category.GUARD_DOWN: "is down and denied",
}


def refusal_text(refusal: Refusal, tool: str, decision_id: str, hint: str = "") -> str:
    """The sentence an agent reads: what was refused, where, why, what would help, and how to find it again.

    Args:
        refusal: why the call is not carried out.
        tool: the tool's MCP name, or "this request" before the tool is known.
        decision_id: the id under which the decision stands in the audit.
        hint: what follows, e.g. how to ask before; empty for nothing.
    """
    place = f" at line {refusal.line}" if refusal.line is not None else ""
    wait = f"; retry in {math.ceil(refusal.retry_after_s)} s" if refusal.retry_after_s is not None else ""
    rule = f" Rule {refusal.rule}." if refusal.rule else ""
    return (
        f"{refusal.category.value}: PolicyGuard {_VERBS[refusal.category]} {tool}{place}: {refusal.message}{wait}."
        f"{rule} Code {refusal.code.value}. Decision {decision_id}{f'. {hint}' if hint else ''}"
    )
