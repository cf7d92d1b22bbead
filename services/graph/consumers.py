"""What feeds the views."""

from services.graph.views.people import PEOPLE
from services.graph.views.works import WORKS
from shared.messaging.consumer import Consumers


def subscribe(consumers: Consumers) -> None:
    """Keep people and works in step with their topics."""
    consumers.project(PEOPLE)
    consumers.project(WORKS)
