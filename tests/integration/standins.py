"""`bzpeer` with a tiny program in place of each service: `python -m tests.integration.standins up`.

BZPEER_STANDIN_BROKEN names a service whose stand-in ends at once.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from deploy.embedded import services


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


def standin_command(name: str) -> list[str]:
    """Runs the stand-in of a service."""
    return [sys.executable, "-m", "tests.integration.standins", "serve", name]


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        services.service_command = standin_command
        from bzpeer.cli import app

        app()
