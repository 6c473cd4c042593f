"""Files in messages: what is uploaded or named again becomes the media object of its kind."""

import mimetypes
from pathlib import Path
from typing import Any

from demo.memory import Json
from demo.telegram_memory import World
from demo.telegram_rules import Upload, bad

PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
ENDINGS = {
    "photo": "foto.jpg",
    "voice": "suara.ogg",
    "video": "video.mp4",
    "audio": "audio.mp3",
    "animation": "animasi.mp4",
    "video_note": "video.mp4",
    "sticker": "stiker.webp",
    "document": "dokumen.pdf",
}
FACTS: dict[str, Json] = {
    "photo": {"width": 800, "height": 600},
    "document": {},
    "voice": {"duration": 3},
    "audio": {"duration": 30},
    "video": {"width": 640, "height": 360, "duration": 5},
    "animation": {"width": 320, "height": 180, "duration": 2},
    "video_note": {"length": 240, "duration": 5},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}


def add_media(world: World, kind: str, given: Any, direct: Upload | None, uploads: dict[str, Upload]) -> Json:
    """The kept file for a file_id, an `attach://` part, or an upload under the method's own name."""
    if direct is None and isinstance(given, str) and given.startswith("attach://"):
        direct = uploads.get(given.removeprefix("attach://"))
        if direct is None:
            raise bad("there is no file in the request under that attach name")
    if direct is not None:
        return keep_media(world, kind, direct)
    if isinstance(given, str) and given.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    kept = world.memory.get("file", str(given))
    if kept is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return kept


def keep_media(world: World, kind: str, upload: Upload) -> Json:
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
        raise bad("file is too big")
    name = Path(upload.name).name or ENDINGS[kind]
    content_type = upload.content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return world.keep_file(upload.content, name, content_type)


def media_message(kind: str, kept: Json) -> Json:
    """The message field of this kind; Telegram drops a photo's name and type."""
    file: Json = {**kept["file"], **FACTS[kind]}
    if kind == "photo":
        small = {**file, "width": 90, "height": 68}
        return {"photo": [small, file]}
    if kind not in ("sticker", "video_note"):
        file["mime_type"] = kept["content_type"]
    if kind in ("document", "audio", "video", "animation"):
        file["file_name"] = kept["name"]
    return {"animation": file, "document": file} if kind == "animation" else {kind: file}
