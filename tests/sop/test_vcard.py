"""A contact card says whose it is, whoever wrote it."""

import random

import pytest

from sop.vcard import LARGEST, Card, read

ANDROID = """BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Santosa;=42=75=\r
=64=69;;;\r
TEL;CELL:+6281200000303\r
TEL;HOME:021 555 0101\r
END:VCARD\r
"""
IPHONE = """BEGIN:VCARD
VERSION:3.0
N:Sari;Dewi;;;
FN:Dewi\\, Bagian Akademik
item1.TEL;type=CELL;waid=6281200000404:+62 812-0000-0404
TEL;type=WORK:+62 812-0000-0404
NOTE:baris yang
  dilipat
END:VCARD
BEGIN:VCARD
FN:Orang kedua
END:VCARD
"""


@pytest.mark.parametrize(
    ("content", "card"),
    [
        (ANDROID, Card("Budi Santosa", ("+6281200000303", "021 555 0101"))),
        (IPHONE, Card("Dewi, Bagian Akademik", ("+62 812-0000-0404",))),
        ("BEGIN:VCARD\nTEL;VALUE=uri:tel:+62-812\nEND:VCARD", Card("", ("+62-812",))),
        ("FN:Ka\u202eBud\x00i\nEND:VCARD", Card("KaBudi", ())),
        ("bukan kartu", Card()),
        ("", Card()),
    ],
)
def test_a_card_is_read_in_every_version(content: str, card: Card) -> None:
    assert read(content.encode()) == card


def test_a_card_with_a_thousand_numbers_is_read_up_to_five() -> None:
    found = read("\n".join(f"TEL:{number}" for number in range(100_000)).encode())

    assert found.phones == ("0", "1", "2", "3", "4")


def test_no_bytes_stop_the_reading() -> None:
    chance = random.Random(11)
    for _ in range(200):
        read(b"FN;ENCODING=QUOTED-PRINTABLE:" + chance.randbytes(200) + b"\nTEL:\\")
    read(b"\\" * (2 * LARGEST))
