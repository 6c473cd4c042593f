"""`/healthz`: the process is alive. `/readyz`: it can take messages in (store, schema, loops)."""

import json
from collections.abc import Mapping

from store import schema
from store.db import Database
from tanggap.front import App, Receive, Scope, Send


def routes(db: Database, loops: Mapping[str, bool]) -> tuple[tuple[str, App], ...]:
    """`loops`: name -> running."""

    async def healthz(scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(send, 200, {"alive": True})

    async def readyz(scope: Scope, receive: Receive, send: Send) -> None:
        found: dict[str, object] = {"store": True, "schema": True, "loops": dict(loops)}
        try:
            await schema.check(db)
        except Exception as error:
            found |= {"store": False, "schema": False, "reason": type(error).__name__}
        if db.damage:
            found |= {"store": False, "reason": "damaged"}
        ready = bool(found["store"]) and all(loops.values())
        await _answer(send, 200 if ready else 503, found)

    return (("/healthz", healthz), ("/readyz", readyz))


async def _answer(send: Send, status: int, body: object) -> None:
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
