"""A leaf of a mail as bytes and as text: transfer encoding, character set, flowed lines."""

import binascii
import re

from channels import mail_html
from channels import mail_words as words
from channels.mail_parts import Part

MAX_TEXT = 1_500_000  # bytes of text parts that are read as text; longer ones are kept as files
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=]*")
_META = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:\-]{1,40})", re.IGNORECASE)


def content(part: Part) -> bytes:
    """The bytes a part stands for. A broken encoding gives what can be read of it."""
    encoding = words.header(part.first("content-transfer-encoding")).lower().strip(" \"';")
    if encoding == "base64":
        return _base64_text(part.body) if part.content_type.startswith("text/") else words.base64(part.body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(part.body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecode(part.body)
    return part.body


def _base64_text(body: bytes) -> bytes:
    """Lists and virus scanners append readable lines to base64; such lines are kept as they are."""
    coded: list[bytes] = []
    plain: list[bytes] = []
    for line in body.split(b"\n"):
        line = line.strip()
        readable = b" " in line and not _BASE64_LINE.fullmatch(line)
        (plain if readable else coded).append(line)
    decoded = words.base64(b"".join(coded))
    return decoded + b"".join(b"\n" + line for line in plain)


def _uudecode(body: bytes) -> bytes:
    out = []
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            return body
    return b"".join(out)


def text(part: Part) -> str:
    """The words of a text part; HTML becomes plain."""
    data = content(part)
    charset = part.params.get("charset", "")
    if part.content_type == "text/html":
        named = _META.search(data[:4000])
        found = charset or (named[1].decode("ascii") if named else "")
        return words.clean(mail_html.text_of(words.clean(words.decode(data, found))))
    plain = words.clean(words.decode(data, charset))
    if part.params.get("format", "").lower() == "flowed":
        return _unflow(plain, spaces=part.params.get("delsp", "").lower() != "yes")
    return plain


def html(part: Part) -> str:
    return words.clean(words.decode(content(part), part.params.get("charset", "")))


def _unflow(plain: str, *, spaces: bool) -> str:
    """Join the lines of a paragraph again (RFC 3676): a line that ends in a space goes on in the next of its depth."""
    paragraphs: list[list[str]] = []
    depth_before, soft = -1, False
    for line in plain.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        if soft and depth == depth_before:
            paragraphs[-1].append(body)
        else:
            paragraphs.append([f"{'>' * depth} {body}" if depth else body])
        soft, depth_before = body.endswith(" ") and body != "-- ", depth
        if soft and not spaces:
            paragraphs[-1][-1] = paragraphs[-1][-1][:-1]
    return "\n".join("".join(lines) for lines in paragraphs)
