"""One page of a source with a cursor: asked for politely, read whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import httpx2

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.reading import NotReadable
from services.works.live.asking import WAIT_WITHOUT_WORD, Asking, SourceBusy, SourceRefuses
from services.works.live.sources import SOURCES, CursorSource

EXPIRED = "badResumptionToken"


class CursorPage(NamedTuple):
    """What a page holds, and where the next one begins; None: there is none."""

    entries: list[SourceRecord | Refused]
    cursor: str | None


@dataclass(frozen=True)
class CursorPages:
    """Pages of every source. `addresses` are the sources' own, by name; `contact` is told to those that ask for it.

    `pause` takes the place of the sources' own pauses: for stand-ins only.
    """

    asking: Asking
    addresses: Mapping[str, str]
    contact: str | None = None
    pause: float | None = None
    openalex_key: str | None = None

    async def page(self, name: str, query: str, cursor: str | None, token: str) -> CursorPage:
        """The page that begins at the cursor. An expired cursor begins again: what came before changes nothing.

        Raises SourceBusy to ask again later, SourceRefuses for good, Invalid for a query that makes no sense.
        """
        source = SOURCES[name]
        request = source.request(query, cursor)
        params = dict(request.params)
        if self.contact and name in {"openalex", "crossref"}:
            params["mailto"] = self.contact
        if self.openalex_key and name == "openalex":
            params["api_key"] = self.openalex_key
        pause = source.pause if self.pause is None else self.pause
        return await self.asking.ask(
            source.budget,
            self.addresses[name] + request.path,
            params,
            lambda answer: _read(source, answer, cursor),
            pause=pause,
            accept=source.accept,
            token=token,
        )


def _read(source: CursorSource, answer: httpx2.Response, cursor: str | None) -> CursorPage:
    try:
        entries = list(source.parse(answer.content))
        following = source.following(answer.content, cursor) if answer.is_success else None
    except NotReadable as error:
        if answer.is_error:
            raise SourceRefuses(f"{source.name} answered {answer.status_code} to this query") from error
        raise SourceBusy(f"{source.name}'s answer is broken off: {error}", WAIT_WITHOUT_WORD) from error
    if answer.is_error:
        said = next((each.reason for each in entries if isinstance(each, Refused)), "")
        raise SourceRefuses(f"{source.name} answered {answer.status_code}. {said}".strip())
    if cursor and any(isinstance(each, Refused) and each.record == EXPIRED for each in entries):
        return CursorPage([], "")
    return CursorPage(entries, following)
