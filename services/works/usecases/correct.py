"""Corrections by people: load, decide, save state, events and the correction together; or only show it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.works.domain.known import Known
from services.works.domain.model import Author, Work
from services.works.domain.record import Frozen
from services.works.domain.signing import Context, Resolve
from services.works.store.catalogue import Catalogue
from services.works.store.corrections import Correction, Corrections
from services.works.texts import texts_of
from services.works.usecases.chunk import appends
from services.works.usecases.commands import Command
from services.works.usecases.deciding import Decided, Loading, ready, ready_to_undo
from shared.clock import Clock
from shared.errors import Conflict, NotFound
from shared.messaging.eventlog import EventLog
from shared.mongo import Mongo, Session


class Outcome(Frozen):
    """A correction, and what it changes: the works, the author records by name, and how many events tell of it."""

    correction: Correction
    works: tuple[str, ...]
    authors: tuple[str, ...]
    events: int


@dataclass(frozen=True)
class Correct:
    """What corrections need. With `preview` a decision is made, shown, and not written."""

    mongo: Mongo
    catalogue: Catalogue
    corrections: Corrections
    log: EventLog
    resolve: Resolve
    new_id: Callable[[], str]
    clock: Clock

    async def __call__(self, command: Command, by: str, *, preview: bool = False) -> Outcome:
        """Do what the command says. Raises NotFound, Invalid or Conflict, and changes nothing then."""

        async def work(session: Session) -> Outcome:
            loading = Loading(self.catalogue, Known(), session)
            decide = await ready(command, loading)
            loaded, context = _loaded(loading.known), self._context()
            decided = decide(context)
            correction = Correction(id=self.new_id(), kind=command.kind, by=by, at=context.now, **decided.correction)
            if not preview and (decided.works or decided.authors):
                await self._save(loaded, decided, session)
                await self.corrections.add(correction, session)
            return _outcome(correction, decided)

        return await self.mongo.transaction(work)

    async def undo(self, correction_id: str, *, preview: bool = False) -> Outcome:
        """Undo what the correction did, as far as it still stands. Undoing twice is refused."""

        async def work(session: Session) -> Outcome:
            done = await self.corrections.get(correction_id, session)
            if done is None:
                raise NotFound("There is no such correction.")
            if done.undone_at is not None:
                raise Conflict("This correction was undone before.")
            loading = Loading(self.catalogue, Known(), session)
            decide = await ready_to_undo(done, loading)
            loaded, context = _loaded(loading.known), self._context()
            decided = decide(context)
            if not preview:
                await self._save(loaded, decided, session)
                await self.corrections.mark_undone(done.id, context.now, session)
            return _outcome(done.model_copy(update={"undone_at": context.now}), decided)

        return await self.mongo.transaction(work)

    async def _save(self, loaded: dict[str, Work | Author], decided: Decided, session: Session) -> None:
        revs = {key: model.rev for key, model in loaded.items()}
        await self.catalogue.save(decided.works, decided.authors, revs, session)
        await self.log.append(session, appends(loaded, decided.events))

    def _context(self) -> Context:
        return Context(self.resolve, texts_of, self.new_id, self.clock())


def _loaded(known: Known) -> dict[str, Work | Author]:
    models: Sequence[Work | Author] = (*known.works.values(), *known.authors.values())
    return {str(model.id): model for model in models}


def _outcome(correction: Correction, decided: Decided) -> Outcome:
    return Outcome(
        correction=correction,
        works=tuple(work.texts.title_text for work in decided.works),
        authors=tuple(author.name for author in decided.authors),
        events=len(decided.events),
    )
