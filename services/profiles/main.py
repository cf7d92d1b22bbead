"""The composition root of profiles: `python -m services.profiles.main`."""

from datetime import timedelta

from fastapi import APIRouter

from services.profiles.api import accounts_router, claims_router, counts_router, pages_router
from services.profiles.consumers import subscribe
from services.profiles.mail import Mailer
from services.profiles.settings import ProfilesSettings
from services.profiles.store.accounts import AccountStore
from services.profiles.store.claims import ClaimStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from services.profiles.usecases.claiming import Claiming
from services.profiles.usecases.following import Following
from services.profiles.usecases.page import Pages
from services.profiles.usecases.signing_in import SigningIn
from shared.messaging.consumer import Consumers
from shared.service import Parts, Service, run


def api(parts: Parts[ProfilesSettings]) -> APIRouter:
    """The routes."""
    mongo, log, clock, settings = parts.mongo, parts.log, parts.clock, parts.settings
    accounts, follows, claims = AccountStore(mongo), FollowStore(mongo), ClaimStore(mongo)
    people = PeopleStore(parts.views)
    tripwire = timedelta(hours=settings.claim_tripwire_hours)
    router = APIRouter()
    following = Following(mongo, log, follows, people, claims)
    router.include_router(pages_router(Pages(people, follows, claims, clock), follows, following))
    router.include_router(accounts_router(SigningIn(mongo, log, accounts, Mailer(settings), clock), settings))
    router.include_router(claims_router(Claiming(mongo, log, claims, people, clock, tripwire), claims))
    router.include_router(counts_router(accounts, follows, claims, people))
    return router


def consumer(_: Parts[ProfilesSettings], consumers: Consumers) -> None:
    """The consumer group."""
    subscribe(consumers)


async def prepare(parts: Parts[ProfilesSettings]) -> None:
    """Create the indexes."""
    await PeopleStore(parts.views).prepare()
    await AccountStore(parts.mongo).prepare()
    await ClaimStore(parts.mongo).prepare()
    await FollowStore(parts.mongo).prepare()


PROFILES = Service("profiles", ProfilesSettings, api=api, prepare=prepare, consumer=consumer)

if __name__ == "__main__":
    run(PROFILES)
