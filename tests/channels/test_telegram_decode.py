"""Every kind of Telegram update becomes a word of the desk, or is acknowledged, or is parked: none is lost."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from channels.telegram_decode import parse
from channels.telegram_groups import ignored, pointer
from channels.telegram_rights import MUTED, NO_ADMIN, NOT_THERE
from channels.telegram_updates import Malformed, Unreadable, decode
from sop.messages import Incoming, Kind, Presence
from tests.channels.reception import NOW

FILES = Path(__file__).parent / "telegram"
PLACE = (-6.8915, 107.6107)

MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"kind": Kind.TEXT, "text": "Selamat pagi, KRS saya terkunci sejak kemarin."},
    "text_with_entities": {"text": "Lihat halaman ini (https://contoh.example/krs) 👍 ya, kode NIM-7"},
    "start_deep_link": {"text": "/start", "token": "u7Kq2mZp"},
    "photo": {"kind": Kind.PHOTO, "text": "Layar galat saya"},
    "album_1": {"kind": Kind.PHOTO, "group": "13900000000000001", "text": "Dua foto lampu jalan"},
    "album_2": {"kind": Kind.PHOTO, "group": "13900000000000001", "text": ""},
    "document": {"kind": Kind.DOCUMENT, "text": "Terlampir"},
    "voice": {"kind": Kind.VOICE},
    "audio": {"kind": Kind.AUDIO},
    "video": {"kind": Kind.VIDEO},
    "video_note": {"kind": Kind.VIDEO_NOTE},
    "animation": {"kind": Kind.ANIMATION},
    "sticker": {"kind": Kind.STICKER, "text": "🙏"},
    "sticker_video": {"kind": Kind.STICKER, "text": "👋"},
    "location": {"kind": Kind.LOCATION, "location": PLACE},
    "venue": {
        "kind": Kind.VENUE,
        "text": "Loket Pelayanan\nJalan Contoh 1",
        "location": (-7.7956, 110.3695),
        "payload": {"title": "Loket Pelayanan", "address": "Jalan Contoh 1"},
    },
    "contact_own": {"kind": Kind.CONTACT, "phone": "+6281200000101", "reply_to": "5550101:300"},
    "contact_foreign": {
        "kind": Kind.CONTACT,
        "phone": "",
        "text": "Budi\n+6281200000999",
        "payload": {"name": "Budi", "phone": "+6281200000999", "own": False},
    },
    "poll": {
        "kind": Kind.POLL,
        "text": "Jam layanan yang cocok?\n- Pagi\n- Sore",
        "payload": {"question": "Jam layanan yang cocok?", "options": ["Pagi", "Sore"]},
    },
    "dice": {"kind": Kind.DICE, "text": "🎲 4", "payload": {"value": 4}},
    "edited": {"edits": "5550101:311", "message_id": "5550101:311"},
    "edited_caption": {"edits": "5550101:315", "kind": Kind.PHOTO, "text": "Foto yang benar"},
    "reply": {"reply_to": "5550101:290", "payload": {"quote": "muat ulang"}},
    "forward_user": {"payload": {"forwarded_from": "Dewi Loket"}},
    "forward_hidden": {"payload": {"forwarded_from": "Tanpa Nama"}},
    "forward_channel": {"payload": {"forwarded_from": "Kabar Kampus"}},
    "story": {"kind": Kind.STORY},
    "checklist": {"kind": Kind.UNKNOWN, "text": "Berkas\n- KTM\n- Transkrip"},
    "newer_kind": {"kind": Kind.UNKNOWN},
    "topic": {"key": "5550101:77", "sender": "5550101", "text": "Di dalam topik"},
    "button": {"kind": Kind.BUTTON, "button": "k:akademik", "reply_to": "5550101:305", "key": "5550101"},
    "button_on_old_card": {"kind": Kind.BUTTON, "button": "k:akademik", "reply_to": "5550101:305"},
    "reaction": {"kind": Kind.REACTION, "text": "👍", "reply_to": "5550101:306"},
    "business": {"key": "5550101@bc-1", "sender": "5550101@bc-1", "text": "Apakah kantor buka?"},
    "business_edited": {
        "key": "5550101@bc-1",
        "edits": "5550101:311",
        "text": "Apakah kantor buka hari ini?",
    },
    "quote_of_elsewhere": {"text": "Apakah ini benar?", "payload": {"quote": "libur sampai Jumat"}},
    "story_reply": {"kind": Kind.TEXT, "text": "Kapan dibuka?"},
    "location_moves": {"kind": Kind.LOCATION, "location": (-6.8916, 107.6108), "edits": "5550101:311"},
    "paid_media": {"kind": Kind.UNKNOWN},
    "checklist_done": {"kind": Kind.UNKNOWN},
}
PRESENCES = {
    "blocked": ("blocked", "5550101", ""),
    "unblocked": ("reachable", "5550101", ""),
    "migrated": ("moved", "-9001", "-1009000111"),
}
PLACES = {
    "channel_bot_admin": ("channel", "-1009000222", "@Kabar_Kampus", "ready", ""),
    "channel_bot_without_right": ("channel", "-1009000222", "@Kabar_Kampus", "refused", NO_ADMIN),
    "channel_bot_removed": ("channel", "-1009000222", "@Kabar_Kampus", "refused", NOT_THERE),
    "group_bot_added": ("group", "-1009000111", "", "unknown", ""),
    "group_bot_admin": ("group", "-1009000111", "", "ready", ""),
    "group_bot_muted": ("group", "-1009000111", "", "refused", MUTED),
    "group_bot_removed": ("group", "-1009000111", "", "refused", NOT_THERE),
}
"""What a change of our bot's membership says of the right to post there."""
ADDRESSED = [
    "group_command",
    "group_bare_command",
    "group_mention",
    "group_topic_reply",
    "group_photo_caption",
]
UNADDRESSED = [
    "group_text",
    "group_other_bot",
    "group_about_us",
    "group_reply_to_person",
    "group_edited",
    "group_member_joined",
]
NOT_FOR_US = [
    *ADDRESSED,
    *UNADDRESSED,
    "channel_post",
    "service_pinned",
    "reaction_taken_back",
    "business_by_owner",
    "business_deleted",
    "business_connected",
]
BOT = (110001, "contoh_bot")
ATTACHED = {
    "photo": ("AgACphotoL", "", "image/jpeg", 183021),
    "document": ("BQACdoc1", "surat keterangan.pdf", "application/pdf", 48211),
    "voice": ("AwACvoice", "", "audio/ogg", 28110),
    "audio": ("CQACaudio", "bising.mp3", "audio/mpeg", 990112),
    "video": ("BAACvideo", "", "video/mp4", 770100),
    "video_note": ("DQACnote", "", "video/mp4", 301122),
    "animation": ("CgACanim", "gerak.mp4", "video/mp4", 60100),
    "sticker": ("CAACsticker", "", "image/webp", 20111),
    "sticker_video": ("CAACstickerV", "", "video/webm", 20111),
}


