"""The Twilio simulator speaks with Twilio's own client, and its webhooks pass Twilio's own validator."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from requests.exceptions import ConnectionError as Dropped
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from demo.twilio import Twilio
from tests.demo.conftest import Clock, Served
from tests.demo.desk import Hooks
from tests.peers import serve

ACCOUNT = "AC" + "0" * 32
SENDER = "whatsapp:+628110000000"
SARI = "whatsapp:+6281200000001"
STATUS = "https://care.example.ac.id/hooks/whatsapp/status"


def client(served: Served[Twilio], token: str = "rahasia") -> Any:
    made = Client(ACCOUNT, token)
    made.api.base_url = served.url
    made.content.base_url = served.url
    return made


async def send(served: Served[Twilio], body: str = "Halo", **words: Any) -> Any:
    create: Callable[..., Any] = client(served).messages.create
    return await asyncio.to_thread(create, to=SARI, from_=SENDER, body=body, **words)


async def test_a_person_s_word_is_pushed_and_signed_for_the_public_address(twilio: Served[Twilio]) -> None:
    hooks = Hooks()
    async with serve(hooks, lifespan="off") as desk:
        twilio.sim.pusher.target = desk
        twilio.sim.phone.person(SARI, "Sari", external="ID.7f3a")
        sid = twilio.sim.phone.write(SARI, "KRS saya terkunci & buntu")
        await twilio.sim.settled()

    path, headers, _ = hooks.taken[0]
    form = hooks.form(0)
    url = "https://care.example.ac.id/hooks/whatsapp"
    assert path == "/hooks/whatsapp"
    assert RequestValidator("rahasia").validate(url, form, headers["x-twilio-signature"])
    assert not RequestValidator("salah").validate(url, form, headers["x-twilio-signature"])
    assert (form["MessageSid"], form["From"], form["WaId"]) == (sid, SARI, "6281200000001")
    assert (form["ProfileName"], form["ExternalUserId"]) == ("Sari", "ID.7f3a")
    assert form == twilio.sim.phone.form(sid)


async def test_a_sender_may_have_no_phone(twilio: Served[Twilio]) -> None:
    who = twilio.sim.phone.person("ID.9a1b", "Budi")
    form = twilio.sim.phone.form(twilio.sim.phone.write(who, "Halo"))

    assert (form["From"], form["ExternalUserId"]) == ("whatsapp:ID.9a1b", "ID.9a1b")
    assert "WaId" not in form


async def test_a_desk_that_fails_is_asked_once_more_and_the_list_mends_the_rest(
    twilio: Served[Twilio],
) -> None:
    hooks = Hooks(503, 503)
    async with serve(hooks, lifespan="off") as desk:
        twilio.sim.pusher.target = desk
        lost = twilio.sim.phone.write(SARI, "satu")
        twilio.sim.phone.write(SARI, "dua")
        await twilio.sim.settled()
        twilio.sim.phone.again(lost)
        await twilio.sim.settled()

    assert [hooks.form(n)["Body"] for n in range(len(hooks.taken))] == ["satu", "satu", "dua", "satu"]
    listed = await asyncio.to_thread(client(twilio).messages.list, to=SENDER)
    assert [message.body for message in listed] == ["dua", "satu"]
    assert {message.direction for message in listed} == {"inbound"}


async def test_free_text_ends_24_hours_after_the_person_s_last_word(
    twilio: Served[Twilio], clock: Clock
) -> None:
    hooks = Hooks()
    async with serve(hooks, lifespan="off") as desk:
        twilio.sim.pusher.target = desk
        twilio.sim.phone.write(SARI, "Halo")
        clock.move(hours=23)
        await send(twilio, "masih boleh", status_callback=STATUS)
        clock.move(hours=2)
        late = await send(twilio, "terlambat", status_callback=STATUS)
        await twilio.sim.settled()

    assert late.status == "queued"
    shown = await asyncio.to_thread(client(twilio).messages(late.sid).fetch)
    assert (shown.status, shown.error_code) == ("failed", 63016)
    assert [hooks.form(n)["MessageStatus"] for n in range(1, 4)] == ["sent", "delivered", "failed"]
    assert hooks.form(3)["ErrorCode"] == "63016"
    assert RequestValidator("rahasia").validate(
        STATUS, hooks.form(3), hooks.taken[3][1]["x-twilio-signature"]
    )
    assert twilio.sim.sent(SARI) == ["masih boleh"]


async def test_an_approved_template_goes_at_any_time(twilio: Served[Twilio]) -> None:
    content = twilio.sim.account.add_content(
        "late_answer", "Tiket {{1}} sudah dijawab.", buttons=[("Lihat", "lihat")]
    )
    words = {"content_sid": content["sid"], "content_variables": '{"1": "1042"}'}
    create = client(twilio).messages.create
    await asyncio.to_thread(create, to=SARI, from_=SENDER, **words)
    await twilio.sim.settled()
    twilio.sim.account.approve(content["sid"])
    sent = await asyncio.to_thread(create, to=SARI, from_=SENDER, **words)
    await twilio.sim.settled()

    assert twilio.sim.sent(SARI) == ["Tiket 1042 sudah dijawab."]
    pressed = twilio.sim.phone.form(twilio.sim.phone.press(SARI, sent.sid, "Lihat"))
    assert (pressed["ButtonPayload"], pressed["OriginalRepliedMessageSid"]) == ("lihat", sent.sid)
    approval = await asyncio.to_thread(
        client(twilio).content.v1.contents(content["sid"]).approval_fetch().fetch
    )
    assert approval.whatsapp["status"] == "approved"
    found = await asyncio.to_thread(client(twilio).content.v1.contents.list)
    assert [(one.sid, one.friendly_name) for one in found] == [(content["sid"], "late_answer")]


async def test_statuses_come_in_any_order(twilio: Served[Twilio]) -> None:
    hooks = Hooks()
    twilio.sim.progress = ()
    async with serve(hooks, lifespan="off") as desk:
        twilio.sim.pusher.target = desk
        twilio.sim.phone.write(SARI, "Halo")
        sent = await send(twilio, status_callback=STATUS)
        for state in ("read", "sent", "delivered"):
            twilio.sim.status(sent.sid, state)
        await twilio.sim.settled()

    assert [hooks.form(n)["MessageStatus"] for n in (1, 2, 3)] == ["read", "sent", "delivered"]


async def test_media_lie_behind_a_redirect_that_takes_no_credentials(twilio: Served[Twilio]) -> None:
    sid = twilio.sim.phone.media(SARI, b"jpeg", "image/jpeg", caption="Bukti")
    form = twilio.sim.phone.form(sid)
    async with serve(twilio.sim.app) as cdn, httpx2.AsyncClient(trust_env=False) as web:
        twilio.sim.cdn_url = cdn
        refused = await web.get(form["MediaUrl0"])
        moved = await web.get(form["MediaUrl0"], auth=(ACCOUNT, "rahasia"))
        with_word = await web.get(moved.headers["location"], auth=(ACCOUNT, "rahasia"))
        without = await web.get(moved.headers["location"])

    assert (form["NumMedia"], form["MediaContentType0"], form["MessageType"]) == ("1", "image/jpeg", "image")
    assert (refused.status_code, moved.status_code, with_word.status_code) == (401, 307, 400)
    assert moved.headers["location"].startswith(cdn)
    assert (without.content, without.headers["content-type"]) == (b"jpeg", "image/jpeg")


async def test_the_desk_s_media_are_fetched_from_the_desk(twilio: Served[Twilio]) -> None:
    hooks = Hooks(200, 200, 404)
    async with serve(hooks, lifespan="off") as desk:
        twilio.sim.pusher.target = desk
        twilio.sim.phone.write(SARI, "Halo")
        await twilio.sim.settled()
        for _ in range(2):
            await send(twilio, "Surat", media_url=["https://care.example.ac.id/berkas/surat.pdf"])
            await twilio.sim.settled()

    (_, good, bad) = twilio.sim.chat(SARI)
    assert [hooks.taken[n][0] for n in (1, 2)] == ["/berkas/surat.pdf"] * 2
    assert twilio.sim.account.media_bytes(good["media"][0]) == b"halo"
    assert (bad["status"], bad["error_code"]) == ("failed", 63019)


async def test_a_long_list_is_read_page_by_page_and_by_date(twilio: Served[Twilio], clock: Clock) -> None:
    for number in range(5):
        twilio.sim.phone.write(SARI, str(number))
        clock.move(days=1)
    listing = client(twilio).messages.list

    every = await asyncio.to_thread(listing, page_size=2)
    since = await asyncio.to_thread(listing, date_sent_after=datetime(2026, 3, 4, 1, tzinfo=UTC))
    one_day = await asyncio.to_thread(listing, date_sent=datetime(2026, 3, 3, 9, tzinfo=UTC))

    assert [message.body for message in every] == ["4", "3", "2", "1", "0"]
    assert [message.body for message in since] == ["4", "3", "2"]
    assert [message.body for message in one_day] == ["1"]
    assert every[0].date_sent == datetime(2026, 3, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"to": "+6281200000001"}, 21211),
        ({"from_": "whatsapp:+15550000000"}, 63007),
        ({"body": ""}, 21619),
        ({"body": "a" * 1601}, 21617),
        ({"content_sid": "HX" + "0" * 32}, 20404),
        ({"media_url": ["berkas/surat.pdf"]}, 21620),
    ],
)
async def test_a_wrong_order_is_refused_in_twilio_s_codes(
    twilio: Served[Twilio], words: dict[str, Any], code: int
) -> None:
    order = {"to": SARI, "from_": SENDER, "body": "Halo"} | words

    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(lambda: client(twilio).messages.create(**order))
    assert refused.value.code == code
    assert twilio.sim.chat(SARI) == []


async def test_a_wrong_auth_token_is_refused(twilio: Served[Twilio]) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(client(twilio, "salah").messages("SM1").fetch)
    assert (refused.value.status, refused.value.code) == (401, 20003)


async def test_faults_and_outage_reach_the_client(twilio: Served[Twilio]) -> None:
    sim = twilio.sim
    sim.phone.write(SARI, "Halo")
    for kind in ("429", "500", "drop-before", "drop-after", "slow"):
        sim.fail(kind, method="messages.create", seconds=0.05)

    for code in (20429, 20500):
        with pytest.raises(TwilioRestException) as refused:
            await send(twilio, "a")
        assert refused.value.code == code
    for body in ("sebelum", "sesudah"):
        with pytest.raises(Dropped):
            await send(twilio, body)
    await send(twilio, "pelan")
    sim.outage = True
    with pytest.raises(Dropped):
        await send(twilio, "putus")
    sim.outage = False
    await sim.settled()

    assert sim.sent(SARI) == ["sesudah", "pelan"]


async def test_a_blocked_desk_fails_at_once(twilio: Served[Twilio]) -> None:
    twilio.sim.phone.write(SARI, "Halo")
    twilio.sim.phone.block(SARI)
    await send(twilio)
    await twilio.sim.until(lambda: twilio.sim.chat(SARI)[-1]["status"] == "failed")

    assert twilio.sim.chat(SARI)[-1]["error_code"] == 63024


async def test_a_second_start_shows_the_same_phone(tmp_path: Path, clock: Clock) -> None:
    async with Twilio(tmp_path, clock, target="http://127.0.0.1:9") as first:
        first.phone.location(SARI, -6.2, 106.8, label="Gedung A")
        first.phone.pick(SARI, "krs", "KRS")
        await first.settled()
        before = first.chat(SARI)
    async with Twilio(tmp_path, clock, target="http://127.0.0.1:9") as second:
        assert second.chat(SARI) == before
        assert second.phone.form(before[0]["sid"])["Latitude"] == "-6.2"
        assert second.phone.write(SARI, "Lagi") not in {message["sid"] for message in before}
