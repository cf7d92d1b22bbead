"""From scratch: which of many signatures are of one person, whatever order they come in."""

from collections.abc import Sequence

from services.works.domain.resolution.constants import MERGE_AT
from services.works.domain.resolution.evidence import Evidence, Signature
from services.works.domain.resolution.names import block_keys
from services.works.domain.resolution.resolving import Candidate, resolve_byline
from services.works.domain.resolution.scoring import Pair, chance, crowd_of

Cluster = tuple[int, ...]
"""Places of signatures in what was given."""


class Arrivals:
    """Signatures resolved one after the other as they come, against the records made so far."""

    def __init__(self) -> None:
        self.members: dict[str, list[int]] = {}
        self.evidence: dict[str, Evidence] = {}
        self.blocks: dict[str, set[str]] = {}

    def take(self, place: int, signature: Signature) -> None:
        """Resolve the signature, and remember it under the record it is of, or a new one."""
        keys = block_keys(signature.name, signature.given, signature.family)
        ids = sorted({record for key in keys for record in self.blocks.get(key, ())})
        candidates = [Candidate(record, self.evidence[record]) for record in ids]
        record = resolve_byline([signature], candidates)[0].author_id or f"{place:09d}"
        self.members.setdefault(record, []).append(place)
        self.evidence[record] = self.evidence.get(record, Evidence()).with_signature(signature)
        for key in keys:
            self.blocks.setdefault(key, set()).add(record)

    def groups(self) -> list[tuple[Cluster, Evidence]]:
        """The records, each with its signatures' places and what they say together."""
        return [(tuple(places), self.evidence[record]) for record, places in self.members.items()]


def cluster(signatures: Sequence[Signature]) -> list[Cluster]:
    """Groups of places whose signatures are of one person.

    Taken in the order of their content, those with most to say first; then the two most likely groups of a block are
    joined, again and again, as long as the chance that they are one person is at least MERGE_AT.
    """
    order = sorted(range(len(signatures)), key=lambda place: _said(signatures[place]))
    arrivals = Arrivals()
    for place in order:
        arrivals.take(place, signatures[place])
    groups = {record: (tuple(places), arrivals.evidence[record]) for record, places in arrivals.members.items()}
    for members in arrivals.blocks.values():
        _join(groups, sorted(each for each in members if each in groups), signatures)
    return sorted(tuple(sorted(places)) for places, _ in groups.values())


def _join(groups: dict[str, tuple[Cluster, Evidence]], members: list[str], signatures: Sequence[Signature]) -> None:
    """Join the groups of one block in place, the most likely two first."""
    everyone = [groups[each][1] for each in members]
    crowds = {each: crowd_of(groups[each][1], everyone) for each in members}
    scores = {
        (one, other): chance(Pair(groups[one][1], groups[other][1], crowds[one]))
        for place, one in enumerate(members)
        for other in members[place + 1 :]
    }
    while scores:
        (one, other), best = max(scores.items(), key=lambda item: (item[1], item[0]))
        if best < MERGE_AT:
            return
        places = groups[one][0] + groups[other][0]
        groups[one] = (places, Evidence.of(signatures[place] for place in places))
        crowds[one] = crowd_of(groups[one][1], everyone)
        del groups[other]
        members.remove(other)
        scores = {pair: score for pair, score in scores.items() if one not in pair and other not in pair}
        for each in members:
            if each != one:
                pair = (min(one, each), max(one, each))
                scores[pair] = chance(Pair(groups[one][1], groups[each][1], crowds[one]))


def _said(signature: Signature) -> tuple[int, str]:
    """Signatures that say most first; equal ones in the order of what they say."""
    known = len(signature.coauthors) + len(signature.affiliations) + len(signature.topics)
    return (-known - 3 * len("".join(signature.parts.given)), signature.model_dump_json())
