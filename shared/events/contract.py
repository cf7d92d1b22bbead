"""What producers and consumers rely on: topics, schemas and examples, as they are today and as they were released.

`shared/events/released.json` is the contract of the last release, written by `bzpeer schemas release VERSION`.
Old forms that an upcaster reads stay in it for ever, so that their examples are read again at every check.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.events.registry import EVENT_TYPES
from shared.events.topics import TOPICS
from shared.events.upcasters import UPCASTERS

RELEASED = Path(__file__).parent / "released.json"
EXAMPLES = Path(__file__).parent / "examples"
"""Read as files: a change under way may not fit the table that they are made from."""


class Contract(BaseModel):
    """Topics by name; schemas and examples by `<topic>/<type>`."""

    model_config = ConfigDict(frozen=True)

    version: str
    topics: dict[str, dict[str, Any]] = {}
    schemas: dict[str, dict[str, Any]]
    examples: dict[str, dict[str, Any]] = {}


def today(version: str = "today") -> Contract:
    """The contract that the code now keeps."""
    return Contract(
        version=version,
        topics={spec.name: _json(asdict(spec)) for spec in TOPICS},
        schemas={f"{event.topic}/{name}": event.model_json_schema() for name, event in sorted(EVENT_TYPES.items())},
        examples=_files_in(EXAMPLES),
    )


def read(path: Path) -> Contract:
    """A contract from a file that `write` wrote, or from a folder of schemas. Raises ValueError for anything else."""
    if path.is_dir():
        return Contract(version=str(path), schemas=_files_in(path))
    return Contract.model_validate_json(path.read_text())


def write(path: Path, contract: Contract) -> None:
    """One line for each schema and example, so that a difference is easy to see."""
    path.write_text(_lines(contract))


def to_release(version: str, last: Contract | None) -> Contract:
    """The contract of today under that version, with the old forms that upcasters read."""
    contract = today(version)
    if last is None:
        return contract
    kept = {f"{topic}/{ce_type}" for topic, ce_type in UPCASTERS} - contract.schemas.keys()
    return contract.model_copy(
        update={
            "schemas": contract.schemas | _chosen(last.schemas, kept),
            "examples": contract.examples | _chosen(last.examples, kept),
        }
    )


def _files_in(folder: Path) -> dict[str, Any]:
    files = sorted(folder.glob("*.v*/*.json"))
    return {f"{file.parent.name}/{file.stem}": json.loads(file.read_text()) for file in files}


def _chosen(table: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key in keys}


def _json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _lines(contract: Contract) -> str:
    def block(table: Mapping[str, Any]) -> str:
        rows = [f"  {json.dumps(key)}: {json.dumps(table[key], ensure_ascii=False)}" for key in sorted(table)]
        return "{\n" + ",\n".join(rows) + "\n }"

    parts = {name: block(getattr(contract, name)) for name in ("topics", "schemas", "examples")}
    rest = ",\n".join(f' "{name}": {text}' for name, text in parts.items())
    return "{\n" + f' "version": {json.dumps(contract.version)},\n{rest}\n' + "}\n"
