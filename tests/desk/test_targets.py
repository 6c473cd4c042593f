"""Targets move with the office's file, and whether we may post is asked once more right before a push."""

from datetime import datetime

import pytest

from desk import office_export, office_file, publication_talk, publishing, targets
from desk.office_file import NothingOfThatName
from sop import office_file as reading
from sop.announcement import NotCarried
from sop.office_file import OfficeFaulty
from sop.place import Inspection
from store import office as stored
from store import targets as kept
from store.db import Change, Database
from tests import offices
from tests.flows.publishing import Chain
from tests.offices import wib
from tests.samples import NOW

FILE = f"""{offices.HUMAS}
topik:
  - {{kode: beasiswa, nama: Beasiswa, unit: humas}}
sasaran:
  - {{jenis: saluran, nama: Kabar Kampus, alamat: https://t.me/kabar_kampus, unit: humas}}
  - {{jenis: pelanggan, nama: Beasiswa, topik: beasiswa, kanal: surel, unit: humas}}
  - {{jenis: tangan, nama: Papan pengumuman}}
"""


class Refusing:
    """A provider that lets us post nowhere any more."""

    async def inspect(self, address: str) -> Inspection:
        return Inspection(address=address, kind="channel", state="refused", reason="Jadikan bot admin.")


async def test_the_office_file_carries_topics_and_targets(db: Database) -> None:
    await db.write(office_file.bring_in, reading.read(FILE), NOW)
    found = await db.read(kept.every)
    assert sorted((each.kind, each.channel, each.address, each.name, each.state) for each in found) == [
        ("channel", "telegram", "@kabar_kampus", "Kabar Kampus", "unknown"),
        ("hand", "hand", "", "Papan pengumuman", "ready"),
        ("subscribers", "mail", "", "Beasiswa", "ready"),
    ]
    text = await db.read(office_export.export, NOW)
    await db.write(office_file.bring_in, reading.read(text), NOW)

    assert await db.read(office_export.export, NOW) == text
    assert await db.read(kept.every) == found


@pytest.mark.parametrize(
    ("words", "instead", "says"),
    [
        ("alamat: https://t.me/kabar_kampus", "alamat: kabar", "bukan alamat saluran"),
        ("topik: beasiswa", "topik: wisuda", "“wisuda” tidak ada"),
        ("jenis: saluran", "jenis: radio", "radio"),
    ],
)
def test_a_target_that_does_not_fit_is_told_by_line(words: str, instead: str, says: str) -> None:
    with pytest.raises(OfficeFaulty) as refused:
        reading.read(FILE.replace(words, instead))

    assert says in str(refused.value) and all(each.line for each in refused.value.faults)


async def test_subscribers_of_a_topic_that_nobody_made_are_refused(sqlite: Database) -> None:
    text = FILE.replace("topik:\n  - {kode: beasiswa, nama: Beasiswa, unit: humas}\n", "")

    with pytest.raises(NothingOfThatName):
        await sqlite.write(office_file.bring_in, reading.read(text), NOW)


async def test_a_right_that_was_lost_before_the_push_is_shown_with_what_to_do(db: Database) -> None:
    chain = Chain(db)
    await chain.office("03-02 08.00")
    await chain.ask("03-02 08.00")
    await chain.choose("wr3", "03-02 08.00")
    await chain.go("wr3", "disposisi", "03-02 08.10")
    await chain.go("bpkh", "instruksi", "03-02 08.20")
    await chain.go("koor-pkih", "instruksi", "03-02 08.30")
    await chain.tick("wk-humas", "03-02 08.31")
    await chain.go("wk-humas", "layak", "03-02 08.32")
    done = await chain.go("wk-humas", "instruksi", "03-02 08.33")
    await targets.ask_before(db, {"telegram": Refusing()}, done.id, wib("03-02 08.34"))
    found = await db.read(kept.get, chain.target)

    assert found and (found.state, found.reason, found.asked_at) == (
        "refused",
        "Jadikan bot admin.",
        wib("03-02 08.34"),
    )
    await chain.write("wk-humas", "Wisuda diundur.", "03-02 08.35", read=1)
    await chain.tick("wk-humas", "03-02 08.36")
    await chain.go("wk-humas", "layak", "03-02 08.37")
    with pytest.raises(NotCarried, match="Jadikan bot admin"):
        await chain.go("wk-humas", "instruksi", "03-02 08.38")


async def test_a_telegram_that_is_away_changes_nothing(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("03-02 08.00")
    await sqlite.write(targets.told, chain.target, Inspection(reason="tidak menjawab"), wib("03-02 08.01"))
    found = await sqlite.read(kept.get, chain.target)

    assert found and (found.state, found.asked_at) == ("ready", None)


def others(change: Change, now: datetime) -> tuple[int, int]:
    """A channel of another unit, and one that is not in use any more."""
    calendar = next(iter(stored.current(change).units.values())).calendar.code
    stored.save_unit(
        change,
        "lain",
        name="Lain",
        kind="kantor_pusat",
        calendar=calendar,
        procedure="",
        parent="",
        sharing="hand",
    )
    stored.changed(change)
    unit = next(each.id for each in stored.current(change).units.values() if each.code == "lain")
    made = [
        kept.add(
            change,
            kind="channel",
            channel="telegram",
            address=f"@{name}",
            name=name,
            topic=None,
            unit=of,
            state="ready",
            at=now,
        )
        for name, of in (("milik_lain", unit), ("lama", None))
    ]
    kept.set_active(change, made[1], False)
    return made[0], made[1]


async def test_a_publication_goes_to_no_place_of_another_unit(db: Database) -> None:
    """Foreign, retired and absent look the same; what was chosen while it was offered may stay."""
    chain = Chain(db)
    await chain.office("02-16 08.00")
    await chain.ask("02-16 08.10")
    actor = await chain.officer("bpkh", "02-16 08.20")
    foreign, retired = await db.write(others, NOW)

    for wrong in (foreign, retired, 999_999):
        with pytest.raises(publishing.NotOffered):
            await chain.choose("bpkh", "02-16 08.30", chain.target, wrong)
        with pytest.raises(publishing.NotOffered):
            await db.write(
                publication_talk.toggle_target,
                chain.number,
                actor,
                wrong,
                chosen=True,
                now=wib("02-16 08.30"),
            )
    await chain.choose("bpkh", "02-16 08.30", chain.target)
    await db.write(kept.set_active, chain.target, False)
    await chain.choose("bpkh", "02-16 08.40", chain.target)
