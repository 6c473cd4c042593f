"""Bytes of a mail in words: character sets, encoded words, addresses. Takes any bytes, raises nothing."""

import binascii
import codecs
import re
from functools import lru_cache

MAX_HEADER = 64_000  # characters of one header field that are looked at
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+\-]{0,39}")
_KNOWN = re.compile(
    r"(ascii|utf-(7|8|8-sig|16|16-be|16-le|32|32-be|32-le)|iso8859-\d+|latin.?1|cp\d+|koi8-[a-z]|mac-?\w+|tis-620"
    r"|gb2312|gbk|gb18030|hz|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|johab|ptcp154|kz1048|windows-?\d+)"
)
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_UNSAFE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"[\s\x85\u2028\u2029]+")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]{1,64}@[^\s<>@,;:\"()\[\]\\]{1,253}")


@lru_cache(maxsize=256)
def codec(charset: str) -> str:
    """Python's name of a character set, or "" for one that is unknown or that is no character set at all (zip, idna)."""
    charset = charset.split("*")[0].strip().strip("\"'")
    if not _NAME.fullmatch(charset):
        return ""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    return name if _KNOWN.fullmatch(name) else ""


def decode(data: bytes, charset: str = "") -> str:
    """The text of bytes that claim a character set, which they may not keep to."""
    named = codec(charset)
    attempts = ["utf-8"] if named in ("", "ascii") else [named, "utf-8"]
    for name in attempts:
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    if named not in ("", "ascii") and not (named == "utf-8" and _looks_western(data)):
        return data.decode(named, "replace")
    return data.decode("cp1252", "replace")


def _looks_western(data: bytes) -> bool:
    """Claimed UTF-8 in which most bytes above ASCII are no UTF-8: one byte a letter is likelier."""
    lost = data.decode("utf-8", "replace").count("\ufffd")
    return lost * 2 > sum(byte > 127 for byte in data[:65536])


def clean(text: str) -> str:
    """Text of several lines without NUL, other controls and lone surrogates; line ends become LF."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """A header field's text: no CR, LF, NUL, other control or change of writing direction."""
    if _plain(text):
        return text.strip()
    return _BIDI.sub("", _UNSAFE.sub("", _BREAKS.sub(" ", text))).strip()


def _plain(text: str) -> bool:
    """Most fields: there is nothing to mend."""
    return text.isascii() and text.isprintable() and "  " not in text


def header(raw: bytes | str) -> str:
    """A field's value with its encoded words decoded, safe to store and to send on."""
    value = decode(raw) if isinstance(raw, bytes) else raw
    if _plain(value) and "=?" not in value:
        return value[:MAX_HEADER].strip()
    value = _BREAKS.sub(" ", value[:MAX_HEADER])
    if "=?" not in value:
        return one_line(value)
    return one_line("".join(_pieces(value)))


def _pieces(value: str) -> list[str]:
    """Plain stretches and decoded words; words side by side in one charset are joined before they are decoded."""
    pieces: list[str] = []
    waiting, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        same = match[1].lower() == charset and not between.strip() and end > 0
        if not same and waiting:
            pieces.append(decode(waiting, charset))
            waiting = b""
        if between.strip() or end == 0:
            pieces.append(between)
        waiting += _unpack(match[2], match[3])
        charset, end = match[1].lower(), match.end()
    if waiting:
        pieces.append(decode(waiting, charset))
    pieces.append(value[end:])
    return pieces


def _unpack(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return base64(data)


def base64(data: bytes) -> bytes:
    """What can be read of base64: foreign characters are skipped, padding may lack or stand in the middle."""
    out = []
    for piece in re.split(rb"=+", re.sub(rb"[^A-Za-z0-9+/=]", b"", data)):
        whole = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        out.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(out)


def addresses(raw: bytes | str, limit: int = 200) -> list[tuple[str, str]]:
    """(display name, address) of a field. It is cut at its commas first and decoded after, so that no encoded
    comma or angle bracket makes an address."""
    value = decode(raw) if isinstance(raw, bytes) else raw
    found = []
    for entry in _entries(value[:MAX_HEADER]):
        name, address = _mailbox(entry)
        if address:
            found.append((name, address))
        if len(found) == limit:
            break
    return found


def _entries(value: str) -> list[str]:
    """Cut at commas and semicolons that stand outside of quotes, comments and angle brackets."""
    if "," not in value and ";" not in value:
        return [value]
    entries, start, quoted, depth, angle, escaped = [], 0, False, 0, False, False
    for at, char in enumerate(value):
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char in "<>" and not depth:
            angle = char == "<"
        elif char in ",;" and not depth and not angle:
            entries.append(value[start:at])
            start = at + 1
    entries.append(value[start:])
    return entries


def _mailbox(entry: str) -> tuple[str, str]:
    before, angle, after = entry.rpartition("<")
    if angle:
        address = _ADDRESS.search(after)
        name = before
    else:
        address = _ADDRESS.search(entry)
        comment = re.search(r"\(([^()]*)\)", entry)
        name = comment[1] if comment else ""
    if not address:
        return "", ""
    name = header(name.rpartition(":")[2] if ":" in name and '"' not in name and "=?" not in name else name)
    local, _, domain = one_line(address[0]).rpartition("@")
    return name.replace('\\"', '"').strip("\"' "), f"{local}@{domain.lower().rstrip('.')}"
