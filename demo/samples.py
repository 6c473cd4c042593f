"""A photo and a voice message made on the spot, so that a visitor needs no file at hand."""

import struct
import zlib
from itertools import pairwise

WIDTH, HEIGHT = 480, 320
WALL, FLOOR, BOARD, FRAME = (226, 222, 210), (176, 158, 134), (58, 84, 74), (120, 96, 66)
DESK, CRACK, LAMP = (148, 112, 74), (40, 36, 34), (90, 92, 96)
SILENCE = b"\xf8\xff\xfe"  # an Opus frame of 20 ms without sound
RATE = 960  # samples of a frame at 48 kHz
PAGE = 50  # frames in a page of Ogg: one second

Colour = tuple[int, int, int]


def photo(turn: int = 0) -> bytes:
    """A classroom with a cracked board and a crooked chair, as PNG; `turn` varies the picture."""
    rows = [bytearray(_row(y)) for y in range(HEIGHT)]
    box(rows, 90, 50, 390, 160, FRAME)
    box(rows, 98, 58, 382, 152, BOARD)
    for left in range(60, 400, 120):
        box(rows, left + turn * 9, 222 + turn * 5, left + 76 + turn * 9, 236 + turn * 5, DESK)
        box(rows, left + 8, 236, left + 14, 290, DESK)
        box(rows, left + 62, 236, left + 68, 282 + turn * 4, DESK)
    box(rows, 214, 0, 266, 14 + turn * 6, LAMP)
    for (x, y), (to_x, to_y) in pairwise(((250, 52), (262, 80), (248, 104), (270, 128), (258, 158))):
        for step in range(30):
            across, down = x + (to_x - x) * step // 30, y + (to_y - y) * step // 30
            box(rows, across + turn * 20, down, across + 3 + turn * 20, down + 2, CRACK)
    return png(rows)


def png(rows: list[bytearray]) -> bytes:
    """Rows of WIDTH colours as a picture."""
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def voice(seconds: int = 3) -> bytes:
    """Silence as Ogg Opus, the form of Telegram's and WhatsApp's voice messages."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"demo" + struct.pack("<I", 0)
    pages = [_page(2, 0, 0, [head]), _page(0, 0, 1, [tags])]
    for second in range(seconds):
        last = 4 if second == seconds - 1 else 0
        pages.append(_page(last, (second + 1) * PAGE * RATE, second + 2, [SILENCE] * PAGE))
    return b"".join(pages)


def _row(y: int) -> bytes:
    return bytes(WALL if y < 200 else FLOOR) * WIDTH


def box(rows: list[bytearray], left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
    left, right = max(left, 0), min(right, WIDTH)
    for row in rows[max(top, 0) : min(bottom, HEIGHT)]:
        row[left * 3 : right * 3] = bytes(colour) * (right - left)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _page(flags: int, position: int, number: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    head = b"OggS" + struct.pack("<BBqIII", 0, flags, position, 1, number, 0) + bytes([len(lengths)])
    whole = head + lengths + b"".join(packets)
    return whole[:22] + struct.pack("<I", _crc(whole)) + whole[26:]


def _crc(data: bytes) -> int:
    """Ogg's own: polynomial 04c11db7, neither reflected nor inverted."""
    value = 0
    for octet in data:
        value ^= octet << 24
        for _ in range(8):
            value = ((value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value
