from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_headless.http_exchange import RepeatedHeaders, WireRequest, request_dict, wire_response


def request(target: str = "/", headers: tuple[tuple[bytes, bytes], ...] = (), body: bytes = b"") -> WireRequest:
    return WireRequest("POST", target, headers, body, "127.0.0.1", "127.0.0.1")


def test_path_and_query_are_decoded_apart() -> None:
    made = request_dict(request("/a%2Fb%20c?x=1&x=2&y=%E6%97%A5&z"), False)
    assert (made["uri"], made["pars"]) == ("/a/b c", {"x": "2", "y": "日", "z": ""})


def test_headers_are_keys_in_the_senders_case_and_the_last_of_a_name_wins() -> None:
    made = request_dict(request(headers=((b"X-Key", b"1"), (b"x-key", b"2"), (b"X-Key", b"3"))), False)
    assert (made["X-Key"], made["x-key"]) == ("3", "2")


@pytest.mark.parametrize(
    ("repeated", "expected"),
    [(RepeatedHeaders.LAST, "3"), (RepeatedHeaders.LIST, ["1", "3"]), (RepeatedHeaders.JOINED, "1, 3")],
)
def test_a_header_sent_twice_is_one_key(repeated: RepeatedHeaders, expected: object) -> None:
    made = request_dict(request(headers=((b"X-Key", b"1"), (b"x-key", b"2"), (b"X-Key", b"3"))), False, repeated)
    assert (made["X-Key"], made["x-key"]) == (expected, "2")


@pytest.mark.parametrize("repeated", RepeatedHeaders)
def test_a_header_sent_once_is_text_however_repeated_ones_are_handed_over(repeated: RepeatedHeaders) -> None:
    assert request_dict(request(headers=((b"X-Key", b"1"),)), False, repeated)["X-Key"] == "1"


@pytest.mark.parametrize("name", ["method", "uri", "pars", "clientAddress", "serverAddress", "data"])
def test_a_header_named_like_a_reserved_key_wins_only_when_told(name: str) -> None:
    sent = request(headers=((name.encode(), b"evil"),))
    assert request_dict(sent, False)[name] != "evil"
    assert request_dict(sent, True)[name] == "evil"


def test_a_body_is_text_when_it_can_be() -> None:
    assert request_dict(request(body="é".encode()), False)["data"] == "é"
    assert request_dict(request(body=b"\xff"), False)["data"] == b"\xff"
    assert request_dict(request(), False)["data"] == ""


def test_other_keys_are_headers_and_what_is_no_text_is_left_out() -> None:
    made = wire_response({"statusCode": 200, "data": b"x", "X-A": "1", "headers": {"X-B": "2"}, "X-C": 3, "a b": "x"})
    assert (made.status, made.reason, made.body, made.headers) == (200, "OK", b"x", (("X-A", "1"),))


@pytest.mark.parametrize(
    "answer",
    [None, "x", {"statusCode": "abc"}, {"statusCode": 99}, {"statusCode": 200, "data": {}}, {"statusCode": 101}],
)
def test_an_answer_that_cannot_be_sent_is_an_error(answer: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        wire_response(answer)


@given(st.text(), st.text(), st.text())
def test_no_text_splits_the_response(name: str, value: str, reason: str) -> None:
    made = wire_response(
        {"statusCode": 200, "statusReason": reason, name: value, "data": ""} if name != "data" else {"statusCode": 200}
    )
    for text in [made.reason, *(part for header in made.headers for part in header)]:
        assert not set(text) & {"\r", "\n", "\0"}
        text.encode("utf-8")


@given(
    st.binary(),
    st.text(st.characters(min_codepoint=33, max_codepoint=126)),
    st.lists(st.tuples(st.binary(), st.binary())),
    st.sampled_from(RepeatedHeaders),
)
def test_any_request_becomes_a_dictionary(
    body: bytes, target: str, headers: list[tuple[bytes, bytes]], repeated: RepeatedHeaders
) -> None:
    made = request_dict(request(target, tuple(headers), body), False, repeated)
    assert (made["method"], isinstance(made["pars"], dict)) == ("POST", True)
