"""The composer: an answer, a note, a draft, a template. A refusal shows the page again with every word typed."""

from datetime import datetime
from functools import partial

from msgspec.structs import replace
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import putting_off
from console import queue as queues
from console.composer import Typed
from console.page import redirect
from console.session import FormStale, desk_of, form_of, posted, words
from console.ticket import opened
from console.typed import (
    Act,
    by_of,
    draft_of,
    files_of,
    keep_drafts,
    key_of,
    number_in,
    page_of,
    read_to_of,
    template_of,
)
from desk import answer, asking, ids, once, templates, ways
from desk.desk import Desk
from desk.undoing import UNDO
from desk.unfilled import check_filled
from sop.errors import DeskError, NotAllowed, Unavailable
from sop.messages import File
from sop.officer import Officer
from sop.text import one_line
from store import drafts, queue, tickets
from store import office as offices
from store import templates as stored
from store.db import View

__all__ = ["Act", "keep_drafts", "key_of", "page_of", "refused_again", "write"]


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
        template=template_of(form),
        refused=refused,
        by=by_of(form),
    )
    if not isinstance(error, FormStale | NotAllowed):  # such a form changes nothing
        await _kept_when_refused(request, form)
    return await opened(
        request, typed if "isi" in form else replace(typed, answer="", note=""), _status(error)
    )


async def _kept_when_refused(request: Request, form: FormData) -> None:
    """What was typed stands on the server too, whatever becomes of the page."""
    signed = getattr(request.state, "signed", None)
    if signed is None or not words(form, "isi").strip():
        return
    try:
        await keep_drafts(desk_of(request), request.path_params["number"], signed.officer, form)
    except (DeskError, Unavailable):
        pass


def _status(error: DeskError) -> int:
    return 403 if isinstance(error, NotAllowed) else 409


async def _reply(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await _send(desk, number, officer, form, then_close=False)
    return page_of(number, "jawab")


async def _reply_and_close(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Afterwards the next ticket by deadline is shown; the answer can be taken back from there."""
    sent = await _send(desk, number, officer, form, then_close=True)
    following = await desk.db.read(_next_of, officer, number)
    return f"{following}?kabar=tutup.{number.strip().removeprefix('#')}{f'.{sent}' if sent else ''}"


async def _send(desk: Desk, number: str, officer: Officer, form: FormData, *, then_close: bool) -> int | None:
    """The message's id."""
    text, template = words(form, "isi"), template_of(form)
    if template is not None:
        check_filled(text, officer.language)
    key = key_of(form)
    await desk.db.write(
        answer.reply,
        number,
        officer,
        text,
        key=key,
        ids=ids.fresh(),
        now=desk.clock(),
        read_to=read_to_of(form),
        template=template,
        files=await files_of(desk, number, officer, form),
        then_close=then_close,
        by=by_of(form),
        undo=UNDO,
    )
    return await desk.db.read(_message_of, key, officer)


def _message_of(view: View, key: str, officer: Officer) -> int | None:
    found = once.answer(view, key, officer).get("message") if key else None
    return int(found) if found else None


def _next_of(view: View, officer: Officer, number: str) -> str:
    units = queues.units(offices.current(view), officer)
    lines = queue.page(view, "mine", officer=officer.id, units=units, most=2)
    left = [line for line in lines if str(line.id) != number.strip().removeprefix("#")]
    return f"/tiket/{left[0].id}" if left else "/antrean"


async def _ask(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """The answer's words as a question: the ball is the reporter's until they write again."""
    template = template_of(form)
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
        read_to=read_to_of(form),
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


async def _look(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """The answer as its channel will show it: without script by this button, with one while typing."""
    await keep_drafts(desk, number, officer, form)
    return f"{page_of(number)}#pratinjau-jawaban"


async def _pick(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Open the picker, or look at another template: what was typed so far is kept."""
    await keep_drafts(desk, number, officer, form)
    looked_at = words(form, "aksi").partition(".")[2]
    return f"{page_of(number)}?templat={looked_at if looked_at.isalnum() else ''}"


async def _attach(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """The files that came with the form, beside those that are there."""
    await keep_drafts(desk, number, officer, form)
    return f"{page_of(number)}#tulis"


async def _unpack(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Take one file off the answer, by its place in the list."""
    place = number_in(words(form, "aksi").partition(".")[2])
    draft = await desk.db.read(draft_of, number, officer)
    files = draft.files if draft else ()
    await keep_drafts(desk, number, officer, form, [each for n, each in enumerate(files) if n != place])
    return f"{page_of(number)}#tulis"


async def _use(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Put the template, its holes filled, behind what was typed; what is missing stays marked as `[hole]`."""
    chosen = words(form, "aksi").partition(".")[2]
    given = {name: one_line(words(form, f"isian.{name}"), 300) for name in templates.HOLES}
    wanted = number_in(chosen) or 0
    text, files = await desk.db.read(_filled, officer, number, wanted, given, desk.clock())
    before = words(form, "isi").strip()
    draft = await desk.db.read(draft_of, number, officer)
    kept = draft.files if draft else ()
    await desk.db.write(
        answer.save_draft,
        number,
        officer,
        "answer",
        f"{before}\n\n{text}" if before else text,
        now=desk.clock(),
        template=wanted,
        files=(*kept, *(each for each in files if each not in kept)),
        by=by_of(form),
    )
    return f"{page_of(number)}#tulis"


def _filled(
    view: View, officer: Officer, number: str, template: int, given: dict[str, str], now: datetime
) -> tuple[str, tuple[File, ...]]:
    """The template's words for this ticket, and what it brings along. Raises NotFound, UnknownTemplate."""
    ticket = tickets.get(view, number, visible_to=officer)
    found = next((each for each in stored.usable(view, unit=ticket.unit) if each.id == template), None)
    if found is None:
        raise templates.UnknownTemplate(str(template), "")
    holes = templates.values(offices.current(view), ticket, officer, now)
    draft = drafts.find(view, ticket.id, officer.id, "answer")
    channel = ways.channel_by(view, ticket, draft.by if draft else None, now)
    text = templates.fill(
        found.body_for(channel), holes | {name: text for name, text in given.items() if text}
    ).text
    return text, stored.files_of(view, found.id)


_WRITTEN: dict[str, Act] = {
    "jawab": _reply,
    "tutup": _reply_and_close,
    "tanya": _ask,
    "catatan": _note,
    "simpan": _save,
    "templat": _pick,
    "pakai": _use,
    "lihat": _look,
    "lampir": _attach,
    "lepas": _unpack,
    "siap": putting_off.prepare,
    "nanti": putting_off.later,
}
