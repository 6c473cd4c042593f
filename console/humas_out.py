"""What leaves a publication's page: whom it went to with what became of it, as a page and as a list, and the archive's ZIP."""

import asyncio
import io

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page
from console.session import ask, desk_of
from console.typed import number_in
from desk import archiving, publication_seeing, publication_steps, push_again, push_receipts, seal, sheets
from sop.officer import Officer
from sop.text import mask_id, mask_mail, mask_phone, one_line
from store import office as offices
from store import pushes, targets
from store.archives import Archive
from store.db import View
from store.pushes import Recipient

MOST = 200  # recipients of one page
AGAIN = ("unknown", "failed")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
}


class Line(Struct, frozen=True, kw_only=True):
    """A recipient as staff sees it: persons masked, places whole. `proof` is the post's link, else its number."""

    recipient: Recipient
    target: str
    address: str
    link: str
    proof: str


class Listed(Struct, frozen=True, kw_only=True):
    """A page of them. `more`: the next goes on after it (0: none). `again`: the reader may have these sent once more."""

    number: str
    lines: tuple[Line, ...]
    more: int
    again: bool


async def recipients(request: Request) -> Response:
    """`status` keeps those in one state."""
    number, query = request.path_params["number"], request.query_params
    state, after = one_line(query.get("status", ""), 20), number_in(query.get("sesudah", "")) or 0
    found = await ask(request, _listed, number, state, after)
    return page(request, "publikasi_penerima.html", found=found, number_of=found.number, state=state)


def _listed(view: View, officer: Officer, number: str, state: str, after: int) -> Listed:
    publication = publication_seeing.get(view, number, visible_to=officer)
    found = pushes.recipients(view, publication.id, after=after, state=state, most=MOST + 1)
    known = {each.id: each for each in targets.every(view)}
    lines = tuple(
        Line(
            recipient=each,
            target=known[each.target].name,
            address=_masked(each),
            link=push_receipts.link(each, known[each.target]),
            proof=each.external_id.rpartition(":")[2],
        )
        for each in found[:MOST]
    )
    may = publication_seeing.in_chain(offices.current(view), publication, officer)
    return Listed(
        number=publication.number,
        lines=lines,
        more=found[MOST - 1].id if len(found) > MOST else 0,
        again=state in AGAIN and may and push_again.possible(view, publication),
    )


def _masked(recipient: Recipient) -> str:
    match recipient.channel:
        case "hand":
            return ""
        case "mail":
            return mask_mail(recipient.address)
        case "whatsapp":
            return mask_phone(recipient.address)
        case "telegram" if recipient.address.isdigit():
            return mask_id(recipient.address)
        case _:
            return recipient.address


async def exported(request: Request) -> Response:
    """The same as CSV, XLSX or JSON lines."""
    form = request.path_params["form"]
    if form not in sheets.FORMATS:
        raise HTTPException(404)
    number, content = await ask(request, _exported, request.path_params["number"], form)
    headers = {
        "Content-Disposition": f'attachment; filename="penerima-{number}.{form}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=TYPES[form], headers=headers)


def _exported(view: View, officer: Officer, number: str, form: str) -> tuple[str, bytes]:
    publication = publication_seeing.get(view, number, visible_to=officer)
    zone = publication_steps.calendar_of(offices.current(view), publication).zone
    out = io.BytesIO()
    push_receipts.write(view, publication, form, out, zone)
    return publication.number, out.getvalue()


async def archive(request: Request) -> Response:
    """One ZIP with letter, dispositions, versions, targets and receipts. Raises ArchiveBroken."""
    number, found, zone = await ask(request, _archive, request.path_params["number"])
    made = await asyncio.to_thread(seal.packed, found, desk_of(request).files.root, zone)
    headers = {
        "Content-Disposition": f'attachment; filename="arsip-{number}.zip"',
        "Cache-Control": "private, no-store",
    }
    return Response(made, media_type="application/zip", headers=headers)


def _archive(view: View, officer: Officer, number: str) -> tuple[str, Archive, str]:
    """Foreign, absent and not archived yet are all 404."""
    publication = publication_seeing.get(view, number, visible_to=officer)
    zone = publication_steps.calendar_of(offices.current(view), publication).zone
    return publication.number, archiving.get(view, publication), zone


ROUTES = (
    Route("/publikasi/{number}/penerima", recipients, methods=["GET"]),
    Route("/publikasi/{number}/penerima.{form}", exported, methods=["GET"]),
    Route("/publikasi/{number}/arsip.zip", archive, methods=["GET"]),
)
