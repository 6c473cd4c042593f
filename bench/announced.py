"""A publication that was found fit and ordered out, with so many subscribers on Telegram, ready to be pushed."""

from datetime import datetime

from bench.counterparty import FIRST
from desk import audience
from sop.publication import Publication
from store import narrations, publications, pushes, targets
from store.db import Change, Database

TEXT = "Wisuda periode IV dilaksanakan pada Sabtu, 12 Desember, pukul 08.00 WIB di Gedung Serbaguna. Undangan dapat diambil mulai Senin."
BATCH = 1000


async def ready(db: Database, subscribers: int, now: datetime) -> int:
    """The planned push."""
    topic = await db.write(_topic, now)
    for first in range(0, subscribers, BATCH):
        await db.write(_join, topic, FIRST + first, min(BATCH, subscribers - first), now)
    return await db.write(_plan, topic, now)


def _topic(change: Change, now: datetime) -> int:
    topic = targets.add_topic(change, code="mahasiswa", name="Mahasiswa", unit=None)
    assert topic is not None
    return topic


def _join(change: Change, topic: int, first: int, most: int, now: datetime) -> None:
    for number in range(first, first + most):
        targets.join(change, topic, "telegram", str(number), contact=None, at=now)


def _plan(change: Change, topic: int, now: datetime) -> int:
    number = publications.next_number(change)
    publication = Publication(
        id=number, subject="Jadwal wisuda", opened_at=now, version=1, checked=1, ordered=1
    )
    publications.add(change, publication)
    narrations.add(change, number, 1, TEXT, author=None, note="", at=now)
    target = targets.add(
        change,
        kind="subscribers",
        channel="telegram",
        address="",
        name="Mahasiswa",
        topic=topic,
        unit=None,
        at=now,
    )
    publications.choose_targets(change, number, [target])
    size = audience.freeze(change, publication)
    return pushes.plan(change, number, "publish", TEXT, total=size, start_at=now, by=None)
