"""The web form and the counter keep the contract of all channels; nobody else's machine is on their other side."""

import pytest

from tests.channels.contract import Contract
from tests.channels.counterparts import Counter, Web


class TestWeb(Contract):
    @pytest.fixture
    def counterpart(self) -> Web:
        return Web()


class TestCounter(Contract):
    @pytest.fixture
    def counterpart(self) -> Counter:
        return Counter()
