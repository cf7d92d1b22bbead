"""Who a signature is of: given records, when a byline comes, then these verdicts."""

from collections.abc import Sequence

from services.works.domain.resolution.clustering import cluster
from services.works.domain.resolution.evidence import MAX_COAUTHORS, Evidence, Signature
from services.works.domain.resolution.resolving import Candidate, Verdict, resolve_byline

FRIENDS = ("bela example", "cleo example", "dan example")
SURE = "0000-0002-1825-0097"
OTHER = "0000-0001-5109-3700"


def signed(
    name: str,
    *,
    coauthors: Sequence[str] = (),
    topics: Sequence[str] = (),
    orcid: str | None = None,
    places: Sequence[str] = (),
    ids: Sequence[str] = (),
) -> Signature:
    """A signature of 2020."""
    return Signature(
        name=name,
        coauthors=tuple(coauthors),
        topics=tuple(topics),
        orcid=orcid,
        affiliations=tuple(places),
        ids=tuple(ids),
        year=2020,
    )


def verdict(signature: Signature, *records: Sequence[Signature]) -> Verdict:
    """The verdict against records "0", "1" … of these signatures."""
    candidates = [Candidate(str(number), Evidence.of(some)) for number, some in enumerate(records)]
    return resolve_byline([signature], candidates)[0]


def test_nobody_known_makes_a_new_record() -> None:
    assert verdict(signed("Ada Example")) == Verdict(None, 1.0)


def test_the_same_name_with_the_same_coauthors_is_the_same_person() -> None:
    for name in ("Ada Lovelace", "Wei Wang", "J. Smith"):
        assert verdict(signed(name, coauthors=FRIENDS), [signed(name, coauthors=FRIENDS)]).author_id == "0"


def test_a_rare_name_in_the_same_field_is_the_same_person() -> None:
    known = [signed("Hannah Lawrence", coauthors=FRIENDS, topics=["arxiv:cs.LG"])]
    assert verdict(signed("Hannah Lawrence", coauthors=["eve x", "finn y"], topics=["arxiv:cs.LG"]), known).author_id


def test_a_common_name_alone_says_nothing() -> None:
    crowd = [[signed(f"{given} Wang", coauthors=[f"{given} x"])] for given in ("Lei", "Ying", "Wei", "Hao", "Jun")]
    known = verdict(signed("Wei Wang", coauthors=["eve x", "finn y"], topics=["b"]), *crowd)
    assert known.author_id is None


def test_an_initial_needs_evidence() -> None:
    john = [signed("John Smith", coauthors=["gil x", "hal y"], topics=["a"])]
    assert verdict(signed("J. Smith", coauthors=["eve x", "finn y"], topics=["b"]), john).author_id is None
    assert verdict(signed("J. Smith", coauthors=["gil x", "hal y"], topics=["a"]), john).author_id == "0"


def test_the_same_orcid_joins_and_another_one_parts() -> None:
    assert verdict(signed("A. Example", orcid=SURE), [signed("Ada Example", orcid=SURE)]).author_id == "0"
    same = {"coauthors": FRIENDS, "topics": ("a",)}
    assert (
        verdict(signed("Ada Example", orcid=SURE, **same), [signed("Ada Example", orcid=OTHER, **same)]).author_id
        is None
    )


def test_ids_given_by_hand_part_namesakes() -> None:
    known = [signed("Yang Liu", coauthors=FRIENDS, ids=["acl:yang-liu-ict"])]
    assert verdict(signed("Yang Liu", coauthors=FRIENDS, ids=["acl:yang-liu-icsi"]), known).author_id is None


def test_between_two_as_likely_it_abstains() -> None:
    known = [[signed("Wei Wang", coauthors=["bo x"], orcid=orcid)] for orcid in (SURE, OTHER)]
    found = verdict(signed("Wei Wang", coauthors=["bo x"]), *known)
    assert (found.author_id, found.unsure) == (None, True)


def test_nobody_is_on_a_byline_twice() -> None:
    known = [Candidate("0", Evidence.of([signed("Wei Wang", coauthors=FRIENDS)]))]
    verdicts = resolve_byline([signed("Wei Wang", coauthors=FRIENDS), signed("W. Wang", coauthors=FRIENDS)], known)
    assert [each.author_id for each in verdicts] == ["0", None]


def test_a_collaboration_is_itself_alone() -> None:
    atlas = [signed("The ATLAS Collaboration")]
    assert verdict(signed("ATLAS Collaboration"), atlas).author_id == "0"
    assert verdict(signed("CMS Collaboration"), atlas).author_id is None


def test_evidence_stays_bounded() -> None:
    evidence = Evidence.of(signed("Ada Example", coauthors=[f"person {n} {m}" for m in range(40)]) for n in range(50))
    assert (evidence.works, len(evidence.coauthors)) == (50, MAX_COAUTHORS)


def test_from_scratch_the_order_does_not_matter() -> None:
    people = [signed("Ada Example", coauthors=FRIENDS), signed("A. Example", coauthors=FRIENDS[:1])]
    people += [signed("Ada Example", coauthors=["zoe z"], places=["Elsewhere"]), signed("Wei Wang"), signed("Wei Wang")]
    forward = {frozenset(map(people.__getitem__, places)) for places in cluster(people)}
    turned = people[::-1]
    assert {frozenset(map(turned.__getitem__, places)) for places in cluster(turned)} == forward
