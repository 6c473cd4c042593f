"""The seven steps by buttons: dispositions with their reasons, targets, the check, the order. Each is the console's own act."""

from bots import cards, humas_buttons, humas_cards, humas_reading
from bots.humas_reading import Standing
from bots.humas_words import short
from bots.talk import Talk
from desk import dispositions, publication_talk, publishing
from desk.decide import Choice, DecidedBefore
from desk.publication_talk import Question
from sop.errors import N_
from sop.messages import File
from sop.procedure import Kind
from sop.publication import TargetsMissing
from sop.text_difference import difference
from sop.visit import ReasonMissing
from store import narrations

LONGEST_NUMBER = 16  # digits


def whole(digits: str) -> int:
    """A number of a button's data; 0 for what no button of ours holds."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < LONGEST_NUMBER else 0


async def standing(talk: Talk, number: str) -> Standing:
    """Raises NoSuchPublication."""
    return await talk.desk.db.read(humas_reading.standing, number, talk.officer, talk.now)


async def show(talk: Talk, number: str, _more: str = "") -> None:
    await talk.voice.close()
    await talk.voice.say(*humas_cards.case(await standing(talk, number), talk.language))


async def decide(talk: Talk, number: str, more: str) -> None:
    """A decision's button: what it needs first is asked for, else it is decided."""
    visit, _, decision = more.partition(":")
    found = await standing(talk, number)
    offer = found.offer(decision)
    if offer is None or whole(visit) != found.page.visit:
        return await decided(talk, number, whole(visit), decision)
    reached = any(each.chosen for each in found.page.targets)
    if offer.kind is Kind.INSTRUCT and not found.first and not reached:
        return await no_targets(talk, found)
    if offer.reason != "none":
        return await ask_reason(talk, found, decision)
    if decision in found.orders:
        await talk.voice.close()
        return await talk.voice.say(*humas_cards.order(found, offer, talk.language))
    return await decided(talk, number, whole(visit), decision)


async def ask_reason(talk: Talk, found: Standing, decision: str) -> None:
    """The reason is the next thing that this officer writes, or one of the buttons."""
    offer, visit = found.offer(decision), found.page.visit
    assert offer is not None
    question = Question(kind="reason", number=found.publication.number, visit=visit, decision=decision)
    await talk.desk.db.write(publication_talk.ask, talk.officer, question)
    await talk.voice.close()
    await talk.voice.say(*humas_cards.reasons(found.publication, visit, offer, talk.language))


async def no_targets(talk: Talk, found: Standing) -> None:
    """Step 2 chooses the media first."""
    error = TargetsMissing(found.publication.number)
    await talk.voice.close(talk.text(error.message, **error.params), alert=True)
    await talk.voice.say(*humas_cards.picker(found, talk.language))


async def ready_reason(talk: Talk, number: str, more: str) -> None:
    """One of the short reasons; 0 stands for none."""
    visit, _, rest = more.partition(":")
    decision, _, place = rest.rpartition(":")
    found = await standing(talk, number)
    offer = found.offer(decision)
    words = ("", *short(offer)) if offer else ("",)
    reason = talk.text(words[whole(place)]) if whole(place) < len(words) else ""
    await decided(talk, number, whole(visit), decision, reason)


async def confirmed(talk: Talk, number: str, more: str) -> None:
    """The order, once its audience was shown."""
    visit, _, decision = more.partition(":")
    await decided(talk, number, whole(visit), decision)


async def decided(talk: Talk, number: str, visit: int, decision: str, reason: str = "") -> None:
    """Decide, once; a second press is told who decided and when, and the card says so."""
    choice = Choice(decision=decision, visit=visit, reason=reason)
    before = await standing(talk, number)
    offer = before.offer(decision)
    try:
        await dispositions.put(talk.desk.db, number, talk.officer, choice, key=talk.key, now=talk.now)
    except DecidedBefore as error:
        words = talk.text(error.message, **error.params)
        await talk.voice.close(words, alert=True)
        return await noted(talk, words)
    except TargetsMissing:
        return await no_targets(talk, before)
    except ReasonMissing:
        return await ask_reason(talk, before, decision)
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    label = talk.text(offer.label) if offer else decision
    time = cards.at(talk.now, before.page.zone, talk.language)
    result = f"{before.publication.number} · {label}: {talk.officer.name} {time}"
    after = await standing(talk, number)
    if after.line and after.publication.lane != before.publication.lane:
        result = f"{result}. {talk.text(N_('Berikutnya: {lane}.'), lane=after.line)}"
    await talk.voice.close(result)
    return await noted(talk, result) if talk.shown else await talk.voice.say(result)


async def noted(talk: Talk, result: str) -> None:
    """The card with its result as the last line, once, and without buttons."""
    lines = talk.shown.split("\n") if talk.shown else []
    if lines and result != lines[-1]:
        await talk.voice.become("\n".join([*lines, "", result]))


async def stale(talk: Talk) -> None:
    await talk.voice.close(talk.text(N_("Tombol ini sudah tidak berlaku.")), alert=True)


async def choose_targets(talk: Talk, number: str, _more: str) -> None:
    await talk.voice.close()
    await talk.voice.say(*humas_cards.picker(await standing(talk, number), talk.language))


async def toggle_target(talk: Talk, number: str, more: str) -> None:
    target, _, on = more.partition(":")
    await talk.desk.db.write(
        publication_talk.toggle_target, number, talk.officer, whole(target), chosen=on == "1", now=talk.now
    )
    await talk.voice.close()
    await talk.voice.become(*humas_cards.picker(await standing(talk, number), talk.language))


