"""Who follows whom: one document per followee and account."""

from services.notify.domain import Followed
from shared.events.base import AuthorId
from shared.events.follows import FollowCreated, FollowEvent
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Projection


def edge(envelope: Envelope) -> str:
    """The document that the event changes."""
    event = envelope.event
    return f"{event.followee_id}:{event.account_id}" if isinstance(event, FollowEvent) else envelope.subject


def apply(view: Followed | None, envelope: Envelope) -> Followed | None:
    """The follow after the event."""
    event = envelope.event
    if not isinstance(event, FollowEvent):
        return view
    return Followed(
        followee_id=AuthorId(event.followee_id),
        account_id=event.account_id,
        active=isinstance(event, FollowCreated),
        since=envelope.time,
    )


FOLLOWERS = Projection(
    "notify.followers.v1", ("follows.v1",), Followed, apply, key=edge, indexes=("followee_id", "account_id")
)
