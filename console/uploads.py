"""Forms with files: read as a stream into temporary files, kept by the desk, named and typed by us, not by the sender."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from desk.desk import Desk
from sop.errors import Unavailable
from sop.messages import File, Kind
from sop.text import one_line

FILES = 5
LARGEST = 10 * 1024 * 1024  # bytes of one file
ALL = 25 * 1024 * 1024  # bytes of all of them: the guard ends a longer form
FIELDS = 60
LONGEST = 400_000  # bytes of one text field
SMALL = 512 * 1024  # bytes of a form whose words are kept whatever is wrong with it
STEP = 64 * 1024
NAME = 120

MAGIC = (
    (0, b"\xff\xd8\xff", "image/jpeg", Kind.PHOTO),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", Kind.PHOTO),
    (0, b"GIF8", "image/gif", Kind.PHOTO),
    (8, b"WEBP", "image/webp", Kind.PHOTO),
    (4, b"ftyphei", "image/heic", Kind.PHOTO),
    (4, b"ftypmif1", "image/heic", Kind.PHOTO),
    (0, b"%PDF-", "application/pdf", Kind.DOCUMENT),
    (4, b"ftypM4A", "audio/mp4", Kind.AUDIO),
    (4, b"ftyp", "video/mp4", Kind.VIDEO),
    (0, b"OggS", "audio/ogg", Kind.AUDIO),
    (0, b"ID3", "audio/mpeg", Kind.AUDIO),
)


class Given(Struct, frozen=True, kw_only=True):
    """A form as it came. `cut`: it was longer than we read, so that files are missing; its words before them are there."""

    fields: dict[str, str]
    files: tuple[UploadFile, ...] = ()
    cut: bool = False

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def bytes(self) -> int:
        return sum(each.size or 0 for each in self.files)


def is_large(request: Request) -> bool:
    """Longer than any form without files, or of no stated length: who sends it is looked at before it is read."""
    length = request.headers.get("content-length", "")
    return not (length.isascii() and length.isdigit() and int(length) <= SMALL)


@asynccontextmanager
async def given(request: Request) -> AsyncIterator[Given]:
    """The form of a request; its temporary files are gone afterwards."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form(max_files=0, max_fields=FIELDS)
        yield Given(fields={name: value for name, value in form.items() if isinstance(value, str)})
        return
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=20, max_fields=FIELDS, max_part_size=LONGEST
    )
    cut = False
    try:
        await parser.parse()
    except (MultiPartException, HTTPException, OSError):  # OSError: no room for temporary files
        cut = True
    files = [value for _, value in parser.items if isinstance(value, UploadFile)]
    try:
        yield Given(
            fields={name: value for name, value in parser.items if isinstance(value, str)},
            files=() if cut else tuple(each for each in files if each.filename or each.size),
            cut=cut,
        )
    finally:
        for each in files:
            await each.close()


def too_many(form: Given) -> bool:
    return len(form.files) > FILES


def too_large(form: Given) -> bool:
    """One file beyond its limit, or all together."""
    return form.cut or form.bytes > ALL or any((each.size or 0) > LARGEST for each in form.files)


async def has_photo(form: Given) -> bool:
    for each in form.files:
        if (await _typed(each))[1] is Kind.PHOTO:
            return True
    return False


async def kept(desk: Desk, form: Given) -> tuple[File, ...]:
    """The files on disk, before the act that refers to them. Raises TooLarge, Unavailable (a disk that is full)."""
    try:
        return tuple([await _keep(desk, each) for each in form.files if each.size])
    except OSError as error:
        raise Unavailable from error


async def _keep(desk: Desk, upload: UploadFile) -> File:
    content_type, kind = await _typed(upload)
    file = await desk.files.keep(_chunks(upload), limit=LARGEST)
    return File(
        kind=kind,
        name=name_of(upload.filename or ""),
        content_type=content_type,
        size=file.size,
        path=file.path,
        sha256=file.sha256,
    )


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    await upload.seek(0)
    while chunk := await upload.read(STEP):
        yield chunk


async def _typed(upload: UploadFile) -> tuple[str, Kind]:
    """By its first bytes; what the sender says of it counts for nothing."""
    await upload.seek(0)
    head = await upload.read(16)
    for at, magic, content_type, kind in MAGIC:
        if head[at : at + len(magic)] == magic:
            return content_type, kind
    return "application/octet-stream", Kind.DOCUMENT


def name_of(name: str) -> str:
    """The last part of what may be a path, on one line, at most 120 characters with its ending kept."""
    line = one_line(name.replace("\\", "/").rsplit("/", 1)[-1], 1000).strip(". ")
    ending = PurePosixPath(line).suffix[:10]
    return line if len(line) <= NAME else line[: NAME - len(ending)] + ending
