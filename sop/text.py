"""What any text goes through before it is stored, sent, or shown in part. Lengths are characters unless UTF-16 is said."""

import re
import unicodedata
from functools import lru_cache

_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
_COMBINING = re.compile("[\u0300-\U0010ffff]")

RUN = 30  # marks on one letter before normalising would turn quadratic (UAX 15, stream-safe text)
SUBJECT = 80
READ = 20_000  # characters looked at for a line or a subject
DOTS = "••••"
_GLUE = "\u200d\ufe0e\ufe0f"  # zero-width joiner, variation selectors

_WORD = re.compile(r"[^\W_][\w'’]*")
_COURTESY = """
    assalamualaikum assalamu alaikum assalamu'alaikum assalaamualaikum wr wb warahmatullahi warohmatullahi wabarakatuh
    wabarokatuh salam sejahtera shalom om swastiastu namo buddhaya selamat pagi siang sore malam halo hallo hai hi hello
    hey dear good morning afternoon evening permisi punten p tes test yth yang terhormat kepada bapak ibu pak bu kak kakak
    mas mbak min admin mimin tim saudara saudari semua sir madam there maaf mohon izin ijin mau ingin numpang bertanya
    tanya mengganggu waktunya sebelumnya terima terimakasih kasih banyak atas perhatiannya
"""
_COURTEOUS = frozenset(_COURTESY.split())
_ADDRESSED = frozenset({"yth", "kepada", "dear"})


def clean(text: str, limit: int) -> str:
    """The text as it may be stored: no NUL, control, lone surrogate or direction override; \\n for any break; NFC.

    Tabs and joiners stay. Longer than `limit` it is cut, and says in its last words how much is missing.
    """
    text = _DROPPED.sub("", _BREAK.sub("\n", _paired(text)))
    if not text.isascii():
        text = _composed(text)
    return capped(text, limit)


def _paired(text: str) -> str:
    """Halves of a letter joined where they meet, a lone half replaced by the sign for unreadable."""
    if not _SURROGATE.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _SURROGATE.sub("\ufffd", joined)


def capped(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut is announced within them."""
    if len(text) <= limit:
        return text
    room = max(0, limit - len(_marker(len(text))))
    if not room:
        return text[: border(text, max(0, limit - 1))] + "…"[:limit]
    cut = border(text, room)
    return text[:cut] + _marker(len(text) - cut)


def _marker(missing: int) -> str:
    return f"\n[… dipotong, {missing} karakter lagi]"


def _composed(text: str) -> str:
    if _COMBINING.search(text):
        text = _long_runs().sub("\\1\u034f", text)
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=1)
def _long_runs() -> re.Pattern[str]:
    """Thirty marks in a row that more follow. Planes 0 and 1 hold every character with a combining class."""
    marks = "".join(
        re.escape(chr(code)) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code))
    )
    return re.compile(f"([{marks}]{{{RUN}}})(?=[{marks}])")


def border(text: str, at: int) -> int:
    """The last place at or before `at` that tears no letter from its marks and no joined emoji apart."""
    lowest = max(0, at - RUN)
    for place in range(at, lowest, -1):
        if place >= len(text) or not (_sticks(text[place]) or text[place - 1] == "\u200d"):
            return place
    return at


def _sticks(letter: str) -> bool:
    return letter in _GLUE or unicodedata.combining(letter) != 0 or "\U0001f3fb" <= letter <= "\U0001f3ff"


def one_line(text: str, limit: int = 300) -> str:
    """A name, subject or header field: cleaned, every stretch of white space one space, nothing at the ends."""
    text = text[:READ]
    line = _SPACES.sub(" ", clean(text, len(text) + RUN).replace("\u200b", "")).strip()
    return line if len(line) <= limit else shortened(line, limit)


def shortened(line: str, limit: int) -> str:
    """At most `limit` characters, cut at a word's border where there is one, with an ellipsis."""
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", limit // 2, limit)
    return line[: cut if cut > 0 else border(line, limit - 1)].rstrip(" ,;:-–") + "…"


def utf16_length(text: str) -> int:
    """The length as Telegram counts it: an emoji outside the first plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = 4096) -> tuple[str, ...]:
    """Parts of at most `limit` UTF-16 units, parted at paragraphs, else lines, else words. No word is lost."""
    parts = []
    text = _paired(text)
    place, end = 0, len(text)
    while place < end:
        part = _fitting(text[place : place + limit], limit)
        if place + len(part) < end:
            part = part[: _parting(text, place, len(part))]
        place += len(part)
        if part.strip():
            parts.append(part.strip())
    return tuple(parts)


def _fitting(window: str, limit: int) -> str:
    units = window.encode("utf-16-le")
    if len(units) <= limit * 2:
        return window
    return units[: limit * 2].decode("utf-16-le", "ignore") or window[:1]


def _parting(text: str, place: int, length: int) -> int:
    """How many of the `length` characters from `place` to keep together."""
    for mark in ("\n\n", "\n"):
        found = text.rfind(mark, place + length // 3, place + length + len(mark))
        if found >= 0:
            return min(length, found - place + len(mark))
    if text[place + length].isspace():
        return length
    if (found := text.rfind(" ", place + 1, place + length)) >= 0:
        return found - place + 1
    return max(1, border(text, place + length) - place)


def subject_of(text: str) -> str:
    """The first line that says something, at most 80 characters: greetings, quotes and rules are passed over."""
    first = ""
    for line in text[:READ].splitlines():
        words = one_line(line[:1000])
        if not any(letter.isalnum() for letter in words) or words.startswith(">"):
            continue
        first = first or words
        if not _courteous(words):
            return shortened(words, SUBJECT)
    return shortened(first, SUBJECT)


def _courteous(line: str) -> bool:
    """A line of greeting or thanks alone, or one that only says to whom the letter goes."""
    words = [word.lower() for word in _WORD.findall(line)]
    return _COURTEOUS.issuperset(words) or (words[0] in _ADDRESSED and len(words) <= 8)


def mask_phone(number: str) -> str:
    """+628123334471 becomes "+62 812-••••-4471"; any other country keeps its first and last digits only."""
    digits = "".join(letter for letter in number if letter.isdecimal())
    if len(digits) < 9:
        return mask_id(digits)
    if digits.startswith("62"):
        return f"+62 {digits[2:5]}-{DOTS}-{digits[-4:]}"
    if digits.startswith("0"):
        return f"{digits[:4]}-{DOTS}-{digits[-4:]}"
    return f"+{digits[0]} {DOTS}-{digits[-4:]}"


def mask_id(number: str) -> str:
    """221040037 becomes "2210••••37"; the dots do not tell the length. Under nine characters only the last shows."""
    if len(number) < 9:
        return DOTS + number[-1:] if len(number) > 4 else DOTS
    return f"{number[:4]}{DOTS}{number[-2:]}"


def mask_mail(address: str) -> str:
    """rizky.p@mhs.contoh.ac.id becomes "riz••@mhs.contoh.ac.id": at most half of the name, and five letters."""
    name, at, host = address.rpartition("@")
    return f"{name[: min(5, len(name) // 2)]}••{at}{host}" if at else mask_id(address)
