"""Where a request comes from: a web page, another machine, a proxy, or a program on this machine.

The peer's address alone is never enough: a header may stand in its place (td_runtime.md section 1), a web page runs
on this machine too, and so does the proxy of a tunnel. Facts: mcp_servers.md sections 4 and 12.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .values import Category, Code, Refusal

_OCTETS = r"127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}"
_LOOPBACK_HOST = re.compile(rf"(?:localhost|{_OCTETS}|\[::1\])(?::\d{{1,5}})?", re.IGNORECASE | re.ASCII)
_PEER = re.compile(r"(?P<bare>\[[0-9a-f:.]+\]|[0-9.]+)(?::\d{1,5})?|(?P<six>[0-9a-f:.]+)", re.IGNORECASE | re.ASCII)

_OF_BROWSERS = (
    "origin",
    "referer",
    "sec-fetch-site",
    "sec-fetch-dest",
    "sec-fetch-user",
    "access-control-request-method",
    "access-control-request-headers",
    "access-control-request-private-network",
)
"""Headers that browsers add by themselves and that no MCP client sends. Not ``Sec-Fetch-Mode``: Node's own fetch sends
it (undici, the Fetch standard's steps without a browser)."""

_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def from_a_browser(method: object, headers: Mapping[str, str]) -> Refusal | None:
    """The refusal of a request that a web page has caused; None for any other.

    Args:
        method: the HTTP method as it came.
        headers: as `headers.read_headers` gives them.
    """
    marks = [name for name in _OF_BROWSERS if name in headers]
    if str(method).upper() == "OPTIONS":
        marks.append("a preflight")
    if not marks:
        return None
    return Refusal(
        Category.PERMISSION, Code.BROWSER_REQUEST, f"requests from web pages are refused ({', '.join(marks)})"
    )


def named_host(headers: Mapping[str, str], listed: frozenset[str]) -> Refusal | None:
    """The refusal of a request that names another machine, as one does that DNS rebinding has led here.

    A user's name, a path or a blank around the host is refused with it, for readers differ about where it ends.

    Args:
        headers: as `headers.read_headers` gives them.
        listed: hosts admitted beside loopback, in lower case, with their port.
    """
    host = headers.get("host")
    if host is None:
        return Refusal(
            Category.PERMISSION, Code.MISSING_HOST, "the request has no Host header, which HTTP/1.1 requires"
        )
    if _LOOPBACK_HOST.fullmatch(host) or host.lower() in listed:
        return None
    return Refusal(Category.PERMISSION, Code.FOREIGN_HOST, "the Host header names another machine than this one")


def peer_address(raw: object) -> str:
    """The peer's address without its port, as `ipaddress` writes it; empty where it is none.

    An IPv4 address in IPv6's clothes (``::ffff:127.0.0.1``) is the IPv4 address.
    """
    if raw == "127.0.0.1":
        return "127.0.0.1"
    import ipaddress  # only here: each module costs time at the start

    found = _PEER.fullmatch(raw) if isinstance(raw, str) and len(raw) < 80 else None
    if found is None:
        return ""
    try:
        address = ipaddress.ip_address((found["bare"] or found["six"]).strip("[]"))
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def from_afar(
    peer: str, raw: object, headers: Mapping[str, str], listed: frozenset[str], *, known: bool
) -> Refusal | None:
    """The refusal of a request from another machine; None for one from here, or from a listed peer that shows a key.

    A request that a proxy on this machine has passed on comes from elsewhere, whatever its peer's address says.

    Args:
        peer: as `peer_address` gives it.
        raw: the address as TouchDesigner gave it.
        headers: as `headers.read_headers` gives them.
        listed: addresses admitted beside loopback.
        known: the request shows a grant.
    """
    proxies = [name for name in _OF_PROXIES if name in headers]
    is_here = peer.startswith("127.") or peer == "::1"
    if not is_here and peer not in listed:
        return Refusal(
            Category.PERMISSION,
            Code.FOREIGN_PEER,
            f"the peer {str(raw)[:60]!r} is not this machine; connect through 127.0.0.1",
        )
    if known or (is_here and not proxies):
        return None
    why = f"it was passed on by a proxy ({', '.join(proxies)})" if is_here else f"{peer} is another machine"
    return Refusal(
        Category.PERMISSION, Code.FOREIGN_PEER, f"{why}, which needs a key; ask the operator for a grant"
    )


def is_open_to_others(local_address: Any) -> bool:
    """Whether a server with this Local Address takes connections from other machines too.

    Args:
        local_address: the parameter's value; None in builds before 2025.33060, which have no such parameter and listen
            on all interfaces, as a blank one does (td_runtime.md section 1).
    """
    address = peer_address(local_address)
    return local_address != "localhost" and address != "::1" and not address.startswith("127.")
