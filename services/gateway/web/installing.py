"""The pages and their assets on an application."""

from pathlib import Path

from fastapi import FastAPI

from services.gateway.web import pages_account, pages_people, pages_site
from services.gateway.web.assets_route import asset_router, faces_in
from services.gateway.web.rendering import Installation
from services.gateway.web.source import PageData


def install_pages(app: FastAPI, source: PageData, *, contact: str | None = None, fonts_dir: Path | None = None) -> None:
    """Add all page routes. Without `fonts_dir`, or when faces are missing in it, system faces are used."""
    faces = faces_in(fonts_dir)
    app.state.pages_source = source
    app.state.pages_installation = Installation(contact=contact, fonts=bool(faces))
    for router in (pages_site.router(), pages_people.router(), pages_account.router(), asset_router(faces)):
        app.include_router(router)
