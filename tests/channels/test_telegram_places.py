"""Before an announcement is posted somewhere, Telegram is asked what that place is and whether our bot may post there."""

from pathlib import Path

import pytest

from channels.telegram import Telegram
from channels.telegram_places import AWAY, BAD_TOKEN
from channels.telegram_rights import NO_ADMIN, NOT_THERE
from demo.telegram import Telegram as Provider
from sop.place import Inspection, NotAPlace, place_of
from tests.channels.reception import Recorder
from tests.channels.telegram_peer import SARI, TOKEN, opened


async def test_a_channel_where_we_may_post_is_known_by_its_id(provider: Provider, channel: Telegram) -> None:
    chat = provider.phone(TOKEN).group("Kabar Contoh", kind="channel", username="kabar_contoh")

    assert await channel.inspect("@kabar_contoh") == Inspection(
        address=str(chat),
        kind="channel",
        name="Kabar Contoh",
        members=1,
        link="https://t.me/kabar_contoh",
        state="ready",
    )


async def test_a_channel_without_the_right_to_post_says_what_to_do(
    provider: Provider, channel: Telegram
) -> None:
    phone = provider.phone(TOKEN)
    chat = phone.group("Kabar Contoh", kind="channel")
    phone.mute_bot(chat)
    refused = await channel.inspect(str(chat))
    phone.mute_bot(chat, False)
    ready = await channel.inspect(str(chat))

    assert (refused.state, refused.reason) == ("refused", NO_ADMIN)
    assert (ready.state, ready.kind) == ("ready", "channel")


async def test_a_place_without_our_bot_or_of_nobody_is_refused(provider: Provider, channel: Telegram) -> None:
    phone = provider.phone(TOKEN)
    chat = phone.group("Info Dosen")
    before = await channel.inspect(str(chat))
    phone.remove_bot(chat)

    assert (before.state, before.kind) == ("ready", "group")
    assert (await channel.inspect(str(chat))).reason == NOT_THERE
    assert (await channel.inspect("@tidak_ada")).reason == NOT_THERE
    assert (await channel.inspect(str(SARI))).state == "refused"


async def test_a_group_that_moved_is_found_under_its_new_id(provider: Provider, channel: Telegram) -> None:
    old = provider.phone(TOKEN).group("Warga", kind="group")
    new = provider.migrate(old)
    found = await channel.inspect(str(old))

    assert (found.address, found.state) == (str(new), "ready")


async def test_a_token_that_was_revoked_and_a_telegram_that_is_away_are_told_apart(
    api: str, desk: Recorder, tmp_path: Path
) -> None:
    async with opened("http://127.0.0.1:9", desk, tmp_path) as nowhere:
        away = await nowhere.inspect("@kabar_contoh")
    async with opened(api, desk, tmp_path, token="119999:dicabut") as revoked:
        gone = await revoked.inspect("@kabar_contoh")

    assert (away.state, away.reason) == ("unknown", AWAY)
    assert (gone.state, gone.reason) == ("refused", BAD_TOKEN)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("@kabar_contoh", "@kabar_contoh"),
        (" https://t.me/kabar_contoh ", "@kabar_contoh"),
        ("t.me/kabar_contoh/", "@kabar_contoh"),
        ("-1001234567890", "-1001234567890"),
    ],
)
def test_a_place_is_named_in_any_usual_way(typed: str, address: str) -> None:
    assert place_of(typed) == address


@pytest.mark.parametrize("typed", ["", "kabar", "7001", "@x", "https://contoh.id/kabar", "-100 123"])
def test_what_names_no_place_is_refused(typed: str) -> None:
    with pytest.raises(NotAPlace):
        place_of(typed)
