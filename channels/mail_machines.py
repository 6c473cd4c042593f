"""What machines say in a mail: that one wrote it, what became of ours, who vouches for its sender."""

import re

from msgspec import Struct

from channels import mail_body as body
from channels import mail_words as words
from channels.mail_parts import Part

IDS = re.compile(r"<[^<>\s\x00-\x1f]{1,300}>")
_ANSWER = re.compile(
    r"\s*(?:re|bls|balas|balasan|fwd?|fw|tr|trs|terusan|aw|sv|antw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
_MACHINE = re.compile(
    r"(?:mailer-?daemon|postmaster|no-?reply|do-?not-?reply|noreply-\w+|bounces?|.*-bounces?|auto-?reply)[+=.\w-]*@"
    r"|(?:mailer-?daemon|no-?reply)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\s*(?:balasan otomatis|jawaban otomatis|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office"
    r"|sedang cuti otomatis|undelivered mail|mail delivery|delivery status notification|undeliverable|tidak terkirim)\b",
    re.IGNORECASE,
)


class Result(Struct, frozen=True):
    """One method's result as our own server wrote it: ("dmarc", "pass", {"header.from": "contoh.ac.id"})."""

    method: str
    verdict: str
    properties: dict[str, str]


class Report(Struct, frozen=True, kw_only=True):
    """What another server says became of a mail: `action` failed, delayed, delivered, relayed, expanded or read."""

    action: str
    recipient: str = ""
    status: str = ""
    diagnostic: str = ""
    original_id: str = ""


def answers(subject: str) -> bool:
    return bool(_ANSWER.match(subject))


def is_machine(top: Part, sender: str, subject: str) -> bool:
    """RFC 3834 and the signs machines used before it. Such a mail is stored and never answered."""

    def said(name: str) -> str:
        return words.header(top.first(name)).lower()

    submitted = said("auto-submitted").partition(";")[0].strip()
    suppress = said("x-auto-response-suppress")
    return bool(
        (submitted and submitted != "no")
        or said("precedence") in ("bulk", "junk", "list", "auto_reply", "auto-reply")
        or any(name.startswith("list-") for name, _ in top.fields)
        or said("return-path") == "<>"
        or (suppress and suppress != "none")
        or any(said(name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder"))
        or top.content_type == "multipart/report"
        or _MACHINE.match(sender)
        or _AWAY.match(subject)
    )


def authentication(top: Part, authserv_id: str) -> tuple[Result, ...]:
    """Results that our own server wrote. Comments and quoted text are cut first: a sender fills them."""
    if not authserv_id:
        return ()
    found = []
    for raw in top.every("authentication-results")[:20]:
        server, *results = _without_comments(words.decode(raw[: words.MAX_HEADER])).split(";")
        if server.lower().split()[:1] == [authserv_id.lower()]:
            found += [result for text in results[:50] if (result := _result(text))]
    return tuple(found)


def _without_comments(value: str) -> str:
    """Comments may nest; an unclosed one takes the rest, so that it proves nothing."""
    kept, depth, quoted, escaped = [], 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            kept += [] if depth else [" "]
            depth = max(0, depth + (1 if char == "(" else -1))
        elif not depth:
            kept.append(char)
    return "".join(kept)


def _result(text: str) -> Result | None:
    spaced = " ".join(text.lower().split())
    pairs = [pair.partition("=") for pair in re.sub(r" ?= ?", "=", spaced).split()]
    if not pairs or not pairs[0][1]:
        return None
    method, _, verdict = pairs[0]
    return Result(method.partition("/")[0], verdict, {name: value for name, sign, value in pairs[1:] if sign})


def reports(leaves: list[Part]) -> tuple[Report, ...]:
    """RFC 3464 (delivery) and RFC 8098 (read receipts), with the id of the mail they speak of where it was sent back."""
    original = next((found for part in leaves if (found := _original(part))), "")
    made: list[Report] = []
    for part in leaves:
        if part.content_type == "message/delivery-status":
            made += _delivery(body.content(part), original)
        elif part.content_type == "message/disposition-notification":
            said = _fields(body.content(part)[:100_000])
            if "displayed" in said.get("disposition", "").lower():
                ids = IDS.findall(said.get("original-message-id", "")) or [original]
                made.append(Report(action="read", recipient=_recipient(said), original_id=ids[0]))
    return tuple(made[:500])


def _original(part: Part) -> str:
    if part.content_type not in (
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
    ):
        return ""
    ids = IDS.findall(_fields(body.content(part)[:100_000]).get("message-id", ""))
    return ids[0] if ids else ""


def _delivery(data: bytes, original: str) -> list[Report]:
    """The first block speaks of the mail, each other of one recipient."""
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", data[:1_000_000])
    made = []
    for said in map(_fields, blocks):
        if action := said.get("action", "").lower():
            made.append(
                Report(
                    action=action.split()[0],
                    recipient=_recipient(said),
                    status=said.get("status", "").split(" ")[0],
                    diagnostic=said.get("diagnostic-code", "").partition(";")[2].strip()
                    or said.get("diagnostic-code", ""),
                    original_id=original,
                )
            )
    return made


def _recipient(said: dict[str, str]) -> str:
    value = said.get("original-recipient") or said.get("final-recipient", "")
    return words.one_line(value.rpartition(";")[2]).strip("<> ")


def _fields(block: bytes) -> dict[str, str]:
    """Fields of a block by lower-case name; the first of each counts."""
    made: dict[str, str] = {}
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", block)
    for line in unfolded.splitlines():
        name, colon, value = line.partition(b":")
        if not line.strip() and made:
            break
        if colon:
            made.setdefault(words.header(name).lower(), words.header(value))
    return made
