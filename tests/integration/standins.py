"""`bzpeer` with a tiny program in place of each service: `python -m tests.integration.standins up`.

BZPEER_STANDIN_BROKEN names a service whose stand-in ends at once.
"""

import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

from deploy.embedded import layout
from deploy.embedded.parts import Part
from deploy.embedded.services import service_part


class Ready(BaseHTTPRequestHandler):
    """Answers everything with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ready")


def serve(name: str) -> None:
    """Run until ended."""
    if os.environ.get("BZPEER_STANDIN_BROKEN") == name:
        sys.exit(f"{name} has no heart")
    print(f"{name} listens", flush=True)
    HTTPServer(("127.0.0.1", int(os.environ["BZPEER_PORT"])), Ready).serve_forever()


def standin_part(name: str, port: int, env: Mapping[str, str]) -> Part:
    """A service's part with another program."""
    real = service_part(name, port, env)
    command = [sys.executable, "-m", "tests.integration.standins", "serve", name]
    return Part(name=name, command=command, port=port, ready=real.ready, env=real.env, detail="stand-in")


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        layout.service_part = standin_part
        from bzpeer.cli import app

        app()
