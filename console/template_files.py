"""Reply templates as files: all of them as one archive, and brought in again as drafts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

from msgspec.structs import replace
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import templating
from console.page import redirect
from console.session import ask, desk_of, posted
from desk import bringing_replies, reply_archive
from desk.desk import Desk
from desk.reply_archive import Packed
from desk.seeing import needs
from sop.errors import N_, DeskError
from sop.messages import File, Kind
from sop.officer import Right

LONGEST = 25 * 1024 * 1024  # bytes of an archive
TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


class NoFile(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pilih berkas templat dahulu: arsip .zip atau satu berkas .md."))


async def export(request: Request) -> Response:
    """The newest version of each as templates_replies/ holds them, attachments beside them."""
    desk = desk_of(request)
    found = await ask(request, bringing_replies.going_out)
    packed = [Packed(line, await asyncio.to_thread(_contents, desk, files)) for line, files in found]
    return Response(
        await asyncio.to_thread(reply_archive.pack, packed),
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="templat.zip"'},
    )


def _contents(desk: Desk, files: Sequence[File]) -> dict[str, bytes]:
    """Bytes that are gone are left out."""
    found = {}
    for each in files:
        try:
            found[each.name] = desk.files.path(each).read_bytes()
        except OSError:
            continue
    return found


async def bring_in(request: Request) -> Response:
    """Everything in the file as drafts, or nothing."""
    officer, form = await posted(request)
    needs(officer, Right.TEMPLATES)
    request.state.again = partial(templating.again, number=None, typed=templating.Typed())
    desk = desk_of(request)
    packed = await _unpacked(form)
    files = {
        (each.line.code, each.line.language): [
            await _keep(desk, name, content) for name, content in each.files.items()
        ]
        for each in packed
    }
    await desk.db.write(bringing_replies.bring_in, officer, packed, files, desk.clock())
    return redirect("/templat?kabar=impor.")


async def _unpacked(form: FormData) -> tuple[Packed, ...]:
    upload = form.get("berkas")
    if not isinstance(upload, UploadFile) or not upload.size or upload.size > LONGEST:
        raise NoFile
    data = await upload.read()
    return await asyncio.to_thread(reply_archive.unpack, upload.filename or "", data)


async def _keep(desk: Desk, name: str, content: bytes) -> File:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    kept = await desk.files.keep(chunks(), limit=reply_archive.LARGEST)
    kind = next((each for ending, each in TYPES.items() if name.lower().endswith(ending)), "")
    return replace(
        kept,
        name=name,
        content_type=kind or "application/octet-stream",
        kind=Kind.PHOTO if kind.startswith("image/") else Kind.DOCUMENT,
    )


ROUTES = (
    Route("/templat/ekspor", export, methods=["GET"]),
    Route("/templat/impor", bring_in, methods=["POST"]),
)
