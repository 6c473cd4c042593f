"""Buttons on cards: the same acts as the commands; a used button turns into what was done."""

from collections.abc import Awaitable, Callable

from bots import answering, cards, commands, deciding, reading
from bots.talk import Talk
from desk import closing, triage
from sop import card
from sop.errors import N_, NotAnswered, NotTagged
from sop.ticket import HeldByOther, Ticket
from store import office as offices


async def press(talk: Talk) -> None:
    """Do what the button's data says: an act, a ticket's number and what the act needs."""
    act, _, rest = talk.words.partition(":")
    number, _, more = rest.partition(":")
    known = ACTS.get(act)
    if known is None:
        return await talk.voice.close(talk.text(N_("Tombol ini sudah tidak berlaku.")), alert=True)
    return await known(talk, number, more)


async def _take(talk: Talk, number: str, _more: str) -> None:
    before = await talk.desk.db.read(reading.visible, number, talk.officer, talk.unit)
    rest = cards.without("ambil", card.buttons(before, talk.language))
    again = await talk.desk.db.read(reading.answered_before, talk.key, talk.officer)
    if before.holder == talk.officer.id and not again:
        held = talk.text(N_("Tiket #{number} sudah Anda pegang."), number=before.number)
        await talk.voice.close(held)
        return await _noted(talk, held, rest)
    try:
        taken = await talk.desk.db.write(triage.take, before.number, talk.officer, key=talk.key, now=talk.now)
    except HeldByOther as error:
        await talk.voice.close(talk.text(error.message, **error.params), alert=True)
        held = talk.text(N_("Dipegang {name}."), name=error.params["holder"])
        return await _noted(talk, held, rest)
    return await _noted_by(talk, taken, N_("Diambil"), rest)


async def _close(talk: Talk, number: str, _more: str) -> None:
    try:
        found = await commands.seen(talk, number)
        done = await talk.desk.db.write(closing.close, found, talk.officer, key=talk.key, now=talk.now)
    except NotTagged as error:
        await talk.voice.close(talk.text(error.message, **error.params), alert=True)
        return await commands.choose_category(talk, number)
    except NotAnswered as error:
        await talk.voice.close(talk.text(error.message, **error.params), alert=True)
        return await answering.offer(talk, number, "")
    return await _noted_by(talk, done, N_("Ditutup"), ())


async def _choose(talk: Talk, number: str, more: str) -> None:
    found = await commands.seen(talk, number)
    category = await talk.desk.db.read(reading.category, int(more)) if more.isdigit() else None
    if category is None:
        return await talk.voice.close(talk.text(N_("Kategori ini sudah tidak ada.")), alert=True)
    done = await talk.desk.db.write(
        triage.tag, found, talk.officer, category.code, key=talk.key, now=talk.now
    )
    words = talk.text(N_("Tiket #{number} berkategori {code}."), number=found, code=category.name)
    await talk.voice.close(words)
    end = card.buttons(done, talk.language)[1][1:] if done.answered_at else ()
    return await talk.voice.become(words, (end,) if end else ())


async def _show(talk: Talk, number: str, _more: str) -> None:
    await talk.voice.close()
    await commands.show(talk, number)


async def _tag(talk: Talk, number: str, _more: str) -> None:
    await talk.voice.close()
    await commands.choose_category(talk, number)


async def _answer(talk: Talk, number: str, _more: str) -> None:
    await talk.voice.close()
    await answering.offer(talk, number, "")


async def _template(talk: Talk, number: str, more: str) -> None:
    code = await talk.desk.db.read(reading.template_code, int(more)) if more.isdigit() else ""
    if not code:
        return await talk.voice.close(talk.text(N_("Templat ini sudah tidak berlaku.")), alert=True)
    await talk.voice.close()
    return await answering.preview(talk, number, code)


async def _send(talk: Talk, number: str, mark: str) -> None:
    await answering.send(talk, number, mark, then_close=False)


async def _send_and_close(talk: Talk, number: str, mark: str) -> None:
    try:
        await answering.send(talk, number, mark, then_close=True)
    except NotTagged as error:
        await talk.voice.close(talk.text(error.message, **error.params), alert=True)
        await commands.choose_category(talk, number)


async def _noted_by(talk: Talk, ticket: Ticket, what: str, buttons: cards.Buttons) -> None:
    office = await talk.desk.db.read(offices.current)
    result = cards.result(talk.text(what), talk.officer, talk.now, office, ticket, talk.desk.zone)
    await talk.voice.close(result)
    await _noted(talk, result, buttons)


async def _noted(talk: Talk, result: str, buttons: cards.Buttons) -> None:
    """The card with its result as the last line, once."""
    lines = talk.shown.split("\n") if talk.shown else []
    if lines and result != lines[-1]:
        await talk.voice.become("\n".join([*lines, "", result]), buttons)


ACTS: dict[str, Callable[[Talk, str, str], Awaitable[None]]] = {
    "ambil": _take,
    "tutup": _close,
    "pilih": _choose,
    "tiket": _show,
    "kategori": _tag,
    "balas": _answer,
    "templat": _template,
    "kirim": _send,
    "kirimtutup": _send_and_close,
    "batal": answering.drop,
    "putus": deciding.press,
}
