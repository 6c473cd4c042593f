"""Attachments: ours by a signed address, theirs from Twilio's hosts alone."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from sop.messages import File, SendFailed
from tests.channels.asgi import Answer, call
from tests.channels.whatsapp_peer import MEDIA, SARI, Peer, fetched


async def lent(peer: Peer, query: str, method: str = "GET") -> Answer:
    return await call(dict(peer.channel.routes())[MEDIA], query=query, method=method)


def granted(peer: Peer, path: str) -> str:
    """The query of an address for this file, as the channel signs it."""
    return urlsplit(peer.channel.lend(File(path=path, content_type="image/jpeg"))).query


async def test_a_lent_attachment_is_only_ever_downloaded(peer: Peer) -> None:
    (peer.folder / "0af3").write_bytes(b"jpeg")
    answer = await lent(peer, granted(peer, "0af3"))

    assert (answer.status, answer.body) == (200, b"jpeg")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_address_that_we_did_not_sign_gives_nothing(peer: Peer) -> None:
    (peer.folder / "0af3").write_bytes(b"jpeg")
    (peer.folder / "1111").write_bytes(b"other")
    good, other = granted(peer, "0af3"), granted(peer, "1111")
    mixed = good.partition("&")[0] + "&" + other.partition("&")[2]

    for query in (
        "",
        "f=&s=",
        "f=x&s=y",
        mixed,
        good[:-1],
        good.replace("s=", "s=0"),
        "a=1&" * 99,
        "%ff\xff",
    ):
        assert (await lent(peer, query)).status == 403


async def test_an_address_ends_after_an_hour(peer: Peer) -> None:
    (peer.folder / "0af3").write_bytes(b"jpeg")
    query = granted(peer, "0af3")
    peer.clock.now += timedelta(minutes=61)

    assert (await lent(peer, query)).status == 403


async def test_no_file_outside_the_folder_is_lent(peer: Peer) -> None:
    for path in ("../../etc/passwd", "/etc/passwd", ".", "gone"):
        assert (await lent(peer, granted(peer, path))).status == 404


async def test_media_are_fetched_behind_their_redirect(peer: Peer) -> None:
    peer.twilio.phone.media(SARI, b"jpeg" * 50_000, "image/jpeg", caption="Pipa bocor")
    await peer.twilio.settled()
    (file,) = peer.desk.taken[0].files

    assert await fetched(peer, file) == b"jpeg" * 50_000


@pytest.mark.parametrize(
    "remote",
    [
        "https://evil.example/Media/ME1",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://api.twilio.com.evil.example/x",
        "",
    ],
)
async def test_media_are_fetched_from_nowhere_else(remote: str, peer: Peer) -> None:
    with pytest.raises(SendFailed) as failure:
        await fetched(peer, File(remote=remote))

    assert failure.value.retry is None
    assert [name for name, _ in peer.twilio.calls if name in ("media", "cdn")] == []


async def test_a_redirect_to_a_stranger_is_not_followed(peer: Peer) -> None:
    peer.twilio.cdn_url = "http://evil.example"
    peer.twilio.phone.media(SARI, b"jpeg", "image/jpeg")
    await peer.twilio.settled()

    with pytest.raises(SendFailed, match="bukan milik Twilio"):
        await fetched(peer, peer.desk.taken[0].files[0])


async def test_media_that_break_off_may_be_fetched_later(peer: Peer) -> None:
    peer.twilio.phone.media(SARI, b"jpeg", "image/jpeg")
    await peer.twilio.settled()
    for method in ("media", "cdn"):
        peer.twilio.fail("500", method=method)
        with pytest.raises(SendFailed) as failure:
            await fetched(peer, peer.desk.taken[0].files[0])
        assert failure.value.retry == timedelta(0)

    assert await fetched(peer, peer.desk.taken[0].files[0]) == b"jpeg"
