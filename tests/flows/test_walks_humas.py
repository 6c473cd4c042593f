"""A letter that asks for an announcement comes by mail, form or chat: one ticket, one publication, one answer at the end."""

from typing import Any

from desk import dispositions, form, ids, intake, publication_asker, publishing, reporter, upkeep
from desk.form import Form
from desk.reporter import Words
from sop.messages import File, Kind, Outgoing
from sop.publication import Publication, Status
from sop.ticket import Status as Standing
from sop.ticket import Ticket
from store import attachments, messages, narrations, outbox, publications, pushes, targets, tickets
from store import office as offices_of
from store.db import Change, Database, View
from tests import offices, samples
from tests.flows.publishing import Chain
from tests.offices import wib

PDF = File(name="surat.pdf", content_type="application/pdf", size=9, path="aa/surat", sha256="a" * 64)
PICTURE = File(
    kind=Kind.PHOTO, name="poster.jpg", content_type="image/jpeg", size=9, path="aa/poster", sha256="b" * 64
)
LETTER = """Nomor: 1187/UN25/TU/2026
Tanggal: 2 Maret 2026
Sifat: segera
Pengirim: Bagian Akademik

Wisuda periode IV dilaksanakan pada 12 Desember 2026."""


async def opened(db: Database, at: str = "03-02 08.00", **facts: Any) -> tuple[Chain, Ticket]:
    chain = Chain(db)
    await chain.office(at)
    ticket = await arrived(db, at, **facts)
    found = await asked(db, ticket)
    chain.number = found.number
    return chain, ticket


async def arrived(db: Database, at: str, text: str = LETTER, **facts: Any) -> Ticket:
    mail = {
        "channel": "mail",
        "key": "<surat@akademik.example>",
        "sender": "akademik@example.ac.id",
        "name": "Bagian Akademik",
        "subject": "Permohonan publikasi wisuda",
        "files": (PDF, PICTURE),
    }
    incoming = samples.incoming(text, at=wib(at), **mail | facts)
    number = await db.write(intake.take_in, incoming, ids.fresh(), wib(at))
    assert number is not None
    return await ticket_of(db, number)


async def ticket_of(db: Database, number: int) -> Ticket:
    found = await db.read(tickets.find, number)
    assert found
    return found


async def asked(db: Database, ticket: Ticket) -> Publication:
    found = await db.read(publications.of_ticket, ticket.id)
    assert found
    return found


async def told(db: Database, ticket: Ticket) -> list[str]:
    said = await db.read(messages.of_ticket, ticket.id)
    return [each.text for each in said if each.direction == "out"]


def _state(view: View, ticket: Ticket) -> str:
    return publication_asker.state_of(view, offices_of.current(view), ticket, "id")


async def test_a_mail_with_a_letter_opens_one_publication_with_letter_files_and_words(db: Database) -> None:
    _, ticket = await opened(db)
    found = await asked(db, ticket)
    narration = await db.read(narrations.get, found.id, 1)
    enclosed = await db.read(narrations.enclosures, found.id)

    assert (found.letter_number, found.letter_date, found.sender, found.urgent, found.source) == (
        "1187/UN25/TU/2026",
        "2026-03-02",
        "Bagian Akademik",
        True,
        "mail",
    )
    assert (found.subject, found.step, found.lane) == ("Permohonan publikasi wisuda", "disposisi", "wr3")
    assert narration and narration.text == "Wisuda periode IV dilaksanakan pada 12 Desember 2026."
    assert [(each.role, each.file.sha256) for each in enclosed] == [
        ("letter", PDF.sha256),
        ("picture", PICTURE.sha256),
    ]
    assert (ticket.procedure, ticket.step, ticket.due_at) == (None, "", None)
    assert (await told(db, ticket)) == [
        f"Laporan Anda kami terima dengan nomor #{ticket.number}. "
        f"{found.number}: Permohonan publikasi menunggu disposisi."
    ]


async def test_a_mail_that_comes_twice_opens_one_publication(db: Database) -> None:
    chain = Chain(db)
    await chain.office("03-02 08.00")
    mail = samples.incoming(
        LETTER, channel="mail", key="<a@b>", sender="a@example.ac.id", at=wib("03-02 08.00")
    )
    for _ in range(4):
        await db.write(intake.take_in, mail, ids.fresh(), wib("03-02 08.00"))

    assert [each.number for each in await db.read(publications.running)] == ["P-0101"]


