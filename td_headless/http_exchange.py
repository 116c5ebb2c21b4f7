"""One HTTP exchange on the main thread: the request dictionary, the callback, and the answer on the wire."""

from __future__ import annotations

import enum
import http
import re
import traceback
import urllib.parse
from dataclasses import dataclass
from typing import Any

RESERVED_KEYS = ("method", "uri", "pars", "clientAddress", "serverAddress", "data")
_RESPONSE_KEYS = frozenset({"statusCode", "statusReason", "data"})
_FRAMING_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


_SCRIPT_ERRORS = 100
"""Script errors of failing callbacks that a DAT keeps, so that a flood of bad requests does not fill the memory."""


class RepeatedHeaders(enum.Enum):
    """How the values of one header that was sent several times are handed over.

    TouchDesigner's own way is not documented (reference `mcp_servers.md` section 10).
    """

    LAST = "last"
    LIST = "list"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class WireRequest:
    """What came in.

    Attributes:
        method: the method as sent.
        target: the request target as sent, path and query still encoded.
        headers: names and values in the sender's order and case.
        body: the whole body.
        client: address of the peer, without its port.
        server: address that it reached, without its port.
    """

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    client: str
    server: str


@dataclass(frozen=True, slots=True)
class WireResponse:
    """What goes out; `headers` hold no line ends and no framing."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def request_dict(
    request: WireRequest, header_wins: bool, repeated: RepeatedHeaders = RepeatedHeaders.LAST
) -> dict[str, Any]:
    """Return the dictionary that the callback receives (reference `td_runtime.md` section 1).

    Args:
        request: what came in.
        header_wins: what a header does whose name equals a reserved key such as ``data``. TouchDesigner's own answer
            is not documented; True lets the header overwrite the key, False keeps the key.
        repeated: what becomes of a header that was sent several times in the same case.
    """
    path, _, query = request.target.partition("?")
    own: dict[str, Any] = {
        "method": request.method,
        "uri": urllib.parse.unquote(path, errors="replace"),
        "pars": dict(urllib.parse.parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=None)),
        "clientAddress": request.client,
        "serverAddress": request.server,
        "data": _text_or_bytes(request.body),
    }
    headers = _flattened(request.headers, repeated)
    return {**own, **headers} if header_wins else {**headers, **own}


def _flattened(sent: tuple[tuple[bytes, bytes], ...], repeated: RepeatedHeaders) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for name, value in sent:
        values.setdefault(_decoded(name), []).append(_decoded(value))
    match repeated:
        case RepeatedHeaders.LAST:
            return {name: all_values[-1] for name, all_values in values.items()}
        case RepeatedHeaders.LIST:
            return {name: all_values if len(all_values) > 1 else all_values[0] for name, all_values in values.items()}
        case RepeatedHeaders.JOINED:
            return {name: ", ".join(all_values) for name, all_values in values.items()}


def serve(dat: Any, request: dict[str, Any]) -> WireResponse:
    """Answer one request through the callbacks DAT that the Web Server DAT names at this moment.

    An exception in the callback, or in importing its DAT, becomes a script error of the callbacks DAT and an empty 500;
    one in the expression of parameter ``callbacks`` becomes a script error of the Web Server DAT.
    """
    callbacks = dat
    try:
        callbacks = dat.par.callbacks.eval()
        if callbacks is None:
            return _NOT_FOUND
        with dat._world.inside(callbacks):
            function = getattr(callbacks.module, "onHTTPRequest", None)
            if function is None:
                return _NOT_FOUND
            prefilled = {"statusCode": 404, "statusReason": "Not Found", "data": ""}
            answer = function(dat, request, prefilled)
        return wire_response(answer)
    except BaseException:
        # SystemExit and KeyboardInterrupt too: a script that raises them does not end TouchDesigner.
        _keep_error(callbacks)
        return WireResponse(500, "Internal Server Error", (), b"")


def notify(dat: Any, function_name: str, *arguments: Any) -> None:
    """Call a callback that answers nothing, if the callbacks DAT has it; its errors become script errors.

    Args:
        dat: the Web Server DAT, the callback's first argument.
        function_name: e.g. ``onServerStart``, ``onWebSocketReceiveText``.
        arguments: what follows.
    """
    callbacks = dat
    try:
        callbacks = dat.par.callbacks.eval()
        if callbacks is None:
            return
        with dat._world.inside(callbacks):
            function = getattr(callbacks.module, function_name, None)
            if function is not None:
                function(dat, *arguments)
    except BaseException:
        # As in `serve`.
        _keep_error(callbacks)


def _keep_error(dat: Any) -> None:
    """Make the exception that is being handled a script error of `dat`."""
    if dat.valid:
        dat.addScriptError(traceback.format_exc())
        del dat._script_errors[:-_SCRIPT_ERRORS]


def wire_response(answer: Any) -> WireResponse:
    """Turn the dictionary a callback returned into what is sent; raise `TypeError` or `ValueError` when it cannot be.

    Every key beside ``statusCode``, ``statusReason`` and ``data`` is a header; values that are not text, and names that
    are no header names, are left out. A line end in a value becomes a blank, so that it cannot start another header.
    """
    if not isinstance(answer, dict):
        raise TypeError(f"onHTTPRequest must return the response dictionary, not {type(answer).__name__}")
    status = int(answer.get("statusCode", 404))
    if not 200 <= status <= 599:
        raise ValueError(f"statusCode {status} is outside 200 to 599")
    data = answer.get("data", "")
    if isinstance(data, str):
        body = data.encode("utf-8", errors="replace")
    elif isinstance(data, bytes | bytearray):
        body = bytes(data)
    else:
        raise TypeError(f"response['data'] must be str or bytes, not {type(data).__name__}")
    headers = tuple(
        (name, _one_line(value))
        for name, value in answer.items()
        if isinstance(name, str)
        and name not in _RESPONSE_KEYS
        and isinstance(value, str)
        and _TOKEN.fullmatch(name)
        and name.lower() not in _FRAMING_HEADERS
    )
    reason = answer.get("statusReason")
    return WireResponse(
        status, _one_line(reason) if isinstance(reason, str) else _standard_reason(status), headers, body
    )


_NOT_FOUND = WireResponse(404, "Not Found", (), b"")


def _standard_reason(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def _one_line(value: str) -> str:
    printable = "".join(" " if ord(char) < 32 or ord(char) == 127 else char for char in value)
    return printable.encode("utf-8", errors="replace").decode("utf-8")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _text_or_bytes(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body
