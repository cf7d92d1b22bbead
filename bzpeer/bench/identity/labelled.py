"""Labelled signatures: which sets there are, and how each is read. The data is not part of BZPEER."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from services.works.domain.names import name_key
from services.works.domain.resolution.evidence import Signature
from services.works.domain.resolution.names import block_keys, parse_name


class Labelled(NamedTuple):
    """A signature with the person it is of, and its place in the order of arrival."""

    signature: Signature
    person: str
    order: tuple[int, str]

    @property
    def block(self) -> str:
        """The block it stands in."""
        return block_keys(self.signature.name, self.signature.given, self.signature.family)[0]

    @property
    def is_fitted(self) -> bool:
        """Whether weights may be fitted on it: half of the blocks, by their hash."""
        return sha1(self.block.encode(), usedforsecurity=False).digest()[0] % 2 == 0


def read_sets(folder: Path) -> dict[str, list[Labelled]]:
    """The sets by name. Raises FileNotFoundError for a folder without them."""
    return {
        "INSPIRE": list(_inspire(folder / "and")),
        "Qian": list(_qian(folder / "and")),
        "ACL": list(_acl(folder)),
    }


def _inspire(folder: Path) -> Iterator[Labelled]:
    people = {
        signature: person
        for person, signatures in _json(folder / "inspire-wang-part1-clusters.json").items()
        for signature in signatures
    }
    signatures = [
        each for each in _json(folder / "inspire-wang-part1-signatures.json") if each["signature_id"] in people
    ]
    bylines = _bylines((each["publication_id"], each["author_name"]) for each in signatures)
    for each in signatures:
        affiliation = each["author_affiliation"]
        signature = Signature(
            name=each["author_name"],
            affiliations=(affiliation,) if affiliation else (),
            coauthors=_others(bylines[each["publication_id"]], each["author_name"]),
            year=2000,
            work_id=str(each["publication_id"]),
        )
        person = f"inspire:{people[each['signature_id']]}"
        yield Labelled(signature, person, (each["publication_id"], str(each["signature_id"])))


def _qian(folder: Path) -> Iterator[Labelled]:
    people = {
        signature: person
        for person, cluster in _json(folder / "qian-part1-clusters.json").items()
        for signature in cluster["signature_ids"]
    }
    every = [each for key, each in _json(folder / "qian-part1-signatures.json").items() if key in people]
    bylines = _bylines((each["paper_id"], _qian_name(each)) for each in every)
    for each in every:
        info = each["author_info"]
        email = info.get("email") or ""
        signature = Signature(
            name=_qian_name(each),
            given=" ".join(filter(None, (info["first"], info["middle"]))) or None,
            family=info["last"],
            affiliations=tuple(info["affiliations"]),
            email_domain=email.rpartition("@")[2].lower() or None,
            coauthors=_others(bylines[each["paper_id"]], _qian_name(each)),
            year=2000,
            work_id=str(each["paper_id"]),
        )
        yield Labelled(signature, f"qian:{people[each['signature_id']]}", (each["paper_id"], each["signature_id"]))


def _qian_name(each: Mapping[str, Any]) -> str:
    info = each["author_info"]
    return " ".join(filter(None, (info["first"], info["middle"], info["last"])))


def _acl(folder: Path) -> Iterator[Labelled]:
    """Authors whose name the Anthology's editors looked at: those with an id of their own, and the forms of one name.

    All other names there are taken for one person each, unexamined: they would only count in favour of names.
    """
    owners = _acl_owners(yaml.safe_load((folder / "and/acl-name-variants-part1.yaml").read_bytes()))
    with gzip.open(folder / "acl/acl-anthology-2019-07-part1.jsonl.gz") as lines:
        for line in lines:
            paper = json.loads(line)
            year = int(paper.get("year", 0)) or _year_of(paper["id"])
            names = [_acl_name(author) for author in paper.get("authors", ())]
            for place, author in enumerate(paper.get("authors", ())):
                person = author.get("id") or owners.get(name_key(names[place]))
                if person is None:
                    continue
                signature = Signature(
                    name=names[place],
                    given=author.get("first") or None,
                    family=author.get("last") or None,
                    coauthors=tuple(map(name_key, names[:place] + names[place + 1 :]))[:50],
                    year=year,
                    work_id=paper["id"],
                )
                yield Labelled(signature, f"acl:{person}", (year, f"{paper['id']}/{place}"))


def _year_of(paper_id: str) -> int:
    """The year in an Anthology id of before 2020, as in P19-1001."""
    year = int(paper_id[1:3])
    return year + (1900 if year > 50 else 2000)


def _acl_owners(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The only person behind each form of a name."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        forms = [entry["canonical"], *entry.get("variants", ())]
        person = entry.get("id") or name_key(_acl_name(entry["canonical"]))
        if len(forms) > 1 or "id" in entry:
            for form in forms:
                owners[name_key(_acl_name(form))].add(person)
    return {form: next(iter(people)) for form, people in owners.items() if len(people) == 1}


def _acl_name(author: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (author.get("first"), author.get("last")))) or author.get("full", "")


def _bylines(signed: Iterable[tuple[object, str]]) -> dict[object, list[str]]:
    found: dict[object, list[str]] = defaultdict(list)
    for work, name in signed:
        found[work].append(name)
    return found


def _others(names: list[str], name: str) -> tuple[str, ...]:
    """The others of the set on the same work: the sets tell of no further coauthors."""
    parts = (parse_name(other) for other in names if other != name)
    return tuple(" ".join((*each.given, *each.family)) for each in parts)[:50]


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())
