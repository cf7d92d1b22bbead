"""How much of the graph is asked for: a number of nodes as quotas by kind."""

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field, field_validator

from services.gateway.clients.base import Model

Kind = Literal["work", "person", "topic", "institution"]
MOST_NODES = 300
MOST_EDGES = 1000
_SHARES: Mapping[Kind, tuple[str, int, int]] = {
    "work": ("works", 12, 100),
    "person": ("people", 12, 100),
    "topic": ("topics", 8, 60),
    "institution": ("institutions", 6, 39),
}
"""For each kind: the quota's name, its share, and the most that the graph service gives."""
_EDGES_PER_NODE = 4


class SliceLimits(Model):
    """How much of the graph to show; the graph service's own limits where nothing is said."""

    depth: int = Field(2, ge=1, le=2, description="1: only what is joined to the person directly, so no topics")
    limit: int | None = Field(None, ge=1, le=MOST_NODES, description="Nodes in the answer, the person included")
    kinds: str | None = Field(None, max_length=100, description="Kinds of nodes, separated by commas")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: str | None) -> str | None:
        unknown = sorted(_split(kinds) - set(get_args(Kind)))
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}; there are {', '.join(get_args(Kind))}")
        return kinds


def quotas(limits: SliceLimits) -> dict[str, int]:
    """What to ask the graph service for. Kinds that are not wanted get none; the others share `limit`."""
    wanted = _split(limits.kinds) or set(_SHARES)
    if limits.depth == 1:
        wanted = wanted - {"topic"}
    asked = {name: 0 for kind, (name, _, _) in _SHARES.items() if kind not in wanted}
    if limits.limit is None:
        return asked
    shared = {kind: share for kind, share in _SHARES.items() if kind in wanted}
    total = sum(share for _, share, _ in shared.values())
    for name, share, most in shared.values():
        asked[name] = min(most, (limits.limit - 1) * share // total)
    return {**asked, "edges": min(MOST_EDGES, limits.limit * _EDGES_PER_NODE)}


def _split(kinds: str | None) -> set[str]:
    return {kind.strip() for kind in (kinds or "").split(",") if kind.strip()}
