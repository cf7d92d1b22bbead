"""What /design shows: each component in each of its states."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.gateway.web.answers import Notice, Researcher, Slice, TrustBrief, Work
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

READER = Viewer("account", "reader@example.org", "csrf")
STATES = ("unclaimed", "pending", "claimed", "disputed", "revoked", "closed")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The samples, typed as the pages get them."""

    person: Researcher
    viewer: Viewer
    trust_words: list[tuple[str, ...]]
    figures: list[tuple[Figure, ...]]
    panels: list[Panel]
    identities: list[tuple[str, Say, Say]]
    follows: list[tuple[str, Follow]]
    works: list[Work]
    graph: GraphPanel
    notices: list[Notice]


def component_sheet() -> Sheet:
    """All components in all states."""
    person = sample("ilse-marand")
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    return Sheet(
        person=person,
        viewer=READER,
        trust_words=[trust_words(TrustBrief.model_validate(UNVERIFIED), state) for state in STATES],
        figures=[figures(sample(slug)) for slug in ("ilse-marand", "prolific", "missing")],
        panels=[Panel("fresh", moment), Panel("older", moment), Panel("missing")],
        identities=[(state, identity(person, state, None), invitation(person, state)) for state in STATES],
        follows=follow_states(person),
        works=[Work.model_validate(each) for each in (MAPS, RETRACTED, WITHDRAWN, NO_ABSTRACT, MAPS)],
        graph=graph_panel(person, Slice.model_validate(FULL)),
        notices=[Notice.model_validate(each) for each in NOTICES],
    )


def follow_states(person: Researcher) -> list[tuple[str, Follow]]:
    """The follow action for each kind of reader."""
    return [
        ("visitor", follow(person, None)),
        ("signed in", follow(person, READER)),
        ("follower", follow(sample("followed"), READER)),
        ("owner", follow(sample("owner"), READER)),
        ("not available", follow(sample("missing"), READER)),
    ]


def sample(slug: str) -> Researcher:
    """A sample researcher."""
    return Researcher.model_validate(PEOPLE[slug])
