# mypy: disable-error-code="name-defined", allow-untyped-defs, allow-untyped-calls
# ruff: noqa: F821
"""The Execute DAT of the PolicyGuard component: once a frame, it has the guard look after itself and its servers.

TouchDesigner calls `onCreate` when a .tox is dropped and when a project is loaded, `onStart` when it starts
(td_runtime.md section 3). It imports nothing, so that it still says what is wrong where the guard does not load.
"""


def onFrameStart(frame):
    _look()


def onStart():
    _look()


def onCreate():
    _look()


def _look():
    guard = parent()
    try:
        guard.ext.PolicyGuardExt.OnFrame()
    except Exception as error:
        told = f"broken: the guard does not run, so its servers refuse every call ({type(error).__name__})"
        if guard.comment != told:
            guard.comment = told
            guard.color = (0.8, 0.1, 0.1)
            guard.par.Status = f"{told}: {error}"
