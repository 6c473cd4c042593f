"""People choose by themselves what they hear of, and end it: in chat, with their consent kept, and nobody else is sent to."""

from typing import Any

import pytest

from desk import ids, inbound, intake, topics, unsubscribing
from sop.messages import Outgoing, Presence
from store import outbox, pushes, targets, trail
from store.db import Change, Database, View
from tests import offices, samples
from tests.flows.publishing import Chain
from tests.samples import MINUTE, NOW

WA: dict[str, Any] = {
    "channel": "whatsapp",
    "key": "whatsapp:+6281233344712",
    "sender": "whatsapp:+6281233344712",
}


async def office(db: Database, *names: str) -> list[int]:
    """A Humas unit with these topics, on all three channels."""
    await offices.open_office(db, offices.HUMAS, NOW)
    lestari = await samples.officer(db, "lestari")
    every = ("telegram", "whatsapp", "mail")
    return [
        await db.write(topics.create, lestari, code=each.lower(), name=each, unit=1, channels=every, now=NOW)
        for each in names
    ]


async def say(db: Database, text: str = "", minutes: int = 1, **facts: Any) -> tuple[str, list[str]]:
    """What the desk answers, with the labels of its buttons."""
    now = NOW + minutes * MINUTE
    await db.write(intake.take_in, samples.incoming(text, at=now, **facts), ids.fresh(), now)
    letter = await db.read(_last)
    labels = [each["label"] for row in letter.get("buttons", ()) for each in row]
    return letter["text"], labels


def _last(view: View) -> dict[str, Any]:
    row = view.one("SELECT body_json FROM outbox ORDER BY id DESC LIMIT 1")
    assert row
    return dict(row["body_json"])


async def test_the_menu_says_what_one_hears_of_and_a_press_begins_and_ends_it(db: Database) -> None:
    wisuda, beasiswa = await office(db, "Wisuda", "Beasiswa")
    words, labels = await say(db, "/langganan")
    assert words.startswith("Anda belum berlangganan") and labels == ["Ikuti: Beasiswa", "Ikuti: Wisuda"]

    words, labels = await say(db, minutes=3, button=f"topik:{wisuda}")
    assert words.startswith("Anda menerima pengumuman: Wisuda.")
    assert labels == ["Ikuti: Beasiswa", "Berhenti: Wisuda"]
    words, labels = await say(db, "1", minutes=6)
    assert words.startswith("Anda menerima pengumuman: Beasiswa, Wisuda.")
    assert await db.read(targets.joined, "telegram", "7001") == {wisuda, beasiswa}

    words, labels = await say(db, minutes=9, button=f"topik:{wisuda}")
    assert words.startswith("Anda menerima pengumuman: Beasiswa.")
    assert await db.read(targets.joined, "telegram", "7001") == {beasiswa}
    assert await db.read(targets.subscribers) == {(beasiswa, "telegram"): 1}


async def test_the_pages_link_opens_the_menu_with_the_first_word(sqlite: Database) -> None:
    await office(sqlite, "Wisuda")
    words, labels = await say(sqlite, "/start langganan", token="langganan")

    assert words.startswith("Anda belum berlangganan") and labels == ["Ikuti: Wisuda"]


async def test_berhenti_asks_which_or_all_where_one_hears_of_something(db: Database) -> None:
    wisuda, beasiswa = await office(db, "Wisuda", "Beasiswa")
    for number in (wisuda, beasiswa):
        await say(db, "/langganan", minutes=number * 3)
        await say(db, minutes=number * 3, button=f"topik:{number}")
    words, labels = await say(db, "/berhenti", minutes=20)
    assert words.endswith("Pilih mana yang dihentikan, atau semuanya.")
    assert labels == ["Beasiswa", "Wisuda", "Semua pengumuman"]

    await say(db, "1", minutes=23)
    assert await db.read(targets.joined, "telegram", "7001") == {wisuda}
    await say(db, "/berhenti", minutes=26)
    words, _ = await say(db, minutes=27, button="henti:semua")
    assert words.startswith("Baik, pemberitahuan kami hentikan.")
    assert await db.read(targets.joined, "telegram", "7001") == frozenset()


async def test_who_hears_of_nothing_stops_at_once(sqlite: Database) -> None:
    await office(sqlite, "Wisuda")

    assert (await say(sqlite, "/berhenti"))[0].startswith("Baik, pemberitahuan kami hentikan.")


