"""The table of topics says what the code does."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from bzpeer.docs import subscriptions
from deploy.embedded.places import CHECKOUT
from deploy.embedded.services import SERVICES
from shared.events.asyncapi import Subscription
from shared.events.registry import EVENT_TYPES
from shared.events.topics import TOPICS
from shared.events.upcasters import UPCASTERS

Read = Mapping[str, tuple[Subscription, ...]]


@pytest.fixture(scope="module")
async def read() -> Read:
    """What each service registers to read."""
    return await subscriptions()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_the_topics_that_name_it(service: str, read: Read) -> None:
    topics = {topic for subscription in read[service] for topic in subscription.topics}
    assert topics == {spec.name for spec in TOPICS if service in spec.readers}


@pytest.mark.parametrize("service", SERVICES)
def test_every_group_is_named_after_its_service(service: str, read: Read) -> None:
    assert all(subscription.name.startswith(f"{service}.") for subscription in read[service])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_makes_the_events_of_the_topics_that_it_owns_and_no_others(service: str) -> None:
    owned = {spec.name for spec in TOPICS if spec.owner == service}
    assert made_by(service) == {name for name, event in EVENT_TYPES.items() if event.topic in owned}


def made_by(service: str) -> set[str]:
    """The events that some module of the service makes."""
    calls = (
        node.func.id
        for file in Path(CHECKOUT, "services", service).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return {name for name in calls if name in EVENT_TYPES}


def test_every_event_has_a_topic_with_an_owner_a_key_and_a_sentence() -> None:
    specs = {spec.name: spec for spec in TOPICS}
    old = {topic for topic, _ in UPCASTERS}
    assert {event.topic for event in EVENT_TYPES.values()} | old == set(specs)
    assert all(spec.owner in SERVICES and spec.key and spec.about for spec in TOPICS)


def test_an_old_form_is_no_form_of_today() -> None:
    assert not UPCASTERS.keys() & {(event.topic, name) for name, event in EVENT_TYPES.items()}


@pytest.mark.parametrize("event", EVENT_TYPES.values(), ids=lambda event: str(event.__name__))
def test_no_event_has_room_for_personal_data(event: type) -> None:
    fields = str(getattr(event, "model_json_schema")())  # noqa: B009 - the table holds plain types for mypy
    assert not any(word in fields for word in ('"email"', "'email'", "'text'", "'message'", "'account_name'"))
