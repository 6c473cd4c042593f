"""The page of one case for who decides it: its buttons, its photos, its files. Every press is one act of the desk."""

import asyncio
from functools import partial
from pathlib import Path

from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import inbox, uploads
from console.case_link import ENDINGS
from console.onecase import case_of
from console.outside import HIDDEN, POLICY, download
from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from console.uploads import Given
from desk import decide, evidence, ids
from desk.decide import Choice
from desk.plain_picture import plain
from desk.seeing import OnlyDecides
from sop.errors import N_, DeskError
from sop.text import clean, one_line

LONGEST_REASON = 2_000


class FilesRefused(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Lampiran paling banyak 5 berkas, masing-masing 10 MB. Pilih berkasnya lagi."))


class Typed(Struct, frozen=True, kw_only=True):
    """What was chosen when it was refused, and why."""

    decision: str = ""
    reason: str = ""
    code: str = ""
    unit: str = ""
    refused: str = ""


async def show(request: Request) -> Response:
    return await _opened(request)


async def _opened(request: Request, typed: Typed | None = None, status: int = 200) -> Response:
    number = request.path_params["number"]
    found = await ask(request, case_of, number, desk_of(request).clock())
    if found is None:
        return redirect(f"/tiket/{number}")
    return page(
        request,
        "decision.html",
        status=status,
        zone=found.zone,
        found=found,
        typed=typed or Typed(),
        news=news(request),
    )


async def put(request: Request) -> Response:
    """A decision. What was typed stays when it is refused."""
    officer, form = await posted(request)
    number, desk = request.path_params["number"], desk_of(request)
    visit = words(form, "kunjungan")
    if not (visit.isascii() and visit.isdigit() and len(visit) < 16):
        raise HTTPException(400)
    choice = Choice(
        decision=one_line(words(form, "keputusan"), 60),
        visit=int(visit),
        reason=clean(words(form, "alasan"), LONGEST_REASON),
        code=one_line(words(form, "kode"), 60),
        unit=one_line(words(form, "unit"), 60),
    )
    request.state.again = partial(_again, choice=choice)
    done = await decide.put(desk.db, number, officer, choice, key=_form_key(form), now=desk.clock())
    return redirect(f"/keputusan?kabar=putus.{done.number}")


async def _again(request: Request, refused: str, _: DeskError, choice: Choice) -> Response:
    typed = Typed(
        decision=choice.decision, reason=choice.reason, code=choice.code, unit=choice.unit, refused=refused
    )
    return await _opened(request, typed, 409)


async def attach(request: Request) -> Response:
    """Photos of who has the ball, kept before the act that refers to them."""
    request.state.again = partial(_again, choice=Choice(decision="", visit=0))
    officer, form = await posted(request)
    desk, number = desk_of(request), request.path_params["number"]
    sent = Given(fields={}, files=_uploads(form))
    if uploads.too_many(sent) or uploads.too_large(sent):
        raise FilesRefused
    await desk.db.write(
        evidence.attach,
        number,
        officer,
        await uploads.kept(desk, sent),
        words(form, "keterangan"),
        key=_form_key(form),
        ids=ids.fresh(),
        now=desk.clock(),
    )
    return redirect(f"/keputusan/{number}?kabar=bukti.")


def _uploads(form: FormData) -> tuple[UploadFile, ...]:
    found = form.getlist("berkas")
    return tuple(each for each in found if isinstance(each, UploadFile) and each.size)


def _form_key(form: FormData) -> str:
    return one_line(words(form, "kunci"), 100)


async def file(request: Request) -> Response:
    """To a lane that may not see the reporter: under a neutral name, a picture without what the camera wrote."""
    desk, number, wanted = desk_of(request), request.path_params["number"], request.path_params["file"]
    found = await ask(request, case_of, number, desk.clock())
    one = (
        next((each for each in found.files if each.id == wanted and each.state == "kept"), None)
        if found
        else None
    )
    if found is None or one is None:
        raise HTTPException(404)
    name = f"lampiran-{one.id}{ENDINGS.get(one.file.content_type, '')}"
    if found.case.lane.sees_reporter:
        return download(desk, one.file, name)
    try:
        content = await asyncio.to_thread(_plain, desk.files.path(one.file))
    except FileNotFoundError:
        raise HTTPException(404) from None
    kept = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": POLICY}
    return Response(content, media_type="application/octet-stream", headers=kept | HIDDEN)


def _plain(path: Path) -> bytes:
    return plain(path.read_bytes())


async def instead(request: Request, error: Exception) -> Response:
    """Who only decides is led from the ticket to the case; a change is not made there either."""
    assert isinstance(error, OnlyDecides)
    return redirect(f"/keputusan/{error.params['number']}".rstrip("/"))


ROUTES = (
    Route("/keputusan", inbox.show),
    Route("/keputusan/{number}", show, methods=["GET"]),
    Route("/keputusan/{number}", put, methods=["POST"]),
    Route("/keputusan/{number}/bukti", attach, methods=["POST"]),
    Route("/keputusan/{number}/berkas/{file:int}", file),
)
