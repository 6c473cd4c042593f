"""A webhook refuses in order, reads no more than its cap, and says 200 only to what is kept."""

from collections.abc import Mapping

import pytest

from channels.webhook import Hook, Refused, Scope, hand_over, header, same
from sop.errors import Unavailable
from sop.messages import Incoming
from tests.channels.asgi import call
from tests.channels.reception import NOW, Recorder

SECRET = "rahasia-yang-panjang"


class Desk:
    """What lies behind the hook."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.bodies: list[bytes] = []
        self._trouble = trouble

    async def take(self, scope: Scope, body: bytes) -> None:
        if self._trouble is not None:
            raise self._trouble
        self.bodies.append(body)

    def hook(self, limit: int = 1_000_000) -> Hook:
        return Hook(lambda scope: same(header(scope, b"x-secret"), SECRET.encode()), self.take, limit)


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-secret": ""}, {"x-secret": SECRET[:-1]}, {"x-secret": SECRET + "x"}, {"x-other": SECRET}],
)
async def test_a_caller_without_the_secret_is_refused_before_the_body_is_read(
    headers: Mapping[str, str],
) -> None:
    desk = Desk()
    answer = await call(desk.hook(), b"kata", headers)

    assert (answer.status, answer.read, desk.bodies) == (403, 0, [])


def test_nothing_equals_an_empty_secret() -> None:
    assert not same(b"", b"")
    assert same(b"x", b"x")


async def test_what_was_kept_is_answered_with_an_empty_200() -> None:
    desk = Desk()
    answer = await call(desk.hook(), b"kata", {"x-secret": SECRET})

    assert (answer.status, answer.body, desk.bodies) == (200, b"", [b"kata"])
    assert answer.headers == {"content-length": "0"}


async def test_a_body_in_pieces_is_put_together() -> None:
    desk = Desk()
    await call(desk.hook(), [b"ka", b"", b"ta"], {"x-secret": SECRET})

    assert desk.bodies == [b"kata"]


@pytest.mark.parametrize("pieces", [[b"x" * 11], [b"x" * 6, b"x" * 5], [b"x" * 10, b"x"]])
async def test_a_body_above_the_cap_is_refused(pieces: list[bytes]) -> None:
    desk = Desk()
    answer = await call(desk.hook(limit=10), pieces, {"x-secret": SECRET})

    assert (answer.status, desk.bodies) == (413, [])


@pytest.mark.parametrize("length", ["11", "9" * 400])
async def test_a_body_that_announces_too_much_is_refused_unread(length: str) -> None:
    desk = Desk()
    answer = await call(desk.hook(limit=10), b"x", {"x-secret": SECRET, "content-length": length})

    assert (answer.status, answer.read, desk.bodies) == (413, 0, [])


async def test_a_body_that_breaks_off_is_not_taken() -> None:
    desk = Desk()
    answer = await call(desk.hook(), [b"ka", b"ta"], {"x-secret": SECRET}, cut_off=True)

    assert (answer.status, desk.bodies) == (400, [])


async def test_only_a_post_is_taken() -> None:
    assert (await call(Desk().hook(), b"", {"x-secret": SECRET}, method="GET")).status == 405


@pytest.mark.parametrize(
    ("trouble", "status"), [(Unavailable(), 503), (Refused(400), 400), (Refused(403), 403)]
)
async def test_what_could_not_be_kept_is_not_acknowledged(trouble: Exception, status: int) -> None:
    assert (await call(Desk(trouble).hook(), b"kata", {"x-secret": SECRET})).status == status


async def test_a_message_that_meets_a_fault_of_ours_is_parked_with_its_raw_form() -> None:
    desk = Recorder()
    desk.broken = True
    word = Incoming(channel="telegram", external_id="7", key="1", sender="1", at=NOW)

    await hand_over(desk, word, b"raw")

    assert [(channel, number, raw) for channel, number, raw, _ in desk.parked] == [("telegram", "7", b"raw")]


async def test_what_could_not_be_parked_is_not_acknowledged_either() -> None:
    desk = Recorder()
    desk.refuse = 1
    word = Incoming(channel="telegram", external_id="7", key="1", sender="1", at=NOW)

    with pytest.raises(Unavailable):
        await hand_over(desk, word, b"raw")
    assert desk.parked == []
