"""Asking arXiv itself: https://info.arxiv.org/help/api/tou.html wants at most one request in three seconds and one
connection at a time, over all machines of whoever asks, and we say who that is."""

from typing import NamedTuple

import httpx2

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.arxiv import parse_arxiv, total_results
from services.works.importers.arxiv_ids import parse_arxiv_id
from services.works.importers.reading import NotReadable
from services.works.live.asking import WAIT_WITHOUT_WORD, Asking, SourceBusy, SourceRefuses

SOURCE = "arxiv"
PAUSE_SECONDS = 3.0
PAGE = 100


class Page(NamedTuple):
    """What arXiv answered from one offset on, and how many results it has in all."""

    entries: list[SourceRecord | Refused]
    total: int


class ArxivLive:
    """arXiv's query API."""

    def __init__(self, url: str, asking: Asking, *, pause: float = PAUSE_SECONDS) -> None:
        self._url = url
        self._asking = asking
        self._pause = pause

    async def page(self, query: str, start: int, size: int, token: str) -> Page:
        """The results from `start` on, at most `size`, when it is our turn.

        Raises SourceBusy when arXiv asks to wait, does not answer, or answers by half; SourceRefuses for good.
        """

        def read(answer: httpx2.Response) -> Page:
            page = _read(answer)
            wanted = min(size, page.total - start)
            whole = len(page.entries) >= wanted or any(isinstance(each, Refused) for each in page.entries)
            if answer.is_success and not whole:
                raise SourceBusy(f"arXiv sent {len(page.entries)} of {wanted} results", self._pause)
            return page

        parameters = _parameters(query, start, size)
        return await self._asking.ask(
            SOURCE, self._url, parameters, read, pause=self._pause, accept="application/atom+xml", token=token
        )


def _read(answer: httpx2.Response) -> Page:
    try:
        entries = list(parse_arxiv(answer.content))
        total = total_results(answer.content)
    except NotReadable as error:
        if answer.is_error:
            raise SourceRefuses(f"arXiv answered {answer.status_code} to this query") from error
        raise SourceBusy(f"arXiv's answer is broken off: {error}", WAIT_WITHOUT_WORD) from error
    if answer.is_error and not entries:
        raise SourceRefuses(f"arXiv answered {answer.status_code} to this query")
    return Page(entries, total)


def _parameters(query: str, start: int, size: int) -> dict[str, str]:
    words = query.replace(",", " ").split()
    by_id = bool(words) and all(map(parse_arxiv_id, words))
    asked = {"id_list": ",".join(words)} if by_id else {"search_query": query, "sortBy": "submittedDate"}
    return {**asked, "start": str(start), "max_results": str(size)}