async def test_the_ticket_shows_each_step_and_is_answered_with_the_links_and_closed(db: Database) -> None:
    chain, ticket = await opened(db)
    await chain.go("wr3", "disposisi", "03-02 08.10")
    await chain.choose("bpkh", "03-02 08.15")
    await chain.go("bpkh", "instruksi", "03-02 08.20")
    assert (await db.read(_state, ticket)) == f"{chain.number}: Permohonan publikasi sedang difasilitasi."
    await chain.go("koor-pkih", "instruksi", "03-02 08.30")
    await chain.tick("wk-humas", "03-02 08.31")
    await chain.go("wk-humas", "layak", "03-02 08.32")
    await chain.go("wk-humas", "instruksi", "03-02 08.33")
    await db.write(_posted, int(chain.number[2:]), await chain.officer("petugas", "03-02 08.34"))
    await chain.go("petugas", "arsipkan", "03-02 08.40")
    after = await ticket_of(db, ticket.id)

    assert (after.status, after.closed_at) == (Standing.CLOSED, wib("03-02 08.40"))
    assert (await told(db, ticket))[-1] == (
        f"Permohonan publikasi {chain.number} selesai: informasi sudah disebarkan.\n"
        "Kabar Contoh: https://t.me/kabar_contoh/77"
    )


def _posted(change: Change, number: int, petugas: Any) -> None:
    """The push as it ends: one post in one channel, and the publishing step done by it."""
    now = wib("03-02 08.35")
    target = targets.every(change)[0]
    targets.asked(
        change,
        target.id,
        state="ready",
        reason="",
        name=target.name,
        members=1,
        link="https://t.me/kabar_contoh",
        at=now,
    )
    push = pushes.plan(change, number, "publish", "Wisuda", total=1, start_at=now, by=petugas.id)
    row = outbox.add(change, Outgoing(id=0, channel="telegram", to="-1001", text="Wisuda"), now=now)
    outbox.sent(change, row, state="sent", external_id="-1001:77", at=now)
    pushes.set_outbox(change, pushes.recipients(change, number)[0].id, row, push)
    found = publications.find(change, number)
    assert found
    dispositions.published(change, found, petugas, now)


async def test_a_rejected_request_tells_the_reason_and_is_closed(db: Database) -> None:
    chain, ticket = await opened(db)
    await chain.go("wr3", "tolak", "03-02 09.00", reason="bukan agenda universitas")

    assert (await told(db, ticket))[-1] == (
        "Permohonan publikasi tidak dapat dipenuhi: bukan agenda universitas."
    )
    assert (await ticket_of(db, ticket.id)).status is Standing.CLOSED


async def test_who_takes_the_ticket_back_takes_the_publication_back(sqlite: Database) -> None:
    chain, ticket = await opened(sqlite)
    words = Words(key="cabut-kembali-1", text="")
    await sqlite.write(reporter.withdraw, ticket.token, words, ids.fresh(), wib("03-02 09.00"))

    assert (await asked(sqlite, ticket)).status is Status.WITHDRAWN
    assert (await chain.told())[-1][1:] == ("wr3", f"Publikasi {chain.number} ditarik oleh pemohonnya.")


