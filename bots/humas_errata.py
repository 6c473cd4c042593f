"""After the announcement is out: an erratum written by a lane and approved by the checking lane, or all of it taken back."""

from bots import humas_cards, humas_steps
from bots.humas_steps import standing
from bots.talk import Talk
from desk import errata, publication_talk
from desk.publication_talk import Question
from sop.errors import N_
from sop.text_difference import difference


async def ask(talk: Talk, number: str, _more: str) -> None:
    """The next message is what it says from now on."""
    await _wait(
        talk, number, "erratum", N_("{number} · Tulis isi yang benar; ralat menunggu persetujuan pemeriksa.")
    )


async def ask_withdrawal(talk: Talk, number: str, _more: str) -> None:
    """The next message is why it is taken back."""
    await _wait(
        talk, number, "withdrawal", N_("{number} · Tulis alasan penarikan; ia disampaikan kepada penerima.")
    )


async def _wait(talk: Talk, number: str, kind: str, words: str) -> None:
    found = await standing(talk, number)
    question = Question(kind=kind, number=found.publication.number)
    await talk.desk.db.write(publication_talk.ask, talk.officer, question)
    await talk.voice.close()
    await talk.voice.say(talk.text(words, number=found.publication.number))


async def propose(talk: Talk, number: str, text: str) -> None:
    """Raises NotAllowed, NotOut, ErratumWaits, NotCarried."""
    before = (await standing(talk, number)).page.narration.text
    done = await talk.desk.db.write(errata.propose, number, talk.officer, text, key=talk.key, now=talk.now)
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    head = talk.text(N_("{number} · Ralat menunggu pemeriksa. Perubahannya:"), number=done.number)
    await talk.voice.say(f"{head}\n\n{humas_cards.changes(difference(before, text))}")


async def take_back(talk: Talk, number: str, reason: str) -> None:
    """Raises NotTheChecker, NotOut, ErratumWaits."""
    done = await talk.desk.db.write(
        errata.take_back, number, talk.officer, reason, key=talk.key, now=talk.now
    )
    await talk.desk.db.write(publication_talk.ask, talk.officer, None)
    await talk.voice.say(talk.text(N_("{number} · Pengumuman sedang ditarik."), number=done.number))


async def approve(talk: Talk, number: str, _more: str) -> None:
    """Raises NotTheChecker, NoErratum."""
    await talk.desk.db.write(errata.approve, number, talk.officer, key=talk.key, now=talk.now)
    await _said(talk, talk.text(N_("Ralat disetujui dan dikirim.")))


async def reject(talk: Talk, number: str, _more: str) -> None:
    """Raises NotTheChecker, NoErratum."""
    await talk.desk.db.write(errata.reject, number, talk.officer, key=talk.key, now=talk.now)
    await _said(talk, talk.text(N_("Ralat tidak dikirim.")))


async def _said(talk: Talk, words: str) -> None:
    await talk.voice.close(words)
    await humas_steps.noted(talk, words)
