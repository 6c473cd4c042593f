"""What an agent does beside writing: take, hand over, file, check an identity, close. Each form is one act."""

from functools import partial

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import joining
from console.page import redirect
from console.person import claim_mark
from console.session import desk_of, posted, words
from console.writing import Act, keep_drafts, key_of, page_of, refused_again
from desk import closing, decide, sending, triage
from desk.desk import Desk
from desk.seeing import workable
from sop.officer import Officer
from sop.text import clean, one_line
from store import contacts
from store.db import View


async def do(request: Request) -> Response:
    """The other forms of the page. Those that the page's script sends get 204."""
    act = _DONE.get(request.path_params["act"])
    if act is None:
        raise HTTPException(404)
    request.state.again = partial(refused_again, kind="")
    officer, form = await posted(request)
    to = await act(desk_of(request), request.path_params["number"], officer, form)
    return redirect(to) if to else Response(status_code=204)


async def _draft(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await keep_drafts(desk, number, officer, form)
    return ""


async def _read(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(triage.read, number, officer)
    return ""


async def _take(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(triage.take, number, officer, key=key_of(form), now=desk.clock())
    return page_of(number, "ambil")


async def _assign(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    login = one_line(words(form, "kepada"), 80).lower()
    await desk.db.write(triage.assign, number, officer, login, key=key_of(form), now=desk.clock())
    return page_of(number, "serah")


async def _tag(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """One form with a button for each category to take off, and one to add."""
    off, on = one_line(words(form, "lepas"), 80), one_line(words(form, "tambah"), 80)
    if off:
        await desk.db.write(triage.untag, number, officer, off, key=key_of(form), now=desk.clock())
    else:
        await desk.db.write(triage.tag, number, officer, on, key=key_of(form), now=desk.clock())
    return f"{page_of(number)}#s3"


async def _check(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """ITB step 3. The claim is named by its fingerprint, so that a card that changed meanwhile refuses."""
    kind, value = await desk.db.read(_claim, officer, number, words(form, "klaim"))
    await desk.db.write(
        triage.check_identity,
        number,
        officer,
        kind=kind,
        value=value,
        valid=words(form, "sah") == "1",
        how=one_line(words(form, "cara"), 200),
        key=key_of(form),
        now=desk.clock(),
    )
    return page_of(number, "periksa")


def _claim(view: View, officer: Officer, number: str, mark: str) -> tuple[str, str]:
    """Who may not work on the ticket learns of no mark whether it is right: it would name the reporter."""
    ticket = workable(view, number, officer)
    for each in contacts.claims(view, ticket.contact):
        if claim_mark(each.kind, each.value) == mark:
            return each.kind, each.value
    raise HTTPException(400)


async def _decide(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """A decision of the SOP, at the stay that the page showed."""
    visit = words(form, "kunjungan")
    if not (visit.isascii() and visit.isdigit() and len(visit) < 16):
        raise HTTPException(400)
    choice = decide.Choice(
        decision=one_line(words(form, "keputusan"), 60),
        visit=int(visit),
        reason=clean(words(form, "alasan"), 2000),
        code=one_line(words(form, "kode"), 60),
        unit=one_line(words(form, "unit"), 60),
    )
    await decide.put(desk.db, number, officer, choice, key=key_of(form), now=desk.clock())
    return page_of(number, "putus")


async def _close(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(closing.close, number, officer, key=key_of(form), now=desk.clock())
    return page_of(number, "tutup")


async def _reopen(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(closing.reopen, number, officer, key=key_of(form), now=desk.clock())
    return page_of(number, "buka")


async def _again(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    letter = words(form, "surat")
    if not (letter.isascii() and letter.isdigit() and len(letter) < 16):
        raise HTTPException(400)
    await desk.db.write(sending.send_again, int(letter), officer, desk.clock())
    return page_of(number, "ulang")


_DONE: dict[str, Act] = {
    "ambil": _take,
    "serahkan": _assign,
    "kategori": _tag,
    "identitas": _check,
    "putuskan": _decide,
    "tutup": _close,
    "buka": _reopen,
    "kirim-ulang": _again,
    "konsep": _draft,
    "dibaca": _read,
    **joining.DONE,
}
