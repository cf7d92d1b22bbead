"""Followers of a record that is merged go with it, and come back when the merge is undone."""

from services.profiles.main import make_profiles_parts
from services.profiles.usecases.fates import ensure_fates
from shared.events.authors import AuthorIdentified, AuthorRenamed, AuthorsMerged, AuthorSplit
from shared.events.base import AuthorId, Event, WorkId
from tests.components.profiles.conftest import Profiles
from tests.unit.profiles.given import envelopes, identified

ADA, OTHER = AuthorId("ada"), AuthorId("other")
MERGED = AuthorsMerged(author_id=OTHER, into=ADA, into_slug="ada-example", into_name="Ada Example")
AGAIN = AuthorIdentified(author_id=OTHER, slug="other", name="Other")
PARTED = AuthorSplit(author_id=ADA, part=OTHER, part_slug="other", part_name="Other", works=(WorkId("w"),))


async def react(profiles: Profiles, *events: Event) -> None:
    """Let the service hear of it, twice."""
    for _ in range(2):
        await ensure_fates(make_profiles_parts(profiles.parts), envelopes(*events))


async def following(profiles: Profiles, author: str, account: str) -> bool:
    page = (await profiles.ask("GET", f"/profiles/{author}", account)).json()
    return bool(page["viewer"]["following"])


async def given_followers(profiles: Profiles) -> None:
    """`both` follows both records, `one` only the one that will be merged away."""
    await profiles.hear(identified("other"))
    for account, author in (("both", ADA), ("both", OTHER), ("one", OTHER)):
        assert (await profiles.ask("PUT", f"/follows/{author}", account)).status_code == 200


async def test_followers_go_with_the_record_and_nobody_is_counted_twice(profiles: Profiles) -> None:
    await given_followers(profiles)
    await react(profiles, MERGED)
    assert await following(profiles, ADA, "one")
    assert await following(profiles, ADA, "both")
    assert (await profiles.ask("GET", f"/followers/{ADA}")).json() == {"followers": 2}
    assert (await profiles.ask("GET", f"/followers/{OTHER}")).json() == {"followers": 0}


async def test_they_come_back_when_the_merge_is_undone(profiles: Profiles) -> None:
    await given_followers(profiles)
    await react(profiles, MERGED)
    await react(profiles, MERGED, AGAIN, PARTED)
    assert (await profiles.ask("GET", f"/followers/{OTHER}")).json() == {"followers": 2}
    assert (await profiles.ask("GET", f"/followers/{ADA}")).json() == {"followers": 2}


async def test_a_split_off_record_takes_nobody_who_never_followed_it(profiles: Profiles) -> None:
    await given_followers(profiles)
    await react(profiles, AuthorSplit(author_id=ADA, part=AuthorId("new"), part_slug="n", part_name="N", works=()))
    assert (await profiles.ask("GET", "/followers/new")).json() == {"followers": 0}


async def test_nobody_follows_a_record_that_was_merged_away_until_it_stands_again(profiles: Profiles) -> None:
    await profiles.hear(identified("other"), MERGED)
    assert (await profiles.ask("PUT", f"/follows/{OTHER}", "reader")).status_code == 404
    await profiles.hear(identified("other"), MERGED, AGAIN)
    assert (await profiles.ask("PUT", f"/follows/{OTHER}", "reader")).status_code == 200


async def test_a_renamed_person_shows_the_new_name(profiles: Profiles) -> None:
    await profiles.hear(identified("other"), AuthorRenamed(author_id=OTHER, slug="new-name", name="New Name"))
    assert (await profiles.ask("GET", f"/profiles/{OTHER}")).json()["name"] == "New Name"
