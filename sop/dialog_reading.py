"""What a person's words mean in the intake talk: commands, choices and answers, typing errors forgiven. Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum

from sop.dialog_spelling import near
from sop.identity import Claim, Trait, recognise


class Word(StrEnum):
    """What a line means to the desk before anything else."""

    START = "start"
    STATUS = "status"
    HELP = "help"
    STOP = "stop"
    NEW = "new"
    TOPICS = "topics"
    PLAIN = "plain"


LONGEST = 80  # characters of a line that may be a command
MOST_WORDS = 8  # spaces in it
_COMMANDS = {
    Word.START: {"/start", "/mulai", "mulai", "start"},
    Word.STATUS: {"/status", "status", "cek", "cek status", "cek laporan", "status laporan", "check", "/cek"},
    Word.HELP: {"/bantuan", "/help", "bantuan", "help", "menu", "/menu"},
    Word.STOP: {"/berhenti", "/stop", "berhenti", "stop", "unsubscribe", "berhenti langganan"},
    Word.TOPICS: {"/langganan", "langganan", "berlangganan", "/subscribe", "subscribe", "/start langganan"},
    Word.NEW: {"/baru", "/lapor", "/report", "lapor", "laporan baru", "lapor baru", "new report"},
}
_MEANING = {phrase: word for word, phrases in _COMMANDS.items() for phrase in phrases}
_TYPED = {
    Word.STATUS: {"ceck", "chek", "chck", "cekk", "ceek", "cke", "cekc", "stts", "setatus", "sttus"},
    Word.HELP: {"bantuin", "hlp", "helpp", "mneu"},
    Word.STOP: {"brenti", "berenti", "brhenti", "stopp", "sstop", "setop", "sotp"},
}
"""Slips of words too short, or too far, to be told by their letters."""
_MEANING |= {phrase: word for word, phrases in _TYPED.items() for phrase in phrases}
_FORGIVEN = (
    "status",
    "cek status",
    "cek laporan",
    "status laporan",
    "bantuan",
    "berhenti",
    "unsubscribe",
    "langganan",
    "berlangganan",
    "laporan baru",
    "lapor baru",
    "lapor",
    "start",
)
_SLASHED = ("status", "bantuan", "berhenti", "langganan", "lapor", "report", "start", "help")
_ASKING = {"saya", "dong", "ya", "kak", "min", "pak", "bu", "nya", "aduan", "tiket", "tiketku", "laporanku"}
"""Words after "cek" and "status" that change nothing."""
_SKIP = {"lewati", "lewat", "skip", "/lewati", "/skip", "lewati saja", "tidak ada"}
_YES = {"buka lagi", "buka", "ya", "iya", "ya buka lagi", "belum selesai", "belum", "reopen", "yes"}
_OF_ONE = re.compile(r"(?P<word>\D{3,20}?)\s*#?(?P<number>\d{3,9})")
_NUMBERED = re.compile(r"#(\d{3,9})(?!\d)", re.A)
_PLACE = re.compile(
    r"\b(?:jl|jln|jalan|gang|gg|rt|rw|dusun|desa|kel|kelurahan|kec|kecamatan|perum|perumahan|komplek|kompleks|simpang"
    r"|perempatan|pertigaan|depan|dekat|samping|belakang|seberang|gedung|ruang|lantai|kampus|kantor|alamat|lokasi|maps)\b",
    re.I,
)
_POINT = re.compile(r"(-?\d{1,2}\.\d{3,})\s*,\s*(-?\d{1,3}\.\d{3,})", re.A)
_BARE_NAME = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?(?: [^\W\d_]+(?:['’.-][^\W\d_]+)*\.?){0,4}")
_BARE_NUMBER = re.compile(r"(?<!\w)(?:nim|nip|nik)?[\s:.]{0,3}([0-9]{6,18})(?!\w)", re.I | re.A)
_NO_NAMES = """
    ada baik belum bisa boleh bukan dimana halo iya kapan kenapa mana mohon oke saya siap sudah terima tidak tolong untuk
