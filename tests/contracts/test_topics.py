"""The table of topics says what the code does."""

from importlib import import_module

import pytest
from pydantic import SecretStr

from shared.events.registry import EVENT_TYPES
from shared.events.topics import TOPICS
from shared.messaging.consumer import Consumers
from shared.service import Service, make_parts
from shared.settings import ServiceSettings

SERVICES = ("works", "profiles", "trust", "graph", "notify")
KEY = SecretStr("k" * 32)


def service_named(name: str) -> Service[ServiceSettings]:
    found = [value for value in vars(import_module(f"services.{name}.main")).values() if isinstance(value, Service)]
    assert len(found) == 1
    return found[0]


def topics_read_by(name: str) -> set[str]:
    service = service_named(name)
    parts = make_parts(service, service.settings(internal_key=KEY))
    consumers = Consumers(parts.settings, parts.mongo, parts.views)
    if service.consumer:
        service.consumer(parts, consumers)
    return {topic for topics in consumers.groups.values() for topic in topics}


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_reads_the_topics_that_name_it(name: str) -> None:
    assert topics_read_by(name) == {spec.name for spec in TOPICS if name in spec.readers}


@pytest.mark.parametrize("name", SERVICES)
async def test_every_group_is_named_after_its_service(name: str) -> None:
    service = service_named(name)
    parts = make_parts(service, service.settings(internal_key=KEY))
    consumers = Consumers(parts.settings, parts.mongo, parts.views)
    if service.consumer:
        service.consumer(parts, consumers)
    assert all(group.startswith(f"{name}.") for group in consumers.groups)


def test_every_event_has_a_topic_with_an_owner_and_a_key() -> None:
    specs = {spec.name: spec for spec in TOPICS}
    assert {event.topic for event in EVENT_TYPES.values()} == set(specs)
    assert all(spec.owner in SERVICES and spec.key for spec in TOPICS)


@pytest.mark.parametrize("event", EVENT_TYPES.values(), ids=lambda event: str(event.__name__))
def test_no_event_has_room_for_personal_data(event: type) -> None:
    fields = str(getattr(event, "model_json_schema")())  # noqa: B009 - the table holds plain types for mypy
    assert not any(word in fields for word in ('"email"', "'email'", "'text'", "'message'", "'account_name'"))
