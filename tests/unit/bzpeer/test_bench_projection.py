"""`bzpeer bench projection` compares like with like."""

from collections import Counter
from collections.abc import AsyncIterator

import bson
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bzpeer.bench.contest import Meter, contest
from bzpeer.bench.projection.bench import Plan, ProjectionBench, cases, prepared
from bzpeer.bench.projection.documents import spread_over
from bzpeer.bench.projection.streams import EVENTS_EACH, Stream, stream
from bzpeer.bench.projection.workloads import WORKLOADS, Workload
from bzpeer.cli import command_line
from shared.ids import new_id
from shared.mongo import Document, find_by_ids
from shared.settings import ServiceSettings

EVENTS = 60
IN_VIEW = 200


@pytest.fixture
def settings(kafka: str, mongo_uri: str) -> ServiceSettings:
    return ServiceSettings(
        kafka_bootstrap_servers=kafka,
        mongodb_uri=mongo_uri,
        database_prefix=f"{new_id()}_",
        internal_key=SecretStr("k" * 32),
        consumer_batch=7,
    )


@pytest.fixture(params=WORKLOADS, ids=lambda workload: workload.name)
def workload(request: pytest.FixtureRequest) -> Workload:
    made: Workload = request.param
    return made


@pytest.fixture
async def bench(workload: Workload, settings: ServiceSettings) -> AsyncIterator[ProjectionBench]:
    async with prepared(workload, settings) as made:
        await made.grow(IN_VIEW)
        yield made


async def found(bench: ProjectionBench, made: Stream) -> dict[str, Document]:
    return {document["_id"]: document for document in await find_by_ids(bench.collection, made.after)}


@pytest.mark.parametrize("in_view", [0, IN_VIEW])
async def test_both_sides_begin_with_the_same_view_and_leave_documents_of_the_same_size(
    workload: Workload, bench: ProjectionBench, in_view: int
) -> None:
    made = stream(workload, bench.models, EVENTS, in_view)
    async with bench.on_kafka(made, f"{new_id()}.") as topics:
        case = bench.case(made, topics, "any", in_view)
        before, after = [], []
        for side in (case.raw, case.ours, case.ours, case.raw):
            await case.reset()
            before.append(await found(bench, made))
            await side(Meter({}))
            after.append(await found(bench, made))
        assert before[1:] == before[:1] * 3
        assert [sorted(each) for each in after] == [sorted(made.after)] * 4
        sizes = [{key: len(bson.encode(each)) for key, each in documents.items()} for documents in after]
        assert sizes[1:] == sizes[:1] * 3
        if not in_view:
            assert [one["data"] for one in after[0].values()] == [after[1][key]["data"] for key in after[0]]
    assert await bench.collection.count_documents({}) == IN_VIEW // workload.per_document


async def test_a_copied_document_is_the_one_that_the_machinery_writes(
    workload: Workload, bench: ProjectionBench
) -> None:
    made = stream(workload, bench.models, EVENTS, 0)
    async with bench.on_kafka(made, f"{new_id()}.") as topics:
        await bench.case(made, topics, "any", 0).ours(Meter({}))
        written = await found(bench, made)
    passing = {"rev", "by"}
    for key, document in written.items():
        copied = made.after[key][-1]
        assert {name: copied[name] for name in copied.keys() - passing} == {
            name: document[name] for name in document.keys() - passing
        }


async def test_every_size_of_the_plan_is_measured_and_the_view_grows(settings: ServiceSettings) -> None:
    plan = Plan(("works",), (IN_VIEW, 0), EVENTS)
    measured = [
        await contest(case, 1, {}, lambda _: None) async for case in cases(plan, settings, "any", lambda _: None)
    ]
    assert [(one.labels["view"], one.labels["in view"]) for one in measured] == [
        ("graph.works.v1", "0"),
        ("graph.works.v1", "200"),
    ]
    assert all(one.count == EVENTS and one.ratio.median > 0 for one in measured)


@pytest.mark.parametrize(("some", "documents"), [(100, 100), (25, 100), (10, 7919), (1, 1)])
def test_documents_are_chosen_all_over_the_view_and_none_twice(some: int, documents: int) -> None:
    numbers = list(spread_over(some, documents))
    assert len(set(numbers)) == some
    assert all(0 <= number < documents for number in numbers)


async def test_a_run_comes_to_as_many_documents_as_often_whatever_the_view_holds(
    workload: Workload, bench: ProjectionBench
) -> None:
    events = 2 * IN_VIEW // workload.per_document
    for in_view in (IN_VIEW, 10 * IN_VIEW, 1000 * IN_VIEW):
        made = stream(workload, bench.models, events, in_view)
        often = Counter(envelope.subject for envelope in made.envelopes)
        assert set(often.values()) == {EVENTS_EACH}
        assert len(often) == len(made.before) == events // EVENTS_EACH
        assert [one.sequence - workload.per_document for one in made.envelopes] == [1] * len(often) + [2] * len(often)


def test_a_view_that_nobody_measures_is_refused_with_those_that_there_are() -> None:
    shown = CliRunner().invoke(command_line(["bench"]), ["bench", "projection", "--view", "nobody"])
    assert shown.exit_code == 2
    assert "people, works" in " ".join(shown.output.split())


def test_a_server_that_nobody_has_is_refused() -> None:
    shown = CliRunner().invoke(command_line(["bench"]), ["bench", "projection", "--server", "postgres"])
    assert shown.exit_code == 2
    assert "secantusd-py" in shown.output
