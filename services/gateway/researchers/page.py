"""One answer made of four panels. Pure: what was read goes in, the page's data comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.gateway.clients.base import Model
from services.gateway.clients.graph import Collaborators
from services.gateway.clients.profiles import Profile, Viewer
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import Author, AuthorRef, WorkPage
from services.gateway.researchers.panels import Panel


@dataclass(frozen=True, slots=True)
class Published:
    """What works says: the record's facts, and the first works."""

    author: Author
    works: WorkPage


@dataclass(frozen=True, slots=True)
class Panels:
    """What the four services said, or last said."""

    works: Panel[Published]
    profiles: Panel[Profile]
    trust: Panel[Trust]
    graph: Panel[Collaborators]

    def __iter__(self) -> Iterator[Panel[Published] | Panel[Profile] | Panel[Trust] | Panel[Collaborators]]:
        yield from (self.works, self.profiles, self.trust, self.graph)


class TrustBrief(Model):
    """Trust in one line; `/trust` explains it."""

    score: int
    tier: str
    verification_level: str
    claim_status: str
    model: str


class Counts(Model):
    """Figures; null where the service that counts does not answer and was not heard before."""

    works: int | None = None
    followers: int | None = None
    topics: int | None = None
    close_collaborators: int | None = None


class AsOf(Model):
    """When each service last changed its part."""

    works: datetime | None = None
    trust: datetime | None = None
    graph: datetime | None = None
    profiles: datetime | None = None


class ResearcherPage(Model):
    """A researcher's page in one answer.

    `missing` names the services that did not answer in time. Their part is null, or the last known value where one is
    held: those services are in `stale` too, and `as_of` says how old their part is.
    """

    id: str
    slug: str
    name: str
    headline: str | None = None
    bio: str | None = None
    badges: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None
    trust: TrustBrief | None = None
    counts: Counts = Counts()
    viewer: Viewer | None = None
    works: WorkPage | None = None
    as_of: AsOf = AsOf()
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


def compose(ref: AuthorRef, panels: Panels) -> ResearcherPage:
    """The page of this author from what the services said."""
    published, profile = panels.works.value, panels.profiles.value
    author = published.author if published else None
    return ResearcherPage(
        id=ref.id,
        slug=author.slug if author else ref.slug,
        name=author.name if author else profile.name if profile else ref.name,
        headline=profile.headline if profile else None,
        bio=profile.bio if profile else None,
        badges=profile.badges if profile else (),
        affiliations=(profile.affiliations if profile else ()) or (author.affiliations if author else ()),
        orcid=author.orcid if author else None,
        trust=_brief(panels.trust.value),
        counts=_counts(panels),
        viewer=profile.viewer if profile and not panels.profiles.is_stale else None,
        works=published.works if published else None,
        as_of=_as_of(panels),
        missing=tuple(panel.name for panel in panels if panel.failure is not None),
        stale=tuple(panel.name for panel in panels if panel.is_stale),
    )


def _brief(trust: Trust | None) -> TrustBrief | None:
    return TrustBrief.model_validate(trust.model_dump()) if trust else None


def _counts(panels: Panels) -> Counts:
    published, profile, graph = panels.works.value, panels.profiles.value, panels.graph.value
    return Counts(
        works=published.author.counts.works if published else None,
        topics=published.author.counts.topics if published else None,
        followers=profile.followers if profile else None,
        close_collaborators=len(graph.close) if graph else None,
    )


def _as_of(panels: Panels) -> AsOf:
    published, profile = panels.works.value, panels.profiles.value
    trust, graph = panels.trust.value, panels.graph.value
    return AsOf(
        works=published.author.as_of if published else None,
        profiles=profile.as_of if profile else None,
        trust=trust.as_of if trust else None,
        graph=graph.as_of if graph else None,
    )
