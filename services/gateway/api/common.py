"""What the API's routes share: paging, and how errors are documented."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from shared.http import PROBLEM_JSON

Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the answer before")]
Limit = Annotated[int, Query(ge=1, le=100, description="Items in one answer")]


class ProblemDetails(BaseModel):
    """An error (RFC 9457). `type` is stable; `detail` says what to do next."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem",
        "content": {PROBLEM_JSON: {"schema": ProblemDetails.model_json_schema()}},
    }
}


def not_stored(response: Response) -> None:
    """For routers whose answers are for one account: no cache keeps them."""
    response.headers["Cache-Control"] = "private, no-store"
