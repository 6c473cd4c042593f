"""What a person wrote, apart from the history and signature their mail program added. No word is lost:
the words of reply and quoted together are the words of the text."""

import re
from dataclasses import dataclass

_SPACES = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "*": ""})
_QUOTE = re.compile(r"\s{0,3}[>｜]")
_OPENER = re.compile(r"(?:pada|on|am|le|op|el)\b", re.IGNORECASE)
_VERB = re.compile(r"(?:menulis|wrote|schrieb|a écrit|schreef|escribió)\s?:$", re.IGNORECASE)
_DATED = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}[:.]\d\d.{0,60}<\S+@\S+>\s?:$")
_DAY = re.compile(r"\b\d{4}\b|\b\d{1,2}/\d{1,2}/\d{2}\b")
_HOUR = re.compile(r"\b\d{1,2}[.:]\d\d\b")
_ADDRESS = re.compile(r"[<(]\S+@\S+[>)]")
_ORIGINAL = re.compile(
    r"-{2,}\s?(?:pesan asli|original message|pesan awal|pesan sebelumnya|original appointment)\s?-{2,}",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"-{2,}\s?(?:forwarded message|pesan terusan|pesan yang diteruskan|diteruskan)\s?(?:-{2,}|$)"
    r"|(?:begin forwarded message|mulai pesan yang diteruskan|mulai pesan terusan|awal pesan yang diteruskan"
    r"|awal pesan terusan)\s?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_\-=]{8,}")
_FROM = re.compile(r"(?:from|dari|pengirim)\s?:\s*\S", re.IGNORECASE)
_FIELDS = {
    "date": re.compile(r"(?:sent|date|dikirim|tanggal|terkirim|waktu)\s?:.*\d", re.IGNORECASE),
    "to": re.compile(r"(?:to|kepada|ke|untuk)\s?:", re.IGNORECASE),
    "subject": re.compile(r"(?:subject|subjek|perihal|hal|judul)\s?:", re.IGNORECASE),
}
_SENT_FROM = re.compile(
    r"(?:(?:dikirim|terkirim|sent) (?:dari|from|via|melalui|using|dengan|with) "
    r"(?:(?:my|the|aplikasi|perangkat|ponsel|telepon|cerdas) ){0,3}"
    r"(?:iphone|ipad|android|samsung|galaxy|xiaomi|redmi|poco|oppo|vivo|realme|infinix|huawei|nokia|blackberry|windows"
    r"|yahoo|outlook|gmail|proton|mail|ponsel|handphone|hp|mobile|smartphone|phone|tablet)\b"
    r"(?: [\w®™.+\-]+){0,2}(?: (?:untuk|for|di|on|via|dari|from) [^\n]{1,60})?"
    r"|(?:dapatkan|get|unduh) outlook (?:untuk|for) [^\n]{1,80}"
    r"|powered by [^\n]{0,40}blackberry[^\n]{0,10})\.?",
    re.IGNORECASE,
)
MAX_SIGNATURE = {"-- ": 30, "--": 10}  # lines; a longer one is somebody's text below a dash


@dataclass(frozen=True)
class Folded:
    reply: str
    quoted: str


def fold(text: str, *, answering: bool = True) -> Folded:
    """`answering`: the mail says that it answers or forwards another; without it, a bare "Dari: ... Perihal: ..." may
    be the person's own letter. When nothing of the person's own stands beside an unmarked history or a forwarded
    mail, all of it is the reply: better shown twice than hidden."""
    lines = text.split("\n")
    plain = [line.translate(_SPACES).strip() for line in lines]
    folded = _history(lines, plain, answering=answering)
    hidden = [how is not None for how in folded]
    _signatures(lines, plain, hidden)
    own = any(
        line and not away and not _RULE.fullmatch(line) for line, away in zip(plain, hidden, strict=True)
    )
    marked = any(_QUOTE.match(line) for line in lines)
    if not own and ("rest" in folded or not marked):
        return Folded(text.strip(), "")
    if not own:
        hidden = [True] * len(lines)
    return Folded(_joined(lines, hidden, False), _joined(lines, hidden, True))


