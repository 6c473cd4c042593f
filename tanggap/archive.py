"""A backup's archive: a tar of `about.json`, the database, the files, and at its end a manifest with the hash of each.

The manifest comes last, so that a backup which was cut off has none.
"""

import gzip
import hmac
import io
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, BinaryIO, Self, cast

import msgspec
from msgspec import Struct

from sop.errors import N_, DeskError
from store.snapshot import Facts
from tanggap import sealing

Told = Callable[[str, int, int], None]  # stage, so many bytes or pages are done, of so many

FORMAT = 1
ABOUT, MANIFEST = "about.json", "manifest.json"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
SETTINGS = ("config.yaml", ".env")
PLACE = re.compile(r"files/[0-9A-Za-z]+/[0-9A-Za-z]+")
CHUNK = 1 << 20
LARGEST_WORDS = 64_000_000  # bytes of about.json or of the manifest


class About(Struct, frozen=True, kw_only=True):
    """`desk` tells desks apart: a keyed hash of the secret, from which the secret cannot be had."""

    format: int
    program: str
    desk: str
    name: str
    engine: str
    at: str
    facts: Facts
    lost: list[str] = []  # files that a row refers to and that are not in the folder
    spoiled: list[str] = []  # files that are not what their row says


class Member(Struct, frozen=True):
    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    about: About
    members: dict[str, Member]


class NotABackup(DeskError):
    def __init__(self, path: Path) -> None:
        super().__init__(N_("{path} bukan cadangan tanggap."), path=path)


class CutShort(DeskError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            N_(
                "{path} terpotong: akhirnya hilang, sehingga tidak ada yang dipulihkan. Salin ulang, atau pakai cadangan lain."
            ),
            path=path,
        )


class Altered(DeskError):
    def __init__(self, path: Path, member: str) -> None:
        super().__init__(
            N_("{path} rusak pada {member}: isinya tidak cocok dengan daftarnya. Pakai cadangan lain."),
            path=path,
            member=member,
        )


class NewerFormat(DeskError):
    def __init__(self, program: str) -> None:
        super().__init__(
            N_(
                "Cadangan ini dibuat tanggap {program}, yang lebih baru daripada program ini. Pasang versi itu dahulu."
            ),
            program=program,
        )


def fingerprint(secret: str) -> str:
    return hmac.digest(secret.encode(), b"tanggap backup", "sha256").hex()[:32]


