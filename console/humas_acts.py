"""What is done to a publication on its page: every button is one or a few acts of the desk, in the order of the form."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.humas_case import Typed, opened
from console.humas_request import given, kept, posted_with_files
from console.page import redirect
from console.session import desk_of, form_of, words
from console.typed import key_of, moment_of, number_in
from desk import dispositions, errata, publication_seeing, publication_steps, publishing, pushing
from desk.decide import Choice
from desk.desk import Desk
from sop.errors import DeskError, NotAllowed
from sop.officer import Officer
from sop.text import clean, one_line
from store import office as offices
from store.db import View

LONGEST_REASON = 2_000
WORDS = ("naskah", "catatan", "alasan", "waktu", "sematan", "tautan", "dibaca", "ralat", "sebab")
NUMBERS = 200  # targets of one form that are read


class Pressed(Struct, frozen=True):
    """A form that came in."""

    desk: Desk
    number: str
    officer: Officer
    form: FormData

    def key(self, part: str) -> str:
        """A press may be several acts; each is done once."""
        key = key_of(self.form)
        return f"{key}.{part}" if key else ""


Act = Callable[[Pressed], Awaitable[str]]


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


async def _begin(pressed: Pressed) -> str:
    """Now, or at the time that was chosen."""
    desk, form = pressed.desk, pressed.form
    zone = await desk.db.read(_zone, pressed.number, pressed.officer)
    later = words(form, "aksi") == "jadwal"
    pinned = words(form, "sematan")
    await desk.db.write(
        pushing.begin,
        pressed.number,
        pressed.officer,
        at=moment_of(words(form, "waktu"), zone) if later else None,
        pin_until=moment_of(pinned, zone) if pinned.strip() else None,
        key=pressed.key("sebar"),
        now=desk.clock(),
    )
    return "jadwal" if later else "sebar"


def _zone(view: View, number: str, officer: Officer) -> str:
    publication = publication_seeing.get(view, number, visible_to=officer)
    return publication_steps.calendar_of(offices.current(view), publication).zone


async def _pause(pressed: Pressed) -> str:
    await pressed.desk.db.write(pushing.pause, pressed.number, pressed.officer, now=pressed.desk.clock())
    return "jeda"


async def _resume(pressed: Pressed) -> str:
    await pressed.desk.db.write(pushing.resume, pressed.number, pressed.officer, now=pressed.desk.clock())
    return "lanjut"


async def _stop(pressed: Pressed) -> str:
    await pressed.desk.db.write(pushing.stop, pressed.number, pressed.officer, now=pressed.desk.clock())
    return "henti"


async def _key_in(pressed: Pressed) -> str:
    recipient = number_in(words(pressed.form, "aksi").partition(".")[2])
    if recipient is None:
        raise HTTPException(400)
    await pressed.desk.db.write(
        pushing.key_in,
        pressed.number,
        pressed.officer,
        recipient,
        one_line(words(pressed.form, "tautan"), 500),
        now=pressed.desk.clock(),
    )
    return "tautan"


async def _try(pressed: Pressed) -> str:
    """To oneself first."""
    desk = pressed.desk
    await desk.db.write(
        errata.try_out, pressed.number, pressed.officer, key=pressed.key("uji"), now=desk.clock()
    )
    return "uji"


async def _correct(pressed: Pressed) -> str:
    desk, text = pressed.desk, words(pressed.form, "ralat")
    await desk.db.write(
        errata.propose, pressed.number, pressed.officer, text, key=pressed.key("ralat"), now=desk.clock()
    )
    return "ralat"


async def _approve(pressed: Pressed) -> str:
    desk = pressed.desk
    await desk.db.write(
        errata.approve, pressed.number, pressed.officer, key=pressed.key("setuju"), now=desk.clock()
    )
    return "ralat-setuju"


async def _reject(pressed: Pressed) -> str:
    desk = pressed.desk
    await desk.db.write(
        errata.reject, pressed.number, pressed.officer, key=pressed.key("tolak"), now=desk.clock()
    )
    return "ralat-tolak"


async def _take_back(pressed: Pressed) -> str:
    """What is out is withdrawn everywhere."""
    desk, reason = pressed.desk, words(pressed.form, "sebab")
    await desk.db.write(
        errata.take_back, pressed.number, pressed.officer, reason, key=pressed.key("cabut"), now=desk.clock()
    )
    return "cabut"


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
    "sebar": _begin,
    "jadwal": _begin,
    "jeda": _pause,
    "lanjut": _resume,
    "henti": _stop,
    "tautan": _key_in,
    "tarik": _withdraw,
    "lampir": _enclose,
    "keluarkan": _take_out,
    "uji": _try,
    "ralat": _correct,
    "ralat-setuju": _approve,
    "ralat-tolak": _reject,
    "cabut": _take_back,
}
"""By the word of the button before its dot."""

ROUTES = (Route("/publikasi/{number}", do, methods=["POST"]),)
