# mypy: disable-error-code="name-defined", allow-untyped-defs, allow-untyped-calls
"""The callbacks DAT that PolicyGuard puts in front of a guarded Web Server DAT.

It imports nothing: should the guard not load, it still stands there, answers the handshake (without which the MCP
server's client gives up on every tool) and refuses everything else. `parent` is TouchDesigner's global: inside the
component it gives the component.
"""


def onHTTPRequest(webServerDAT, request, response):
    try:
        return parent().ext.PolicyGuardExt.HandleRequest(webServerDAT, request, response)
    except BaseException as error:
        return _down(webServerDAT, request, response, type(error).__name__)


def onServerStart(webServerDAT):
    _pass_on("onServerStart", webServerDAT)


def onServerStop(webServerDAT):
    _pass_on("onServerStop", webServerDAT)


def onWebSocketOpen(webServerDAT, client, uri):
    _pass_on("onWebSocketOpen", webServerDAT, client, uri)


def onWebSocketClose(webServerDAT, client):
    _pass_on("onWebSocketClose", webServerDAT, client)


def onWebSocketReceivePing(webServerDAT, client, data):
    _pass_on("onWebSocketReceivePing", webServerDAT, client, data)


def onWebSocketReceivePong(webServerDAT, client, data):
    _pass_on("onWebSocketReceivePong", webServerDAT, client, data)


def onWebSocketReceiveText(webServerDAT, client, data):
    _message(webServerDAT, client)


def onWebSocketReceiveBinary(webServerDAT, client, data):
    _message(webServerDAT, client)


def _message(webServerDAT, client):
    """A message could carry a call that nobody has judged: the sender is cut off, also where the guard is down."""
    try:
        parent().ext.PolicyGuardExt.RefuseMessage(webServerDAT, client)
    except BaseException:
        webServerDAT.webSocketClose(client)


def _original(webServerDAT):
    """The server's own callbacks DAT: kept in the component's parameter as `server>callbacks` pairs."""
    guard = parent()
    for pair in guard.par.Originals.eval().split():
        server, _, callbacks = pair.partition(">")
        if server == webServerDAT.path:
            return webServerDAT.op(callbacks)
    return None


def _pass_on(name, webServerDAT, *arguments):
    original = _original(webServerDAT)
    function = getattr(original.module, name, None) if original is not None else None
    if function is not None:
        function(webServerDAT, *arguments)


def _down(webServerDAT, request, response, error):
    """The guard cannot decide: the handshake passes, rebuilt from nothing; all else is refused."""
    browser = [key for key in request if str(key).lower() in ("origin", "referer", "sec-fetch-site")]
    if request.get("method") == "GET" and request.get("uri") == "/api/td/server/td" and not browser:
        try:
            clean = {"method": "GET", "uri": "/api/td/server/td", "pars": {}, "data": ""}
            clean.update(clientAddress="", serverAddress="")
            answer = _original(webServerDAT).module.onHTTPRequest(webServerDAT, clean, dict(response))
            return {key: answer[key] for key in ("statusCode", "statusReason", "data")}
        except BaseException as second:
            error = type(second).__name__
    response["statusCode"] = 200
    response["statusReason"] = "Forbidden"
    response["content-type"] = "application/json"
    response["data"] = (
        '{"success": false, "data": null, "errorCategory": "PERMISSION", "error": "GUARD_DOWN: PolicyGuard cannot '
        f"decide this call, so it is refused ({error}). Ask the operator to look at the PolicyGuard component in "
        'TouchDesigner"}'
    )
    return response
