"""/prosedur/naskah: a revision of a SOP is written or uploaded as a draft, compared, and put in force from a day."""

import json
from datetime import date, datetime
from functools import partial

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import drafting
from desk.drafting import Draft
from desk.seeing import needs
from desk.visiting import calendar_of
from sop.clock import local_date
from sop.diagram import diagram
from sop.errors import N_, DeskError, NotFound
from sop.limit import limit_words
from sop.office import Office
from sop.officer import Officer, Right
from sop.procedure_file import Fault, ProcedureFaulty
from sop.procedure_schema import schema
from sop.procedure_worst import worst_case
from store import office as offices
from store import officers
from store.db import View

LONGEST = 240_000  # bytes of an uploaded file; the reader refuses far shorter ones in words


class DayUnreadable(DeskError):
    def __init__(self, day: str) -> None:
        super().__init__(N_("Tanggal “{day}” tidak dapat dibaca. Tulis seperti 2026-12-01."), day=day[:20])


class Desk(Struct, frozen=True, kw_only=True):
    """The page: what stands in the text area, the drafts, and the one that is open."""

    source: str
    drafts: tuple[Draft, ...]
    opened: Draft | None
    drawing: str
    worst: str
    by: str
    first_day: date
    zone: str


async def show(request: Request) -> Response:
    return await _shown(request, request.query_params.get("naskah", ""))


async def _shown(
    request: Request,
    code: str,
    *,
    source: str | None = None,
    faults: tuple[Fault, ...] = (),
    refused: str = "",
    status: int = 200,
) -> Response:
    before = request.query_params.get("dari", "")
    found = await ask(request, read, code, before, source, desk_of(request).clock(), desk_of(request).zone)
    return page(
        request,
        "revision.html",
        status=status,
        found=found,
        faults=faults,
        refused=refused,
        news=news(request),
        zone=found.zone,
    )


def read(
    view: View, officer: Officer, code: str, before: str, source: str | None, now: datetime, zone: str
) -> Desk:
    """Raises NotAllowed, NotFound."""
    needs(officer, Right.OFFICE)
    office = offices.current(view)
    opened = drafting.get(view, officer, code, now) if code else None
    zone = zone_of(office, opened.code if opened else "", zone)
    author = officers.find(view, opened.by, now) if opened else None
    text = source if source is not None else opened.source if opened else _before(view, office, before)
    return Desk(
        source=text,
        drafts=drafting.all_of(view, officer, now),
        opened=opened,
        drawing=diagram(opened.procedure, language=officer.language) if opened else "",
        worst=limit_words(worst_case(opened.procedure), officer.language) if opened else "",
        by=author.name if author else "",
        first_day=local_date(zone, now),
        zone=zone,
    )


def zone_of(office: Office, code: str, zone: str) -> str:
    """Where the day of that SOP begins: in its first unit's calendar, else at the desk."""
    unit = next((each.id for each in office.units.values() if each.procedure == code), None)
    return calendar_of(office, unit).zone if unit else zone


def _before(view: View, office: Office, revision: str) -> str:
    """The text of the revision that a new one is written from."""
    if not revision:
        return ""
    found = next((text for one, text in offices.sources(view, office) if str(one.id) == revision), None)
    if found is None:
        raise NotFound(revision)
    return found


async def save(request: Request) -> Response:
    """A draft from the text area, or from the file beside it. What is faulty is shown by line and kept nowhere."""
    officer, form = await posted(request)
    source = words(form, "naskah")
    upload = form.get("berkas")
    if isinstance(upload, UploadFile) and upload.size:
        source = (await upload.read(LONGEST)).decode("utf-8", "replace")
    source = source.replace("\r\n", "\n").replace("\x00", "").strip() + "\n"
    request.state.again = partial(_again, code="", source=source)
    desk = desk_of(request)
    code = await desk.db.write(drafting.save, officer, source, desk.clock())
    return redirect(f"/prosedur/naskah?naskah={code}&kabar=konsep.#beda")


async def decide(request: Request) -> Response:
    """Put a draft in force from a day, or drop it."""
    officer, form = await posted(request)
    desk, code = desk_of(request), request.path_params["code"]
    request.state.again = partial(_again, code=code, source=None)
    if request.path_params["act"] == "buang":
        await desk.db.write(drafting.drop, officer, code, desk.clock())
        return redirect("/prosedur/naskah?kabar=buang.")
    if request.path_params["act"] != "berlakukan":
        raise HTTPException(404)
    typed = words(form, "mulai").strip()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise DayUnreadable(typed) from None
    zone = await desk.db.read(_zone, code, desk.zone)
    await desk.db.write(drafting.put_in_force, officer, code, day, zone, desk.clock())
    return redirect(f"/prosedur/{code}?kabar=berlaku.")


def _zone(view: View, code: str, zone: str) -> str:
    return zone_of(offices.current(view), code, zone)


async def _again(request: Request, refused: str, error: DeskError, code: str, source: str | None) -> Response:
    faults = error.faults if isinstance(error, ProcedureFaulty) else ()
    return await _shown(
        request, code, source=source, faults=faults, refused="" if faults else refused, status=409
    )


async def source(request: Request) -> Response:
    """The YAML of a revision, as it was brought in."""
    code, revision = request.path_params["code"], request.query_params.get("revisi", "")
    text = await ask(request, _source, code, revision, desk_of(request).clock())
    headers = {"Content-Disposition": f'attachment; filename="{code}.yaml"'}
    return Response(text, media_type="text/yaml; charset=utf-8", headers=headers)


def _source(view: View, _: Officer, code: str, revision: str, now: datetime) -> str:
    office = offices.current(view)
    found = [(one, text) for one, text in offices.sources(view, office) if one.code == code]
    current = office.in_force(code, now)
    wanted = revision or (str(current.id) if current else "")
    text = next((text for one, text in found if str(one.id) == wanted), None)
    if text is None:
        raise NotFound(code)
    return text


async def as_schema(request: Request) -> Response:
    """For editors. It says nothing of this desk, so that it needs no account."""
    headers = {"Content-Disposition": 'attachment; filename="sop.schema.json"'}
    return Response(
        json.dumps(schema(), ensure_ascii=False, indent=2),
        media_type="application/schema+json",
        headers=headers,
    )
