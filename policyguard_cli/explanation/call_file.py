"""A call as a person describes it, for `policyguard policy explain`.

    {"tool": "update_td_node_parameters", "args": {"nodePath": "/project1/a", "properties": {"tx": 1}},
     "grant": "stage", "overlay": "stage", "caller": "127.0.0.1",
     "perform_mode": false, "frame_rate": 60, "hour": 20.5,
     "targets": [{"path": "/project1/a", "op_type": "baseCOMP", "op_family": "COMP", "parameter_kinds": ["value"]}]}

Only ``tool`` is required. What is left out of the show is not known, as where TouchDesigner could not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from td_extension.policy.condition_document import plain
from td_extension.policy.facts import TargetFacts
from td_extension.policy.json_text import JsonTextError, Node, parse
from td_extension.policy.reading import Reading
from td_extension.values import ANONYMOUS, Json

_KEYS = ("tool", "args", "grant", "overlay", "caller", "perform_mode", "frame_rate", "hour", "targets")
_TARGET_KEYS = ("path", "op_type", "op_family", "parameter_kinds")
_EXAMPLE = '{"tool": "create_td_node", "args": {"parentPath": "/project1"}}'
_MAX_TEXT = 1_000
_PATH_ARGUMENTS = ("nodePath", "parentPath")


@dataclass(frozen=True, slots=True)
class DescribedCall:
    """A call, and the moment of the show in which it comes.

    Attributes:
        tool: the tool's exact MCP name.
        args: its arguments.
        grant: the caller's grant.
        overlay: the overlay that the grant names; empty for none.
        caller: the peer's address.
        perform_mode, frame_rate, hour: as of `Facts`.
        stated_targets: the operators that it acts on; None where only its arguments tell.
    """

    tool: str
    args: Mapping[str, Json] = field(default_factory=dict)
    grant: str = ANONYMOUS
    overlay: str = ""
    caller: str = "127.0.0.1"
    perform_mode: bool | None = None
    frame_rate: float | None = None
    hour: float | None = None
    stated_targets: tuple[TargetFacts, ...] | None = None

    @property
    def script(self) -> str | None:
        """The script that it carries, or None."""
        script = self.args.get("script")
        return script if isinstance(script, str) else None

    @property
    def targets(self) -> tuple[TargetFacts, ...]:
        """The operators that it acts on; of those that only its arguments name nothing but the path is known."""
        if self.stated_targets is not None:
            return self.stated_targets
        paths = [self.args.get(name) for name in _PATH_ARGUMENTS]
        return tuple(TargetFacts(path) for path in paths if isinstance(path, str))


class CallError(ValueError):
    """A description that cannot be used.

    Attributes:
        problems: ``line 1, column 2: what was found; what to write instead``; never empty.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_call(text: str) -> DescribedCall:
    """Read the description of a call from JSON.

    Raises:
        CallError: with everything that is wrong with it.
    """
    reading = Reading(text)
    try:
        document = parse(text)
    except JsonTextError as error:
        reading.error(error.at, error.message, error.remedy)
        raise _failure(reading) from None
    for member in document.repeated:
        reading.error(member.at, f"the key {member.key!r} occurs twice in its object", "keep one of them")
    call = _call(reading, document.root)
    if reading.findings.failed:
        raise _failure(reading)
    return call


def _failure(reading: Reading) -> CallError:
    return CallError(tuple(map(str, reading.findings.failure().problems)))


def _call(reading: Reading, root: Node) -> DescribedCall:
    members = reading.members(root, _KEYS, "the call", _EXAMPLE)
    if isinstance(root.value, dict) and not (members.get("tool") and members["tool"].value):
        reading.error(root.at, "the call names no tool", f"write {_EXAMPLE}")
    args = members.get("args")
    if args is not None and not isinstance(args.value, dict):
        reading.expected(args, "an object for args", '{"nodePath": "/project1"}')
    perform_mode = members.get("perform_mode")
    if perform_mode is not None and not isinstance(perform_mode.value, bool | None):
        reading.expected(perform_mode, "true or false for perform_mode", "true")
    mode = perform_mode.value if perform_mode is not None else None
    return DescribedCall(
        tool=reading.text(members.get("tool"), "tool", _MAX_TEXT),
        args=plain(args) if args is not None and isinstance(args.value, dict) else {},
        grant=reading.text(members.get("grant"), "grant", _MAX_TEXT) or ANONYMOUS,
        overlay=reading.text(members.get("overlay"), "overlay", _MAX_TEXT),
        caller=reading.text(members["caller"], "caller", _MAX_TEXT) if "caller" in members else "127.0.0.1",
        perform_mode=mode if isinstance(mode, bool) else None,
        frame_rate=_number(reading, members.get("frame_rate"), "frame_rate"),
        hour=_number(reading, members.get("hour"), "hour"),
        stated_targets=_targets(reading, members["targets"]) if "targets" in members else None,
    )


def _number(reading: Reading, node: Node | None, what: str) -> float | None:
    if node is None or node.value is None:
        return None
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    reading.expected(node, f"a number for {what}", "a number such as 20")
    return None


def _targets(reading: Reading, node: Node) -> tuple[TargetFacts, ...]:
    if not isinstance(node.value, tuple):
        reading.expected(node, "a list of operators for targets", '[{"path": "/project1", "op_type": "baseCOMP"}]')
        return ()
    return tuple(_target(reading, one) for one in node.value)


def _target(reading: Reading, node: Node) -> TargetFacts:
    members = reading.members(node, _TARGET_KEYS, "a target", '{"path": "/project1", "op_type": "baseCOMP"}')
    if isinstance(node.value, dict) and "path" not in members:
        reading.error(node.at, "the target has no path", 'write {"path": "/project1"}')
    kinds = members.get("parameter_kinds")
    words = kinds.value if kinds is not None and isinstance(kinds.value, tuple) else ()
    if kinds is not None and not isinstance(kinds.value, tuple):
        reading.expected(kinds, "a list for parameter_kinds", '["value", "code"]')
    return TargetFacts(
        path=reading.text(members.get("path"), "path", _MAX_TEXT),
        op_type=reading.text(members.get("op_type"), "op_type", _MAX_TEXT),
        op_family=reading.text(members.get("op_family"), "op_family", _MAX_TEXT),
        parameter_kinds=frozenset(reading.text(one, "a parameter kind", _MAX_TEXT) for one in words),
    )
