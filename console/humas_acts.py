"""What is done to a publication on its page: every button is one or a few acts of the desk, in the order of the form."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.humas_case import Typed, opened
from console.humas_press import Act, Pressed
from console.humas_request import given, kept, posted_with_files
from console.humas_sending import SENDING
from console.page import redirect
from console.session import desk_of, form_of, words
from console.typed import number_in
from desk import dispositions, publication_seeing, publishing
from desk.decide import Choice
from sop.errors import DeskError, NotAllowed
from sop.officer import Officer
from sop.text import clean, one_line
from store.db import View

LONGEST_REASON = 2_000
WORDS = ("naskah", "catatan", "alasan", "waktu", "sematan", "tautan", "dibaca", "ralat", "sebab")
NUMBERS = 200  # targets of one form that are read


async def do(request: Request) -> Response:
    """One form for all that is written on the page; the button says how much of it is meant."""
    request.state.again = _refused
    officer, form = await posted_with_files(request)
    pressed = Pressed(desk_of(request), request.path_params["number"], officer, form)
    act = DONE.get(words(form, "aksi").partition(".")[0])
    if act is None:
        raise HTTPException(400)
    news = await act(pressed)
    found = await pressed.desk.db.read(_number, pressed.number, officer)
    return redirect(f"/publikasi/{found}?kabar={news}")


def _number(view: View, number: str, officer: Officer) -> str:
    return publication_seeing.get(view, number, visible_to=officer).number


async def _refused(request: Request, refused: str, error: DeskError) -> Response:
    """The page again, with every word; a stale form is told so, and changes nothing."""
    form = await form_of(request)
    act = words(form, "aksi")
    typed = Typed(
        act=act,
        refused=refused,
        error=type(error).__name__,
        fields={name: words(form, name) for name in WORDS if name in form},
        targets=frozenset(_targets(form)) if words(form, "sasaran-tampil") else None,
        ticked=frozenset(_ticked(form)) if words(form, "periksa-tampil") else None,
    )
    status = 403 if isinstance(error, NotAllowed) else 409
    return await opened(request, typed, status)


async def _save(pressed: Pressed) -> str:
    """Narration and targets, as far as they were changed."""
    await _narration(pressed)
    await _chosen(pressed)
    return "simpan"


async def _check(pressed: Pressed) -> str:
    await _save(pressed)
    await _ticks(pressed)
    return "periksa"


async def _decide(pressed: Pressed) -> str:
    """What stands in the form is kept first, so that the decision is about what its presser sees."""
    visit = number_in(words(pressed.form, "kunjungan"))
    if visit is None:
        raise HTTPException(400)
    await _save(pressed)
    await _ticks(pressed)
    choice = Choice(
        decision=one_line(words(pressed.form, "aksi").partition(".")[2], 60),
        visit=visit,
        reason=clean(words(pressed.form, "alasan"), LONGEST_REASON),
        code="",
    )
    desk = pressed.desk
    await dispositions.put(
        desk.db, pressed.number, pressed.officer, choice, key=pressed.key("putus"), now=desk.clock()
    )
    return "putus"


async def _narration(pressed: Pressed) -> None:
    form, desk = pressed.form, pressed.desk
    read = number_in(words(form, "dibaca"))
    if "naskah" not in form or read is None:
        return
    await desk.db.write(
        publishing.write,
        pressed.number,
        pressed.officer,
        words(form, "naskah"),
        read=read,
        note=one_line(words(form, "catatan"), 300),
        key=pressed.key("naskah"),
        now=desk.clock(),
    )


async def _chosen(pressed: Pressed) -> None:
    if words(pressed.form, "sasaran-tampil"):
        await pressed.desk.db.write(
            publishing.choose_targets,
            pressed.number,
            pressed.officer,
            _targets(pressed.form),
            now=pressed.desk.clock(),
        )


async def _ticks(pressed: Pressed) -> None:
    if words(pressed.form, "periksa-tampil"):
        await pressed.desk.db.write(
            publishing.tick,
            pressed.number,
            pressed.officer,
            _ticked(pressed.form),
            now=pressed.desk.clock(),
        )


def _targets(form: FormData) -> list[int]:
    lines = [each for each in form.getlist("sasaran") if isinstance(each, str)][:NUMBERS]
    return [number for each in lines if (number := number_in(each)) is not None]


def _ticked(form: FormData) -> list[str]:
    return [each for each in form.getlist("periksa") if isinstance(each, str)][:20]


async def _withdraw(pressed: Pressed) -> str:
    await pressed.desk.db.write(
        publishing.withdraw,
        pressed.number,
        pressed.officer,
        key=pressed.key("tarik"),
        now=pressed.desk.clock(),
    )
    return "tarik"


async def _enclose(pressed: Pressed) -> str:
    """The letter, or what goes out with the announcement. Kept before the act that refers to it."""
    desk = pressed.desk
    await desk.db.write(
        publishing.editable, pressed.number, pressed.officer
    )  # a stranger puts no file on our disk
    for role, name in (("letter", "surat"), ("picture", "gambar")):
        files = await kept(desk, given(pressed.form, name), role)
        if files:
            await desk.db.write(
                publishing.enclose,
                pressed.number,
                pressed.officer,
                role,
                files,
                key=pressed.key(name),
                now=desk.clock(),
            )
    return "lampir"


async def _take_out(pressed: Pressed) -> str:
    enclosure = number_in(words(pressed.form, "aksi").partition(".")[2])
    if enclosure is None:
        raise HTTPException(400)
    await pressed.desk.db.write(
        publishing.take_out, pressed.number, pressed.officer, enclosure, now=pressed.desk.clock()
    )
    return "keluar"


DONE: dict[str, Act] = {
    "simpan": _save,
    "periksa": _check,
    "putus": _decide,
    "tarik": _withdraw,
    "lampir": _enclose,
    "keluarkan": _take_out,
    **SENDING,
}
"""By the word of the button before its dot."""

ROUTES = (Route("/publikasi/{number}", do, methods=["POST"]),)
