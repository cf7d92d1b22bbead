"""Every file of real records is read whole: so many records as its folder holds, each refused one with a reason."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.works.domain.record import Refused
from services.works.importers import PARSERS
from services.works.importers.unpack import unpack

FOLDERS = {
    "arxiv-api": ("arxiv", "*.xml", 126, 1),
    "arxiv-kaggle": ("arxiv-lines", "*.jsonl", 140, 0),
    "arxiv-abs": ("arxiv-abs", "*.xz", 2_155, 0),
    "arxiv-tsv": ("arxiv-tsv", "*.xz", 26_911, 0),
    "openalex": ("openalex", "*", 732, 720),
    "mlanthology": ("mlanthology", "*", 41_000, 0),
    "acl": ("acl", "*", 38_874, 593),
    "pmlr": ("pmlr", "*.md", 2, 0),
    "datacite": ("datacite", "*", 28, 1),
}
"""Folder, form, files, records in them, and how many of these are no works or no whole ones."""
MANY = 400 * 2**20


def entries(files: list[Path], form: str) -> Iterator[object]:
    """All that the parser makes of the files, packed as they are."""
    for path in files:
        for data in unpack(path.read_bytes(), MANY):
            yield from PARSERS[form](data)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_read_whole(folder: str, data_dir: Path) -> None:
    form, pattern, records, refused = FOLDERS[folder]
    found = Counter(isinstance(each, Refused) for each in entries(sorted((data_dir / folder).glob(pattern)), form))
    assert (found.total(), found[True]) == (records, refused)


def test_a_whole_harvest_is_read(data_dir: Path) -> None:
    pages = sorted((data_dir / "arxiv-oai/harvest-cs-2016-03").glob("*.xz"))
    found = Counter(isinstance(each, Refused) for each in entries(pages[::12], "oai"))
    assert found[True] == 0
    assert found[False] >= 1_000 * (len(pages[::12]) - 1)
