"""Who is behind each name of a byline: those who stay keep their signatures, new names are resolved."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from services.works.domain.aligning import align
from services.works.domain.known import Known
from services.works.domain.model import Author, Texts, Work, signatures_on
from services.works.domain.names import free_slug, name_key, search_words, slug_base, slug_stem
from services.works.domain.record import RecordAuthor
from services.works.domain.resolution.evidence import Signature
from services.works.domain.resolution.names import block_keys
from services.works.domain.resolution.resolving import Candidate, Verdict
from shared.events.base import AuthorId, SignatureId
from shared.events.works import Byline


class Resolve(Protocol):
    """Says for each signature which of the candidates it is of, or that it is of nobody known.

    Nobody is answered twice, for nobody is on a byline twice.
    """

    def __call__(self, signatures: Sequence[Signature], candidates: Sequence[Candidate]) -> Sequence[Verdict]: ...


class Context(NamedTuple):
    """What a decision needs from outside: how authors are resolved and texts rendered, new ids, the time."""

    resolve: Resolve
    render: Callable[[str, str], Texts]
    new_id: Callable[[], str]
    now: datetime


class Signed(NamedTuple):
    """A byline with a record behind each name, and the records that were made for it."""

    byline: tuple[Byline, ...]
    new_authors: dict[AuthorId, Author]


def sign(known: Known, standing: Sequence[Byline], work: Work, context: Context) -> Signed:
    """Sign the people of the work. `standing`: the signatures that it has, or that works merged into it had."""
    people = work.people
    kept = _kept(standing, people)
    taken = {entry.author_id for entry in kept.values()}
    open_places = [place for place in range(len(people)) if place not in kept]
    found = _resolved(known, open_places, taken, work, context)
    slugs, new_authors = set(known.slugs), dict[AuthorId, Author]()
    byline = []
    for place, person in enumerate(people):
        entry, author_id = kept.get(place), found.get(place)
        if entry is None and author_id is None:
            made = new_author(person, slugs, context)
            slugs.add(made.slug)
            new_authors[made.id] = made
            author_id = made.id
        byline.append(
            Byline(
                signature_id=entry.signature_id if entry else SignatureId(context.new_id()),
                author_id=entry.author_id if entry else author_id,
                name=person.name,
                position=place + 1,
                affiliations=person.affiliations,
            )
        )
    return Signed(tuple(byline), new_authors)


def _kept(standing: Sequence[Byline], people: Sequence[RecordAuthor]) -> dict[int, Byline]:
    places = align([person.name for person in people], [entry.name for entry in standing])
    kept: dict[int, Byline] = {}
    for place, old in enumerate(places):
        if old is not None and all(standing[old].author_id != entry.author_id for entry in kept.values()):
            kept[place] = standing[old]
    return kept


def _resolved(
    known: Known, places: Sequence[int], taken: set[AuthorId], work: Work, context: Context
) -> dict[int, AuthorId]:
    if not places:
        return {}
    every = signatures_on(work.people, work)
    signatures = [every[place] for place in places]
    blocks = {block for each in signatures for block in block_keys(each.name, each.given, each.family)}
    people = known.candidates(blocks)
    candidates = [Candidate(author.id, author.evidence) for author in people if author.id not in taken and author.works]
    verdicts = context.resolve(signatures, candidates)
    return {
        place: AuthorId(verdict.author_id)
        for place, verdict in zip(places, verdicts, strict=True)
        if verdict.author_id is not None
    }


def new_author(person: RecordAuthor, slugs: set[str], context: Context) -> Author:
    """A record for a name that no known record answers to, with a slug that is not taken."""
    name = person.name
    base = slug_base(name)
    return Author(
        id=AuthorId(context.new_id()),
        name=name,
        key=name_key(name),
        slug=free_slug(base, slugs),
        slug_stem=slug_stem(base),
        words=tuple(dict.fromkeys(search_words(name))),
        blocks=block_keys(name, person.given, person.family),
        as_of=context.now,
    )