async def check(talk: Talk, number: str, more: str) -> None:
    """Step 4, whose four points are ticked before the narration is found fit."""
    found = await standing(talk, number)
    visit = whole(more.partition(":")[0])
    if not found.page.may.check or visit != found.page.visit:
        return await decided(talk, number, visit, "layak")
    await talk.voice.close()
    text = found.page.narration.text
    if len(text) > humas_cards.SHOWN:
        await talk.voice.say(text)
    return await talk.voice.say(*humas_cards.check(found, talk.language))


async def toggle_check(talk: Talk, number: str, more: str) -> None:
    """A tick belongs to the version that was shown: on another one nothing is ticked."""
    version, _, rest = more.partition(":")
    point, _, on = rest.partition(":")
    found = await standing(talk, number)
    if version != str(found.publication.version):
        await talk.voice.close(talk.text(N_("Naskah sudah berubah; periksa versi yang baru.")), alert=True)
        return await talk.voice.become(*humas_cards.check(found, talk.language))
    await talk.desk.db.write(
        publication_talk.toggle_check, number, talk.officer, point, ticked=on == "1", now=talk.now
    )
    await talk.voice.close()
    return await talk.voice.become(*humas_cards.check(await standing(talk, number), talk.language))


async def ask_narration(talk: Talk, number: str, _more: str) -> None:
    """The next thing this officer writes is the new narration, upon the version that stands now."""
    found = await standing(talk, number)
    question = Question(kind="narration", number=found.publication.number, read=found.publication.version)
    await talk.desk.db.write(publication_talk.ask, talk.officer, question)
    await talk.voice.close()
    words = N_("{number} · Kirim naskah yang baru; versi {version} tersimpan tetap. Naskah sekarang:")
    head = talk.text(words, number=found.publication.number, version=found.publication.version)
    await talk.voice.say(head)
    if found.page.narration.text:
        await talk.voice.say(found.page.narration.text)


async def write(talk: Talk, number: str, text: str, read: int) -> None:
    """A new version, with what it changed. Raises WrittenMeanwhile."""
    done = await talk.desk.db.write(
        publishing.write, number, talk.officer, text, read=read, key=talk.key, now=talk.now
    )
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    before = await talk.desk.db.read(narrations.get, done.id, read)
    after = await talk.desk.db.read(narrations.get, done.id, done.version)
    changed = humas_cards.changes(difference(before.text if before else "", after.text if after else ""))
    words = N_("{number} · Naskah versi {version} tersimpan. Perubahannya:")
    head = talk.text(words, number=done.number, version=done.version)
    await talk.voice.say(f"{head}\n\n{changed}", _then(talk, await standing(talk, number)))


async def enclose(talk: Talk, number: str) -> None:
    """A file in a reply to a card belongs to that publication: a picture goes out with it, a PDF is a letter.

    Raises NoSuchPublication, NotAllowed, NotRunning.
    """
    roles: dict[str, list[File]] = {"picture": [], "letter": []}
    for each in talk.files:
        roles["picture" if each.content_type.startswith("image/") else "letter"].append(each)
    for role, files in roles.items():
        await talk.desk.db.write(
            publishing.enclose, number, talk.officer, role, files, key=f"{talk.key}.{role}", now=talk.now
        )
    words = N_("{number} · Berkas ditambahkan. Gambar ikut diumumkan; yang sudah diperiksa diperiksa lagi.")
    found = await standing(talk, number)
    await talk.voice.say(talk.text(words, number=found.publication.number), _then(talk, found))


def _then(talk: Talk, found: Standing) -> cards.Buttons:
    return humas_cards.keys(found, talk.language)


async def propose(talk: Talk, number: str, text: str) -> None:
    """Words in a reply to a card may be a new narration: what they would change is shown first."""
    found = await standing(talk, number)
    case = found.publication
    if not found.page.may.write:
        return await talk.voice.say(*humas_cards.case(found, talk.language))
    await talk.desk.db.write(publication_talk.propose, talk.officer, case.number, case.version, text)
    changed = humas_cards.changes(difference(found.page.narration.text, text))
    words = N_("{number} · Jadikan naskah versi {version}? Perubahannya:")
    head = talk.text(words, number=case.number, version=case.version + 1)
    save = humas_buttons.button(talk.text(N_("Simpan")), "simpan", case, case.version)
    drop = humas_buttons.button(talk.text(N_("Batal")), "batal", case)
    return await talk.voice.say(f"{head}\n\n{changed}", ((save, drop),))


async def save(talk: Talk, number: str, more: str) -> None:
    """The proposed narration is kept."""
    waiting = await talk.desk.db.read(publication_talk.talked, talk.officer)
    question = waiting.question
    fits = question and question.kind == "revision" and str(question.read) == more
    if not question or not fits or question.number != (await standing(talk, number)).publication.number:
        return await stale(talk)
    await talk.voice.close()
    await noted(talk, talk.text(N_("Disimpan.")))
    return await write(talk, number, waiting.revision, question.read)


async def cancel(talk: Talk, _number: str, _more: str) -> None:
    """No more words are waited for; nothing was decided."""
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    words = talk.text(N_("Batal; tidak ada yang berubah."))
    await talk.voice.close(words)
    await noted(talk, words)