"""
_NOT_A_NAME = frozenset(_NO_NAMES.split())


def line_of(text: str) -> str:
    """The text as it is compared with what we know: small letters, single spaces, no stop at its end."""
    return " ".join(text.strip().lower().rstrip(".!?").split())


def read(text: str) -> Word:
    """The command that a message is. A deep link's payload and a ticket's number after "status" do not matter."""
    if len(text) > LONGEST or text.count(" ") > MOST_WORDS:
        return Word.PLAIN
    line = line_of(text)
    if line.startswith("/start ") and line not in _MEANING:
        return Word.START
    if line.startswith("/"):
        line = line.partition("@")[0]
    found = _meant(line)
    if found is None and (one := _OF_ONE.fullmatch(line)):
        of = _meant(one["word"].strip())
        found = of if of is Word.STATUS else None
    return found or _asking(line)


def _meant(line: str) -> Word | None:
    """The command of that line, also with slips of the finger."""
    if found := _MEANING.get(line):
        return found
    slash = line.startswith("/")
    word = near(line[1:], _SLASHED) if slash else near(line, _FORGIVEN)
    if not word:
        return _MEANING.get(line[1:]) if slash else None
    return _MEANING[f"/{word}" if slash else word]


def _asking(line: str) -> Word:
    """ "cek laporan saya ya" asks no more than "cek"."""
    first, _, rest = line.partition(" ")
    if rest and _meant(first) is Word.STATUS and {*rest.split(" ")} <= _ASKING | {"laporan", "status"}:
        return Word.STATUS
    return Word.PLAIN


def bare(text: str) -> bool:
    """A command as a word of its own, without a slash."""
    return not text.lstrip().startswith("/")


def asked_about(text: str) -> int:
    """The ticket that "status 1042" asks about; 0 for all of them."""
    one = _OF_ONE.fullmatch(line_of(text)) if len(text) <= LONGEST else None
    return int(one["number"]) if one else 0


def named(text: str) -> tuple[int, ...]:
    """The tickets that a text names as "#1042", at most five, in order."""
    return tuple(dict.fromkeys(int(number) for number in _NUMBERED.findall(text)))[:5] if "#" in text else ()


def agrees(text: str) -> bool:
    """A yes to the offer to reopen."""
    return line_of(text) in _YES


def skips(text: str) -> bool:
    """The person leaves out what was asked."""
    return len(text) <= LONGEST and line_of(text) in _SKIP


def choice(text: str, options: Sequence[str]) -> str:
    """What a bare number means under the last menu, "" for anything else."""
    number = line_of(text).rstrip(".)") if len(text) < 8 else ""
    known = number.isascii() and number.isdigit() and 1 <= int(number) <= len(options)
    return options[int(number) - 1] if known else ""


def point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees that stand in a text or in a map's link."""
    found = _POINT.search(text[:2000])
    if found is None:
        return None
    place = float(found[1]), float(found[2])
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def names_place(text: str) -> bool:
    """Words that say where, once the person was asked: an address, a landmark, a map's link."""
    return point(text) is not None or bool(_PLACE.search(text[:2000]))


def identity_in(text: str) -> tuple[Claim, ...]:
    """Who somebody says they are once they were asked: also a bare name and a bare number."""
    found = recognise(text)
    if any(known(each) for each in found) or len(text) > LONGEST:
        return found
    numbers = [Claim(Trait.NIM, match[1]) for match in _BARE_NUMBER.finditer(text)][:1]
    words = _BARE_NUMBER.sub(" ", text).strip(" \n,.;:-/")
    name = words if _BARE_NAME.fullmatch(words) and not _NOT_A_NAME & set(words.lower().split()) else ""
    names = [Claim(Trait.NAME, " ".join(name.split()).title())] if name else []
    return (*found, *names, *numbers)


def known(claim: Claim) -> bool:
    """A claim that says who somebody is, not only where they can be reached."""
    return claim.kind in (Trait.NIM, Trait.NIP, Trait.NIK, Trait.NAME)
