"""What holds for every parser: it refuses with a reason, and never fails or hangs, whatever it is given."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.works.domain.record import Refused, SourceRecord
from services.works.importers import PARSERS, NotReadable
from tests.unit.works.importers.samples import SAMPLES

ALL = sorted(PARSERS)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(name: str, data: bytes) -> list[SourceRecord | Refused]:
    """All that the parser makes of it; nothing for what it cannot read."""
    try:
        found = list(PARSERS[name](data))
    except NotReadable:
        return []
    for each in found:
        if isinstance(each, Refused):
            assert each.reason
            assert each.record
        else:
            assert each.identifiers
            assert each.authors
            assert SourceRecord.model_validate_json(each.model_dump_json()) == each
    return found


@pytest.mark.parametrize("name", ALL)
def test_the_sample_is_read_whole(name: str) -> None:
    found = read(name, SAMPLES[name])
    assert [each for each in found if isinstance(each, SourceRecord)], found
    assert not [each for each in found if isinstance(each, Refused)], found


@pytest.mark.parametrize("name", ALL)
@given(data=st.binary(max_size=200))
@relaxed
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    read(name, data)


@pytest.mark.parametrize("name", ALL)
@given(where=st.integers(0, 10_000), what=st.binary(max_size=6), cut=st.integers(0, 6))
@relaxed
def test_a_damaged_sample_is_read_or_refused(name: str, where: int, what: bytes, cut: int) -> None:
    sample = SAMPLES[name]
    place = where % len(sample)
    read(name, sample[:place] + what + sample[place + cut :])


@pytest.mark.parametrize("name", [each for each in ALL if SAMPLES[each].lstrip()[:1] == b"{"])
@given(data=st.data())
@relaxed
def test_a_field_of_another_kind_is_read_or_refused(name: str, data: st.DataObject) -> None:
    document = copy.deepcopy(json.loads(SAMPLES[name]))
    places = list(_places(document))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(junk)
    read(name, json.dumps(document).encode())


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)


@pytest.mark.parametrize("name", ["arxiv", "oai", "crossref", "datacite", "dblp", "orcid", "pubmed"])
def test_no_entity_is_expanded_and_no_file_is_read(name: str) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    for kind in (b"feed", b"OAI-PMH", b"dblp", b"PubmedArticleSet", b"resource"):
        data = bomb.replace(b"DOCTYPE a", b"DOCTYPE " + kind) + b"<" + kind + b">&c;&f;</" + kind + b">"
        assert not [each for each in read(name, data) if "root:" in str(each)]


@pytest.mark.parametrize("name", ALL)
def test_deep_nesting_is_refused_and_not_a_crash(name: str) -> None:
    read(name, b"[" * 100_000)
    read(name, b'{"a":' * 100_000)
    read(name, b"<a>" * 100_000)
    read(name, b"@article{" + b"{" * 100_000)


def test_deep_brackets_and_lists_inside_of_a_record_end_soon() -> None:
    brackets = "(" * 200_000 + "Ada" + ")" * 200_000
    read("arxiv-lines", json.dumps({"id": "2001.00001", "title": "x", "authors": brackets}).encode())
    read("pmlr", b"---\na: " + b"[" * 90_000 + b"\n---\n")
    read("pmlr", b"---\na: " + b"[" * 90_000 + b"]" * 90_000 + b"\n---\n")


def test_authors_are_parted_however_they_are_joined() -> None:
    line = {"id": "2001.00001", "title": "On x", "update_date": "2020-01-01"}
    line["authors"] = "A. One (U (of X)), B. Two & C. Three and D. Four, Jr."
    (record,) = read("arxiv-lines", json.dumps(line).encode())
    assert isinstance(record, SourceRecord)
    assert [author.name for author in record.authors] == ["A. One", "B. Two", "C. Three", "D. Four, Jr."]


@pytest.mark.parametrize("name", ["arxiv-lines", "lines"])
@pytest.mark.parametrize("open_", ["\\frac{a", "\\sqrt[a", "{", "\\'{"])
def test_names_of_latex_that_never_ends_are_read_soon(name: str, open_: str) -> None:
    line = {"id": "2001.00001", "title": "On x", "update_date": "2020-01-01", "year": 2020, "categories": "cs.LG"}
    who: object = "Ada " + open_ * 30
    read(name, json.dumps({**line, "authors": who if name == "arxiv-lines" else [who]}).encode())


def test_accents_of_latex_are_letters() -> None:
    names = ['K. G{\\"o}del', "Erd\\H{o}s", "\\c{C}elik", "Garc{\\'\\i}a", "\\v{S}koda", "Jos\\'e", "Stra{\\ss}e X"]
    line = {"title": "On x", "year": 2020, "authors": names}
    (record,) = read("lines", json.dumps(line).encode())
    assert isinstance(record, SourceRecord)
    assert [each.name for each in record.authors] == [
        "K. Gödel", "Erdős", "Çelik", "García", "Škoda", "José", "Straße X",
    ]  # fmt: skip


def test_a_broken_reference_does_not_spoil_the_others() -> None:
    ris = SAMPLES["ris"] + b"TY  - JOUR\nER  - \n" + SAMPLES["ris"].replace(b"On examples", b"On\n  more examples")
    found = read("ris", ris)
    assert [isinstance(each, Refused) for each in found] == [False, True, False]
    assert [each.title for each in found if isinstance(each, SourceRecord)] == ["On examples", "On more examples"]
