"""Who hears of an erratum or a withdrawal: the checking lane, its writer, and whose hands put right what no channel reaches."""

from desk import archiving, errata, publication_spread, pushing
from store import pushes, targets
from store.db import Change, Database
from tests.flows.publishing import Chain
from tests.flows.test_after_push import approve, propose, pushed
from tests.flows.test_pushing import begin, deliver, feed, standing
from tests.offices import wib


async def with_a_board(db: Database) -> Chain:
    """Out to a channel and a notice board, both done; archived."""
    chain = Chain(db)
    await chain.office("02-13 15.55")
    await chain.ask("02-13 15.55")
    board = await db.write(_board)
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 10.00", chain.target, board)
    await chain.go("bpkh", "instruksi", "02-18 10.30")
    await chain.go("koor-pkih", "instruksi", "02-18 11.00")
    await chain.tick("wk-humas", "02-18 11.05")
    await chain.go("wk-humas", "layak", "02-18 11.08")
    await chain.go("wk-humas", "instruksi", "02-18 11.10")
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    await deliver(chain, "02-18 11.12")
    await key_in(chain, "02-18 11.13")
    await feed(chain, "02-18 11.14")
    await chain.go("petugas", "arsipkan", "02-18 11.15")
    return chain


def _board(change: Change) -> int:
    return targets.add(
        change,
        kind="hand",
        channel="hand",
        address="",
        name="Papan pengumuman",
        topic=None,
        unit=None,
        at=wib("02-13 15.55"),
    )


async def key_in(chain: Chain, at: str) -> None:
    [task] = await chain.db.read(pushes.by_hand, int(chain.number[2:]))
    actor = await chain.officer("petugas", at)
    await chain.db.write(pushing.key_in, chain.number, actor, task.id, f"Gedung A {at}", now=wib(at))


async def open_tasks(chain: Chain, at: str) -> list[str]:
    found = await standing(chain)
    shown = await chain.db.read(publication_spread.spread, found, wib(at))
    return [each.name for each in shown.tasks if each.open]


async def test_what_hangs_by_hand_is_put_right_by_hand_after_an_erratum(db: Database) -> None:
    chain = await with_a_board(db)
    assert await open_tasks(chain, "02-18 11.20") == []
    await propose(chain, "Wisuda pada 13 Desember.", "02-18 12.00")
    assert await open_tasks(chain, "02-18 12.00") == []

    await approve(chain, "02-18 12.02")

    assert await open_tasks(chain, "02-18 12.03") == ["Papan pengumuman"]
    words = [(to, text) for _, to, text in await chain.told() if "Perbarui juga dengan tangan" in text]
    assert [to for to, _ in words] == ["petugas"] and "Papan pengumuman" in words[0][1]
    await key_in(chain, "02-18 12.05")
    assert await open_tasks(chain, "02-18 12.06") == []
    kept = await db.read(archiving.get, await standing(chain))
    assert "Gedung A 02-18 12.05" in kept.manifest["texts"]["tanda-terima.json"]


async def test_a_withdrawal_tells_whose_hands_take_it_down(sqlite: Database) -> None:
    chain = await with_a_board(sqlite)
    checker = await chain.officer("wk-humas", "02-18 14.00")

    await sqlite.write(errata.take_back, chain.number, checker, "Batal.", key="", now=wib("02-18 14.00"))

    assert any(
        to == "petugas" and "Turunkan juga dengan tangan di: Papan" in text
        for _, to, text in await chain.told()
    )
    assert await open_tasks(chain, "02-18 14.01") == ["Papan pengumuman"]


async def test_the_checker_hears_of_an_erratum_and_its_writer_of_the_answer(sqlite: Database) -> None:
    chain = await pushed(sqlite)
    await propose(chain, "Wisuda pada 13 Desember.", "02-18 12.00")
    kind, to, text = (await chain.told())[-1]
    assert (kind, to) == ("decision", "wk-humas") and "“Wisuda pada 13 Desember.”" in text

    checker = await chain.officer("wk-humas", "02-18 12.01")
    await sqlite.write(errata.reject, chain.number, checker, key="", now=wib("02-18 12.01"))
    _, to, text = (await chain.told())[-1]
    assert (to, "tidak disetujui oleh" in text) == ("petugas", True)

    await propose(chain, "Wisuda pada 14 Desember.", "02-18 12.02")
    await approve(chain, "02-18 12.03")
    assert any(to == "petugas" and "disetujui oleh" in text for _, to, text in (await chain.told())[-2:])
