"""Lists are read in batches by rising id, on both engines."""

import pytest

from desk import exports
from desk.intake import take_in
from sop.messages import File, Kind
from store.db import Database
from tests.samples import NOW, ids, incoming, small_office


async def numbers(db: Database, what: str, size: int) -> list[list[object]]:
    """The ids of each batch."""
    names = await db.read(exports.names, NOW)
    found, after = [], 0
    while (batch := await db.read(exports.batch, what, after, size, names)).last:
        found.append([record.get("id", record.get("number")) for _, record in batch.rows])
        after = batch.last
    return found


@pytest.mark.parametrize(
    ("what", "batches"),
    [
        ("tickets", [[1001, 1002], [1003]]),
        ("messages", [[1, 2], [3, 4], [5, 6]]),
        ("visits", [[1, 2], [3]]),
    ],
)
async def test_each_row_comes_once_and_in_order(db: Database, what: str, batches: list[list[int]]) -> None:
    await small_office(db)
    for person in "abc":
        await db.write(take_in, incoming(key=person, sender=person), ids(), NOW)

    assert await numbers(db, what, 2) == batches


async def test_the_events_are_all_there(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)

    found = [number for batch in await numbers(db, "events", 3) for number in batch]
    assert found == list(range(1, len(found) + 1))
    assert len(found) > 3


async def test_a_message_names_its_files_and_a_ticket_its_unit(db: Database) -> None:
    await small_office(db)
    photo = File(
        kind=Kind.PHOTO, name="kelas.jpg", content_type="image/jpeg", size=9, path="ab/ab1", sha256="0" * 64
    )
    await db.write(take_in, incoming("UKT saya", files=(photo,)), ids(), NOW)
    names = await db.read(exports.names, NOW)

    [(_, message), _] = (await db.read(exports.batch, "messages", 0, 10, names)).rows
    [(_, ticket)] = (await db.read(exports.batch, "tickets", 0, 10, names)).rows
    assert [each["name"] for each in message["attachments"]] == ["kelas.jpg"]
    assert (ticket["unit"], ticket["procedure"]) == ("feb", "uc3-fakultas")
