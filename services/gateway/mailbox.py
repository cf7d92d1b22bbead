"""/dev/mailbox: the mails that the embedded stack caught. Only there; a real installation has no such route."""

import asyncio
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse

from services.gateway.web import page, wants_page

_NEWEST = 100
_LINK = re.compile(r"https?://[^\s<>\"']+")


class Mail(BaseModel):
    """A caught mail. `links` are the addresses in its text and HTML, each once, in order."""

    model_config = ConfigDict(frozen=True)

    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    links: tuple[str, ...]


def mailbox_router(maildir: Path) -> APIRouter:
    """The route, on this Maildir."""
    router = APIRouter(include_in_schema=False)

    @router.get("/dev/mailbox")
    async def mailbox(request: Request, to: Annotated[str | None, Query(max_length=254)] = None) -> Response:
        """The caught mails, the newest first: a page in a browser, JSON for everybody else."""
        mails = await asyncio.to_thread(read_mails, maildir, to)
        if wants_page(request):
            return page(request, "mailbox.html", None, {"mails": mails, "to": to or ""})
        items = [mail.model_dump(mode="json") for mail in mails]
        return JSONResponse({"items": items}, headers={"Cache-Control": "no-store"})

    return router


def read_mails(maildir: Path, to: str | None = None) -> list[Mail]:
    """The newest mails of the Maildir, only those to this address if one is given."""
    wanted = to.strip().casefold() if to else None
    found: list[Mail] = []
    for message in _newest_first(maildir):
        mail = _mail(message)
        if wanted is None or wanted in mail.to.casefold():
            found.append(mail)
            if len(found) == _NEWEST:
                break
    return found


def _newest_first(maildir: Path) -> Iterator[EmailMessage]:
    parser = BytesParser(EmailMessage, policy=policy.default)
    files = [path for folder in ("new", "cur") for path in (maildir / folder).glob("*") if path.is_file()]
    for path in sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name), reverse=True):
        yield parser.parsebytes(path.read_bytes())


def _mail(message: EmailMessage) -> Mail:
    text, html = _body(message, "plain"), _body(message, "html")
    links = dict.fromkeys(link.rstrip(".,;:!?)") for link in _LINK.findall(text + "\n" + html.replace("&amp;", "&")))
    return Mail(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        text=text,
        html=html,
        headers={name: str(value) for name, value in message.items()},
        links=tuple(links),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
