"""`bzpeer demo`: the whole story on a running system, told in the terminal and left there to look at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
from aiokafka import AIOKafkaConsumer
from rich.console import Console

from shared.errors import Poison
from shared.events.topics import TOPICS
from shared.messaging.envelope import Envelope, from_record

RESEARCHER = "hannah-lawrence"
READER = "reader@example.org"
_PATIENCE_SECONDS = 30.0

_ENTRY = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>A demonstration</title>
  <entry>
    <id>http://arxiv.org/abs/{arxiv_id}v1</id>
    <published>{now}</published>
    <updated>{now}</updated>
    <title>A demonstration record, not a real work: what symmetry leaves to learn ({clock} UTC)</title>
    <summary>This record was made by the demonstration of this system, so that a new work arrives. It is not on arXiv.</summary>
    <author><name>Hannah Lawrence</name></author>
    <author><name>Bobak T. Kiani</name></author>
    <arxiv:primary_category term="cs.LG"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>
"""


def demonstration_feed(now: datetime) -> tuple[str, bytes]:
    """An Atom feed of one made-up work by the demo's researcher, dated now, and its arXiv-like id.

    The number is in a range that arXiv does not reach in a month, and differs for every second of the day.
    """
    second = now.hour * 3600 + now.minute * 60 + now.second
    arxiv_id = f"{now:%y%m}.9{second % 10_000:04d}"
    body = _ENTRY.format(arxiv_id=arxiv_id, now=f"{now:%Y-%m-%dT%H:%M:%SZ}", clock=f"{now:%H:%M:%S}")
    return arxiv_id, body.encode()