@pytest.mark.parametrize("word", ["STOP", "BERHENTI"])
async def test_a_bare_stop_on_whatsapp_ends_everything_at_once(sqlite: Database, word: str) -> None:
    (wisuda,) = await office(sqlite, "Wisuda")
    await say(sqlite, "langganan", **WA)
    await say(sqlite, "1", minutes=2, **WA)
    assert await sqlite.read(targets.joined, "whatsapp", WA["sender"]) == {wisuda}
    asked, _ = await say(sqlite, "/berhenti", minutes=4, **WA)
    assert asked.endswith("atau semuanya.")
    words, _ = await say(sqlite, word, minutes=6, **WA)

    assert words.startswith("Baik, pemberitahuan kami hentikan.")
    assert await sqlite.read(targets.joined, "whatsapp", WA["sender"]) == frozenset()
    words, labels = await say(sqlite, "langganan", minutes=9, **WA)
    assert words.startswith("Anda belum berlangganan") and labels == ["Ikuti: Wisuda"]


async def test_the_consent_on_whatsapp_is_kept_with_its_time(db: Database) -> None:
    await office(db, "Wisuda")
    await say(db, "/langganan", **WA)
    await say(db, "1", minutes=2, **WA)
    await say(db, "1", minutes=4, **WA)
    await say(db, "1", minutes=7, **WA)
    row = await db.read(_subscription)

    assert (row["joined_at"], row["left_at"]) == (NOW + 7 * MINUTE, None)
    kinds = [each.kind for each in await db.read(_trail)]
    assert kinds == ["subscribed", "unsubscribed", "subscribed"]


def _subscription(view: View) -> dict[str, Any]:
    row = view.one("SELECT joined_at, left_at FROM subscription")
    assert row
    return dict(row)


def _trail(view: View) -> list[trail.Event]:
    return [each for each in trail.since(view, 0, 200) if "subscribed" in each.kind]


async def test_a_topic_of_long_ago_is_no_longer_offered_and_its_button_means_nothing(
    sqlite: Database,
) -> None:
    wisuda, _ = await office(sqlite, "Wisuda", "Beasiswa")
    await say(sqlite, "/langganan")
    lestari = await samples.officer(sqlite, "lestari")
    await sqlite.write(topics.revise, lestari, wisuda, name="Wisuda", active=False, now=NOW)
    before = await sqlite.read(_last)
    await say(sqlite, minutes=3, button=f"topik:{wisuda}")

    assert await sqlite.read(_last) == before
    assert (await say(sqlite, "/langganan", minutes=6))[1] == ["Ikuti: Beasiswa"]


async def test_a_mail_that_says_langganan_is_a_report(sqlite: Database) -> None:
    await office(sqlite, "Wisuda")
    text, _ = await say(sqlite, "langganan", channel="mail", key="<a@b>", sender="ani@example.id")

    assert "kami terima dengan nomor" in text


async def test_who_blocked_or_opted_out_is_in_no_audience(db: Database) -> None:
    chain = Chain(db)
    await chain.office("03-02 08.00")
    lestari = await samples.officer(db, "lestari")
    topic = await db.write(
        topics.create, lestari, code="wisuda", name="Wisuda", unit=1, channels=("telegram", "mail"), now=NOW
    )
    for chat in ("7001", "7002", "7003", "7004"):
        await say(db, "/langganan", key=chat, sender=chat)
        await say(db, minutes=2, button=f"topik:{topic}", key=chat, sender=chat)
    blocked = Presence(
        channel="telegram", external_id="p1", key="7002", sender="7002", at=NOW, state="blocked"
    )
    await db.write(inbound.presence, blocked, NOW)
    await say(db, "/berhenti", minutes=4, key="7003", sender="7003")
    await say(db, minutes=5, button="henti:semua", key="7003", sender="7003")
    await db.write(_left_by_mail, topic)
    publication = await chain.ask("03-02 09.30")

    assert await db.read(targets.subscribers) == {(topic, "telegram"): 2}
    assert await db.write(_frozen, publication.id) == ["7001", "7004"]


def _left_by_mail(change: Change, topic: int) -> None:
    """A subscriber by mail presses the button of their mail program."""
    targets.join(change, topic, "mail", "ani@example.id", contact=None, at=NOW)
    letter = Outgoing(id=0, channel="mail", to="ani@example.id", text="Wisuda")
    assert unsubscribing.stop(change, outbox.add(change, letter, now=NOW, kind="broadcast"), NOW)


def _frozen(change: Change, publication: int) -> list[str]:
    for each in targets.every(change):
        if each.kind == "subscribers":
            pushes.freeze(change, publication, each.id, each.kind)
    return [each.address for each in pushes.recipients(change, publication)]
