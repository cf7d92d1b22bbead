"""Asking a source: one request at a time over all replicas, its pauses kept, its words heeded."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

import httpx2

from shared.ids import new_id

TIMEOUT_SECONDS = 60.0
MAX_RETRY_AFTER = 3600.0
MAX_ANSWER_BYTES = 32 * 1024 * 1024
MAX_REDIRECTS = 3
WAIT_WITHOUT_WORD = 10.0
WHOLE_SECONDS = 80.0
"""One request as a whole, however slowly it drips: shorter than a turn is held for."""
_PASSING = frozenset({408, 425, 429})
_SERVER_ERRORS = 500
T = TypeVar("T")


class TurnTaking(Protocol):
    """One request at a time over all replicas; see `store.turns`."""

    async def take(self, source: str, token: str) -> float: ...

    async def give_back(self, source: str, token: str, *, pause: float) -> None: ...


class SourceBusy(Exception):  # noqa: N818 - passes
    """The source did not answer properly; ask again after `wait` seconds."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class SourceRefuses(Exception):  # noqa: N818 - a refusal
    """The source will never answer this request; the message says why."""


class Asking:
    """A polite client. Addresses come from settings alone; what a person types only ever becomes a parameter."""

    def __init__(
        self,
        user_agent: str,
        http: httpx2.AsyncClient,
        turns: TurnTaking,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._headers = {"User-Agent": user_agent}
        self._http = http
        self._turns = turns
        self._sleep = sleep

    async def ask(
        self,
        source: str,
        url: str,
        params: Mapping[str, str],
        read: Callable[[httpx2.Response], T],
        *,
        pause: float,
        accept: str,
        token: str | None = None,
    ) -> T:
        """What `read` makes of the answer, when it is our turn; `pause` seconds follow before the next turn.

        Raises SourceBusy when the source asks to wait, or does not answer; and what `read` raises.
        """
        holder = token or new_id()
        while (wait := await self._turns.take(source, holder)) > 0:
            await self._sleep(wait)
        held = pause
        try:
            return read(await self._get(source, url, params, accept))
        except SourceBusy as busy:
            held = max(pause, busy.wait)
            raise
        finally:
            await asyncio.shield(self._turns.give_back(source, holder, pause=held))

    async def _get(self, source: str, url: str, params: Mapping[str, str], accept: str) -> httpx2.Response:
        headers = {**self._headers, "Accept": accept, "Accept-Encoding": "gzip"}
        target = httpx2.URL(url, params=dict(params)) if params else httpx2.URL(url)
        home = target.host
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._once(source, target, headers)
            if not answer.has_redirect_location:
                return answer
            target = target.join(answer.headers["location"])
            if target.host != home or target.scheme not in {"https", httpx2.URL(url).scheme}:
                raise SourceRefuses(f"{source} sends on to {target.host}, which is another site")
        raise SourceRefuses(f"{source} sends on in circles")

    async def _once(self, source: str, target: httpx2.URL, headers: Mapping[str, str]) -> httpx2.Response:
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                self._http.stream(
                    "GET", target, headers=dict(headers), timeout=TIMEOUT_SECONDS, follow_redirects=False
                ) as answer,
            ):
                raw = bytearray()
                async for chunk in answer.aiter_raw():
                    raw += chunk
                    if len(raw) > MAX_ANSWER_BYTES:
                        raise _too_large(source)
        except (TimeoutError, httpx2.TransportError) as error:
            raise SourceBusy(f"{source} does not answer ({type(error).__name__})", WAIT_WITHOUT_WORD) from error
        if answer.status_code in _PASSING or answer.status_code >= _SERVER_ERRORS:
            raise SourceBusy(f"{source} answered {answer.status_code}", retry_after(answer, WAIT_WITHOUT_WORD))
        content = _unpacked(source, bytes(raw), answer.headers.get("content-encoding", ""))
        headers_left = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
        return httpx2.Response(answer.status_code, headers=headers_left, content=content, request=answer.request)


def _unpacked(source: str, raw: bytes, encoding: str) -> bytes:
    """The content, whole: one that is packed and cut off, or packed otherwise than asked for, is asked for again."""
    if not encoding.strip() or encoding.strip().lower() == "identity":
        return raw
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = decoder.decompress(raw, MAX_ANSWER_BYTES + 1)
    except zlib.error as error:
        raise SourceBusy(f"{source}'s answer cannot be unpacked", WAIT_WITHOUT_WORD) from error
    if len(content) > MAX_ANSWER_BYTES:
        raise _too_large(source)
    if not decoder.eof:
        raise SourceBusy(f"{source}'s answer is cut off", WAIT_WITHOUT_WORD)
    return content


def _too_large(source: str) -> SourceRefuses:
    return SourceRefuses(f"{source}'s answer is larger than any page of results can be")


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
