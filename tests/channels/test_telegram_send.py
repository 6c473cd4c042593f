"""Messages to Telegram: whole, in order, at its pace, and every failure told apart."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from sop.messages import Button, File, Kind
from tests.channels.reception import Recorder, clock
from tests.channels.telegram_peer import (
    BUDI,
    SARI,
    TOKEN,
    failing,
    kept,
    opened,
    outgoing,
)
from tests.peers import free_port, serve


async def test_an_answer_arrives_with_its_buttons_as_a_reply(provider: Provider, channel: Telegram) -> None:
    asked = provider.chat(SARI)[0]["message_id"]
    receipt = await channel.send(
        outgoing(
            buttons=((Button(label="Ya", data="ya"), Button(label="Halaman", url="https://contoh.example")),),
            reply_to=f"{SARI}:{asked}",
            link="abc123",
            auto=True,
        )
    )

    shown = provider.chat(SARI)[-1]
    assert shown["text"] == "Jawaban untuk Anda.\n\nhttps://care.example.ac.id/status/abc123"
    assert shown["reply_to_message"]["message_id"] == asked
    assert [button["text"] for button in shown["reply_markup"]["inline_keyboard"][0]] == ["Ya", "Halaman"]
    assert receipt.external_id == f"{SARI}:{shown['message_id']}"


async def test_an_answer_to_a_pressed_button_is_a_reply_to_nothing(
    provider: Provider, channel: Telegram
) -> None:
    await channel.send(outgoing(reply_to=f"{SARI}:callback:438210000000001"))

    assert "reply_to_message" not in provider.chat(SARI)[-1]


async def test_an_officers_own_words_stay_without_an_address(provider: Provider, channel: Telegram) -> None:
    await channel.send(outgoing(link="abc123"))

    assert provider.sent(SARI) == ["Jawaban untuk Anda."]


async def test_a_long_answer_arrives_whole_in_several_messages(provider: Provider, channel: Telegram) -> None:
    words = " ".join(f"kata{number}🙏" for number in range(600))
    receipt = await channel.send(outgoing(words))

    parts = provider.sent(SARI)
    assert len(parts) == 2
    assert " ".join(parts) == words
    assert receipt.external_id == f"{SARI}:{provider.chat(SARI)[-2]['message_id']}"


async def test_markup_in_an_answer_stays_as_it_was_written(provider: Provider, channel: Telegram) -> None:
    await channel.send(outgoing("<b>1 < 2</b> & *tebal* _miring_ [x](y)"))

    assert provider.sent(SARI) == ["<b>1 < 2</b> & *tebal* _miring_ [x](y)"]


async def test_an_attachment_arrives_with_the_words_as_its_caption(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(outgoing(files=(kept(tmp_path, b"%PDF-1.7"),)))

    shown = provider.chat(SARI)[-1]
    assert (shown["caption"], shown["document"]["file_name"]) == ("Jawaban untuk Anda.", "surat.pdf")


async def test_a_file_name_cannot_leave_its_place(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    await channel.send(outgoing(files=(kept(tmp_path, b"x", name='../a"\r\nX-Evil: 1\u202egpj.pdf'),)))

    name = provider.chat(SARI)[-1]["document"]["file_name"]
    assert not set(name) & set('/\\"\r\n\u202e')


async def test_a_long_answer_with_photos_is_words_first(
    provider: Provider, channel: Telegram, tmp_path: Path
) -> None:
    photo = kept(tmp_path, b"jpeg", kind=Kind.PHOTO, name="a.jpg", content_type="image/jpeg")
    await channel.send(outgoing("x" * 1500, files=(photo,)))

    first, second = provider.chat(SARI)[-2:]
    assert len(first["text"]) == 1500
    assert "photo" in second


async def test_a_file_that_is_gone_fails_in_words(channel: Telegram) -> None:
    failure = await failing(channel, outgoing(files=(File(path="tidak-ada", name="surat.pdf"),)))

    assert (failure.reason, failure.retry) == ("Berkas surat.pdf tidak ada lagi di penyimpanan.", None)


async def test_a_card_is_edited_rather_than_posted_anew(provider: Provider, channel: Telegram) -> None:
    receipt = await channel.send(outgoing("Menunggu"))
    again = await channel.send(outgoing("Selesai", edits=receipt.external_id))
    same = await channel.send(outgoing("Selesai", edits=receipt.external_id))

    assert provider.sent(SARI) == ["Selesai"]
    assert receipt == again == same


async def test_retry_after_is_obeyed(provider: Provider, channel: Telegram) -> None:
    provider.fail("429", method="sendMessage", seconds=7)
    failure = await failing(channel, outgoing())

    assert (failure.retry, failure.unknown) == (timedelta(seconds=7), False)


async def test_a_strict_window_refuses_nothing(desk: Recorder, tmp_path: Path) -> None:
    async with Provider(tmp_path / "strict", clock, strict=True) as sim, serve(sim.app) as api:
        sim.add_bot(TOKEN)
        people = [str(sim.phone(TOKEN).person(8000 + number)) for number in range(45)]
        for person in people:
            sim.phone(TOKEN).start(int(person))
        async with opened(api, desk, tmp_path) as channel:
            await asyncio.gather(*(channel.send(outgoing(to=person, key=person)) for person in people))

    assert {one.status for one in sim.calls if one.method == "sendMessage"} == {200}
    assert sum(one.method == "sendMessage" for one in sim.calls) == 45


async def test_a_person_who_blocks_us_is_not_tried_again(provider: Provider, channel: Telegram) -> None:
    provider.phone(TOKEN).block(SARI)
    failure = await failing(channel, outgoing())

    assert (failure.blocked, failure.retry) == (True, None)


async def test_a_chat_that_moved_says_where_to(provider: Provider, channel: Telegram) -> None:
    group = provider.phone(TOKEN).group("RT 05", kind="group")
    there = provider.migrate(group)
    failure = await failing(channel, outgoing(to=str(group), key=str(group)))

    assert failure.moved_to == str(there)


async def test_what_may_have_arrived_is_unknown(provider: Provider, channel: Telegram) -> None:
    provider.fail("drop-after", method="sendMessage")
    failure = await failing(channel, outgoing())

    assert (failure.unknown, provider.sent(SARI)) == (True, ["Jawaban untuk Anda."])


async def test_trouble_of_telegrams_own_is_tried_again(provider: Provider, channel: Telegram) -> None:
    provider.fail("500", method="sendMessage")
    failure = await failing(channel, outgoing())

    assert (failure.retry, failure.unknown) == (timedelta(0), False)


async def test_what_never_left_is_tried_again(desk: Recorder, tmp_path: Path) -> None:
    async with opened(f"http://127.0.0.1:{free_port()}", desk, tmp_path) as channel:
        failure = await failing(channel, outgoing())

    assert (failure.retry, failure.unknown) == (timedelta(0), False)


@pytest.mark.parametrize("to", ["", "bukan-angka", "12x"])
async def test_an_address_that_is_none_fails_in_words(to: str, channel: Telegram) -> None:
    failure = await failing(channel, outgoing(to=to, key=to))

    assert (failure.retry, failure.unknown) == (None, False)


async def test_a_button_that_telegram_cannot_show_fails_in_words(channel: Telegram) -> None:
    failure = await failing(channel, outgoing(buttons=((Button(label="Terlalu panjang", data="x" * 65),),)))

    assert (failure.retry, failure.unknown) == (None, False)


async def test_an_empty_message_fails_in_words(channel: Telegram) -> None:
    assert "kosong" in (await failing(channel, outgoing(""))).reason


async def test_that_somebody_writes_is_shown_no_oftener_than_the_sign_lasts(
    provider: Provider, channel: Telegram
) -> None:
    for to in (SARI, SARI, SARI, BUDI):
        channel.typing(str(to))
    await provider.until(lambda: len(signs(provider)) == 2)
    await channel.send(outgoing())

    assert sorted(signs(provider)) == [(SARI, "typing"), (BUDI, "typing")]


async def test_a_sign_that_telegram_refuses_troubles_nobody(provider: Provider, channel: Telegram) -> None:
    provider.fail("403", method="sendChatAction")
    channel.typing(str(SARI))
    await provider.until(lambda: signs(provider))

    assert await channel.send(outgoing())


def signs(provider: Provider) -> list[tuple[int, str]]:
    """(chat, action) of each sign that was asked for."""
    asked = [one.params for one in provider.calls if one.method == "sendChatAction"]
    return [(int(each["chat_id"]), each["action"]) for each in asked]
