"""The composer: an answer, a note, a draft, a template. A refusal shows the page again with every word typed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial

from msgspec.structs import replace
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.composer import Typed
from console.page import redirect
from console.session import desk_of, form_of, posted, words
from console.ticket import opened
from desk import answer, asking, ids, templates
from desk.desk import Desk
from desk.unfilled import check_filled
from sop.errors import N_, DeskError, NotAllowed
from sop.messages import File, Kind
from sop.officer import Officer
from sop.text import one_line
from store import office as offices
from store import queue, tickets
from store import templates as stored
from store.db import View

BIGGEST = 10 * 1024 * 1024  # bytes of one attachment
Act = Callable[[Desk, str, Officer, FormData], Awaitable[str]]


class AttachmentTooLarge(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("Berkas “{name}” lebih dari 10 MB. Perkecil dahulu, lalu lampirkan lagi."), name=name
        )


async def write(request: Request) -> Response:
    """The composer's buttons: Jawab, Jawab & tutup, catatan, simpan, and the steps of the template picker."""
    request.state.again = partial(refused_again, kind="")
    officer, form = await posted(request)
    request.state.again = partial(refused_again, kind=words(form, "jenis"))
    act = _WRITTEN.get(words(form, "aksi").partition(".")[0])
    if act is None:
        raise HTTPException(400)
    return redirect(await act(desk_of(request), request.path_params["number"], officer, form))


async def refused_again(request: Request, refused: str, error: DeskError, kind: str) -> Response:
    form = await form_of(request)
    typed = Typed(
        kind=kind or "jawab",
        answer=words(form, "isi"),
        note=words(form, "catatan"),
        template=_template(form),
        refused=refused,
    )
    return await opened(
        request, typed if "isi" in form else replace(typed, answer="", note=""), _status(error)
    )


def _status(error: DeskError) -> int:
    return 403 if isinstance(error, NotAllowed) else 409


def _template(form: FormData) -> int | None:
    return _number(words(form, "templat"))


def _read_to(form: FormData) -> int | None:
    return _number(words(form, "dibaca"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def page_of(number: str, news: str = "") -> str:
    number = number.strip().removeprefix("#")
    return f"/tiket/{number}?kabar={news}.{number}" if news else f"/tiket/{number}"


async def _reply(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await _send(desk, number, officer, form, then_close=False)
    return page_of(number, "jawab")


async def _reply_and_close(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Afterwards the next ticket by deadline is shown."""
    await _send(desk, number, officer, form, then_close=True)
    following = await desk.db.read(_next_of, officer, number)
    return f"{following}?kabar=tutup.{number.strip().removeprefix('#')}"


async def _send(desk: Desk, number: str, officer: Officer, form: FormData, *, then_close: bool) -> None:
    text, template = words(form, "isi"), _template(form)
    if template is not None:
        check_filled(text, officer.language)
    files = [
        await _kept(desk, each)
        for each in form.getlist("berkas")
        if isinstance(each, UploadFile) and each.size
    ]
    await desk.db.write(
        answer.reply,
        number,
        officer,
        text,
        key=key_of(form),
        ids=ids.fresh(),
        now=desk.clock(),
        read_to=_read_to(form),
        template=template,
        files=files,
        then_close=then_close,
    )


def _next_of(view: View, officer: Officer, number: str) -> str:
    units = queues.units(offices.current(view), officer)
    lines = queue.page(view, "mine", officer=officer.id, units=units, most=2)
    left = [line for line in lines if str(line.id) != number.strip().removeprefix("#")]
    return f"/tiket/{left[0].id}" if left else "/antrean"


async def _kept(desk: Desk, upload: UploadFile) -> File:
    """The bytes on disk, before the act that refers to them. Raises AttachmentTooLarge."""
    if (upload.size or 0) > BIGGEST:
        raise AttachmentTooLarge(one_line(upload.filename or "", 80))
    kind = (upload.content_type or "application/octet-stream").partition(";")[0].strip().lower()[:100]
    kept = await desk.files.keep(_chunks(upload), limit=BIGGEST)
    return replace(
        kept,
        kind=Kind.PHOTO if kind in ("image/jpeg", "image/png") else Kind.DOCUMENT,
        name=one_line(upload.filename or "", 120),
        content_type=kind if kind.isascii() and kind.isprintable() else "application/octet-stream",
    )


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(1 << 16):
        yield chunk


async def _ask(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """The answer's words as a question: the ball is the reporter's until they write again."""
    template = _template(form)
    if template is not None:
        check_filled(words(form, "isi"), officer.language)
    await desk.db.write(
        asking.ask,
        number,
        officer,
        words(form, "isi"),
        key=key_of(form),
        ids=ids.fresh(),
        now=desk.clock(),
        read_to=_read_to(form),
        template=template,
    )
    return page_of(number, "tanya")


async def _note(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    text = words(form, "catatan")
    await desk.db.write(
        answer.note, number, officer, text, key=key_of(form), ids=ids.fresh(), now=desk.clock()
    )
    return page_of(number, "catatan")


async def _save(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await keep_drafts(desk, number, officer, form)
    return page_of(number, "simpan")


async def _pick(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Open the picker, or look at another template: what was typed so far is kept."""
    await keep_drafts(desk, number, officer, form)
    looked_at = words(form, "aksi").partition(".")[2]
    return f"{page_of(number)}?templat={looked_at if looked_at.isalnum() else ''}"


async def _use(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Put the template, its holes filled, behind what was typed; what is missing stays marked as `[hole]`."""
    chosen = words(form, "aksi").partition(".")[2]
    given = {name: one_line(words(form, f"isian.{name}"), 300) for name in templates.HOLES}
    wanted = _number(chosen) or 0
    text = await desk.db.read(_filled, officer, number, wanted, given, desk.clock())
    before = words(form, "isi").strip()
    await desk.db.write(
        answer.save_draft,
        number,
        officer,
        "answer",
        f"{before}\n\n{text}" if before else text,
        now=desk.clock(),
        template=wanted,
    )
    return page_of(number)


def _filled(
    view: View, officer: Officer, number: str, template: int, given: dict[str, str], now: datetime
) -> str:
    """The template's words for this ticket. Raises NotFound, UnknownTemplate."""
    ticket = tickets.get(view, number, visible_to=officer)
    found = next((each for each in stored.usable(view, unit=ticket.unit) if each.id == template), None)
    if found is None:
        raise templates.UnknownTemplate(str(template), "")
    holes = templates.values(offices.current(view), ticket, officer, now)
    return templates.fill(found.body, holes | {name: text for name, text in given.items() if text}).text


async def keep_drafts(desk: Desk, number: str, officer: Officer, form: FormData) -> None:
    for name, kind in (("isi", "answer"), ("catatan", "note")):
        if name in form:
            template = _template(form) if kind == "answer" else None
            await desk.db.write(
                answer.save_draft,
                number,
                officer,
                kind,
                words(form, name),
                now=desk.clock(),
                template=template,
            )


def key_of(form: FormData) -> str:
    """The form's own random key: sent twice, it is done once."""
    return one_line(words(form, "kunci"), 100)


_WRITTEN: dict[str, Act] = {
    "jawab": _reply,
    "tutup": _reply_and_close,
    "tanya": _ask,
    "catatan": _note,
    "simpan": _save,
    "templat": _pick,
    "pakai": _use,
}
