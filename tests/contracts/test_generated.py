"""What is generated from the events is committed, and the events keep the contract of the last release."""

import json
from typing import Any

import pytest

from bzpeer.docs import ASYNCAPI, stale_files
from deploy.embedded.services import SERVICES
from shared.events.breaking import breaks
from shared.events.contract import RELEASED, read, today


def test_schemas_examples_catalogue_and_asyncapi_are_as_the_code_says() -> None:
    assert not stale_files(), "the events changed: run `make contracts` and commit what it writes"


def test_the_events_keep_the_contract_of_the_last_release() -> None:
    assert breaks(read(RELEASED), today()) == [], "`bzpeer schemas check` says what to do"


def test_every_service_has_its_asyncapi_document() -> None:
    assert {path.name for path in ASYNCAPI.iterdir()} == {f"{service}.json" for service in SERVICES}


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_in_an_asyncapi_document_leads_somewhere(service: str) -> None:
    document = json.loads((ASYNCAPI / f"{service}.json").read_text())
    found = list(references(document))
    assert found
    for reference in found:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def references(node: Any) -> Any:
    """Every `$ref` in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)
