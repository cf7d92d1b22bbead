"""The committed examples."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from shared.events.decoding import decode_event
from shared.events.examples import EXAMPLES, FOLDER
from shared.events.registry import EVENT_TYPES

FILES = sorted(FOLDER.rglob("*.json"))
KINDS = {"followee_id": "author_id", "version_group": "work_id"}
"""Ids that go by the name of their role."""


def test_every_event_has_one() -> None:
    assert {f"{path.parent.name}/{path.stem}" for path in FILES} == {
        f"{event.topic}/{name}" for name, event in EVENT_TYPES.items()
    }
    assert len(EXAMPLES) == len(EVENT_TYPES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_it_is_read_as_it_was_meant(path: Any) -> None:
    event = decode_event(path.parent.name, path.stem, path.read_bytes())
    assert event in EXAMPLES
    assert event is not None
    assert event.model_dump(mode="json") == json.loads(path.read_text())


def test_an_id_means_the_same_in_all_of_them() -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for node in objects(json.loads(path.read_text())):
            for name, value in node.items():
                if name.endswith("_id") or name == "version_group":
                    kinds[value].add(KINDS.get(name, name))
            if "author_id" in node:
                names[node["author_id"]] |= {node[key] for key in ("name", "author_name") if key in node}
            if "work_id" in node and "title" in node:
                names[node["work_id"]].add(node["title"])
    assert {id_: found for id_, found in kinds.items() if len(found) > 1} == {}
    assert {id_: found for id_, found in names.items() if len(found) > 1} == {}


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document, from the outside in."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(each)
