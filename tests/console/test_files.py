"""Attachments on the ticket's page: shown as what they are, in part where a player asks for a part, small where small will do."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image

from desk.desk import Desk
from desk.upkeep import Fetching
from sop.messages import File, Kind
from tests.console.conftest import Browser, arrived
from tests.desk.test_files import HTML, OGG


def png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (600, 300), "green").save(content, "PNG")
    return content.getvalue()


async def sent(desk: Desk, content: bytes, kind: Kind, content_type: str, *, seen: bool = True) -> str:
    """A message with that file; its ticket's number. `seen`: the loop has looked at it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    kept = await desk.files.keep(chunks(), limit=1_000_000)
    file = File(
        kind=kind,
        name="berkas",
        content_type=content_type,
        size=kept.size,
        path=kept.path,
        sha256=kept.sha256,
    )
    number = await arrived(desk, "Terlampir", files=(file,))
    if seen:
        assert await Fetching(desk.db, desk.files, desk.clock).once({}) == 1
    return number


async def test_a_picture_stands_small_on_the_page_and_whole_behind_it(sari: Browser, desk: Desk) -> None:
    number = await sent(desk, png(), Kind.PHOTO, "image/png")

    page = await sari.open(f"/tiket/{number}")
    assert 'src="/berkas/1/kecil"' in page.text and 'href="/berkas/1"' in page.text

    small = await sari.open("/berkas/1/kecil")
    assert small.headers["content-type"] == "image/webp"
    assert "sandbox" in small.headers["content-security-policy"]
    assert len(small.content) < len(png())
    assert (await sari.open("/berkas/1")).content == png()


async def test_a_voice_message_is_played_from_where_one_winds_to(sari: Browser, desk: Desk) -> None:
    number = await sent(desk, OGG, Kind.VOICE, "audio/ogg; codecs=opus")

    page = await sari.open(f"/tiket/{number}")
    assert '<audio controls preload="none" src="/berkas/1">' in page.text
    assert "media-src 'self'" in page.headers["content-security-policy"]
    part = await sari.http.get("/berkas/1", headers={"range": "bytes=10-19"})

    assert (part.status_code, part.content) == (206, OGG[10:20])
    assert part.headers["content-type"] == "audio/ogg"
    assert part.headers["content-range"] == f"bytes 10-19/{len(OGG)}"


@pytest.mark.parametrize("seen", [True, False], ids=["looked at", "not yet"])
async def test_a_page_that_calls_itself_a_picture_is_only_downloaded(
    sari: Browser, desk: Desk, seen: bool
) -> None:
    number = await sent(desk, HTML, Kind.PHOTO, "image/png", seen=seen)

    file = await sari.open("/berkas/1")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    if seen:
        assert '<img src="/berkas/1' not in (await sari.open(f"/tiket/{number}")).text
    assert (await sari.open("/berkas/1/kecil")).status_code == 404


async def test_a_small_picture_is_nobodys_who_may_not_see_its_ticket(
    budi: Browser, visitor: Browser, desk: Desk
) -> None:
    await sent(desk, png(), Kind.PHOTO, "image/png")

    assert (await budi.open("/berkas/1/kecil")).status_code == 404
    assert (await visitor.http.get("/berkas/1/kecil")).status_code == 303
