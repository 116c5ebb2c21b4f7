# mypy: disable-error-code="name-defined", allow-untyped-defs, allow-untyped-calls
# ruff: noqa: F821
"""The Parameter Execute DAT of the PolicyGuard component: what a person does to its custom parameters.

Builds differ in what they hand over behind the parameter (td_runtime.md section 3), so only the parameter is read. It
imports nothing: Enable and Uninstall are obeyed here where the guard does not load.
"""


def onValueChange(par, *more):
    if _is_loaded():
        parent().ext.PolicyGuardExt.ParameterChanged(par.name)
    elif par.name == "Enable" and not par.eval():
        _release()


def onPulse(par):
    if _is_loaded():
        parent().ext.PolicyGuardExt.ParameterPulsed(par.name)
    elif par.name == "Uninstall":
        parent().par.Enable = False
        _release()


def _is_loaded():
    try:
        return parent().ext.PolicyGuardExt is not None
    except Exception:
        return False


def _release():
    """Give every server that points here its own callbacks back, from the `server>callbacks` pairs that were kept."""
    guard = parent()
    for pair in guard.par.Originals.eval().split():
        path, _, callbacks = pair.partition(">")
        server = op(path)
        if server is not None and server.par.callbacks.eval() in (None, op("callbacks")):
            server.par.callbacks = callbacks
    guard.par.Originals = ""
