"""Putting a backup back: into an empty place only, after all of it was read and compared."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sop.errors import N_, DeskError
from store import schema, snapshot, trail
from store.db import View
from tanggap import archive
from tanggap.archive import About, Manifest, Told
from tanggap.settings import Settings

LINKS = 10_000  # events of the chain that are checked at once


class NotEmpty(DeskError):
    def __init__(self, place: str) -> None:
        super().__init__(
            N_(
                "{place} sudah berisi. Cadangan hanya dipulihkan ke tempat yang kosong: hentikan meja, pindahkan isi "
                "lamanya, lalu ulangi perintah ini."
            ),
            place=place,
        )


class AnotherDesk(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_(
                "Cadangan ini milik meja lain ({name}): rahasianya berbeda dengan TANGGAP_SECRET di sini. Isikan rahasia "
                "meja itu di .env, atau tambahkan --another-desk; tautan dan alamat balasan lama lalu tidak berlaku."
            ),
            name=name,
        )


class NewerDesk(DeskError):
    def __init__(self, about: About) -> None:
        super().__init__(
            N_(
                "Cadangan ini dibuat tanggap {program} dengan basis data versi {found}; program ini baru mengenal versi "
                "{head}. Pasang versi tanggap yang lebih baru dahulu."
            ),
            program=about.program,
            found=about.facts.revision,
            head=schema.HEAD,
        )


class AnotherEngine(DeskError):
    def __init__(self, engine: str) -> None:
        super().__init__(
            N_(
                "Cadangan ini dari {engine}. Pulihkan ke {engine} dahulu, lalu pindahkan dengan: tanggap store copy"
            ),
            engine=engine,
        )


@dataclass(frozen=True)
class Restored:
    about: About
    files: int


def examined(settings: Settings, path: Path, key: Any, *, another_desk: bool = False, told: Told) -> Manifest:
    """Read all of it, writing nothing. Raises what `archive.read` and `into_empty` raise."""

    def meet(about: About) -> None:
        if about.facts.revision > schema.HEAD:
            raise NewerDesk(about)
        if about.engine != snapshot.engine(settings.store.url):
            raise AnotherEngine(about.engine)
        if about.desk != archive.fingerprint(settings.desk.secret.get_secret_value()) and not another_desk:
            raise AnotherDesk(about.name)

    into_empty(settings)
    return archive.read(path, key, meet=meet, told=lambda done, of: told("verify", done, of))


def into_empty(settings: Settings) -> None:
    """Raises NotEmpty."""
    url, files = settings.store.url, settings.store.files
    if not snapshot.is_empty(url):
        raise NotEmpty(url.removeprefix("sqlite:///") if url.startswith("sqlite:") else "PostgreSQL")
    if files.is_dir() and next(files.iterdir(), None):
        raise NotEmpty(str(files))


def put_back(settings: Settings, path: Path, key: Any, *, told: Told) -> Restored:
    """Write what `examined` let pass. Killed before its end, the place is as empty as before but for a `.tanggap-` folder."""
    files, url = settings.store.files, settings.store.url
    home = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:") else files.parent
    for folder in (home, files.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = Path(mkdtemp(prefix=".tanggap-", dir=home))
    beside = Path(mkdtemp(prefix=".tanggap-", dir=files.parent))
    try:
        manifest = archive.read(
            path,
            key,
            place=lambda name: _place(name, work, beside / "files"),
            told=lambda done, of: told("files", done, of),
        )
        (beside / "files").mkdir(mode=0o700, exist_ok=True)
        if files.is_dir():
            files.rmdir()  # empty, or this says that it is not
        told("database", 0, 1)
        snapshot.load(url, work / archive.DATABASES[manifest.about.engine])
        (beside / "files").replace(files)
        told("database", 1, 1)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)
    count = sum(name.startswith("files/") for name in manifest.members)
    return Restored(manifest.about, count)


def _place(name: str, work: Path, files: Path) -> Path | None:
    if name in archive.DATABASES.values():
        return work / name
    if name.startswith("files/"):
        target = files / name.removeprefix("files/")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return target
    return None


def settings_in(path: Path, key: Any, folder: Path, names: dict[str, Path], *, told: Told) -> list[Path]:
    """Write config.yaml and .env of a sealed backup where there are none yet; which ones were written."""
    work = Path(mkdtemp(prefix=".tanggap-", dir=folder))
    try:
        archive.read(
            path,
            key,
            place=lambda name: work / name if name in names else None,
            told=lambda done, of: told("verify", done, of),
        )
        written = []
        for name, target in names.items():
            if (work / name).is_file() and not target.exists():
                (work / name).chmod(0o600)
                (work / name).replace(target)
                written.append(target)
        return written
    finally:
        shutil.rmtree(work, ignore_errors=True)


def chain(view: View, told: Callable[[int, int], None]) -> int | None:
    """The first event that does not fit, or None."""
    last, after, before = trail.last(view), 0, ""
    while True:
        broken, read, before = trail.first_broken(view, after=after, before=before, most=LINKS)
        if broken is not None:
            return broken
        if read == after:
            return None
        after = read
        told(after, last)
