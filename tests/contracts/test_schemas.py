"""The committed schemas are those of the models."""

from shared.events.schemas import FOLDER, generated


def test_every_event_has_its_schema_committed_and_no_other_stands_there() -> None:
    wanted = dict(generated())
    standing = {path: path.read_text() for path in FOLDER.rglob("*.json")}
    assert standing == wanted, "the events changed: run `make contracts` and commit what it writes"
