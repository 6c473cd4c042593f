"""Taking a backup while the desk serves: the database's still picture first, then the files, which are only ever added."""

import gzip
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any, cast

import msgspec

from desk.backups import Outcome
from sop.errors import N_, DeskError
from store import snapshot
from store.snapshot import Facts
from tanggap import archive, sealing
from tanggap.archive import About, Told
from tanggap.settings import Settings

PACKING = 1  # gzip's quickest: words shrink to a fifth, pictures not at all
NIGHTLY = re.compile(r"tanggap-\d{8}-\d{6}\.tar\.gz(\.age)?")
PACKED, SEALED = ".tar.gz", ".age"
SPARE = 50_000_000  # bytes of the disk that a backup leaves free


class NoRoom(DeskError):
    def __init__(self, folder: Path, needed: int, free: int) -> None:
        super().__init__(
            N_(
                "Ruang di {folder} tidak cukup: cadangan ini memerlukan sampai {needed} MB, yang kosong {free} MB."
            ),
            folder=folder,
            needed=needed // 1_000_000 + 1,
            free=free // 1_000_000,
        )


class Exists(DeskError):
    def __init__(self, path: Path) -> None:
        super().__init__(N_("{path} sudah ada dan tidak ditimpa. Pilih nama lain."), path=path)


