"""The staff bot's commands: read the words, call one act, answer. A docstring is the command's help line."""

from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from typing import NamedTuple

from bots import answering, cards, deciding, reading
from bots.talk import Talk, Usage
from desk import answer, closing, ids, triage
from sop.errors import N_
from sop.language import Language, translate
from sop.text import shortened
from store.queue import Name

VIEWS: dict[str, Name] = {
    "": "unit",
    "semua": "unit",
    "all": "unit",
    "saya": "mine",
    "mine": "mine",
    "bebas": "free",
    "free": "free",
}


class Command(NamedTuple):
    """An Indonesian name and its English alias."""

    name: str
    alias: str
    act: Callable[[Talk], Awaitable[None]]

    def help(self, language: Language) -> str:
        return translate((self.act.__doc__ or "").strip(), language)


async def queue(talk: Talk) -> None:
    """/antrean [saya|bebas] - tiket menurut tenggat, yang terdekat dahulu"""
    name = VIEWS.get(talk.words.strip().lower())
    if name is None:
        raise Usage("/antrean, /antrean saya, /antrean bebas")
    page = await talk.desk.db.read(reading.page, talk.officer, name, talk.unit, talk.now)
    await talk.voice.say(*cards.queue(page, talk.now, talk.desk.zone, talk.language))


async def ticket(talk: Talk) -> None:
    """/tiket NOMOR - melihat satu tiket"""
    await show(talk, talk.number("/tiket 1042"))


async def show(talk: Talk, number: str) -> None:
    case = await talk.desk.db.read(reading.case, number, talk.officer, talk.unit, talk.now)
    await talk.voice.say(*cards.ticket(case, talk.desk.zone, talk.language))


async def take(talk: Talk) -> None:
    """/ambil NOMOR - memegang tiket"""
    number = await seen(talk, talk.number("/ambil 1042"))
    taken = await talk.desk.db.write(triage.take, number, talk.officer, key=talk.key, now=talk.now)
    words = talk.text(N_("Tiket #{number} dipegang {name}."), number=taken.number, name=talk.officer.name)
    if taken.categories:
        return await talk.voice.say(words)
    found = await talk.desk.db.read(reading.categories, taken)
    hint = talk.text(N_("Pilih kategori sebelum menutup."))
    return await talk.voice.say(f"{words} {hint}", cards.choices(taken, found))


async def reply(talk: Talk) -> None:
    """/balas NOMOR TEKS - menjawab pelapor, dengan teks atau kode templat; pratinjau dahulu"""
    number, words = talk.number_and_words("/balas 1042 Terima kasih, sedang kami periksa.")
    if not words:
        return await answering.offer(talk, number, "")
    return await answering.preview(talk, number, words)


async def templates(talk: Talk) -> None:
    """/templat [KATA] - mencari templat jawaban"""
    found = await talk.desk.db.read(reading.usable, talk.card or None, talk.officer, talk.words)
    if not found:
        return await talk.voice.say(talk.text(N_("Tidak ada templat yang cocok. Coba /templat tanpa kata.")))
    lines = [f"{each.code}: {each.name}" for each in found[:20]]
    hint = talk.text(
        N_("Pakai dengan: /balas {number} {code}"), number=talk.card or "1042", code=found[0].code
    )
    shown = cards.fitting(talk.card, found) if talk.card else ()
    return await talk.voice.say("\n".join([*lines, "", hint]), shown)


async def tag(talk: Talk) -> None:
    """/kategori NOMOR KODE - memberi kategori"""
    number, code = talk.number_and_words("/kategori 1042 akun")
    if not code:
        return await choose_category(talk, number)
    number = await seen(talk, number)
    done = await talk.desk.db.write(triage.tag, number, talk.officer, code, key=talk.key, now=talk.now)
    words = talk.text(
        N_("Tiket #{number} berkategori {code}."), number=done.number, code=code.strip().lower()
    )
    return await talk.voice.say(words)


async def choose_category(talk: Talk, number: str) -> None:
    found = await talk.desk.db.read(reading.visible, number, talk.officer, talk.unit)
    choices = cards.choices(found, await talk.desk.db.read(reading.categories, found))
    ask = talk.text(N_("Pilih kategori untuk tiket #{number}."), number=found.number)
    none = talk.text(N_("Tiket #{number} sudah memiliki semua kategori yang ada."), number=found.number)
    await talk.voice.say(ask if choices else none, choices)


async def note(talk: Talk) -> None:
    """/catatan NOMOR TEKS - catatan internal; @nama memberi tahu rekan"""
    example = "/catatan 1042 Sudah ditelepon, menunggu berkas."
    number, words = talk.number_and_words(example)
    if not words:
        raise Usage(example)
    number = await seen(talk, number)
    done = await talk.desk.db.write(
        answer.note, number, talk.officer, words, key=talk.key, ids=ids.fresh(), now=talk.now
    )
    await talk.voice.say(talk.text(N_("Catatan pada tiket #{number} tersimpan."), number=done.number))


async def close(talk: Talk) -> None:
    """/tutup NOMOR - menutup tiket yang sudah dijawab dan berkategori"""
    number = await seen(talk, talk.number("/tutup 1042"))
    done = await talk.desk.db.write(closing.close, number, talk.officer, key=talk.key, now=talk.now)
    await talk.voice.say(talk.text(N_("Tiket #{number} ditutup."), number=done.number))


async def help_lines(talk: Talk) -> None:
    """/bantuan - daftar perintah ini"""
    lines = [command.help(talk.language) for command in COMMANDS]
    hint = talk.text(N_("Sebagai balasan pada kartu tiket, nomornya boleh dihilangkan."))
    await talk.voice.say("\n".join([*lines, "", hint]))


async def unknown(talk: Talk) -> None:
    """A command that is none: the nearest one, and where they are listed."""
    given = shortened(talk.words.split()[0].partition("@")[0].removeprefix("/"), 32)
    names = [name for command in COMMANDS for name in (command.name, command.alias)]
    near = get_close_matches(given.lower(), names, 1)
    if near:
        words = talk.text(
            N_("Perintah /{given} tidak dikenal. Maksud Anda /{near}? Daftarnya: /bantuan"),
            given=given,
            near=near[0],
        )
    else:
        words = talk.text(N_("Perintah /{given} tidak dikenal. Daftarnya: /bantuan"), given=given)
    await talk.voice.say(words)


async def no_command(talk: Talk) -> None:
    """A word in the private chat that is no command: it goes nowhere, and says so."""
    await talk.voice.say(
        talk.text(
            N_(
                "Pesan biasa tidak diteruskan kepada pelapor. Untuk menjawab: /balas NOMOR TEKS. Daftarnya: /bantuan"
            )
        )
    )


async def seen(talk: Talk, number: str) -> str:
    """The number, if its ticket is there for this officer in this chat. Raises NotFound."""
    found = await talk.desk.db.read(reading.visible, number, talk.officer, talk.unit)
    return found.number


COMMANDS = (
    Command("antrean", "queue", queue),
    Command("tiket", "ticket", ticket),
    Command("ambil", "take", take),
    Command("balas", "reply", reply),
    Command("templat", "templates", templates),
    Command("kategori", "tag", tag),
    Command("catatan", "note", note),
    Command("tutup", "close", close),
    Command("putus", "decide", deciding.command),
    Command("bantuan", "help", help_lines),
)
