"""Messages to WhatsApp: within the window, by template outside it, every failure in plain words."""

from datetime import timedelta
from pathlib import Path

import pytest

from sop.messages import Button, Delivered, File, Kind, SendFailed
from tests.channels.reception import NOW, Recorder
from tests.channels.whatsapp_peer import PUBLIC, SARI, Peer, opened, outgoing
from tests.clock import Clock
from tests.peers import free_port


async def test_an_answer_arrives_within_the_window(open_window: Peer) -> None:
    sid = await open_window.send(
        link="abc123", auto=True, buttons=((Button(label="Ya", data="y"), Button(label="Tidak", data="t")),)
    )

    assert open_window.twilio.sent(SARI) == [
        f"Jawaban untuk Anda.\n1. Ya\n2. Tidak\n\n{PUBLIC}/status/abc123"
    ]
    assert sid.startswith("SM")


async def test_a_late_answer_fails_in_plain_words(open_window: Peer) -> None:
    open_window.clock.now += timedelta(hours=25)
    await open_window.send()

    (failed,) = [word for word in open_window.desk.words if isinstance(word, Delivered)]
    assert (failed.state, failed.reason.startswith("Sudah lewat 24 jam")) == ("failed", True)


async def test_an_approved_template_arrives_outside_the_window(peer: Peer) -> None:
    content = peer.twilio.account.add_content("jawaban_tersedia", "Jawaban untuk {{1}} tersedia.")
    content["approval"] = "approved"
    peer.twilio.account.memory.put("content", content["sid"], content)
    await peer.send("", content={"sid": content["sid"], "variables": {"1": "tiket 1042"}})

    assert peer.twilio.sent(SARI) == ["Jawaban untuk tiket 1042 tersedia."]


async def test_the_approval_of_each_template_is_pulled(peer: Peer) -> None:
    content = peer.twilio.account.add_content("jawaban_tersedia", "Jawaban untuk {{1}} tersedia.")
    (before,) = await peer.channel.contents()
    content["approval"] = "approved"
    peer.twilio.account.memory.put("content", content["sid"], content)
    (after,) = await peer.channel.contents()

    assert (after.sid, after.name, after.body, after.language) == (
        content["sid"], "jawaban_tersedia", "Jawaban untuk {{1}} tersedia.", "id",
    )  # fmt: skip
    assert before.state != "approved"
    assert after.state == "approved"


async def test_a_long_answer_arrives_whole_in_several_messages(open_window: Peer) -> None:
    words = " ".join(f"kata{number}" for number in range(500))
    await open_window.send(words)

    assert " ".join(open_window.twilio.sent(SARI)) == words
    assert len(open_window.twilio.sent(SARI)) == 3


async def test_twilio_fetches_an_attachment_by_a_signed_address(open_window: Peer) -> None:
    (open_window.folder / "0af3").write_bytes(b"jpeg" * 50_000)
    photo = File(kind=Kind.PHOTO, path="0af3", content_type="image/jpeg", name="a.jpg")
    sid = await open_window.send(files=(photo,))

    message = open_window.twilio.account.memory.get("message", sid)
    assert message is not None
    (media,) = message["media"]
    assert open_window.twilio.account.media_bytes(media) == b"jpeg" * 50_000
    assert (message["body"], message["status"]) == ("Jawaban untuk Anda.", "delivered")


@pytest.mark.parametrize(
    ("kind", "retry", "unknown"),
    [("429", timedelta(seconds=1), False), ("500", timedelta(0), False), ("drop-after", None, True)],
)
async def test_trouble_is_told_apart(
    kind: str, retry: timedelta | None, unknown: bool, open_window: Peer
) -> None:
    open_window.twilio.fail(kind, method="messages.create")
    failure = await open_window.failing()

    assert (failure.retry, failure.unknown) == (retry, unknown)


async def test_an_address_that_is_none_fails_for_good_in_plain_words(open_window: Peer) -> None:
    failure = await open_window.failing(to="whatsapp:+0")

    assert (failure.reason, failure.retry, failure.unknown) == (
        "Alamat tujuan bukan nomor yang sah.", None, False,
    )  # fmt: skip


async def test_what_never_left_is_tried_again(tmp_path: Path) -> None:
    async with opened(f"http://127.0.0.1:{free_port()}", Recorder(), tmp_path, Clock(NOW)) as channel:
        with pytest.raises(SendFailed) as failure:
            await channel.send(outgoing("x"))

    assert (failure.value.retry, failure.value.unknown) == (timedelta(0), False)


async def test_an_empty_message_fails_in_words(peer: Peer) -> None:
    assert "kosong" in (await peer.failing("")).reason
