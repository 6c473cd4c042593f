"""/berhenti/TOKEN: no more announcements and reminders, by one press here or by the mail program's own button."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.outside import absent, hidden, outside
from console.session import desk_of
from desk import unsubscribing
from sop.unsubscribing import PATH, letter_of


async def show(request: Request) -> Response:
    """Reading changes nothing: scanners follow every link of a mail."""
    number = _letter(request)
    if number is None or not await desk_of(request).db.read(unsubscribing.known, number):
        return await absent(request)
    return hidden(request, "berhenti.html", done=False)


async def stop(request: Request) -> Response:
    """RFC 8058: the mail program's server posts here, without cookies and from nowhere. The token alone is the right."""
    desk, number = desk_of(request), _letter(request)
    if number is None or not await desk.db.write(unsubscribing.stop, number, desk.clock()):
        return await absent(request)
    return hidden(request, "berhenti.html", done=True)


def _letter(request: Request) -> int | None:
    return letter_of(desk_of(request).secret, request.path_params["token"])


ROUTES = (
    Route(f"{PATH}{{token}}", outside(show), methods=["GET"]),
    Route(f"{PATH}{{token}}", outside(stop), methods=["POST"]),
)
