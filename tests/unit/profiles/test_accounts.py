"""Signing in: addresses, bounds, and where a link may lead."""

from datetime import UTC, datetime, timedelta

import pytest

from services.profiles.domain.accounts import csrf_of, decide_link, hashed, normalise_email, safe_next
from services.profiles.mail import sign_in_mail
from shared.errors import Invalid, TooMany

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" Ada@Example.ORG ", "ada@example.org"), ("ada+papers@example.org", "ada+papers@example.org")],
)
def test_an_address_is_kept_in_one_form(given: str, kept: str) -> None:
    assert normalise_email(given) == kept


@pytest.mark.parametrize("given", ["", "ada", "ada@", "@example.org", "ada@example.org\nBcc: all@example.org", "a@b"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        normalise_email(given)


def test_five_links_go_to_an_address_within_an_hour_and_the_sixth_must_wait() -> None:
    sent: list[datetime] = []
    for minute in range(5):
        sent = decide_link(sent, NOW + timedelta(minutes=minute))
    with pytest.raises(TooMany) as refused:
        decide_link(sent, NOW + timedelta(minutes=10))
    assert refused.value.retry_after == 50 * 60
    assert len(decide_link(sent, NOW + timedelta(minutes=60))) == 5


@pytest.mark.parametrize("path", ["/", "/researchers/ada?tab=works#top", "/søk"])
def test_a_link_leads_on_to_a_path_of_this_site(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path", [None, "", "https://evil.example", "//evil.example", "/\\evil.example", "researchers", "/a\nb", "/" * 3000]
)
def test_a_link_leads_nowhere_else(path: str | None) -> None:
    assert safe_next(path) is None


def test_nothing_stored_or_sent_to_scripts_gives_the_session_away() -> None:
    assert len({"secret", hashed("secret"), csrf_of("secret")}) == 3
    assert csrf_of("secret") == csrf_of("secret") != csrf_of("other")


def test_the_mail_has_the_link_as_text_and_as_html() -> None:
    link = "https://bzpeer.example/sign-in/token?next=%2Fa&b=1"
    mail = sign_in_mail("BZPEER <sign-in@bzpeer.example>", "ada@example.org", link)
    text, html = [str(part.get_content()) for part in mail.iter_parts()]
    assert link in text
    assert link.replace("&", "&amp;") in html
    assert mail["To"] == "ada@example.org"
