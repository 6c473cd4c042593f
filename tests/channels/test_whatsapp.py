"""The WhatsApp channel against the simulated Twilio: signed or refused, kept or brought again, told in plain words."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from pydantic import ValidationError
from twilio.request_validator import RequestValidator

from channels.webhook import Receive, Routes, Scope, Send
from channels.whatsapp import Settings, WhatsApp, open_channel
from demo.twilio import Twilio
from sop.messages import Button, Delivered, File, Kind, Outgoing, SendFailed
from tests.channels.asgi import Answer, call
from tests.channels.reception import NOW, Recorder
from tests.channels.test_whatsapp_decode import recorded
from tests.peers import free_port, serve

KEY = "rahasia"
SID = "AC" + "0" * 32
FROM = "whatsapp:+628110000000"
SARI = "whatsapp:+6281200000101"
PUBLIC = "https://care.example.ac.id"
HOOK, STATUS, MEDIA = "/hooks/whatsapp", "/hooks/whatsapp/status", "/hooks/whatsapp/media"


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Peer:
    """The channel, its desk, and Twilio on the other side, in both directions."""

    channel: WhatsApp
    desk: Recorder
    twilio: Twilio
    folder: Path
    clock: Clock

    async def send(self, text: str = "Jawaban untuk Anda.", **more: Any) -> str:
        receipt = await self.channel.send(outgoing(text, **more))
        await self.twilio.settled()
        return receipt.external_id

    async def failing(self, text: str = "Jawaban untuk Anda.", **more: Any) -> SendFailed:
        with pytest.raises(SendFailed) as failure:
            await self.channel.send(outgoing(text, **more))
        return failure.value


def outgoing(text: str, **more: Any) -> Outgoing:
    return Outgoing(**{"id": 1, "channel": "whatsapp", "to": SARI, "key": SARI, "text": text, **more})


def dispatch(routes: Routes) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await dict(routes)[scope["path"]](scope, receive, send)

    return app


def settings(**more: Any) -> Settings:
    return Settings.model_validate({"account_sid": SID, "auth_token": KEY, "from": FROM, **more})


@asynccontextmanager
async def opened(api: str, desk: Recorder, folder: Path, clock: Clock) -> AsyncIterator[WhatsApp]:
    async with open_channel(
        settings(api=api, content_api=api),
        desk,
        clock=clock,
        public_url=PUBLIC,
        files_root=folder,
        secret="s" * 32,
    ) as channel:
        yield channel


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    clock, port, desk = Clock(), free_port(), Recorder(tmp_path)
    async with (
        Twilio(
            tmp_path / "twilio", clock, public_url=PUBLIC, target=f"http://127.0.0.1:{port}", patience=5.0
        ) as sim,
        serve(sim.app) as api,
        opened(api, desk, tmp_path, clock) as channel,
        serve(dispatch(channel.routes()), port=port, lifespan="off"),
    ):
        sim.api_url = api
        sim.phone.person(SARI, "Sari")
        yield Peer(channel, desk, sim, tmp_path, clock)


@pytest.fixture
async def open_window(peer: Peer) -> Peer:
    """Sari has just written."""
    peer.twilio.phone.write(SARI, "Halo")
    await peer.twilio.settled()
    return peer


# settings


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


# webhooks


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


# sending


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
    async with opened(f"http://127.0.0.1:{free_port()}", Recorder(), tmp_path, Clock()) as channel:
        with pytest.raises(SendFailed) as failure:
            await channel.send(outgoing("x"))

    assert (failure.value.retry, failure.value.unknown) == (timedelta(0), False)


async def test_an_empty_message_fails_in_words(peer: Peer) -> None:
    assert "kosong" in (await peer.failing("")).reason


# the attachments we lend


async def lent(peer: Peer, query: str, method: str = "GET") -> Answer:
    return await call(dict(peer.channel.routes())[MEDIA], query=query, method=method)


def granted(peer: Peer, path: str) -> str:
    """The query of an address for this file, as the channel signs it."""
    return urlsplit(peer.channel.lend(File(path=path, content_type="image/jpeg"))).query


async def test_a_lent_attachment_is_only_ever_downloaded(peer: Peer) -> None:
    (peer.folder / "0af3").write_bytes(b"jpeg")
    answer = await lent(peer, granted(peer, "0af3"))

    assert (answer.status, answer.body) == (200, b"jpeg")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_address_that_we_did_not_sign_gives_nothing(peer: Peer) -> None:
    (peer.folder / "0af3").write_bytes(b"jpeg")
    (peer.folder / "1111").write_bytes(b"other")
    good, other = granted(peer, "0af3"), granted(peer, "1111")
    mixed = good.partition("&")[0] + "&" + other.partition("&")[2]

    for query in (
        "",
        "f=&s=",
        "f=x&s=y",
        mixed,
        good[:-1],
        good.replace("s=", "s=0"),
        "a=1&" * 99,
        "%ff\xff",
    ):
        assert (await lent(peer, query)).status == 403


async def test_an_address_ends_after_an_hour(peer: Peer) -> None:
    (peer.folder / "0af3").write_bytes(b"jpeg")
    query = granted(peer, "0af3")
    peer.clock.now += timedelta(minutes=61)

    assert (await lent(peer, query)).status == 403


async def test_no_file_outside_the_folder_is_lent(peer: Peer) -> None:
    for path in ("../../etc/passwd", "/etc/passwd", ".", "gone"):
        assert (await lent(peer, granted(peer, path))).status == 404


# their attachments


async def fetched(peer: Peer, file: File) -> bytes:
    return b"".join([chunk async for chunk in peer.channel.fetch(file)])


async def test_media_are_fetched_behind_their_redirect(peer: Peer) -> None:
    peer.twilio.phone.media(SARI, b"jpeg" * 50_000, "image/jpeg", caption="Pipa bocor")
    await peer.twilio.settled()
    (file,) = peer.desk.taken[0].files

    assert await fetched(peer, file) == b"jpeg" * 50_000


@pytest.mark.parametrize(
    "remote",
    [
        "https://evil.example/Media/ME1",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://api.twilio.com.evil.example/x",
        "",
    ],
)
async def test_media_are_fetched_from_nowhere_else(remote: str, peer: Peer) -> None:
    with pytest.raises(SendFailed) as failure:
        await fetched(peer, File(remote=remote))

    assert failure.value.retry is None
    assert [name for name, _ in peer.twilio.calls if name in ("media", "cdn")] == []


async def test_a_redirect_to_a_stranger_is_not_followed(peer: Peer) -> None:
    peer.twilio.cdn_url = "http://evil.example"
    peer.twilio.phone.media(SARI, b"jpeg", "image/jpeg")
    await peer.twilio.settled()

    with pytest.raises(SendFailed, match="bukan milik Twilio"):
        await fetched(peer, peer.desk.taken[0].files[0])


async def test_media_that_break_off_may_be_fetched_later(peer: Peer) -> None:
    peer.twilio.phone.media(SARI, b"jpeg", "image/jpeg")
    await peer.twilio.settled()
    for method in ("media", "cdn"):
        peer.twilio.fail("500", method=method)
        with pytest.raises(SendFailed) as failure:
            await fetched(peer, peer.desk.taken[0].files[0])
        assert failure.value.retry == timedelta(0)

    assert await fetched(peer, peer.desk.taken[0].files[0]) == b"jpeg"


# reconciliation


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
