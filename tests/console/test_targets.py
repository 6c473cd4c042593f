"""/humas/sasaran: places are added when Telegram says that the bot may post there; each refusal says what to do."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from channels.telegram_rights import NO_ADMIN, NOT_THERE
from console.app import build
from desk import office_file
from desk.desk import Desk
from sop import office_file as reading
from sop.place import Inspection
from store import targets
from tests import offices
from tests.console.conftest import Browser, as_officer, browsing
from tests.samples import NOW


@dataclass
class Places:
    """A provider with a memory of places, as `channels.telegram` tells of them."""

    known: dict[str, Inspection] = field(default_factory=dict)

    async def inspect(self, address: str) -> Inspection:
        return self.known.get(address, Inspection(state="refused", reason=NOT_THERE))


KABAR = Inspection(
    address="-1001",
    kind="channel",
    name="Kabar Contoh",
    members=1200,
    link="https://t.me/kabar",
    state="ready",
)


@pytest.fixture
def places() -> Places:
    return Places({"@kabar": KABAR, "-1001": KABAR})


@pytest.fixture
async def officer_of(desk: Desk, places: Places) -> AsyncIterator[Mapping[str, Browser]]:
    """The officers of the Humas unit and one of another, each with a browser."""
    await desk.db.write(office_file.bring_in, reading.read(offices.HUMAS), NOW)
    app = build(replace(desk, opened={"telegram": places}, channels=("telegram", "mail", "web")))
    found: dict[str, Browser] = {}
    opened = []
    for login in ("petugas", "lestari", "sari"):
        http = browsing(app)
        opened.append(http)
        found[login] = await as_officer(desk, Browser(http), login)
    yield found
    for http in opened:
        await http.aclose()


async def test_a_lane_of_the_chain_adds_a_channel_that_the_bot_may_post_in(
    desk: Desk, officer_of: Mapping[str, Browser]
) -> None:
    petugas = officer_of["petugas"]
    await petugas.open("/humas/sasaran")
    page = await petugas.press("/humas/sasaran", jenis="tempat", alamat="@kabar", unit=unit_of(petugas))

    assert page.status_code == 200 and "Kabar Contoh" in page.text and "1.200" in page.text
    found = await desk.db.read(targets.every)
    assert [(each.kind, each.address, each.state) for each in found] == [("channel", "-1001", "ready")]


async def test_a_place_that_is_not_there_keeps_what_was_typed_and_says_what_to_do(
    desk: Desk, officer_of: Mapping[str, Browser]
) -> None:
    petugas = officer_of["petugas"]
    await petugas.open("/humas/sasaran")
    for typed, words in (("@salah_ketik", "Tambahkan bot sebagai admin"), ("kabar!", "bukan alamat saluran")):
        page = await petugas.press("/humas/sasaran", jenis="tempat", alamat=typed, unit=unit_of(petugas))
        assert page.status_code == 409 and words in page.text and f'value="{typed}"' in page.text

    assert await desk.db.read(targets.every) == []


async def test_a_right_that_is_lost_shows_when_asked_again_and_is_mended(
    desk: Desk, officer_of: Mapping[str, Browser], places: Places
) -> None:
    petugas = officer_of["petugas"]
    await petugas.open("/humas/sasaran")
    await petugas.press("/humas/sasaran", jenis="tempat", alamat="@kabar", unit=unit_of(petugas))
    number = (await desk.db.read(targets.every))[0].id
    places.known["-1001"] = Inspection(
        address="-1001", kind="channel", name="Kabar Contoh", state="refused", reason=NO_ADMIN
    )
    page = await petugas.press(f"/humas/sasaran/{number}/tanya")
    assert "Jadikan bot admin dengan hak kirim" in page.text and "ditolak" in page.text
    places.known["-1001"] = KABAR
    page = await petugas.press(f"/humas/sasaran/{number}/tanya")
    assert "ditolak" not in page.text

    page = await petugas.press(f"/humas/sasaran/{number}/nama", nama="Kabar Kampus")
    assert "Kabar Kampus" in page.text
    await petugas.press(f"/humas/sasaran/{number}/pensiun")
    assert not (await desk.db.read(targets.every))[0].active
    await petugas.press(f"/humas/sasaran/{number}/aktif")
    assert (await desk.db.read(targets.every))[0].active


async def test_a_topic_brings_its_subscribers_on_each_live_channel_and_a_hand_serves_the_rest(
    desk: Desk, officer_of: Mapping[str, Browser]
) -> None:
    petugas = officer_of["petugas"]
    await petugas.open("/humas/sasaran")
    unit = unit_of(petugas)
    await petugas.press("/humas/topik", topik="Beasiswa", topik_unit=unit)
    again = await petugas.press("/humas/topik", topik="Beasiswa", topik_unit=unit)
    await petugas.press("/humas/sasaran", jenis="tangan", media="Papan pengumuman", media_unit=unit)

    assert again.status_code == 409 and "sudah ada" in again.text
    found = await desk.db.read(targets.every)
    assert sorted((each.kind, each.channel, each.name) for each in found) == [
        ("hand", "hand", "Papan pengumuman"),
        ("subscribers", "mail", "Beasiswa"),
        ("subscribers", "telegram", "Beasiswa"),
    ]


async def test_a_narahubung_of_another_unit_sees_no_targets(
    desk: Desk, officer_of: Mapping[str, Browser]
) -> None:
    assert (await officer_of["sari"].open("/humas/sasaran")).status_code == 403
    petugas = officer_of["petugas"]
    await petugas.open("/humas/sasaran")
    refused = await petugas.press("/humas/sasaran", jenis="tangan", media="Videotron", media_unit="")
    assert refused.status_code == 403
    lestari = officer_of["lestari"]
    await lestari.open("/humas/sasaran")
    page = await lestari.press("/humas/sasaran", jenis="tangan", media="Videotron", media_unit="")
    number = (await desk.db.read(targets.every))[0].id

    assert "semua unit" in page.text
    assert "Videotron" not in (await petugas.open("/humas/sasaran")).text
    token = petugas.field("token")
    for each in (number, 9999):
        answer = await petugas.http.post(f"/humas/sasaran/{each}/pensiun", data={"token": token})
        assert answer.status_code == 404


def unit_of(browser: Browser) -> str:
    return browser.field("unit", "/humas/sasaran")
