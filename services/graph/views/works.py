"""The view of works: one document per work, with its byline and topics."""

from services.graph.domain.work import Place, Work
from shared.events.authors import CROWD
from shared.events.works import WorkImported, WorkRetracted, WorkUpdated, WorkWithdrawn
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Projection


def apply(work: Work | None, envelope: Envelope) -> Work | None:
    """The work after the event, which tells the whole of it; none while it is merged into another one."""
    match envelope.event:
        case WorkUpdated(merged_into=into) if into is not None:
            return None
        case WorkImported() | WorkUpdated() | WorkWithdrawn() | WorkRetracted() as event:
            crowd = len(event.byline) > CROWD
            places = () if crowd else tuple(Place.model_validate(one, from_attributes=True) for one in event.byline)
            return Work(
                title=event.title_text,
                year=event.year,
                published_on=event.published_on,
                source=event.source,
                status=event.status,
                topics=event.topics,
                byline=places,
                byline_size=len(event.byline),
            )
        case _:
            return work


WORKS = Projection(name="graph.works.v1", topics=("works.v1",), model=Work, apply=apply)
"""One document per work."""
