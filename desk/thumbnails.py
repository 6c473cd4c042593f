"""Small pictures of pictures: turned as the camera meant, without what it wrote beside them, at most 320 pixels wide or high."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

from desk.files import Files
from sop.messages import File

NONE = "-"  # in place of a path: looked at, and there is no small picture
SIDE = 320  # pixels
MOST = 100_000  # bytes of a small picture
PIXELS = {
    "image/jpeg": 120_000_000,
    "image/png": 25_000_000,
    "image/webp": 25_000_000,
    "image/gif": 25_000_000,
}
"""How large a picture may be that we open; of a JPEG only every few pixels are decoded."""
PROGRESSIVE = 40_000_000  # pixels of a JPEG that has to be kept whole in memory until its last scan
SCANS = 64  # of one JPEG; cameras and programs write about ten, and each is a walk over the whole picture
START_OF_SCAN = b"\xff\xda"
CONTENT_TYPE = "image/webp"


async def make(files: Files, file: File) -> str:
    """The path of the kept file's small picture, or `NONE`: not a picture, too large, or broken."""
    if file.content_type not in PIXELS:
        return NONE
    try:
        content = await asyncio.to_thread(shrunk, files.path(file), file.content_type)
    except FileNotFoundError:
        return NONE
    if content is None or len(content) > MOST:
        return NONE
    return (await files.keep(_once(content), limit=MOST)).path


def shrunk(path: Path, content_type: str) -> bytes | None:
    """The small picture as WebP; None where there is none. Pillow is loaded with the first picture."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    form = content_type.partition("/")[2].upper()
    try:
        with Image.open(path, formats=(form,)) as picture:
            if picture.width * picture.height > _most(
                path, content_type, bool(picture.info.get("progressive"))
            ):
                return None
            picture.draft("RGB", (SIDE * 2, SIDE * 2))
            picture.thumbnail((SIDE, SIDE), reducing_gap=2.0)
            turned = ImageOps.exif_transpose(picture)
            bare = Image.new("RGB", turned.size, "white")
            clear = turned.convert("RGBA")
            bare.paste(clear, mask=clear.getchannel("A"))
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    except (OSError, ValueError, SyntaxError, MemoryError, ArithmeticError, LookupError):
        return None  # what Pillow raises for pictures that are broken inside
    small = BytesIO()
    bare.save(small, "WEBP", quality=72, method=4)
    return small.getvalue()


def _most(path: Path, content_type: str, progressive: bool) -> int:
    """How many pixels are worth opening; none where a few bytes each would have us walk over them again and again."""
    if not progressive:
        return PIXELS[content_type]
    return PROGRESSIVE if path.read_bytes().count(START_OF_SCAN) <= SCANS else 0


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
