"""Signing in by a mailed link, over real SMTP."""

import asyncio

import pytest
import structlog

from tests.components.profiles.conftest import Post, Profiles

ADDRESS = "ada@example.org"


async def token_for(profiles: Profiles, post: Post, address: str = ADDRESS) -> str:
    answer = await profiles.ask_link(address)
    assert answer.status_code == 202, answer.text
    return post.link()[0]


async def signed_in(profiles: Profiles, post: Post, address: str = ADDRESS) -> str:
    answer = await profiles.open_session(await token_for(profiles, post, address))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["session"])


async def test_a_mailed_link_signs_in_until_signing_out(profiles: Profiles, post: Post) -> None:
    assert (await profiles.ask_link(" Ada@Example.org ", "/researchers/ada-example")).status_code == 202
    assert (post.recipients, post.mails[0]["To"]) == ([ADDRESS], ADDRESS)
    token, onward = post.link()
    assert onward == "?next=%2Fresearchers%2Fada-example"

    new = (await profiles.open_session(token)).json()
    assert new["account"]["email"] == ADDRESS
    current = (await profiles.current(new["session"])).json()
    assert current == {"account_id": new["account"]["id"], "email": ADDRESS, "csrf": new["csrf"]}

    left = await profiles.ask("DELETE", "/sessions/current", headers={"X-Session": new["session"]})
    again = await profiles.ask("DELETE", "/sessions/current", headers={"X-Session": new["session"]})
    assert (left.status_code, again.status_code) == (204, 204)
    assert (await profiles.current(new["session"])).status_code == 401


async def test_the_same_address_is_the_same_account(profiles: Profiles, post: Post) -> None:
    first, second = await signed_in(profiles, post), await signed_in(profiles, post, "ADA@example.ORG")
    assert first != second
    ids = [(await profiles.current(session)).json()["account_id"] for session in (first, second)]
    assert ids[0] == ids[1]
    assert await profiles.published("accounts.v1") == [(ids[0], 1, "AccountRegistered")]


async def test_a_link_works_once(profiles: Profiles, post: Post) -> None:
    token = await token_for(profiles, post)
    assert (await profiles.open_session(token)).status_code == 201
    spent = await profiles.open_session(token)
    assert (spent.status_code, spent.json()["type"]) == (401, "/problems/link-used")


async def test_a_link_works_for_fifteen_minutes(profiles: Profiles, post: Post) -> None:
    early, late = await token_for(profiles, post), await token_for(profiles, post)
    profiles.wait(minutes=15, milliseconds=-1)
    assert (await profiles.open_session(early)).status_code == 201
    profiles.wait(milliseconds=1)
    assert (await profiles.open_session(late)).status_code == 401


async def test_a_session_ends_by_itself_after_thirty_days(profiles: Profiles, post: Post) -> None:
    session = await signed_in(profiles, post)
    profiles.wait(days=30, milliseconds=-1)
    assert (await profiles.current(session)).status_code == 200
    profiles.wait(milliseconds=1)
    assert (await profiles.current(session)).status_code == 401


async def test_the_sixth_link_in_an_hour_waits(profiles: Profiles, post: Post) -> None:
    for _ in range(5):
        assert (await profiles.ask_link(ADDRESS)).status_code == 202
        profiles.wait(minutes=1)
    refused = await profiles.ask_link("ADA@example.org")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(55 * 60))
    assert (await profiles.ask_link("bo@example.org")).status_code == 202

    profiles.wait(minutes=55)
    assert (await profiles.ask_link(ADDRESS)).status_code == 202
    assert len(post.mails) == 7


