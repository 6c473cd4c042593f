"""Attachments, to who may see their ticket: never run, never sniffed, as a download unless it is a plain picture or sound."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from console.conversation import HEARD, SHOWN
from console.session import ask, desk_of
from desk import sniffing
from desk.seeing import must_read
from desk.thumbnails import CONTENT_TYPE
from sop.officer import Officer
from sop.text import one_line
from store import attachments, tickets
from store.attachments import Attachment
from store.db import View

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


async def show(request: Request) -> Response:
    """The file itself; parts of it by Range, so that a voice message can be wound on."""
    found = await ask(request, _file, request.path_params["number"])
    try:
        path = desk_of(request).files.path(found.file)
    except FileNotFoundError:
        raise HTTPException(404) from None
    if not path.is_file():
        raise HTTPException(404)
    content_type = found.file.content_type
    if not found.thumbnail:  # nobody looked at it yet: its sender's word is not enough
        content_type = await asyncio.to_thread(sniffing.typed, path, content_type)
    known = content_type in SHOWN | HEARD
    return FileResponse(
        path,
        media_type=content_type if known else "application/octet-stream",
        filename=one_line(found.file.name, 120) or f"lampiran-{found.id}",
        content_disposition_type="attachment",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"},
    )


async def small(request: Request) -> Response:
    """Its small picture, which holds nothing but what is seen; to the same people."""
    found = await ask(request, _file, request.path_params["number"])
    try:
        path = desk_of(request).files.small(found.thumbnail)
    except FileNotFoundError:
        raise HTTPException(404) from None
    if not path.is_file():
        raise HTTPException(404)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return FileResponse(path, media_type=CONTENT_TYPE, headers=headers)


def _file(view: View, officer: Officer, number: int) -> Attachment:
    """Foreign, absent and not fetched yet are all 404."""
    found = attachments.get(view, number) if number < 1 << 62 else None
    ticket = tickets.find(view, found[1]) if found else None
    if found is None or ticket is None or found[0].state != "kept" or not tickets.sees(view, ticket, officer):
        raise HTTPException(404)
    must_read(officer, ticket)
    return found[0]