async def test_a_machines_mail_asks_for_no_publication(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("03-02 08.00")
    ticket = await arrived(sqlite, "03-02 08.00", "Saya sedang cuti.", auto=True)

    assert ticket.step == "" and await sqlite.read(publications.running) == []
    assert await told(sqlite, ticket) == []


async def test_the_supervisor_ends_the_request_and_its_asker_hears_of_it(sqlite: Database) -> None:
    chain, ticket = await opened(sqlite)
    lestari = await chain.officer("lestari", "03-02 09.00")
    await sqlite.write(publishing.withdraw, chain.number, lestari, key="", now=wib("03-02 09.00"))

    assert (await told(sqlite, ticket))[-1] == f"Permohonan publikasi {chain.number} ditarik."


async def test_a_further_file_joins_the_request_until_it_was_checked(sqlite: Database) -> None:
    chain, ticket = await opened(sqlite, files=())
    await arrived(sqlite, "03-02 08.05", "Ini posternya", files=(PICTURE,))
    before = await sqlite.read(narrations.enclosures, int(chain.number[2:]))
    await chain.go("wr3", "disposisi", "03-02 08.10")
    await chain.choose("bpkh", "03-02 08.15")
    await chain.go("bpkh", "instruksi", "03-02 08.20")
    await chain.go("koor-pkih", "instruksi", "03-02 08.30")
    await chain.tick("wk-humas", "03-02 08.31")
    await chain.go("wk-humas", "layak", "03-02 08.32")
    await arrived(sqlite, "03-02 08.33", "Ada ralat", files=(PDF,))
    after = await sqlite.read(narrations.enclosures, int(chain.number[2:]))

    assert [each.role for each in before] == ["picture"] and after == before
    words = [text for _, login, text in await chain.told() if login == "wk-humas"]
    assert words[-2:] == [
        f"Pemohon {chain.number} menambahkan 1 berkas.",
        f"Pemohon {chain.number} menulis: Ada ralat",
    ]
    assert len(await sqlite.read(publications.running)) == 1
    assert (await asked(sqlite, ticket)).version == 1


async def test_a_letter_that_telegram_still_has_is_enclosed_when_it_came(sqlite: Database) -> None:
    far = File(name="surat.pdf", content_type="application/pdf", remote="file-1")
    chain, _ = await opened(sqlite, channel="telegram", key="7001", sender="7001", files=(far,))
    number = int(chain.number[2:])
    assert await sqlite.read(narrations.enclosures, number) == []
    (waits, _), *_ = await sqlite.read(attachments.to_fetch, wib("03-02 08.01"), 5)
    for _ in range(2):
        await sqlite.write(upkeep.brought, waits, PDF, "-", wib("03-02 08.01"))

    assert [each.role for each in await sqlite.read(narrations.enclosures, number)] == ["letter"]


async def test_the_form_of_a_category_opens_a_publication_of_its_procedure(sqlite: Database) -> None:
    text = offices.HUMAS.replace(
        "petugas:\n",
        "kategori:\n  - {kode: publikasi, nama: Publikasi, prosedur: humas-telegram}\npetugas:\n",
        1,
    )
    await offices.open_office(sqlite, text, wib("03-02 08.00"))
    sent = Form(key="formulir-publikasi", text=LETTER, subject="Wisuda", category="publikasi")
    for _ in range(2):
        ticket = await sqlite.write(
            form.report, sent, "alamat", ids.fresh(), wib("03-02 08.00"), wib("03-02 08.00")
        )

    found = await asked(sqlite, ticket)
    assert (found.source, found.subject, found.letter_number) == ("web", "Wisuda", "1187/UN25/TU/2026")
    assert len(await sqlite.read(publications.running)) == 1


TWO = samples.OFFICE.replace(
    "prosedur: [uc3-kantor-pusat, uc3-fakultas]",
    "  - {kode: humas, nama: Humas, jenis: kantor_pusat, kalender: kantor, prosedur: humas-telegram}\n"
    "prosedur: [uc3-kantor-pusat, uc3-fakultas, humas-telegram]",
).replace(
    "kategori:\n",
    "kategori:\n  - {kode: publikasi, nama: Publikasi, kata: [publikasi], prosedur: humas-telegram, unit: humas}\n",
)


async def test_a_mere_keyword_asks_for_no_publication_and_the_persons_own_choice_does_once(
    db: Database,
) -> None:
    await offices.open_office(db, TWO, wib("03-02 08.00"))

    async def say(text: str, minute: int, **facts: Any) -> None:
        now = wib(f"03-02 08.{minute:02}")
        await db.write(intake.take_in, samples.incoming(text, at=now, **facts), ids.fresh(), now)

    await say("Kapan publikasi nilai?", 0)
    assert await db.read(publications.running) == []
    await say("", 5, button="kat:publikasi")
    await say("Mohon disebarkan juga ke dosen, publikasi penting", 10)
    (found,) = await db.read(publications.running)
    ticket = await ticket_of(db, found.ticket or 0)

    assert (found.subject, found.source, ticket.step) == (ticket.subject, "telegram", "")
    assert found.unit == ticket.unit
    assert await db.read(_state, ticket) == f"{found.number}: Permohonan publikasi menunggu disposisi."
