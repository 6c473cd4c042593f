"""/sandi/TOKEN: a new password by the one-time link that a supervisor made; no mail is needed, nobody is signed in by it."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.guard import from_here
from console.page import page, redirect
from console.profile import SHORTEST, hash_of
from console.session import FormStale, desk_of, form_of, words
from desk import accounts
from sop.errors import DeskError


async def show(request: Request) -> Response:
    return await _page(request)


async def save(request: Request) -> Response:
    """Raises LinkOver, PasswordTooShort, FormStale."""
    desk, token = desk_of(request), request.path_params["token"]
    await desk.db.read(
        accounts.reset_of, token, desk.real(), desk.clock()
    )  # a stranger costs us no slow hash
    given = await form_of(request)
    request.state.again = partial(_again)
    if not from_here(request):
        raise FormStale
    async with request.app.state.checking:
        hashed = await hash_of(words(given, "baru"))
    await desk.db.write(accounts.reset, token, hashed, desk.real(), desk.clock())
    return redirect("/login?kabar=sandi")


async def _page(request: Request, refused: str = "", status: int = 200) -> Response:
    desk = desk_of(request)
    token = request.path_params["token"]
    officer, factor = await desk.db.read(accounts.reset_of, token, desk.real(), desk.clock())
    return page(
        request,
        "reset.html",
        status=status,
        login=officer.login,
        factor=factor,
        least=SHORTEST,
        refused=refused,
        headers={"X-Robots-Tag": "noindex"},
    )


async def _again(request: Request, refused: str, error: DeskError) -> Response:
    if isinstance(error, accounts.LinkOver):
        raise error
    return await _page(request, refused, 409)


ROUTES = (
    Route("/sandi/{token}", show, methods=["GET"]),
    Route("/sandi/{token}", save, methods=["POST"]),
)
