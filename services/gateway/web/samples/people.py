"""Invented researchers, one for each state that the page has."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.gateway.clients.graph import Slice
from services.gateway.clients.notify import Notification, NotifiedWork, Reason
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import Work
from services.gateway.researchers.page import ResearcherPage
from services.gateway.web.samples.around import CENTRE, FULL, SMALL
from services.gateway.web.samples.works import (
    ARABIC,
    LONG_TITLE,
    MAPS,
    NO_ABSTRACT,
    RANGES,
    RETRACTED,
    WITHDRAWN,
    Json,
    many,
)

FRESH = "2026-11-24T09:30:00Z"
OLDER = "2026-11-23T21:04:00Z"
PAGE = 20


def trust(score: int, tier: str, level: str, claim_status: str) -> Json:
    """Trust in one line."""
    return {"score": score, "tier": tier, "verification_level": level, "claim_status": claim_status, "model": "v1"}


UNVERIFIED = trust(13, "Unverified", "L1", "unclaimed")


def researcher(slug: str, name: str, items: Sequence[Work], **changes: object) -> ResearcherPage:
    """An unclaimed researcher with these works; `changes` replace fields of the answer."""
    first = items[:PAGE]
    given: Mapping[str, object] = {
        "id": f"id-{slug}",
        "slug": slug,
        "name": name,
        "headline": f"{name} contributes to research discovery and scholarly infrastructure.",
        "bio": None,
        "badges": ["researcher", "affiliation_not_imported", "open_to_collaborate"],
        "affiliations": [],
        "orcid": None,
        "trust": UNVERIFIED,
        "counts": {"works": len(items), "followers": 0, "topics": 5, "close_collaborators": 4},
        "viewer": {"following": False, "can_claim": True, "can_invite": False, "invite_blocked_by": "unclaimed"},
        "works": {"items": first, "next_cursor": "20" if len(items) > PAGE else None},
        "as_of": {"works": FRESH, "trust": FRESH, "graph": FRESH, "profiles": FRESH},
        "missing": [],
    }
    return ResearcherPage.model_validate({**given, **changes})


def viewer(**changes: object) -> Json:
    """What the reader may do; `changes` replace fields."""
    given: Json = {"following": False, "can_claim": False, "can_invite": False, "invite_blocked_by": "unclaimed"}
    return {**given, **changes}


TWO = [MAPS, RANGES]
COUNTS: Json = {"works": 2, "followers": 1, "topics": 5, "close_collaborators": 4}
ALL_GONE = ["works", "trust", "graph", "profiles"]
HELD: Json = {
    "trust": trust(33, "Claimed", "L3", "claimed"),
    "counts": COUNTS,
    "badges": ["researcher", "open_to_collaborate"],
    "affiliations": ["Institute for Maps, Upper Valley"],
}
LONG_NAME = (
    "Maria Alexandrina Theodora Wilhelmina Konstantinopolitanska-Papadimitropoulou "
    "of the Upper and of the Lower Valleys, Elder"
)
NONE: Json = {"works": 0, "followers": 0, "topics": 0, "close_collaborators": 0}

PEOPLE: Mapping[str, ResearcherPage] = {
    person.slug: person
    for person in [
        researcher("ilse-marand", "Ilse Marand", TWO),
        researcher("followed", "Ilse Followed", TWO, counts=COUNTS, viewer=viewer(following=True, can_claim=True)),
        researcher("pending", "Ilse Pending", TWO, trust=trust(13, "Unverified", "L1", "pending"), viewer=viewer()),
        researcher("claimed", "Ilse Claimed", TWO, **HELD, viewer=viewer(invite_blocked_by="no_claim")),
        researcher("owner", "Ilse Owner", TWO, **HELD, viewer=viewer(invite_blocked_by="own_record")),
        researcher("disputed", "Ilse Disputed", TWO, trust=trust(33, "Claimed", "L3", "disputed"), viewer=viewer()),
        researcher("closed", "Ilse Closed", [], trust=trust(0, "Unverified", "L0", "closed")),
        researcher("loading", "Ilse Loading", TWO),
        researcher("older", "Ilse Older", TWO, missing=ALL_GONE, as_of=dict.fromkeys(ALL_GONE, OLDER), viewer=None),
        researcher("missing", "Ilse Missing", TWO, missing=ALL_GONE, trust=None, counts={}, works=None, viewer=None,
                   headline=None, badges=[], as_of={}),
        researcher("empty", "Ilse Empty", [], counts=NONE),
        researcher("prolific", "Ilse Prolific", many(200),
                   counts={"works": 200, "followers": 12034, "topics": 31, "close_collaborators": 12}),
        researcher("odd", "Ilse Odd", [RETRACTED, WITHDRAWN, NO_ABSTRACT, LONG_TITLE, ARABIC]),
        researcher("long-name", LONG_NAME, TWO),
        researcher("rtl", "ليلى عبد الرحمن حداد", [ARABIC]),
        researcher("cjk", "山田太郎", TWO),
        researcher("x", "X", TWO),
    ]
}  # fmt: skip
SLICES: Mapping[str, Slice | None] = {
    **dict.fromkeys(PEOPLE, SMALL),
    "loading": None,
    "missing": None,
    "prolific": FULL,
    "empty": Slice(centre=CENTRE),
}
EXPLAINED: Json = {
    **UNVERIFIED,
    "sum": 13.28,
    "cap": 20,
    "cap_words": "At L1 a record can reach 20.",
    "explanation": [
        {"part": name.lower(), "label": name, "points": points, "max": most, "words": words}
        for name, points, most, words in (
            ("Identity", 4.0, 40, "1 kind of evidence: a name on works."),
            ("Provenance", 3.84, 25, "2 preprints at 1/2 each."),
            ("Coherence", 3.54, 10, "The works share coauthors and topics."),
            ("Network", 1.9, 20, "4 close collaborators, none of them verified."),
            ("Audience", 0.0, 5, "No verified researcher follows."),
        )
    ],
    "raises": [
        {"what": "Claim the record with an ORCID iD that a publisher printed", "points": 16.56, "score": 30},
        {"what": "Link the reviewed versions of all 2 preprints", "points": 3.25, "score": 17},
    ],
    "kappa": 0.9,
    "may_be_several": False,
    "ledger": [
        {"at": FRESH, "cause": "e-2", "score": 13, "model": "v1"},
        {"at": OLDER, "cause": "e-1", "score": 8, "model": "v1"},
    ],
    "as_of": FRESH,
}
TRUST = Trust.model_validate(EXPLAINED)


def notice(key: str, title: str, state: str, name: str = "Ilse Marand") -> Notification:
    """A notification of a new work."""
    slug = "ilse-marand"
    return Notification(
        id=key,
        kind="new_work",
        work=NotifiedWork(work_id="maps", title=title, year=2024, source="arXiv"),
        reason=Reason(kind="follows_author", author_id=f"id-{slug}", author_name=name, slug=slug),
        created_at=datetime.fromisoformat(FRESH),
        state=state,
    )


NOTICES = [
    notice("n3", "On the hardness of drawing maps under symmetries", "unseen"),
    notice("n2", "Implicit bias of linear mountain ranges", "seen"),
    notice("n1", "Maps of valleys, part 1: what stations agree on", "read", "ليلى حداد"),
]
