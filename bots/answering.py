"""/balas: a draft shown as its channel will carry it; the button under it is the act."""

from bots import cards, reading
from bots.reading import Pressed
from bots.talk import Talk
from desk import answer, ids, speaking
from sop.errors import N_, AnsweredMeanwhile
from sop.text import clean
from sop.ticket import Ticket
from store import office as offices


async def offer(talk: Talk, number: str, words: str) -> None:
    """How to answer this ticket, with templates to start from."""
    found = await talk.desk.db.read(reading.visible, number, talk.officer, talk.unit)
    fitting = await talk.desk.db.read(reading.usable, found.number, talk.officer, words)
    hint = talk.text(N_("Tulis jawabannya: /balas {number} TEKS, atau pilih templat."), number=found.number)
    await talk.voice.say(hint, cards.fitting(found.number, fitting))


async def preview(talk: Talk, number: str, words: str) -> None:
    """Keep the draft and show it. What holes the ticket leaves empty are named, and no button is offered."""
    words = clean(words, speaking.LONGEST).strip()
    drafted = await talk.desk.db.read(reading.drafted, number, talk.officer, words, talk.unit, talk.now)
    if not drafted.missing:
        await talk.desk.db.write(
            answer.save_draft,
            drafted.ticket.number,
            talk.officer,
            "chat",
            drafted.text,
            now=talk.now,
            template=drafted.template.id if drafted.template else None,
            read_to=drafted.read_to,
        )
    await talk.voice.say(*cards.preview(drafted, talk.desk.public_url, talk.language))


async def send(talk: Talk, number: str, mark: str, *, then_close: bool) -> None:
    """The button under a preview. What left already is said again, whoever pressed twice."""
    found = await talk.desk.db.read(reading.pressed, number, talk.officer, mark, talk.unit)
    if found.draft is None:
        return await _done_or_stale(talk, found)
    try:
        sent = await talk.desk.db.write(
            answer.reply,
            found.ticket.number,
            talk.officer,
            found.draft.text,
            key=talk.key,
            ids=ids.fresh(),
            now=talk.now,
            read_to=found.draft.read_to,
            template=found.draft.template,
            then_close=then_close,
        )
    except AnsweredMeanwhile as error:
        return await _read_first(talk, found, error)
    what = N_("Terkirim dan ditutup oleh") if then_close else N_("Terkirim oleh")
    return await _became(talk, sent, found.draft.text, what)


async def drop(talk: Talk, number: str, mark: str) -> None:
    """Nothing is sent; the draft is gone."""
    found = await talk.desk.db.read(reading.pressed, number, talk.officer, mark, talk.unit)
    if found.sent:
        return await _done_or_stale(talk, found)
    if found.draft:
        await talk.desk.db.write(
            answer.save_draft, found.ticket.number, talk.officer, "chat", "", now=talk.now
        )
    words = talk.text(N_("Tidak jadi dikirim."))
    await talk.voice.close(words)
    return await talk.voice.become(f"#{found.ticket.number}: {words}")


async def _done_or_stale(talk: Talk, found: Pressed) -> None:
    if found.sent is None:
        words = N_("Pratinjau ini sudah diganti atau milik petugas lain. Gunakan pratinjau terakhir Anda.")
        return await talk.voice.close(talk.text(words), alert=True)
    words = talk.text(N_("Jawaban ini sudah terkirim."))
    await talk.voice.close(words)
    time = cards.at(found.sent.written_at, talk.desk.zone, talk.language)
    head = f"#{found.ticket.number} · {words} {talk.officer.name} {time}"
    return await talk.voice.become(f"{head}\n\n{found.sent.text}")


async def _became(talk: Talk, ticket: Ticket, text: str, what: str) -> None:
    office = await talk.desk.db.read(offices.current)
    result = cards.result(talk.text(what), talk.officer, talk.now, office, ticket, talk.desk.zone)
    await talk.voice.close(result)
    await talk.voice.become(f"#{ticket.number} · {result}\n\n{text}")


async def _read_first(talk: Talk, found: Pressed, error: AnsweredMeanwhile) -> None:
    """Somebody wrote after the preview: show it, and the preview anew under what is read now."""
    assert found.draft is not None
    await talk.voice.close(talk.text(error.message, **error.params), alert=True)
    case = await talk.desk.db.read(reading.case, found.ticket.number, talk.officer, talk.unit, talk.now)
    text, _ = cards.ticket(case, talk.desk.zone, talk.language)
    await talk.voice.say(text)
    await preview(talk, found.ticket.number, found.draft.text)
