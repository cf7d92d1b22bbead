"""Follows and claims go where their record goes: merges, merges undone, in any order and stopped anywhere."""

import asyncio
import json
from itertools import permutations

import pytest

from services.profiles.domain.follows import FOLLOW_CAPS
from services.profiles.main import make_profiles_parts
from services.profiles.usecases import fates
from services.profiles.usecases.fates import ensure_fates
from services.profiles.views.people import PEOPLE
from shared.events.base import Event
from shared.messaging.envelope import Envelope
from tests.components.profiles.conftest import START, Profiles
from tests.unit.profiles.given import identified, merged


class Works:
    """What the works service tells, each record's events numbered on from its first."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles
        self.parts = make_profiles_parts(profiles.parts)
        self.sequences: dict[str, int] = {}

    def says(self, event: Event) -> Envelope:
        number = self.sequences[event.subject] = self.sequences.get(event.subject, 1) + 1
        return Envelope(f"{event.subject}-{number}", "/works", event.subject, number, START, event)

    async def react(self, *envelopes: Envelope) -> None:
        await ensure_fates(self.parts, envelopes)

    async def tell(self, *events: Event) -> None:
        """To the view and to the reaction, as two groups hear it."""
        sent = [self.says(event) for event in events]
        await self.profiles.parts.views.fold(PEOPLE, sent)
        await self.react(*sent)


@pytest.fixture
async def works(profiles: Profiles) -> Works:
    await profiles.hear(identified("cy"))
    return Works(profiles)


async def follow(profiles: Profiles, *pairs: tuple[str, str]) -> None:
    for account, author in pairs:
        assert (await profiles.ask("PUT", f"/follows/{author}", account)).status_code == 200


async def followed(profiles: Profiles) -> list[tuple[str, str]]:
    found = await profiles.mongo.collection("follows").find({}).to_list(None)
    return sorted((one["account_id"], one["followee_id"]) for one in found)


async def counts_agree(profiles: Profiles) -> bool:
    """Whether counts and events say what the edges say, without holes."""
    edges = await followed(profiles)
    told = await profiles.events("follows.v1")
    standing: set[tuple[str, str]] = set()
    for event in told:
        pair = json.loads(event["data"])["account_id"], event["subject"]
        standing = standing | {pair} if event["type"] == "FollowCreated" else standing - {pair}
    followees = await profiles.mongo.collection("followees").find({}).to_list(None)
    followers = await profiles.mongo.collection("followers").find({}).to_list(None)
    last = {event["subject"]: event for event in told}
    return (
        standing == set(edges)
        and {one["_id"]: one["followers"] for one in followees}
        == {name: sum(name == author for _, author in edges) for name in last}
        == {name: json.loads(event["data"])["followers"] for name, event in last.items()}
        and {one["_id"]: one["follows"] for one in followers if one["follows"]}
        == {one: sum(one == account for account, _ in edges) for one, _ in edges}
    )


async def test_followers_of_a_record_that_was_merged_away_follow_the_other(profiles: Profiles, works: Works) -> None:
    await follow(profiles, ("reader", "ada"), ("both", "ada"), ("both", "bo"))
    await works.tell(merged("ada", "bo"))
    assert await followed(profiles) == [("both", "bo"), ("reader", "bo")]
    assert await counts_agree(profiles)
    assert [one for one in await profiles.published("follows.v1") if one[1] > 2 or one[0] == "bo"] == [
        ("ada", 3, "FollowRemoved"),
        ("ada", 4, "FollowRemoved"),
        ("bo", 1, "FollowCreated"),
        ("bo", 2, "FollowCreated"),
    ]


async def test_the_same_merge_twice_moves_once(profiles: Profiles, works: Works) -> None:
    await follow(profiles, ("reader", "ada"))
    told = works.says(merged("ada", "bo"))
    await works.react(told)
    before = await profiles.published("follows.v1")
    await works.react(told, told)
    assert await profiles.published("follows.v1") == before


async def test_many_followers_move_in_chunks_and_none_is_lost_when_it_stops_between(
    profiles: Profiles, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fates, "CHUNK", 3)
    await follow(profiles, *((f"reader{n}", "ada") for n in range(10)), ("reader3", "bo"))
    told, moving = works.says(merged("ada", "bo")), fates._move_some
    steps = iter((True, False))

    async def ends(*args: object) -> bool:
        if not next(steps):
            raise ConnectionError
        return await moving(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(fates, "_move_some", ends)
    with pytest.raises(ConnectionError):
        await works.react(told)
    assert sum(author == "bo" for _, author in await followed(profiles)) in {3, 4}
    assert await counts_agree(profiles)

    monkeypatch.setattr(fates, "_move_some", moving)
    await works.react(told)
    assert await followed(profiles) == [(f"reader{n}", "bo") for n in range(10)]
    assert await counts_agree(profiles)


async def test_a_merge_undone_brings_its_followers_back_and_leaves_them_with_both(
    profiles: Profiles, works: Works
) -> None:
    await follow(profiles, ("before", "ada"), ("both", "ada"), ("both", "bo"), ("leaves", "ada"), ("own", "bo"))
    await works.tell(merged("ada", "bo"))
    await follow(profiles, ("after", "bo"))
    await profiles.ask("DELETE", "/follows/bo", "leaves")
    await works.tell(identified("ada"))
    await works.tell(identified("ada"))
    assert await followed(profiles) == [
        ("after", "bo"), ("before", "ada"), ("before", "bo"), ("both", "ada"), ("both", "bo"), ("own", "bo"),
    ]  # fmt: skip
    assert await counts_agree(profiles)


async def test_who_left_and_came_again_does_not_get_the_old_follow_back(profiles: Profiles, works: Works) -> None:
    await follow(profiles, ("reader", "ada"))
    await works.tell(merged("ada", "bo"))
    await profiles.ask("DELETE", "/follows/bo", "reader")
    await follow(profiles, ("reader", "bo"))
    await works.tell(identified("ada"))
    assert await followed(profiles) == [("reader", "bo")]


@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_two_merges_in_a_row_lead_to_the_last_record_in_whatever_order_they_are_heard(
    profiles: Profiles, works: Works, order: tuple[int, ...]
) -> None:
    await follow(profiles, ("reader", "ada"), ("other", "bo"))
    told = works.says(merged("ada", "bo")), works.says(merged("bo", "cy"))
    for place in order:
        await works.react(told[place])
    assert await followed(profiles) == [("other", "cy"), ("reader", "cy")]

    await works.tell(identified("ada"))
    assert await followed(profiles) == [("other", "cy"), ("reader", "ada"), ("reader", "cy")]
    assert await counts_agree(profiles)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
async def test_a_merge_turned_round_ends_with_the_one_that_stands(
    profiles: Profiles, works: Works, order: tuple[int, ...]
) -> None:
    """Of ada: merged, then identified again; of bo: merged into ada. The two records' events come in any order."""
    await follow(profiles, ("reader", "ada"), ("other", "bo"))
    told = works.says(merged("ada", "bo")), works.says(identified("ada")), works.says(merged("bo", "ada"))
    for place in order:
        await works.react(told[place])
    assert await followed(profiles) == [("other", "ada"), ("reader", "ada")]
    assert await counts_agree(profiles)


