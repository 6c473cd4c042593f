"""A picture without what its camera wrote beside it: place, time, device and owner identify too (MIPA: the party's copy)."""

from struct import unpack

from sop.errors import N_, DeskError

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
)
_ADOBE = 0xEE  # how the colours are coded: the picture is wrong without it
_JFIF = 0xE0
_START_OF_SCAN, _END = 0xDA, 0xD9
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_WEBP_TELLS = 0x08 | 0x04  # flags of VP8X: EXIF, XMP


class PictureFaulty(DeskError):
    """Not a picture we can read through, so that nobody can say what else it holds."""

    def __init__(self) -> None:
        super().__init__(
            N_("Gambar ini tidak dapat dibersihkan dari keterangan kamera, jadi tidak ditampilkan.")
        )


def plain(content: bytes) -> bytes:
    """JPEG, PNG and WebP without their metadata; anything else as it is. Raises PictureFaulty."""
    try:
        if content.startswith(_JPEG):
            return _jpeg(content)
        if content.startswith(_PNG):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (IndexError, ValueError, ArithmeticError) as error:
        raise PictureFaulty from error
    return content


def _jpeg(content: bytes) -> bytes:
    """Segments up to the first end of image; what follows it (a second picture, a maker's trailer) goes."""
    out, place = bytearray(b"\xff\xd8"), 2
    while True:
        if content[place] != 0xFF:
            raise ValueError("no marker")
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _END:
            return bytes(out + b"\xff\xd9")
        if marker in _BARE:
            out += content[place : place + 2]
            place += 2
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if end > len(content) or end < place + 4:
            raise ValueError("a segment longer than the file")
        if marker == _START_OF_SCAN:
            end = _scan(content, end)
        telling = (0xE0 <= marker <= 0xEF and marker not in (_JFIF, _ADOBE)) or marker == 0xFE
        if not telling:
            out += content[place:end]
        place = end


def _scan(content: bytes, place: int) -> int:
    """Where the coded picture after a start of scan ends: at the next marker that is not part of it."""
    while True:
        place = content.index(b"\xff", place)
        if content[place + 1] != 0 and content[place + 1] not in _BARE:
            return place
        place += 2


def _png(content: bytes) -> bytes:
    out, place = bytearray(_PNG), len(_PNG)
    while True:
        length = int.from_bytes(content[place : place + 4])
        kind, end = content[place + 4 : place + 8], place + 12 + length
        if len(kind) < 4 or end > len(content):
            raise ValueError("a chunk longer than the file")
        if kind in _CHUNKS:
            out += content[place:end]
        if kind == b"IEND":
            return bytes(out)
        place = end


def _webp(content: bytes) -> bytes:
    out, place = bytearray(), 12
    while place + 8 <= len(content):
        kind = content[place : place + 4]
        (length,) = unpack("<I", content[place + 4 : place + 8])
        end = place + 8 + length + length % 2
        if end > len(content) + 1:
            raise ValueError("a chunk longer than the file")
        chunk = bytearray(content[place:end])
        if kind == b"VP8X":
            chunk[8] &= ~_WEBP_TELLS & 0xFF
        if kind not in (b"EXIF", b"XMP "):
            out += chunk
        place = end
    return b"RIFF" + (len(out) + 4).to_bytes(4, "little") + b"WEBP" + bytes(out)
