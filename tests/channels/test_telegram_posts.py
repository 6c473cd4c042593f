"""A post of ours that stands in Telegram: corrected, taken back, pinned and unpinned; what cannot be done is said."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from demo.telegram_window import Window
from sop.messages import Kind, Priority
from tests.channels.reception import Recorder
from tests.channels.telegram_peer import SARI, TOKEN, failing, kept, opened, outgoing


def pictures(folder: Path, count: int) -> dict[str, Any]:
    photo = kept(folder, b"jpeg", kind=Kind.PHOTO, name="a.jpg", content_type="image/jpeg")
    return {"files": (photo,) * count}


def place(provider: Provider, kind: str = "channel") -> int:
    return provider.phone(TOKEN).group("Kabar Contoh", kind=kind)


async def test_words_under_a_picture_are_corrected_there(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 2)
    receipt = await channel.send(outgoing("Wisuda 12 Desember.", **files))

    again = await channel.send(outgoing("Wisuda 13 Desember.", edits=receipt.external_id, **files))

    assert again.external_id == receipt.external_id
    assert [text for text in provider.sent(SARI) if text] == ["Wisuda 13 Desember."]


async def test_words_before_pictures_are_corrected_although_a_caption_was_expected(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 1)
    receipt = await channel.send(outgoing("x" * 1500, **files))

    await channel.send(outgoing("Diringkas.", edits=receipt.external_id, **files))

    assert [text for text in provider.sent(SARI) if text] == ["Diringkas."]


async def test_every_picture_of_an_album_is_taken_back(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    receipt = await channel.send(outgoing("Wisuda", **pictures(tmp_path, 3)))
    ids = " ".join((receipt.external_id, *receipt.more))

    await channel.send(outgoing("Ditarik", deletes=ids))
    again = await channel.send(outgoing("Ditarik", deletes=ids))

    assert provider.sent(SARI) == []
    assert again.external_id == receipt.external_id


async def test_what_is_too_old_to_be_taken_back_says_so_in_its_place(
    provider: Provider, channel: Telegram
) -> None:
    receipt = await channel.send(outgoing("Wisuda 12 Desember."))
    [message] = [each for each in provider.chat(SARI) if each.get("text") == "Wisuda 12 Desember."]
    message["date"] -= int(timedelta(hours=49).total_seconds())

    await channel.send(outgoing("Pengumuman ini ditarik.", deletes=receipt.external_id))

    assert provider.sent(SARI) == ["Pengumuman ini ditarik."]


async def test_a_post_is_pinned_quietly_and_unpinned(provider: Provider, channel: Telegram) -> None:
    chat = str(place(provider, "supergroup"))
    receipt = await channel.send(outgoing("Wisuda", to=chat, key=chat))

    await channel.send(outgoing("", to=chat, key=chat, pins=receipt.external_id))
    [pin] = [each for each in provider.calls if each.method == "pinChatMessage"]
    assert pin.params["disable_notification"] is True
    assert provider.world.memory.get("pin", chat)
    await channel.send(outgoing("", to=chat, key=chat, unpins=receipt.external_id))
    assert provider.world.memory.get("pin", chat) is None


async def test_a_place_that_our_bot_left_is_refused_in_words(provider: Provider, channel: Telegram) -> None:
    group = place(provider)
    provider.phone(TOKEN).remove_bot(group)

    failure = await failing(channel, outgoing(to=str(group), key=str(group)))

    assert failure.blocked
    assert "jadikan admin" in failure.reason


@pytest.mark.parametrize("way", ["deletes", "pins", "unpins"])
async def test_what_is_no_post_of_ours_is_left_alone(channel: Telegram, way: str) -> None:
    failure = await failing(channel, outgoing("", **{way: f"{SARI}:callback:43821000000000123456"}))

    assert failure.retry is None


def test_what_is_paid_for_has_a_window_of_its_own() -> None:
    window = Window(lambda: 0.0)
    free = [window.refuse_for(TOKEN, str(chat)) for chat in range(31)]
    paid = [window.refuse_for(TOKEN, str(chat), paid=True) for chat in range(100, 1101)]

    assert (free.count(0), paid.count(0)) == (30, 1000)


async def test_announcements_alone_are_paid_for(
    provider: Provider, channel: Telegram, api: str, desk: Recorder, tmp_path: Path
) -> None:
    async with opened(api, desk, tmp_path, paid_broadcast=True) as paid:
        await paid.send(outgoing("Wisuda", priority=Priority.BROADCAST))
        await paid.send(outgoing("Jawaban"))

    sent = [
        each.params.get("allow_paid_broadcast") for each in provider.calls if each.method == "sendMessage"
    ]
    assert sent[-2:] == [True, None]
