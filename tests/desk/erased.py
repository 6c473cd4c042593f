"""A closed ticket whose words may go, and where they could still stand."""

from datetime import datetime, timedelta

from desk import (
    answer,
    erasing,
    intake,
    office_file,
    triage,
)
from sop import office_file as reading
from sop.ticket import Ticket
from store import (
    outbox,
    search,
    tickets,
)
from store.db import Change, Database, View
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
