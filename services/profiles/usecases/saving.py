"""Follows and their events, written together."""

from services.profiles.domain.follows import Followee, FollowEvents, evolve
from services.profiles.usecases.parts import ProfilesParts
from shared.messaging.eventlog import Append
from shared.mongo import Session


async def save_follows(parts: ProfilesParts, session: Session, followee: Followee, events: FollowEvents) -> Followee:
    """Write what the events of one followee say, and the events; the followee after them."""
    after = followee
    for event in events:
        after = evolve(after, event)
    if events:
        await parts.follows.save(session, after, events)
        await parts.log.append(session, [Append(events[0].topic, followee.followee_id, followee.sequence, events)])
    return after
