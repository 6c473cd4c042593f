"""Files: what they are is said by their content, and a picture has a small one that holds nothing but what is seen."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from desk import intake
from desk.files import Files
from desk.sniffing import of_bytes
from desk.thumbnails import NONE, SCANS, SIDE, shrunk
from desk.upkeep import Fetcher, Fetching
from sop.messages import File, Kind, SendFailed
from store import attachments, messages
from store.attachments import Attachment
from store.db import Database, View
from tests.samples import NOW, ids, incoming, small_office

HTML = b"<!DOCTYPE html><script>fetch('/tiket/1')</script>"
OGG = b"OggS\0\2" + b"\0" * 20 + b"\1\x13OpusHead" + b"\0" * 50
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41" + b"\0" * 40


def jpeg(width: int = 800, height: int = 400, *, turned: bool = False) -> bytes:
    """A picture that is red above and blue below, with what a camera writes beside it."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (0, height // 2, width, height))
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    exif[0x0112] = 3 if turned else 1  # upside down
    content = BytesIO()
    picture.save(content, "JPEG", exif=exif)
    return content.getvalue()


async def test_what_people_send_is_for_no_other_user_of_the_machine(tmp_path: Path) -> None:
    files = Files(tmp_path / "baru" / "files")

    async def chunks() -> AsyncIterator[bytes]:
        yield b"surat keterangan"

    kept = files.path(await files.keep(chunks(), limit=100))

    assert [each.stat().st_mode & 0o777 for each in (kept, kept.parent, files.root)] == [0o600, 0o700, 0o700]


@pytest.mark.parametrize(
    ("content", "claimed", "said"),
    [
        (jpeg(), "image/jpeg", "image/jpeg"),
        (jpeg(), "text/plain", "image/jpeg"),
        (jpeg(), "", "image/jpeg"),
        (HTML, "image/jpeg", "text/html"),
        (b"  \n<html>", "image/png", "text/html"),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", "image/png", "image/svg+xml"),
        (b'<?xml version="1.0"?><daftar/>', "image/gif", "text/xml"),
        (b"bukan gambar", "image/png", "application/octet-stream"),
        (b"bukan suara", "audio/ogg", "application/octet-stream"),
        (b"nama,nilai\nBudi,4\n", "text/csv", "text/csv"),
        (b"", "image/png", "application/octet-stream"),
        (OGG, "audio/ogg; codecs=opus", "audio/ogg"),
        (OGG, "application/octet-stream", "audio/ogg"),
        (MP4, "audio/mp4", "audio/mp4"),
        (MP4, "video/mp4", "video/mp4"),
        (MP4, "image/jpeg", "video/mp4"),
        (b"%PDF-1.7\n%", "image/png", "application/pdf"),
        (b"MZ\x90\0" + b"\0" * 90, "image/png", "application/vnd.microsoft.portable-executable"),
    ],
)
def test_content_beats_what_the_sender_says(content: bytes, claimed: str, said: str) -> None:
    assert of_bytes(content, content[-256:], claimed) == said


def small(tmp_path: Path, content: bytes, content_type: str = "image/jpeg") -> bytes | None:
    path = tmp_path / "gambar"
    path.write_bytes(content)
    return shrunk(path, content_type)


