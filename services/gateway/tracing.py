"""What the span of a request says of its address: no token, and no query, for people are looked up by it."""

from opentelemetry.trace import Span
from starlette.types import Scope

_BEFORE_A_TOKEN = ("/sign-in/", "/unsubscribe/")


def hide_secrets(span: Span, scope: Scope) -> None:
    """Put the path alone in place of each form of the address, cut before a token."""
    path: str = scope["path"]
    shown = next((start + "{token}" for start in _BEFORE_A_TOKEN if path.startswith(start)), path)
    recorded = getattr(span, "attributes", None) or {}
    for name, value in {"http.target": shown, "http.url": shown, "url.path": shown, "url.query": ""}.items():
        if name in recorded:
            span.set_attribute(name, value)