class NamedSealed(DeskError):
    """Who reads the name believes that nobody else can open it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_(
                "{path} bernama .age, tetapi tidak ada penerima yang disebut. Tambahkan --recipient age1..., atau "
                "hilangkan .age dari namanya."
            ),
            path=path,
        )


@dataclass(frozen=True)
class Taken:
    """`members` counts what is in it; `size` is of the file, in bytes."""

    path: Path
    size: int
    members: int
    about: About


def outcome(taken: Taken, seconds: float) -> Outcome:
    """What the desk keeps of it."""
    return Outcome(
        at=taken.about.at,
        good=True,
        file=str(taken.path),
        size=taken.size,
        seconds=round(seconds, 1),
        lost=len(taken.about.lost) + len(taken.about.spoiled),
    )


def quiet(_stage: str, _done: int, _of: int) -> None:
    """Nobody watches."""


def take(
    settings: Settings, target: Path, *, now: datetime, recipient: str = "", told: Told = quiet
) -> Taken:
    """Write `target` and read it back; it appears whole or not at all, readable by its owner alone.

    A name that ends in ".tar.gz" or ".tar.gz.age" is packed. With `recipient` only that key opens it, and it carries config.yaml
    and .env too. Raises Exists, NamedSealed, NoRoom, Damaged, NeedsProgram, ProgramFailed, NotARecipient, NeedsSealing, OSError.
    """
    if target.exists():
        raise Exists(target)
    if target.suffix == SEALED and not recipient:
        raise NamedSealed(target)
    recipients = [sealing.recipient(recipient)] if recipient else []
    key = sealing.throwaway() if recipient else None
    if key:
        recipients.append(key.to_public())
    _room(settings, target.parent)
    work = Path(mkdtemp(prefix=".tanggap-", dir=target.parent))
    try:
        part = work / "part"
        about = _written(settings, part, work / "dump", now, recipients, target.name, told)
        manifest = archive.read(part, key, told=lambda done, of: told("verify", done, of))
        part.replace(target)
        _settle(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Taken(target, target.stat().st_size, len(manifest.members), about)


def _written(
    settings: Settings,
    part: Path,
    dump: Path,
    now: datetime,
    recipients: Sequence[Any],
    name: str,
    told: Told,
) -> About:
    url = settings.store.url
    with snapshot.still(url) as picture:
        facts = snapshot.facts(picture.view)
        known = dict(snapshot.kept_files(picture.view))
        picture.dump(dump, lambda done, of: told("database", done, of))
    about = _about(settings, facts, now)
    with ExitStack() as stack:
        stream = stack.enter_context(_outgoing(part, recipients, packed=PACKED in name))
        out = stack.enter_context(archive.Writer(stream, int(now.timestamp())))
        out.words(archive.ABOUT, msgspec.json.encode(about))
        if recipients:
            _add_settings(out, settings)
        _add_database(out, about.engine, dump, told)
        lost, spoiled = _add_files(out, settings.store.files, known, told)
        about = msgspec.structs.replace(about, lost=lost, spoiled=spoiled)
        out.end(about)
    return about


def _about(settings: Settings, facts: Facts, now: datetime) -> About:
    return About(
        format=archive.FORMAT,
        program=program_version(),
        desk=archive.fingerprint(settings.desk.secret.get_secret_value()),
        name=settings.desk.name,
        engine=snapshot.engine(settings.store.url),
        at=now.isoformat(),
        facts=facts,
    )


def program_version() -> str:
    try:
        return metadata.version("tanggap")
    except metadata.PackageNotFoundError:
        return "0"


def _add_database(out: archive.Writer, engine: str, dump: Path, told: Told) -> None:
    size, done = dump.stat().st_size, 0

    def more(part: int) -> None:
        nonlocal done
        done += part
        told("pack", done, size)

    with dump.open("rb") as file:
        out.add(archive.DATABASES[engine], file, size, more)
    dump.unlink()


def _add_settings(out: archive.Writer, settings: Settings) -> None:
    """Secrets go into a sealed backup only."""
    for name, path in zip(
        archive.SETTINGS, (settings.folder / settings.file, settings.folder / ".env"), strict=True
    ):
        if path.is_file():
            out.words(name, path.read_bytes())


def _add_files(
    out: archive.Writer, root: Path, known: dict[str, str], told: Told
) -> tuple[list[str], list[str]]:
    """All that lie there, whether or not a row of the picture refers to them; which of its own are lost or spoiled."""
    found = {f"{path.parent.name}/{path.name}": path for path in sorted(root.glob("*/*"))}
    sizes = {name: path.stat().st_size for name, path in found.items() if path.is_file()}
    total, done = sum(sizes.values()), 0

    def more(size: int) -> None:
        nonlocal done
        done += size
        told("files", done, total)

    spoiled = []
    for name, size in sizes.items():
        if not archive.PLACE.fullmatch(f"files/{name}"):
            continue
        with _opened(found[name]) as file:
            if file is None:
                continue  # erased since the folder was listed
            hashed = out.add(f"files/{name}", file, size, more)
        if known.get(name) and known[name] != hashed:
            spoiled.append(name)
    return sorted(name for name in known if f"files/{name}" not in out.members), spoiled


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes] | None]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        yield file


@contextmanager
def _outgoing(part: Path, recipients: Sequence[Any], *, packed: bool) -> Iterator[IO[bytes]]:
    """On disk when this ends."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with ExitStack() as stack:
            stream: IO[bytes] = file
            if recipients:
                stream = stack.enter_context(sealing.sealed(file, recipients))
            if packed:
                packing = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=PACKING, mtime=0)
                stream = cast(IO[bytes], stack.enter_context(packing))
            yield stream
        file.flush()
        os.fsync(file.fileno())


def _room(settings: Settings, folder: Path) -> None:
    """The database lies there twice for a while: as its dump, and in the archive."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = settings.store.url
    database = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else None
    size = 2 * database.stat().st_size if database and database.is_file() else 0
    size += sum(path.stat().st_size for path in settings.store.files.glob("*/*") if path.is_file())
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        raise NoRoom(folder, size + SPARE, free)


def _settle(folder: Path) -> None:
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def named(now: datetime, *, sealed: bool, before: str = "") -> str:
    """ "tanggap-20261120-0200.tar.gz": the name of a backup that nobody named."""
    kind = f"sebelum-{before}" if before else "tanggap"
    return f"{kind}-{now:%Y%m%d-%H%M%S}.tar.gz" + (".age" if sealed else "")


def nightly_ones(folder: Path) -> list[Path]:
    """Backups that nobody named, oldest first."""
    return sorted(path for path in folder.glob("tanggap-*.tar.gz*") if NIGHTLY.fullmatch(path.name))
