"""A follower hears of the reporter's words and of decisions, once each, while they may read the ticket."""

import pytest

from desk import answer, decide, following, triage
from desk.decide import Choice
from desk.intake import take_in
from desk.seeing import OnlyDecides
from sop.errors import NotFound
from store import followers, officers, visits
from store.db import Change, Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + 10 * MINUTE


def _chats(change: Change, people: dict[str, int]) -> None:
    for login, number in people.items():
        officers.link_chat(change, bot="staff", chat=f"chat-{login}", officer=number, at=NOW)


async def told(db: Database) -> list[tuple[str, str]]:
    """(chat, words) of what followers heard, oldest first."""

    def read(view: View) -> list[tuple[str, str]]:
        rows = view.all("SELECT recipient, body_json FROM outbox WHERE kind = 'follow' ORDER BY id")
        return [(row["recipient"], row["body_json"]["text"]) for row in rows]

    return await db.read(read)


async def followed(db: Database) -> None:
    """Ticket 1001, which the supervisor follows."""
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    people = {login: (await officer(db, login)).id for login in ("sari", "lestari", "hendra")}
    await db.write(_chats, people)
    await db.write(following.follow, "1001", await officer(db, "lestari"), NOW)


async def test_a_follower_hears_the_reporters_further_words(db: Database) -> None:
    await followed(db)
    await db.write(take_in, incoming("Sudah ada kabar?"), ids(), LATER)

    assert await told(db) == [
        ("chat-lestari", "Pelapor menulis di tiket #1001 yang Anda ikuti: Sudah ada kabar?")
    ]
    await db.write(following.unfollow, "1001", await officer(db, "lestari"), LATER)
    await db.write(take_in, incoming("Halo?"), ids(), LATER + MINUTE)
    assert len(await told(db)) == 1


async def test_a_follower_hears_of_a_decision_and_who_decided_does_not(db: Database) -> None:
    await followed(db)
    sari = await officer(db)
    await db.write(following.follow, "1001", sari, NOW)
    stay = await db.read(visits.open_of, 1001)
    assert stay
    await decide.put(
        db,
        "1001",
        sari,
        Choice(decision="lapor", visit=stay.id, reason="perlu kebijakan"),
        key="d",
        now=LATER,
    )

    heard = await told(db)
    assert [chat for chat, _ in heard] == ["chat-lestari"]
    assert "#1001" in heard[0][1] and "perlu kebijakan" in heard[0][1]


async def test_a_mention_makes_one_follow(db: Database) -> None:
    await followed(db)
    await db.write(
        answer.note,
        "1001",
        await officer(db, "lestari"),
        "@sari mohon dilihat",
        key="n",
        ids=ids(),
        now=LATER,
    )

    sari, lestari = await officer(db), await officer(db, "lestari")
    assert await db.read(followers.of, 1001) == [lestari.id, sari.id]


async def test_who_reads_no_ticket_follows_none(db: Database) -> None:
    await followed(db)
    for number in ("1001", "9999"):
        with pytest.raises(NotFound):
            await db.write(following.follow, number, await officer(db, "budi"), LATER)
    stay = await db.read(visits.open_of, 1001)
    assert stay
    sari = await officer(db)
    await db.write(triage.take, "1001", sari, key="t", now=LATER)
    with pytest.raises((NotFound, OnlyDecides)):
        await db.write(following.follow, "1001", await officer(db, "hendra"), LATER)
