"""What notify hears: follows and credits."""

from services.notify.usecases import Notify
from services.notify.views.followers import FOLLOWERS
from shared.messaging.consumer import Consumers

FANOUT = "notify.fanout.v1"
NEWCOMERS = "notify.newcomers.v1"


def subscribe(consumers: Consumers, notify: Notify) -> None:
    """Join the service's groups."""
    consumers.project(FOLLOWERS)
    consumers.react(NEWCOMERS, FOLLOWERS.topics, notify.tell_new_followers)
    consumers.react(FANOUT, ("authors.v1",), notify.tell_followers)
