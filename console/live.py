"""What changed, said to open pages as it happens: names of things to look at again, never their content."""

from collections.abc import AsyncIterator, Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from console.session import ask, desk_of, token_of
from desk import publication_seeing, staff
from desk.desk import Desk
from sop.officer import Officer
from store import tickets, trail
from store.db import View

BEAT = 25.0  # seconds of silence until a line keeps the connection open
RETRY = 3000  # milliseconds until a browser comes back after a cut


async def listen(request: Request) -> Response:
    """Events "queue" and "ticket", or "publications" and "publication" for the Humas pages; "ended" when the session is
    over, at once where somebody ended it.

    Each carries the place in the chain of events up to which all is told: a browser that comes back after a cut names
    it (Last-Event-ID) and hears what it missed. One that has none looks at everything again.
    """
    number = request.query_params.get("tiket", "")
    publication = request.query_params.get("publikasi", "")
    ticket, case = await ask(request, _named, number, publication)
    if case or "papan" in request.query_params:
        topics = ["publications", *([f"publication.{case}"] if case else [])]
    else:
        topics = ["queue", *([f"ticket.{ticket}"] if ticket else [])]
    stream = _stream(desk_of(request), token_of(request), topics, ticket, _place(request))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _named(view: View, officer: Officer, number: str, publication: str) -> tuple[int | None, int | None]:
    """The ticket and the publication that a page is about. Raises NotFound, NoSuchPublication."""
    ticket = tickets.get(view, number, visible_to=officer).id if number else None
    case = publication_seeing.get(view, publication, visible_to=officer).id if publication else None
    return ticket, case


def _place(request: Request) -> int | None:
    last = request.headers.get("last-event-id", "")
    return int(last) if last.isascii() and last.isdigit() and len(last) < 16 else None


async def _stream(
    desk: Desk, token: str, topics: Sequence[str], ticket: int | None, since: int | None
) -> AsyncIterator[str]:
    with desk.db.bell.ear("session", *topics) as ear:
        place = await desk.db.read(_standing, token, desk)
        yield f"retry: {RETRY}\n" + _event("open", place or 0)
        if since is not None and place is not None:
            missed = await desk.db.read(_missed, since, ticket)
            yield "".join(_event(name, place) for name in missed)
        while place is not None:
            heard = await ear.wait(BEAT)
            told, place = place, await desk.db.read(_standing, token, desk)
            names = {topic.partition(".")[0] for topic in heard} - {"session"}
            if place is not None:
                yield "".join(_event(name, told) for name in sorted(names)) or ":\n\n"
        yield _event("ended", 0)


def _event(name: str, place: int) -> str:
    return f"id: {place}\nevent: {name}\ndata:\n\n"


def _standing(view: View, token: str, desk: Desk) -> int | None:
    """Where the chain of events ends now; None when the session is over."""
    if staff.session_of(view, token, desk.real(), desk.clock()) is None:
        return None
    return trail.last(view)


def _missed(view: View, since: int, ticket: int | None) -> list[str]:
    """What changed behind that place. A ticket's page always looks again: not all that it shows is in the chain."""
    return (["queue"] if trail.last(view) > since else []) + (["ticket"] if ticket else [])
