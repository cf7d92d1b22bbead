"""What a source record changes: the decision behind every import."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from services.works.domain.crediting import Change, change_credits
from services.works.domain.identity import Resolve
from services.works.domain.known import Known
from services.works.domain.model import Author, Texts, Version, Work
from services.works.domain.names import free_slug, search_words, slug_base, slug_stem
from services.works.domain.record import RecordAuthor, SourceRecord
from shared.events.authors import AuthorIdentified
from shared.events.base import AuthorId, Event, SignatureId, WorkId
from shared.events.works import Byline, WorkImported, WorkUpdated

Outcome = Literal["new", "merged", "unchanged"]
NEW_FOR = timedelta(days=30)


class Decision(NamedTuple):
    """What came of the record, what changed, and the events that say so. `work` is None where nothing changed."""

    outcome: Outcome
    work: Work | None = None
    authors: tuple[Author, ...] = ()
    events: tuple[Event, ...] = ()


class Context(NamedTuple):
    """What a decision needs from outside: how authors are resolved, new ids, the time."""

    resolve: Resolve
    new_id: Callable[[], str]
    now: datetime


def decide_import(known: Known, record: SourceRecord, texts: Texts, context: Context) -> Decision:
    """Decide on one record. The same content again changes nothing; an older version is kept and changes no field."""
    fingerprint = record.fingerprint
    work = known.find_work(record)
    if work is None:
        return _bring_in(known, record, texts, fingerprint, context)
    if fingerprint in work.seen:
        return Decision("unchanged")
    if record.updated_at < work.updated_at:
        return Decision("merged", _with_version(work, record, fingerprint, context.now))
    return _update(known, work, record, texts, fingerprint, context)


def is_new(published_at: datetime, now: datetime) -> bool:
    """Whether a work of that date is new at its import (within 30 days), and not backfill."""
    return now - published_at <= NEW_FOR


def _bring_in(known: Known, record: SourceRecord, texts: Texts, fingerprint: str, context: Context) -> Decision:
    blank = Work(
        id=WorkId(context.new_id()),
        keys=tuple(key for key in record.identifiers if key not in known.work_by_key),
        texts=texts,
        **_facts(record),
        byline=(),
        versions=(_version(record),),
        seen=(fingerprint,),
        as_of=context.now,
    )
    byline, new_authors = _sign(known, record.authors, blank, context)
    work = blank.model_copy(update={"byline": byline, "sequence": 1, "rev": 1})
    new = is_new(record.published_at, context.now)
    change = change_credits(known, None, work, new_authors, new=new, now=context.now)
    return Decision("new", work, change.authors, (_imported(work, new=new), *_identified(new_authors), *change.events))


def _update(
    known: Known, before: Work, record: SourceRecord, texts: Texts, fingerprint: str, context: Context
) -> Decision:
    identifiers = _identifiers(before, record)
    keys = tuple(key for key in identifiers if known.work_by_key.get(key, before.id) == before.id)
    facts = {**_facts(record), "identifiers": identifiers}
    after = _with_version(before, record, fingerprint, context.now).model_copy(
        update={**facts, "texts": texts, "keys": keys, "sequence": before.sequence + 1}
    )
    byline, new_authors = _sign(known, record.authors, after, context)
    after = after.model_copy(update={"byline": byline})
    new = is_new(record.published_at, context.now)
    change: Change = change_credits(known, before, after, new_authors, new=new, now=context.now)
    return Decision("merged", after, change.authors, (_updated(after), *_identified(new_authors), *change.events))


def _facts(record: SourceRecord) -> dict[str, object]:
    return {
        "kind": record.kind,
        "source": record.source,
        "source_class": record.source_class,
        "source_url": record.source_url,
        "identifiers": record.identifiers,
        "year": record.updated_at.year,
        "published_on": record.published_at.date(),
        "updated_at": record.updated_at,
        "topics": record.topics,
        "status": record.status,
        "comments": record.comments,
        "journal_ref": record.journal_ref,
    }


def _identifiers(before: Work, record: SourceRecord) -> tuple[str, ...]:
    """What is known stays known, unless the record has another identifier of that scheme."""
    schemes = {identifier.split(":", 1)[0] for identifier in record.identifiers}
    kept = (identifier for identifier in before.identifiers if identifier.split(":", 1)[0] not in schemes)
    return tuple(dict.fromkeys((*record.identifiers, *kept)))


def _version(record: SourceRecord) -> Version:
    return Version(source=record.source, version=record.version, updated_at=record.updated_at)


def _with_version(work: Work, record: SourceRecord, fingerprint: str, now: datetime) -> Work:
    versions = {version.model_dump_json(): version for version in (*work.versions, _version(record))}
    ordered = sorted(versions.values(), key=lambda version: version.updated_at)
    seen = (*work.seen, fingerprint)
    return work.model_copy(update={"versions": tuple(ordered), "seen": seen, "rev": work.rev + 1, "as_of": now})


def _sign(
    known: Known, printed: Sequence[RecordAuthor], work: Work, context: Context
) -> tuple[tuple[Byline, ...], dict[AuthorId, Author]]:
    """The byline with an author record behind each name; whoever stays on the byline keeps the signature."""
    signatures = {entry.author_id: entry.signature_id for entry in work.byline}
    new_authors: dict[AuthorId, Author] = {}
    slugs = set(known.slugs)
    byline = []
    for position, (author, key) in enumerate(zip(printed, context.resolve(printed), strict=True), start=1):
        author_id = known.author_by_key.get(key)
        if author_id is None:
            made = _new_author(author.name, key, slugs, context)
            author_id = made.id
            new_authors[author_id] = made
            slugs.add(made.slug)
        byline.append(
            Byline(
                signature_id=signatures.get(author_id) or SignatureId(context.new_id()),
                author_id=author_id,
                name=author.name,
                position=position,
                affiliations=author.affiliations,
            )
        )
    return tuple(byline), new_authors


def _new_author(name: str, key: str, slugs: set[str], context: Context) -> Author:
    base = slug_base(name)
    return Author(
        id=AuthorId(context.new_id()),
        name=name,
        key=key,
        slug=free_slug(base, slugs),
        slug_stem=slug_stem(base),
        words=tuple(dict.fromkeys(search_words(name))),
        as_of=context.now,
    )


def _identified(authors: dict[AuthorId, Author]) -> tuple[AuthorIdentified, ...]:
    return tuple(AuthorIdentified(author_id=each.id, slug=each.slug, name=each.name) for each in authors.values())


def _imported(work: Work, *, new: bool) -> WorkImported:
    return WorkImported(**_public(work), is_new=new)


def _updated(work: Work) -> WorkUpdated:
    return WorkUpdated(**_public(work), is_new=False)


def _public(work: Work) -> dict[str, object]:
    return {
        "work_id": work.id,
        "title": work.texts.title,
        "title_text": work.texts.title_text,
        **{
            name: getattr(work, name)
            for name in (
                "kind", "source", "source_class", "identifiers", "year", "published_on", "topics", "byline", "status",
            )
        },
    }  # fmt: skip
