"""What profiles hears: author records and their trust."""

from services.profiles.views.people import PEOPLE
from shared.messaging.consumer import Consumers


def subscribe(consumers: Consumers) -> None:
    """Keep the view of people in step."""
    consumers.project(PEOPLE)
