"""Files that are still with Telegram."""

from datetime import timedelta

import pytest

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from sop.messages import File, SendFailed, TooLarge
from tests.channels.reception import Recorder
from tests.channels.telegram_peer import SARI, TOKEN, fetched, listening


async def test_a_photo_is_fetched_as_it_was_sent(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    content = bytes(range(256)) * 1000
    provider.phone(TOKEN).photo(SARI, content, "Lampu mati")
    async with listening(channel):
        await desk.until(lambda: len(desk.taken) == 2)
    (file,) = desk.taken[-1].files
    stored = await desk.keep(channel.fetch(file), limit=1_000_000)

    assert stored.size == len(content)


async def test_a_file_beyond_telegrams_limit_is_told_apart(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    provider.phone(TOKEN).document(SARI, b"\0" * (20 * 1024 * 1024 + 1), "besar.bin")
    async with listening(channel):
        await desk.until(lambda: len(desk.taken) == 2)

    with pytest.raises(TooLarge):
        await fetched(channel, desk.taken[-1].files[0])


async def test_a_file_that_is_cut_off_may_be_fetched_later(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    provider.phone(TOKEN).photo(SARI, b"jpeg")
    async with listening(channel):
        await desk.until(lambda: len(desk.taken) == 2)
    provider.fail("drop-before", method="file")

    with pytest.raises(SendFailed) as failure:
        await fetched(channel, desk.taken[-1].files[0])
    assert failure.value.retry == timedelta(0)
    assert await fetched(channel, desk.taken[-1].files[0]) == b"jpeg"


async def test_a_file_that_telegram_does_not_know_is_never_asked_for_again(channel: Telegram) -> None:
    with pytest.raises(SendFailed) as failure:
        await fetched(channel, File(remote="tidak-dikenal"))

    assert failure.value.retry is None
