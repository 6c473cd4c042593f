"""A transfer slip made on the spot, as PNG: what a student sends to prove that the fee is paid."""

from demo.samples import HEIGHT, WIDTH, Colour, box, png

DESK, PAPER, INK, FAINT = (222, 226, 224), (255, 255, 255), (38, 44, 46), (206, 212, 210)
BANK, PAID, WHITE = (24, 84, 122), (30, 122, 76), (255, 255, 255)
LEFT, RIGHT, TOP, BOTTOM = 70, WIDTH - 70, 14, HEIGHT - 14
LINES = (
    ("UNTUK", "UKT SEMESTER"),
    ("NIM", "221030377"),
    ("JUMLAH", "RP 4.500.000"),
    ("REF", "20871.5532"),
)
GLYPHS = {
    "A": "0e11111f111111",
    "B": "1e11111e11111e",
    "E": "1f10101e10101f",
    "F": "1f10101e101010",
    "H": "1111111f111111",
    "I": "0e04040404040e",
    "J": "0702020202120c",
    "K": "11121418141211",
    "L": "1010101010101f",
    "M": "111b1515111111",
    "N": "11191513111111",
    "P": "1e11111e101010",
    "R": "1e11111e141211",
    "S": "0f10100e01011e",
    "T": "1f040404040404",
    "U": "1111111111110e",
    "0": "0e11131519110e",
    "1": "040c040404040e",
    "2": "0e11010204081f",
    "3": "1f02040201110e",
    "4": "02060a121f0202",
    "5": "1f101e0101110e",
    "7": "1f010204080808",
    "8": "0e11110e11110e",
    ".": "00000000000c0c",
    " ": "00000000000000",
}
"""Seven rows of five dots, two hexadecimal digits a row."""


def slip() -> bytes:
    rows = [bytearray(bytes(DESK) * WIDTH) for _ in range(HEIGHT)]
    box(rows, LEFT, TOP, RIGHT, BOTTOM, PAPER)
    box(rows, LEFT, TOP, RIGHT, TOP + 50, BANK)
    _write(rows, LEFT + 20, TOP + 15, "BUKTI TRANSFER", WHITE, 3)
    for number, (name, value) in enumerate(LINES):
        top = TOP + 72 + number * 36
        _write(rows, LEFT + 20, top, name, INK, 2)
        _write(rows, LEFT + 130, top, value, INK, 2)
        box(rows, LEFT + 20, top + 24, RIGHT - 20, top + 26, FAINT)
    box(rows, LEFT + 20, BOTTOM - 60, RIGHT - 20, BOTTOM - 20, PAID)
    _write(rows, LEFT + 98, BOTTOM - 50, "BERHASIL", WHITE, 3)
    return png(rows)


def _write(rows: list[bytearray], left: int, top: int, text: str, colour: Colour, size: int) -> None:
    for place, sign in enumerate(text):
        start = left + place * 6 * size
        for down, dots in enumerate(bytes.fromhex(GLYPHS[sign])):
            for across in range(5):
                if dots >> (4 - across) & 1:
                    x, y = start + across * size, top + down * size
                    box(rows, x, y, x + size, y + size, colour)
