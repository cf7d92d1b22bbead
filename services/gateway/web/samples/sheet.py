"""What /design shows: each component in each of its states."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.gateway.clients.notify import Notification
from services.gateway.clients.works import Work
from services.gateway.researchers.page import ResearcherPage, TrustBrief
from services.gateway.web.profile import (
    Figure,
    Follow,
    GraphPanel,
    Panel,
    Say,
    figures,
    follow,
    graph_panel,
    identity,
    invitation,
    trust_words,
)
from services.gateway.web.samples.around import FULL
from services.gateway.web.samples.people import NOTICES, PEOPLE, UNVERIFIED
from services.gateway.web.samples.works import MAPS, NO_ABSTRACT, RETRACTED, WITHDRAWN
from services.gateway.web.source import Viewer

READER = Viewer("account", "reader@example.org", "csrf", by_cookie=True)
STATES = ("unclaimed", "pending", "claimed", "disputed", "closed")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The samples, typed as the pages get them."""

    person: ResearcherPage
    viewer: Viewer
    trust_words: list[tuple[str, ...]]
    figures: list[tuple[Figure, ...]]
    panels: list[Panel]
    identities: list[tuple[str, Say, Say]]
    follows: list[tuple[str, Follow]]
    works: list[Work]
    graph: GraphPanel
    notices: list[Notification]


def component_sheet() -> Sheet:
    """All components in all states."""
    person = PEOPLE["ilse-marand"]
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    return Sheet(
        person=person,
        viewer=READER,
        trust_words=[trust_words(TrustBrief.model_validate(UNVERIFIED), state) for state in STATES],
        figures=[figures(PEOPLE[slug]) for slug in ("ilse-marand", "prolific", "missing")],
        panels=[Panel("fresh", moment), Panel("older", moment), Panel("missing")],
        identities=[(state, identity(person, state, None), invitation(person, state)) for state in STATES],
        follows=follow_states(person),
        works=[MAPS, RETRACTED, WITHDRAWN, NO_ABSTRACT, MAPS],
        graph=graph_panel(person, FULL),
        notices=NOTICES,
    )


def follow_states(person: ResearcherPage) -> list[tuple[str, Follow]]:
    """The follow action for each kind of reader."""
    return [
        ("visitor", follow(person, None)),
        ("signed in", follow(person, READER)),
        ("follower", follow(PEOPLE["followed"], READER)),
        ("owner", follow(PEOPLE["owner"], READER)),
        ("not available", follow(PEOPLE["missing"], READER)),
    ]
