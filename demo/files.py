"""Files of the demo's page: what was sent by phone, and the page's own script and style."""

from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from demo.stage import Stage

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
CONTENT = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
ASSETS = {
    name: f"/peragaan/static/{sha256(content).hexdigest()[:12]}/{name}" for name, content in CONTENT.items()
}
"""Where each is: addressed by its content, so that browsers may keep it."""
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4")


async def asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in CONTENT:
        raise HTTPException(404)
    fresh = request.url.path == ASSETS[name]
    keep = "public, max-age=31536000, immutable" if fresh else "no-cache"
    headers = {"Cache-Control": keep, "X-Content-Type-Options": "nosniff"}
    return Response(CONTENT[name], media_type=TYPES[Path(name).suffix], headers=headers)


async def telegram_file(request: Request) -> Response:
    world = _stage(request).telegram.world
    kept = world.memory.get("file", request.path_params["id"])
    content = world.file_bytes(kept["path"]) if kept else None
    if kept is None or content is None:
        raise HTTPException(404)
    return _file(content, kept["content_type"])


async def whatsapp_file(request: Request) -> Response:
    account = _stage(request).twilio.account
    kept = account.memory.get("media", request.path_params["id"])
    if kept is None:
        raise HTTPException(404)
    return _file(account.media_bytes(kept["sid"]), kept["content_type"])


def _stage(request: Request) -> Stage:
    stage: Stage = request.app.state.page.stage
    return stage


def _file(content: bytes, content_type: str) -> Response:
    """Pictures and sound show; everything else is only saved."""
    kind = _seen(content, content_type)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    if kind not in SHOWN:
        kind = "application/octet-stream"
        headers["Content-Disposition"] = "attachment"
    return Response(content, media_type=kind, headers=headers)


def _seen(content: bytes, content_type: str) -> str:
    """Telegram calls every photo JPEG, whatever was sent."""
    return "image/png" if content.startswith(b"\x89PNG") else content_type.partition(";")[0]
