"""The public API, one module per group of routes."""

from services.gateway.api import claims, docs, follows, identity, notifications, researchers, works

ROUTERS = tuple(module.router for module in (researchers, works, follows, claims, notifications, identity, docs))
