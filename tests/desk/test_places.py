"""Telegram tells unasked what becomes of our bot: persons who block it and come back, channels and groups that let it
post, or no longer, or move."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from channels.telegram import Settings, open_channel
from channels.telegram_rights import NO_ADMIN, NOT_THERE
from demo.telegram import Telegram as Provider
from desk import inbound, office_acts, sending, staff_chats, targets
from desk.files import Files
from desk.intake import take_in
from desk.reception import Reception
from sop.messages import Outgoing, Presence, Priority, SendFailed
from sop.place import Inspection
from store import contacts, office, outbox
from store import targets as kept
from store.db import Change, Database, View
from store.outbox import Letter
from store.targets import Target
from tests.channels.telegram_peer import listening
from tests.peers import serve
from tests.samples import NOW, ids, incoming, small_office

TOKEN = "110001:publik"
DEWI = "7001"


def of_place(state: str, *, at: str = "-1001", number: str = "1", **facts: str) -> Presence:
    return Presence(
        channel="telegram",
        external_id=number,
        key=at,
        sender=at,
        at=NOW,
        place="channel",
        state=state,
        **facts,
    )


def of_dewi(state: str, number: str) -> Presence:
    return Presence(channel="telegram", external_id=number, key=DEWI, sender=DEWI, at=NOW, state=state)


def add(change: Change, address: str, kind: str = "channel") -> int:
    return kept.add(
        change,
        kind=kind,
        channel="telegram",
        address=address,
        name="Kabar",
        topic=None,
        unit=None,
        state="ready",
        at=NOW,
    )


def kinds(view: View) -> list[str]:
    rows = view.all("SELECT kind FROM audit ORDER BY id")
    return [row["kind"] for row in rows]


async def target(db: Database, number: int) -> Target:
    found = await db.read(kept.get, number)
    assert found is not None
    return found


async def test_a_target_that_loses_the_right_to_post_is_refused_and_gets_it_back(db: Database) -> None:
    number = await db.write(add, "-1001")
    await db.write(inbound.presence, of_place("refused", reason=NO_ADMIN), NOW)
    refused = await target(db, number)
    assert (refused.state, refused.reason, refused.name) == ("refused", NO_ADMIN, "Kabar")
    assert refused.asked_at == NOW

    await db.write(inbound.presence, of_place("ready", number="2"), NOW + timedelta(minutes=1))
    ready = await target(db, number)

    assert (ready.state, ready.reason) == ("ready", "")
    assert (await db.read(kinds))[-2:] == ["target.told", "target.told"]


async def test_a_target_kept_under_its_name_is_known_by_its_id_from_then_on(db: Database) -> None:
    number = await db.write(add, "@Kabar_Kampus")
    await db.write(inbound.presence, of_place("refused", alias="@kabar_kampus", reason=NO_ADMIN), NOW)

    found = await target(db, number)
    assert (found.address, found.state) == ("-1001", "refused")


async def test_a_place_that_is_no_target_of_ours_stays_none_and_no_contact(db: Database) -> None:
    await db.write(inbound.presence, of_place("ready"), NOW)

    assert await db.read(kept.every) == []
    assert await db.read(contacts.address, "telegram", "-1001") is None
    assert await db.read(kinds) == []


async def test_who_asked_for_silence_before_blocking_us_has_it_after_coming_back(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    states = []
    for number, state in enumerate(("blocked", "reachable", "opted_out", "blocked", "reachable", "opted_in")):
        await db.write(inbound.presence, of_dewi(state, str(number)), NOW)
        address = await db.read(contacts.address, "telegram", DEWI)
        assert address is not None
        states.append(address.state)

    assert states == ["blocked", "reachable", "opted_out", "opted_out", "opted_out", "reachable"]


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[Provider]:
    async with Provider(tmp_path / "telegram", lambda: NOW, push_retry=0.01) as provider:
        provider.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        yield provider
        provider.outage = True  # ends the long polls


@asynccontextmanager
async def polling(db: Database, provider: Provider, folder: Path) -> AsyncIterator[None]:
    """The public channel on a desk, hearing what the provider has to say."""
    async with serve(provider.app) as api:
        settings = Settings.model_validate({"token": TOKEN, "api": api})
        reception = Reception(db, Files(folder), lambda: NOW)
        async with (
            open_channel(
                settings,
                reception,
                clock=lambda: NOW,
                public_url="https://care.example.ac.id",
                files_root=folder,
            ) as channel,
            listening(channel),
        ):
            yield
            provider.outage = True


async def test_what_the_provider_does_to_our_bot_is_known_at_once(
    sqlite: Database, provider: Provider, tmp_path: Path
) -> None:
    phone = provider.phone(TOKEN)
    chat, group = phone.group("Kabar", kind="channel"), phone.group("Warga", kind="group")
    number, other = await sqlite.write(add, str(chat)), await sqlite.write(add, str(group), "group")
    said: list[tuple[str, str]] = []
    async with polling(sqlite, provider, tmp_path):

        async def then(act: Callable[[], object]) -> None:
            act()
            await provider.until(lambda: not provider.world.waiting(TOKEN))
            found = await target(sqlite, number)
            said.append((found.state, found.reason))

        await then(lambda: phone.mute_bot(chat))
        await then(lambda: phone.mute_bot(chat, False))
        await then(lambda: phone.remove_bot(chat))
        await then(lambda: phone.add_bot(chat, TOKEN))
        moved = provider.migrate(group)
        await then(lambda: None)

    assert said == [
        ("refused", NO_ADMIN),
        ("ready", ""),
        ("refused", NOT_THERE),
        ("ready", ""),
        ("ready", ""),
    ]
    assert (await target(sqlite, other)).address == str(moved)


async def test_a_post_that_meets_the_move_first_teaches_the_target(db: Database) -> None:
    number = await db.write(add, "-77", "group")
    letter = await db.write(_posted)
    failure = SendFailed("Grup ini pindah alamat.", moved_to="-100077")
    await db.write(sending.failed, letter, failure, NOW, 0.0)

    assert (await target(db, number)).address == "-100077"
    again = await db.read(outbox.get, letter.id)
    assert again and (again.state, again.outgoing.to) == ("queued", "-100077")


def _posted(change: Change) -> Letter:
    outgoing = Outgoing(id=0, channel="telegram", to="-77", text="Wisuda", priority=Priority.BROADCAST)
    number = outbox.add(change, outgoing, now=NOW, kind="broadcast")
    (letter,) = outbox.claim(change, "telegram", NOW, 1, "desk")
    assert letter.id == number
    return letter


async def test_asking_for_a_place_that_moved_keeps_its_new_address(db: Database) -> None:
    number = await db.write(add, "-77", "group")
    found = Inspection(address="-100077", kind="group", name="Warga", members=9, state="ready")
    await db.write(targets.told, number, found, NOW)

    assert (await target(db, number)).address == "-100077"


async def test_the_offices_own_group_is_followed_too(db: Database) -> None:
    await small_office(db)
    await db.write(office_acts.set_group, "-77")
    await db.write(staff_chats.moved, "-77", "-100077", NOW)

    assert await db.read(office.setting, "group", "") == "-100077"
