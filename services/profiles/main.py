"""The profiles service, put together: `python -m services.profiles.main`."""

import secrets
from datetime import timedelta
from functools import partial

from fastapi import APIRouter

from services.profiles.api import profiles_router
from services.profiles.consumers import subscribe
from services.profiles.mail import smtp_sender
from services.profiles.settings import ProfilesSettings
from services.profiles.store.accounts import AccountStore
from services.profiles.store.claims import ClaimStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from services.profiles.usecases.parts import ProfilesParts
from shared.messaging.consumer import Consumers
from shared.service import Parts, Service, run


def profiles_parts(parts: Parts[ProfilesSettings]) -> ProfilesParts:
    """What the use cases work with, in production."""
    settings = parts.settings
    return ProfilesParts(
        mongo=parts.mongo,
        log=parts.log,
        accounts=AccountStore(parts.mongo),
        follows=FollowStore(parts.mongo),
        claims=ClaimStore(parts.mongo),
        people=PeopleStore(parts.views),
        clock=parts.clock,
        send_mail=smtp_sender(settings),
        new_secret=partial(secrets.token_urlsafe, 32),
        public_url=settings.public_url,
        mail_from=settings.mail_from,
        tripwire=timedelta(hours=settings.claim_tripwire_hours),
    )


def api(parts: Parts[ProfilesSettings]) -> APIRouter:
    """The routes."""
    return profiles_router(profiles_parts(parts))


def consumer(_: Parts[ProfilesSettings], consumers: Consumers) -> None:
    """The consumer groups."""
    subscribe(consumers)


async def prepare(parts: Parts[ProfilesSettings]) -> None:
    """Create the indexes."""
    made = profiles_parts(parts)
    for store in (made.accounts, made.follows, made.claims, made.people):
        await store.prepare()


PROFILES = Service("profiles", ProfilesSettings, api=api, prepare=prepare, consumer=consumer)

if __name__ == "__main__":
    run(PROFILES)
