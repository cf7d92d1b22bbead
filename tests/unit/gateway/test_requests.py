"""Questions about one request: has it the current answer, and does another site send it?"""

import pytest
from starlette.requests import Request

from services.gateway.clients.base import segment
from services.gateway.conditional import has_current
from services.gateway.csrf import is_from_elsewhere
from shared.errors import NotFound

PUBLIC = "https://bzpeer.example"


def request_with(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw, "path": "/", "query_string": b""})


@pytest.mark.parametrize(
    ("header", "current"),
    [('W/"a"', True), ('"a"', True), ('"b", W/"a"', True), ("*", True), ("", False), ('"b"', False), ("a", False)],
)
def test_an_etag_is_compared_weakly(header: str, current: bool) -> None:
    assert has_current(header, 'W/"a"') is current


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-site"}, True),
        ({"sec_fetch_site": "cross-site", "origin": PUBLIC}, True),
        ({"origin": PUBLIC}, False),
        ({"origin": "http://localhost:8000", "host": "localhost:8000"}, False),
        ({"origin": "https://bzpeer.example.evil.example", "host": "bzpeer.example"}, True),
        ({"origin": "null", "host": "bzpeer.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://[elsewhere"}, True),
    ],
)
def test_a_browser_says_when_another_site_sends(headers: dict[str, str], elsewhere: bool) -> None:
    assert is_from_elsewhere(request_with(**headers), PUBLIC) is elsewhere


@pytest.mark.parametrize("odd", ["", ".", "..", "a/b", "a?b", "a b", "-a", "a" * 201, "a%2e", "ä"])
def test_what_can_be_no_id_is_not_found(odd: str) -> None:
    with pytest.raises(NotFound):
        segment(odd)


@pytest.mark.parametrize("opaque", ["hannah-lawrence", "01890000-0000-7000-8000-000000000001", "arxiv:2401.01869"])
def test_an_id_is_a_segment_as_it_is(opaque: str) -> None:
    assert segment(opaque) == opaque
