"""The operators' commands, as they are typed, against services over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from importlib import import_module
from pathlib import Path

import pytest
import typer
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from bzpeer.running import SERVICES
from tests.components.bzpeer.fakes import KEY, FakeService
from tests.components.gateway.serving import serving

Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def services() -> Mapping[str, FakeService]:
    """All services, empty."""
    return {name: FakeService() for name in SERVICES}


@pytest.fixture
async def run(
    services: Mapping[str, FakeService], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Run]:
    """Runs a command on the services."""
    monkeypatch.setenv("BZPEER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("BZPEER_INTERNAL_KEY", KEY)

    async def command(*words: str, typed: str | None = None) -> Result:
        app = typer.Typer()
        app.add_typer(import_module(f"bzpeer.{words[0]}").app)
        return await asyncio.to_thread(CliRunner().invoke, app, list(words), input=typed)

    every = FastAPI()
    for name, service in services.items():
        every.mount(f"/{name}", service.app)
    async with serving(every) as address:
        for name in services:
            monkeypatch.setenv(f"BZPEER_{name.upper()}_URL", f"{address}/{name}")
        yield command
