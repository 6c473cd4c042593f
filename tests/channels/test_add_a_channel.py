"""docs/add-a-channel.md writes a channel; it is built here from the page's own text and held to the contract."""

import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib import invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from inspect import getmembers, isfunction, signature
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import channels
from sop.messages import Reception, SendFailed
from store import parked
from tanggap.faults import BadSettings
from tanggap.settings import Settings, read_settings
from tests.channels.contract import Contract, ProviderContract, WebhookContract
from tests.channels.rig import Counterpart, Desk
from tests.clock import Clock

PAGE = (Path(__file__).parents[2] / "docs" / "add-a-channel.md").read_text(encoding="utf-8")
FILES: dict[str, str] = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", PAGE, re.DOTALL))
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
ENVIRON = {"TANGGAP_SECRET": "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0Ga"}
DESK = 'desk: {name: Meja, public_url: "https://care.example.ac.id", secret: "${TANGGAP_SECRET}"}\n'


@dataclass(frozen=True)
class Built:
    folder: Path
    tests: ModuleType

    def settings(self, **environ: str) -> Settings:
        config = self.folder / "config.yaml"
        config.write_text(DESK + FILES["config.yaml"], encoding="utf-8")
        return read_settings(config, ENVIRON | environ)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The page's files in a folder of their own, whose `channels` stands beside ours for as long as the tests run."""
    folder = tmp_path_factory.mktemp("page")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    channels.__path__.append(str(folder / "channels"))
    invalidate_caches()
    try:
        yield Built(folder, _module(folder / "tests/channels/test_contract_sms.py"))
    finally:
        channels.__path__.remove(str(folder / "channels"))
        del sys.modules["channels.sms"]
        delattr(channels, "sms")


def _module(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestThePagesChannel(WebhookContract):
    @pytest.fixture
    async def counterpart(self, built: Built, tmp_path: Path, clock: Clock) -> AsyncIterator[Counterpart]:
        async with built.tests.gateway_at(tmp_path, clock) as made:
            yield made

    async def test_a_form_without_a_sender_is_parked_raw_and_what_is_no_form_is_refused(
        self, desk: Desk, counterpart: Any
    ) -> None:
        assert await counterpart.bring({"id": "G-7", "text": "halo"}) == 200
        assert (
            await counterpart.post("/hooks/sms", b"\xff\xfe=1", {"X-Key": "kunci-gateway-untuk-uji"}) == 400
        )

        (kept,) = await desk.db.read(parked.waiting)
        assert (kept.channel, kept.external_id, kept.raw) == ("sms", "G-7", b"id=G-7&text=halo")
        assert (await desk.kept())["message"] == 0


def test_the_page_holds_its_channel_to_the_contract_and_reads_its_recorded_form(built: Built) -> None:
    assert issubclass(built.tests.TestSms, WebhookContract)
    built.tests.test_a_recorded_form_is_read()


def test_the_block_of_the_page_is_understood_without_a_change_elsewhere(built: Built) -> None:
    settings = built.settings(SMS_KEY="kunci-gateway-untuk-uji")

    assert dict(settings.channels["sms"]) | {"key": ""} == {"gateway": "https://sms.example.ac.id", "key": ""}


def test_the_channel_refuses_to_start_without_its_secret(built: Built) -> None:
    with pytest.raises(BadSettings) as refused:
        built.settings(SMS_KEY="pendek")

    (fault,) = refused.value.faults
    assert fault.key == "channels.sms.key"


def test_every_test_of_the_contract_every_call_and_every_field_is_on_the_page() -> None:
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PROSE))))
    calls = {name for name, _ in getmembers(Reception, isfunction) if not name.startswith("_")}
    fields = set(signature(SendFailed).parameters)

    assert calls <= words
    assert fields <= words
    assert {Contract.__name__, ProviderContract.__name__, WebhookContract.__name__} <= words
