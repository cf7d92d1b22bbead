"""Stands in for profiles, the owner of follows: a log and its relay. `python -m tests.lab.owner --role relay`."""

from fastapi import APIRouter

from shared.service import Parts, Service, run
from shared.settings import ServiceSettings


def api(_: Parts[ServiceSettings]) -> APIRouter:
    """No routes of its own."""
    return APIRouter()


OWNER = Service("profiles", ServiceSettings, api=api)

if __name__ == "__main__":
    run(OWNER)
