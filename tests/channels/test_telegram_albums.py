"""Several files of one answer: pictures as one album, papers as another, each one send that is taken whole or not at all."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from sop.messages import Button, File, Kind
from sop.text import split
from tests.channels.telegram_peer import SARI, failing, outgoing


def files(folder: Path, *kinds: Kind) -> tuple[File, ...]:
    """Kept files of these kinds, each with bytes of its own."""
    types = {Kind.PHOTO: "image/jpeg", Kind.VIDEO: "video/mp4", Kind.VOICE: "audio/ogg"}
    found = []
    for number, kind in enumerate(kinds):
        path = f"f{number}"
        (folder / path).write_bytes(b"isi" * (number + 1))
        content_type = types.get(kind, "application/pdf")
        found.append(File(kind=kind, path=path, name=f"berkas-{number}", content_type=content_type))
    return tuple(found)


def shown(provider: Provider, since: int = 1) -> list[dict[str, Any]]:
    """What the bot said, without the greeting that began the chat."""
    return [each for each in provider.chat(SARI)[since:] if each["from"]["is_bot"]]


def sorts(provider: Provider) -> list[tuple[str, str]]:
    """(what it is, its caption or text), in order."""
    kinds = ("photo", "video", "document", "voice", "text")
    return [
        (next(kind for kind in kinds if kind in each), each.get("caption") or each.get("text", ""))
        for each in shown(provider)
    ]


async def test_pictures_of_one_answer_are_one_album_with_the_words_below(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    receipt = await channel.send(outgoing("Denah", files=files(tmp_path, *[Kind.PHOTO] * 2, Kind.VIDEO)))

    assert sorts(provider) == [("photo", "Denah"), ("photo", ""), ("video", "")]
    assert len({each["media_group_id"] for each in shown(provider)}) == 1
    ids = [f"{SARI}:{each['message_id']}" for each in shown(provider)]
    assert (receipt.external_id, *receipt.more) == tuple(ids)


async def test_papers_are_grouped_and_carry_the_words_under_the_last(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(outgoing("Terlampir", files=files(tmp_path, Kind.DOCUMENT, Kind.DOCUMENT)))

    assert sorts(provider) == [("document", ""), ("document", "Terlampir")]
    assert shown(provider)[0]["media_group_id"] == shown(provider)[1]["media_group_id"]


async def test_what_does_not_go_together_is_apart_after_the_words(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    mixed = files(tmp_path, Kind.PHOTO, Kind.PHOTO, Kind.DOCUMENT, Kind.VOICE, Kind.VOICE)
    receipt = await channel.send(outgoing("Lihat", files=mixed))

    assert [kind for kind, _ in sorts(provider)] == ["text", "photo", "photo", "document", "voice", "voice"]
    assert len(receipt.more) == 5


async def test_an_album_of_eleven_is_ten_and_one(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(outgoing("", files=files(tmp_path, *[Kind.PHOTO] * 11)))

    groups = [each.get("media_group_id", "") for each in shown(provider)]
    assert len(groups) == 11 and len(set(groups[:10])) == 1 and groups[10] == ""


async def test_words_too_long_for_a_caption_come_first(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    words = "panjang " * 200
    await channel.send(outgoing(words, files=files(tmp_path, Kind.PHOTO, Kind.PHOTO)))

    assert sorts(provider) == [("text", split(words)[0]), ("photo", ""), ("photo", "")]


async def test_buttons_hang_under_a_message_of_their_own(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    button = ((Button(label="Ya", data="ya"),),)
    await channel.send(outgoing("Sudah benar?", files=files(tmp_path, *[Kind.PHOTO] * 3), buttons=button))

    assert [kind for kind, _ in sorts(provider)] == ["text", "photo", "photo", "photo"]
    assert "reply_markup" in shown(provider)[-1]


async def test_an_album_that_is_refused_left_nothing_and_is_sent_whole_again(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    album = outgoing("Denah", files=files(tmp_path, Kind.PHOTO, Kind.PHOTO))
    provider.fail("drop-before", method="sendMediaGroup")

    failure = await failing(channel, album)
    assert not failure.unknown or failure.retry is None
    assert sorts(provider) == []
    provider.fail("500", method="sendMediaGroup")
    failure = await failing(channel, album)
    assert (failure.retry, sorts(provider)) == (timedelta(0), [])

    await channel.send(album)
    assert [kind for kind, _ in sorts(provider)] == ["photo", "photo"]


async def test_an_album_whose_answer_is_lost_may_have_arrived(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    provider.fail("drop-after", method="sendMediaGroup")

    failure = await failing(channel, outgoing(files=files(tmp_path, Kind.PHOTO, Kind.PHOTO)))

    assert failure.unknown
    assert len(sorts(provider)) == 2


async def test_the_person_sees_that_a_file_is_on_its_way_and_no_sign_holds_it_up(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    (voice,) = files(tmp_path, Kind.VOICE)
    provider.fail("403", method="sendChatAction")
    await channel.send(outgoing(files=(voice,)))
    await channel.send(outgoing(files=(voice,)))

    assert [kind for kind, _ in sorts(provider)] == ["voice", "voice"]
    assert provider.signs(SARI) == ["upload_voice"]


async def test_plain_words_are_sent_without_a_sign(provider: Provider, channel: Telegram) -> None:
    await channel.send(outgoing())

    assert provider.signs(SARI) == []
