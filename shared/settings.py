"""Settings that every service has, from the environment."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Read from variables named BZPEER_…, but for the two with names of their own."""

    model_config = SettingsConfigDict(env_prefix="BZPEER_", populate_by_name=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8000
    kafka_bootstrap_servers: str = Field(default="127.0.0.1:19092", validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    mongodb_uri: str = Field(default="mongodb://127.0.0.1:27117", validation_alias="MONGODB_URI")
    database_prefix: str = "bzpeer_"
    topic_prefix: str = ""
    """Set only by tests, so that runs on one broker do not read each other's topics and groups."""
    internal_key: SecretStr = Field(min_length=32)
    """Signs the tokens by which services know each other; the same for all of them."""
    public_url: str = "http://127.0.0.1:8000"
    works_url: str = "http://127.0.0.1:8101"
    profiles_url: str = "http://127.0.0.1:8102"
    trust_url: str = "http://127.0.0.1:8103"
    graph_url: str = "http://127.0.0.1:8104"
    notify_url: str = "http://127.0.0.1:8105"
    instance: str | None = None
    """A name that this replica keeps over restarts, so that it rejoins its consumer groups at once. Unique."""

    log_format: str = "console"
    log_level: str = "INFO"
    trace_file: str | None = None
    """Where spans go as JSON lines, for looking without a collector."""

    consumer_batch: int = 500
    """Events that a consumer group takes in at once, at most."""
    retry_seconds: tuple[float, ...] = (1, 5, 25, 120)
    """Pauses between the attempts on an event whose handling fails; after the last one it is a dead letter."""
    brake_failures: int = 20
    """When so many aggregates fail one after another, the release is bad, not the events: the group stops."""
    brake_seconds: float = 15.0
    """How long a stopped group waits before it tries again."""
    resync_seconds: float = 2.0
    """How often a group looks for documents that miss events; the first time that their owner is asked for them."""
    audit_seconds: float = 30.0
    """How often a group compares what it has seen with what the owners have published."""
    stuck_seconds: float = 300.0
    """A loop that came no further for so long is stuck, and `/healthz` says so."""
    pointer_seconds: float = 2.0
    """How soon a process notices that a view was rebuilt."""
    relay_batch: int = 1000
    """Events that the relay reads from the log at once, at most."""
    relay_poll_seconds: float = 2.0
    """How long an event can lie unpublished when the change stream that wakes the relay is broken."""
    lease_seconds: float = 5.0
    """A relay that does not renew its leases for so long is taken over."""
    shutdown_seconds: float = 6.0
    """A process that is asked to end is gone after this long, even if a server that it waits for never answers.

    Half of it is for what is in flight; what does not finish is done again by the next process."""
