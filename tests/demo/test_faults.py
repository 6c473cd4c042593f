"""Trouble on demand, wherever the simulator is mounted, and at the price of what it is used for."""

import subprocess
import sys

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from demo.faults import Fault, Faults
from demo.telegram import Telegram
from tests.demo.conftest import TOKEN, Served
from tests.peers import serve


def test_faults_strike_in_order_where_they_fit() -> None:
    faults = Faults(frozenset({"429", "500"}))
    faults.add(Fault("429", "sendMessage", "7", times=2))
    faults.add(Fault("500"))

    struck = [faults.take(*where) for where in (("sendMessage", "7"), ("getMe", ""), ("sendMessage", "7"))]

    assert [fault.kind for fault in struck if fault] == ["429", "500", "429"]
    assert faults.take("sendMessage", "7") is None


def test_an_unknown_fault_is_a_mistake_of_the_test() -> None:
    with pytest.raises(ValueError, match="known are 429"):
        Faults(frozenset({"429"})).add(Fault("404"))


@pytest.mark.parametrize("kind", ["drop-before", "drop-after"])
async def test_a_connection_is_lost_also_below_another_application(
    telegram: Served[Telegram], kind: str
) -> None:
    telegram.sim.fail(kind)
    house = Starlette(routes=[Mount("/telegram", telegram.sim.app)])
    async with serve(house) as url, httpx2.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.get(f"{url}/telegram/bot{TOKEN}/getMe")
        assert (await client.get(f"{url}/telegram/bot{TOKEN}/getMe")).is_success


def test_simulators_load_no_bot_library_before_they_are_opened() -> None:
    program = "import demo.telegram, demo.twilio, demo.mailbox, sys; print({'aiogram', 'telegram', 'twilio.rest', 'aiosmtpd'} & {*sys.modules})"

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
