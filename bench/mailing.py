"""Our own mail pipeline in a process of its own: `python -m bench.mailing DATABASE MAILDIR WARM` prints one JSON object."""

import json
import shutil
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.mails import AUTHSERV
from channels.mail_in import receive_all
from channels.mail_maildir import Maildir
from channels.mail_settings import Settings
from desk.files import Files
from desk.reception import Reception
from store.db import View, open_database

SECRET = "rahasia_meja_yang_panjang"
PLACES = ("ticket", "attachment", "outbox")


def clock() -> datetime:
    return datetime.now(UTC)


async def take_in(database: Path, maildir: Path, warm: Path) -> dict[str, float]:
    """The Maildir as the open channel empties it: read, parsed, kept with files fsynced, acknowledged, moved to cur."""
    settings = Settings.model_validate(
        {
            "address": "care@contoh.ac.id",
            "inbox": f"maildir:{maildir}",
            "outbox": "smtp://127.0.0.1",
            "authserv_id": AUTHSERV,
        }
    )
    async with open_database(f"sqlite:///{database}") as db:
        reception = Reception(db, Files(database.parent / f"{database.stem}-files"), clock)
        receive = partial(receive_all, reception=reception, settings=settings, secret=SECRET, clock=clock)
        await Maildir(warm, receive).empty()
        before = await db.read(_counted)
        begin, cpu = time.perf_counter(), time.process_time()
        await Maildir(maildir, receive).empty()
        took, used = time.perf_counter() - begin, time.process_time() - cpu
        after = await db.read(_counted)
    left = len(list((maildir / "new").iterdir()))
    shutil.rmtree(database.parent / f"{database.stem}-files", ignore_errors=True)
    return {
        "seconds": took,
        "cpu": used,
        "left": left,
        **{name: after[name] - before[name] for name in PLACES},
    }


def _counted(view: View) -> dict[str, int]:
    counts = {}
    for name in PLACES:
        row = view.one(f"SELECT count(*) AS n FROM {name}")
        counts[name] = int(row["n"]) if row else 0
    return counts


if __name__ == "__main__":
    import uvloop

    print(json.dumps(uvloop.run(take_in(*map(Path, sys.argv[1:4])))))
