"""A process that only delivers: `URL API TOKEN FOLDER` until it is killed."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from channels.telegram import Settings, open_channel
from desk.delivery import Delivery
from desk.files import Files
from desk.reception import Reception
from store.db import open_database
from tests.samples import NOW


def clock() -> datetime:
    return NOW


async def main(url: str, api: str, token: str, folder: Path) -> None:
    settings = Settings.model_validate({"token": token, "mode": "webhook", "secret": "x" * 16, "api": api})
    async with (
        open_database(url) as db,
        open_channel(
            settings,
            Reception(db, Files(folder), clock),
            clock=clock,
            public_url="https://care.example.ac.id",
            files_root=folder,
        ) as channel,
    ):
        await Delivery(db, clock, jitter=lambda: 0.0).run({"telegram": channel})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
