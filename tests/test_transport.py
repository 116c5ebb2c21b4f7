"""Stage 1: who may speak at all."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.grants import Grants, load_grants
from td_extension.senders import is_open_to_others
from td_extension.transport import Request, Rules, admit
from td_extension.values import Category, Code, Refusal

NOBODY = Grants({})
ANNA = Grants({"anna": hashlib.sha256(b"s3cret").hexdigest(), "ben": hashlib.sha256(b"other").hexdigest()})


def raw(**changes: Any) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": "POST",
        "uri": "/api/td/server/exec",
        "pars": {},
        "data": "{}",
        "clientAddress": "127.0.0.1",
        "serverAddress": "127.0.0.1",
        "Host": "127.0.0.1:9981",
        "Content-Type": "application/json",
    }
    return {**request, **changes}


def code_of(request: dict[str, Any], rules: Rules | None = None, grants: Grants = NOBODY) -> Code | None:
    admitted = admit(request, rules or Rules(), grants)
    return admitted.code if isinstance(admitted, Refusal) else None


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def test_an_ordinary_request_is_admitted_as_anonymous() -> None:
    assert admit(raw(), Rules(), NOBODY) == Request("POST", "/api/td/server/exec", {}, "{}", "127.0.0.1", "anonymous")


@pytest.mark.parametrize("body", ["x" * 11, b"x" * 11, "é" * 6])
def test_a_body_over_the_cap_is_refused_whatever_its_type(body: str | bytes) -> None:
    assert code_of(raw(data=body), Rules(max_body_bytes=10)) is Code.BODY_TOO_LARGE


@pytest.mark.parametrize("body", ["x" * 10, b"x" * 10, "é" * 5, "", None])
def test_a_body_of_just_the_cap_is_admitted(body: str | bytes | None) -> None:
    assert code_of(raw(data=body), Rules(max_body_bytes=10)) is None


def test_a_body_that_is_not_utf_8_is_refused() -> None:
    assert code_of(raw(data=b"\xff\xfe")) is Code.MALFORMED_REQUEST


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "http://evil.example"}, {"referer": "http://x"}, {"Sec-Fetch-Site": "same-origin"}, {"ORIGIN": "null"},
        {"Origin": ""}, {"sec-fetch-site": "none"}, {"Sec-Fetch-Dest": "image"}, {"Access-Control-Request-Method": "POST"},
    ],
)  # fmt: skip
def test_a_request_that_only_a_browser_sends_is_refused(header: dict[str, str]) -> None:
    assert code_of(raw(**header)) is Code.BROWSER_REQUEST


def test_a_preflight_is_refused() -> None:
    assert code_of(raw(method="OPTIONS")) is Code.BROWSER_REQUEST


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil", "evil@127.0.0.1", "user:pw@localhost", "localhost:99/x",
        "localhost/", "localhost?x", "localhost#x", "localhost\\x", " localhost", "localhost ", "local host", "localhost\t",
        "localhost, evil.example", "localhost.", "127.0.0.256", "127.1", "0x7f.1", "2130706433", "0.0.0.0", "[::]", "::1",
        "localhost:", "localhost:x", "localhost:123456", "１２７.0.0.1", "",
    ],
)  # fmt: skip
def test_a_host_that_is_not_this_machine_is_refused(host: str) -> None:
    assert code_of(raw(Host=host)) is Code.FOREIGN_HOST


def test_a_request_without_a_host_is_refused() -> None:
    request = raw()
    del request["Host"]
    assert code_of(request) is Code.MISSING_HOST


@pytest.mark.parametrize("host", ["127.0.0.1:9981", "localhost", "LOCALHOST:1", "[::1]:9981", "127.1.2.3"])
def test_a_host_that_is_this_machine_is_admitted(host: str) -> None:
    assert code_of(raw(Host=host)) is None


@pytest.mark.parametrize("peer", ["192.168.1.7", "127.0.0.1evil", "127.0.0.256", "127.1", "", None, 7, "::2"])
def test_a_peer_from_elsewhere_is_refused(peer: object) -> None:
    assert code_of(raw(clientAddress=peer)) is Code.FOREIGN_PEER


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.1:53211", "::1", "[::1]:5", "::ffff:127.0.0.1"])
def test_a_peer_on_this_machine_is_admitted(peer: str) -> None:
    assert code_of(raw(clientAddress=peer)) is None


def test_a_listed_peer_and_host_are_admitted() -> None:
    rules = Rules(peers=frozenset({"192.168.1.7"}), hosts=frozenset({"show.local:9981"}))
    request = raw(clientAddress="192.168.1.7:40312", Host="Show.local:9981")
    assert code_of({**request, "Authorization": basic("anna", "s3cret")}, rules, ANNA) is None
    assert code_of({**request, "Host": "show.local:9982"}, rules, ANNA) is Code.FOREIGN_HOST


def test_a_listed_peer_needs_a_key_for_its_address_alone_proves_nothing() -> None:
    rules = Rules(peers=frozenset({"192.168.1.7"}))
    assert code_of(raw(clientAddress="192.168.1.7"), rules, ANNA) is Code.FOREIGN_PEER


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "via", "X-Real-IP"])
def test_what_a_proxy_on_this_machine_passes_on_needs_a_key(name: str) -> None:
    request = raw(**{name: "203.0.113.9"})
    assert code_of(request, grants=ANNA) is Code.FOREIGN_PEER
    assert code_of({**request, "Authorization": basic("anna", "s3cret")}, grants=ANNA) is None


def test_where_a_key_is_required_nobody_is_anonymous() -> None:
    rules = Rules(key_required=True)
    assert code_of(raw(), rules, ANNA) is Code.UNKNOWN_GRANT
    assert code_of(raw(Authorization=basic("anna", "s3cret")), rules, ANNA) is None


def test_a_peer_is_told_without_its_port() -> None:
    for address in ("127.0.0.1:53211", "::ffff:127.0.0.1"):
        admitted = admit(raw(clientAddress=address), Rules(), NOBODY)
        assert isinstance(admitted, Request)
        assert admitted.peer == "127.0.0.1"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonp",
     "text/plain; application/json", "application/json, text/plain", "application/json; charset=utf-16",
     "application/json; charset=utf-8; x=y"],
)  # fmt: skip
def test_a_body_that_does_not_call_itself_json_is_refused(kind: str) -> None:
    assert code_of(raw(**{"Content-Type": kind})) is Code.CONTENT_TYPE


def test_a_body_without_a_content_type_is_refused_and_no_body_needs_none() -> None:
    request = raw()
    del request["Content-Type"]
    assert code_of(request) is Code.CONTENT_TYPE
    assert code_of({**request, "data": ""}) is None


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'])
def test_json_by_any_of_its_spellings_is_admitted(kind: str) -> None:
    assert code_of(raw(**{"Content-Type": kind})) is None


@pytest.mark.parametrize("name", ["Host", "Content-Type", "Authorization", "Origin"])
def test_a_header_by_which_a_request_is_admitted_is_sent_once(name: str) -> None:
    assert code_of(raw(**{name: ["127.0.0.1", "127.0.0.1"]})) is Code.REPEATED_HEADER
    assert code_of(raw(**{name.lower(): "127.0.0.1", name.upper(): "127.0.0.1"})) is Code.REPEATED_HEADER


def test_other_headers_may_be_repeated() -> None:
    assert code_of(raw(Accept=["a", "b"], ACCEPT="c")) is None


@pytest.mark.parametrize(
    ("address", "is_open"),
    [("127.0.0.1", False), ("localhost", False), ("::1", False), ("", True), (None, True), ("0.0.0.0", True), ("192.168.1.7", True)],
)
def test_a_server_is_open_to_others_unless_it_listens_on_loopback(address: str | None, is_open: bool) -> None:
    assert is_open_to_others(address) is is_open


@pytest.mark.parametrize("name", ["body", "Body", "QUERY", "headers", "Data", "URI", "clientaddress", "Pars", "Client-Address", "server_address", "ｂｏｄｙ"])
def test_a_header_named_like_a_part_of_the_request_is_refused(name: str) -> None:
    assert code_of(raw(**{name: "x"})) is Code.RESERVED_HEADER


def test_an_empty_nested_dict_that_no_client_can_send_is_tolerated() -> None:
    assert code_of(raw(headers={})) is None


@pytest.mark.parametrize("pars", [{"a": 1}, {1: "a"}, ["a"], "a=b"])
def test_query_fields_that_are_no_texts_are_refused(pars: object) -> None:
    assert code_of(raw(pars=pars)) is Code.MALFORMED_REQUEST


def test_a_known_key_gives_its_grant() -> None:
    admitted = admit(raw(authorization=basic("anna", "s3cret")), Rules(), ANNA)
    assert isinstance(admitted, Request)
    assert admitted.grant == "anna"


def test_a_bearer_key_gives_its_grant() -> None:
    admitted = admit(raw(Authorization="Bearer other"), Rules(), ANNA)
    assert isinstance(admitted, Request)
    assert admitted.grant == "ben"


@pytest.mark.parametrize(
    "shown",
    [
        basic("anna", "wrong"),
        basic("anna", "other"),
        basic("", "s3cret"),
        "Bearer ",
        "Bearer nope",
        "Basic ???",
        "Basic Y\ufffdpi",
        "Digest x",
        "",
    ],
)
def test_a_key_that_is_not_known_is_refused_and_never_anonymous(shown: str) -> None:
    assert code_of(raw(Authorization=shown), grants=ANNA) is Code.UNKNOWN_GRANT


def test_any_key_is_refused_where_none_is_known() -> None:
    assert code_of(raw(Authorization=basic("anna", "s3cret"))) is Code.UNKNOWN_GRANT


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[]",
        '{"version": 2, "grants": {}}',
        '{"version": 1}',
        '{"version": 1, "grants": {"a": {}}}',
        '{"version": 1, "grants": {"a": {"sha256": "ABC"}}}',
        '{"version": 1, "grants": {"anonymous": {"sha256": "' + "0" * 64 + '"}}}',
        '{"version": 1, "grants": {"a:b": {"sha256": "' + "0" * 64 + '"}}}',
    ],
)
def test_a_grants_file_that_is_wrong_grants_nothing_and_says_where(text: str) -> None:
    with pytest.raises(ValueError, match=r"grants\.json|grant"):
        load_grants(text)


@given(
    st.dictionaries(
        st.text(max_size=12)
        | st.sampled_from(["method", "uri", "pars", "data", "clientAddress", "Host", "Authorization"]),
        st.none()
        | st.text(max_size=30)
        | st.binary(max_size=30)
        | st.integers()
        | st.dictionaries(st.text(), st.text()),
        max_size=12,
    )
)
def test_any_dict_at_all_is_admitted_or_refused(request: dict[str, Any]) -> None:
    admitted = admit(request, Rules(), ANNA)
    assert isinstance(admitted, Request) or admitted.category is Category.PERMISSION
