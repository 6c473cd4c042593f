"""What is done to a publication that leaves or has left: begun, paused, stopped, tried, keyed in, corrected, withdrawn."""

from starlette.exceptions import HTTPException

from console.humas_press import Act, Pressed
from console.session import words
from console.typed import moment_of, number_in
from desk import errata, publication_seeing, publication_steps, push_again, pushing
from sop.officer import Officer
from sop.text import one_line
from store import office as offices
from store.db import View

MANY = 200  # recipients of one form that are read: those of a page


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


async def _again(pressed: Pressed) -> str:
    """Those that were ticked on the list of recipients, once more."""
    lines = [each for each in pressed.form.getlist("penerima") if isinstance(each, str)][:MANY]
    chosen = [number for each in lines if (number := number_in(each)) is not None]
    await pressed.desk.db.write(
        push_again.send_again,
        pressed.number,
        pressed.officer,
        chosen,
        key=pressed.key("ulang"),
        now=pressed.desk.clock(),
    )
    return "ulang"


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


SENDING: dict[str, Act] = {
    "sebar": _begin,
    "jadwal": _begin,
    "jeda": _pause,
    "lanjut": _resume,
    "henti": _stop,
    "tautan": _key_in,
    "ulang": _again,
    "uji": _try,
    "ralat": _correct,
    "ralat-setuju": _approve,
    "ralat-tolak": _reject,
    "cabut": _take_back,
}
