"""Our console over HTTP with an agent signed in: `python -m bench.listing DATABASE` prints its port and the session."""

import asyncio
import json
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from bench.office import ZONE
from console.app import build
from desk import staff
from desk.desk import Desk
from desk.files import Files
from desk.reception import Reception
from store.db import Database, open_database
from tanggap.front import Front

LANE = "narahubung"


def clock() -> datetime:
    return datetime.now(UTC)


async def signed_in(db: Database) -> str:
    """The cookie of an agent of the one unit."""
    now = clock()
    agent = await db.write(staff.add, login="sari", name="Sari", password_hash="", now=now)
    await db.write(staff.grant, "sari", lane=LANE, unit="pusat", now=now)
    new = staff.fresh_login()
    await db.write(staff.signed_in, agent, "sari", "127.0.0.1", new, "bench", now)
    return new.token


async def serve(database: Path) -> None:
    """As `tanggap serve` runs it: uvloop, httptools, no access log."""
    async with open_database(f"sqlite:///{database}") as db:
        files = Files(database.parent / "files")
        desk = Desk(
            db=db,
            clock=clock,
            real=clock,
            files=files,
            reception=Reception(db, files, clock),
            name="Layanan Contoh",
            language="id",
            zone=ZONE,
            public_url="http://127.0.0.1",
            secret="rahasia_meja_yang_panjang",
            secure=False,
        )
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        print(json.dumps({"port": listening.getsockname()[1], "session": await signed_in(db)}), flush=True)
        config = uvicorn.Config(
            Front(build(desk)), log_config=None, access_log=False, lifespan="off", server_header=False
        )
        await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    import uvloop

    try:
        uvloop.run(serve(Path(sys.argv[1])))
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
