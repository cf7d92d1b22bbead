"""Addresses, sign-in links, and the page to go on to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.domain.accounts import (
    LINK_WINDOW,
    LINKS_PER_HOUR,
    csrf_of,
    decide_link,
    hashed,
    normalise_email,
    safe_next,
)
from shared.errors import Invalid, TooMany

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada.Example+arXiv@Example.ORG\n", "ada.example+arxiv@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("JÖRG@example.org", "jörg@example.org"),
        ("jo\N{COMBINING DIAERESIS}rg@example.org", "jörg@example.org"),
        ("ada@MÜNCHEN.example", "ada@münchen.example"),
        ("ada@xn--mnchen-3ya.example", "ada@münchen.example"),
        ("ada@ｅｘａｍｐｌｅ.org", "ada@example.org"),
        ("用户@例子.广告", "用户@例子.广告"),
    ],
)
def test_an_address_has_one_form(written: str, kept: str) -> None:
    assert normalise_email(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@localhost",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@@example.org",
        "ada@example..org",
        "ada@example.org, bo@example.org",
        "ada@example.org\r\nBcc: bo@example.org",
        "ada\r\nBcc:bo@example.org",
        "Ada <ada@example.org>",
        '"ada example"@example.org',
        "ada\0@example.org",
        "ada\N{RIGHT-TO-LEFT OVERRIDE}@example.org",
        "ada@exa\N{ZERO WIDTH SPACE}mple.org",
        f"ada@{'a' * 64}.org",
    ],
)
def test_what_is_no_address_is_said(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalise_email(written)
    assert refused.value.slug == "invalid-email"


@given(st.text(st.characters(categories=["L", "N", "M", "P", "S"]), min_size=1, max_size=12))
def test_the_form_of_the_form_is_the_form(local: str) -> None:
    try:
        kept = normalise_email(f"{local}@example.org")
    except Invalid:
        return
    assert normalise_email(kept) == kept


def test_five_links_go_out_in_an_hour_and_the_sixth_waits() -> None:
    sent: list[datetime] = []
    for minute in range(LINKS_PER_HOUR):
        sent = decide_link(sent, NOW + timedelta(minutes=minute))
    assert len(sent) == LINKS_PER_HOUR

    with pytest.raises(TooMany) as refused:
        decide_link(sent, NOW + timedelta(minutes=10))
    assert refused.value.retry_after == 50 * 60
    assert "in 50 minutes" in refused.value.detail


@given(st.lists(st.integers(0, 3_599_999), min_size=LINKS_PER_HOUR, max_size=LINKS_PER_HOUR))
def test_who_waits_as_long_as_told_is_let_through(milliseconds: list[int]) -> None:
    sent = [NOW - timedelta(milliseconds=each) for each in milliseconds]
    with pytest.raises(TooMany) as refused:
        decide_link(sent, NOW)
    wait = refused.value.retry_after
    assert wait is not None
    assert 0 < wait <= LINK_WINDOW.total_seconds()
    assert decide_link(sent, NOW + timedelta(seconds=wait))


def test_links_older_than_an_hour_are_forgotten() -> None:
    assert decide_link([NOW - LINK_WINDOW] * LINKS_PER_HOUR, NOW) == [NOW]


@pytest.mark.parametrize(
    "path", ["/", "/researchers/ada-example", "/search?q=ada%20example&page=2#top", "/forscher/jörg"]
)
def test_a_path_of_this_site_is_gone_on_to(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/path\\..\\evil",
        "/\t/evil.example",
        "/\n/evil.example",
        "/path\r\nSet-Cookie: a=b",
        "/path\0",
        "/\N{RIGHT-TO-LEFT OVERRIDE}live",
        " /path",
        "/" + "a" * 2000,
    ],
)
def test_what_leads_elsewhere_is_not_gone_on_to(path: str | None) -> None:
    assert safe_next(path) is None


def test_of_secrets_only_hashes_are_kept_and_csrf_tells_nothing_of_the_session() -> None:
    assert hashed("secret") == hashed("secret") != hashed("secrex")
    assert csrf_of("secret") == csrf_of("secret") != csrf_of("secrex")
    assert "secret" not in hashed("secret") + csrf_of("secret")
    assert csrf_of("secret") != hashed("secret")
