"""Whether an archive's ZIP that somebody kept, or was sent, is what this desk made (SOP PKIH HUM-02 step 7)."""

import asyncio
from pathlib import Path

from msgspec import Struct

from desk import archiving, publication_seeing, publication_steps, seal
from sop.errors import N_, DeskError
from store import office as offices
from store import publications
from store.archives import Archive
from store.db import Database, View


class NotOurs(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("{name} bukan arsip publikasi dari meja ini."), name=name)


class Differs(DeskError):
    def __init__(self, name: str, number: str, what: str) -> None:
        super().__init__(
            N_(
                "{name} bukan arsip {number} sebagaimana dibuat: {what} berbeda. Unduh lagi dari halaman publikasinya."
            ),
            name=name,
            number=number,
            what=what,
        )


class Whole(Struct, frozen=True):
    """`edition` of `editions`, from 1: each erratum after archiving makes another. `page`: its page to read is as this desk
    makes it now; None where that was not asked, of an older edition."""

    number: str
    edition: int
    editions: int
    page: bool | None


async def check(db: Database, name: str, data: bytes, root: Path) -> Whole:
    """`data` is the ZIP, `name` what its owner calls it, `root` the folder of kept files.

    Its parts are held against the chain of events, the newest edition's page against the one made anew: an older version
    of tanggap may have made another. Raises NotOurs, Differs, ArchiveBroken.
    """
    found = await db.read(_found, seal.number_in(data))
    if found is None:
        raise NotOurs(name)
    number, archive, editions, zone = found
    if what := seal.broken(data, editions):
        raise Differs(name, number, what)
    edition = next(n for n, each in enumerate(editions, 1) if not seal.broken(data, [each]))
    newest = edition == len(editions)
    page = data == await asyncio.to_thread(seal.packed, archive, root, zone) if newest else None
    return Whole(number, edition, len(editions), page)


def _found(view: View, number: str) -> tuple[str, Archive, list[str], str] | None:
    publication = publications.find(view, publication_seeing.digits(number))
    editions = archiving.editions(view, publication) if publication else []
    if publication is None or not editions:
        return None
    zone = publication_steps.calendar_of(offices.current(view), publication).zone
    return publication.number, archiving.get(view, publication), editions, zone
