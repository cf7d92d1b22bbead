"""arXiv's Atom feeds: every entry is read, or refused with a reason."""

from pathlib import Path

import pytest

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.arxiv import parse_arxiv, total_results
from services.works.importers.arxiv_categories import topics_of
from services.works.importers.arxiv_ids import parse_arxiv_id
from services.works.importers.doi import find_dois
from services.works.importers.reading import NotReadable
from services.works.importers.text import paragraphs
from services.works.importers.withdrawn import is_withdrawn

DEMO = Path(__file__).parents[3] / "services/works/demo/hannah-lawrence.xml"
HEAD = b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
ENTRY = (
    "<entry><id>http://arxiv.org/abs/2401.00001v2</id><title>T</title><summary>S</summary>"
    "<published>2024-01-03T00:00:00Z</published><updated>2024-02-03T00:00:00Z</updated>"
    "<author><name>Ada Example</name></author></entry>"
)


def feed(*entries: str) -> bytes:
    return HEAD + "".join(entries).encode() + b"</feed>"


def affiliated(names: list[str]) -> str:
    inside = "".join(f"<arxiv:affiliation>{name}</arxiv:affiliation>" for name in names)
    return f"<author><name>Bo Example</name>{inside}</author>"


def records_of(data: bytes) -> list[SourceRecord]:
    return [entry for entry in parse_arxiv(data) if isinstance(entry, SourceRecord)]


def test_the_demo_holds_the_two_works_of_the_seed_page() -> None:
    first, second = records_of(DEMO.read_bytes())
    assert [author.name for author in first.authors] == [
        "Bobak T. Kiani", "Thien Le", "Hannah Lawrence", "Stefanie Jegelka", "Melanie Weber",
    ]  # fmt: skip
    assert len({topic.id for topic in (*first.topics, *second.topics)}) == 5
    assert (first.updated_at.year, second.updated_at.year) == (2024, 2022)
    assert r"\emph{implicit}" in second.abstract


def test_one_bad_entry_does_not_keep_the_others_out() -> None:
    read = list(
        parse_arxiv(
            feed(
                ENTRY,
                ENTRY.replace("<title>T</title>", ""),
                ENTRY.replace("Ada Example", " "),
                ENTRY.replace("2024-01-03T00:00:00Z", "soon").replace("2024-02-03T00:00:00Z", "later"),
                ENTRY.replace("http://arxiv.org/abs/2401.00001v2", "urn:isbn:1"),
                ENTRY.replace("<title>T</title>", f"<title>{'T' * 6000}</title>"),
            )
        )
    )
    assert [each.reason for each in read if isinstance(each, Refused)] == [
        "it has no title",
        "it names no author",
        "it has no date of publication that can be read",
        "its id is no arXiv identifier",
        "its title is 6,000 characters long; the most taken is 5,000",
    ]
    assert len(read) == 6


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (f"<arxiv:comment>{'x' * 20_000}</arxiv:comment>", "its comment is 20,000 characters long"),
        (f"<arxiv:journal_ref>{'x' * 20_000}</arxiv:journal_ref>", "its journal_ref is 20,000 characters long"),
        ("".join(f"<arxiv:doi>10.1000/{n}</arxiv:doi>" for n in range(100)), "it has 100 DOIs"),
        ("".join(f'<category term="aa.{a}{b}"/>' for a in "abcdefgh" for b in "abcdefgh"), "it has 64 topics"),
        (f"<author><name>{'A' * 10_000}</name></author>", "its name of an author is 10,000 characters long"),
        (affiliated([f"University {n}" for n in range(100)]), "it has 100 affiliations of an author"),
        (affiliated(["U" * 5_000]), "its affiliation is 5,000 characters long"),
        (affiliated([f"{'U' * 900} {n}" for n in range(40)]) * 40, "its byline is 1,4"),
    ],
)
def test_an_entry_is_refused_that_would_not_fit_into_an_event_or_a_document(within: str, said: str) -> None:
    (read,) = parse_arxiv(feed(ENTRY.replace("</entry>", f"{within}</entry>")))
    assert isinstance(read, Refused)
    assert said in read.reason


def test_what_is_told_of_a_refused_entry_is_short() -> None:
    long = "9" * 1_000_000
    told = f"<entry><id>http://arxiv.org/api/errors#{long}</id><summary>{long}</summary></entry>"
    for read in parse_arxiv(feed(told, ENTRY.replace("2401.00001v2", long))):
        assert isinstance(read, Refused)
        assert len(read.record) + len(read.reason) < 1_000


def test_what_turns_the_direction_of_text_is_left_out() -> None:
    (record,) = records_of(feed(ENTRY.replace(">T<", ">A \u202etitle<").replace("Ada", "\u2066Ada")))
    assert (record.title, record.authors[0].name) == ("A title", "Ada Example")


