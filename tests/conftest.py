"""What all tests use: real servers, each started once for the whole run."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis.configuration import set_hypothesis_home_dir
from pydantic import SecretStr

from deploy.embedded.mongo import Kind
from deploy.embedded.stack import TemporaryStack
from shared.ids import new_id
from shared.messaging.topics_admin import TopicSettings, create_topics
from shared.mongo import Mongo
from shared.settings import ServiceSettings
from tests.servers import KINDS, has_server

set_hypothesis_home_dir(Path(__file__).parents[1] / ".bzpeer" / "cache" / "hypothesis")
hypothesis_settings.register_profile("bzpeer", deadline=None)
hypothesis_settings.load_profile("bzpeer")


@pytest.fixture(scope="session", params=KINDS)
def mongo_uri(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server of each kind that this machine has."""
    kind: Kind = request.param
    if not has_server(kind):
        pytest.skip(f"{kind} is not on this machine; `make fast-mongo` builds it")
    with TemporaryStack(mongo=kind, kafka=False) as stack:
        yield stack.env["MONGODB_URI"]


@pytest.fixture
async def mongo(mongo_uri: str) -> AsyncIterator[Mongo]:
    """A fresh database, dropped afterwards."""
    made = Mongo(mongo_uri, f"test_{new_id()}")
    yield made
    await made.database.client.drop_database(made.database.name)
    made.close()


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The address of a Kafka broker."""
    with TemporaryStack(mongo=None) as stack:
        yield stack.env["KAFKA_BOOTSTRAP_SERVERS"]


@pytest.fixture
async def topics(kafka: str, mongo_uri: str) -> ServiceSettings:
    """Settings of a service on both servers, with topics that no other test uses."""
    prefix = f"t{new_id()[-12:]}."
    await create_topics(TopicSettings(kafka_bootstrap_servers=kafka, topic_prefix=prefix))
    return ServiceSettings(
        kafka_bootstrap_servers=kafka, mongodb_uri=mongo_uri, topic_prefix=prefix, internal_key=SecretStr("k" * 32)
    )


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real records from public sources; they are no part of the project."""
    named = os.environ.get("BZPEER_DATA_DIR")
    if not named:
        pytest.skip("BZPEER_DATA_DIR names no folder of real records")
    return Path(named)
