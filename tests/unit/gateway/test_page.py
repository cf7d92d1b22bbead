"""Composing the page from what the services said."""

from datetime import UTC, datetime

from services.gateway.clients.graph import Collaborators
from services.gateway.clients.profiles import Profile, Viewer
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import Author, AuthorCounts, AuthorRef, WorkPage
from services.gateway.researchers.page import Counts, Panels, Published, compose
from services.gateway.researchers.panels import Panel
from shared.errors import Unavailable

REF = AuthorRef(id="a1", slug="old-slug", name="A. Name")
THEN = datetime(2024, 1, 5, tzinfo=UTC)
AWAY = Unavailable("away")
AUTHOR = Author(
    id="a1", slug="a-name", name="Anna Name", affiliations=("A University",), counts=AuthorCounts(works=3), as_of=THEN
)
PUBLISHED = Published(AUTHOR, WorkPage())
PROFILE = Profile(author_id="a1", name="Anna N.", followers=7, viewer=Viewer(can_claim=True))
TRUST = Trust(score=13, tier="Unverified", verification_level="L1", claim_status="unclaimed", model="v1", as_of=THEN)


def arbitrary_panels(
    works: Panel[Published] | None = None,
    profiles: Panel[Profile] | None = None,
    trust: Panel[Trust] | None = None,
    graph: Panel[Collaborators] | None = None,
) -> Panels:
    return Panels(
        works or Panel("works", PUBLISHED),
        profiles or Panel("profiles", PROFILE),
        trust or Panel("trust", TRUST),
        graph or Panel("graph", Collaborators()),
    )


def test_the_name_is_the_records_then_the_profiles_then_what_was_remembered() -> None:
    no_works = Panel[Published]("works", None, AWAY)
    no_profile = Panel[Profile]("profiles", None, AWAY)
    assert compose(REF, arbitrary_panels()).name == "Anna Name"
    assert compose(REF, arbitrary_panels(no_works)).name == "Anna N."
    assert compose(REF, arbitrary_panels(no_works, no_profile)).name == "A. Name"


def test_with_no_service_answering_there_is_a_page_with_a_name() -> None:
    panels = Panels(*(Panel(name, None, AWAY) for name in ("works", "profiles", "trust", "graph")))
    page = compose(REF, panels)
    assert (page.id, page.slug, page.name) == ("a1", "old-slug", "A. Name")
    assert (page.works, page.trust, page.viewer, page.counts) == (None, None, None, Counts())
    assert page.missing == ("works", "profiles", "trust", "graph")
    assert page.stale == ()


def test_a_stale_part_is_given_and_named() -> None:
    page = compose(REF, arbitrary_panels(trust=Panel("trust", TRUST, AWAY)))
    assert page.trust is not None
    assert page.as_of.trust == THEN
    assert (page.missing, page.stale) == (("trust",), ("trust",))


def test_a_stale_profile_has_followers_but_no_viewer() -> None:
    page = compose(REF, arbitrary_panels(profiles=Panel("profiles", PROFILE, AWAY)))
    assert page.viewer is None
    assert page.counts.followers == 7


def test_affiliations_are_the_profiles_or_else_the_works() -> None:
    theirs = PROFILE.model_copy(update={"affiliations": ("Another University",)})
    assert compose(REF, arbitrary_panels()).affiliations == ("A University",)
    assert compose(REF, arbitrary_panels(profiles=Panel("profiles", theirs))).affiliations == ("Another University",)


def test_the_slug_is_the_one_the_record_has_now() -> None:
    assert compose(REF, arbitrary_panels()).slug == "a-name"
