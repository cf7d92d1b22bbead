"""What a span says of the request's address."""

import pytest
from opentelemetry.sdk.trace import TracerProvider

from services.gateway.tracing import hide_secrets

ADDRESSES = {
    "http.target": "/sign-in/s3cret",
    "http.url": "http://127.0.0.1/sign-in/s3cret?to=a@example.org",
    "url.path": "/sign-in/s3cret",
    "url.query": "to=a@example.org",
}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/sign-in/s3cret", "/sign-in/{token}"),
        ("/unsubscribe/s3cret", "/unsubscribe/{token}"),
        ("/researchers/hannah-lawrence", "/researchers/hannah-lawrence"),
    ],
)
def test_a_span_has_the_path_but_no_token_and_no_query(path: str, shown: str) -> None:
    span = TracerProvider().get_tracer("test").start_span("GET", attributes=ADDRESSES)
    hide_secrets(span, {"path": path})
    assert dict(getattr(span, "attributes")) == {  # noqa: B009 - only spans that are recorded have them
        "http.target": shown, "http.url": shown, "url.path": shown, "url.query": "",
    }  # fmt: skip
