"""/kasus/TOKEN: one case for one stay of it, to who has no account; it shows what that lane may see, and takes its decision."""

import asyncio
from functools import partial
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.outside import (
    HIDDEN,
    POLICY,
    check_origin,
    count_words,
    download,
    few_words,
    hidden,
    key_of,
    outside,
)
from console.page import redirect
from console.session import desk_of
from console.status import FilesRefused
from console.uploads import Given, given, kept, name_of, too_large, too_many
from desk import casework, ids, party
from desk.decide import Choice, DecidedBefore
from desk.desk import Desk
from desk.plain_picture import plain
from sop.errors import DeskError
from sop.messages import File
from sop.text import clean

ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
}
REASON = 4000


async def show(request: Request) -> Response:
    return await _page(request)


async def do(request: Request) -> Response:
    """A decision, or evidence brought. A second press decides nothing and is told who was first."""
    desk, token = desk_of(request), request.path_params["token"]
    await desk.db.read(casework.case_page, token, desk.clock())  # a stranger puts no file on our disk
    await few_words(request)
    async with given(request) as form:
        request.state.again = partial(_again, typed=dict(form.fields))
        check_origin(request)
        await count_words(request)
        if form["aksi"] == "bukti":
            await _bring(desk, token, form)
            return redirect(f"/kasus/{token}?kabar=bukti")
        choice = Choice(
            decision=form["keputusan"][:80],
            visit=_number(form["langkah"]),
            reason=clean(form["alasan"], REASON).strip(),
            code=form["kode"][:80],
            unit=form["unit"][:80],
        )
        await desk.db.write(party.decide, token, choice, ids=ids.fresh(), now=desk.clock())
    return redirect(f"/kasus/{token}?kabar=putus")


async def file(request: Request) -> Response:
    """To a lane that may not see the reporter: under a neutral name, pictures without what the camera wrote."""
    desk, number = desk_of(request), request.path_params["number"]
    one, named = await desk.db.read(party.file_of, request.path_params["token"], number, desk.clock())
    if named:
        return download(desk, one, name_of(one.name) or f"lampiran-{number}")
    content = await asyncio.to_thread(_plain, _path(desk, one))
    name = f"lampiran-{number}{ENDINGS.get(one.content_type, '')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-store",
        **HIDDEN,
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def _number(text: str) -> int:
    """0: the stay to which the link leads."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _path(desk: Desk, one: File) -> Path:
    try:
        return desk.files.path(one)
    except FileNotFoundError:
        raise HTTPException(404) from None


def _plain(path: Path) -> bytes:
    if not path.is_file():
        raise HTTPException(404)
    return plain(path.read_bytes())


async def _bring(desk: Desk, token: str, form: Given) -> None:
    if too_many(form) or too_large(form):
        raise FilesRefused
    files = await kept(desk, form)
    key = key_of(form["kunci"], form["isi"], *(each.sha256 for each in files))
    await desk.db.write(party.bring, token, form["isi"], files, key, ids.fresh(), desk.clock())


async def _page(
    request: Request,
    status: int = 200,
    refused: str = "",
    typed: dict[str, str] | None = None,
    told: bool = False,
) -> Response:
    desk = desk_of(request)
    case = await desk.db.read(party.linked, request.path_params["token"], desk.clock())
    return hidden(
        request,
        "kasus.html",
        status=status,
        zone=case.zone,
        case=case,
        refused="" if told and case.page.decided else refused,
        typed=typed or {},
        news=request.query_params.get("kabar", ""),
    )


async def _again(request: Request, reason: str, error: DeskError, typed: dict[str, str]) -> Response:
    """Somebody was first: a page of that stay says so itself."""
    return await _page(request, 409, reason, typed, told=isinstance(error, DecidedBefore))


ROUTES = (
    Route("/kasus/{token}", outside(show), methods=["GET"]),
    Route("/kasus/{token}", outside(do), methods=["POST"]),
    Route("/kasus/{token}/lampiran/{number:int}", outside(file), methods=["GET"]),
)