@pytest.mark.parametrize("abstract", ["a" + " " * 100_000 + "b", "a\n\n" + ".\n\n" * 30_000])
def test_an_abstract_made_to_take_for_ever_to_read_does_not(abstract: str) -> None:
    assert len(records_of(feed(ENTRY.replace(">S<", f">{abstract}<")))) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"not xml", "not well-formed"),
        (b"<html/>", "no Atom feed"),
        (HEAD + ENTRY.encode()[:60], "not well-formed"),
        (b'<!DOCTYPE feed [<!ENTITY a "aaaa">]>' + feed(ENTRY.replace(">T<", ">&a;<")), "document type"),
        (feed(ENTRY.replace(">T<", ">&undeclared;<")), "not well-formed"),
    ],
)
def test_a_file_that_is_no_feed_says_why(data: bytes, said: str) -> None:
    with pytest.raises(NotReadable, match=said):
        list(parse_arxiv(data))


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    declared = f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    with pytest.raises(NotReadable):
        list(parse_arxiv(declared + feed(ENTRY.replace(">T<", ">&x;<"))))


def test_every_real_entry_is_read_or_refused(data_dir: Path) -> None:
    read = {path.name: list(parse_arxiv(path.read_bytes())) for path in (data_dir / "arxiv-api").glob("*.xml")}
    assert sum(map(len, read.values())) == 126
    refused = [entry for entries in read.values() for entry in entries if isinstance(entry, Refused)]
    assert refused == [Refused("incorrect_id_format_for_abc", "arXiv answered: incorrect id format for abc")]
    assert read["id-0808.05394-no-entries.xml"] == []


def test_real_facts_are_kept(data_dir: Path) -> None:
    def only(name: str) -> SourceRecord:
        return records_of((data_dir / "arxiv-api" / name).read_bytes())[0]

    hot = only("id-astro-ph-0601001.xml")
    assert hot.identifiers == ("arxiv:astro-ph/0601001",)
    assert hot.authors[2].affiliations == ("CfA",)
    assert hot.journal_ref == "ActaAstron.56:1-50,2006"
    old = only("old-format-id-1111.2011v2.xml")
    assert (old.version, old.identifiers) == (2, ("arxiv:1111.2011", "doi:10.1103/physrevb.85.115117"))
    assert old.title.endswith("in the Large Connectivity Limit")
    assert "\n" not in old.abstract
    assert [topic.id for topic in old.topics] == ["arxiv:cond-mat.str-el", "arxiv:cond-mat.stat-mech"]
    assert (old.published_at.year, old.updated_at.year) == (2011, 2012)
    assert old.comments == "8 pages, 3 figures. Published version"


def test_the_number_of_all_results_is_read(data_dir: Path) -> None:
    assert total_results((data_dir / "arxiv-api/q-testing-start0-max10.xml").read_bytes()) == 214881


def test_aliases_are_folded_and_the_primary_category_comes_first() -> None:
    codes = ["cs.LG", "cs.DS", "math.ST", "stat.ML", "stat.TH", "68T05", "I.2.6", "cs.LG"]
    assert [topic.id for topic in topics_of(codes)] == ["arxiv:cs.LG", "arxiv:cs.DS", "arxiv:math.ST", "arxiv:stat.ML"]
    assert [topic.id for topic in topics_of(["cmp-lg", "math.MP"])] == ["arxiv:cs.CL", "arxiv:math-ph"]
    assert topics_of(["cs.LG"])[0].label == "Machine Learning"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2401.01869", ("2401.01869", None)),
        ("http://arxiv.org/abs/2401.01869v12", ("2401.01869", 12)),
        ("https://www.arxiv.org/pdf/0704.0001v1", ("0704.0001", 1)),
        ("arXiv:math.GT/0309136", ("math/0309136", None)),
        ("astro-ph/0601001v1", ("astro-ph/0601001", 1)),
        ("abc", None),
        ("10.1000/182", None),
        ("http://arxiv.org/abs/", None),
        ("٢٤٠١.٠١٨٦٩", None),
        ("a" * 100 + "/0601001", None),
    ],
)
def test_identifiers_are_read(text: str, expected: tuple[str, int | None] | None) -> None:
    assert parse_arxiv_id(text) == expected


def test_dois_are_read_in_lower_case() -> None:
    assert find_dois("https://doi.org/10.1103/PhysRevD.76.013009, 10.1000/B.") == (
        "10.1103/physrevd.76.013009",
        "10.1000/b",
    )


def test_paragraphs_are_told_from_wrapped_lines() -> None:
    assert (
        paragraphs("  One line\nand its rest.\n  A new one.\n\nAnd one.")
        == "One line and its rest.\n\nA new one.\n\nAnd one."
    )


@pytest.mark.parametrize(
    ("abstract", "comments"),
    [
        ("This paper has been withdrawn by the author due to an error.", None),
        ("We show.", "This paper has been withdrawn by the authors"),
        ("We show.", "Withdrawn: superseded"),
        ("We show.", "12 pages. This submission has been withdrawn by arXiv admin"),
    ],
)
def test_withdrawn_works_are_noticed(abstract: str, comments: str | None) -> None:
    assert is_withdrawn(abstract, comments)


@pytest.mark.parametrize(
    ("abstract", "comments"),
    [
        ("The patients were withdrawn from the study.", None),
        ("We show.", "a note revised from a withdrawn one"),
        ("We show.", "A major overhaul of the withdrawn paper on orthogonal matrices"),
    ],
)
def test_other_uses_of_the_word_do_not_withdraw(abstract: str, comments: str | None) -> None:
    assert not is_withdrawn(abstract, comments)
