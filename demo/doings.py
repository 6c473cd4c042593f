"""What a visitor can do on the demo's page, each as one act on a simulator."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo import chats, letter, samples
from demo.mail_letter import Attachment
from demo.scenes import SCENES
from demo.stage import Stage

MOVES = {"10m": "+10 menit", "1j": "+1 jam", "1hk": "+1 hari kerja"}
"""How far the visitor moves the clock, and the button's words."""
CAMPUS = (-6.3628, 106.8269)
STAFF_PAGE = "/peragaan/petugas"
LONGEST = 4096

Form = Mapping[str, Any]
Move = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Result:
    """`app`: the tab on which it shows; `moved`: the clock went on; `to`: the page without script, when another."""

    app: str
    moved: bool = False
    to: str = ""


Act = Callable[[Stage, Form, Move], Awaitable[Result]]


async def telegram(stage: Stage, form: Form, _: Move) -> Result:
    phone, user = stage.telegram.phone(stage.public_bot), stage.reporter.telegram
    match form.get("kirim"):
        case "foto":
            phone.photo(user, samples.photo(), caption=_text(form))
        case "album":
            phone.album(user, [samples.photo(turn) for turn in range(3)], caption=_text(form))
        case "suara":
            phone.voice(user, samples.voice())
        case "lokasi":
            phone.location(user, *CAMPUS)
        case "berkas":
            for name, kind, content in await _files(form):
                shape = "photo" if kind.startswith("image/") else "document"
                phone.media(user, shape, content, name=name, content_type=kind, caption=_text(form))
        case _ if text := _text(form):
            phone.write(user, text)
    return Result("tg")


async def press(stage: Stage, form: Form, _: Move) -> Result:
    phone = stage.telegram.phone(stage.public_bot)
    phone.press(stage.reporter.telegram, int(form["pesan"]), str(form["tombol"]))
    return Result("tg")


async def whatsapp(stage: Stage, form: Form, _: Move) -> Result:
    phone, who = stage.twilio.phone, stage.reporter.whatsapp
    match form.get("kirim"):
        case "foto":
            phone.media(who, samples.photo(), "image/png", name="foto.png", caption=_text(form))
        case "suara":
            phone.media(who, samples.voice(), "audio/ogg", name="suara.ogg")
        case "lokasi":
            phone.location(who, *CAMPUS, label="Kampus Universitas Contoh")
        case "berkas":
            for name, kind, content in await _files(form):
                phone.media(who, content, kind, name=name, caption=_text(form))
        case _ if text := _text(form):
            phone.write(who, text)
    return Result("wa")


async def whatsapp_press(stage: Stage, form: Form, _: Move) -> Result:
    stage.twilio.phone.press(stage.reporter.whatsapp, str(form["pesan"]), str(form["tombol"]))
    return Result("wa")


async def mail(stage: Stage, form: Form, _: Move) -> Result:
    """A new letter, or the answer to an arrived one."""
    person, text = stage.reporter, _text(form, 20_000)
    parts = tuple(Attachment(name, content, kind) for name, kind, content in await _files(form))
    if not text and not parts:
        return Result("ml")
    arrived = [each for each in stage.mailbox.inbox(person.mail) if chats.mark(each) == form.get("balas")]
    if arrived:
        stage.mailbox.reply(person.mail, arrived[-1], text, attachments=parts)
    else:
        subject = " ".join(str(form.get("perihal", "")).split())[:200] or "Tanpa perihal"
        stage.mailbox.write(person.mail, subject, text, name=person.name, attachments=parts)
    return Result("ml")


async def staff(stage: Stage, form: Form, _: Move) -> Result:
    """On the staff phone of that officer; to the Humas bot a letter too."""
    officer = stage.officer(str(form.get("petugas", "")))
    phone = stage.telegram.phone(stage.bot_of(officer))
    if form.get("kirim") == "surat":
        phone.document(officer.telegram, letter.pdf(), letter.FILE, "application/pdf", letter.WORDS)
    elif text := _text(form):
        phone.write(officer.telegram, text)
    return Result("", to=f"{STAFF_PAGE}?siapa={officer.login}")


async def staff_press(stage: Stage, form: Form, _: Move) -> Result:
    officer = stage.officer(str(form.get("petugas", "")))
    phone = stage.telegram.phone(stage.bot_of(officer))
    phone.press(officer.telegram, int(form["pesan"]), str(form["tombol"]))
    return Result("", to=f"{STAFF_PAGE}?siapa={officer.login}")


async def scene(stage: Stage, form: Form, move: Move) -> Result:
    chosen = next((each for each in SCENES if each.name == form.get("adegan")), None)
    if chosen is None:
        raise ValueError("unknown scene")
    await chosen.play(stage, move)
    return Result(chosen.app, moved=True)


async def fault(stage: Stage, form: Form, _: Move) -> Result:
    """Cut a provider off and bring it back; block the bot and let it in again."""
    match form.get("gangguan"):
        case "tg":
            stage.telegram.outage = not stage.telegram.outage
        case "wa":
            stage.twilio.outage = not stage.twilio.outage
        case "ml":
            stage.mailbox.outage = not stage.mailbox.outage
        case "blokir":
            phone, user = stage.telegram.phone(stage.public_bot), stage.reporter.telegram
            blocked = stage.public_bot in stage.telegram.world.person(user)["blocked"]
            (phone.unblock if blocked else phone.block)(user)
        case _:
            raise ValueError("unknown fault")
    return Result("")


def outages(stage: Stage) -> dict[str, bool]:
    """Which providers are cut off."""
    return {"tg": stage.telegram.outage, "wa": stage.twilio.outage, "ml": stage.mailbox.outage}


ACTS: dict[str, Act] = {
    "telegram": telegram,
    "tekan": press,
    "whatsapp": whatsapp,
    "whatsapp-tekan": whatsapp_press,
    "surel": mail,
    "petugas": staff,
    "petugas-tekan": staff_press,
    "skenario": scene,
    "gangguan": fault,
}


def _text(form: Form, most: int = LONGEST) -> str:
    value = form.get("teks", "")
    return value.replace("\r\n", "\n").strip()[:most] if isinstance(value, str) else ""


async def _files(form: Form) -> list[tuple[str, str, bytes]]:
    """Name, type and bytes of what was chosen; an empty field of a browser is none."""
    found = []
    for part in form.get("berkas", ()):
        content = b"" if isinstance(part, str) else await part.read()
        if content:
            kind = part.content_type or "application/octet-stream"
            found.append((part.filename or "berkas", kind, content))
    return found
