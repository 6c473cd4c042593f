"""Step 6 by buttons: send now, at a time, to oneself first; watch it leave, pause, stop; key in what a hand posted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bots import humas_push_cards, humas_steps
from bots.humas_reading import Standing
from bots.humas_steps import stale, standing, whole
from bots.talk import Talk
from desk import errata, publication_following, publication_talk, push_again, pushing
from desk.publication_talk import Question
from sop import spoken_time
from sop.errors import N_

SECONDS = 10  # digits of a moment in this age
HOURS = (8, 13)  # of the day on which sending is offered


async def begin(talk: Talk, number: str, more: str) -> None:
    """Now, pinned for so many days where the button says so. The card becomes its progress."""
    visit, _, days = more.partition(":")
    if days not in ("", str(humas_push_cards.PINNED)):
        await stale(talk)
    elif await _current(talk, number, visit):
        until = talk.now + timedelta(days=int(days)) if days else None
        await talk.desk.db.write(
            pushing.begin, number, talk.officer, at=None, pin_until=until, key=talk.key, now=talk.now
        )
        await watch(talk, number)


async def at(talk: Talk, number: str, more: str) -> None:
    """At the moment of a button."""
    visit, _, seconds = more.partition(":")
    if len(seconds) > SECONDS or not whole(seconds):
        await stale(talk)
    elif await _current(talk, number, visit):
        await _planned(talk, number, datetime.fromtimestamp(whole(seconds), UTC))


async def at_words(talk: Talk, number: str, visit: int, words: str) -> None:
    """At the moment that was written. Raises TimeUnclear, TimePast."""
    found = await standing(talk, number)
    moment = spoken_time.moment(words, found.page.zone, talk.now)
    if visit == found.page.visit:
        await _planned(talk, number, moment)
    else:
        await humas_steps.show(talk, number)


async def _planned(talk: Talk, number: str, moment: datetime) -> None:
    await talk.desk.db.write(pushing.begin, number, talk.officer, at=moment, key=talk.key, now=talk.now)
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    await watch(talk, number)


async def ask_time(talk: Talk, number: str, visit: str) -> None:
    if not await _current(talk, number, visit):
        return
    found = await standing(talk, number)
    question = Question(kind="time", number=found.publication.number, visit=whole(visit))
    await talk.desk.db.write(publication_talk.ask, talk.officer, question)
    await talk.voice.close()
    await talk.voice.say(*humas_push_cards.times(found, _offered(found, talk.now), talk.now, talk.language))


def _offered(found: Standing, now: datetime) -> list[datetime]:
    """The wished moment, then the next usual ones."""
    wished, here = found.publication.wished_at, now.astimezone(ZoneInfo(found.page.zone))
    usual = [
        (here + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
        for days in (0, 1)
        for hour in HOURS
    ]
    moments = {each.astimezone(UTC) for each in usual if each > here + timedelta(minutes=10)}
    first = [wished] if wished and wished > now else []
    return [*first, *sorted(moments - set(first))][:4]


async def test(talk: Talk, number: str, _visit: str) -> None:
    """To oneself first, by the bot that subscribers know, exactly as they will get it; nobody else does."""
    await talk.desk.db.write(errata.try_out, number, talk.officer, key=talk.key, now=talk.now)
    words = N_("Uji dikirim ke obrolan Anda dengan bot layanan. Bila tidak tampak, mulai dahulu bot itu.")
    await talk.voice.close(talk.text(words), alert=True)


async def pause(talk: Talk, number: str, _more: str) -> None:
    await talk.desk.db.write(pushing.pause, number, talk.officer, now=talk.now)
    await watch(talk, number)


async def resume(talk: Talk, number: str, _more: str) -> None:
    await talk.desk.db.write(pushing.resume, number, talk.officer, now=talk.now)
    await watch(talk, number)


async def stop(talk: Talk, number: str, _more: str) -> None:
    await talk.desk.db.write(pushing.stop, number, talk.officer, now=talk.now)
    await watch(talk, number)


async def ask_again(talk: Talk, number: str, _more: str) -> None:
    """What may not have arrived: said what sending it again means."""
    found = await standing(talk, number)
    if not found.page.spread.unsure:
        return await stale(talk)
    await talk.voice.close()
    return await talk.voice.say(*humas_push_cards.sure(found.page, talk.language))


async def again(talk: Talk, number: str, _more: str) -> None:
    """Raises NotAllowed, NothingUnsure, SaidOtherwise."""
    await talk.desk.db.write(push_again.send_again, number, talk.officer, None, key=talk.key, now=talk.now)
    await watch(talk, number)


async def watch(talk: Talk, number: str) -> None:
    """The pressed card is the progress from now on; after written words a new message is."""
    found = await standing(talk, number)
    last = next((each for each in reversed(found.page.spread.pushes)), None)
    if last is None:
        return None
    text, keys = humas_push_cards.progress(found.page, last, talk.language)
    await talk.voice.close(text.partition("\n")[2])
    chat, message = talk.place
    if not message:
        return await talk.voice.say(text, keys)
    await talk.desk.db.write(
        publication_following.follow, last.push.id, talk.officer, chat=chat, message=message
    )
    return await talk.voice.become(text, keys)


async def ask_receipt(talk: Talk, number: str, recipient: str) -> None:
    """The link of a medium that a hand served."""
    found = await standing(talk, number)
    task = next((each for each in found.page.spread.tasks if str(each.recipient.id) == recipient), None)
    if task is None or not task.open:
        return await stale(talk)
    question = Question(kind="receipt", number=found.publication.number, recipient=task.recipient.id)
    await talk.desk.db.write(publication_talk.ask, talk.officer, question)
    await talk.voice.close()
    words = N_("{number} · Sudah dipasang di {name}? Tulis tautan atau tempatnya.")
    return await talk.voice.say(talk.text(words, number=found.publication.number, name=task.name))


async def key_in(talk: Talk, number: str, recipient: int, words: str) -> None:
    await talk.desk.db.write(pushing.key_in, number, talk.officer, recipient, words, now=talk.now)
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    found = await standing(talk, number)
    head = talk.text(N_("{number} · Bukti tercatat."), number=found.publication.number)
    await talk.voice.say(head, tuple(humas_push_cards.tasks(found.page, talk.language)))


async def _current(talk: Talk, number: str, visit: str) -> bool:
    """Whether the card is of the stay that is open; an old one is told what became of it, and decides nothing."""
    found = await standing(talk, number)
    if whole(visit) != found.page.visit:
        await humas_steps.decided(talk, number, whole(visit), "terbitkan")
        return False
    if not found.page.spread.under_way:
        return True
    await watch(talk, number)
    return False
