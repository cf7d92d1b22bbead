"""The researcher's page as a view model: what each panel says in each state. Pure: answers in, words out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from services.gateway.clients.graph import Slice
from services.gateway.clients.profiles import Viewer as ViewerState
from services.gateway.clients.works import Work
from services.gateway.researchers.page import ResearcherPage, TrustBrief
from services.gateway.web.drawing import Drawing, draw
from services.gateway.web.neighbours import Neighbourhood, neighbourhood
from services.gateway.web.source import Viewer
from services.gateway.web.words import badge, claim_words, counted, listed, plural

PanelState = Literal["fresh", "older", "loading", "missing"]
ABSTRACTS_OPEN_UP_TO = 5
"""Longer lists fold their abstracts away, so that the titles can be read at a glance."""

DRAWN_AT_MOST = 30
"""Of each kind; a taller drawing shows nothing that the table does not say better."""


@dataclass(frozen=True, slots=True)
class Panel:
    """How fresh a panel is."""

    state: PanelState
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its noun; None while it is not known."""

    key: str
    value: int | None
    noun: str


@dataclass(frozen=True, slots=True)
class Link:
    """Something to press."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence and, where the reader can do something about it, a link."""

    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """The follow action: a form for the signed in, a link to sign in for visitors, else only a reason."""

    following: bool
    followers: int | None
    reason: str
    sign_in: str | None = None
    possible: bool = True


