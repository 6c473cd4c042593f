"""Twilio's forms become words of the desk; its signature is checked as its own library does."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from channels.whatsapp_decode import Unreadable, addresses, parse, parse_status, signed
from sop.messages import Kind
from tests.channels.reception import NOW

FILES = Path(__file__).parent / "whatsapp"
KEY = "0123456789abcdef0123456789abcdef"

MESSAGES: dict[str, dict[str, Any]] = {
    "text": {
        "kind": Kind.TEXT,
        "text": "Selamat siang, air PDAM mati sejak pagi.",
        "phone": "+6281200000202",
    },
    "image": {"kind": Kind.PHOTO, "text": "Pipanya bocor"},
    "voice": {"kind": Kind.VOICE},
    "audio": {"kind": Kind.AUDIO},
    "video": {"kind": Kind.VIDEO},
    "document": {"kind": Kind.DOCUMENT, "text": "surat rt.pdf"},
    "sticker": {"kind": Kind.STICKER},
    "two_media": {"kind": Kind.PHOTO},
    "location": {"kind": Kind.LOCATION, "location": (-6.9147, 107.6098)},
    "venue": {"kind": Kind.VENUE, "text": "Balai RW\nJalan Contoh 2"},
    "contact": {"kind": Kind.CONTACT},
    "button": {
        "kind": Kind.BUTTON,
        "button": "selesai:ya",
        "text": "Ya, sudah selesai",
        "reply_to": "SM" + "e" * 32,
    },
    "list_reply": {"kind": Kind.BUTTON, "button": "k:akademik", "text": "Akademik"},
    "reply": {"kind": Kind.TEXT, "reply_to": "SM" + "d" * 32},
    "reaction": {"kind": Kind.REACTION, "text": "👍", "reply_to": "SM" + "c" * 32},
    "forwarded": {"payload": {"forwarded": "true"}},
    "frequently_forwarded": {"payload": {"forwarded": "true", "frequently_forwarded": "true"}},
    "referral": {
        "payload": {
            "referral_headline": "Layanan baru",
            "referral_body": "Lapor lewat WhatsApp",
            "referral_url": "https://contoh.example/p/1",
            "referral_type": "post",
            "referral_id": "777",
        }
    },
    "without_phone": {
        "key": "ID.1502576394655843",
        "sender": "whatsapp:ID.1502576394655843",
        "phone": "",
        "name": "ibu_dewi",
    },
    "ephemeral": {
        "kind": Kind.TEXT,
        "text": "Pesan ini hilang setelah tujuh hari.",
        "payload": {"disappearing": True},
    },
    "newer_kind": {"kind": Kind.UNKNOWN},
}
STATES: dict[str, tuple[str, str] | None] = {
    "queued": None,
    "sent": ("sent", ""),
    "delivered": ("delivered", ""),
    "read": ("read", ""),
    "window_closed": (
        "failed",
        "Sudah lewat 24 jam sejak pesan terakhir pelapor; WhatsApp hanya menerima templat yang disetujui.",
    ),
    "no_whatsapp": ("failed", "Nomor ini tidak memakai WhatsApp."),
    "unknown_code": ("failed", "WhatsApp tidak dapat menyampaikan pesan ini."),
}


def recorded(name: str) -> dict[str, str]:
    form: dict[str, str] = json.loads((FILES / f"{name}.json").read_bytes())
    return form


@pytest.mark.parametrize("name", MESSAGES)
def test_every_kind_of_message_is_usable(name: str) -> None:
    form = recorded(name)
    word = parse(form, NOW)

    assert {field: getattr(word, field) for field in MESSAGES[name]} == MESSAGES[name]
    assert (word.channel, word.external_id, word.message_id) == (
        "whatsapp",
        form["MessageSid"],
        form["MessageSid"],
    )
    assert word.at == NOW
    assert word.sender == form["From"]


def test_of_a_kind_that_is_not_supported_yet_the_raw_form_is_kept() -> None:
    payload = parse(recorded("newer_kind"), NOW).payload

    assert payload["kinds"] == ["hologram"]
    assert json.loads(payload["raw"]) == recorded("newer_kind")


@pytest.mark.parametrize("name", STATES)
def test_a_status_is_told_in_plain_words(name: str) -> None:
    word = parse_status(recorded(f"status_{name}"), NOW)

    assert (word and (word.state, word.reason)) == STATES[name]


def test_every_recorded_form_is_decoded_by_some_test() -> None:
    assert {path.stem for path in FILES.glob("*.json")} == {*MESSAGES, *(f"status_{name}" for name in STATES)}


def test_each_media_file_of_a_message_is_kept_with_its_type() -> None:
    first, second = parse(recorded("two_media"), NOW).files

    assert first.remote.endswith("ME7")
    assert (first.content_type, second.content_type) == ("image/jpeg", "image/png")


def test_a_document_is_named_by_the_body_that_twilio_gives_it() -> None:
    (file,) = parse(recorded("document"), NOW).files

    assert file.name == "surat rt.pdf"


def test_a_person_is_known_by_the_providers_id_before_the_number() -> None:
    form = recorded("text")

    assert parse(form, NOW).key == form["WaId"]
    assert parse({**form, "ExternalUserId": "ID.99"}, NOW).key == "ID.99"
    assert parse({name: value for name, value in form.items() if name != "WaId"}, NOW).key == form["WaId"]


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
def test_a_form_without_its_essentials_is_parked(missing: str) -> None:
    form = recorded("text")
    del form[missing]
    form.pop("SmsMessageSid", None)

    with pytest.raises(Unreadable):
        parse(form, NOW)


@pytest.mark.parametrize("place", [("x", "1"), ("91", "1"), ("1", "-181"), ("nan", "0"), ("1e999", "0")])
def test_a_place_that_is_not_on_earth_is_left_out(place: tuple[str, str]) -> None:
    form = {**recorded("location"), "Latitude": place[0], "Longitude": place[1]}

    assert parse(form, NOW).location is None


def test_an_unknown_status_is_parked() -> None:
    with pytest.raises(Unreadable):
        parse_status({**recorded("status_sent"), "MessageStatus": "evaporated"}, NOW)


def form_of_chance(chance: random.Random) -> dict[str, str]:
    letters = "abcXYZ019 _-&=+%/?\n\t\0éÅ字🙏\u202e"
    return {
        "".join(chance.choices(letters, k=chance.randint(1, 8))): "".join(
            chance.choices(letters, k=chance.randint(0, 12))
        )
        for _ in range(chance.randint(0, 12))
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://care.example.ac.id/hooks/whatsapp",
        "https://care.example.ac.id:8443/hooks/whatsapp",
        "http://127.0.0.1:8080/hooks/whatsapp/status",
        "http://care.example.ac.id/hooks/whatsapp",
    ],
)
def test_a_signature_is_judged_as_twilios_own_library_does(url: str) -> None:
    chance = random.Random(url)
    twilio = RequestValidator(KEY)
    for _ in range(200):
        form = form_of_chance(chance)
        at = chance.choice((*addresses(url), url + "/", "https://elsewhere.example/hooks/whatsapp"))
        signature = str(
            RequestValidator(chance.choice((KEY, KEY, "another key"))).compute_signature(at, form)
        )
        if chance.random() < 0.2:
            signature = chance.choice(("", signature[:-2], signature.swapcase(), "é"))

        assert signed(KEY.encode(), addresses(url), form, signature.encode()) is bool(
            signature and twilio.validate(url, form, signature)
        )
