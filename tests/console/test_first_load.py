"""What a browser really transfers for its first page, and from where: under 60 KB compressed, nothing from third parties."""

from typing import Any

import pytest
from starlette.applications import Starlette

from desk.desk import Desk
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser

MOST = 60 * 1024  # bytes on the wire, heads included


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


@pytest.mark.parametrize(
    "path", ["/login", "/", "/tiket/{number}", "/akun", "/lapor", "/lapor/pusat", "/status"]
)
async def test_the_first_load_is_light_and_ours_alone(
    app: Starlette, lestari: Browser, desk: Desk, path: str
) -> None:
    number = await arrived(desk, "Nama saya Dewi, NIM 231040112, KRS saya terkunci")
    async with browser(app, lestari) as (page, url, complaints):
        weights: dict[str, int] = {}
        addresses: dict[str, str] = {}
        wire = await page.context.new_cdp_session(page)
        wire.on(
            "Network.requestWillBeSent",
            lambda said: addresses.update({said["requestId"]: said["request"]["url"]}),
        )
        wire.on(
            "Network.loadingFinished",
            lambda said: weights.update({said["requestId"]: said["encodedDataLength"]}),
        )
        await wire.send("Network.enable")
        await page.goto(url + path.format(number=number), wait_until="load")
        await page.evaluate("document.fonts.ready.then(() => 1)")

        asked = {each for each in addresses.values() if not each.startswith("data:")}
        assert all(each.startswith(f"{url}/") for each in asked), asked
        loaded = {
            addresses[each]: weight for each, weight in weights.items() if "/live" not in addresses[each]
        }
        assert 0 < sum(loaded.values()) <= MOST, loaded
        assert complaints == []
