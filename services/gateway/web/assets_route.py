"""Styles, scripts and faces under /assets. Only files that were there at start are served, by name."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from services.gateway.web.faces import FACES
from shared.errors import NotFound

ASSETS = Path(__file__).parent / "assets"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
FOR_EVER, FOR_A_WEEK = "public, max-age=31536000, immutable", "public, max-age=604800"


def faces_in(fonts_dir: Path | None) -> dict[str, Path]:
    """The faces that `python -m services.gateway.web.fonts` has put there: all of them, or none."""
    faces = {name: fonts_dir / name for name in FACES} if fonts_dir else {}
    return faces if all(path.is_file() for path in faces.values()) else {}


def asset_router(faces: dict[str, Path]) -> APIRouter:
    """Serve our assets and these faces."""
    router = APIRouter(include_in_schema=False)
    files = {path.name: path for path in ASSETS.iterdir() if path.suffix in TYPES}

    @router.get("/assets/fonts/{name}")
    async def face(name: str) -> Response:
        return answer(faces.get(name), FOR_A_WEEK)

    @router.get("/assets/{name}")
    async def asset(request: Request, name: str) -> Response:
        return answer(files.get(name), FOR_EVER if "v" in request.query_params else FOR_A_WEEK)

    return router


def answer(path: Path | None, cache_control: str) -> Response:
    """The file with its type and how long it may be kept."""
    if path is None:
        raise NotFound("There is no such file.")
    headers = {"Cache-Control": cache_control, "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=TYPES[path.suffix], headers=headers)


@cache
def asset_url(name: str) -> str:
    """The address of an asset, with a mark of its content so that it can be kept for ever."""
    return f"/assets/{name}?v={sha256((ASSETS / name).read_bytes()).hexdigest()[:12]}"
