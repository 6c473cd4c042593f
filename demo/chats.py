"""What the phones show: each simulator's memory as bubbles, oldest first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from demo.bubble import Bubble, Key, Media, day_of, linked, local, media_kind, pieces, time_of
from demo.mail_letter import Letter
from demo.memory import Json
from demo.stage import Stage
from demo.twilio_memory import WINDOW

SHOWN = 80  # messages of a chat
LOST = ("failed", "undelivered")
NAMED = ("document", "audio", "video", "voice", "animation", "video_note", "sticker")


def telegram(stage: Stage, token: str, user: int, prefix: str) -> list[Bubble]:
    """A private chat with one of the bots; `prefix` begins the bubbles' names on the page."""
    return [_telegram(stage, message, prefix) for message in stage.telegram.chat(user, token)[-SHOWN:]]


def _telegram(stage: Stage, message: Json, prefix: str) -> Bubble:
    at = datetime.fromtimestamp(message["date"], UTC)
    text: str = message.get("text") or message.get("caption") or ""
    entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
    place = message.get("location")
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return Bubble(
        id=f"{prefix}-{message['message_id']}",
        number=str(message["message_id"]),
        me=not message.get("from", {}).get("is_bot"),
        day=day_of(at, stage.clock(), stage.zone),
        time=("diedit " if "edit_date" in message else "") + time_of(at, stage.zone),
        pieces=pieces(text, entities) if entities else linked(text),
        media=tuple(_telegram_media(message)),
        place=_place(place["latitude"], place["longitude"]) if place else "",
        keys=tuple(tuple(_key(button) for button in row) for row in rows),
    )


def _telegram_media(message: Json) -> Iterable[Media]:
    if "photo" in message:
        yield Media("img", f"/peragaan/berkas/telegram/{message['photo'][-1]['file_id']}", "Foto")
    for kind in NAMED:
        if kind in message:
            file = message[kind]
            shape = "audio" if kind == "voice" else media_kind(file.get("mime_type", ""))
            yield Media(
                shape, f"/peragaan/berkas/telegram/{file['file_id']}", file.get("file_name", "Berkas")
            )
            return


def _key(button: Json) -> Key:
    return Key(button["text"], data=button.get("callback_data", ""), href=button.get("url", ""))


def _place(latitude: object, longitude: object) -> str:
    return f"Lokasi {latitude}, {longitude}"


def whatsapp(stage: Stage) -> list[Bubble]:
    """What the reporter wrote and what really arrived."""
    chat = [
        message
        for message in stage.twilio.chat(stage.reporter.whatsapp)
        if message["direction"] == "inbound" or message["status"] not in (*LOST, "queued")
    ]
    return [_whatsapp(stage, message) for message in chat[-SHOWN:]]


def _whatsapp(stage: Stage, message: Json) -> Bubble:
    at = datetime.fromisoformat(message["at"])
    form = message.get("form", {})
    place = _place(form["Latitude"], form["Longitude"]) if form.get("Latitude") else ""
    return Bubble(
        id=f"wa-{message['sid']}",
        number=message["sid"],
        me=message["direction"] == "inbound",
        day=day_of(at, stage.clock(), stage.zone),
        time=time_of(at, stage.zone),
        pieces=linked(message["body"]),
        media=tuple(_whatsapp_media(stage, message)),
        place=place,
        keys=tuple((Key(button["title"], data=button["id"]),) for button in message.get("buttons", ())),
    )


def _whatsapp_media(stage: Stage, message: Json) -> Iterable[Media]:
    for sid in message["media"]:
        media = stage.twilio.account.memory.get("media", sid) or {}
        kind = media_kind(media.get("content_type", ""))
        yield Media(kind, f"/peragaan/berkas/whatsapp/{sid}", media.get("name", "Berkas"))


def window(stage: Stage) -> str:
    """How long the office may still answer freely, in words."""
    person = stage.twilio.account.memory.get("person", stage.reporter.whatsapp) or {}
    if not person.get("last_inbound"):
        return "akun bisnis · belum ada obrolan"
    until = datetime.fromisoformat(person["last_inbound"]) + WINDOW
    if until <= stage.clock():
        return "akun bisnis · jendela 24 jam tertutup"
    day = day_of(until, stage.clock(), stage.zone)
    when = time_of(until, stage.zone)
    shown = when if day == "Hari ini" else f"{local(until, stage.zone):%d/%m} {when}"
    return f"akun bisnis · jendela sampai {shown}"


def mail(stage: Stage) -> list[Bubble]:
    """Letters both ways, by their date; an arrived one can be answered."""
    box, person = stage.mailbox, stage.reporter.mail
    both = [(letter, True) for letter in box.sent(person)] + [(letter, False) for letter in box.inbox(person)]
    dated = sorted(both, key=lambda pair: _date(pair[0]))
    return [_mail(stage, letter, me) for letter, me in dated[-SHOWN:]]


def _date(letter: Letter) -> datetime:
    return parsedate_to_datetime(letter.headers["Date"])


def _mail(stage: Stage, letter: Letter, me: bool) -> Bubble:
    at = _date(letter)
    text, quoted = _folded(letter.text.strip())
    return Bubble(
        id=f"ml-{mark(letter)}",
        number=mark(letter),
        me=me,
        day=day_of(at, stage.clock(), stage.zone),
        time=time_of(at, stage.zone),
        sender=letter.to if me else letter.sender,
        title=letter.subject,
        pieces=linked(text),
        quoted=quoted,
        media=tuple(Media("file", "", part.name) for part in letter.attachments),
        answerable=not me,
    )


def mark(letter: Letter) -> str:
    """A name for a letter that can stand in a page and a form."""
    return "".join(sign for sign in letter.message_id if sign.isalnum())[-40:]


def _folded(text: str) -> tuple[str, str]:
    """The words, and the quoted history below them."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith(">")), len(lines))
    if start and start < len(lines) and lines[start - 1].rstrip().endswith("menulis:"):
        start -= 1
    return "\n".join(lines[:start]).strip(), "\n".join(lines[start:]).strip()
