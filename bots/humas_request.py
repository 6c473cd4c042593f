"""A letter becomes a request, piece by piece: what it does not say itself is asked for, one thing at a time."""

from bots import humas_reading
from bots.cards import Buttons, in_rows
from bots.talk import Talk
from desk import publication_talk
from sop import letter_request as asking
from sop.errors import N_
from sop.letter_request import FIELDS, LABELS, QUESTIONS, Draft
from sop.messages import Button
from sop.text import one_line, shortened
from sop.wording import moment


async def zone(talk: Talk) -> str:
    return await talk.desk.db.read(publication_talk.zone, talk.desk.zone, talk.now)


async def begin(talk: Talk) -> None:
    """Begin, or go on where it was left: with the words and files that came along."""
    draft = await talk.desk.db.write(
        publication_talk.begin,
        talk.officer,
        talk.words,
        talk.files,
        zone=await zone(talk),
        key=talk.key,
        now=talk.now,
    )
    await ask(talk, draft)


async def answer(talk: Talk, draft: Draft) -> None:
    """The officer's words answer what was asked last; files go with them."""
    field = asking.missing(draft)
    if talk.files or not field:
        return await begin(talk) if talk.files else await ask(talk, draft)
    draft = await talk.desk.db.write(
        publication_talk.fill,
        talk.officer,
        field,
        talk.words,
        zone=await zone(talk),
        key=talk.key,
        now=talk.now,
    )
    return await ask(talk, draft)


async def pressed(talk: Talk, act: str, field: str) -> None:
    """A button of the talk: an answer, a piece passed over or asked for again, the whole sent or given up."""
    draft = (await talk.desk.db.read(publication_talk.talked, talk.officer)).draft
    if act == "mohon-batal":
        await talk.desk.db.write(publication_talk.drop, talk.officer)
        return await _closed(talk, talk.text(N_("Permohonan dibuang; tidak ada yang dikirim.")))
    if act == "mohon-kirim":
        return await send(talk)
    name, _, value = field.partition(":")
    again = await talk.desk.db.read(humas_reading.answered_before, talk.key, talk.officer)
    fits = draft is not None and (again or act == "mohon-ubah" or asking.missing(draft) == name)
    if draft is None or name not in FIELDS or not fits:
        return await talk.voice.close(talk.text(N_("Tombol ini sudah tidak berlaku.")), alert=True)
    db, now = talk.desk.db, talk.now
    if act == "mohon-lewati":
        draft = await db.write(publication_talk.skip, talk.officer, name, key=talk.key, now=now)
    elif act == "mohon-ubah":
        draft = await db.write(publication_talk.reopen, talk.officer, name, key=talk.key, now=now)
    else:
        draft = await db.write(
            publication_talk.fill,
            talk.officer,
            name,
            value,
            zone=await zone(talk),
            key=talk.key,
            now=now,
        )
    await talk.voice.close()
    return await ask(talk, draft)


async def send(talk: Talk) -> None:
    """The request goes to the chain, once, and gets its number."""
    done = await talk.desk.db.write(publication_talk.send, talk.officer, key=talk.key, now=talk.now)
    words = talk.text(
        N_("Permohonan diterima sebagai {number}: {subject}. Perkembangannya: /lihat {number}"),
        number=done.number,
        subject=done.subject,
    )
    await _closed(talk, words)


async def _closed(talk: Talk, words: str) -> None:
    """The pressed card ends with what came of it."""
    await talk.voice.close(words)
    if talk.shown:
        await talk.voice.become(f"{talk.shown}\n\n{words}")
    else:
        await talk.voice.say(words)


async def ask(talk: Talk, draft: Draft) -> None:
    """The next question, or all of it with the button that sends."""
    field = asking.missing(draft)
    if not field:
        return await _speak(talk, *summary(draft, await zone(talk), talk))
    lines = [talk.text(QUESTIONS[field])]
    if len(draft.known) == 0 or draft.letters or draft.pictures:
        lines.insert(0, _begun(talk, draft))
    return await _speak(talk, "\n".join(filter(None, lines)), _choices(talk, draft, field))


async def _speak(talk: Talk, text: str, buttons: Buttons) -> None:
    """A pressed question becomes the next one; words are answered by a new message."""
    if talk.shown:
        await talk.voice.become(text, buttons)
    else:
        await talk.voice.say(text, buttons)


def _begun(talk: Talk, draft: Draft) -> str:
    letters, pictures = len(draft.letters), len(draft.pictures)
    if letters or pictures:
        return talk.text(
            N_("Surat: {letters} berkas. Gambar: {pictures}."), letters=letters, pictures=pictures
        )
    return talk.text(
        N_("Permohonan publikasi. Kirim surat (PDF atau foto) kapan saja; sisanya saya tanyakan.")
    )


def _choices(talk: Talk, draft: Draft, field: str) -> Buttons:
    rows: list[tuple[Button, ...]] = []
    if field == "urgent":
        rows.append(
            (
                Button(label=talk.text(N_("Biasa")), data="mohon-isi:urgent:biasa"),
                Button(label=talk.text(N_("Segera")), data="mohon-isi:urgent:segera"),
            )
        )
    if asking.may_skip(draft, field):
        rows.append((Button(label=talk.text(N_("Lewati")), data=f"mohon-lewati:{field}"),))
    rows.append((Button(label=talk.text(N_("Buang")), data="mohon-batal:"),))
    return tuple(rows)


def summary(draft: Draft, where: str, talk: Talk) -> tuple[str, Buttons]:
    """Everything that will be asked for, each piece changeable."""
    lines = [talk.text(N_("Periksa, lalu kirim:"))]
    for field in FIELDS:
        value = draft.known.get(field, "")
        if field == "wished_at" and draft.wished_at:
            value = moment(draft.wished_at, where, talk.language, now=talk.now)
        shown = shortened(value if field == "text" else one_line(value), 1500) or "-"
        lines.append(f"{talk.text(LABELS[field])}: {shown}")
    if draft.letters or draft.pictures:
        lines.append(_begun(talk, draft))
    lines += ["", talk.text(N_("Gambar yang Anda kirim sekarang ikut diumumkan."))]
    send_row = (
        Button(label=talk.text(N_("Kirim permohonan")), data="mohon-kirim:"),
        Button(label=talk.text(N_("Buang")), data="mohon-batal:"),
    )
    change = [
        Button(label=talk.text(N_("Ubah {field}"), field=talk.text(LABELS[each])), data=f"mohon-ubah:{each}")
        for each in FIELDS
    ]
    return "\n".join(lines).rstrip(), (send_row, *in_rows(change))
