"""Messages that cannot be read, and one whose handling fails, in a busy partition: nobody else waits for them."""

import asyncio

import pytest

from shared.events.follows import FollowEvent
from tests.lab.behaviour import Behaviour
from tests.lab.deliveries import deliver_raw
from tests.lab.exact import told_by
from tests.lab.operating import Letters
from tests.lab.scenario import Scenario
from tests.lab.system import CONSUMERS, Lab, running_lab
from tests.lab.views import EFFECTS, TALLY, TELLING
from tests.lab.waiting import until_seldom

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
EVENTS = 20_000
PACE = 2_000
VICTIM = "followee-0000"
"""The followee with most events: the partition is as busy as it gets."""
HEADERS = [("ce_type", b"FollowCreated"), ("ce_id", b"1"), ("ce_source", b"/"), ("ce_subject", b"nobody")]
TIMED = [*HEADERS, ("ce_time", b"2026-01-01T00:00:00Z")]
UNREADABLE: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
    (b"{not json", [*TIMED, ("ce_sequence", b"1")]),
    (b"{}", [*TIMED, ("ce_sequence", b"1")]),
    (None, [*TIMED, ("ce_sequence", b"1")]),
    (b"{}", [*TIMED, ("ce_sequence", b"one")]),
    (b"{}", HEADERS),
    (b"{}", [("ce_type", b"\xff\xfe")]),
    (b"\x00" * 1_000, []),
]
SPOILT_COPY = (b"{not json", [*TIMED, ("ce_subject", VICTIM.encode()), ("ce_sequence", b"7")])
"""Of an event that also comes whole: its letter is of no more use where that one is taken in."""
POISON = [*UNREADABLE, SPOILT_COPY]
READERS = (TALLY.name, TELLING.name, EFFECTS)


async def test_poison_in_a_busy_partition_stops_nobody_else_and_heals_after_the_mend(scenario: Scenario) -> None:
    async with running_lab(behaviour=Behaviour(fails_on=(VICTIM,))) as lab:
        letters = Letters(lab.services[1])
        async with lab.writer.writing(EVENTS, per_second=PACE):
            await lab.until_counted(EVENTS // 4)
            await deliver_raw(lab.stack.env["KAFKA_BOOTSTRAP_SERVERS"], FollowEvent.topic, VICTIM, POISON)
        await until_seldom(lambda: others_lack(lab), equals=0)
        await until_seldom(lambda: dead(letters), equals={TALLY.name: 2 + len(UNREADABLE), **expected_of_others()})

        [failed] = [one for one in await letters.all(TALLY.name) if one["sequence"] == 1 and one["subject"] == VICTIM]
        assert failed["type"] == "FollowCreated"
        assert VICTIM in failed["error"]
        assert "behaviour.py" in (await letters.whole(failed))["stack"]

        lab.release(Behaviour())
        await asyncio.to_thread(lab.stack.end_each, *CONSUMERS, by="SIGTERM")
        await asyncio.to_thread(lab.stack.start, *CONSUMERS)
        await letters.retry(failed)
        await until_seldom(lambda: dead(letters), equals={TALLY.name: len(UNREADABLE), **expected_of_others()})
        for letter in await letters.all():
            await letters.discard(letter)
        await lab.until_exact()
        assert await letters.all() == []
        waited = (await told_by(lab.owner, FollowEvent.topic))[VICTIM].events
        scenario.saw(len(lab.writer.acknowledged), unreadable=len(UNREADABLE), events_that_waited_for_the_mend=waited)


def expected_of_others() -> dict[str, int]:
    """Letters of the groups whose code has no fault: what nobody can read."""
    return dict.fromkeys((TELLING.name, EFFECTS), len(UNREADABLE))


async def others_lack(lab: Lab) -> int:
    """Events that the tally has yet to apply, but for the one followee's."""
    told = (await told_by(lab.owner, FollowEvent.topic)).items()
    return sum(one.events for subject, one in told if subject != VICTIM) - await lab.counted()


async def dead(letters: Letters) -> dict[str, int]:
    """The number of each group's letters that nothing but a person's word moves."""
    found = await letters.all(state="dead")
    return {group: sum(letter["group"] == group for letter in found) for group in READERS}