def test_a_small_picture_is_turned_and_tells_nothing_of_its_camera(tmp_path: Path) -> None:
    content = small(tmp_path, jpeg(turned=True))

    assert content is not None and b"Kamera" not in content
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (SIDE, SIDE // 2))
        assert not picture.getexif()
        above = picture.convert("RGB").getpixel((10, 10))
    assert isinstance(above, tuple) and above[2] > 200 > above[0]


def test_a_clear_ground_becomes_paper(tmp_path: Path) -> None:
    content = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(content, "PNG")

    found = small(tmp_path, content.getvalue(), "image/png")

    assert found is not None
    with Image.open(BytesIO(found)) as picture:
        assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def bomb() -> bytes:
    """A PNG that says it is 30,000 pixels wide and high."""
    content = BytesIO()
    Image.new("1", (30_000, 30_000)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nxx", jpeg()[:400], bomb()], ids=range(4))
def test_a_broken_or_enormous_picture_has_no_small_one(tmp_path: Path, content: bytes) -> None:
    assert small(tmp_path, content, "image/png") is None
    assert small(tmp_path, content[:400], "image/jpeg") is None


def test_a_picture_that_is_told_in_hundreds_of_scans_is_not_walked_through(tmp_path: Path) -> None:
    """A few bytes a scan, and each a walk over all pixels: hours of work in one attachment."""
    content = BytesIO()
    Image.new("RGB", (800, 400), "red").save(content, "JPEG", progressive=True)
    whole = content.getvalue()
    last = whole[whole.rindex(b"\xff\xda") : -2]

    assert small(tmp_path, whole, "image/jpeg")
    assert small(tmp_path, whole[:-2] + SCANS * last + whole[-2:], "image/jpeg") is None


def test_a_picture_that_says_it_is_another_kind_is_not_opened(tmp_path: Path) -> None:
    assert small(tmp_path, jpeg(), "image/png") is None


class Provider:
    """Keeps files for a while, as Telegram does."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    async def fetch(self, file: File) -> AsyncIterator[bytes]:
        if file.remote not in self.files:
            raise SendFailed("hilang")
        yield self.files[file.remote]


def _all(view: View) -> list[Attachment]:
    rows = view.all("SELECT id FROM attachment ORDER BY id")
    return [found[0] for row in rows if (found := attachments.get(view, row["id"]))]


async def come_home(db: Database, files: Files, provider: dict[str, bytes]) -> list[Attachment]:
    loop = Fetching(db, files, lambda: NOW + timedelta(seconds=1))
    fetchers: dict[str, Fetcher] = {"telegram": Provider(provider)}
    while await loop.once(fetchers):
        pass
    return await db.read(_all)


async def test_what_a_provider_kept_comes_home_with_its_small_picture(db: Database, tmp_path: Path) -> None:
    await small_office(db)
    files = Files(tmp_path / "files")
    photo = File(kind=Kind.PHOTO, content_type="image/jpeg", remote="foto")
    lie = File(kind=Kind.PHOTO, content_type="image/jpeg", remote="bukan")
    voice = File(kind=Kind.VOICE, content_type="audio/ogg; codecs=opus", remote="suara")
    gone = File(kind=Kind.PHOTO, content_type="image/jpeg", remote="tiada")
    await db.write(intake.take_in, incoming(files=(photo, lie, voice, gone)), ids(), NOW)

    first, second, third, fourth = await come_home(db, files, {"foto": jpeg(), "bukan": HTML, "suara": OGG})

    assert first.small and files.small(first.thumbnail).is_file()
    assert (second.file.kind, second.file.content_type, second.thumbnail) == (
        Kind.DOCUMENT,
        "text/html",
        NONE,
    )
    assert (third.file.kind, third.file.content_type) == (Kind.VOICE, "audio/ogg")
    assert (fourth.state, fourth.thumbnail) == ("failed", "")


async def test_a_contact_card_says_whose_it_is_once_it_is_here(db: Database, tmp_path: Path) -> None:
    await small_office(db)
    card = File(kind=Kind.CONTACT, content_type="text/vcard", remote="kartu")
    await db.write(intake.take_in, incoming("", kind=Kind.CONTACT, files=(card,)), ids(), NOW)

    content = b"BEGIN:VCARD\nFN:Budi\nTEL;waid=62812:+62 812-0000-0303\nEND:VCARD\n"
    (kept,) = await come_home(db, Files(tmp_path / "files"), {"kartu": content})

    assert kept.state == "kept"
    (said, *_) = await db.read(messages.of_ticket, 1001)
    assert said.text == "Budi\n+62 812-0000-0303"


async def test_what_came_with_a_mail_or_a_form_is_looked_at_once(db: Database, tmp_path: Path) -> None:
    await small_office(db)
    files = Files(tmp_path / "files")
    kept = []
    for content in (jpeg(), HTML):

        async def chunks(content: bytes = content) -> AsyncIterator[bytes]:
            yield content

        kept.append(await files.keep(chunks(), limit=100_000))
    parts = tuple(
        File(kind=Kind.PHOTO, content_type="image/png", path=each.path, sha256=each.sha256) for each in kept
    )
    await db.write(intake.take_in, incoming(files=parts), ids(), NOW)

    first, second = await come_home(db, files, {})

    assert (first.file.content_type, first.small) == ("image/jpeg", True)
    assert (second.file.content_type, second.small) == ("text/html", False)
    assert not await db.read(attachments.unseen, 10)


async def test_of_two_that_look_at_once_one_small_picture_stays(db: Database, tmp_path: Path) -> None:
    await small_office(db)
    files = Files(tmp_path / "files")

    async def chunks() -> AsyncIterator[bytes]:
        yield jpeg()

    kept = await files.keep(chunks(), limit=100_000)
    part = File(kind=Kind.PHOTO, content_type="image/jpeg", path=kept.path, sha256=kept.sha256)
    await db.write(intake.take_in, incoming(files=(part,)), ids(), NOW)
    (found,) = await db.read(attachments.unseen, 10)

    for other in ("aa/aaa", "bb/bbb"):
        first = await db.write(
            attachments.looked_at, found.id, content_type="image/jpeg", kind=Kind.PHOTO, thumbnail=other
        )
        assert first is (other == "aa/aaa")