@dataclass(frozen=True, slots=True)
class GraphPanel:
    """The graph slice as rows and as a drawing, when there is one."""

    panel: Panel
    around: Neighbourhood | None = None
    drawing: Drawing | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the drawing shows less than the table."""
        return self.around is not None and self.drawing is not None and self.around.size > len(self.drawing.marks)


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """All that the page shows, in the order of the page."""

    person: ResearcherPage
    path: str
    badges: tuple[str, ...]
    provenance: str | None
    closed: bool
    trust: Panel
    trust_words: tuple[str, ...]
    figures: tuple[Figure, ...]
    follow: Follow
    identity: Say
    invitation: Say
    graph: GraphPanel
    works: Panel
    works_heading: str
    works_items: tuple[Work, ...]
    fold_abstracts: bool


def profile_page(person: ResearcherPage, around: Slice | None, viewer: Viewer | None) -> ProfilePage:
    """Put the page together."""
    status = claim_status(person)
    items = person.works.items if person.works else ()
    return ProfilePage(
        person=person,
        path=f"/researchers/{person.slug}",
        badges=tuple(badge(key) for key in person.badges),
        provenance=provenance(person, status),
        closed=status == "closed",
        trust=panel(person, "trust", person.as_of.trust, present=person.trust is not None),
        trust_words=trust_words(person.trust, status) if person.trust else (),
        figures=figures(person),
        follow=follow(person, viewer),
        identity=identity(person, status, viewer),
        invitation=invitation(person, status),
        graph=graph_panel(person, around),
        works=panel(person, "works", person.as_of.works, present=person.works is not None),
        works_heading=works_heading(person),
        works_items=items,
        fold_abstracts=len(items) > ABSTRACTS_OPEN_UP_TO,
    )


def claim_status(person: ResearcherPage) -> str:
    """The claim's state: trust's word, else what profiles lets through, else `unknown`."""
    if person.trust:
        return person.trust.claim_status
    return "unclaimed" if person.viewer and person.viewer.invite_blocked_by == "unclaimed" else "unknown"


def panel(person: ResearcherPage, service: str, as_of: datetime | None, *, present: bool) -> Panel:
    """Fresh, last known (the service is missing but a value is held), or missing."""
    if not present:
        return Panel("missing")
    return Panel("older" if service in person.missing else "fresh", as_of)


def graph_panel(person: ResearcherPage, around: Slice | None) -> GraphPanel:
    """The slice, or why there is none: not built yet, or the service does not answer."""
    if around is None:
        return GraphPanel(Panel("missing" if "graph" in person.missing else "loading"))
    freshness = Panel("older" if "graph" in person.missing else "fresh", around.as_of or person.as_of.graph)
    rows = neighbourhood(around)
    return GraphPanel(freshness, rows, draw(rows.first(DRAWN_AT_MOST), person.name))


def trust_words(trust: TrustBrief, status: str) -> tuple[str, ...]:
    """Trust in words: how much, how checked, whose."""
    return f"Trust {trust.score} - {trust.tier}", f"Verification {trust.verification_level}", claim_words(status)


def figures(person: ResearcherPage) -> tuple[Figure, ...]:
    """The four figures of the quick read."""
    counts = person.counts
    named = (
        ("works", counts.works, "work"),
        ("followers", counts.followers, "follower"),
        ("topics", counts.topics, "topic"),
        ("close_collaborators", counts.close_collaborators, "close collaborator"),
    )
    return tuple(Figure(key, value, plural(2 if value is None else value, noun)) for key, value, noun in named)


def works_heading(person: ResearcherPage) -> str:
    """`2 published items`; without a figure when it is not known."""
    total = person.counts.works
    return "Published items" if total is None else counted(total, "published item")


def provenance(person: ResearcherPage, status: str) -> str | None:
    """For a record that nobody holds: that its person is no member, and where the page comes from."""
    if status not in {"unclaimed", "pending"}:
        return None
    sources = sorted({work.source for work in (person.works.items if person.works else ()) if work.source})
    records = f"public records ({listed(sources)})" if sources else "public records"
    return f"Not a member of BZPEER. This page is built from {records}."


def follow(person: ResearcherPage, viewer: Viewer | None) -> Follow:
    """The follow action for this reader."""
    state = person.viewer or ViewerState()
    followers = person.counts.followers
    if viewer is None:
        reason = "Log in with your e-mail address to hear of each new work, once."
        return Follow(
            following=False, followers=followers, reason=reason, sign_in=sign_in(f"/researchers/{person.slug}")
        )
    if is_owner(person):
        return Follow(False, followers, "This record is yours: there is nothing to follow.", possible=False)
    if person.viewer is None:
        return Follow(False, followers, "Following is not available now, we keep trying.", possible=False)
    if state.following:
        return Follow(True, followers, f"You follow {person.name} and hear of each new work, once, in your inbox.")
    return Follow(False, followers, "You hear of each new work, once, in your inbox.")


def is_owner(person: ResearcherPage) -> bool:
    """Whether the reader holds this record."""
    return person.viewer is not None and person.viewer.invite_blocked_by == "own_record"


def identity(person: ResearcherPage, status: str, viewer: Viewer | None) -> Say:
    """What claiming means here, and whether this reader can do it."""
    state = person.viewer or ViewerState()
    if is_owner(person):
        return Say("This record is linked to your profile. Direct collaboration workflows are open to you.")
    text = IDENTITY.get(status, IDENTITY["unknown"]).format(name=person.name)
    if status in {"claimed", "disputed", "closed", "unknown"}:
        return Say(text)
    claim_path = f"/researchers/{person.slug}/claim"
    if viewer is None and (state.can_claim or person.viewer is None):
        return Say(text, Link("Log in to claim", sign_in(claim_path)))
    if state.can_claim:
        return Say(text, Link("Claim this record", claim_path))
    if person.viewer is None:
        return Say(f"{text} Claiming is not available now, we keep trying.")
    return Say(text if status == "pending" else f"{text} It cannot be claimed now.")


def invitation(person: ResearcherPage, status: str) -> Say:
    """Whether a direct invitation is possible; where not, why, and what would make it so."""
    state = person.viewer or ViewerState()
    if state.can_invite:
        return Say(f"{person.name} takes invitations. Sending one from this page is not possible yet.")
    blocked = state.invite_blocked_by
    reason = status if blocked in {None, "unclaimed"} or status == "closed" else str(blocked)
    text = INVITATION.get(reason, INVITATION["unknown"]).format(name=person.name)
    link = Link("Log in", sign_in(f"/researchers/{person.slug}")) if reason == "sign_in" else None
    return Say(text, link)


def sign_in(return_to: str) -> str:
    """The sign-in page, knowing where to come back to."""
    return f"/sign-in?next={quote(return_to)}"


CLAIMING = (
    "Claiming links this public author record to a researcher profile and unlocks direct collaboration workflows."
)
IDENTITY = {
    "unclaimed": CLAIMING,
    "pending": "A claim on this record is being checked. Until it is decided, nothing here changes hands.",
    "claimed": "{name} holds this record. Somebody other than the holder tied the person to a work in it.",
    "disputed": "More than one person says that this record is theirs. Nothing here changes until a reviewer decides.",
    "closed": "{name} asked for this page to be closed.",
    "unknown": "Whether somebody holds this record cannot be said now, we keep trying.",
}
INVITATION = {
    "unclaimed": "Claim this author entity first to unlock direct invitations.",
    "pending": "Direct invitations open once the claim on this record is decided.",
    "disputed": "Direct invitations wait until a reviewer has decided who holds this record.",
    "claimed": "Log in and claim your own record to invite {name}.",
    "sign_in": "Log in to invite {name} to a conversation.",
    "no_claim": "Claim your own record first: invitations go from one holder to another.",
    "tripwire": "A claim has been accepted lately. Invitations open when its waiting time is over.",
    "not_available": "Direct invitations are not open yet. Following tells you of new works meanwhile.",
    "own_record": "Others who hold a record can invite you here.",
    "closed": "There is nobody to invite here.",
    "unknown": "Whether an invitation is possible cannot be said now, we keep trying.",
}
