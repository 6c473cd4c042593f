"""Style sheets and scripts: read once, addressed by a hash of their content, kept by browsers for a year."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class Assets:
    """The files of console/static; `urls` says where each is."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in TYPES
        }
        self._marks = {name: sha256(content).hexdigest()[:12] for name, content in self._files.items()}

    @property
    def urls(self) -> Mapping[str, str]:
        return {name: f"/static/{mark}/{name}" for name, mark in self._marks.items()}

    @property
    def route(self) -> Route:
        return Route("/static/{mark}/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        """An old mark gets the new file, which is then not kept."""
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            return Response(status_code=404)
        fresh = request.path_params["mark"] == self._marks[name]
        keep = "public, max-age=31536000, immutable" if fresh else "no-cache"
        return Response(content, media_type=TYPES[Path(name).suffix], headers={"Cache-Control": keep})