def recorded(name: str) -> bytes:
    return (FILES / f"{name}.json").read_bytes()


def incoming(name: str) -> Incoming:
    word = parse(recorded(name), NOW)
    assert isinstance(word, Incoming)
    return word


@pytest.mark.parametrize("name", MESSAGES)
def test_every_kind_of_message_is_usable(name: str) -> None:
    word = incoming(name)

    assert {field: getattr(word, field) for field in MESSAGES[name]} == MESSAGES[name]
    assert word.channel == "telegram"
    assert word.external_id == str(json.loads(recorded(name))["update_id"])
    assert word.at == NOW
    assert word.name == "Sari Wulandari"
    assert word.language == "id"


@pytest.mark.parametrize("name", ATTACHED)
def test_an_attachment_is_named_as_its_sender_named_it(name: str) -> None:
    (file,) = incoming(name).files

    assert (file.remote, file.name, file.content_type, file.size) == ATTACHED[name]


@pytest.mark.parametrize("name", PRESENCES)
def test_whoever_blocks_returns_or_moves_is_heard_of(name: str) -> None:
    word = parse(recorded(name), NOW)

    assert isinstance(word, Presence)
    assert (word.state, word.key, word.moved_to) == PRESENCES[name]


@pytest.mark.parametrize("name", PLACES)
def test_a_channel_or_group_tells_whether_we_may_post_there(name: str) -> None:
    word = parse(recorded(name), NOW)

    assert isinstance(word, Presence)
    assert (word.place, word.key, word.alias, word.state, word.reason) == PLACES[name]


@pytest.mark.parametrize("name", NOT_FOR_US)
def test_what_is_not_said_to_the_desk_is_only_acknowledged(name: str) -> None:
    assert parse(recorded(name), NOW) is None


@pytest.mark.parametrize("name", ADDRESSED)
def test_who_speaks_to_us_in_a_group_is_shown_the_private_chat_and_nothing_more(name: str) -> None:
    words = pointer(decode(recorded(name)), "telegram", *BOT)

    assert words is not None
    assert (words.to, words.key) == (
        "-1009000111",
        "-1009000111:77" if name == "group_topic_reply" else "-1009000111",
    )
    assert "obrolan pribadi" in words.text
    assert words.buttons[0][0].url == "https://t.me/contoh_bot?start=grup"
    said = json.loads(recorded(name))["message"]
    assert (said.get("text") or said["caption"]) not in words.text