async def test_an_old_merge_told_again_after_it_was_undone_moves_nobody(profiles: Profiles, works: Works) -> None:
    await follow(profiles, ("reader", "ada"))
    old, undone = works.says(merged("ada", "bo")), works.says(identified("ada"))
    await works.react(old, undone)
    await works.react(old)
    assert await followed(profiles) == [("reader", "ada")]


async def test_who_follows_while_the_record_is_merged_is_led_on(profiles: Profiles, works: Works) -> None:
    """The view does not know of the merge yet; the reaction has been through."""
    await works.react(works.says(merged("ada", "bo")))
    await follow(profiles, ("reader", "ada"))
    assert await followed(profiles) == [("reader", "bo")]


async def test_fifty_who_follow_during_the_merge_all_arrive(profiles: Profiles, works: Works) -> None:
    told = works.says(merged("ada", "bo"))
    asking = [profiles.ask("PUT", "/follows/ada", f"reader{n}") for n in range(50)]
    await asyncio.gather(*asking[:25], works.react(told), *asking[25:])
    assert {author for _, author in await followed(profiles)} == {"bo"}
    assert len(await followed(profiles)) == 50
    assert await counts_agree(profiles)


async def test_the_cap_stops_no_follow_that_moves(
    profiles: Profiles, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    await follow(profiles, ("reader", "ada"), ("reader", "cy"))
    monkeypatch.setitem(FOLLOW_CAPS, "L0", 1)
    await works.tell(merged("ada", "bo"))
    assert await followed(profiles) == [("reader", "bo"), ("reader", "cy")]


async def test_a_new_record_costs_the_reaction_nothing(profiles: Profiles, works: Works) -> None:
    await works.react(*(works.says(identified(f"author{n}")) for n in range(20)))
    assert await profiles.mongo.collection("fates").count_documents({}) == 0


async def test_a_record_merged_away_is_shown_as_the_other_and_takes_no_follow_and_no_claim(
    profiles: Profiles, works: Works
) -> None:
    await works.tell(merged("ada", "bo"))
    for name in ("ada", "ada-example"):
        assert (await profiles.ask("GET", f"/profiles/{name}")).json()["author_id"] == "bo"
    assert (await profiles.ask("PUT", "/follows/ada", "reader")).status_code == 404
    refused = await profiles.ask("POST", "/claims", "reader", json={"author_id": "ada"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/record-merged")

    await works.tell(identified("ada"))
    assert (await profiles.ask("GET", "/profiles/ada")).json()["author_id"] == "ada"
    await follow(profiles, ("reader", "ada"))


async def test_a_claim_that_waits_on_a_merged_record_is_rejected_once_and_says_why(
    profiles: Profiles, works: Works
) -> None:
    claim = (await profiles.ask("POST", "/claims", "reader", json={"author_id": "ada"})).json()["claim_id"]
    told = works.says(merged("ada", "bo"))
    await works.react(told)
    await works.react(told)
    assert await profiles.published("claims.v1") == [("ada", 1, "ClaimOpened"), ("ada", 2, "ClaimRejected")]
    assert json.loads((await profiles.events("claims.v1"))[-1]["data"])["reason"] == "record_merged"
    shown = (await profiles.ask("GET", f"/claims/{claim}", "reader")).json()
    assert (shown["status"], shown["steps"][-1]["by"]) == ("rejected", "system")
    assert (await profiles.ask("POST", "/claims", "reader", json={"author_id": "bo"})).status_code == 201


async def test_a_claim_opened_while_the_record_is_merged_does_not_wait_for_ever(
    profiles: Profiles, works: Works
) -> None:
    await works.react(works.says(merged("ada", "bo")))
    refused = await profiles.ask("POST", "/claims", "reader", json={"author_id": "ada"})
    assert refused.status_code == 409
    assert await profiles.mongo.collection("claims").count_documents({"status": "pending"}) == 0


async def test_an_accepted_claim_stays(profiles: Profiles, works: Works) -> None:
    claim = (await profiles.ask("POST", "/claims", "reader", json={"author_id": "ada"})).json()["claim_id"]
    decision = {"accept": True, "evidence": ["orcid_third_party"]}
    await profiles.ask("POST", f"/claims/{claim}/decision", reviewer=True, json=decision)
    await works.tell(merged("ada", "bo"))
    assert (await profiles.ask("GET", f"/claims/{claim}", "reader")).json()["status"] == "accepted"
