"""Words go when their time is over or a supervisor says so; what was done, when and by whom stays and still verifies."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from desk import (
    answer,
    archiving,
    closing,
    erasing,
    inbound,
    intake,
    merging,
    office_file,
    reporter,
    seal,
    triage,
)
from desk.erasing import Erasing
from desk.files import Files
from desk.reporter import Words
from sop import office_file as reading
from sop.erasing import (
    NoReason,
    NotAllYours,
    NotHeld,
    PersonErased,
    StillLeaving,
    StillOpen,
    StillPublishing,
    UnderHold,
    WordsErased,
    WrongNumber,
)
from sop.errors import NotAllowed, NotFound
from sop.finding import sought
from sop.messages import File, Kind
from sop.officer import Officer, Seat
from sop.publication import Publication, Status
from sop.ticket import MergedBefore, Ticket
from store import (
    contacts,
    conversations,
    messages,
    narrations,
    outbox,
    publications,
    retention,
    search,
    tickets,
    trail,
)
from store.archives import Archive
from store.db import Change, Database, View, open_database
from tests.samples import MINUTE, NOW, OFFICE, ids, incoming, officer

LATER = NOW + 10 * MINUTE
DAY = timedelta(days=1)
WORDS = "rahasiabesar"


def deliver(change: Change, now: datetime) -> None:
    """Whatever waits to leave has left."""
    for row in change.all("SELECT id FROM outbox WHERE state = 'queued' ORDER BY id"):
        outbox.sent(change, row["id"], state="sent", external_id=f"out-{row['id']}", at=now)


def every_word(view: View) -> str:
    """All that stands in any row of any table that holds words."""
    tables = (
        "ticket",
        "message",
        "revision",
        "attachment",
        "draft",
        "prepared",
        "form",
        "case_link",
        "outbox",
        "rating",
        "suggestion",
        "merge",
        "parked",
        "seen",
        "conversation",
        "search_word",
        "visit",
        "audit",
        "claim",
        "contact",
        "address",
        "address_move",
        "subscription",
        "recipient",
        "erased_file",
    )
    return "\n".join(repr(row) for table in tables for row in view.all(f"SELECT * FROM {table}"))


async def ticket(db: Database, number: int = 1001) -> Ticket:
    found = await db.read(tickets.find, number)
    assert found is not None
    return found


async def closed(
    db: Database, number: str = "1001", *, category: str = "akademik", at: datetime = LATER
) -> None:
    sari = await officer(db)
    await db.write(triage.tag, number, sari, category, key=f"t{number}", now=at)
    await db.write(
        answer.reply, number, sari, f"Sudah, {WORDS}.", key=f"a{number}", ids=ids(), now=at, then_close=True
    )
    await db.write(deliver, at)
    await db.write(search.index_some)


async def one_closed(db: Database, *, days: int | None = 365) -> None:
    """Ticket 1001, closed, filed under a category that keeps words so long."""
    rule = f"{{kode: akademik, retensi: {days}," if days else "{kode: akademik,"
    office = OFFICE.replace("{kode: akademik,", rule)
    await db.write(office_file.bring_in, reading.read(office), NOW - 30 * DAY)
    await db.write(intake.take_in, incoming(f"KRS saya terkunci {WORDS}", subject=f"KRS {WORDS}"), ids(), NOW)
    await closed(db)


async def erase(
    db: Database, number: str = "1001", *, reason: str = "Salah kirim", now: datetime = LATER
) -> Ticket:
    lestari = await officer(db, "lestari")
    return await db.write(erasing.erase_ticket, number, lestari, number, reason, key=f"e{number}", now=now)


async def test_words_fall_due_so_many_days_after_closing_and_not_before(db: Database) -> None:
    await one_closed(db)

    assert (await db.write(erasing.fall_due, LATER + 365 * DAY - MINUTE)).erased == 0
    assert WORDS in await db.read(every_word)
    assert (await db.write(erasing.fall_due, LATER + 365 * DAY)).erased == 1

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


async def test_what_was_done_stays_and_the_chain_still_verifies(db: Database) -> None:
    await one_closed(db)
    before, events = await ticket(db), await db.read(trail.of_case, 1001)

    await erase(db)

    after = await ticket(db)
    kept = (
        "id",
        "status",
        "categories",
        "procedure",
        "opened_at",
        "answered_at",
        "closed_at",
        "messages",
        "token",
    )
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    told = await db.read(trail.of_case, 1001)
    assert told[:-1] == events and told[-1].kind == "erased" and told[-1].facts["rule"] == "ticket"
    assert (await db.read(trail.first_broken))[0] is None
    said = await db.read(messages.of_ticket, 1001)
    assert said and {each.text + each.quoted + each.subject for each in said} == {""}
    assert await db.read(salts) == {""}


def salts(view: View) -> set[str]:
    return {row["salt"] for row in view.all("SELECT salt FROM message")}


async def test_a_category_without_a_rule_keeps_its_words(db: Database) -> None:
    await one_closed(db, days=None)

    assert (await db.write(erasing.fall_due, LATER + 20_000 * DAY)).erased == 0
    assert WORDS in await db.read(every_word)


async def test_a_hold_keeps_words_from_retention_and_from_a_hand_until_it_is_lifted(db: Database) -> None:
    await one_closed(db)
    lestari = await officer(db, "lestari")
    await db.write(erasing.hold, "1001", lestari, "Sengketa di PTUN", key="h", now=LATER)
    await db.write(erasing.hold, "1001", lestari, "Sekali lagi", key="h2", now=LATER)

    assert (await db.write(erasing.fall_due, LATER + 400 * DAY)).erased == 0
    with pytest.raises(UnderHold):
        await erase(db)
    assert [each.reason for each in await db.read(retention.holds)] == ["Sengketa di PTUN"]

    await db.write(erasing.lift, "1001", lestari, key="l", now=LATER)
    with pytest.raises(NotHeld):
        await db.write(erasing.lift, "1001", lestari, key="l2", now=LATER)
    assert (await db.write(erasing.fall_due, LATER + 400 * DAY)).erased == 1
    assert {"held", "hold_lifted", "erased"} <= {each.kind for each in await db.read(trail.of_case, 1001)}


async def test_a_letter_under_way_is_waited_for(db: Database) -> None:
    await one_closed(db)
    await db.write(queue_again)

    assert (await db.write(erasing.fall_due, LATER + 400 * DAY)).erased == 0
    with pytest.raises(StillLeaving):
        await erase(db)
    await db.write(deliver, LATER)
    assert (await db.write(erasing.fall_due, LATER + 401 * DAY)).erased == 1


def queue_again(change: Change) -> None:
    row = change.one("SELECT max(id) AS id FROM outbox WHERE message_id IS NOT NULL")
    assert row is not None
    outbox.again(change, row["id"], next_at=LATER, error="", doubtful=False)


async def test_only_a_closed_ticket_by_its_own_number_and_with_a_reason_is_erased_by_hand(
    db: Database,
) -> None:
    await one_closed(db)
    await db.write(intake.take_in, incoming("Nilai saya", key="9", sender="9"), ids(), NOW)
    lestari, sari = await officer(db, "lestari"), await officer(db)

    async def wrong(number: str, typed: str, reason: str, who: Any = lestari) -> Ticket:
        return await db.write(erasing.erase_ticket, number, who, typed, reason, key="", now=LATER)

    for refusal, made in (
        (WrongNumber, wrong("1001", "1002", "Salah kirim")),
        (NoReason, wrong("1001", "1001", "  ")),
        (StillOpen, wrong("1002", "1002", "Salah kirim")),
        (NotAllowed, wrong("1001", "1001", "Salah kirim", sari)),
        (NotFound, wrong("9999", "9999", "Salah kirim")),
    ):
        with pytest.raises(refusal):
            await made
    assert WORDS in await db.read(every_word)
    assert (await wrong("1001", " #1001 ", "Salah kirim")).erased_at == LATER


async def test_nothing_more_is_done_to_an_erased_ticket_and_the_person_begins_another(db: Database) -> None:
    await one_closed(db)
    token = (await ticket(db)).token
    await erase(db, now=LATER + MINUTE)
    sari = await officer(db)

    with pytest.raises(WordsErased):
        await db.write(closing.reopen, "1001", sari, key="r", now=LATER + 2 * MINUTE)
    with pytest.raises(WordsErased):
        await db.write(answer.note, "1001", sari, "Catatan", key="n", ids=ids(), now=LATER + 2 * MINUTE)
    with pytest.raises(reporter.ClosedLongAgo):
        await db.write(reporter.say, token, Words(key="w", text="Halo lagi"), ids(), LATER + 2 * MINUTE)
    with pytest.raises(WordsErased):
        await db.write(
            reporter.rate, token, Words(key="w2", text="Bagus"), 5, True, ids(), LATER + 2 * MINUTE
        )
    assert await db.write(intake.take_in, incoming("Masih terkunci"), ids(), LATER + 3 * MINUTE) == 1002
    assert (await ticket(db, 1002)).contact == (await ticket(db)).contact


async def test_tickets_joined_to_it_go_along_and_are_not_erased_alone(db: Database) -> None:
    await office_with_two(db)
    sari = await officer(db)
    await db.write(merging.merge, "1002", sari, "1001", key="m", now=NOW + 2 * MINUTE)
    await closed(db)

    with pytest.raises(MergedBefore):
        await erase(db, "1002")
    await erase(db)

    assert (await ticket(db, 1002)).erased_at == LATER
    assert WORDS not in await db.read(every_word)


async def office_with_two(db: Database) -> None:
    await db.write(office_file.bring_in, reading.read(OFFICE), NOW - 30 * DAY)
    for key in ("7001", "7001.2"):
        word = incoming(f"KRS {WORDS}", subject=f"Soal {WORDS}", key=key)
        await db.write(intake.take_in, word, ids(), NOW + MINUTE)


async def test_notes_mentions_drafts_and_what_undo_keeps_go_too(db: Database) -> None:
    await one_closed(db)
    sari = await officer(db)
    await db.write(answer.note, "1001", sari, f"@lestari {WORDS}", key="n", ids=ids(), now=LATER)
    await db.write(answer.save_draft, "1001", sari, "answer", f"Konsep {WORDS}", now=LATER)
    await db.write(closing.reopen, "1001", sari, key="r", now=LATER)
    await db.write(
        answer.reply,
        "1001",
        sari,
        f"Lagi {WORDS}",
        key="a2",
        ids=ids(),
        now=LATER,
        then_close=True,
        undo=10 * MINUTE,
    )
    await db.write(deliver, LATER)

    await erase(db)

    assert WORDS not in await db.read(every_word)


async def test_erased_words_are_found_no_more_and_no_beginning_leads_to_them(db: Database) -> None:
    await one_closed(db)
    assert (await db.read(search.find, sought(WORDS[:5]), [0, 1])).hits

    await erase(db)
    await db.write(search.index_some)

    assert not (await db.read(search.find, sought(WORDS), [0, 1])).hits
    assert WORDS not in {row["word"] for row in await db.read(known_words)}


def known_words(view: View) -> list[dict[str, Any]]:
    return view.all("SELECT word FROM search_word")


async def test_the_raw_form_of_a_message_that_was_parked_goes_with_its_ticket(db: Database) -> None:
    await one_closed(db)
    raw = incoming(f"Lagi {WORDS}", key="9", sender="9")
    await db.write(inbound.park, "telegram", "p", WORDS.encode(), to_builtins(raw), "KeyError", NOW)
    lestari = await officer(db, "lestari")
    number = await db.write(inbound.drive_again, 1, lestari, ids(), NOW)
    assert number == 1002
    await closed(db, "1002", category="akun")

    await erase(db, "1002")

    assert WORDS.encode() not in {bytes(row["raw"]) for row in await db.read(parked_rows)}


def parked_rows(view: View) -> list[dict[str, Any]]:
    return view.all("SELECT raw FROM parked")


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


async def test_a_person_is_erased_whole_and_a_stranger_when_they_write_again(db: Database) -> None:
    await one_closed(db)
    who = (await ticket(db)).contact
    await db.write(state_nim, who)
    token = (await ticket(db)).token
    lestari = await officer(db, "lestari")

    await db.write(
        erasing.erase_person, "1001", lestari, "1001", "Permintaan pelapor", key="p", now=LATER + MINUTE
    )

    left = await db.read(every_word)
    assert not [each for each in (WORDS, "'7001'", "221040037", "Dewi", f"'{token}'") if each in left]
    assert (await ticket(db)).erased_rule == "person"
    assert await db.read(tickets.by_token, token) is None
    assert await db.read(conversations.find, "telegram", "7001") is None
    assert (await db.read(trail.first_broken))[0] is None
    with pytest.raises(PersonErased):
        await db.write(erasing.erase_person, "1001", lestari, "1001", "Lagi", key="p2", now=LATER)
    again = await db.write(intake.take_in, incoming("Halo, KRS saya terkunci"), ids(), LATER + 2 * MINUTE)
    assert again == 1002
    assert (await ticket(db, 1002)).contact != who


def state_nim(change: Change, contact: int) -> None:
    contacts.state_claim(change, contact, kind="nim", value="221040037", level="stated", at=NOW)


async def test_a_person_with_an_open_ticket_or_one_elsewhere_is_not_erased(db: Database) -> None:
    await one_closed(db)
    await db.write(intake.take_in, incoming("KRS lagi", key="7001.2"), ids(), LATER)
    lestari = await officer(db, "lestari")

    with pytest.raises(StillOpen):
        await db.write(erasing.erase_person, "1001", lestari, "1001", "Permintaan", key="", now=LATER)
    assert WORDS in await db.read(every_word)

    await closed(db, "1002")
    await db.write(move_to_feb)
    fitri = await db.write(seat_in_pusat)
    with pytest.raises(NotAllYours):
        await db.write(erasing.erase_person, "1001", fitri, "1001", "Permintaan", key="", now=LATER)


def move_to_feb(change: Change) -> None:
    change.run("UPDATE ticket SET unit_id = 2 WHERE id = 1002")


def seat_in_pusat(change: Change) -> Officer:
    return Officer(
        id=1, login="fitri", name="Fitri", seats=(Seat(lane="supervisor", role="supervisor", unit=1),)
    )


async def test_claims_go_with_the_last_words_of_a_person_and_not_before(db: Database) -> None:
    await one_closed(db)
    who = (await ticket(db)).contact
    await db.write(state_nim, who)
    await db.write(intake.take_in, incoming("Satu lagi", key="7001.2"), ids(), LATER)
    await closed(db, "1002", category="akun")

    await erase(db)
    assert await db.read(contacts.claims, who)
    await erase(db, "1002")

    assert not await db.read(contacts.claims, who)
    assert await db.read(contacts.addresses, who)


async def test_a_name_that_one_ticket_taught_the_suggestions_is_forgotten_and_common_words_stay(
    db: Database,
) -> None:
    await one_closed(db)
    await db.write(intake.take_in, incoming("KRS saya juga terkunci", key="9", sender="9"), ids(), NOW)
    await closed(db, "1002")
    assert WORDS in await db.read(taught)

    await erase(db)

    assert WORDS not in await db.read(taught) and "krs" in await db.read(taught)


def taught(view: View) -> set[str]:
    return {row["word"] for row in view.all("SELECT word FROM category_word")}


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
    assert WORDS.encode() in path.read_bytes()

    async with open_database(sqlite_url) as db:
        await erase(db)
        await Erasing(db, Files(tmp_path / "files"), lambda: LATER, "Asia/Jakarta").once()

    assert WORDS.encode() not in path.read_bytes()


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
    assert (await db.write(erasing.fall_due, LATER + 400 * DAY)).erased == 0

    archive = await db.write(archived, publication)
    before = seal.packed(archive, files.root, "Asia/Jakarta")
    await erase(db)
    await Erasing(db, files, lambda: LATER, "Asia/Jakarta").sweep()

    assert seal.packed(archive, files.root, "Asia/Jakarta") == before
    assert seal.broken(before, await db.read(archiving.sealed, publication)) == ""


def asked(change: Change, letter: File, status: Status) -> Publication:
    publication = Publication(
        id=1, subject="Libur", source="telegram", ticket=1001, status=status, opened_at=NOW
    )
    publications.add(change, publication)
    narrations.enclose(change, publication.id, "letter", letter, by=None, permitted=False, at=NOW)
    return publication


def archived(change: Change, publication: Publication) -> Archive:
    over = replace(publication, status=Status.ARCHIVED, closed_at=LATER)
    publications.save(change, over)
    return archiving.gather(change, over, None, LATER)
