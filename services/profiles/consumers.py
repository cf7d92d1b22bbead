"""What profiles hears: who there is, and how far each record is trusted."""

from services.profiles.views.people import PEOPLE
from shared.messaging.consumer import Consumers


def subscribe(consumers: Consumers) -> None:
    """Join the service's group."""
    consumers.project(PEOPLE)
