"""/api/docs: the API for reading, rendered here from its OpenAPI document, without scripts from elsewhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.gateway.web.rendering import ENVIRONMENT

API_DESCRIPTION = (
    "Researchers, their works, how far a record can be trusted, and what surrounds them. "
    "Lists page by opaque cursors: pass `next_cursor` as `cursor`. Errors are problem details (RFC 9457) with a stable "
    "`type`. Reads answer conditional requests (ETag). Writes need a session: its cookie together with the header "
    "`X-CSRF-Token`, which repeats the cookie `bzpeer_csrf`; or `Authorization: Bearer` with the session's token."
)
_METHODS = ("get", "post", "put", "patch", "delete")

router = APIRouter(include_in_schema=False)
_TEMPLATE = Path(__file__).with_name("docs.html")


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter of an operation."""

    name: str
    place: str
    is_required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A route with its method, as a reader wants it. `body` and `answer` name schemas."""

    method: str
    path: str
    words: str
    inputs: tuple[Input, ...]
    body: str | None
    answer: str | None


@router.get("/api/docs")
async def show_docs(request: Request) -> HTMLResponse:
    """Every route with its parameters, and every schema with its fields."""
    document = request.app.openapi()
    html = ENVIRONMENT.from_string(_TEMPLATE.read_text("utf-8")).render(
        viewer=None,
        path=request.url.path,
        installation=request.app.state.pages_installation,
        description=document["info"]["description"],
        groups=operations_by_tag(document),
        schemas=fields_by_schema(document),
    )
    return HTMLResponse(html)


def operations_by_tag(document: dict[str, Any]) -> dict[str, list[Operation]]:
    """The operations of an OpenAPI document under their first tags, in the document's order."""
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                groups.setdefault(item[method]["tags"][0], []).append(_operation(method, path, item[method]))
    return groups


def fields_by_schema(document: dict[str, Any]) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """The description of each schema, and its fields with their types."""
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    return {
        name: (schema.get("description", ""), [(field, type_of(it)) for field, it in schema["properties"].items()])
        for name, schema in sorted(schemas.items())
        if "properties" in schema
    }


def type_of(schema: dict[str, Any]) -> str:
    """The type in a few words: `string or null`, `list of Work`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(type_of(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}" if "items" in schema else "list"
    return " ".join(filter(None, (schema.get("type", "anything"), schema.get("format"))))


def _operation(method: str, path: str, operation: dict[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        words=operation.get("description", operation.get("summary", "")),
        inputs=tuple(
            Input(one["name"], one["in"], one.get("required", False), one.get("description", ""))
            for one in operation.get("parameters", ())
        ),
        body=_content_type(operation.get("requestBody", {})),
        answer=next((_content_type(it) for code, it in operation["responses"].items() if code.startswith("2")), None),
    )


def _content_type(described: dict[str, Any]) -> str | None:
    for media_type, content in described.get("content", {}).items():
        return type_of(content["schema"]) if content.get("schema") else str(media_type)
    return None
