"""The JSON Schema of every event, generated from the models; `bzpeer docs` writes them anew."""

import json
from collections.abc import Iterator
from pathlib import Path

from shared.events.registry import EVENT_TYPES

FOLDER = Path(__file__).parent / "schemas"


def schema_path(ce_type: str, topic: str) -> str:
    """Where the schema of an event stands, relative to `shared/events/schemas`: the value of `ce_dataschema`."""
    return f"{topic}/{ce_type}.json"


def generated() -> Iterator[tuple[Path, str]]:
    """Each schema's file and what should stand in it."""
    for name, event in sorted(EVENT_TYPES.items()):
        schema = json.dumps(event.model_json_schema(), indent=1, ensure_ascii=False, sort_keys=True)
        yield FOLDER / schema_path(name, event.topic), schema + "\n"