def _joined(lines: list[str], hidden: list[bool], which: bool) -> str:
    """The lines that are hidden, or not; a blank one stands where others were taken out between them."""
    kept: list[str] = []
    for at, (line, away) in enumerate(zip(lines, hidden, strict=True)):
        if away is which:
            if at and hidden[at - 1] is not which and not which:
                kept.append("")
            kept.append(line)
    return re.sub(r"\n[ \t]*(?:\n[ \t]*){2,}", "\n\n", "\n".join(kept)).strip()


def _history(lines: list[str], plain: list[str], *, answering: bool) -> list[str | None]:
    """How each line is folded: "quote" for marked ones and their attribution, "rest" for all below a bare head."""
    folded: list[str | None] = [None] * len(lines)
    at = 0
    while at < len(lines):
        if _QUOTE.match(lines[at]):
            folded[at] = "quote"
        elif height := _attribution(plain, at):
            below = _next(plain, at + height)
            if below is not None and _QUOTE.match(lines[below]):
                folded[at : at + height] = ["quote"] * height
                at += height
                continue
            if _dated(" ".join(plain[at : at + height])):
                return _rest(plain, folded, at)
        elif _starts_history(plain, at, answering=answering):
            return _rest(plain, folded, at)
        at += 1
    return folded


def _rest(plain: list[str], folded: list[str | None], at: int) -> list[str | None]:
    while at and (not plain[at - 1] or _RULE.fullmatch(plain[at - 1])):
        at -= 1
    folded[at:] = ["rest"] * (len(folded) - at)
    return folded


def _next(plain: list[str], at: int) -> int | None:
    return next((place for place in range(at, min(at + 4, len(plain))) if plain[place]), None)


def _attribution(plain: list[str], at: int) -> int:
    """Lines that "Pada ... menulis:" takes, which mail programs break in up to four; 0 when none stands here."""
    joined = ""
    for height in range(1, 5):
        if at + height > len(plain) or not plain[at + height - 1] or len(plain[at + height - 1]) > 400:
            return 0
        joined = f"{joined} {plain[at + height - 1]}".strip()
        if height == 1 and not (_OPENER.match(joined) or "@" in joined or joined[:4].isdigit()):
            return 1 if len(joined) < 130 and _VERB.search(joined) else 0
        if joined.endswith(":") and (_VERB.search(joined) or _DATED.match(joined)):
            return height
    return 0


def _dated(attribution: str) -> bool:
    """Written by a mail program, so that nothing need be marked below: it names the day and the hour or an address."""
    return bool(
        _OPENER.match(attribution)
        and (_ADDRESS.search(attribution) or (_DAY.search(attribution) and _HOUR.search(attribution)))
    )


def _starts_history(plain: list[str], at: int, *, answering: bool) -> bool:
    line = plain[at]
    if not line or len(line) > 400:
        return False
    if _ORIGINAL.fullmatch(line) or _FORWARD.fullmatch(line):
        return True
    if not _FROM.match(line):
        return False
    block = plain[at + 1 : at + 9]
    met = {name for name, field in _FIELDS.items() if any(field.match(other) for other in block)}
    if not {"date", "subject"} <= met and met != set(_FIELDS):
        return False
    ruled = at > 0 and any(_RULE.fullmatch(above) for above in plain[max(0, at - 2) : at])
    return answering or ruled or any("@" in other for other in (line, *block))


def _signatures(lines: list[str], plain: list[str], hidden: list[bool]) -> None:
    """Fold "Dikirim dari ..." where it is the last line of the person's, and what stands below "-- " up to the next
    quotation."""
    last = True
    for at in range(len(lines) - 1, -1, -1):
        if not plain[at] or hidden[at]:
            last = last or hidden[at]
        elif last and len(plain[at]) < 160 and _SENT_FROM.fullmatch(plain[at]):
            hidden[at] = True
        else:
            last = last and bool(_RULE.fullmatch(plain[at]))
    for at, line in enumerate(lines):
        longest = 0 if hidden[at] else MAX_SIGNATURE.get(line.replace("\xa0", " "), 0)
        ends = (
            place
            for place in range(at, at + longest + 1)
            if place >= len(lines) or (hidden[place] and plain[place])
        )
        if longest and (end := next(ends, 0)):
            hidden[at:end] = [True] * (end - at)
