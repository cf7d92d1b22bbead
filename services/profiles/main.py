"""The composition root of profiles: `python -m services.profiles.main`."""

import secrets
from datetime import timedelta

from fastapi import APIRouter

from services.profiles.api import accounts_router, claims_router, counts_router, pages_router
from services.profiles.consumers import subscribe
from services.profiles.mail import smtp_sender
from services.profiles.settings import ProfilesSettings
from services.profiles.store.accounts import AccountStore
from services.profiles.store.claims import ClaimStore
from services.profiles.store.fates import FateStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from services.profiles.usecases.parts import ProfilesParts
from shared.messaging.consumer import Consumers
from shared.service import Parts, Service, run

_SECRET_BYTES = 32


def api(parts: Parts[ProfilesSettings]) -> APIRouter:
    """The routes."""
    own = make_profiles_parts(parts)
    router = APIRouter()
    for routes in (pages_router, accounts_router, claims_router, counts_router):
        router.include_router(routes(own))
    return router


def make_profiles_parts(parts: Parts[ProfilesSettings]) -> ProfilesParts:
    """What the use cases work with."""
    settings = parts.settings
    return ProfilesParts(
        mongo=parts.mongo,
        log=parts.log,
        accounts=account_store(parts),
        follows=FollowStore(parts.mongo),
        fates=FateStore(parts.mongo),
        claims=ClaimStore(parts.mongo),
        people=PeopleStore(parts.views),
        clock=parts.clock,
        send_mail=smtp_sender(settings),
        new_secret=lambda: secrets.token_urlsafe(_SECRET_BYTES),
        public_url=settings.public_url,
        mail_from=settings.mail_from,
        tripwire=timedelta(hours=settings.claim_tripwire_hours),
    )


def account_store(parts: Parts[ProfilesSettings]) -> AccountStore:
    """The store of accounts, which hides addresses behind the services' key."""
    return AccountStore(parts.mongo, parts.settings.internal_key.get_secret_value())


def consumer(parts: Parts[ProfilesSettings], consumers: Consumers) -> None:
    """The consumer groups."""
    subscribe(consumers, make_profiles_parts(parts))


async def prepare(parts: Parts[ProfilesSettings]) -> None:
    """Create the indexes."""
    await PeopleStore(parts.views).prepare()
    await account_store(parts).prepare()
    await ClaimStore(parts.mongo).prepare()
    await FollowStore(parts.mongo).prepare()
    await FateStore(parts.mongo).prepare()


PROFILES = Service("profiles", ProfilesSettings, api=api, prepare=prepare, consumer=consumer)

if __name__ == "__main__":
    run(PROFILES)
