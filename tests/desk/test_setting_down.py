"""A person's message is set down with what it points at, and a place that moves is where it is now."""

from desk.intake import take_in
from sop.messages import Incoming, Kind
from store import messages
from store.db import Change, Database
from store.messages import Message
from tests.samples import NOW, ids, incoming, small_office

BEGAN, THEN, LAST = (-6.8915, 107.6107), (-6.8916, 107.6108), (-6.892, 107.611)


async def hear(db: Database, *words: Incoming) -> dict[str, Message]:
    """What stands in the ticket after these words, by its text; ours is sent under the name "7001:<id>"."""
    for each in words:
        await db.write(take_in, each, ids(), NOW)
    await db.write(_send_ours)
    return {each.text: each for each in await db.read(messages.of_ticket, 1001)}


def _send_ours(change: Change) -> None:
    for each in messages.of_ticket(change, 1001):
        if each.direction == "out" and each.external_id is None:
            messages.set_external(change, each.id, f"7001:kita-{each.id}")


async def test_a_reply_points_at_the_message_that_it_answers(db: Database) -> None:
    await small_office(db)
    said = await hear(db, incoming("KRS saya terkunci", message_id="7001:1"))
    (ours,) = (each for each in said.values() if each.direction == "out")
    assert ours.reply_to is None
    said = await hear(
        db,
        incoming("Terima kasih", reply_to=f"7001:kita-{ours.id}"),
        incoming("Maksud saya semester ini", reply_to="7001:1"),
        incoming("Soal lain lagi", reply_to="7001:tidak-dikenal"),
    )

    assert said["Terima kasih"].reply_to == ours.id
    assert said["Maksud saya semester ini"].reply_to == said["KRS saya terkunci"].id
    assert said["Soal lain lagi"].reply_to is None


async def test_a_place_that_is_shared_live_is_where_it_is_now_and_fills_no_revisions(db: Database) -> None:
    await small_office(db)
    await hear(db, incoming("Lampu padam"))
    shared = incoming("", message_id="7001:9", kind=Kind.LOCATION, location=BEGAN)
    said = await hear(db, shared)
    assert said[""].payload == {"location": list(BEGAN)}
    for place in (THEN, LAST, LAST):
        said = await hear(
            db, incoming("", message_id="7001:9", edits="7001:9", kind=Kind.LOCATION, location=place)
        )

    assert said[""].payload == {"location": list(LAST), "began_at": list(BEGAN)}
    assert said[""].revisions == 0
