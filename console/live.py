"""What changed, said to open pages as it happens: names of things to look at again, never their content."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from console.session import ask, desk_of, token_of
from desk import staff
from desk.desk import Desk
from sop.officer import Officer
from store import tickets
from store.db import View

BEAT = 25.0  # seconds of silence until a line keeps the connection open
RETRY = 3000  # milliseconds until a browser comes back after a cut


async def listen(request: Request) -> Response:
    """Events "queue" and "ticket"; "ended" when the session is over. A page that comes back looks at everything again."""
    number = request.query_params.get("tiket", "")
    topics = await ask(request, _topics, number)
    stream = _stream(desk_of(request), token_of(request), topics)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _topics(view: View, officer: Officer, number: str) -> tuple[str, ...]:
    if not number:
        return ("queue",)
    ticket = tickets.get(view, number, visible_to=officer)
    return ("queue", f"ticket.{ticket.id}")


async def _stream(desk: Desk, token: str, topics: tuple[str, ...]) -> AsyncIterator[str]:
    with desk.db.bell.ear(*topics) as ear:
        yield f"retry: {RETRY}\nevent: open\ndata:\n\n"
        while True:
            heard = await ear.wait(BEAT)
            if not heard and await desk.db.read(staff.session_of, token, desk.real(), desk.clock()) is None:
                yield "event: ended\ndata:\n\n"
                return
            names = {topic.partition(".")[0] for topic in heard}
            yield "".join(f"event: {name}\ndata:\n\n" for name in sorted(names)) or ":\n\n"
