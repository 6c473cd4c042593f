"""The Telegram simulator speaks with both bot libraries, as they are."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram as ptb
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ContentType
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)

from demo.telegram import Telegram
from tests.demo.conftest import SARI, TOKEN, Served

BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Ambil", callback_data="ambil:1")]]
)


def aiogram_bot(url: str, token: str = TOKEN) -> Bot:
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url), timeout=5))


@pytest.fixture
async def bot(telegram: Served[Telegram]) -> AsyncIterator[Bot]:
    async with aiogram_bot(telegram.url) as bot:
        yield bot


@pytest.fixture
async def staff(telegram: Served[Telegram]) -> AsyncIterator[ptb.Bot]:
    made = ptb.Bot(TOKEN, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot")
    async with made:
        yield made


async def test_what_a_person_writes_is_fetched_by_both_libraries(
    telegram: Served[Telegram], bot: Bot, staff: ptb.Bot
) -> None:
    telegram.sim.phone(TOKEN).write(SARI, "KRS saya terkunci, /status")

    (first,) = await bot.get_updates()
    (second,) = await staff.get_updates()

    assert first.message is not None and second.message is not None
    assert (first.message.text, first.message.chat.id) == ("KRS saya terkunci, /status", SARI)
    assert second.message.parse_entities(["bot_command"]) == {second.message.entities[0]: "/status"}


async def test_a_confirmed_update_is_forgotten_and_ids_rise(telegram: Served[Telegram], bot: Bot) -> None:
    phone = telegram.sim.phone(TOKEN)
    for word in ("satu", "dua", "tiga"):
        phone.write(SARI, word)

    updates = await bot.get_updates(limit=2)
    rest = await bot.get_updates(offset=updates[-1].update_id + 1)

    assert [update.message.text for update in updates + rest if update.message] == ["satu", "dua", "tiga"]
    assert len({update.update_id for update in updates + rest}) == 3
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == [rest[0].update_id]


async def test_a_long_poll_answers_when_somebody_writes(telegram: Served[Telegram], bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=35))
    await telegram.sim.until(lambda: telegram.sim.calls)
    telegram.sim.phone(TOKEN).write(SARI, "Halo")

    assert [update.message.text for update in await poll if update.message] == ["Halo"]


async def test_the_second_fetch_loop_ends_the_first(telegram: Served[Telegram], bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=35))
    await telegram.sim.until(lambda: telegram.sim.calls)
    await bot.get_updates()

    with pytest.raises(Exception, match="terminated by other getUpdates"):
        await first


async def test_only_updates_that_were_asked_for_are_made(telegram: Served[Telegram], bot: Bot) -> None:
    phone = telegram.sim.phone(TOKEN)
    await bot.get_updates(allowed_updates=["message"])
    phone.write(SARI, "Halo")
    phone.block(SARI)
    await bot.get_updates(allowed_updates=["message", "my_chat_member"])
    phone.unblock(SARI)

    kinds = [update.event_type for update in await bot.get_updates()]

    assert kinds == ["message", "my_chat_member"]


async def test_every_kind_of_word_parses_in_both_libraries(
    telegram: Served[Telegram], bot: Bot, staff: ptb.Bot
) -> None:
    phone = telegram.sim.phone(TOKEN)
    said = phone.start(SARI, "abc")
    phone.album(SARI, [b"a", b"b", b"c"], "Tiga foto")
    phone.voice(SARI, b"ogg")
    phone.document(SARI, b"%PDF", "krs.pdf")
    for kind in ("video", "audio", "animation", "video_note"):
        phone.media(SARI, kind, b"x")
    phone.sticker(SARI)
    phone.location(SARI, -6.2, 106.8)
    phone.contact(SARI, "+6281200000001")
    phone.poll(SARI, "Setuju?", ["Ya", "Tidak"])
    phone.edit(SARI, said["message_id"], "/start xyz")
    phone.block(SARI)

    updates = await bot.get_updates()
    kinds = [ContentType(update.message.content_type).value for update in updates if update.message]

    assert kinds == [
        "text", "photo", "photo", "photo", "voice", "document", "video", "audio", "animation", "video_note",
        "sticker", "location", "contact", "poll",
    ]  # fmt: skip
    assert len({update.message.media_group_id for update in updates[1:4] if update.message}) == 1
    assert updates[-2].edited_message is not None and updates[-2].edited_message.text == "/start xyz"
    assert len(await staff.get_updates()) == len(updates)


async def test_a_styled_answer_with_buttons_stands_on_the_phone(telegram: Served[Telegram], bot: Bot) -> None:
    telegram.sim.phone(TOKEN).start(SARI)

    sent = await bot.send_message(
        SARI, "Tiket <b>1042</b> &amp; \N{GRINNING FACE}<i>ya</i>", parse_mode="HTML", reply_markup=BUTTONS
    )

    shown = telegram.sim.chat(SARI)[-1]
    assert shown["text"] == "Tiket 1042 & \N{GRINNING FACE}ya"
    assert [(part["type"], part["offset"], part["length"]) for part in shown["entities"]] == [
        ("bold", 6, 4),
        ("italic", 15, 2),
    ]
    assert sent.reply_markup and sent.reply_markup.model_dump() == BUTTONS.model_dump()
    assert telegram.sim.sent(SARI) == [shown["text"]]


async def test_a_press_is_answered_once(telegram: Served[Telegram], bot: Bot) -> None:
    phone = telegram.sim.phone(TOKEN)
    phone.start(SARI)
    card = await bot.send_message(SARI, "Tiket", reply_markup=BUTTONS)
    press = phone.press(SARI, card.message_id, "Ambil")

    query = (await bot.get_updates())[-1].callback_query
    assert query is not None and query.data == "ambil:1"
    await bot.answer_callback_query(query.id, "Sudah")

    assert phone.answer(press) == {"text": "Sudah"}
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(query.id)


async def test_files_go_up_and_come_down_unchanged(
    telegram: Served[Telegram], bot: Bot, staff: ptb.Bot
) -> None:
    telegram.sim.phone(TOKEN).start(SARI)

    mine = await bot.send_document(SARI, BufferedInputFile(b"%PDF-1", "surat.pdf"), caption="Surat")
    again = await bot.send_document(SARI, mine.document.file_id)  # type: ignore[union-attr]  # a document was sent
    theirs = await staff.send_voice(SARI, b"ogg")
    album = await bot.send_media_group(
        SARI, [InputMediaPhoto(media=BufferedInputFile(bytes([n]), "f.jpg"), caption="k" * n) for n in (1, 2)]
    )
    pair = await staff.send_media_group(SARI, [ptb.InputMediaPhoto(b"a"), ptb.InputMediaPhoto(b"b")])

    assert mine.document and again.document and mine.document.file_name == "surat.pdf"
    assert (await bot.download(again.document)).read() == b"%PDF-1"  # type: ignore[union-attr]  # no path: bytes
    assert theirs.voice is not None
    assert bytes(await (await theirs.voice.get_file()).download_as_bytearray()) == b"ogg"
    assert len({part.media_group_id for part in album}) == 1 and len(pair) == 2


async def test_messages_are_edited_copied_pinned_and_deleted(telegram: Served[Telegram], bot: Bot) -> None:
    telegram.sim.phone(TOKEN).start(SARI)
    card = await bot.send_message(SARI, "Baru", reply_markup=BUTTONS)
    await bot.edit_message_text("Diambil", chat_id=SARI, message_id=card.message_id)
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await bot.edit_message_text("Diambil", chat_id=SARI, message_id=card.message_id)
    await bot.edit_message_reply_markup(chat_id=SARI, message_id=card.message_id, reply_markup=BUTTONS)
    await bot.copy_message(SARI, SARI, card.message_id)
    await bot.pin_chat_message(SARI, card.message_id)
    await bot.delete_message(SARI, card.message_id)

    assert telegram.sim.sent(SARI) == ["Diambil"]
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("Lagi", chat_id=SARI, message_id=card.message_id)


async def test_a_forum_group_has_topics_members_and_two_bots(telegram: Served[Telegram], bot: Bot) -> None:
    other = "110002:petugas"
    telegram.sim.add_bot(other, "petugas_bot")
    phone = telegram.sim.phone(TOKEN)
    group = phone.group("Staf UC3", forum=True)
    phone.add_bot(group, other)
    phone.join(SARI, group, "administrator")

    topic = await bot.create_forum_topic(group, "1042 KRS")
    await bot.send_message(group, "Kartu", message_thread_id=topic.message_thread_id)
    phone.write(SARI, "/ambil", chat=group, topic=topic.message_thread_id)
    await bot.close_forum_topic(group, topic.message_thread_id)

    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await bot.send_message(group, "Kartu", message_thread_id=topic.message_thread_id)
    await bot.reopen_forum_topic(group, topic.message_thread_id)
    await bot.edit_forum_topic(group, topic.message_thread_id, name="1042 selesai")
    assert (await bot.get_chat_member(group, SARI)).status == "administrator"
    assert (await bot.get_chat(group)).is_forum
    async with aiogram_bot(telegram.url, other) as second:
        heard = [update.message.text for update in await second.get_updates() if update.message]
        assert heard == [None, "/ambil"]
        assert [admin.user.id for admin in await second.get_chat_administrators(group)] == [
            110001,
            110002,
            SARI,
        ]


async def test_both_libraries_set_commands(telegram: Served[Telegram], bot: Bot, staff: ptb.Bot) -> None:
    await bot.set_my_commands([BotCommand(command="antrean", description="Antrean saya")])
    await staff.set_my_commands([("ambil", "Ambil tiket")], scope=ptb.BotCommandScopeAllGroupChats())

    assert [command.command for command in await staff.get_my_commands()] == ["antrean"]
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Ambil!", description="x")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        ("a" * 4097, "message is too long"),
        ("\N{GRINNING FACE}" * 2049, "message is too long"),
        ("<b>tebal", "can't parse entities"),
        ("<script>x</script>", "Unsupported start tag"),
    ],
)
async def test_a_bad_text_is_refused_in_telegrams_words(
    telegram: Served[Telegram], bot: Bot, text: str, words: str
) -> None:
    telegram.sim.phone(TOKEN).start(SARI)

    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_message(SARI, text, parse_mode="HTML")
    assert telegram.sim.sent(SARI) == []


async def test_a_button_carries_at_most_64_bytes(telegram: Served[Telegram], bot: Bot) -> None:
    telegram.sim.phone(TOKEN).start(SARI)
    long = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="a", callback_data="x" * 65)]])

    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await bot.send_message(SARI, "Halo", reply_markup=long)


async def test_who_never_wrote_or_blocked_us_cannot_be_written_to(
    telegram: Served[Telegram], bot: Bot
) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(SARI, "Halo")
    phone = telegram.sim.phone(TOKEN)
    phone.start(SARI)
    phone.block(SARI)
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(SARI, "Halo")
    phone.unblock(SARI)
    assert await bot.send_message(SARI, "Halo")


async def test_a_group_that_moved_says_where_to(telegram: Served[Telegram], bot: Bot, staff: ptb.Bot) -> None:
    group = telegram.sim.phone(TOKEN).group("Staf", kind="group")
    telegram.sim.fail("400-migrate", chat=group)

    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(group, "Halo")
    with pytest.raises(ptb.error.ChatMigrated):
        await staff.send_message(group, "Halo")
    assert (await bot.send_message(moved.value.migrate_to_chat_id, "Halo")).chat.title == "Staf"


async def test_faults_on_demand_reach_the_library(telegram: Served[Telegram], bot: Bot) -> None:
    sim = telegram.sim
    sim.phone(TOKEN).start(SARI)
    sim.fail("429", method="sendMessage", seconds=7)
    sim.fail("403", method="sendMessage")
    sim.fail("500", method="sendMessage")
    sim.fail("drop-before", method="sendMessage")
    sim.fail("drop-after", method="sendMessage")
    sim.fail("slow", method="sendMessage", seconds=0.05)

    with pytest.raises(TelegramRetryAfter) as wait:
        await bot.send_message(SARI, "a")
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(SARI, "b")
    with pytest.raises(TelegramServerError):
        await bot.send_message(SARI, "c")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(SARI, "d")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(SARI, "e")
    await bot.send_message(SARI, "f")

    assert wait.value.retry_after == 7
    assert sim.sent(SARI) == ["e", "f"]


async def test_a_call_that_hangs_leaves_the_others_alone(telegram: Served[Telegram], bot: Bot) -> None:
    telegram.sim.phone(TOKEN).start(SARI)
    telegram.sim.fail("hang", method="sendMessage")

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(SARI, "a", request_timeout=1)
    assert (await bot.get_me()).username == "layanan_contoh_bot"
    assert telegram.sim.sent(SARI) == []


async def test_an_outage_closes_every_connection_and_ends(telegram: Served[Telegram], bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=35))
    await telegram.sim.until(lambda: telegram.sim.calls)
    telegram.sim.outage = True
    with pytest.raises(TelegramNetworkError):
        await poll
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    telegram.sim.outage = False
    assert await bot.get_me()


async def test_a_token_that_botfather_never_gave_is_refused(telegram: Served[Telegram]) -> None:
    async with aiogram_bot(telegram.url, "999:salah") as bot:
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()