async def test_ten_requests_at_once_send_five_links(profiles: Profiles, post: Post) -> None:
    answers = await asyncio.gather(*(profiles.ask_link(ADDRESS) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [429] * 5
    assert len(post.mails) == 5


async def test_one_token_used_by_many_at_once_opens_one_session(profiles: Profiles, post: Post) -> None:
    token = await token_for(profiles, post)
    answers = await asyncio.gather(*(profiles.open_session(token) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7
    assert await profiles.mongo.collection("sessions").count_documents({}) == 1


async def test_first_sign_ins_of_one_address_at_once_make_one_account(profiles: Profiles, post: Post) -> None:
    tokens = [await token_for(profiles, post) for _ in range(4)]
    answers = await asyncio.gather(*(profiles.open_session(token) for token in tokens))
    assert [answer.status_code for answer in answers] == [201] * 4
    (account,) = {answer.json()["account"]["id"] for answer in answers}
    assert await profiles.published("accounts.v1") == [(account, 1, "AccountRegistered")]
    assert await profiles.mongo.collection("sessions").count_documents({}) == 4


async def test_no_secret_is_stored_and_no_address_is_told(
    profiles: Profiles, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as lines:
        token = await token_for(profiles, post)
        session = (await profiles.open_session(token)).json()["session"]
        post.answer = "451 later"
        assert (await profiles.ask_link(ADDRESS)).status_code == 503
    told = f"{await profiles.events('accounts.v1')}{lines}{[record.getMessage() for record in caplog.records]}"
    assert "ada" not in told.lower()
    for name in await profiles.mongo.database.list_collection_names():
        stored = str(await profiles.mongo.collection(name).find({}).to_list(None))
        assert token not in stored
        assert session not in stored
        assert name in {"accounts", "sign_in_links", "profiles.people.v1"} or ADDRESS not in stored


async def test_an_address_leads_nowhere_but_to_this_site(profiles: Profiles, post: Post) -> None:
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "/\n/evil.example", "x" * 100_000):
        await profiles.ask_link(f"{len(elsewhere)}@example.org", elsewhere)
        assert post.link()[1] == ""


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("jörg@example.org", "jörg@example.org"),
        ("用户@example.org", "用户@example.org"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("a=?utf-8?q?b?=@example.org", "a=?utf-8?q?b?=@example.org"),
        (f"{'a' * 64}@{'b' * 63}.{'c' * 63}.example.org", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.example.org"),
    ],
)
async def test_mail_reaches_odd_addresses(profiles: Profiles, post: Post, address: str, recipient: str) -> None:
    token = await token_for(profiles, post, address)
    assert post.recipients == [recipient]
    assert (await profiles.open_session(token)).json()["account"]["email"] == address


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@example.org\r\nBcc: bo@example.org", "a" * 99, f"ada@{'b' * 250}.org", "\0@example.org"],
)
async def test_what_is_no_address_is_said(profiles: Profiles, post: Post, address: str) -> None:
    answer = await profiles.ask_link(address)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert post.mails == []


async def test_while_no_mail_goes_out_people_are_told_and_lose_no_try(profiles: Profiles, post: Post) -> None:
    post.answer = "451 later"
    for _ in range(6):
        answer = await profiles.ask_link(ADDRESS)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    post.answer = None
    assert (await profiles.ask_link(ADDRESS)).status_code == 202


async def test_an_address_that_the_mail_server_refuses_for_good_is_said_to_be_wrong(
    profiles: Profiles, post: Post
) -> None:
    post.answer = "550 no such user"
    answer = await profiles.ask_link(ADDRESS)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/mail-refused")


@pytest.mark.parametrize("session", ["", "nonsense", "x" * 600, "tab\tbed", "jörg"])
async def test_what_was_never_a_session_is_none(profiles: Profiles, session: str) -> None:
    answer = await profiles.ask("GET", "/sessions/current", headers={"X-Session": session.encode("latin-1")})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/session-ended")


async def test_without_a_session_there_is_none(profiles: Profiles) -> None:
    assert (await profiles.ask("GET", "/sessions/current")).status_code == 401
    assert (await profiles.ask("DELETE", "/sessions/current")).status_code == 204


@pytest.mark.parametrize("token", ["", "x" * 201, "\0", "jörg", "👩‍🔬", "../../etc"])
async def test_what_was_never_a_token_opens_nothing(profiles: Profiles, token: str) -> None:
    answer = await profiles.open_session(token)
    assert answer.status_code in {401, 422}
    assert answer.headers["content-type"] == "application/problem+json"
