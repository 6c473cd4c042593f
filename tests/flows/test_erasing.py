"""The desk's own loop erases by itself what fell due, and takes the files from the disk."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from desk import answer, form, ids, office_file, triage
from desk.form import Form
from desk.ids import fresh
from sop import office_file as reading
from sop.messages import File
from store import outbox, tickets
from store.db import Change
from tanggap.cli import run
from tanggap.house import House, open_house
from tanggap.settings import read_settings
from tests.samples import NOW, OFFICE, officer

LATER = NOW + timedelta(days=400)
PATIENT = 30.0


async def content() -> AsyncIterator[bytes]:
    yield b"surat pribadi"


async def closed(house: House) -> Path:
    """A report with a file, closed four hundred days ago; where the file lies."""
    desk = house.desk
    office = OFFICE.replace("{kode: akademik,", "{kode: akademik, retensi: 365,")
    await desk.db.write(office_file.bring_in, reading.read(office), NOW - timedelta(days=1))
    kept = await desk.files.keep(content(), limit=100)
    file = File(
        name="surat.txt", content_type="text/plain", path=kept.path, size=kept.size, sha256=kept.sha256
    )
    report = Form(key="k", text="KRS saya terkunci", unit="pusat", files=(file,))
    ticket = await desk.db.write(form.report, report, "somewhere", fresh(), NOW, NOW)
    sari = await officer(desk.db)
    await desk.db.write(triage.tag, ticket.number, sari, "akademik", key="t", now=NOW)
    await desk.db.write(
        answer.reply, ticket.number, sari, "Sudah.", key="a", ids=ids.fresh(), now=NOW, then_close=True
    )
    await desk.db.write(deliver)
    return desk.files.path(file)


def deliver(change: Change) -> None:
    for row in change.all("SELECT id FROM outbox WHERE state = 'queued'"):
        outbox.sent(change, row["id"], state="sent", external_id="", at=NOW)


async def test_what_fell_due_is_erased_by_the_desk_itself(tmp_path: Path) -> None:
    assert await asyncio.to_thread(run, ["init", str(tmp_path / "meja")]) == 0
    settings = read_settings(tmp_path / "meja" / "config.yaml", os.environ)
    async with open_house(settings, clock=lambda: LATER) as house:
        path = await closed(house)
        assert path.is_file()
        with house.desk.db.bell.ear("erased.done") as ear:
            running = asyncio.create_task(house.run())
            try:
                assert await ear.wait(PATIENT)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

        ticket = await house.desk.db.read(tickets.find, 1001)
        assert ticket and ticket.erased_at == LATER and ticket.erased_rule == "retention"
        assert not path.exists()
