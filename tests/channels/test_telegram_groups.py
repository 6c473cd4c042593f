"""The public bot in a group: who speaks to it is shown the private chat, and nothing of the group is kept."""

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from tests.channels.reception import Recorder
from tests.channels.telegram_peer import BUDI, SARI, TOKEN, listening


async def test_a_group_that_calls_is_shown_the_private_chat_once_and_nothing_is_kept(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    phone = provider.phone(TOKEN)
    group = phone.group("RT 05", forum=True)
    topic = phone.topic(SARI, group, "Lampu")
    async with listening(channel):
        await desk.until(lambda: channel.username)
        phone.write(SARI, "Ada yang tahu jam buka?", chat=group, topic=topic)
        asked = phone.write(SARI, "/lapor lampu mati di rumah Pak Budi", chat=group, topic=topic)
        phone.write(BUDI, f"@{channel.username} saya juga", chat=group)
        await provider.until(lambda: provider.sent(group))
        phone.write(BUDI, "selesai")
        await desk.until(lambda: "selesai" in [each.text for each in desk.taken])

    (line,) = [each for each in provider.chat(group) if each["from"]["is_bot"] and "text" in each]
    assert "obrolan pribadi" in line["text"] and "Budi" not in line["text"]
    assert line["message_thread_id"] == topic
    assert line["reply_to_message"]["message_id"] == asked["message_id"]
    assert line["reply_markup"]["inline_keyboard"][0][0]["url"].startswith("https://t.me/")
    assert not [each for each in desk.taken if each.key.startswith("-")]
    assert channel.ignored["supergroup"] >= 3


async def test_a_group_that_lets_us_say_nothing_holds_up_nobody(
    provider: Provider, channel: Telegram, desk: Recorder
) -> None:
    phone = provider.phone(TOKEN)
    group = phone.group("RT 05")
    provider.fail("403", method="sendMessage", chat=group)
    async with listening(channel):
        await desk.until(lambda: channel.username)
        phone.write(SARI, "/status", chat=group)
        phone.write(SARI, "KRS saya terkunci")
        await desk.until(lambda: "KRS saya terkunci" in [each.text for each in desk.taken])

    assert provider.sent(group) == []
