"""Reading an import request: a form with a file, or JSON with a query; never more than the bound."""

from typing import NamedTuple

from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from shared.errors import Invalid, TooLarge

_SLACK = 64 * 1024
"""What a form adds around its file."""


class FileImport(NamedTuple):
    """A file of one source."""

    source: str
    data: bytes


class QueryImport(BaseModel):
    """A query to a live source; `limit` bounds how many results are taken."""

    source: str
    query: str
    limit: int | None = None


async def read_import(request: Request, max_bytes: int) -> FileImport | QueryImport:
    """What the request asks for. Raises TooLarge or Invalid, saying what to do instead."""
    bounded = _bounded(request, max_bytes)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _read_form(bounded, max_bytes)
    if kind in {"application/json", ""}:
        try:
            return QueryImport.model_validate_json(await bounded.body())
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg']}" for item in error.errors())
            raise Invalid(f'Send {{"source": "arxiv", "query": "…"}} or a form with a file: {wrong}') from error
    raise Invalid(f"{kind} is not taken: send JSON with a query, or a multipart form with a file.")


async def _read_form(request: Request, max_bytes: int) -> FileImport:
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            file, source = form.get("file"), form.get("source") or request.query_params.get("source")
            if not isinstance(file, UploadFile):
                raise Invalid("The form has no file; send it as the part named `file`.")
            if not isinstance(source, str):
                raise Invalid("The form does not say which source the file comes from; add `source=arxiv`.")
            if (file.size or 0) > max_bytes:
                raise _too_large(max_bytes)
            return FileImport(source, await file.read())
    except HTTPException as error:
        raise Invalid(f"The form cannot be read: {error.detail}") from error


def _bounded(request: Request, max_bytes: int) -> Request:
    """The same request, whose body raises TooLarge as soon as it is longer than it may be."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes + _SLACK:
        raise _too_large(max_bytes)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > max_bytes + _SLACK:
            raise _too_large(max_bytes)
        return message

    return Request(request.scope, receive)


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(f"A file may have {max_bytes // 1024 // 1024} MB at most; split it and import the parts.")
