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
    _cut_off(webServerDAT, client)


def onWebSocketClose(webServerDAT, client):
    pass


def onWebSocketReceivePing(webServerDAT, client, data):
    _cut_off(webServerDAT, client)


def onWebSocketReceivePong(webServerDAT, client, data):
    _cut_off(webServerDAT, client)


def onWebSocketReceiveText(webServerDAT, client, data):
    _cut_off(webServerDAT, client)


def onWebSocketReceiveBinary(webServerDAT, client, data):
    _cut_off(webServerDAT, client)


def _cut_off(webServerDAT, client):
    """A message could carry a call that nobody has judged, and nothing tells where it comes from: a web page may open
    a WebSocket to any port. The connection ends before a message, also where the guard is down."""
    try:
        parent().ext.PolicyGuardExt.RefuseWebSocket(webServerDAT, client)
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


def _is_of_a_page(request):
    """Whether a web page may have sent this: by itself, or by a name of its own that it lets point here."""
    headers = {str(key).lower(): value for key, value in request.items()}
    host = str(headers.get("host", "")).lower()
    names_us = host.partition(":")[0] in ("127.0.0.1", "localhost")
    return not names_us or any(mark in headers for mark in ("origin", "referer", "sec-fetch-site", "sec-fetch-dest"))


def _down(webServerDAT, request, response, error):
    """The guard cannot decide: the handshake passes, rebuilt from nothing; all else is refused."""
    if request.get("method") == "GET" and request.get("uri") == "/api/td/server/td" and not _is_of_a_page(request):
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
