"""`bzpeer docs`: what is generated from the events, and whether it is as the code says."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from deploy.embedded.places import CHECKOUT
from deploy.embedded.services import SERVICES
from shared.events import examples, schemas
from shared.events.asyncapi import Subscription, document
from shared.events.catalogue import catalogue
from shared.events.contract import RELEASED, read
from shared.messaging.consumer import Consumers
from shared.service import Service, make_parts
from shared.settings import ServiceSettings

app = typer.Typer()

STALE = 1
EVENTS_PAGE = CHECKOUT / "docs" / "events.md"
ASYNCAPI = CHECKOUT / "docs" / "asyncapi"
NO_KEY = SecretStr("-" * 32)
"""Nothing is connected, so nobody is asked for it."""


@app.command()
def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; name the files that are not up to date.")
    ] = False,
) -> None:
    """Write what is generated from the events: schemas, examples, docs/events.md and docs/asyncapi.

    Exit codes: 0 all is up to date, 1 (with --check) something is not.

    Example: bzpeer docs --check
    """
    stale = stale_files()
    for path, text in stale.items():
        typer.echo(f"{'not up to date' if check else 'removed' if text is None else 'wrote'}: {_shown(path)}")
        if not check:
            _put(path, text)
    if check and stale:
        typer.echo("Run `make contracts` and commit what it writes.")
        raise typer.Exit(STALE)
    if not stale:
        typer.echo("All is up to date.")


def stale_files() -> dict[Path, str | None]:
    """The files that are not as the code says, with what should stand in them; None: nothing should."""
    wanted = dict(generated())
    folders = (schemas.FOLDER, examples.FOLDER, ASYNCAPI)
    standing = {path for folder in folders for path in folder.rglob("*.json")}
    stale: dict[Path, str | None] = dict.fromkeys(sorted(standing - wanted.keys()))
    return stale | {path: text for path, text in wanted.items() if not path.exists() or path.read_text() != text}


def generated() -> Iterator[tuple[Path, str]]:
    """Each generated file and what should stand in it."""
    yield from schemas.generated()
    yield from examples.generated()
    yield EVENTS_PAGE, catalogue()
    version = read(RELEASED).version
    for service, read_by_it in asyncio.run(subscriptions()).items():
        text = json.dumps(document(service, version, read_by_it), indent=1, ensure_ascii=False)
        yield ASYNCAPI / f"{service}.json", text + "\n"


async def subscriptions() -> Mapping[str, tuple[Subscription, ...]]:
    """What each service reads, from what it registers; nothing is connected."""
    return {name: tuple(_subscriptions(await _consumers(name))) for name in SERVICES}


def _subscriptions(consumers: Consumers) -> Iterator[Subscription]:
    for group, topics in consumers.groups.items():
        yield Subscription(group, tuple(topics), group)
    for name, heard in consumers.broadcasts.items():
        yield Subscription(name, tuple(heard), None)


async def _consumers(name: str) -> Consumers:
    """The service's consumers, as its own main.py registers them."""
    main = import_module(f"services.{name}.main")
    if name == "gateway":
        gateway = main.make_gateway(main.GatewaySettings(internal_key=NO_KEY))
        await gateway.upstreams.close()
        made: Consumers = main.make_consumers(gateway)
        return made
    service: Service[ServiceSettings] = next(value for value in vars(main).values() if isinstance(value, Service))
    parts = make_parts(service, service.settings(internal_key=NO_KEY))
    consumers = Consumers(parts.settings, parts.mongo, parts.views)
    if service.consumer:
        service.consumer(parts, consumers)
    await parts.http.aclose()
    parts.mongo.close()
    return consumers


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _shown(path: Path) -> Path:
    return path.relative_to(CHECKOUT) if path.is_relative_to(CHECKOUT) else path
