"""A server that stands in for a source: it answers with the replies it is given."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.builders import AtomWork, atom_feed

Reply = tuple[int, dict[str, str], bytes]
ERROR = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>'
    b"<title>Error</title><summary>incorrect id format for abc</summary></entry></feed>"
)


def page_of(works: int, total: int) -> bytes:
    """A page of a query's results, with the number of all of them."""
    feed = atom_feed([AtomWork(title=f"Work {n}", authors=["Ada Example"]) for n in range(works)])
    counted = f'<t:totalResults xmlns:t="http://a9.com/-/spec/opensearch/1.1/">{total}</t:totalResults></feed>'
    return feed.replace(b"</feed>", counted.encode())


class StandIn:
    """An HTTP server that answers with the replies it is given, one after the other, and notes what it was asked."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[tuple[dict[str, list[str]], str]] = []
        self.paths: list[str] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.asked.append((parse_qs(urlsplit(self.path).query), self.headers["User-Agent"]))
                stand_in.paths.append(urlsplit(self.path).path)
                status, headers, body = stand_in.replies.pop(0)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/query"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
