"""What may not have arrived is looked at by an officer and sent once more on purpose, marked; never by itself."""

from typing import Any

import pytest

from desk import archiving, errata, push_again, push_receipts, sending
from desk.push_again import NothingUnsure, SaidOtherwise
from sop.errors import NotAllowed
from sop.messages import Receipt, SendFailed
from sop.publication import Publication
from store import outbox, publications, pushes, state, targets, trail
from store.db import Change, Database, View
from store.pushes import Recipient
from tests.flows.publishing import Chain
from tests.flows.test_pushing import begin, deliver, feed, ordered, progress, standing
from tests.offices import wib

LOST = SendFailed("tidak ada jawaban dari penyedia", unknown=True)


async def pushed(db: Database, *, lost: tuple[str, ...], failed: str = "") -> Chain:
    """Out to seven; of `lost` the provider's answer never came, `failed` it refused."""
    chain = await ordered(db)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    while letters := await db.write(sending.claim, "telegram", wib("02-18 11.12"), 50):
        for letter in letters:
            to, now = letter.outgoing.to, wib("02-18 11.12")
            if to in lost:
                await db.write(sending.failed, letter, LOST, now, 0.5)
            elif to == failed:
                await db.write(sending.failed, letter, SendFailed("ditolak"), now, 0.5)
            else:
                await db.write(sending.sent, letter, Receipt(external_id=f"{to}:{letter.id}"), now)
    await feed(chain, "02-18 11.13")
    return chain


async def unsure(chain: Chain) -> dict[str, Recipient]:
    found = await chain.db.read(push_again.unsure, int(chain.number[2:]))
    return {each.address: each for each in found}


async def again(chain: Chain, *chosen: int, login: str = "petugas", key: str = "") -> Publication:
    actor = await chain.officer(login, "02-18 11.20")
    return await chain.db.write(
        push_again.send_again, chain.number, actor, chosen or None, key=key, now=wib("02-18 11.20")
    )


async def test_nothing_that_may_have_arrived_leaves_a_second_time_by_itself(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001", "5002"))

    await feed(chain, "02-19 11.00")

    assert await deliver(chain, "02-19 11.00") == []
    assert (await progress(chain, "02-19 11.00")).unknown == 2


async def test_the_chosen_one_is_sent_once_more_and_its_receipt_says_so(db: Database) -> None:
    chain = await pushed(db, lost=("5001", "5002"))
    chosen = (await unsure(chain))["5001"].id

    await again(chain, chosen, key="x")
    await again(chain, chosen, key="x")
    assert (await progress(chain, "02-18 11.20")).push.state == "running"
    assert await deliver(chain, "02-18 11.21") == ["5001"]
    await feed(chain, "02-18 11.22")

    done = await progress(chain, "02-18 11.22")
    assert (done.push.state, done.arrived, done.unknown) == ("done", 6, 1)
    assert (await standing(chain)).step == "arsip"
    receipts = await db.read(lambda view: list(push_receipts.every(view, _case(view, chain))))
    assert [each["keadaan"] for each in receipts if each["dikirim_lagi"]] == ["sent"]
    facts = [each.facts for each in await _events(chain) if each.kind == "push.again"]
    assert [(each["recipients"], each["doubtful"]) for each in facts] == [(1, 1)]


async def test_what_was_refused_is_tried_again_without_the_mark(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001",), failed="5004")
    found = (await unsure(chain))["5004"]

    await again(chain, found.id)

    assert await deliver(chain, "02-18 11.21") == ["5004"]
    letter = await sqlite.read(outbox.get, found.outbox or 0)
    assert letter is not None and not letter.doubtful


async def test_all_that_is_unsure_leaves_out_what_was_refused_and_who_has_left(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001", "5005"), failed="5004")
    await sqlite.write(_leave, "5005")

    await again(chain)

    assert await deliver(chain, "02-18 11.21") == ["5001"]


async def test_an_old_text_is_not_sent_after_its_erratum(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001",))
    actor, now = await chain.officer("petugas", "02-18 11.15"), wib("02-18 11.15")
    await sqlite.write(errata.propose, chain.number, actor, "Wisuda 13 Desember.", key="", now=now)

    with pytest.raises(SaidOtherwise):
        await again(chain)
    assert await deliver(chain, "02-18 11.21") == []


async def test_a_lane_of_the_chain_alone_sends_again_and_only_what_is_unsure(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001",))
    arrived = (await sqlite.read(pushes.recipients, int(chain.number[2:])))[0].id

    with pytest.raises(NotAllowed):
        await again(chain, login="lestari")
    with pytest.raises(NothingUnsure):
        await again(chain, arrived)


async def test_the_archive_learns_of_it(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001",))
    await chain.go("petugas", "arsipkan", "02-18 11.15")
    before = (await sqlite.read(lambda view: archiving.get(view, _case(view, chain)))).sha256

    await again(chain)
    await deliver(chain, "02-18 11.21")
    await feed(chain, "02-18 11.22")

    assert (await sqlite.read(lambda view: archiving.get(view, _case(view, chain)))).sha256 != before


async def test_hundreds_who_blocked_us_do_not_hide_an_answer_that_failed(db: Database) -> None:
    """They are told of on the publication's own page, not among the desk's dead letters."""
    await pushed(db, lost=("5001",), failed="5004")

    assert await db.read(outbox.dead) == []
    assert (await db.read(state.standing, wib("02-18 11.15"), wib("02-18 11.15"))).dead == {}


async def test_while_it_is_paused_what_is_sent_again_waits_too(sqlite: Database) -> None:
    chain = await pushed(sqlite, lost=("5001",))
    push = (await progress(chain, "02-18 11.15")).push.id
    await sqlite.write(pushes.set_state, push, "paused")

    await again(chain)

    assert await deliver(chain, "02-18 11.21") == []
    await sqlite.write(pushes.release, push, wib("02-18 11.22"))
    assert await deliver(chain, "02-18 11.22") == ["5001"]


def _case(view: View, chain: Chain) -> Publication:
    found = publications.find(view, int(chain.number[2:]))
    assert found
    return found


def _leave(change: Change, address: str) -> None:
    targets.leave(change, None, "telegram", address, at=wib("02-18 11.14"))


async def _events(chain: Chain) -> list[Any]:
    return await chain.db.read(trail.of_case, int(chain.number[2:]), kind="publication")
