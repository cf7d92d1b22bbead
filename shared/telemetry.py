"""Traces, logs and metrics: set up once per process, named in one place."""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

import structlog
import structlog.tracebacks
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Gauge, Histogram
from pydantic_settings import BaseSettings

from shared.settings import ServiceSettings

_STACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Stacks without the values of variables: among those are secrets and addresses."""
_tracer = trace.get_tracer("bzpeer")
_exported: set[str] = set()
"""Where this process's spans go."""

PUBLISHED = Counter("bzpeer_events_published_total", "Events that the relay handed to Kafka", ["topic"])
UNPUBLISHED_AGE = Gauge("bzpeer_oldest_unpublished_seconds", "Age of the oldest event not yet on Kafka")
HANDLED = Counter("bzpeer_events_handled_total", "Events that a consumer group has taken in", ["group"])
HANDLING = Histogram("bzpeer_batch_seconds", "Time to take in one batch", ["group"])
FRESHNESS = Histogram(
    "bzpeer_event_age_seconds",
    "Age of an event when a consumer group has taken it in",
    ["group"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600),
)
CONFLICTS = Counter("bzpeer_view_conflicts_total", "Documents folded again because another was first", ["view"])
STALE = Gauge("bzpeer_stale_documents", "Documents that miss events, at most those that one look finds", ["group"])
HOLES = Counter("bzpeer_sequence_holes_total", "Documents whose owner was asked for missing events", ["group"])
AUDITED = Counter("bzpeer_audited_aggregates_total", "Aggregates compared with their owner's log", ["group"])
RETRIES = Counter("bzpeer_retries_total", "Attempts on events kept aside", ["group"])
DEAD = Counter("bzpeer_dead_letters_total", "Messages given up on until an operator decides", ["group"])
BRAKED = Gauge("bzpeer_braked", "1 while a group is stopped because everything fails", ["group"])
LAG = Gauge("bzpeer_lag_messages", "Messages that this process has yet to read", ["group", "topic", "partition"])


def forget_group(name: str) -> None:
    """Show no more what a group was like that this process has left."""
    for gauge in (STALE, BRAKED):
        with suppress(KeyError):
            gauge.remove(name)


class _OtlpSettings(BaseSettings):
    """The exporter's own variables; it is added only where an endpoint is named."""

    otel_exporter_otlp_endpoint: str | None = None


def set_up(service: str, settings: ServiceSettings) -> None:
    """Configure logs and traces of this process. Spans go where the environment says, or nowhere."""
    set_up_logs(service, settings)
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if _OtlpSettings().otel_exporter_otlp_endpoint:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        _exported.add("otlp")
    if settings.trace_file:
        lines = Path(settings.trace_file).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as we live
        exporter = ConsoleSpanExporter(out=lines, formatter=lambda span: span.to_json(indent=None) + "\n")
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        _exported.add("file")
    trace.set_tracer_provider(provider)


def set_up_logs(service: str, settings: ServiceSettings) -> None:
    """Configure this process's logs: lines for people, or JSON, with the trace they belong to."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
    ]
    render: list[structlog.types.Processor] = (
        [structlog.processors.ExceptionRenderer(_STACKS), structlog.processors.JSONRenderer()]
        if settings.log_format == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), sort_keys=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for noisy in ("aiokafka", "httpx2", "httpx", "uvicorn.access", "pymongo"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)


def _add_trace(_: object, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
    return event


@contextmanager
def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, *, parent: str | None = None, **attributes: str | int
) -> Iterator[str | None]:
    """A span, child of the W3C `parent` if one is given; yields its own traceparent, to be sent on."""
    context = propagate.extract({"traceparent": parent}) if parent else None
    with _tracer.start_as_current_span(name, context=context, kind=kind, attributes=attributes):
        yield current_traceparent()


def current_trace() -> Mapping[str, str]:
    """The W3C headers of where we are, to be kept and gone on with later; empty outside of a trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def current_traceparent() -> str | None:
    """The W3C traceparent of where we are; None outside of a trace."""
    return current_trace().get("traceparent")


@contextmanager
def consuming(name: str, parents: Iterable[Mapping[str, str]]) -> Iterator[None]:
    """The span of a batch. It stands in the trace of its first message; every other trace gets a span linked to it.

    `parents` are the messages' W3C headers, `traceparent` and `tracestate`, empty where there are none.
    """
    if not _exported:
        parents = islice(parents, 1)  # nobody would see the others, and they take as long as parsing the messages
    traces = {parent["traceparent"]: parent for parent in parents if "traceparent" in parent}
    first, *others = traces.values() or [{}]
    with _tracer.start_as_current_span(name, context=propagate.extract(first), kind=SpanKind.CONSUMER):
        link = trace.Link(trace.get_current_span().get_span_context())
        for parent in others:
            context = propagate.extract(parent)
            _tracer.start_span(name, context=context, kind=SpanKind.CONSUMER, links=[link]).end()
        yield
