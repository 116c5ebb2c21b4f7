"""What a policy says about a script that was judged: allowed, refused, or for a person to approve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .policy.script_rule import ScriptGrants
from .script.report import ScriptReport, Use, first_standing, refused_uses
from .values import Capability, Mode


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about one script, for one caller.

    Attributes:
        report: the judgement.
        refused: the uses that nobody can approve, in the order of the text.
        asked: the uses that a person has to approve before anything runs; none where `refused` has any.
        approvable: what a person's approval of this very script grants: everything asked for that it needs or may need.
    """

    report: ScriptReport
    refused: Sequence[Use]
    asked: Sequence[Use]
    approvable: frozenset[Capability]

    def standing(self, mode: Mode) -> Sequence[Use]:
        """The uses for which the script is refused in this mode, whatever a person says."""
        if mode is not Mode.MONITOR:
            return self.refused
        stands = first_standing(self.report)
        return () if stands is None else (stands,)


def ruling_on(report: ScriptReport, grants: ScriptGrants) -> Ruling:
    """Decide about a script.

    Args:
        report: the judgement.
        grants: what the policy grants the scripts of this call's tool.
    """
    refused = refused_uses(report, grants.granted | grants.ask, grants.scopes)
    asked = refused_uses(report, grants.granted, grants.scopes) if grants.ask and not refused else []
    approvable = grants.ask & report.possible() if grants.ask else grants.ask
    return Ruling(report, refused, asked, approvable)