@pytest.mark.parametrize("name", [*UNADDRESSED, "channel_post", "text", "edited"])
def test_what_people_say_to_one_another_is_ignored(name: str) -> None:
    assert pointer(decode(recorded(name)), "telegram", *BOT) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("group_text", "supergroup"),
        ("group_edited", "supergroup"),
        ("group_command", "supergroup"),
        ("channel_post", "other"),
        ("business_deleted", "other"),
        ("text", ""),
        ("reaction_taken_back", ""),
    ],
)
def test_what_is_ignored_is_counted_by_the_kind_of_chat(name: str, kind: str) -> None:
    assert ignored(decode(recorded(name))) == kind


@pytest.mark.parametrize("name", ["newer_kind", "checklist", "paid_media"])
def test_of_a_kind_that_is_not_supported_yet_the_raw_form_is_kept(name: str) -> None:
    raw = incoming(name).payload["raw"]

    assert json.loads(raw) == json.loads(recorded(name))


def test_a_kind_of_update_newer_than_us_is_parked_under_its_number() -> None:
    with pytest.raises(Unreadable) as parked:
        parse(recorded("newer_update"), NOW)

    assert parked.value.external_id == str(json.loads(recorded("newer_update"))["update_id"])
    assert "teleportation" in parked.value.reason


def test_every_recorded_update_is_decoded_by_some_test() -> None:
    known = {*MESSAGES, *PRESENCES, *PLACES, *NOT_FOR_US, "newer_update"}

    assert {path.stem for path in FILES.glob("*.json")} == known


def test_the_recorded_updates_are_in_telegrams_own_form() -> None:
    from aiogram.types import Update

    numbers = [Update.model_validate_json(path.read_bytes()).update_id for path in FILES.glob("*.json")]
    assert numbers and all(numbers)


def test_an_edit_has_its_own_number_and_its_own_time() -> None:
    first, edit = incoming("text"), incoming("edited")

    assert edit.edits == first.message_id
    assert edit.external_id != first.external_id
    assert edit.sent_at and first.sent_at and edit.sent_at > first.sent_at


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "nol \\u0000 di tengah",
        "\\u202eterbalik\\u202c",
        "baris\\r\\nbaru\\u2028lagi",
    ],
)
def test_an_odd_text_comes_through_whole(text: str) -> None:
    raw = recorded("text").replace(b"Selamat pagi, KRS saya terkunci sejak kemarin.", text.encode())
    word = parse(raw, NOW)

    assert isinstance(word, Incoming)
    assert word.text == json.loads(f'"{text}"')


def test_half_a_letter_becomes_the_sign_for_unreadable() -> None:
    word = parse(recorded("text").replace(b"KRS", rb"K\ud83dS \ud83d\ude4f"), NOW)

    assert isinstance(word, Incoming)
    assert word.text.startswith("Selamat pagi, K\ufffdS 🙏 saya")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b'{"update_id":1',
        b'{"update_id":1}}',
        b'{"update_id":"x"}',
        b'{"update_id":1,"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"message":' * 10_000 + b"1" + b"}" * 10_000,
        b"\xff\xfe",
        b"\x00" * 100,
    ],
    ids=range(12),
)
def test_what_telegram_cannot_have_sent_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw, NOW)


@pytest.mark.parametrize(
    "part",
    [
        b'"message":{"message_id":1,"chat":{"id":5},"text":7}',
        b'"message":{"message_id":1,"chat":{"id":5,"type":"private"},"date":99999999999999999,"text":"a"}',
        b'"message":{"message_id":1,"chat":{"id":5},"text":"\xff"}',
        b'"callback_query":{"id":"1"}',
        b'"message":[]',
    ],
    ids=range(5),
)
def test_an_update_of_a_shape_we_do_not_know_is_parked(part: bytes) -> None:
    with pytest.raises(Unreadable) as parked:
        parse(b'{"update_id":77,' + part + b"}", NOW)

    assert parked.value.external_id == "77"


STRANGE: list[Any] = [
    None,
    True,
    -1,
    0,
    2**70,
    1.5,
    "",
    "\0",
    "x" * 5000,
    "\ud800",
    [],
    [[]],
    {},
    {"id": {}},
    [1, {"a": 2}],
]


def mutated(value: Any, chance: random.Random) -> Any:
    """The same value with something in it strange, missing or doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        kept = {name: inner for name, inner in value.items() if name != key}
        return kept if chance.random() < 0.15 else {**kept, key: mutated(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        return [*value, mutated(chance.choice(value), chance)]
    return chance.choice(STRANGE)


@pytest.mark.parametrize("name", [*MESSAGES, *PRESENCES, *NOT_FOR_US])
def test_a_strange_update_is_read_or_parked_or_refused_and_never_breaks_the_desk(name: str) -> None:
    chance = random.Random(name)
    whole = json.loads(recorded(name))
    for _ in range(300):
        update = whole
        for _ in range(chance.randint(1, 3)):
            update = mutated(update, chance)
        try:
            word = parse(json.dumps(update).encode(), NOW)
        except (Malformed, Unreadable):
            continue
        assert word is None or (word.key and word.sender and word.external_id)
