"""What is harvested by itself: once a day over all replicas, and nothing unless it is wanted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.works.main import scheduler
from services.works.scheduler import Scheduler
from services.works.store.followed import Followed
from shared.events.base import AuthorId
from tests.components.works.conftest import Works

MORNING = datetime(2026, 11, 24, 6, tzinfo=UTC)


class Day:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


def keeper(works: Works, day: Day, **settings: Any) -> Scheduler:
    """A replica's scheduler."""
    works.parts.settings = works.parts.settings.model_copy(update=settings)
    works.parts.clock = day
    return scheduler(works.parts)


async def queries(works: Works) -> list[str]:
    return sorted(each["query"] for each in (await works.get("/imports"))["items"])


async def test_each_set_is_harvested_once_a_day_whoever_is_first(works: Works) -> None:
    day = Day()
    first, second = (keeper(works, day, harvest_sets="cs, math") for _ in range(2))
    for each in (first, second, first):
        await each.run_due()
    assert await queries(works) == ["cs from=2026-11-21", "math from=2026-11-21"]
    day.now += timedelta(days=1)
    await second.run_due()
    assert await queries(works) == [
        "cs from=2026-11-21", "cs from=2026-11-23", "math from=2026-11-21", "math from=2026-11-23",
    ]  # fmt: skip


async def test_missed_days_are_made_up_for_by_one_harvest(works: Works) -> None:
    day = Day()
    kept = keeper(works, day, harvest_sets="cs")
    await kept.run_due()
    day.now += timedelta(days=9)
    await kept.run_due()
    assert await queries(works) == ["cs from=2026-11-21", "cs from=2026-11-23"]


async def test_nothing_is_harvested_before_the_hour_or_unasked(works: Works) -> None:
    day = Day()
    await keeper(works, day).run_due()
    day.now = MORNING.replace(hour=1)
    await keeper(works, day, harvest_sets="cs").run_due()
    assert await queries(works) == []


async def test_works_of_followed_people_with_an_orcid_are_looked_for(works: Works) -> None:
    followed = Followed(works.parts.mongo)
    people = {"a": ["0000-0002-1825-0097"], "b": [], "c": ["0000-0001-5109-3700"]}
    for author, orcids in people.items():
        await works.parts.mongo.collection("authors").insert_one(
            {"_id": author, "slug": author, "evidence": {"orcids": orcids}}
        )
        await followed.note(AuthorId(author), 1, 1)
    await followed.note(AuthorId("c"), 0, 3)
    await followed.note(AuthorId("c"), 1, 2)
    await keeper(works, Day(), follow_harvest=True).run_due()
    assert await queries(works) == ["author.orcid:0000-0002-1825-0097,from_publication_date:2026-10-25"]