class Writer:
    """Adds members to a tar that goes out as a stream, and remembers their hashes."""

    def __init__(self, stream: IO[bytes], at: int) -> None:
        self._out = _Out(stream)
        self._tar = tarfile.open(  # noqa: SIM115  # closed by `end`, or when this is left
            fileobj=cast(IO[bytes], self._out), mode="w|", format=tarfile.PAX_FORMAT
        )
        self._at = at
        self.members: dict[str, Member] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Left in the middle, it writes no end: a reader says that it is cut short."""
        self._out.whole = kind is None
        self._tar.__exit__(kind, None, None)

    def add(
        self, name: str, source: IO[bytes], size: int, told: Callable[[int], None] = lambda _: None
    ) -> str:
        """Exactly `size` bytes of `source`; their SHA-256. Raises OSError when there are fewer."""
        reader = _Hashed(source, told)
        self._tar.addfile(self._head(name, size), reader)  # type: ignore[arg-type]  # it only reads
        self.members[name] = Member(size, reader.digest.hexdigest())
        return self.members[name].sha256

    def words(self, name: str, content: bytes) -> None:
        self.add(name, io.BytesIO(content), len(content))

    def end(self, about: About) -> Manifest:
        manifest = Manifest(about, dict(self.members))
        content = msgspec.json.encode(manifest)
        self._tar.addfile(self._head(MANIFEST, len(content)), io.BytesIO(content))
        self._tar.close()
        return manifest

    def _head(self, name: str, size: int) -> tarfile.TarInfo:
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size, 0o600, self._at
        return head


class _Out:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.whole = stream, True

    def write(self, part: bytes) -> int:
        return self._stream.write(part) if self.whole else len(part)


class _Hashed:
    def __init__(self, source: IO[bytes], told: Callable[[int], None]) -> None:
        self._source, self._told = source, told
        self.digest = sha256()

    def read(self, size: int) -> bytes:
        part = self._source.read(size)
        self.digest.update(part)
        self._told(len(part))
        return part


def read(
    path: Path,
    key: Any = None,
    *,
    meet: Callable[[About], None] = lambda _: None,
    place: Callable[[str], Path | None] = lambda _: None,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> Manifest:
    """Read all of it and compare each member with the manifest.

    `meet` sees what it is of before the rest is read; `place` says where a member is written, None: nowhere.
    Raises NotABackup, CutShort, Altered, NewerFormat, NeedsKey, WrongKey and what `meet` raises.
    """
    try:
        with _stream(path, key, told) as stream:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                manifest = _read(path, tar, meet, place)
            while stream.read(CHUNK):  # to the end, where packing and sealing keep their own checks
                pass
            return manifest
    except EOFError as error:
        raise CutShort(path) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise Altered(path, "gzip") from error
    except tarfile.ReadError as error:
        if "unexpected end" in str(error) or "truncated" in str(error):
            raise CutShort(path) from error
        raise NotABackup(path) from error


def _read(
    path: Path, tar: tarfile.TarFile, meet: Callable[[About], None], place: Callable[[str], Path | None]
) -> Manifest:
    found: dict[str, Member] = {}
    about: About | None = None
    for head in tar:
        source = tar.extractfile(head) if head.isreg() else None
        if source is None or not _allowed(head.name) or (about is None and head.name != ABOUT):
            raise NotABackup(path)
        if head.name == MANIFEST:
            return _compared(path, _words(path, source, head.size, Manifest), found)
        if head.name == ABOUT:
            content = source.read(LARGEST_WORDS)
            about = _about(path, content)
            meet(about)
            found[ABOUT] = Member(len(content), sha256(content).hexdigest())
        else:
            found[head.name] = _take(source, head.size, place(head.name))
    if about is None:
        raise NotABackup(path)
    raise CutShort(path)


def _take(source: IO[bytes], size: int, target: Path | None) -> Member:
    digest, done = sha256(), 0
    with ExitStack() as stack:
        into = stack.enter_context(target.open("xb")) if target else None
        while part := source.read(CHUNK):
            digest.update(part)
            done += len(part)
            if into:
                into.write(part)
    if done < size:
        raise EOFError
    return Member(done, digest.hexdigest())


def _compared(path: Path, manifest: Manifest, found: dict[str, Member]) -> Manifest:
    for name in sorted(manifest.members.keys() | found.keys()):
        if manifest.members.get(name) != found.get(name):
            raise Altered(path, name)
    return manifest


def _about(path: Path, content: bytes) -> About:
    """The format is looked at first: a newer one may say everything else in other words."""
    try:
        said = msgspec.json.decode(content)
        if said["format"] > FORMAT:
            raise NewerFormat(str(said.get("program", "?"))[:40])
        return msgspec.convert(said, About)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise NotABackup(path) from error


def _words(path: Path, source: IO[bytes], size: int, form: type[Manifest]) -> Manifest:
    if size > LARGEST_WORDS:
        raise NotABackup(path)
    content = source.read(size)
    if len(content) < size:
        raise EOFError
    try:
        return msgspec.json.decode(content, type=form)
    except msgspec.MsgspecError as error:
        raise Altered(path, MANIFEST) from error


def _allowed(name: str) -> bool:
    return name in {ABOUT, MANIFEST, *DATABASES.values(), *SETTINGS} or PLACE.fullmatch(name) is not None


@contextmanager
def _stream(path: Path, key: Any, told: Callable[[int, int], None]) -> Iterator[IO[bytes]]:
    """The tar within: opened with the key where it is sealed, unpacked where it is packed."""
    if sealing.is_sealed(path) and key is None:
        raise sealing.NeedsKey(path)
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        source: Any = _Counted(raw, path.stat().st_size, told)
        if sealing.is_sealed(path):
            source = stack.enter_context(sealing.opened(source, key, path))
        source = io.BufferedReader(source) if isinstance(source, io.RawIOBase) else source
        if source.peek(2)[:2] == b"\x1f\x8b":
            source = stack.enter_context(gzip.GzipFile(fileobj=source))
        yield source


class _Counted(io.RawIOBase):
    """A file that says how far it was read."""

    def __init__(self, raw: BinaryIO, size: int, told: Callable[[int, int], None]) -> None:
        self._raw, self._size, self._told, self._done = raw, size, told, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._raw.read(len(buffer))
        buffer[: len(part)] = part
        self._done += len(part)
        self._told(self._done, self._size)
        return len(part)
