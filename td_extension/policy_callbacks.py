# mypy: disable-error-code="name-defined", allow-untyped-defs, allow-untyped-calls
# ruff: noqa: F821
"""The DAT Execute DAT of the PolicyGuard component: a person edited the Table DAT `policy`.

Before build 2025.30000 TouchDesigner hands over the table alone, since then also what changed (td_runtime.md section
3); neither is used, for the guard reads the table itself.
"""


def onTableChange(dat, *more):
    parent().ext.PolicyGuardExt.PolicyEdited()
