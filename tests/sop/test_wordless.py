"""A message without words is called by what it is; a place is told by its coordinates wherever words alone are shown."""

import pytest

from sop.messages import Kind
from sop.wordless import KINDS, label, point, told

PLACE = {"location": [-6.89151234, 107.6107]}


@pytest.mark.parametrize(
    ("kind", "text", "payload", "words"),
    [
        ("text", "KRS saya terkunci", {}, "KRS saya terkunci"),
        ("location", "", PLACE, "Titik -6.891512, 107.6107"),
        ("venue", "Balai RW", PLACE, "Balai RW\nTitik -6.891512, 107.6107"),
        ("location", "", {"location": "di sini"}, "Lokasi"),
        ("sticker", "", {}, "Stiker"),
        ("photo", "", {}, ""),
        ("unknown", "", {"raw": "{}"}, "Jenis pesan ini belum didukung; bentuk aslinya tersimpan."),
        ("jenis-lain", "", {}, ""),
    ],
)
def test_words_stand_for_what_has_none(kind: str, text: str, payload: dict[str, object], words: str) -> None:
    assert told(kind, text, payload, "id") == words


@pytest.mark.parametrize("value", [None, [], [1], ["a", "b"], [1, 2, 3], {"x": 1}, "1,2"])
def test_what_is_no_place_is_none(value: object) -> None:
    assert point({"location": value}) is None


def test_every_kind_that_may_have_neither_words_nor_a_file_has_a_name() -> None:
    with_files = {
        Kind.PHOTO,
        Kind.DOCUMENT,
        Kind.VOICE,
        Kind.AUDIO,
        Kind.VIDEO,
        Kind.VIDEO_NOTE,
        Kind.ANIMATION,
    }
    assert set(Kind) - set(KINDS) == with_files | {Kind.TEXT, Kind.BUTTON}
    assert all(label(kind, "id") for kind in KINDS)
