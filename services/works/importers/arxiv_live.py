"""Asking arXiv itself: https://info.arxiv.org/help/api/tou.html wants at most one request in three seconds and one
connection at a time, over all machines of whoever asks, and we say who that is."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol

import httpx2

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.arxiv import NotReadable, parse_arxiv, total_results
from services.works.importers.arxiv_ids import parse_arxiv_id

SOURCE = "arxiv"
PAUSE_SECONDS = 3.0
PAGE = 100
TIMEOUT_SECONDS = 60.0
MAX_RETRY_AFTER = 3600.0
MAX_ANSWER_BYTES = 32 * 1024 * 1024
_WAIT_WITHOUT_WORD = 10.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class TurnTaking(Protocol):
    """One request at a time over all replicas; see `store.turns`."""

    async def take(self, source: str, token: str) -> float: ...

    async def give_back(self, source: str, token: str, *, pause: float) -> None: ...


class Page(NamedTuple):
    """What arXiv answered from one offset on, and how many results it has in all."""

    entries: list[SourceRecord | Refused]
    total: int


class SourceBusy(Exception):  # noqa: N818 - passes
    """arXiv did not answer properly; ask again after `wait` seconds."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class SourceRefuses(Exception):  # noqa: N818 - a refusal
    """arXiv will never answer this request; the message says why."""


class ArxivLive:
    """A polite client of arXiv's query API."""

    def __init__(
        self,
        url: str,
        user_agent: str,
        http: httpx2.AsyncClient,
        turns: TurnTaking,
        *,
        pause: float = PAUSE_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._headers = {"User-Agent": user_agent, "Accept": "application/atom+xml"}
        self._http = http
        self._turns = turns
        self._pause = pause
        self._sleep = sleep

    async def page(self, query: str, start: int, size: int, token: str) -> Page:
        """The results from `start` on, at most `size`, when it is our turn.

        Raises SourceBusy when arXiv asks to wait, does not answer, or answers by half; SourceRefuses for good.
        """
        while (wait := await self._turns.take(SOURCE, token)) > 0:
            await self._sleep(wait)
        pause = self._pause
        try:
            return await self._ask(_parameters(query, start, size), start, size)
        except SourceBusy as busy:
            pause = max(pause, busy.wait)
            raise
        finally:
            await asyncio.shield(self._turns.give_back(SOURCE, token, pause=pause))

    async def _ask(self, parameters: dict[str, str], start: int, size: int) -> Page:
        try:
            answer = await self._http.get(
                self._url, params=parameters, headers=self._headers, timeout=TIMEOUT_SECONDS, follow_redirects=True
            )
        except httpx2.TransportError as error:
            raise SourceBusy(f"arXiv does not answer ({type(error).__name__})", _WAIT_WITHOUT_WORD) from error
        if answer.status_code in _PASSING:
            raise SourceBusy(f"arXiv answered {answer.status_code}", retry_after(answer, _WAIT_WITHOUT_WORD))
        page = _read(answer)
        wanted = min(size, page.total - start)
        if answer.is_success and len(page.entries) < wanted and not any(isinstance(e, Refused) for e in page.entries):
            raise SourceBusy(f"arXiv sent {len(page.entries)} of {wanted} results", self._pause)
        return page


def _read(answer: httpx2.Response) -> Page:
    if len(answer.content) > MAX_ANSWER_BYTES:
        raise SourceRefuses("arXiv's answer is larger than any page of results can be")
    try:
        entries = list(parse_arxiv(answer.content))
        total = total_results(answer.content)
    except NotReadable as error:
        if answer.is_error:
            raise SourceRefuses(f"arXiv answered {answer.status_code} to this query") from error
        raise SourceBusy(f"arXiv's answer is broken off: {error}", _WAIT_WITHOUT_WORD) from error
    if answer.is_error and not entries:
        raise SourceRefuses(f"arXiv answered {answer.status_code} to this query")
    return Page(entries, total)


def retry_after(answer: httpx2.Response, otherwise: float) -> float:
    """The seconds that the answer asks to wait: given as seconds or as a date; bounded by an hour."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return min(float(said), MAX_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return otherwise
    seconds = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _parameters(query: str, start: int, size: int) -> dict[str, str]:
    words = query.replace(",", " ").split()
    by_id = bool(words) and all(map(parse_arxiv_id, words))
    asked = {"id_list": ",".join(words)} if by_id else {"search_query": query, "sortBy": "submittedDate"}
    return {**asked, "start": str(start), "max_results": str(size)}
