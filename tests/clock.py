"""The desk's time in a test: it stands still until it is moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.samples import NOW


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, span: timedelta) -> None:
        self.now += span
