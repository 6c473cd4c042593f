"""An announcement's picture goes up once for thousands; what Telegram forgot goes up again."""

from pathlib import Path

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from sop.messages import Kind, Outgoing, Priority
from tests.channels.telegram_peer import BUDI, SARI, TOKEN, failing, outgoing
from tests.channels.test_telegram_albums import files


def uploads(provider: Provider) -> list[int]:
    """How many files each send with files brought along."""
    return [len(each.uploads) for each in provider.calls if each.method in ("sendPhoto", "sendMediaGroup")]


def announced(folder: Path, to: int, *kinds: Kind, text: str = "Wisuda", **more: object) -> Outgoing:
    shown = files(folder, *kinds)
    return outgoing(text, to=str(to), key=str(to), files=shown, priority=Priority.BROADCAST, **more)


async def test_a_picture_goes_up_once_and_everybody_sees_it(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    provider.phone(TOKEN).start(BUDI)
    for person in (SARI, BUDI):
        await channel.send(announced(tmp_path, person, Kind.PHOTO))

    assert uploads(provider) == [1, 0]
    assert "sendChatAction" not in [each.method for each in provider.calls]
    seen = [provider.chat(person)[-1]["photo"][-1]["file_id"] for person in (SARI, BUDI)]
    assert len(set(seen)) == 1


async def test_an_album_after_long_words_is_named_in_its_order(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    provider.phone(TOKEN).start(BUDI)
    for person in (SARI, BUDI):
        await channel.send(announced(tmp_path, person, Kind.PHOTO, Kind.PHOTO, text="Wisuda. " * 200))

    assert uploads(provider) == [2, 0]
    first, second = (
        [each["photo"][-1]["file_id"] for each in provider.chat(person) if "photo" in each]
        for person in (SARI, BUDI)
    )
    assert first == second and first[0] != first[1]


async def test_an_answers_own_file_goes_up_each_time(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    for _ in range(2):
        await channel.send(outgoing("Denah", files=files(tmp_path, Kind.PHOTO)))

    assert uploads(provider) == [1, 1]


async def test_what_telegram_forgot_goes_up_again(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(announced(tmp_path, SARI, Kind.PHOTO))
    for each in provider.world.memory.all("file"):
        provider.world.memory.drop("file", each["file"]["file_id"])

    failure = await failing(channel, announced(tmp_path, SARI, Kind.PHOTO))
    assert failure.retry is not None and not failure.unknown
    await channel.send(announced(tmp_path, SARI, Kind.PHOTO))

    assert uploads(provider) == [1, 0, 1]
