"""Words go by night when their time is over, nothing is under way and no hold stands; files leave the disk after."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from desk import (
    archiving,
    closing,
    erasing,
    erasing_night,
    intake,
    seal,
)
from desk.erasing_night import Erasing
from desk.files import Files
from sop.erasing import (
    NotHeld,
    StillLeaving,
    StillPublishing,
    UnderHold,
)
from sop.messages import File, Kind
from sop.publication import Publication, Status
from store import (
    narrations,
    outbox,
    publications,
    retention,
    search,
    trail,
)
from store.archives import Archive
from store.db import Change, Database, open_database
from tests.desk.erased import DAY, LATER, WORDS, closed, deliver, erase, every_word, one_closed, ticket
from tests.samples import MINUTE, NOW, ids, incoming, officer


async def test_words_fall_due_so_many_days_after_closing_and_not_before(db: Database) -> None:
    await one_closed(db)

    assert (await erasing_night.batch(db, LATER + 365 * DAY - MINUTE)).erased == 0
    assert WORDS in await db.read(every_word)
    assert (await erasing_night.batch(db, LATER + 365 * DAY)).erased == 1

    assert WORDS not in await db.read(every_word)
    gone = await ticket(db)
    assert (gone.erased_rule, gone.erased_at, gone.subject, gone.name) == (
        "retention",
        LATER + 365 * DAY,
        "",
        "",
    )
    account = await db.read(retention.account_of, 1001)
    assert account and (account.days, account.by, account.messages) == (365, None, 3)


async def test_a_category_without_a_rule_keeps_its_words(db: Database) -> None:
    await one_closed(db, days=None)

    assert (await erasing_night.batch(db, LATER + 20_000 * DAY)).erased == 0
    assert WORDS in await db.read(every_word)


async def test_a_hold_keeps_words_from_retention_and_from_a_hand_until_it_is_lifted(db: Database) -> None:
    await one_closed(db)
    lestari = await officer(db, "lestari")
    await db.write(erasing.hold, "1001", lestari, "Sengketa di PTUN", key="h", now=LATER)
    await db.write(erasing.hold, "1001", lestari, "Sekali lagi", key="h2", now=LATER)

    assert (await erasing_night.batch(db, LATER + 400 * DAY)).erased == 0
    with pytest.raises(UnderHold):
        await erase(db)
    assert [each.reason for each in await db.read(retention.holds)] == ["Sengketa di PTUN"]

    await db.write(erasing.lift, "1001", lestari, key="l", now=LATER)
    with pytest.raises(NotHeld):
        await db.write(erasing.lift, "1001", lestari, key="l2", now=LATER)
    assert (await erasing_night.batch(db, LATER + 400 * DAY)).erased == 1
    assert {"held", "hold_lifted", "erased"} <= {each.kind for each in await db.read(trail.of_case, 1001)}


async def test_a_letter_under_way_is_waited_for(db: Database) -> None:
    await one_closed(db)
    await db.write(queue_again)

    assert (await erasing_night.batch(db, LATER + 400 * DAY)).erased == 0
    with pytest.raises(StillLeaving):
        await erase(db)
    await db.write(deliver, LATER)
    assert (await erasing_night.batch(db, LATER + 401 * DAY)).erased == 1


def queue_again(change: Change) -> None:
    row = change.one("SELECT max(id) AS id FROM outbox WHERE message_id IS NOT NULL")
    assert row is not None
    outbox.again(change, row["id"], next_at=LATER, error="", doubtful=False)


async def test_what_was_opened_again_or_held_after_the_look_is_not_erased(db: Database) -> None:
    """They are looked for outside the act, so the act looks again."""
    await one_closed(db)
    sari, lestari = await officer(db), await officer(db, "lestari")
    later = LATER + 400 * DAY
    found = [each.id for each in await db.read(erasing_night.falling, later, None)]
    assert found == [1001]

    await db.write(erasing.hold, "1001", lestari, "Sengketa", key="h", now=later)
    assert await db.write(erasing_night.fall_due, found, later) == 0
    await db.write(erasing.lift, "1001", lestari, key="l", now=later)
    await db.write(closing.reopen, "1001", sari, key="r", now=later)
    assert await db.write(erasing_night.fall_due, found, later) == 0
    assert WORDS in await db.read(every_word)


@pytest.fixture
async def kept(db: Database, tmp_path: Path) -> Files:
    """Ticket 1001 with two kept files, one of which a reply template has too."""
    files = Files(tmp_path / "files")
    await one_closed(db)
    for name in ("surat.pdf", "templat.pdf"):
        file = await files.keep(_bytes(name), limit=100)
        whole = File(kind=Kind.DOCUMENT, name=name, path=file.path, size=file.size, sha256=file.sha256)
        await db.write(attach, whole)
    return files


def attach(change: Change, file: File) -> None:
    change.run(
        """
        INSERT INTO attachment (message_id, kind, name, content_type, size, path, sha256, state, thumbnail)
        SELECT min(id), 'document', :name, 'application/pdf', :size, :path, :sha256, 'kept', '-' FROM message
        """,
        name=file.name,
        size=file.size,
        path=file.path,
        sha256=file.sha256,
    )
    if file.name.startswith("templat"):
        change.run(
            """
            INSERT INTO template_file (template_id, name, content_type, size, path, sha256)
            SELECT min(id), :name, 'application/pdf', :size, :path, :sha256 FROM reply_template
            """,
            name=file.name,
            size=file.size,
            path=file.path,
            sha256=file.sha256,
        )


async def _bytes(name: str) -> AsyncIterator[bytes]:
    yield name.encode()


def on_disk(files: Files) -> set[str]:
    return {each.read_text() for each in files.root.glob("*/*")}


async def test_files_leave_the_disk_after_the_act_and_what_a_template_needs_stays(
    db: Database, kept: Files
) -> None:
    await erase(db)
    assert on_disk(kept) == {
        "surat.pdf",
        "templat.pdf",
    }  # as after a crash: the act is kept, the files are not gone yet

    loop = Erasing(db, kept, lambda: LATER, "Asia/Jakarta")
    assert await loop.sweep() == 2

    assert on_disk(kept) == {"templat.pdf"}
    assert await loop.sweep() == 0


async def test_a_file_that_is_gone_already_is_not_asked_for_again(db: Database, kept: Files) -> None:
    await erase(db)
    for each in list(kept.root.glob("*/*")):
        each.unlink()

    loop = Erasing(db, kept, lambda: LATER, "Asia/Jakarta")
    assert (await loop.sweep(), await loop.sweep()) == (2, 0)


async def test_the_batch_is_the_nights_and_once_a_day(db: Database, tmp_path: Path) -> None:
    await one_closed(db)
    clock = [LATER + 366 * DAY]
    night = clock[0].replace(hour=17, minute=30)  # half past midnight, WIB
    loop = Erasing(db, Files(tmp_path / "files"), lambda: clock[0], "Asia/Jakarta")

    clock[0] = night
    assert await loop.once() == 0
    clock[0] = night + timedelta(hours=1)
    assert await loop.once() == 1

    await db.write(intake.take_in, incoming("KRS saya", key="9", sender="9"), ids(), NOW)
    await closed(db, "1002")
    assert await loop.once() == 0
    clock[0] += DAY
    assert await loop.once() == 1


async def test_no_byte_of_the_words_is_left_in_the_file_by_the_next_night(
    tmp_path: Path, sqlite_url: str
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async with open_database(sqlite_url) as db:
        await one_closed(db)
        for number in range(40):
            word = incoming(f"Laporan biasa {number}", key=f"k{number}", sender=f"k{number}")
            await db.write(intake.take_in, word, ids(), NOW)
            await db.write(search.index_some)
    assert WORDS.encode() in bytes_of(path)

    async with open_database(sqlite_url) as db:
        await erase(db)
        await Erasing(db, Files(tmp_path / "files"), lambda: LATER, "Asia/Jakarta").once()

    assert WORDS.encode() not in bytes_of(path)


async def test_the_archive_of_a_publication_that_was_asked_for_still_verifies(
    db: Database, tmp_path: Path
) -> None:
    """The letter belongs to the publication from the day it was enclosed; its ticket's words go without it."""
    files = Files(tmp_path / "files")
    await one_closed(db)
    kept = await files.keep(_bytes("surat.pdf"), limit=100)
    letter = File(kind=Kind.DOCUMENT, name="surat.pdf", path=kept.path, size=kept.size, sha256=kept.sha256)
    await db.write(attach, letter)
    publication = await db.write(asked, letter, Status.RUNNING)
    with pytest.raises(StillPublishing):
        await erase(db)
    assert (await erasing_night.batch(db, LATER + 400 * DAY)).erased == 0

    archive = await db.write(archived, publication)
    before = seal.packed(archive, files.root, "Asia/Jakarta")
    await erase(db)
    await Erasing(db, files, lambda: LATER, "Asia/Jakarta").sweep()

    assert seal.packed(archive, files.root, "Asia/Jakarta") == before
    assert seal.broken(before, await db.read(archiving.editions, publication)) == ""


def asked(change: Change, letter: File, status: Status) -> Publication:
    publication = Publication(
        id=1, subject="Libur", source="telegram", ticket=1001, status=status, opened_at=NOW
    )
    publications.add(change, publication)
    narrations.enclose(change, publication.id, "letter", letter, by=None, at=NOW)
    return publication


def archived(change: Change, publication: Publication) -> Archive:
    over = replace(publication, status=Status.ARCHIVED, closed_at=LATER)
    publications.save(change, over)
    return archiving.gather(change, over, None, LATER)


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()
