"""WhatsApp's webhooks: signed or refused, kept or brought again; what never came is listed."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError
from twilio.request_validator import RequestValidator

from sop.messages import Delivered
from tests.channels.asgi import Answer, call
from tests.channels.reception import NOW
from tests.channels.test_whatsapp_decode import recorded
from tests.channels.whatsapp_peer import (
    HOOK,
    KEY,
    PUBLIC,
    SARI,
    STATUS,
    Peer,
    fetched,
    settings,
)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"auth_token": ""}, "auth_token kosong"),
        ({"auth_token": "  "}, "auth_token kosong"),
        ({"account_sid": ""}, "account_sid kosong"),
        ({"from": "+62811"}, "whatsapp:"),
        ({"frm": "x"}, "frm"),
    ],
)
def test_a_channel_without_its_secret_refuses_to_start_in_words(values: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**values)


async def post(
    peer: Peer,
    form: Mapping[str, str],
    *,
    path: str = HOOK,
    signature: str | None = None,
    body: bytes | None = None,
) -> Answer:
    if signature is None:
        signature = RequestValidator(KEY).compute_signature(PUBLIC + path, dict(form))
    app = dict(peer.channel.routes())[path]
    return await call(
        app, urlencode(form).encode() if body is None else body, {"X-Twilio-Signature": signature}
    )


@pytest.mark.parametrize("path", [HOOK, STATUS])
async def test_a_form_without_a_signature_is_refused_unread(path: str, peer: Peer) -> None:
    answer = await call(dict(peer.channel.routes())[path], urlencode(recorded("text")).encode())

    assert (answer.status, answer.read) == (403, 0)


@pytest.mark.parametrize("path", [HOOK, STATUS])
async def test_a_form_with_a_foreign_signature_is_refused(path: str, peer: Peer) -> None:
    form = recorded("text")
    foreign = RequestValidator("another key").compute_signature(PUBLIC + path, form)
    elsewhere = RequestValidator(KEY).compute_signature("https://evil.example" + path, form)
    changed = RequestValidator(KEY).compute_signature(PUBLIC + path, {**form, "Body": "lain"})

    for signature in (foreign, elsewhere, changed, "x", "é"):
        assert (await post(peer, form, path=path, signature=signature)).status == 403
    assert (peer.desk.taken, peer.desk.words, peer.desk.parked) == ([], [], [])


async def test_an_empty_field_is_part_of_what_was_signed(peer: Peer) -> None:
    form = {**recorded("text"), "Body": "", "Kosong": ""}

    assert (await post(peer, form)).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff\xfe=1", 400),
        (b"&".join(b"a%d=1" % n for n in range(2000)), 400),
        (b"Body=" + b"x" * 5_000_000, 413),
        (b"", 403),
        (b"{}", 403),
        (b"%ff%00=%zz", 403),
    ],
    ids=["not UTF-8", "2000 fields", "5 MB", "empty", "JSON", "broken escapes"],
)
async def test_what_twilio_cannot_have_sent_is_refused(body: bytes, status: int, peer: Peer) -> None:
    assert (await post(peer, {}, signature="x", body=body)).status == status
    assert (peer.desk.taken, peer.desk.parked) == ([], [])


async def test_a_signed_form_that_we_cannot_read_is_parked(peer: Peer) -> None:
    form = {"MessageSid": "SM1", "Body": "tanpa pengirim"}

    assert (await post(peer, form)).status == 200
    assert [(channel, sid, raw) for channel, sid, raw, _ in peer.desk.parked] == [
        ("whatsapp", "SM1", urlencode(form).encode())
    ]


async def test_what_cannot_be_kept_now_is_not_acknowledged(peer: Peer) -> None:
    peer.desk.refuse = 1

    assert (await post(peer, recorded("text"))).status == 503
    assert (await post(peer, recorded("text"))).status == 200
    assert len(peer.desk.taken) == 1


async def test_a_word_that_could_not_be_kept_at_first_is_brought_again(peer: Peer) -> None:
    peer.desk.refuse = 1
    peer.twilio.phone.write(SARI, "Air PDAM mati & bau — 100 %+")
    await peer.twilio.settled()

    assert peer.desk.texts == ["Air PDAM mati & bau — 100 %+"]
    assert [status for _, status in peer.twilio.pusher.answers] == [503, 200]


async def test_a_word_that_is_brought_twice_is_one(peer: Peer) -> None:
    sid = peer.twilio.phone.write(SARI, "Halo")
    peer.twilio.phone.again(sid)
    await peer.twilio.settled()

    assert {word.external_id for word in peer.desk.taken} == {sid}
    assert [status for _, status in peer.twilio.pusher.answers] == [200, 200]


async def test_a_person_without_a_number_is_heard_and_answered(peer: Peer) -> None:
    dewi = peer.twilio.phone.person("whatsapp:ID.7f3a", "Dewi")
    peer.twilio.phone.write(dewi, "Halo")
    await peer.twilio.settled()
    (word,) = peer.desk.taken
    await peer.send(to=word.sender, key=word.key)

    assert (word.key, word.phone) == ("ID.7f3a", "")
    assert peer.twilio.sent(dewi) == ["Jawaban untuk Anda."]


async def test_a_status_is_heard_in_plain_words(open_window: Peer) -> None:
    sid = await open_window.send()
    open_window.twilio.status(sid, "failed", error=63003)
    await open_window.twilio.settled()

    heard = [word for word in open_window.desk.words if isinstance(word, Delivered)]
    assert [word.state for word in heard] == ["sent", "delivered", "failed"]
    assert {word.external_id for word in heard} == {sid}
    assert heard[-1].reason == "Nomor ini tidak memakai WhatsApp."


async def test_what_twilio_could_not_bring_is_listed_after_a_start(peer: Peer) -> None:
    peer.desk.memory["whatsapp.reconciled"] = {"at": (NOW - timedelta(hours=3)).isoformat()}
    peer.twilio.phone.write(SARI, "Sampai")
    await peer.twilio.settled()
    peer.twilio.pusher.paused = True
    peer.twilio.phone.write(SARI, "Tidak sampai")
    peer.twilio.phone.media(SARI, b"jpeg", "image/jpeg")
    await peer.twilio.settled()

    listening = asyncio.create_task(peer.channel.listen())
    await peer.desk.until(lambda: peer.desk.memory["whatsapp.reconciled"]["at"] == NOW.isoformat())
    listening.cancel()

    assert peer.desk.texts == ["Sampai", "Tidak sampai", ""]
    assert len({word.key for word in peer.desk.taken}) == 1
    assert await fetched(peer, peer.desk.taken[-1].files[0]) == b"jpeg"


async def test_the_very_first_start_takes_in_nothing_of_old(peer: Peer) -> None:
    peer.twilio.pusher.paused = True
    peer.twilio.phone.write(SARI, "Dari zaman sebelum meja ini")
    await peer.twilio.settled()

    listening = asyncio.create_task(peer.channel.listen())
    await peer.desk.until(lambda: peer.desk.memory)
    listening.cancel()

    assert peer.desk.taken == []
