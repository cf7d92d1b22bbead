"""The SMTP catcher: aiosmtpd's own command, which puts every mail into a Maildir and sends nothing on."""

import sys
from functools import partial
from pathlib import Path

from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK, accepts


def mailbox_part(folder: Path, port: int) -> Part:
    """Catches mails on `port` into the Maildir `folder`."""
    listen = ["--nosetuid", "--smtputf8", "--listen", f"{LOOPBACK}:{port}"]
    command = [sys.executable, "-m", "aiosmtpd", *listen, "--class", "aiosmtpd.handlers.Mailbox", str(folder)]
    return Part(
        name="mailbox",
        command=command,
        port=port,
        ready=partial(accepts, port),
        prepare=partial(folder.parent.mkdir, parents=True, exist_ok=True),
        detail="aiosmtpd",
    )
