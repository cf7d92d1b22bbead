"""Logs tell what failed and where, and none of the values that were at hand."""

import logging

import pytest
import structlog
from pydantic import SecretStr

from shared import telemetry
from shared.settings import ServiceSettings


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_stack_in_a_log_shows_no_values(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        telemetry.set_up_logs("test", ServiceSettings(internal_key=SecretStr("k" * 32), log_format=log_format))
        try:
            fail("-".join(("a", "secret", "of", "a", "person")))
        except ValueError:
            structlog.get_logger().exception("it failed")
        said = capsys.readouterr().err
    finally:
        structlog.configure(**before)
        structlog.contextvars.clear_contextvars()
        root.handlers, root.level = handlers, level
    assert "it failed" in said
    assert "ValueError" in said
    assert "a-secret-of-a-person" not in said


def fail(secret_token: str) -> None:
    raise ValueError(len(secret_token))
