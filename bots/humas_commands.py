"""The Humas bot's commands: read the words, call one act, answer. A docstring is the command's help line."""

from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from typing import NamedTuple

from bots import humas_errata, humas_lists, humas_push, humas_reading, humas_request, humas_steps
from bots.talk import Talk, Usage
from desk import publication_talk
from desk.publication_talk import Question
from sop.errors import N_
from sop.language import Language, translate
from sop.text import shortened

LONG = 200  # characters from which a plain word is taken for a letter


class Command(NamedTuple):
    """An Indonesian name and its English alias."""

    name: str
    alias: str
    act: Callable[[Talk], Awaitable[None]]

    def help(self, language: Language) -> str:
        return translate((self.act.__doc__ or "").strip(), language)


async def board(talk: Talk) -> None:
    """/papan - publikasi yang menunggu Anda"""
    found = await talk.desk.db.read(humas_reading.waiting, talk.officer, talk.now)
    await talk.voice.say(*humas_lists.board(found, talk.language))


async def request(talk: Talk) -> None:
    """/mohon - mengajukan permohonan publikasi; surat, perihal, dan sisanya ditanyakan"""
    await humas_request.begin(talk)


async def show(talk: Talk) -> None:
    """/lihat NOMOR - melihat satu publikasi dengan tombolnya"""
    number = talk.words.strip() or talk.card
    if not number:
        raise Usage("/lihat P-0231")
    await humas_steps.show(talk, number)


async def calendar(talk: Talk) -> None:
    """/kalender - apa yang tersebar kapan, bulan ini"""
    entries, zone = await talk.desk.db.read(humas_reading.coming, talk.officer, talk.now, talk.desk.zone)
    await talk.voice.say(humas_lists.calendar(entries, zone, talk.now, talk.language))


async def help_lines(talk: Talk) -> None:
    """/bantuan - daftar perintah ini"""
    lines = [command.help(talk.language) for command in COMMANDS]
    hint = N_(
        "Kirim atau teruskan surat (PDF, foto, teks) untuk mengajukan. Balas kartu untuk mengubah naskahnya."
    )
    await talk.voice.say("\n".join([*lines, "", talk.text(hint)]))


async def unknown(talk: Talk) -> None:
    """A command that is none: the nearest one, and where they are listed."""
    given = shortened(talk.words.split()[0].partition("@")[0].removeprefix("/"), 32)
    names = [name for command in COMMANDS for name in (command.name, command.alias)]
    near = get_close_matches(given.lower(), names, 1)
    words = N_("Perintah /{given} tidak dikenal. Daftarnya: /bantuan")
    if near:
        words = N_("Perintah /{given} tidak dikenal. Maksud Anda /{near}? Daftarnya: /bantuan")
    await talk.voice.say(talk.text(words, given=given, near=near[0] if near else ""))


async def heard(talk: Talk) -> None:
    """Words or a file without a command: the answer to what the bot asked, a narration, or a letter."""
    again = await talk.desk.db.read(humas_reading.answered_before, talk.key, talk.officer)
    found = await talk.desk.db.read(publication_talk.talked, talk.officer)
    question = found.question
    if question and question.kind != "revision" and not talk.files and _meant(talk, question):
        return await answered(talk, question)
    if talk.card and talk.words and not talk.files and not again:
        return await humas_steps.propose(talk, talk.card, talk.words)
    if talk.card and talk.files:
        return await humas_steps.enclose(talk, talk.card)
    if found.draft is not None:
        return await humas_request.answer(talk, found.draft)
    if again:
        return await talk.voice.say(talk.text(N_("Sudah kami terima.")))
    if talk.files or len(talk.words) >= LONG:
        return await humas_request.begin(talk)
    words = N_("Untuk mengajukan publikasi: /mohon, atau kirim suratnya. Yang menunggu Anda: /papan")
    return await talk.voice.say(talk.text(words))


def _meant(talk: Talk, question: Question) -> bool:
    """An answer to another publication's card is not this question's."""
    return not talk.card or talk.card.lstrip("0") == question.number.removeprefix("P-").lstrip("0")


async def answered(talk: Talk, question: Question) -> None:
    """The words that the bot waited for."""
    match question.kind:
        case "reason":
            await humas_steps.decided(talk, question.number, question.visit, question.decision, talk.words)
        case "narration":
            await humas_steps.write(talk, question.number, talk.words, question.read)
        case "time":
            await humas_push.at_words(talk, question.number, question.visit, talk.words)
        case "erratum":
            await humas_errata.propose(talk, question.number, talk.words)
        case "withdrawal":
            await humas_errata.take_back(talk, question.number, talk.words)
        case "receipt":
            await humas_push.key_in(talk, question.number, question.recipient, talk.words)


COMMANDS = (
    Command("papan", "board", board),
    Command("mohon", "request", request),
    Command("lihat", "show", show),
    Command("kalender", "calendar", calendar),
    Command("bantuan", "help", help_lines),
)
