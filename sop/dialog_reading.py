"""What a person's words mean in the intake talk: commands, choices and answers, typing errors forgiven. Pure."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from enum import StrEnum

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
    Word.STOP: {"/berhenti", "/stop", "berhenti", "stop", "unsubscribe"},
    Word.TOPICS: {"/langganan", "langganan", "berlangganan", "/subscribe", "subscribe", "/start langganan"},
    Word.NEW: {"/baru", "/lapor", "/report", "lapor", "laporan baru", "lapor baru", "new report"},
}
_MEANING = {phrase: word for word, phrases in _COMMANDS.items() for phrase in phrases}
_FORGIVEN = (
    "/status",
    "/bantuan",
    "/berhenti",
    "/start",
    "/langganan",
    "status",
    "bantuan",
    "berhenti",
    "unsubscribe",
    "langganan",
)
_NEAR = 0.82  # "statsu" and "bantaun" are near enough, "smart" is not
_SHORTEST, _LONGEST_WORD = 5, 12
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
    found = _MEANING.get(line)
    if found is None and (one := _OF_ONE.fullmatch(line)):
        of = _MEANING.get(one["word"].strip())
        found = of if of is Word.STATUS else None
    return found or _nearly(line)


def _nearly(line: str) -> Word:
    """A single word, mistyped."""
    if " " in line or not _SHORTEST <= len(line) <= _LONGEST_WORD:
        return Word.PLAIN
    near = get_close_matches(line, _FORGIVEN, n=1, cutoff=_NEAR)
    return _MEANING[near[0]] if near else Word.PLAIN


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
