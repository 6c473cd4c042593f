"""The parts of a mail, found in one pass over its bytes: no recursion, so no depth of nesting matters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import collapse_rfc2231_value, decode_params
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath

from channels import mail_words as words

MAX_LINES = 60_000  # lines that begin with two dashes; what follows them stays together in the last part
MAX_FIELDS = 2_000
_DASHES = re.compile(rb"^--([^\r\n]*)", re.MULTILINE)
_HEAD_END = re.compile(rb"^(\r?\n|(?=--))", re.MULTILINE)  # a boundary ends a head too
_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:", re.MULTILINE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+\-]{1,100}/[a-z0-9!#$&^_.+\-]{1,100}")
_TOKEN = re.compile(r";\s*([^=;\s\"]{1,100})\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)")
_IN_NAME = re.compile(r"[\x00-\x1f<>:\"|?*\\/\x7f]")


@dataclass
class Part:
    """A leaf of the tree: its header fields and its bytes as they came."""

    fields: list[tuple[str, bytes]]
    body: bytes = b""
    alternative: int = 0  # number of the outermost multipart/alternative around it, 0 for none
    between: bool = False  # stands before, between or after the parts of a multipart
    content_type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)

    def first(self, name: str) -> bytes:
        return self._firsts.get(name, b"")

    @cached_property
    def _firsts(self) -> dict[str, bytes]:
        return dict(reversed(self.fields))

    def every(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    @property
    def disposition(self) -> str:
        return words.header(self.first("content-disposition")).partition(";")[0].strip().lower()

    @property
    def file_name(self) -> str:
        """A bare name without folders, controls or tricks of direction; "" when the sender gave none."""
        given = parameters(self.first("content-disposition")).get("filename") or self.params.get("name", "")
        return safe_name(given)


@dataclass
class _Open:
    """A multipart whose closing line was not met yet."""

    boundary: bytes
    alternative: int
    digest: bool


@dataclass
class _Tree:
    """The multiparts that are open, innermost last, and where each boundary stands among them."""

    stack: list[_Open] = field(default_factory=list)
    places: dict[bytes, list[int]] = field(default_factory=dict)
    alternatives: int = 0

    def enter(self, part: Part) -> bool:
        """Whether the part is a multipart, which then is open until its closing line."""
        boundary = part.params.get("boundary", "").rstrip().encode("utf-8", "replace")
        if not part.content_type.startswith("multipart/") or not boundary:
            return False
        number = part.alternative
        if part.content_type == "multipart/alternative" and not number:
            self.alternatives += 1
            number = self.alternatives
        self.places.setdefault(boundary, []).append(len(self.stack))
        self.stack.append(_Open(boundary, number, part.content_type == "multipart/digest"))
        return True

    def meets(self, line: bytes) -> tuple[int, bool] | None:
        """The place of the multipart that a line of dashes belongs to, and whether it closes it."""
        mark = line.rstrip()
        if places := self.places.get(mark):
            return places[-1], False
        if mark.endswith(b"--") and (places := self.places.get(mark[:-2])):
            return places[-1], True
        return None

    def leave(self, depth: int) -> None:
        while len(self.stack) > depth:
            self.places[self.stack.pop().boundary].pop()


def safe_name(given: str) -> str:
    name = words.header(given).replace("\\", "/")
    name = _IN_NAME.sub("_", PurePosixPath(name).name).lstrip(". ").rstrip(". ")
    if len(name) > 120:
        stem, dot, extension = name.rpartition(".")
        name = stem[: 119 - len(extension)] + dot + extension if dot and len(extension) < 20 else name[:120]
    return name


def split(raw: bytes) -> tuple[Part, list[Part]]:
    """The mail's own fields, and its leaves in their order."""
    raw = raw.lstrip(b"\r\n")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    top, at = _head(raw, 0)
    return top, list(_walk(raw, top, at))


def _walk(raw: bytes, top: Part, at: int) -> Iterator[Part]:
    tree = _Tree()
    part = None if tree.enter(top) else top
    if part is None:
        for count, line in enumerate(_DASHES.finditer(raw, at)):
            met = tree.meets(line[1]) if line.start() >= at and count < MAX_LINES else None
            if met is None:
                continue
            yield from _leaf(part, raw[at : line.start()])
            depth, closing = met
            tree.leave(depth if closing else depth + 1)
            part, at = None, line.end()
            if not closing:
                inner, at = _head(raw, raw.find(b"\n", at) + 1 or len(raw), tree.stack[-1])
                part = None if tree.enter(inner) else inner
    yield from _leaf(part, raw[at:])


def _leaf(part: Part | None, body: bytes) -> Iterator[Part]:
    """Words that stand between the parts are a leaf too: only a broken mail writes there."""
    if part is None:
        if not body.strip():
            return
        part = Part([], between=True)
    part.body = body.removesuffix(b"\n").removesuffix(b"\r")
    yield part


def _head(raw: bytes, at: int, parent: _Open | None = None) -> tuple[Part, int]:
    """A part's fields and where its body begins."""
    blank = _HEAD_END.search(raw, at)
    end, body = (blank.start(), blank.end()) if blank else (len(raw), len(raw))
    fields = _fields(raw[at : min(end, at + 1_000_000)], lenient=parent is None)
    if not fields and end > at:
        body = at
    part = Part(fields, alternative=parent.alternative if parent else 0)
    value = part.first("content-type")
    kind = words.header(value[:2000]).partition(";")[0].strip().lower()
    default = "message/rfc822" if parent and parent.digest else "text/plain"
    part.content_type = kind if _TYPE.fullmatch(kind) else default
    part.params = parameters(value)
    return part, body


def _fields(head: bytes, *, lenient: bool) -> list[tuple[str, bytes]]:
    """Lower-case names and raw values. Lines that are no field belong to the one above; only a mail's own head
    (`lenient`) may begin with one, as mbox does."""
    marks = list(islice(_FIELD.finditer(head), MAX_FIELDS))
    if not marks or (marks[0].start() > 0 and not (lenient and len(marks) > 1)):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(head)]
    return [
        (mark[1].decode("ascii").lower(), head[mark.end() : end].strip())
        for mark, end in zip(marks, ends, strict=True)
    ]


def parameters(value: bytes) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, RFC 2231 included."""
    text = words.decode(value[:16_000]).replace("\r", " ").replace("\n", " ")
    pairs = [(match[1].lower(), match[2].strip()) for match in _TOKEN.finditer(text)]
    plain = {name: _unquote(given) for name, given in reversed(pairs) if "*" not in name}
    starred = [(name, given) for name, given in pairs if "*" in name][:200]
    if not starred:
        return plain
    try:
        joined = decode_params([("", ""), *starred])[1:]
        return plain | {name: collapse_rfc2231_value(_charset_known(given)) for name, given in joined}
    except (ValueError, TypeError, LookupError, UnicodeError):
        return plain


def _charset_known(given: object) -> str | tuple[str | None, str | None, str]:
    """decode_params gives text, or (charset, language, text) where the charset may be nonsense."""
    if isinstance(given, tuple):
        return (words.codec(given[0] or "") or "utf-8", given[1], _unquote(given[2]))
    return _unquote(str(given))


def _unquote(given: str) -> str:
    if given.startswith('"'):
        return re.sub(r"\\(.)", r"\1", given[1:].removesuffix('"'))
    return given
